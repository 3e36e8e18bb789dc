//! What a visitor sends in, as operations take it: the words, and where they come from.

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

/// What is known of where a visitor comes from, at their first message only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Coarse: "Firefox, phone".
    pub browser: String,
    /// The IP address, if the platform gave one.
    pub address: Option<Personal<String>>,
}
