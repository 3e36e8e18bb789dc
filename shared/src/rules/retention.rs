//! Until when something is kept. The clock of a message is its own time (promise P4.2).

use crate::limits::CONVERSATION_MONTHS;
use crate::time::{DAY_MS, Millis};

/// How long a site keeps conversations: the promise's twelve months, or shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConversationLimit {
    /// UTC calendar months, 1 to 12.
    Months(i32),
    /// Days, for limits under a month.
    Days(i64),
}

impl ConversationLimit {
    /// The limit of a site that chose none.
    pub const LONGEST: Self = Self::Months(CONVERSATION_MONTHS);

    /// From days as they are stored; 0, absent or anything beyond the promise is the promise.
    pub fn from_days(days: Option<i64>) -> Self {
        match days {
            Some(days) if (1..=365).contains(&days) => Self::Days(days),
            _ => Self::LONGEST,
        }
    }

    /// When something written at `at` goes. Never later than the promise, whatever the limit says.
    pub fn until(self, at: Millis) -> Millis {
        let promised = at.plus_months(CONVERSATION_MONTHS);
        match self {
            Self::Months(months) => at.plus_months(months.clamp(0, CONVERSATION_MONTHS)),
            Self::Days(days) => at.plus_ms(days.max(0).saturating_mul(DAY_MS)).min(promised),
        }
    }

    /// What was written at or before this is gone at `now`: no read returns it, and the purge deletes it.
    pub fn kept_from(self, now: Millis) -> Millis {
        let promised = now.plus_months(CONVERSATION_MONTHS.saturating_neg());
        let from = match self {
            Self::Months(months) => now.plus_months(months.clamp(0, CONVERSATION_MONTHS).saturating_neg()),
            Self::Days(days) => now.minus_ms(days.max(0).saturating_mul(DAY_MS)).max(promised),
        };
        // Months differ in length, so counting back can land a day or two too early; what is due is decided by
        // `until` alone, and the cut-off moves forward until both say the same.
        (0..4).fold(from, |from, _| {
            let next = from.plus_ms(DAY_MS);
            if self.until(next) <= now { next } else { from }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_read_and_the_clock_of_a_message_agree(
            at in 1_000_000_000_000i64..3_000_000_000_000,
            days in proptest::option::of(1i64..365),
            after in -3i64..3,
        ) {
            let limit = ConversationLimit::from_days(days);
            let at = Millis::new(at);
            let now = limit.until(at).plus_ms(after);
            let gone = at <= limit.kept_from(now);
            // Months of different length may make several days end at once; none may end late.
            prop_assert!(after < 0 || gone, "kept beyond its limit");
        }

        #[test]
        fn no_limit_outlasts_the_promise(at in 0i64..4_000_000_000_000, days in proptest::option::of(-5i64..5_000)) {
            let at = Millis::new(at);
            prop_assert!(ConversationLimit::from_days(days).until(at) <= at.plus_months(CONVERSATION_MONTHS));
        }
    }
}
