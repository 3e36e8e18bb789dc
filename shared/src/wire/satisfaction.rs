//! How content a visitor was: asked once, at the end of a conversation.
//!
//! | call | token | request | answer |
//! |---|---|---|---|
//! | `GET /v1/widget/conversations/{id}/satisfaction` | conversation | | `Asked` |
//! | `POST /v1/widget/conversations/{id}/satisfaction` | conversation | `Rate` | 204 |

use serde::{Deserialize, Serialize};

use crate::privacy::Personal;
use crate::time::Millis;

/// The best score; the least is 1.
pub const BEST_SCORE: u8 = 5;

/// Whether the visitor may be asked, and what they said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Asked {
    /// Ask: nothing was said yet, or what was said may still be changed. Otherwise show nothing.
    pub ask: bool,
    /// What was said, as long as it may be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
}

/// What a visitor said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Given {
    /// 1 to 5.
    pub score: u8,
    /// In their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Personal<String>>,
    /// Until when it may be changed.
    pub until: Millis,
}

/// Says it. Within an hour of the first time it replaces what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rate {
    /// 1 to 5.
    pub score: u8,
    /// In one's own words, 1,000 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Personal<String>>,
}
