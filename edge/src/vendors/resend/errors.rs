//! What this vendor's failures mean: which of them are the mail's own, and which go away.

/// Why a mail was not taken. It never carries what the vendor wrote, which repeats addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailFault {
    /// Too many calls, or the day's quota.
    #[error("the mail vendor limits the rate")]
    RateLimited {
        /// Seconds to wait, where the vendor said so.
        retry_after_s: Option<u32>,
    },
    /// The vendor has trouble of its own.
    #[error("the mail vendor is overloaded")]
    Overloaded,
    /// The key or the sender's domain is not accepted: no mail's fault, and an operator's to mend.
    #[error("the mail vendor does not accept the key or the sender")]
    Unauthorised,
    /// This mail is not taken, however often it is sent.
    #[error("the mail vendor refused the mail")]
    Refused,
    /// No connection, or an answer that is none.
    #[error("the mail vendor's answer is broken")]
    Broken,
    /// No answer in time.
    #[error("the mail vendor took too long")]
    Timeout,
}

impl MailFault {
    /// Trying again does not help.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Refused)
    }

    /// Seconds that the vendor asked to wait.
    pub const fn retry_after_s(self) -> Option<u32> {
        match self {
            Self::RateLimited { retry_after_s } => retry_after_s,
            _ => None,
        }
    }
}

/// The fault behind an HTTP status and an error's name.
pub(super) fn fault_of(status: u16, name: &str, retry_after_s: Option<u32>) -> MailFault {
    match status {
        401 | 403 => MailFault::Unauthorised,
        429 => MailFault::RateLimited { retry_after_s },
        409 if name == "concurrent_idempotent_requests" => MailFault::Overloaded,
        408 | 500..=599 => MailFault::Overloaded,
        400..=499 => MailFault::Refused,
        _ => MailFault::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_mails_own_fault_is_final() {
        for (status, is_final) in [
            (400, true),
            (401, false),
            (403, false),
            (408, false),
            (422, true),
            (429, false),
            (451, true),
            (500, false),
            (503, false),
            (302, false),
        ] {
            assert_eq!(fault_of(status, "", None).is_final(), is_final, "{status}");
        }
        assert_eq!(fault_of(429, "rate_limit_exceeded", Some(2)).retry_after_s(), Some(2));
    }
}
