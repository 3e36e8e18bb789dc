//! What a team's sockets carry. Like the visitor's they only tell; everything that is kept goes over HTTPS.

use serde::{Deserialize, Serialize};

use super::conversation::{DeskCatchup, DeskMessage, Marks, Note};
use super::list::{ConversationRow, InboxChanges, InboxCounts};
use crate::id::{AccountId, ConversationId, NoteId, TurnId};
use crate::privacy::Personal;

/// The close code of a socket whose time is over: open another one with a fresh ticket.
pub const RENEW: u16 = 4001;

/// Who is typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Typist {
    /// The visitor.
    Visitor,
    /// A member.
    Member(AccountId),
}

/// From a member who has a conversation open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum DeskCommand {
    /// Send what follows. The first frame of every connection, also after each drop.
    Resume {
        /// The highest sequence that the client has; 0 for none.
        after: u32,
        /// The newest note that it has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after_note: Option<NoteId>,
    },
    /// The member is typing. Sent every few seconds at most; it fades by itself. Viewers are not heard.
    Typing,
}

/// To a member who has a conversation open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum DeskEvent {
    /// The answer to `Resume`.
    Catchup(DeskCatchup),
    /// A message was kept. It may repeat one that a `Catchup` carried: clients drop what they have.
    Message(DeskMessage),
    /// A colleague wrote a note.
    Note(Note),
    /// A note was taken back.
    NoteGone {
        /// Which.
        note: NoteId,
    },
    /// A machine began to write; its words follow as `Delta`.
    TurnStarted {
        /// The turn.
        turn: TurnId,
    },
    /// More words of a turn. They replace everything from `at` on.
    Delta {
        /// The turn.
        turn: TurnId,
        /// Where the words begin, in characters (Unicode scalar values).
        at: u32,
        /// The words.
        text: Personal<String>,
    },
    /// The turn is over. Its message, if it wrote one, comes as `Message` before this.
    TurnEnded {
        /// The turn.
        turn: TurnId,
    },
    /// Somebody else in the thread is typing.
    Typing(Typist),
    /// The visitor's client has got further.
    Marks(Marks),
}

/// From a member who has the inbox open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum InboxCommand {
    /// Send what follows this cursor. The first frame of every connection, also after each drop.
    Resume {
        /// What the list, or an earlier answer, gave.
        after: String,
    },
    /// Where the member is, for colleagues: in this conversation, or in none.
    Look {
        /// Which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
    },
}

/// A member who has the inbox open, and where they look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Presence {
    /// Who.
    pub account: AccountId,
    /// In which conversation they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
}

/// To a member who has the inbox open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum InboxEvent {
    /// The answer to `Resume`; where `more` is true, further ones follow by themselves.
    Changes(InboxChanges),
    /// A conversation changed: its row as the reader sees it, whatever filter their list has.
    Row(Box<ConversationRow>),
    /// A conversation is being erased.
    Gone {
        /// Which.
        conversation: ConversationId,
    },
    /// The visitor's first word in a thread that a person has, a mention of the reader, or a thread that was given to them:
    /// worth a sound, where the reader wants to hear of it.
    Call {
        /// In which conversation.
        conversation: ConversationId,
        /// A colleague mentioned the reader; otherwise a visitor waits.
        is_mention: bool,
        /// Somebody else gave it to the reader.
        #[serde(default)]
        is_assigned: bool,
    },
    /// How many there are of a kind; it comes behind the answer to `Resume`.
    Counts(InboxCounts),
    /// Everybody who has the inbox open, the reader included.
    Presence(Vec<Presence>),
}
