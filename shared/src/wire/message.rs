//! One message of a thread, as both sides see it.

use serde::{Deserialize, Serialize};

use crate::id::{DraftId, MessageId};
use crate::privacy::Personal;
use crate::time::Millis;
use crate::wire::file::Attachment;

/// Who speaks. It stands in the API, in the DOM (`data-origin`) and in the database (promise B10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The person at the site.
    Visitor,
    /// A machine: a provider's model, or the built-in answerer.
    Ai,
    /// A person of the business.
    Human,
    /// Loquet itself, about the conversation.
    System,
}

impl Origin {
    /// The lower-case name, as in the DOM and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Ai => "ai",
            Self::Human => "human",
            Self::System => "system",
        }
    }
}

/// Where an answer took its words from: an entry of the business's own knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Source {
    /// The entry's title, as the business wrote it.
    pub title: String,
    /// The page it stands on, if the business gave one (https only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// When a person of the business can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum People {
    /// They are there now.
    Now,
    /// They are there from this time on.
    From(Millis),
    /// The business did not say.
    Unknown,
}

/// What Loquet itself says in a thread. It travels as a code; the widget speaks it in the visitor's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Notice {
    /// The visitor asked for a person; the request is recorded.
    PersonRequested(People),
    /// The day's ceiling of AI answers is reached; the message is kept for a person (promise B12).
    CeilingReached(People),
    /// No answer could be written; the message is kept.
    AnswerFailed,
    /// The answer above ended early.
    AnswerCut,
    /// The visitor wrote, but asked nothing yet: a greeting, a thank-you.
    QuestionAwaited,
    /// Nothing in the business's knowledge fits; a person can be asked.
    NothingFound(People),
    /// The machine asked for a person by itself.
    HandedOver(People),
    /// A person of the business answers from here on; `Message::author` says who.
    PersonJoined,
    /// The person left; the machine answers again.
    PersonLeft,
    /// A person was asked for and nobody has answered yet. The visitor can leave an address.
    NobodyYet(People),
}

impl Notice {
    /// When people answer, where the notice tells.
    pub const fn people(self) -> Option<People> {
        match self {
            Self::PersonRequested(people)
            | Self::CeilingReached(people)
            | Self::NothingFound(people)
            | Self::HandedOver(people)
            | Self::NobodyYet(people) => Some(people),
            Self::AnswerFailed
            | Self::AnswerCut
            | Self::QuestionAwaited
            | Self::PersonJoined
            | Self::PersonLeft => None,
        }
    }
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Body {
    /// Words. An AI's words are in the Markdown subset that the widget draws; a visitor's are plain.
    Text {
        /// The words.
        text: Personal<String>,
        /// What an answer quotes or rests on; empty for people.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sources: Vec<Source>,
    },
    /// A notice about the conversation.
    Notice(Notice),
}

/// Who wrote an AI message (promise B11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AiMark {
    /// `openai`, `anthropic` or `builtin`.
    pub provider: String,
    /// The model's name as the provider gives it.
    pub model: String,
}

/// One message of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Message {
    /// The message.
    pub id: MessageId,
    /// Its place in the thread, from 1, without a gap. The highest one a client has is its cursor.
    pub sequence: u32,
    /// What the sending client called it; only on messages of the visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftId>,
    /// Who speaks.
    pub origin: Origin,
    /// When it was written.
    pub at: Millis,
    /// When it goes: its own clock, under the limit in force for the site.
    pub until: Millis,
    /// What it says.
    pub body: Body,
    /// Files that were sent with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Who wrote it, where a machine did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai: Option<AiMark>,
    /// The name of the person who wrote it, or whom the notice is about; absent where nobody is known by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Personal<String>>,
}
