//! Tokens for the API: named, scoped, expiring, shown once.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ApiTokenId};
use crate::privacy::Secret;
use crate::time::Millis;

/// What a token opens.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ApiScope {
    /// Reading the business's profile, sites and agreements.
    BusinessRead,
    /// Changing the business's profile and its sites.
    BusinessWrite,
    /// Reading conversations.
    ConversationRead,
    /// Answering visitors, and everything around it.
    ConversationWrite,
    /// Reading who is in the team.
    TeamRead,
    /// Reading the audit log.
    AuditRead,
    /// Reading what is counted.
    NumbersRead,
    /// Reading what the business knows about itself.
    KnowledgeRead,
    /// Writing it.
    KnowledgeWrite,
}

/// A token, without what opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ApiToken {
    /// Which.
    pub id: ApiTokenId,
    /// What it is for.
    pub name: String,
    /// What it opens.
    pub scopes: Vec<ApiScope>,
    /// Who made it. It can do no more than they can.
    pub created_by: AccountId,
    /// When.
    pub created_at: Millis,
    /// When it stops working.
    pub expires_at: Millis,
    /// When it was last used, to about ten minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Millis>,
}

/// The living tokens of a business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ApiTokens {
    /// Each of them, newest first.
    pub tokens: Vec<ApiToken>,
}

/// Making a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MakeApiToken {
    /// What it is for.
    pub name: String,
    /// What it opens.
    pub scopes: Vec<ApiScope>,
    /// How many days it lives: 1 to 365.
    pub days: u32,
}

/// A token that was made. This is the only time that it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MadeApiToken {
    /// What goes into `Authorization: Bearer`.
    pub token: Secret<String>,
    /// Everything else about it.
    pub about: ApiToken,
}
