//! The messages of a thread: none lost, none doubled, in order, whatever the network does.
//!
//! Sequences have no gap while a thread is written, so a message beyond `cursor + 1` is held back until what it
//! follows is there. A catch-up is different: it holds *all* that follows a cursor, and where it jumps, messages have
//! reached their date. Since the cursor never falls, every catch-up that was asked for earlier may be taken as it is.

use shared::id::{DraftId, MessageId, TurnId};
use shared::privacy::Personal;
use shared::wire::file::Attachment;
use shared::wire::message::{Message, Origin};
use shared::wire::widget::{Catchup, RunningTurn};

use super::Refusal;

/// How far a message of the visitor has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// On its way, or next in line.
    Sending,
    /// Accepted; its place in the thread comes with the events.
    Sent,
    /// Not accepted. The words are kept.
    Failed(Refusal),
}

/// What the visitor wrote, until it comes back as a message.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What this client calls it.
    pub id: DraftId,
    /// The words; none where files go.
    pub text: Personal<String>,
    /// Files that were uploaded for it.
    pub files: Vec<Attachment>,
    /// How far it has come.
    pub progress: Progress,
}

/// What a step brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Places in `messages` that are new, as a range.
    pub from: usize,
    /// Something is missing in between: ask for what follows the cursor.
    pub gap: bool,
}

/// The messages of a thread, and what is about to become one.
#[derive(Debug, Clone, Default)]
pub struct Thread {
    messages: Vec<Message>,
    held: Vec<Message>,
    cursor: u32,
    /// What the visitor wrote and what has not come back yet.
    pub drafts: Vec<Draft>,
    /// The answer that is being written.
    pub turn: Option<RunningTurn>,
    ended: Option<TurnId>,
}

impl Thread {
    /// The highest sequence below which nothing is missing.
    pub const fn cursor(&self) -> u32 {
        self.cursor
    }

    /// Lets go of what was said. What the visitor wrote and nobody took stays: it was never anywhere else.
    pub fn messages_drop(&mut self) {
        let drafts = std::mem::take(&mut self.drafts);
        *self = Self { drafts, ..Self::default() };
    }

    /// The messages, in order.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The message with this id.
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// The message that a draft became.
    pub fn message_of(&self, draft: DraftId) -> Option<&Message> {
        self.messages.iter().find(|message| message.draft == Some(draft))
    }

    /// The draft with this id.
    pub fn draft(&self, id: DraftId) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.id == id)
    }

    /// Nothing was written yet.
    pub const fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.drafts.is_empty()
    }

    /// A person of the business has spoken.
    pub fn has_human(&self) -> bool {
        self.messages.iter().any(|message| message.origin == Origin::Human)
    }

    /// Sets how far a draft has come.
    pub fn draft_mark(&mut self, id: DraftId, progress: Progress) {
        if let Some(draft) = self.drafts.iter_mut().find(|draft| draft.id == id) {
            draft.progress = progress;
        }
    }

    /// Takes one message, however it came and however often.
    pub fn message_take(&mut self, message: Message) -> Taken {
        if let Some(draft) = message.draft {
            self.draft_mark(draft, Progress::Sent);
        }
        let from = self.messages.len();
        if message.sequence > self.cursor && self.held.iter().all(|held| held.sequence != message.sequence) {
            self.held.push(message);
        }
        self.release();
        Taken { from, gap: !self.held.is_empty() }
    }

    /// Takes everything that follows a cursor.
    pub fn catchup_take(&mut self, catchup: Catchup) -> Taken {
        let from = self.messages.len();
        for message in catchup.messages {
            if message.sequence > self.cursor {
                self.place(message);
            }
        }
        self.release();
        match catchup.turn {
            Some(turn) if self.ended == Some(turn.turn) => {}
            turn => self.turn = turn,
        }
        Taken { from, gap: catchup.more || !self.held.is_empty() }
    }

    /// Starts a turn, unless it is over already.
    pub fn turn_start(&mut self, turn: TurnId) {
        let running = self.turn.as_ref().is_some_and(|running| running.turn == turn);
        if !running && self.ended != Some(turn) {
            self.turn = Some(RunningTurn { turn, text: Personal::default() });
        }
    }

    /// Takes words of a turn. Answers `false` where earlier words are missing: a catch-up carries them all.
    pub fn turn_write(&mut self, turn: TurnId, at: u32, text: &str) -> bool {
        if self.ended == Some(turn) {
            return true;
        }
        self.turn_start(turn);
        let Some(running) = &mut self.turn else { return true };
        let mut words = running.text.expose().clone();
        let mut places = words.char_indices().map(|(place, _)| place).chain([words.len()]);
        let Some(place) = places.nth(at as usize) else { return false };
        words.truncate(place);
        words.push_str(text);
        running.text = Personal::new(words);
        true
    }

    /// Ends a turn. What it wrote has come as a message before.
    pub fn turn_end(&mut self, turn: TurnId) {
        self.ended = Some(turn);
        if self.turn.as_ref().is_some_and(|running| running.turn == turn) {
            self.turn = None;
        }
    }

    /// Puts a message at the end. Its draft has done its work, and an answer ends the turn that wrote it.
    fn place(&mut self, message: Message) {
        self.cursor = message.sequence;
        if let Some(draft) = message.draft {
            self.drafts.retain(|other| other.id != draft);
        }
        if message.origin == Origin::Ai
            && let Some(turn) = self.turn.take()
        {
            self.ended = Some(turn.turn);
        }
        self.messages.push(message);
    }

    /// Moves held messages to the thread as far as nothing is missing before them.
    fn release(&mut self) {
        let cursor = self.cursor;
        self.held.retain(|held| held.sequence > cursor);
        while let Some(place) =
            self.held.iter().position(|held| held.sequence == self.cursor.saturating_add(1))
        {
            let message = self.held.swap_remove(place);
            self.place(message);
        }
    }
}
