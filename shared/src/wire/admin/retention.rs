//! How long a site keeps conversations, and what another limit would delete.

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// The limit of a site, and what the limit that was asked about would delete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SiteLimit {
    /// Days, 1 to 365; absent where it is the promise of twelve months.
    pub days: Option<i64>,
    /// A change that has not taken effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextLimit>,
    /// Conversations that would go as a whole.
    pub conversations: u32,
    /// Messages that would go.
    pub messages: u32,
    /// Files that would go with them.
    #[serde(default)]
    pub files: u32,
    /// Notes of colleagues that would go.
    #[serde(default)]
    pub notes: u32,
    /// Comments on conversations that would go.
    #[serde(default)]
    pub comments: u32,
    /// When the oldest of them was written.
    pub oldest: Option<Millis>,
    /// Conversations that would stay although they are due: restricted, or held for a legal claim.
    pub spared: u32,
}

/// A limit that is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NextLimit {
    /// Days; absent where it is the promise.
    pub days: Option<i64>,
    /// From then on it is in force; until then it can be undone.
    pub effective_at: Millis,
}

/// Asks for another limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChangeLimit {
    /// Days, 1 to 365; absent for the promise.
    pub days: Option<i64>,
}
