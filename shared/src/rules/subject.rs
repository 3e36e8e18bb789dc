//! Whom something can be about. Erasure, retention, export and the inventory speak of people by these kinds.

use serde::{Deserialize, Serialize};

/// Whom rows are about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// One conversation.
    Conversation,
    /// A visitor: all their conversations and choices.
    Visitor,
    /// Somebody who signs in.
    Account,
    /// A whole business.
    Business,
    /// An e-mail address, by its keyed hash.
    Address,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Conversation, Self::Visitor, Self::Account, Self::Business, Self::Address];

    /// The name, as databases and the inventory have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::Visitor => "visitor",
            Self::Account => "account",
            Self::Business => "business",
            Self::Address => "address",
        }
    }
}
