//! What every language has to say. A language that lacks a letter does not compile; one that lacks a gap fails a test.

use shared::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis, civil_from_day};

use shared::wire::privacy::RequestKind;

use super::{de, en, es, fr};

/// The languages that letters are written in; the first serves whoever reads none of them.
pub const LANGUAGES: [&str; 4] = ["en", "fr", "de", "es"];

/// The words of one kind of letter. Gaps like `{business}` are filled when it is written.
pub(super) struct LetterWords {
    /// The subject.
    pub(super) subject: &'static str,
    /// What happened, or what the code below is for.
    pub(super) lead: &'static str,
    /// What the link does; empty where there is a code instead.
    pub(super) act: &'static str,
    /// What to know besides, a paragraph each.
    pub(super) after: &'static [&'static str],
}

/// Everything in one language.
pub(super) struct Words {
    pub(super) language: &'static str,
    /// A greeting of somebody whose name is known.
    pub(super) hello: &'static str,
    /// A greeting of anybody.
    pub(super) hello_nobody: &'static str,
    /// Who sent this, and why.
    pub(super) foot: &'static str,
    /// Who sent this to a visitor of a business, and why.
    pub(super) foot_visitor: &'static str,
    /// A date and a time of day, in UTC.
    pub(super) moment: &'static str,
    pub(super) months: [&'static str; 12],
    /// Owner, admin, manager and viewer, as they stand after "as".
    pub(super) roles: [&'static str; 4],
    /// Access, rectification, erasure, restriction, portability, objection, and a report of a child's data.
    pub(super) rights: [&'static str; 7],
    /// What is deleted where it is not a business.
    pub(super) account: &'static str,
    pub(super) sign_in_code: LetterWords,
    pub(super) sign_up_code: LetterWords,
    pub(super) already_signed_up: LetterWords,
    pub(super) email_change_code: LetterWords,
    pub(super) invitation: LetterWords,
    pub(super) new_device: LetterWords,
    pub(super) new_passkey: LetterWords,
    pub(super) new_token: LetterWords,
    pub(super) email_changing: LetterWords,
    pub(super) email_changed: LetterWords,
    pub(super) ownership_transferred: LetterWords,
    pub(super) visitor_address: LetterWords,
    pub(super) visitor_reply: LetterWords,
    pub(super) visitor_code: LetterWords,
    pub(super) visitor_resume: LetterWords,
    pub(super) inbox_digest: LetterWords,
    pub(super) request_due: LetterWords,
    pub(super) own_request_due: LetterWords,
    pub(super) own_request_answered: LetterWords,
    pub(super) deletion_asked: LetterWords,
    pub(super) deletion_soon: LetterWords,
    pub(super) deletion_done: LetterWords,
    pub(super) deletion_receipt: LetterWords,
    pub(super) deletion_kept: LetterWords,
    pub(super) processor_coming: LetterWords,
    pub(super) notice_changing: LetterWords,
    pub(super) job_alarm: LetterWords,
}

/// The words of a language.
pub(super) fn words(language: &str) -> &'static Words {
    match language {
        "fr" => &fr::WORDS,
        "de" => &de::WORDS,
        "es" => &es::WORDS,
        _ => &en::WORDS,
    }
}

impl Words {
    /// A point in time as people of the language write it, to the minute, in UTC.
    pub(super) fn moment(&self, at: Millis) -> String {
        let (year, month, day) = civil_from_day(at.day());
        let place = usize::try_from(month).unwrap_or_default().saturating_sub(1);
        let in_day = at.as_i64().rem_euclid(DAY_MS);
        let (hours, minutes) = (in_day.div_euclid(HOUR_MS), in_day.rem_euclid(HOUR_MS).div_euclid(MINUTE_MS));
        let values = [
            ("day", day.to_string()),
            ("month", self.months.get(place).copied().unwrap_or_default().to_owned()),
            ("year", year.to_string()),
            ("time", format!("{hours:02}:{minutes:02}")),
        ];
        super::filled(self.moment, &values)
    }

    /// A role in the reader's words.
    pub(super) fn role(&self, role: &str) -> &'static str {
        let [owner, admin, manager, viewer] = self.roles;
        match role {
            "owner" => owner,
            "admin" => admin,
            "manager" => manager,
            _ => viewer,
        }
    }

    /// What somebody asks for, in the reader's words.
    pub(super) fn right(&self, kind: RequestKind) -> &'static str {
        let place = RequestKind::ALL.iter().position(|known| *known == kind).unwrap_or_default();
        self.rights.get(place).copied().unwrap_or_default()
    }

    /// Every letter, for tests that walk them.
    #[cfg(test)]
    pub(super) const fn letters(&self) -> [(&'static str, &LetterWords); 27] {
        [
            ("sign_in_code", &self.sign_in_code),
            ("sign_up_code", &self.sign_up_code),
            ("already_signed_up", &self.already_signed_up),
            ("email_change_code", &self.email_change_code),
            ("invitation", &self.invitation),
            ("new_device", &self.new_device),
            ("new_passkey", &self.new_passkey),
            ("new_token", &self.new_token),
            ("email_changing", &self.email_changing),
            ("email_changed", &self.email_changed),
            ("ownership_transferred", &self.ownership_transferred),
            ("visitor_address", &self.visitor_address),
            ("visitor_reply", &self.visitor_reply),
            ("visitor_code", &self.visitor_code),
            ("visitor_resume", &self.visitor_resume),
            ("inbox_digest", &self.inbox_digest),
            ("request_due", &self.request_due),
            ("own_request_due", &self.own_request_due),
            ("own_request_answered", &self.own_request_answered),
            ("deletion_asked", &self.deletion_asked),
            ("deletion_soon", &self.deletion_soon),
            ("deletion_done", &self.deletion_done),
            ("deletion_receipt", &self.deletion_receipt),
            ("deletion_kept", &self.deletion_kept),
            ("processor_coming", &self.processor_coming),
            ("notice_changing", &self.notice_changing),
            ("job_alarm", &self.job_alarm),
        ]
    }
}
