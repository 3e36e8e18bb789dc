//! What visitors and members send in, as operations take it: the words, what goes with them, and where they come from.

use serde::{Deserialize, Serialize};
use shared::id::{DraftId, FileId};
use shared::privacy::Personal;

/// A visitor's message on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What the client calls it.
    pub draft: DraftId,
    /// The words, already checked.
    pub text: Personal<String>,
    /// The language that the visitor reads.
    pub locale: String,
    /// Files that go with it.
    pub files: Vec<FileId>,
}

/// A member's answer on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What the client calls it.
    pub draft: DraftId,
    /// The words, already checked.
    pub text: Personal<String>,
    /// Files that go with it.
    pub files: Vec<FileId>,
    /// The conversation ends with it.
    pub closes: bool,
}

/// What is known of where a visitor comes from, at their first message only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Coarse: "Firefox, phone".
    pub browser: String,
    /// The IP address, if the platform gave one.
    pub address: Option<Personal<String>>,
    /// The path of the page, if the client sent one. It is kept only where the site says so.
    pub path: Option<Personal<String>>,
}
