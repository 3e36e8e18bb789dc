//! Everything that the inbox asks of the edge, as values, and what comes of it.

use shared::id::{CannedReplyId, ConversationId, FileId, LabelId, NoteId, ViewId};
use shared::wire::admin::inbox::conversation::{ConversationView, DeskCatchup, Note};
use shared::wire::admin::inbox::deed::{
    AskDraft, AskTranslation, Assign, BlockVisitor, BulkChange, BulkDone, MarkRead, MarkSpam, SentReply,
    SetLabels, SetPriority, Snooze, Suggestion, TakeOver, WriteNote, WriteReply,
};
use shared::wire::admin::inbox::list::{
    ConversationPage, ConversationRow, Filter, InboxChanges, InboxCounts, Search, SearchPage,
};
use shared::wire::admin::inbox::settings::{HandOff, Notifications};
use shared::wire::admin::inbox::words::{CannedReplies, Labels, PutCannedReply, PutLabel, PutView, Views};
use shared::wire::widget::Ticket;

/// One thing asked, in a business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxAsk {
    /// A page of the list, from where an earlier one ended.
    Page(Filter, Option<String>),
    /// Conversations in which words occur.
    Search(Search),
    /// What happened after a cursor.
    Changes(String),
    /// How many there are of a kind.
    Counts,
    /// The business's labels.
    Labels,
    /// Its canned replies.
    Replies,
    /// Saved views.
    Views,
    /// How one hears of things.
    Notifications,
    /// When the machine hands over.
    HandOff,
    /// A conversation, opened.
    Open(ConversationId),
    /// What follows a message.
    After(ConversationId, u32),
    /// What stands before one.
    Before(ConversationId, u32),
    /// A ticket for the socket of the list, in this attempt.
    ListTicket(u32),
    /// A ticket for the socket of a thread, in this attempt.
    ThreadTicket(ConversationId, u32),
    /// Something done to one conversation.
    Deed(ConversationId, Deed),
    /// Something done to many.
    Bulk(BulkChange),
    /// A reply, by its draft.
    Reply(ConversationId, WriteReply),
    /// A note, likewise.
    Note(ConversationId, WriteNote),
    /// Taking one's note back.
    NoteDelete(ConversationId, NoteId),
    /// Taking a file back that was uploaded and not sent.
    FileTakeBack(ConversationId, FileId),
    /// Words to send or not.
    Draft(ConversationId, AskDraft),
    /// A translation of a message, or of what is being written (no sequence).
    Translation(ConversationId, Option<u32>, AskTranslation),
    /// A canned reply: a new one, or another text for one.
    ReplyPut(Option<CannedReplyId>, PutCannedReply),
    /// The end of one.
    ReplyDelete(CannedReplyId),
    /// A label: a new one, or another name for one.
    LabelPut(Option<LabelId>, PutLabel),
    /// The end of one.
    LabelDelete(LabelId),
    /// A saved view.
    ViewMake(PutView),
    /// Another name for one, or other readers.
    ViewPut(ViewId, PutView),
    /// The end of one.
    ViewDelete(ViewId),
    /// Another way of hearing of things.
    NotificationsPut(Notifications),
    /// Another rule for handing over.
    HandOffPut(HandOff),
}

/// What is done to one conversation; each is answered with its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    Read(MarkRead),
    Take(TakeOver),
    GiveBack,
    Assign(Assign),
    Labels(SetLabels),
    Priority(SetPriority),
    Snooze(Snooze),
    Wake,
    Close,
    Reopen,
    Spam(MarkSpam),
    Block(BlockVisitor),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxAnswer {
    Done,
    Page(ConversationPage),
    Found(SearchPage),
    Changes(InboxChanges),
    Counts(InboxCounts),
    Labels(Labels),
    Replies(CannedReplies),
    Views(Views),
    Notifications(Notifications),
    HandOff(HandOff),
    Opened(ConversationView),
    Catchup(DeskCatchup),
    Ticket(Ticket),
    Row(ConversationRow),
    Rows(BulkDone),
    Sent(SentReply),
    Noted(Note),
    Suggestion(Suggestion),
}

/// Where something of the inbox was asked for: there the waiting and the refusal are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// The head of the list: its pages, its bulk deeds.
    List,
    /// The head of a thread, and its card.
    Thread(ConversationId),
    /// Its reply box.
    Composer(ConversationId),
    /// A canned reply, or a new one.
    Reply(Option<CannedReplyId>),
    /// A label, or a new one.
    Label(Option<LabelId>),
    /// Saved views.
    View,
    /// How one hears of things.
    Notifications,
    /// Handing over.
    HandOff,
}

impl InboxAsk {
    /// The spot that it was asked from; `None` for what asks by itself or tells its own fate.
    pub const fn spot(&self) -> Option<Spot> {
        Some(match self {
            Self::Page(_, None) | Self::Changes(_) | Self::Counts | Self::Labels | Self::Replies => {
                return None;
            }
            Self::Views | Self::Notifications | Self::HandOff | Self::Open(_) | Self::After(..) => {
                return None;
            }
            Self::Before(..) | Self::ListTicket(_) | Self::ThreadTicket(..) => return None,
            // Reading is no press, and a reply says under itself how it fares.
            Self::Deed(_, Deed::Read(_)) | Self::Reply(..) | Self::Note(..) => return None,
            Self::Translation(_, Some(_), _) | Self::Search(_) | Self::FileTakeBack(..) => return None,
            Self::Page(_, Some(_)) | Self::Bulk(_) => Spot::List,
            Self::Deed(conversation, _) | Self::NoteDelete(conversation, _) => Spot::Thread(*conversation),
            Self::Draft(conversation, _) | Self::Translation(conversation, None, _) => {
                Spot::Composer(*conversation)
            }
            Self::ReplyPut(reply, _) => Spot::Reply(*reply),
            Self::ReplyDelete(reply) => Spot::Reply(Some(*reply)),
            Self::LabelPut(label, _) => Spot::Label(*label),
            Self::LabelDelete(label) => Spot::Label(Some(*label)),
            Self::ViewMake(_) | Self::ViewPut(..) | Self::ViewDelete(_) => Spot::View,
            Self::NotificationsPut(_) => Spot::Notifications,
            Self::HandOffPut(_) => Spot::HandOff,
        })
    }
}
