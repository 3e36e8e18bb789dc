//! What a business counts, and what it may be told of conversations that are gone (promise P3.3).
//!
//! | call | answer |
//! |---|---|
//! | `GET …/numbers?days=&from=&to=&site=` | `Numbers` |
//! | `GET …/numbers/export?table=days\|sites\|models&format=csv\|json&from=&to=&site=` | a file |
//! | `GET …/numbers/comments?before=` | `CommentPage` |
//! | `GET …/questions?before=` | `QuestionPage` |
//! | `POST …/questions/{message}/answer` `WriteKnowledge` | 204: an entry of the knowledge, and the question is settled |
//! | `DELETE …/questions/{message}` | 204: put aside; the conversation stays as it is |
//!
//! Days are UTC days, written like `2026-11-22`.

use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, MessageId, SiteId};
use crate::privacy::Personal;
use crate::time::Millis;

/// How many: exact, or with a part that is too small to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tally {
    /// How many of those that are shown.
    pub count: u32,
    /// There were more, in cells of fewer than five; they stand in no sum either.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// A median of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Median {
    /// Milliseconds.
    pub ms: i64,
    /// Known as a step only, because its conversations are gone: it was less than that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_step: bool,
}

/// How content visitors were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Scores {
    /// How many said so.
    pub given: Tally,
    /// The mean of 1 to 5, in hundredths; absent where nobody said anything that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_hundredths: Option<u32>,
}

/// The figures of some conversations: of a day, a site or a whole period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Figures {
    /// Conversations that began.
    pub conversations: Tally,
    /// In which a machine answered.
    pub by_ai: Tally,
    /// In which a person was asked for, or took over.
    pub handed_over: Tally,
    /// With a question to which nothing was found.
    pub unanswered: Tally,
    /// From the first message to the first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Median>,
    /// From asking for a person to a person's first word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Median>,
    /// How content visitors were.
    pub scores: Scores,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DayFigures {
    /// Like `2026-11-22`.
    pub day: String,
    /// Its figures.
    pub figures: Figures,
    /// Tokens of the day, read and written.
    pub tokens: u64,
    /// What they cost by the providers' lists, in millionths of a US cent, as far as their prices are known; absent where
    /// none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microcents: Option<u64>,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SiteFigures {
    /// Which.
    pub site: SiteId,
    /// Its name.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

/// What a model used and cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ModelUse {
    /// The provider's name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// How often it was asked.
    pub calls: u64,
    /// Tokens read.
    pub tokens_in: u64,
    /// Tokens written.
    pub tokens_out: u64,
    /// What that costs by the provider's list, in millionths of a US cent; absent where its price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microcents: Option<u64>,
    /// The day on which that list was true, like `2026-06-30`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_on: Option<String>,
}

/// The numbers of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Numbers {
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// All of it.
    pub total: Figures,
    /// Each day of it, also those on which nothing was; oldest first.
    pub days: Vec<DayFigures>,
    /// Each site.
    pub sites: Vec<SiteFigures>,
    /// Each model that was asked, the most used first.
    pub models: Vec<ModelUse>,
    /// Use of models on days with fewer than five conversations is left out, since those are gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub models_hidden: bool,
    /// Questions that wait for an answer in the knowledge; absent for those who may not read them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_questions: Option<u32>,
}

/// A question to which nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Question {
    /// The message that asks it.
    pub message: MessageId,
    /// Where it was asked.
    pub conversation: ConversationId,
    /// The site.
    pub site: SiteId,
    /// The visitor's language.
    pub locale: String,
    /// Their words.
    pub text: Personal<String>,
    /// When.
    pub at: Millis,
    /// When it goes.
    pub until: Millis,
}

/// A page of questions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct QuestionPage {
    /// They.
    pub questions: Vec<Question>,
    /// Hand this back as `before` for older ones; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<MessageId>,
}

/// What a visitor said about a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Comment {
    /// The conversation.
    pub conversation: ConversationId,
    /// The site.
    pub site: SiteId,
    /// 1 to 5.
    pub score: u8,
    /// Their words.
    pub text: Personal<String>,
    /// When.
    pub at: Millis,
    /// When it goes.
    pub until: Millis,
}

/// A page of comments, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CommentPage {
    /// They.
    pub comments: Vec<Comment>,
    /// Hand this back as `before` for older ones; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Millis>,
}
