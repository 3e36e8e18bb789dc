//! What the Worker asks of a conversation and what it answers. Caller and object share these types, so neither can
//! misspell a command. They travel inside one request between the two and are kept nowhere.

use serde::{Deserialize, Serialize};
use shared::id::{AccountId, BusinessId, ConversationId, DraftId, NoteId, ReferenceId, SiteId, VisitorId};
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::admin::inbox::conversation::{DeskCatchup, DeskMessage, Note};
use shared::wire::message::Message;
use shared::wire::widget::{Catchup, RunningTurn};

use crate::ops::Denial;
use crate::ops::incoming::{Answer, Arrival, Draft};
use crate::store::scope::{BusinessScope, ThreadScope};

/// A thread's scope as it crosses into its object. The Worker checked the credentials behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    business: BusinessId,
    shard: usize,
    site: SiteId,
    visitor: VisitorId,
    conversation: ConversationId,
}

impl From<ThreadScope> for Thread {
    fn from(scope: ThreadScope) -> Self {
        Self {
            business: scope.business.business(),
            shard: scope.business.shard(),
            site: scope.site,
            visitor: scope.visitor,
            conversation: scope.conversation,
        }
    }
}

impl From<Thread> for ThreadScope {
    fn from(thread: Thread) -> Self {
        Self {
            business: BusinessScope::new(thread.business, thread.shard),
            site: thread.site,
            visitor: thread.visitor,
            conversation: thread.conversation,
        }
    }
}

/// A command to a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// The first message, and the hash of the token that opens the conversation from then on.
    Open(Draft, Arrival, String),
    /// A further message.
    Send(Draft),
    /// What follows a cursor.
    Catchup(u32),
    /// The visitor asks for a person.
    RequestPerson,
    /// A device left, whose token had this hash.
    Leave(String),
    /// A member does something.
    Desk(AccountId, Deed),
    /// What follows a cursor and a note, for members.
    DeskCatchup(u32, Option<NoteId>),
    /// Whether the visitor has a socket open, and the answer that is being written.
    Look,
    /// Closes the sockets of a member who may not see this any longer.
    SendOut(AccountId),
}

/// What a member does in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Takes it over, also from a colleague.
    Take(bool),
    /// Gives it back to the machine.
    GiveBack,
    /// Answers.
    Reply(Answer),
    /// Tells colleagues something.
    Note(DraftId, Personal<String>),
    /// Takes a note back.
    NoteDelete(NoteId),
    /// Puts it off, or takes it up again.
    Snooze(Option<Millis>),
    /// Ends it.
    Close,
    /// Opens it again.
    Reopen,
    /// Keeps its visitor from writing, or lets them again.
    Block(bool),
}

/// A command with the thread it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The thread.
    pub thread: Thread,
    /// The command.
    pub command: Command,
}

/// What a conversation answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// The message as it was kept.
    Kept(Message),
    /// What follows the cursor.
    Catchup(Catchup),
    /// What follows the cursor, for members.
    DeskCatchup(DeskCatchup),
    /// The visitor has a socket open; the answer that is being written.
    Looked(bool, Option<RunningTurn>),
    /// A member's answer as it was kept; a mail takes it to the visitor.
    Replied(DeskMessage, bool),
    /// A note as it was kept.
    Noted(Note),
    /// It is done, and there is nothing to tell.
    Done,
    /// The caller's side.
    Denied(Denial),
    /// Our side; the reference finds it in the log.
    Failed(ReferenceId),
}
