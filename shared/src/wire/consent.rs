//! What the consent strip asks, and what the ledger records (promises P7.2, B3, B8).

use serde::{Deserialize, Serialize};

use crate::id::ConsentId;

/// What may be consented to. The strip governs statistics and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Optional usage statistics: this visit's language and kind of browser, counted without a name.
    Statistics,
}

impl Purpose {
    /// The lower-case name, as in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Statistics => "statistics",
        }
    }
}

/// What was chosen. Silence makes no row and means the same as `Declined`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// Yes.
    Accepted,
    /// No, or no longer.
    Declined,
}

impl Choice {
    /// The lower-case name, as in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }
}

/// How the choice was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// A button of the strip.
    Strip,
    /// The strip, reopened from the chat's privacy view.
    Settings,
    /// Global Privacy Control or Do Not Track, sent by the browser.
    Signal,
}

impl Way {
    /// The lower-case name, as in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strip => "strip",
            Self::Settings => "settings",
            Self::Signal => "signal",
        }
    }
}

/// The exact words of the strip, from the edge, so that their hash is the one the ledger knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConsentText {
    /// Which edition of the words this is.
    pub version: u32,
    /// The question, in the frame's language. Where the business has words of its own it is of two lines, the second ours.
    pub question: String,
    /// What exactly is governed, shown on demand, in the frame's language; the last line is ours.
    pub detail: String,
    /// SHA-256 over `question`, a line feed and `detail`, in lower-case hex.
    pub hash: String,
}

/// A business's own words for the strip, in one language. They stand above ours and never instead of them: that chat works the
/// same either way, and what exactly is counted, is said whatever stands here. An empty part leaves ours alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OwnConsent {
    /// What is asked: plain text, one line.
    pub question: String,
    /// What is shown on demand: plain text, several lines.
    pub detail: String,
}

/// A choice to record. Recording the same id twice is safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RecordConsent {
    /// Minted by the client.
    pub id: ConsentId,
    /// What for.
    pub purpose: Purpose,
    /// What was chosen.
    pub choice: Choice,
    /// How.
    pub way: Way,
    /// The edition that was shown.
    pub version: u32,
    /// The hash of the words that were shown.
    pub hash: String,
    /// The language they were shown in.
    pub locale: String,
}
