//! What is told in a conversation's room, to each side in its own words: visitors read names, members also accounts and
//! notes.

use shared::id::{NoteId, TurnId};
use shared::privacy::Personal;
use shared::wire::admin::inbox::conversation::{DeskMessage, Marks, Note};
use shared::wire::admin::inbox::live::{DeskEvent, Typist};
use shared::wire::live::LiveEvent;
use shared::wire::message::Origin;
use shared::wire::widget::State;

/// Something that happened in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A message was kept.
    Message(DeskMessage),
    /// A colleague wrote a note.
    Note(Note),
    /// A note was taken back.
    NoteGone(NoteId),
    /// A machine began to write.
    TurnStarted(TurnId),
    /// More words of a turn, from a place on.
    Delta(TurnId, u32, Personal<String>),
    /// The turn is over.
    TurnEnded(TurnId),
    /// Somebody is typing.
    Typing(Typist),
    /// Where the conversation stands.
    State(State),
    /// The visitor's client has got further.
    Marks(Marks),
}

impl Told {
    /// As visitors hear it. `None` where it is none of their business.
    pub fn to_visitor(&self) -> Option<LiveEvent> {
        Some(match self {
            Self::Message(message) => LiveEvent::Message(message.message.clone()),
            Self::TurnStarted(turn) => LiveEvent::TurnStarted { turn: *turn },
            Self::Delta(turn, at, text) => LiveEvent::Delta { turn: *turn, at: *at, text: text.clone() },
            Self::TurnEnded(turn) => LiveEvent::TurnEnded { turn: *turn },
            Self::Typing(Typist::Visitor) => LiveEvent::Typing { origin: Origin::Visitor },
            Self::Typing(Typist::Member(_)) => LiveEvent::Typing { origin: Origin::Human },
            Self::State(state) => LiveEvent::State(*state),
            Self::Note(_) | Self::NoteGone(_) | Self::Marks(_) => return None,
        })
    }

    /// As members hear it. `None` where they read it elsewhere: where a conversation stands is in its row.
    pub fn to_desk(&self) -> Option<DeskEvent> {
        Some(match self {
            Self::Message(message) => DeskEvent::Message(message.clone()),
            Self::Note(note) => DeskEvent::Note(note.clone()),
            Self::NoteGone(note) => DeskEvent::NoteGone { note: *note },
            Self::TurnStarted(turn) => DeskEvent::TurnStarted { turn: *turn },
            Self::Delta(turn, at, text) => DeskEvent::Delta { turn: *turn, at: *at, text: text.clone() },
            Self::TurnEnded(turn) => DeskEvent::TurnEnded { turn: *turn },
            Self::Typing(typist) => DeskEvent::Typing(*typist),
            Self::Marks(marks) => DeskEvent::Marks(*marks),
            Self::State(_) => return None,
        })
    }
}
