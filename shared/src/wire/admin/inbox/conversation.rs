//! One conversation as the team reads it: the thread with its notes, and what is held of the visitor.

use serde::{Deserialize, Serialize};

use super::deed::HoldReason;
use super::list::{ConversationRow, Who};
use crate::id::{AccountId, NoteId};
use crate::privacy::Personal;
use crate::time::Millis;
use crate::wire::message::Message;
use crate::wire::widget::RunningTurn;

/// A message as the team sees it: the visitor's, the machine's and everybody's of the business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeskMessage {
    /// What the visitor sees, too. On a person's message `message.author` is the name that the visitor reads.
    pub message: Message,
    /// Which member wrote it (or joined, in a notice).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
}

/// What colleagues tell each other in a conversation. Visitors never see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Note {
    /// Which. Later notes have larger ids.
    pub id: NoteId,
    /// It stands behind this message of the thread.
    pub after: u32,
    /// Who wrote it.
    pub by: Who,
    /// The words. A mention stands in them as `@[acc_…]`.
    pub text: Personal<String>,
    /// Who is mentioned.
    #[serde(default)]
    pub mentions: Vec<AccountId>,
    /// When it was written.
    pub at: Millis,
    /// When it goes.
    pub until: Millis,
}

/// How far the visitor's client has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Marks {
    /// The highest sequence that reached the visitor's client.
    pub delivered: u32,
    /// The highest sequence that the visitor had before their eyes.
    pub seen: u32,
}

/// What follows (or precedes) a cursor, as the team reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeskCatchup {
    /// Messages, oldest first, 100 at most.
    pub messages: Vec<DeskMessage>,
    /// Notes, oldest first: with `after`, those after the note that the client named; without, those beside these messages.
    pub notes: Vec<Note>,
    /// There are more in the direction that was asked for.
    pub more: bool,
    /// How far the visitor has got.
    pub marks: Marks,
    /// The answer that is being written, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<RunningTurn>,
}

/// What is held of a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldKind {
    /// What they read.
    Language,
    /// "Firefox, phone".
    Browser,
    /// The IP address of their first message.
    Address,
    /// An e-mail address that they left.
    Email,
    /// What the business calls them, who signed in at its own site.
    Identity,
    /// The path of the page that the conversation began on, where the business keeps that.
    Page,
    /// What they chose about statistics: `accepted` or `declined`.
    Consent,
    /// How content they were, 1 to 5.
    Score,
    /// What they said about that.
    Comment,
}

/// One thing that is held, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Held {
    /// What kind of thing.
    pub kind: HeldKind,
    /// It.
    pub value: Personal<String>,
    /// Since when.
    pub since: Millis,
    /// When it goes.
    pub until: Millis,
}

/// How a reply reaches the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// They are there, or were a moment ago.
    Page,
    /// They left; it goes to the address that they proved.
    Mail,
    /// They left, and no address is proved or they objected to mail: they read it only if they come back.
    Nowhere,
}

/// The visitor, as far as anything is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct VisitorCard {
    /// What is held, and nothing else is.
    pub held: Vec<Held>,
    /// They proved the address that they left.
    pub is_email_verified: bool,
    /// They objected to being written to: no reply goes to that address.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub objects_to_mail: bool,
    /// How a reply would reach them now.
    pub reach: Reach,
    /// When they were last there.
    pub last_seen_at: Millis,
    /// They may not write any more.
    pub is_blocked: bool,
    /// Why the conversation is held: then it stays beyond its time. Absent where it is not held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hold: Option<HoldReason>,
    /// When the oldest message that is kept goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_until: Option<Millis>,
    /// When the newest message goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_until: Option<Millis>,
}

/// A conversation, opened: the row, the visitor, and the newest messages with the notes beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConversationView {
    /// As in the list.
    pub row: ConversationRow,
    /// What is held of the visitor.
    pub visitor: VisitorCard,
    /// The newest messages; `more` says whether older ones are there.
    pub thread: DeskCatchup,
    /// The reader may ask a machine for a draft or a translation: a provider is set up, and they may answer.
    pub can_suggest: bool,
    /// Sites keep messages this many days; absent is the promise of twelve months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_days: Option<u32>,
}
