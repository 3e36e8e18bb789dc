//! Why something was not done.

use shared::privacy::Personal;
use shared::wire::problem::{Kind, Problem};

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No answer came: no connection, or the edge could not be reached.
    Network,
    /// The browser or the person behind it did not go through with a passkey.
    Device,
    /// The edge said no, and why.
    Said {
        /// From the closed list; `Internal` where this page does not know the kind.
        kind: Kind,
        /// What to quote when reporting it.
        reference: String,
        /// Seconds to wait, where waiting helps.
        retry_after_s: Option<u32>,
        /// Who stands in the way, where it is people.
        who: Option<Personal<String>>,
    },
}

impl Refusal {
    /// The refusal behind a problem document.
    pub fn from_problem(problem: &Problem) -> Self {
        Self::Said {
            kind: problem.kind().unwrap_or(Kind::Internal),
            reference: problem.reference.to_string(),
            retry_after_s: problem.retry_after_s,
            who: problem.who.clone(),
        }
    }

    /// A refusal that this side makes itself.
    pub const fn of(kind: Kind) -> Self {
        Self::Said { kind, reference: String::new(), retry_after_s: None, who: None }
    }

    /// The kind, where the edge answered at all.
    pub const fn kind(&self) -> Option<Kind> {
        match self {
            Self::Network | Self::Device => None,
            Self::Said { kind, .. } => Some(*kind),
        }
    }
}
