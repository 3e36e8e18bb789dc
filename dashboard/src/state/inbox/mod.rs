//! The inbox: a list that is live, one conversation open beside it, and what a team keeps at hand for both.

mod ask;
mod deeds;
mod drafts;
mod files;
mod link;
mod list;
mod thread;
mod update;
mod words;

#[cfg(test)]
mod live_tests;
#[cfg(test)]
mod tests;

use shared::id::{AccountId, BusinessId, ConversationId, DraftId, LabelId, SiteId};
use shared::privacy::{Personal, Secret};
use shared::time::Millis;
use shared::wire::admin::inbox::deed::{BulkChange, BulkDeed};
use shared::wire::admin::inbox::list::{ConversationRow, Filter, InboxCounts, Who};
use shared::wire::admin::inbox::live::{DeskCommand, DeskEvent, InboxCommand, InboxEvent, Presence};
use shared::wire::admin::inbox::settings::{HandOff, Notifications};
use shared::wire::admin::inbox::words::{CannedReplies, Labels, Views};

use super::{Slot, State};

pub use ask::{Deed, InboxAnswer, InboxAsk, Spot};
pub use deeds::deed_waits;
pub use files::{Attaching, FileFate, of as files_of};
pub use link::{Alarm, Line, Link};
pub use list::{List, Tab};
pub use thread::{Draft, Entry, Fate, Suggested, Thread};
pub use update::{
    answered, begin, due, enter, leave, may_answer, refused, renew, settle, settle_settings, step,
};
pub use words::{WrongReply, label_is_taken, reply_check};

/// Something happened at the desk.
#[derive(Debug)]
pub enum Event {
    /// It is this time now.
    Clock(Millis),
    /// Another list is wanted.
    FilterChosen(Filter),
    /// Words are looked for; none ends the search.
    SearchAsked(Option<Personal<String>>),
    /// The next page.
    MoreAsked,
    /// The pointer came into the list, or left it.
    Held(bool),
    /// What came while it was there is to be shown.
    NewerShown,
    /// A row is picked, or no longer.
    Picked(ConversationId),
    /// All that are shown are picked, or none.
    PickedAll(bool),
    /// Something is done to all that are picked.
    BulkAsked(BulkDeed),
    /// Earlier messages are wanted.
    EarlierAsked,
    /// Something was written: a reply or a note.
    Written { id: DraftId, text: String, is_note: bool, at: Millis },
    /// A file was chosen for the reply.
    FileChosen { key: u32, name: String, bytes: u64 },
    /// A file has come further, or was taken, or not.
    FileFares(u32, FileFate),
    /// A file is not to be sent after all.
    FileDropped(u32),
    /// What was not taken is sent again.
    SentAgain(DraftId),
    /// What was not taken is given up.
    DraftDropped(DraftId),
    /// The reader is writing a reply.
    Typed,
    /// What is written is a note, or a reply.
    Noting(bool),
    /// A machine's suggestion was put into the reply box, or laid beside it.
    SuggestionTaken,
    /// A ticket's socket is open.
    SocketOpened(Line, u32),
    /// The list's socket said something; nothing is a sign of life.
    ListHeard(u32, Option<Box<InboxEvent>>),
    /// The thread's socket said something.
    ThreadHeard(u32, Option<Box<DeskEvent>>),
    /// A socket is gone: its hour was over, or it dropped. The dice say how long to wait.
    SocketClosed { line: Line, attempt: u32, expected: bool, dice: u32 },
    /// An alarm rang.
    Rang { line: Line, attempt: u32, alarm: Alarm, dice: u32 },
    /// A sign of typing fades.
    TypingFades(ConversationId),
    /// The tab is in front, or no longer.
    Visible(bool),
}

/// Why the reader is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A visitor waits.
    Waits,
    /// A colleague mentions them.
    Mentioned,
    /// A colleague gave them a conversation.
    Assigned,
}

/// Something must happen at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket with a ticket: the list's, or a conversation's.
    Connect {
        line: Line,
        attempt: u32,
        business: BusinessId,
        conversation: Option<ConversationId>,
        ticket: Secret<String>,
    },
    /// Close it.
    Disconnect(Line),
    /// Say something through the list's socket.
    ListSay(InboxCommand),
    /// Say something through the thread's socket.
    ThreadSay(DeskCommand),
    /// Ask for a sign of life.
    Ping(Line),
    /// Ring an alarm.
    Wake { line: Line, attempt: u32, alarm: Alarm, after_ms: u32 },
    /// A sign of typing fades after a while.
    TypingFade(ConversationId),
    /// Show the end of the thread, if the reader was there, or whatever they read.
    ScrollDown { always: bool },
    /// A visitor waits, or somebody mentions the reader, or gives them something.
    Call { business: BusinessId, conversation: ConversationId, why: Why },
    /// Upload a file that was chosen.
    Upload { business: BusinessId, conversation: ConversationId, key: u32 },
    /// End an upload, or forget the file.
    UploadEnd(u32),
    /// Words that were written and not sent are forgotten, all or those of one conversation: nobody else at this browser
    /// reads them.
    Forget(Option<ConversationId>),
    /// The pane that the address shows is under the reader's focus, where there is only one.
    Pane,
}

/// Everything that is known at the desk of one business.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// Whose.
    pub business: Option<BusinessId>,
    /// What time it is, as far as anybody has said.
    pub now: Millis,
    /// The tab is in front.
    pub visible: bool,
    /// The list, loaded, on its way, or why not.
    pub slot: Slot<()>,
    /// The list.
    pub list: List,
    /// How many there are of a kind.
    pub counts: Option<InboxCounts>,
    /// Where the list's socket goes on.
    pub cursor: Option<String>,
    /// The list's socket.
    pub link: Link,
    /// The conversation that is open.
    pub thread: Option<Thread>,
    /// Files that were chosen for replies and are not sent.
    pub files: Vec<Attaching>,
    /// What was written in any conversation and the edge has not taken: it outlives the look at its thread.
    pub drafts: Vec<Draft>,
    /// Deeds that wait for their answer. Of one conversation the first is on its way, and each begins where the last ended.
    pub deeds: Vec<(ConversationId, Deed)>,
    /// Deeds for many that wait for their answer: the first is on its way.
    pub bulks: Vec<BulkChange>,
    /// Who else has the inbox open.
    pub presence: Vec<Presence>,
    /// Labels.
    pub labels: Slot<Labels>,
    /// Canned replies.
    pub replies: Slot<CannedReplies>,
    /// Saved views.
    pub views: Slot<Views>,
    /// How one hears of things.
    pub notifications: Slot<Notifications>,
    /// When the machine hands over.
    pub hand_off: Slot<HandOff>,
    /// Of how many that were picked how many were done, where not all were.
    pub partly: Option<(usize, usize)>,
}

impl Default for Inbox {
    fn default() -> Self {
        Self {
            business: None,
            now: Millis::new(0),
            visible: true,
            slot: Slot::default(),
            list: List::new(Tab::Open.filter()),
            counts: None,
            cursor: None,
            link: Link::default(),
            thread: None,
            files: Vec::new(),
            drafts: Vec::new(),
            deeds: Vec::new(),
            bulks: Vec::new(),
            presence: Vec::new(),
            labels: Slot::default(),
            replies: Slot::default(),
            views: Slot::default(),
            notifications: Slot::default(),
            hand_off: Slot::default(),
            partly: None,
        }
    }
}

impl Inbox {
    /// The row of a conversation.
    pub fn row(&self, conversation: ConversationId) -> Option<&ConversationRow> {
        self.list.rows.get(&conversation)
    }

    /// The conversation that is open.
    pub fn open(&self) -> Option<ConversationId> {
        self.thread.as_ref().map(|thread| thread.conversation)
    }

    /// The label whose name is searched for.
    pub fn label_searched(&self) -> Option<(LabelId, String)> {
        let words = self.list.words.as_ref()?.expose().trim().to_lowercase();
        let labels = &self.labels.value.as_ref()?.labels;
        let found = labels.iter().find(|known| known.label.name.to_lowercase() == words)?;
        Some((found.id, found.label.name.clone()))
    }

    /// This deed waits for its answer.
    pub fn is_doing(&self, conversation: ConversationId, deed: &Deed) -> bool {
        self.deeds.iter().any(|(where_to, waits)| *where_to == conversation && waits == deed)
    }

    /// The row of the one that is open, as it will be once what waits for its answer is done: choices show what was chosen,
    /// and what was there before where it is refused.
    pub fn handled(&self) -> Option<ConversationRow> {
        let mut row = self.open_row()?.clone();
        for (conversation, deed) in &self.deeds {
            match deed {
                _ if *conversation != row.conversation => {}
                Deed::Assign(assign) => {
                    row.assignee = assign.account.map(|account| Who { account, name: None });
                }
                Deed::Priority(set) => row.priority = set.priority,
                Deed::Labels(set) => row.labels.clone_from(&set.labels),
                _ => {}
            }
        }
        Some(row)
    }

    /// The row of the one that is open.
    pub fn open_row(&self) -> Option<&ConversationRow> {
        self.open().and_then(|open| self.row(open))
    }
}

impl State {
    /// Who is signed in, by their account.
    pub fn account(&self) -> Option<AccountId> {
        self.me().map(|me| me.account)
    }

    /// What a site is called, where the business has more than one.
    pub fn site_name(&self, site: SiteId) -> Option<String> {
        let sites = &self.business.value.as_ref()?.sites;
        let many = sites.len() > 1;
        sites.iter().find(|entry| entry.id == site).filter(|_| many).map(|entry| entry.name.clone())
    }
}
