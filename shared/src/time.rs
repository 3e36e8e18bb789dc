//! Points in time and UTC calendar arithmetic, without a clock: `now` is always handed in.

use serde::{Deserialize, Serialize};

/// A second, in milliseconds.
pub const SECOND_MS: i64 = 1_000;
/// A minute, in milliseconds.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// An hour, in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// A UTC day, in milliseconds. UTC as computers count it has no leap seconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// Milliseconds since 1 January 1970, UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Millis(i64);

impl Millis {
    /// A point in time from its epoch milliseconds.
    pub const fn new(epoch_ms: i64) -> Self {
        Self(epoch_ms)
    }

    /// The epoch milliseconds.
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// Later by `ms`; stays at the end of time instead of wrapping round.
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Earlier by `ms`; stays at the beginning of time instead of wrapping round.
    pub const fn minus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_sub(ms))
    }

    /// Milliseconds from `earlier` to this point; negative where it is the later one.
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The UTC day, counted from 1 January 1970.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY_MS)
    }

    /// The same time of day, `months` UTC calendar months later. A day that the month does not have becomes its
    /// last one, and 29 February counts as 28 February, so that a limit is never a day longer in a leap year.
    pub fn plus_months(self, months: i32) -> Self {
        let time_of_day = self.0.rem_euclid(DAY_MS);
        let (year, month, day) = civil_from_day(self.day());
        let day = if month == 2 { day.min(28) } else { day };
        let index =
            year.saturating_mul(12).saturating_add(i64::from(month)).saturating_add(i64::from(months));
        // Months count from one, remainders from nought.
        let index = index.saturating_sub(1);
        let (year, month) = (index.div_euclid(12), (index.rem_euclid(12) as u32).saturating_add(1));
        let day = day.min(days_in_month(month));
        Self(day_from_civil(year, month, day).saturating_mul(DAY_MS).saturating_add(time_of_day))
    }
}

fn days_in_month(month: u32) -> u32 {
    match month {
        // February is always counted as 28 days: see `plus_months`.
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month (1 to 12) and day of month of a day count. The algorithm is Howard Hinnant's `civil_from_days`.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "days come from i64 milliseconds, 2^23 times below overflow"
)]
pub fn civil_from_day(day: i64) -> (i64, u32, u32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day_of_month = (day_of_year - (153 * month_index + 2) / 5 + 1) as u32;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 } as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}

/// The day count of a UTC date. The algorithm is Howard Hinnant's `days_from_civil`.
#[expect(clippy::arithmetic_side_effects, reason = "years come from i64 milliseconds, far below overflow")]
pub fn day_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = i64::from(month);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(year: i64, month: u32, day: u32) -> Millis {
        Millis::new(day_from_civil(year, month, day) * DAY_MS + 5)
    }

    #[test]
    fn twelve_months_from_a_leap_day_end_on_the_28th() {
        assert_eq!(at(2028, 2, 29).plus_months(12), at(2029, 2, 28));
        assert_eq!(at(2027, 2, 28).plus_months(12), at(2028, 2, 28));
    }

    #[test]
    fn a_month_without_that_day_ends_on_its_last() {
        assert_eq!(at(2026, 8, 31).plus_months(1), at(2026, 9, 30));
        assert_eq!(at(2026, 12, 31).plus_months(2), at(2027, 2, 28));
        assert_eq!(at(2026, 3, 15).plus_months(-3), at(2025, 12, 15));
    }

    proptest! {
        #[test]
        fn days_and_dates_agree(day in -1_000_000i64..1_000_000) {
            let (year, month, of_month) = civil_from_day(day);
            prop_assert_eq!(day_from_civil(year, month, of_month), day);
        }

        #[test]
        fn extreme_times_do_not_overflow(ms: i64, months in -2_400i32..2_400) {
            let _ = Millis::new(ms).plus_months(months);
        }
    }
}
