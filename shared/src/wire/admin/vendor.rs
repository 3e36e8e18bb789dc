//! A business's own keys for AI providers. A key goes in and never comes out again.

use serde::{Deserialize, Serialize};

use crate::privacy::Secret;
use crate::time::Millis;

/// What came of trying a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyOutcome {
    /// The provider answered.
    Works,
    /// It does not want this key, or not this model.
    Refused,
    /// Too many calls, or no credit.
    Limited,
    /// It has trouble of its own.
    Overloaded,
    /// Its answer was none.
    Broken,
    /// It took too long.
    Timeout,
}

impl KeyOutcome {
    /// The lower-case name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Refused => "refused",
            Self::Limited => "limited",
            Self::Overloaded => "overloaded",
            Self::Broken => "broken",
            Self::Timeout => "timeout",
        }
    }
}

/// A key of the business's own, without the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OwnKey {
    /// Since when.
    pub since: Millis,
    /// The model that is asked with it; absent for the deployment's usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// When it was last tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_at: Option<Millis>,
    /// What came of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<KeyOutcome>,
}

/// A provider, as a business may use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Vendor {
    /// Its name.
    pub name: String,
    /// Where text goes when it is asked.
    pub host: String,
    /// The model that is asked unless the business says otherwise.
    pub model: String,
    /// The deployment has a key for it.
    pub is_offered: bool,
    /// The business's own key, which replaces the deployment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnKey>,
}

/// Every provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Vendors {
    /// Each of them.
    pub vendors: Vec<Vendor>,
}

/// Handing a key over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SetVendorKey {
    /// The key, as the provider gave it.
    pub key: Secret<String>,
    /// The model to ask with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// What came of trying a key just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TestedVendor {
    /// What came of it.
    pub outcome: KeyOutcome,
}
