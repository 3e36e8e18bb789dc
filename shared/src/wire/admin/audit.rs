//! The audit log: who did what, when and why, in ids (promise P8.2).

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ApiTokenId, AuditId};
use crate::time::Millis;

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AuditEntry {
    /// Which.
    pub id: AuditId,
    /// Who.
    pub account: AccountId,
    /// The token that acted for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<ApiTokenId>,
    /// What, from a closed list, like `member_remove`.
    pub action: String,
    /// What kind of thing it was done to, like `account`.
    pub subject_kind: String,
    /// Which one: an id.
    pub subject: String,
    /// Why, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What changed by it, where that is known: `manager → admin`, days, origins, names of settings. Never words of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// When.
    pub at: Millis,
}

/// A page of the log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AuditPage {
    /// Its lines.
    pub entries: Vec<AuditEntry>,
    /// Hand this back as `before` for older lines; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<AuditId>,
}
