//! Until when something is kept. The clock of a message is its own time (promise P4.2).

use crate::limits::{
    BILLING_MONTHS, CODE_KEPT_MS, CONFIRMATION_MS, CONSENT_MONTHS, CONVERSATION_MONTHS,
    CONVERSATION_TOKEN_MS, INVITATION_KEPT_MS, JOURNAL_MS, MAIL_ROW_MS, MAIL_SUPPRESSION_MS, RECORD_MONTHS,
    REQUEST_MONTHS, SESSION_MS, STATISTICS_MONTHS,
};
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
        latest_over(from, |at| self.until(at) <= now)
    }
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// UTC calendar months.
    Months(i32),
    /// Milliseconds.
    Ms(i64),
}

impl Limit {
    /// When something of `at` goes.
    pub fn until(self, at: Millis) -> Millis {
        match self {
            Self::Months(months) => at.plus_months(months.max(0)),
            Self::Ms(ms) => at.plus_ms(ms.max(0)),
        }
    }

    /// What is of this time or earlier is gone at `now`.
    pub fn kept_from(self, now: Millis) -> Millis {
        match self {
            Self::Months(months) => {
                latest_over(now.plus_months(months.max(0).saturating_neg()), |at| self.until(at) <= now)
            }
            Self::Ms(ms) => now.minus_ms(ms.max(0)),
        }
    }
}

/// Months differ in length, so counting back can land a day or two too early; what is over is decided by counting forward
/// alone, and the cut-off moves on until both say the same.
fn latest_over(from: Millis, is_over: impl Fn(Millis) -> bool) -> Millis {
    (0..4).fold(from, |from, _| {
        let next = from.plus_ms(DAY_MS);
        if is_over(next) { next } else { from }
    })
}

macro_rules! classes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $limit:expr;)+) => {
        /// Kinds of rows that time alone deletes, besides conversations and addresses. Each has one query of what is due,
        /// which the preview counts with and the purge deletes with.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Class {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Class {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name, as the log of runs has it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// How long a row is kept.
            pub const fn limit(self) -> Limit {
                match self { $(Self::$name => $limit,)+ }
            }
        }
    };
}

classes! {
    /// One-time codes, from when they were asked for.
    Code = "code", Limit::Ms(CODE_KEPT_MS);
    /// Challenges of passkeys, from when they were made.
    Challenge = "challenge", Limit::Ms(CODE_KEPT_MS);
    /// Devices that are signed in, from the sign-in: a session ends then at the latest.
    Session = "session", Limit::Ms(SESSION_MS);
    /// Lines of the audit log that tell of a sign-in.
    SignIn = "sign_in", Limit::Ms(SESSION_MS);
    /// Invitations, from their end.
    Invitation = "invitation", Limit::Ms(INVITATION_KEPT_MS);
    /// Changes of address, from when they were asked for.
    EmailChange = "email_change", Limit::Ms(INVITATION_KEPT_MS);
    /// Lines of the audit log.
    Audit = "audit", Limit::Months(RECORD_MONTHS);
    /// Rows of the outbox, from when they were written.
    Mail = "mail", Limit::Ms(MAIL_ROW_MS);
    /// Suppressions, from the last bounce or complaint.
    Suppression = "suppression", Limit::Ms(MAIL_SUPPRESSION_MS);
    /// Runs of jobs.
    JobRun = "job_run", Limit::Months(RECORD_MONTHS);
    /// Erasures of accounts and businesses, from their receipt.
    DirectoryErasure = "directory_erasure", Limit::Months(RECORD_MONTHS);
    /// Addresses that a receipt goes to.
    ErasureContact = "erasure_contact", Limit::Ms(CONFIRMATION_MS);
    /// Requests of people who sign in about their own data, from when they were settled.
    AccountRequest = "account_request", Limit::Months(REQUEST_MONTHS);
    /// Payments (promise P4.4).
    Billing = "billing", Limit::Months(BILLING_MONTHS);
    /// Days on which whoever runs the deployment was written to.
    Alarm = "alarm", Limit::Months(RECORD_MONTHS);
    /// Choices of visitors who never wrote.
    Consent = "consent", Limit::Months(CONSENT_MONTHS);
    /// Words that no choice is about any more, from when somebody first chose by them; they come after the choices.
    ConsentWords = "consent_words", Limit::Months(CONSENT_MONTHS);
    /// Tokens of conversations, from their last use.
    ConversationToken = "conversation_token", Limit::Ms(CONVERSATION_TOKEN_MS);
    /// Counted visits (promise P4.3).
    Visit = "visit", Limit::Months(STATISTICS_MONTHS);
    /// Counted AI calls and tokens (promise P4.3).
    AiUse = "ai_use", Limit::Months(STATISTICS_MONTHS);
    /// What is counted of conversations that go on for years (promise P4.3). As it goes it is added to its day's sums, so it
    /// comes before them.
    ConversationNumbers = "conversation_numbers", Limit::Months(STATISTICS_MONTHS);
    /// What they used of AI models, likewise.
    ConversationUse = "conversation_use", Limit::Months(STATISTICS_MONTHS);
    /// Sums of days of which no conversation is left (promises P3.3, P4.3).
    NumbersDay = "numbers_day", Limit::Months(STATISTICS_MONTHS);
    /// What AI models used on such days.
    NumbersUse = "numbers_use", Limit::Months(STATISTICS_MONTHS);
    /// Use of the dashboard (promises P2.3, P4.3).
    DashboardUse = "dashboard_use", Limit::Months(STATISTICS_MONTHS);
    /// Erasures of conversations and visitors, from their receipt.
    ShardErasure = "shard_erasure", Limit::Months(RECORD_MONTHS);
    /// What says of a shard's keys that they are destroyed: longer than the history that a restore can bring back.
    ShardKey = "shard_key", Limit::Ms(JOURNAL_MS);
    /// The same in the directory.
    DirectoryKey = "directory_key", Limit::Ms(JOURNAL_MS);
}

/// Why a business's limit is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitRefused;

/// A limit that a business may set: one day to twelve months, or the promise itself. Longer than the promise is refused.
pub fn limit_take(days: Option<i64>) -> Result<ConversationLimit, LimitRefused> {
    match days {
        None => Ok(ConversationLimit::LONGEST),
        Some(1..=365) => Ok(ConversationLimit::from_days(days)),
        Some(_) => Err(LimitRefused),
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

    proptest! {
        #[test]
        fn every_class_keeps_until_its_limit_and_not_a_moment_longer(
            at in 1_000_000_000_000i64..3_000_000_000_000,
            class in 0usize..Class::ALL.len(),
            early in 1i64..1_000,
        ) {
            let limit = Class::ALL[class].limit();
            let at = Millis::new(at);
            prop_assert!(at <= limit.kept_from(limit.until(at)), "kept beyond its limit");
            if let Limit::Ms(_) = limit {
                prop_assert!(at > limit.kept_from(limit.until(at).minus_ms(early)), "gone before its limit");
            }
        }
    }

    #[test]
    fn a_leap_day_and_the_end_of_a_month_end_with_the_month_that_their_limit_reaches() {
        let day = |year, month, day| Millis::new(crate::time::day_from_civil(year, month, day) * DAY_MS);
        let limit = Limit::Months(24);
        assert_eq!(limit.until(day(2028, 2, 29)), day(2030, 2, 28));
        assert_eq!(limit.kept_from(day(2030, 2, 28)), day(2028, 2, 29));
        assert_eq!(Limit::Months(1).until(day(2027, 1, 31)), day(2027, 2, 28));
    }

    #[test]
    fn no_limit_is_longer_than_the_promise_or_shorter_than_a_day() {
        for refused in [-1, 0, 366, 3_650] {
            assert_eq!(limit_take(Some(refused)), Err(LimitRefused));
        }
        assert_eq!(limit_take(Some(1)), Ok(ConversationLimit::Days(1)));
        assert_eq!(limit_take(None), Ok(ConversationLimit::LONGEST));
    }
}
