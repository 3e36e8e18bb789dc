//! When the machine hands over, and how each member hears of it.

use serde::{Deserialize, Serialize};

/// When a machine hands over to people, and what happens while nobody comes. One a business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HandOff {
    /// Words that bring a person at once when a visitor writes one of them, like "refund": 50 at most. They are compared
    /// whole, whatever their accents and capitals.
    pub topics: Vec<String>,
    /// After this many questions in a row to which nothing was found, or to which the AI said that it does not know; 0 is
    /// never.
    pub after_misses: u32,
    /// An answer that rests on entries which fit only loosely counts as a miss, too.
    #[serde(default)]
    pub unsure_counts: bool,
    /// When the day's ceiling of answers is reached.
    pub at_ceiling: bool,
    /// After this many minutes without a person's answer the visitor is told when people are back, and asked for an
    /// address: 1 to 1,440.
    pub answer_within_min: u32,
}

impl Default for HandOff {
    fn default() -> Self {
        Self {
            topics: Vec::new(),
            after_misses: 2,
            unsure_counts: false,
            at_ceiling: true,
            answer_within_min: 5,
        }
    }
}

/// Which conversations a member wants to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hear {
    /// All that a person was asked for in.
    #[default]
    All,
    /// One's own, and those that mention one.
    Mine,
    /// None.
    None,
}

impl Hear {
    /// The lower-case name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::None => "none",
        }
    }
}

/// How a mail sums up what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// Never.
    #[default]
    Never,
    /// Once an hour, where something waits.
    Hourly,
    /// In the morning of the business, where something waits.
    Daily,
}

impl Digest {
    /// The lower-case name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
        }
    }
}

/// How a member hears of things in one business. The browser's own permission and the volume are the device's affair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Notifications {
    /// Which conversations.
    pub hear: Hear,
    /// Play the sound.
    pub sound: bool,
    /// Show a notification of the browser.
    pub browser: bool,
    /// Write a mail.
    pub digest: Digest,
}
