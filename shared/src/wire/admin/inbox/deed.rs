//! What members do with conversations.

use serde::{Deserialize, Serialize};

use super::conversation::DeskMessage;
use super::list::{ConversationRow, Priority};
use crate::id::{AccountId, ConversationId, DraftId, FileId, LabelId};
use crate::privacy::Personal;
use crate::time::Millis;

/// Taking over. Of two who take over at once one wins; the other is told who (`409 taken-over`, whose `who` names them).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TakeOver {
    /// Take it from the colleague who has it.
    #[serde(default)]
    pub from_colleague: bool,
}

/// Answering. A machine's thread is taken over by it, and so is one that a person was asked for in; where a colleague has
/// it, this is a word beside theirs. A closed thread opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WriteReply {
    /// What the client calls it: sending the same one again is safe.
    pub draft: DraftId,
    /// The words: 1 to 4,000 characters, or none where files go with it. `{visitor_name}`-like variables are filled by the
    /// client.
    pub text: Personal<String>,
    /// Files that were uploaded to the conversation by its team and go with it, 5 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// Close the conversation with it.
    #[serde(default)]
    pub close: bool,
}

/// A reply that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SentReply {
    /// It.
    pub message: DeskMessage,
    /// A mail takes it to the visitor, who has left.
    pub is_mailed: bool,
    /// The conversation now.
    pub row: ConversationRow,
}

/// Telling colleagues something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WriteNote {
    /// What the client calls it: sending the same one again is safe.
    pub draft: DraftId,
    /// The words: 1 to 4,000 characters. `@[acc_…]` mentions a member.
    pub text: Personal<String>,
}

/// Saying who looks after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Assign {
    /// A member who may answer; absent is nobody.
    pub account: Option<AccountId>,
}

/// Saying which labels it carries, all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SetLabels {
    /// The labels, 10 at most.
    pub labels: Vec<LabelId>,
}

/// Saying how much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SetPriority {
    /// How much.
    pub priority: Priority,
}

/// Putting it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Snooze {
    /// Until then, a year at most.
    pub until: Millis,
}

/// Marking it as spam, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MarkSpam {
    /// It is.
    pub is_spam: bool,
}

/// Keeping its visitor from writing, or letting them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BlockVisitor {
    /// They may not write.
    pub is_blocked: bool,
}

/// Why a conversation is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// It is needed to establish, exercise or defend a legal claim (GDPR Art. 17(3)(e)).
    Claim,
    /// A law or an authority demands that it is kept (GDPR Art. 17(3)(b)).
    Obligation,
}

impl HoldReason {
    /// The reason, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Obligation => "obligation",
        }
    }
}

/// Holding a conversation: neither time nor an erasure deletes it until it is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HoldConversation {
    /// Why.
    pub reason: HoldReason,
}

/// Saying how far one has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MarkRead {
    /// The highest sequence that was before the reader's eyes; 0 makes it unread again.
    pub sequence: u32,
}

/// What is done to many at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkDeed {
    /// Says who looks after them.
    Assign(Option<AccountId>),
    /// Adds a label.
    LabelAdd(LabelId),
    /// Takes a label off.
    LabelRemove(LabelId),
    /// Says how much they matter.
    Priority(Priority),
    /// Puts them off.
    Snooze(Millis),
    /// Ends them.
    Close,
    /// Opens them again.
    Reopen,
    /// Marks them as spam, or not.
    Spam(bool),
    /// Marks them as read by the caller.
    Read,
}

/// Doing something to many at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BulkChange {
    /// Which ones, 50 at most.
    pub conversations: Vec<ConversationId>,
    /// What.
    pub deed: BulkDeed,
}

/// What became of it. Those that are not named were not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BulkDone {
    /// The conversations, as they are now.
    pub rows: Vec<ConversationRow>,
}

/// Asking a machine for words that a member may send, or not (`503 no-provider` where none is set).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AskDraft {
    /// What the member has in mind, or wrote so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Personal<String>>,
}

/// Asking a machine to translate (`503 no-provider` where none is set).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AskTranslation {
    /// The words.
    pub text: Personal<String>,
    /// Into which language, like `fr`.
    pub into: String,
}

/// What a machine suggests. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Suggestion {
    /// The words.
    pub text: Personal<String>,
    /// Who wrote them: provider and model.
    pub ai: crate::wire::message::AiMark,
}
