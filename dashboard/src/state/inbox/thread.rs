//! The open conversation: what was said, what is being said, what is on its way. None lost, none doubled.

use std::collections::{BTreeMap, BTreeSet};

use shared::id::{ConversationId, DraftId, MessageId, NoteId, TurnId};
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::admin::inbox::conversation::{
    ConversationView, DeskCatchup, DeskMessage, HeldKind, Marks, Note, VisitorCard,
};
use shared::wire::admin::inbox::live::Typist;
use shared::wire::file::Attachment;
use shared::wire::message::{Body, Origin};

use super::link::Link;
use crate::state::{Refusal, Slot};

/// How something that was written fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// On its way.
    Sending,
    /// Not taken, and why.
    Failed(Refusal),
}

/// Something that was written here and that the edge has not taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is called until it has a place.
    pub id: DraftId,
    /// Where it goes, also while another one is open.
    pub conversation: ConversationId,
    /// What stood last in the thread when it was written.
    pub after: u32,
    /// The words, as they are sent.
    pub text: Personal<String>,
    /// Files that go with them.
    pub files: Vec<Attachment>,
    /// For colleagues only.
    pub is_note: bool,
    /// When it was written.
    pub at: Millis,
    /// How it fares.
    pub fate: Fate,
}

/// An answer that a machine is writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Which.
    pub turn: TurnId,
    /// Everything written so far.
    pub text: Personal<String>,
}

/// Words that a machine suggests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// What stood in the box when it was asked.
    pub of: String,
    /// What is to stand there.
    pub words: Personal<String>,
}

/// A piece of the thread, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entry {
    /// The beginning of a day: its first moment here, and when its first words go.
    Day(Millis, Millis),
    /// A message, by its place.
    Message(u32, MessageId),
    /// A note.
    Note(NoteId),
    /// Something on its way.
    Draft(DraftId),
}

/// What is known of the open conversation.
#[derive(Debug, Clone)]
pub struct Thread {
    /// Which.
    pub conversation: ConversationId,
    /// Loaded, on its way, or why not.
    pub slot: Slot<()>,
    /// What is held of the visitor.
    pub visitor: Option<VisitorCard>,
    /// A machine may suggest and translate.
    pub can_suggest: bool,
    /// What was said, by its place.
    pub messages: BTreeMap<u32, DeskMessage>,
    /// Up to here nothing is missing behind the first message that is there: what follows is asked for from this place.
    pub reached: u32,
    /// What colleagues told each other.
    pub notes: BTreeMap<NoteId, Note>,
    /// There are older messages.
    pub has_older: bool,
    /// They are on their way.
    pub older_loading: bool,
    /// How far the visitor has got.
    pub marks: Marks,
    /// What a machine is writing.
    pub turn: Option<Turn>,
    /// Replies that went by mail.
    pub mailed: BTreeSet<u32>,
    /// Who is typing.
    pub typing: Option<Typist>,
    /// Signs of typing that have not faded.
    pub typing_signs: u32,
    /// Translations of messages, by their place.
    pub translations: BTreeMap<u32, Slot<Personal<String>>>,
    /// What a machine suggests for the reply box.
    pub suggestion: Option<Suggested>,
    /// What is written is a note. Each conversation begins with a reply: a note for one must not go into another unseen.
    pub noting: bool,
    /// The visitor's newest words that the edge knows to be read.
    pub read: u32,
    /// Its socket.
    pub link: Link,
}

impl Thread {
    /// A conversation of which nothing is known yet.
    pub fn new(conversation: ConversationId) -> Self {
        Self {
            conversation,
            slot: Slot::default(),
            visitor: None,
            can_suggest: false,
            messages: BTreeMap::new(),
            reached: 0,
            notes: BTreeMap::new(),
            has_older: false,
            older_loading: false,
            marks: Marks::default(),
            turn: None,
            mailed: BTreeSet::new(),
            typing: None,
            typing_signs: 0,
            translations: BTreeMap::new(),
            suggestion: None,
            noting: false,
            read: 0,
            link: Link::default(),
        }
    }

    /// The highest place that is there.
    pub fn cursor(&self) -> u32 {
        self.messages.last_key_value().map_or(0, |(sequence, _)| *sequence)
    }

    /// The place of the visitor's newest words.
    pub fn visitors_last(&self) -> u32 {
        let words = self.messages.iter().rev();
        words.into_iter().find(|(_, it)| it.message.origin == Origin::Visitor).map_or(0, |(place, _)| *place)
    }

    /// Why it is not there. What is there stays, whatever comes of asking for it again: drawn anew, the reply box would lose
    /// whoever writes in it.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.slot.refusal.as_ref().filter(|_| self.slot.value.is_none())
    }

    /// Something between was not told, or not yet.
    pub fn has_gap(&self) -> bool {
        self.slot.value.is_some() && self.cursor() > self.reached
    }

    /// What the business itself calls its visitor, who signed in at its own site.
    pub fn identity(&self) -> Option<&Personal<String>> {
        let mut held = self.visitor.iter().flat_map(|visitor| &visitor.held);
        held.find(|held| held.kind == HeldKind::Identity).map(|held| &held.value)
    }

    /// It was opened.
    pub fn fill(&mut self, view: ConversationView) {
        self.visitor = Some(view.visitor);
        self.can_suggest = view.can_suggest;
        // After an hour away the newest page may not reach what is there: older pages are asked for again.
        let place = |message: Option<&DeskMessage>| message.map_or(0, |message| message.message.sequence);
        let (first, last) = (place(view.thread.messages.first()), place(view.thread.messages.last()));
        if self.slot.value.is_none() || first > self.reached.saturating_add(1) {
            self.messages.retain(|sequence, _| *sequence > last);
            self.has_older = view.thread.more;
            self.reached = first.saturating_sub(1);
        }
        self.catch_up(view.thread);
        self.slot.fill(());
    }

    /// What was missed. A page that was asked for before the thread was filled anew stands before it, and has no place here.
    pub fn catch_up(&mut self, catchup: DeskCatchup) {
        for message in catchup.messages {
            let sequence = message.message.sequence;
            if sequence > self.reached {
                self.take(message);
                self.reached = sequence;
            }
        }
        self.join();
        for note in catchup.notes {
            self.take_note(note);
        }
        self.mark(catchup.marks);
        self.turn = catchup.turn.map(|turn| Turn { turn: turn.turn, text: turn.text });
    }

    /// What stands before a place, if that is still the first one here.
    pub fn take_older(&mut self, before: u32, catchup: DeskCatchup) {
        self.older_loading = false;
        if self.messages.first_key_value().is_none_or(|(first, _)| *first != before) {
            return;
        }
        self.has_older = catchup.more;
        for message in catchup.messages {
            self.messages.insert(message.message.sequence, message);
        }
        for note in catchup.notes {
            self.take_note(note);
        }
    }

    /// A message was kept.
    pub fn take(&mut self, message: DeskMessage) {
        // Whoever has said it is not about to.
        self.typing = match (message.message.origin, self.typing) {
            (Origin::Visitor, Some(Typist::Visitor)) => None,
            (Origin::Human, Some(Typist::Member(member))) if message.by == Some(member) => None,
            (_, typing) => typing,
        };
        self.messages.insert(message.message.sequence, message);
        self.join();
    }

    /// Goes on over what follows without a gap.
    fn join(&mut self) {
        while self.messages.contains_key(&self.reached.saturating_add(1)) {
            self.reached = self.reached.saturating_add(1);
        }
    }

    /// A note was kept.
    pub fn take_note(&mut self, note: Note) {
        self.notes.insert(note.id, note);
    }

    /// The visitor has got further.
    pub fn mark(&mut self, marks: Marks) {
        self.marks.delivered = self.marks.delivered.max(marks.delivered);
        self.marks.seen = self.marks.seen.max(marks.seen);
    }

    /// More words of a machine. `false` where some before them are missing.
    pub fn write(&mut self, turn: TurnId, at: u32, words: &str) -> bool {
        let Some(running) = self.turn.as_mut().filter(|running| running.turn == turn) else {
            self.turn = Some(Turn { turn, text: Personal::new(words.to_owned()) });
            return at == 0;
        };
        let mut text = running.text.expose().clone();
        let Some(place) = byte_of(&text, at) else { return false };
        text.truncate(place);
        text.push_str(words);
        running.text = Personal::new(text);
        true
    }

    /// A machine is done.
    pub fn end(&mut self, turn: TurnId) {
        self.turn = self.turn.take().filter(|running| running.turn != turn);
    }

    /// Everything in order, without the days: messages with the notes behind them, then what is on its way.
    pub fn entries(&self, drafts: &[Draft]) -> Vec<(Entry, Millis, Millis)> {
        let mut found = Vec::new();
        let mut notes = self.notes.values().collect::<Vec<_>>();
        notes.sort_by_key(|note| (note.after, note.id.to_bytes()));
        let mut notes = notes.into_iter().peekable();
        let noted = |note: &Note| (Entry::Note(note.id), note.at, note.until);
        for (sequence, message) in &self.messages {
            while let Some(note) = notes.next_if(|note| note.after < *sequence) {
                found.push(noted(note));
            }
            let message = &message.message;
            found.push((Entry::Message(*sequence, message.id), message.at, message.until));
        }
        found.extend(notes.map(noted));
        let drafts =
            drafts.iter().filter(|draft| draft.conversation == self.conversation && !self.holds(draft));
        found.extend(drafts.map(|draft| (Entry::Draft(draft.id), draft.at, draft.at)));
        found
    }

    /// The socket may tell of a reply before its own answer comes, and does not say which draft it was: until then the
    /// draft stands back behind the same words.
    fn holds(&self, draft: &Draft) -> bool {
        let mut newer = self.messages.range(draft.after.saturating_add(1)..).map(|(_, it)| &it.message);
        !draft.is_note
            && draft.fate == Fate::Sending
            && newer.any(|it| match &it.body {
                Body::Text { text, .. } => it.origin == Origin::Human && *text == draft.text,
                Body::Notice(_) => false,
            })
    }
}

/// The byte at which the `at`th character begins, or the end.
fn byte_of(text: &str, at: u32) -> Option<usize> {
    let at = at as usize;
    let mut letters = text.char_indices().map(|(place, _)| place);
    match letters.nth(at) {
        Some(place) => Some(place),
        None if text.chars().count() == at => Some(text.len()),
        None => None,
    }
}
