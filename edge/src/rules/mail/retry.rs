//! When a mail that was not taken is tried again.

use shared::limits::{MAIL_BACKOFF_MAX_MS, MAIL_BACKOFF_MS, MAIL_TRIES};

/// Milliseconds until the next try after `tries` tries, or `None` where that was the last one.
///
/// Each wait is three times the one before, up to an hour; `dice` (any number) moves it by up to a quarter either
/// way, so that what failed together does not come back together. A vendor that named a time is not asked earlier.
pub fn retry_after_ms(tries: u32, asked_to_wait_s: Option<u32>, dice: u16) -> Option<i64> {
    if tries >= MAIL_TRIES {
        return None;
    }
    let wait = MAIL_BACKOFF_MS.saturating_mul(3_i64.saturating_pow(tries.saturating_sub(1)));
    let wait = wait.min(MAIL_BACKOFF_MAX_MS);
    let half = wait.saturating_mul(i64::from(dice)).div_euclid(i64::from(u16::MAX)).div_euclid(2);
    let wait = wait.saturating_mul(3).div_euclid(4).saturating_add(half);
    let asked = i64::from(asked_to_wait_s.unwrap_or_default()).saturating_mul(1_000);
    Some(wait.max(asked.min(MAIL_BACKOFF_MAX_MS)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::time::{DAY_MS, HOUR_MS};

    #[test]
    fn waits_grow_end_and_stay_within_a_vendors_day_of_idempotency() {
        let mut total = 0;
        let mut before = 0;
        for tries in 1..MAIL_TRIES {
            let wait = retry_after_ms(tries, None, u16::MAX / 2).unwrap();
            assert!(wait >= before);
            before = wait;
            total += retry_after_ms(tries, Some(u32::MAX), u16::MAX).unwrap();
        }
        assert_eq!(retry_after_ms(MAIL_TRIES, Some(1), 0), None);
        assert!(total < DAY_MS, "{total}");
    }

    #[test]
    fn the_dice_move_a_wait_by_a_quarter_at_most() {
        assert_eq!(retry_after_ms(1, None, 0), Some(MAIL_BACKOFF_MS * 3 / 4));
        assert_eq!(retry_after_ms(1, None, u16::MAX), Some(MAIL_BACKOFF_MS * 5 / 4));
    }

    #[test]
    fn a_vendor_that_names_a_time_is_not_asked_earlier_and_does_not_stop_mail_for_a_day() {
        assert_eq!(retry_after_ms(1, Some(120), 0), Some(120_000));
        assert_eq!(retry_after_ms(1, Some(u32::MAX), 0), Some(HOUR_MS));
    }
}
