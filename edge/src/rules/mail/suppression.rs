//! Addresses that no letter goes to, and when one goes all the same.

use shared::limits::MAIL_BOUNCE_REST_MS;
use shared::time::Millis;

/// Why an address gets no letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nobody is there.
    Bounce,
    /// Somebody called a letter of ours unwanted.
    Complaint,
}

impl Reason {
    /// As the database has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::Complaint => "complaint",
        }
    }

    /// The reason of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Bounce, Self::Complaint].into_iter().find(|reason| reason.as_str() == name)
    }
}

/// Whether a suppression of `at` keeps a letter back.
///
/// A code is what its reader asked for a moment ago, and the only way to prove that the address lives again: a
/// complaint does not keep it back, and a bounce only for an hour, so that nobody is locked out for good.
pub fn is_kept_back(reason: Reason, at: Millis, is_code: bool, now: Millis) -> bool {
    match reason {
        _ if !is_code => true,
        Reason::Complaint => false,
        Reason::Bounce => now.since_ms(at) < MAIL_BOUNCE_REST_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_was_asked_for_gets_through_and_nothing_else_does() {
        let at = Millis::new(1_800_000_000_000);
        let later = at.plus_ms(MAIL_BOUNCE_REST_MS);
        for reason in [Reason::Bounce, Reason::Complaint] {
            assert!(is_kept_back(reason, at, false, later));
            assert!(!is_kept_back(reason, at, true, later));
            assert_eq!(Reason::from_name(reason.as_str()), Some(reason));
        }
        assert!(is_kept_back(Reason::Bounce, at, true, later.minus_ms(1)));
        assert!(!is_kept_back(Reason::Complaint, at, true, at));
    }
}
