//! What a business knows about itself, as its team writes it and tries it out.

use serde::{Deserialize, Serialize};

use crate::id::KnowledgeId;
use crate::time::Millis;
use crate::wire::message::Source;

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KnowledgeEntry {
    /// Which.
    pub id: KnowledgeId,
    /// What it says.
    #[serde(flatten)]
    pub text: WriteKnowledge,
    /// When it was last written.
    pub updated_at: Millis,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WriteKnowledge {
    /// Its language, as a BCP 47 tag.
    pub locale: String,
    /// Its title, or the question: one of a kind within its language.
    pub title: String,
    /// The words that an answer may quote.
    pub body: String,
    /// The page it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KnowledgePage {
    /// The entries.
    pub entries: Vec<KnowledgeEntry>,
    /// How many there are in all, whatever was looked for.
    pub total: u32,
    /// How many there may be.
    pub most: u32,
    /// What to ask for next, where there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<KnowledgeId>,
}

/// An entry that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WrittenKnowledge {
    /// Which.
    pub id: KnowledgeId,
}

/// Trying a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TryKnowledge {
    /// As a visitor would ask it.
    pub question: String,
    /// The language that the visitor reads.
    pub locale: String,
}

/// What came of a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KnowledgeTrial {
    /// Entries that an AI provider would be shown, best first.
    pub passages: Vec<KnowledgePassage>,
    /// What the built-in answerer would say; absent where it would say that it found nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Where that stands.
    pub sources: Vec<Source>,
}

/// An entry that fits a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KnowledgePassage {
    /// Which.
    pub id: KnowledgeId,
    /// Its language.
    pub locale: String,
    /// Its title.
    pub title: String,
}
