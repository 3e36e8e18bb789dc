//! The clock of a request about one's own data: thirty days, once extended by sixty with a reason (GDPR Art. 12(3)).

use crate::limits::{REQUEST_EXTENSION_MS, REQUEST_MS, REQUEST_REMINDERS_DAYS};
use crate::time::{DAY_MS, Millis};

/// When a request must be answered. The clock begins when the person asked, however late it was entered.
pub const fn request_due(asked_at: Millis, is_extended: bool) -> Millis {
    let due = asked_at.plus_ms(REQUEST_MS); // keeps P6.8 | without: let due = asked_at;
    if is_extended { due.plus_ms(REQUEST_EXTENSION_MS) } else { due }
}

/// Days that are left, the last one begun counted as one. Negative where it is late.
pub const fn request_days_left(due_at: Millis, now: Millis) -> i64 {
    // Rounded up: an hour left is a day on which something can be done.
    due_at.since_ms(now).saturating_add(DAY_MS.saturating_sub(1)).div_euclid(DAY_MS)
}

/// How many reminders should have gone out by now.
pub fn request_reminders(due_at: Millis, now: Millis) -> u32 {
    let due = REQUEST_REMINDERS_DAYS
        .iter()
        .filter(|days| due_at.minus_ms(days.saturating_mul(DAY_MS)) <= now)
        .count();
    u32::try_from(due).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Millis = Millis::new(1_800_000_000_000);

    #[test]
    fn p6_8_a_request_has_thirty_days_and_says_how_many_are_left() {
        let due = request_due(ASKED, false);
        assert_eq!(due.since_ms(ASKED), 30 * DAY_MS);
        assert_eq!(request_days_left(due, ASKED), 30);
        assert_eq!(request_days_left(due, ASKED.plus_ms(1)), 30);
        assert_eq!(request_days_left(due, ASKED.plus_ms(4 * DAY_MS)), 26);
        assert_eq!(request_days_left(due, due.minus_ms(1)), 1);
        assert_eq!(request_days_left(due, due), 0);
        assert_eq!(request_days_left(due, due.plus_ms(3 * DAY_MS)), -3);
        assert_eq!(request_due(ASKED, true).since_ms(ASKED), 90 * DAY_MS);
    }

    #[test]
    fn reminders_come_at_seven_and_at_two_days() {
        let due = request_due(ASKED, false);
        assert_eq!(request_reminders(due, due.minus_ms(7 * DAY_MS + 1)), 0);
        assert_eq!(request_reminders(due, due.minus_ms(7 * DAY_MS)), 1);
        assert_eq!(request_reminders(due, due.minus_ms(2 * DAY_MS + 1)), 1);
        assert_eq!(request_reminders(due, due.minus_ms(2 * DAY_MS)), 2);
        assert_eq!(
            request_reminders(due, due.plus_ms(DAY_MS)),
            2,
            "a cron that was down for a week catches up"
        );
    }
}
