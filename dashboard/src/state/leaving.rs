//! Leaving for good: one's account, or a business; asked for, thirty days to think again. And the copy of one's own data.

use shared::id::BusinessId;
use shared::wire::admin::deletion::{AccountCopy, Deletion, Deletions};

use super::load::fetch;
use super::{Answer, Ask, Effect, Form, Refusal, Said, Slot, State};

/// One thing asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// What was asked for, what would go along, and what is in the way.
    Read,
    /// The end of one's account.
    Account,
    /// To stay after all.
    AccountKeep,
    /// The end of a business.
    Business(BusinessId),
    /// To keep it after all.
    BusinessKeep(BusinessId),
    /// A copy of one's own data, to read in it what one did.
    Copy,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// What stands.
    Deletions(Deletions),
    /// A deletion stands from now on.
    Asked(Deletion),
    /// The copy.
    Copy(AccountCopy),
}

/// Where on a page something was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeavingForm {
    Account,
    Business,
    Copy,
}

/// What is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeavingState {
    /// What stands.
    pub deletions: Slot<Deletions>,
    /// The copy, once it was asked for.
    pub copy: Slot<AccountCopy>,
}

/// The deletion of a business, or of the account itself, that is on its way.
pub fn deletion_of(deletions: &Deletions, business: Option<BusinessId>) -> Option<&Deletion> {
    deletions.deletions.iter().find(|deletion| deletion.business == business)
}

impl Leaving {
    /// The form that it was asked from; `None` for what a page asks by itself.
    pub const fn form(self) -> Option<Form> {
        Some(Form::Leaving(match self {
            Self::Read => return None,
            Self::Account | Self::AccountKeep => LeavingForm::Account,
            Self::Business(_) | Self::BusinessKeep(_) => LeavingForm::Business,
            Self::Copy => LeavingForm::Copy,
        }))
    }

    /// The business that it is about.
    pub const fn business(self) -> Option<BusinessId> {
        match self {
            Self::Business(business) | Self::BusinessKeep(business) => Some(business),
            _ => None,
        }
    }
}

/// Tells the slot that something is asked for.
pub fn begin(state: &mut LeavingState, asked: Leaving) {
    match asked {
        Leaving::Read => state.deletions.begin(),
        Leaving::Copy => state.copy.begin(),
        _ => {}
    }
}

/// A slot did not get what it was to hold.
pub fn refuse(state: &mut LeavingState, asked: Leaving, refusal: Refusal) {
    match asked {
        Leaving::Read => state.deletions.refuse(refusal),
        Leaving::Copy => state.copy.refuse(refusal),
        _ => {}
    }
}

/// Something was answered.
pub fn answered(state: &mut State, answer: Left, effects: &mut Vec<Effect>) {
    match answer {
        Left::Deletions(deletions) => state.leaving.deletions.fill(deletions),
        Left::Copy(copy) => state.leaving.copy.fill(copy),
        Left::Asked(deletion) => {
            state.said = Some(Said::DeletionAsked(deletion.due_at));
            fetch(state, Ask::Leaving(Leaving::Read), effects);
        }
    }
}

/// A deletion was taken back.
pub fn done(state: &mut State, effects: &mut Vec<Effect>) {
    state.said = Some(Said::DeletionKept);
    fetch(state, Ask::Leaving(Leaving::Read), effects);
}

/// The answer as the one list of answers has it.
pub fn answer(left: Left) -> Answer {
    Answer::Leaving(Box::new(left))
}
