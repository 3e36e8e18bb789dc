//! What the socket carries: events down, a few signals up. Text frames `ping` are answered `pong` by the platform
//! itself, without waking the conversation.

use serde::{Deserialize, Serialize};

use crate::id::TurnId;
use crate::privacy::Personal;
use crate::wire::message::{Message, Origin};
use crate::wire::widget::{Catchup, State};

/// From the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum LiveCommand {
    /// Send what follows this sequence. The first frame of every connection, also after each drop.
    Resume {
        /// The highest sequence the client has; 0 for none.
        after: u32,
    },
    /// Everything up to this sequence was before the visitor's eyes. Sent when that changes, while the chat is open.
    Seen {
        /// The highest sequence that was seen.
        sequence: u32,
    },
    /// The person at this end is typing. Sent every few seconds at most; it fades by itself.
    Typing,
}

/// From the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum LiveEvent {
    /// The answer to `Resume`.
    Catchup(Catchup),
    /// A message was kept. It may repeat one that a `Catchup` carried: clients drop what they have.
    Message(Message),
    /// Somebody began to write; a machine's words follow as `Delta`.
    TurnStarted {
        /// The turn.
        turn: TurnId,
    },
    /// More words of a turn. They replace everything from `at` on, so that a repeated frame does no harm.
    Delta {
        /// The turn.
        turn: TurnId,
        /// Where the words begin, in characters (Unicode scalar values) from the start of the turn's text.
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
    Typing {
        /// Who.
        origin: Origin,
    },
    /// Where the conversation stands now.
    State(State),
}
