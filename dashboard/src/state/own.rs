//! Rights over one's own data; and, for whoever runs the deployment, what others ask about theirs.

use shared::wire::admin::account_request::{MakeOwnRequest, OwnRequests};

use super::load::fetch;
use super::{Ask, Effect, Form, Record, Said, State};

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Own {
    /// One's own requests, and whether one is restricted.
    Read,
    /// Another one.
    Make(MakeOwnRequest),
    /// The end of the restriction.
    Lift,
    /// Requests that wait for whoever runs the deployment.
    Operated,
    /// The answer to one of them: as a business answers a visitor's.
    Work(Record),
}

impl Own {
    /// The form that it was asked from; `None` for what a page asks by itself.
    pub const fn form(&self) -> Option<Form> {
        match self {
            Self::Read | Self::Operated => None,
            Self::Make(_) | Self::Lift => Some(Form::Own),
            Self::Work(record) => record.form(),
        }
    }

    /// What its page shows then.
    const fn page(&self) -> Self {
        match self {
            Self::Read | Self::Make(_) | Self::Lift => Self::Read,
            Self::Operated | Self::Work(_) => Self::Operated,
        }
    }
}

/// The requests came.
pub fn answered(state: &mut State, requests: OwnRequests) {
    state.own.fill(requests);
}

/// Something was done: the list follows.
pub fn done(state: &mut State, own: &Own, effects: &mut Vec<Effect>) {
    state.said = Some(match own {
        Own::Work(Record::RequestExtend(..)) => Said::RequestExtended,
        Own::Work(Record::RequestRefuse(..)) => Said::RequestRefused,
        Own::Work(_) => Said::RequestMet,
        Own::Make(_) => Said::RequestEntered,
        _ => Said::Saved,
    });
    if let Own::Make(_) = own {
        // An objection changes what stands beside it on the page.
        effects.push(Effect::Call(Ask::Me));
    }
    fetch(state, Ask::Own(own.page()), effects);
}

/// Somebody else was faster, or the page is old: what is shown follows.
pub fn refused(state: &mut State, own: &Own, effects: &mut Vec<Effect>) {
    if let Own::Work(_) = own {
        fetch(state, Ask::Own(Own::Operated), effects);
    }
}
