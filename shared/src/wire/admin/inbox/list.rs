//! The list of conversations: rows, the filters above it, and how a client that was away catches up.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ConversationId, LabelId, SiteId};
use crate::privacy::Personal;
use crate::time::Millis;
use crate::wire::message::Origin;
use crate::wire::widget::State;

/// What is to be done about a conversation, as a team sees it. It follows from where the thread stands and whether it was
/// put off: nothing else is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// A person was asked for, or answers: somebody has to look.
    Open,
    /// A machine answers; nobody has to look.
    Pending,
    /// Put off until a time; a word of the visitor brings it back.
    Snoozed,
    /// Ended. The visitor's next word opens it again.
    Closed,
}

impl Work {
    /// Every one, in the order of the list's tabs.
    pub const ALL: [Self; 4] = [Self::Open, Self::Pending, Self::Snoozed, Self::Closed];

    /// The lower-case name, as in the database and in an address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
        }
    }
}

/// How much a conversation matters.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// It can wait.
    Low,
    /// Where every conversation begins.
    #[default]
    Normal,
    /// Before others.
    High,
    /// Now.
    Urgent,
}

impl Priority {
    /// Every one, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The lower-case name, as in an address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// The rank that is kept.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Low => 0,
            Self::Normal => 1,
            Self::High => 2,
            Self::Urgent => 3,
        }
    }

    /// The priority of a rank; an unknown one is normal.
    pub const fn from_rank(rank: u8) -> Self {
        match rank {
            0 => Self::Low,
            2 => Self::High,
            3 => Self::Urgent,
            _ => Self::Normal,
        }
    }
}

/// Whose conversations are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssigneeIs {
    /// The reader's own.
    Me,
    /// Nobody's.
    Nobody,
    /// A member's.
    Member(AccountId),
}

/// Which conversations are asked for; every condition that is given holds. In an address each field is a parameter of its
/// name: `work=open&assignee=me` (or `nobody`, or `acc_…`)`&unread=true&label=lbl_…&priority=high&site=sit_…&locale=fr`
/// `&spam=true`. Without `spam=true` marked conversations are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Filter {
    /// Only of this kind; absent is all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
    /// Only whose these are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<AssigneeIs>,
    /// Only those in which the visitor wrote since the reader looked.
    pub unread: bool,
    /// Only those that carry this label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelId>,
    /// Only of this priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Only of this site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// Only in this language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Only those that are marked as spam, or whose visitor is blocked.
    pub spam: bool,
}

impl Filter {
    /// Every condition that is given holds for this row, as this reader has it.
    pub fn holds(&self, row: &ConversationRow, reader: Option<AccountId>) -> bool {
        let assignee = row.assignee.as_ref().map(|who| who.account);
        let whose = match self.assignee {
            None => true,
            Some(AssigneeIs::Me) => assignee.is_some() && assignee == reader,
            Some(AssigneeIs::Nobody) => assignee.is_none(),
            Some(AssigneeIs::Member(member)) => assignee == Some(member),
        };
        whose
            && self.work.is_none_or(|work| work == row.work)
            && (!self.unread || row.unread)
            && self.label.is_none_or(|label| row.labels.contains(&label))
            && self.priority.is_none_or(|priority| priority == row.priority)
            && self.site.is_none_or(|site| site == row.site)
            && self.locale.as_ref().is_none_or(|locale| *locale == row.locale)
            && self.spam == (row.is_spam || row.is_blocked)
    }
}

/// A member, as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Who {
    /// Which account.
    pub account: AccountId,
    /// Their name; absent where the account is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<String>>,
}

/// The newest words, cut short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Preview {
    /// Who said them.
    pub origin: Origin,
    /// The words, on one line.
    pub text: Personal<String>,
    /// When.
    pub at: Millis,
}

/// One line of the list. The same type comes from the list, from every deed and from the socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConversationRow {
    /// Which.
    pub conversation: ConversationId,
    /// Where the visitor wrote.
    pub site: SiteId,
    /// What is to be done about it.
    pub work: Work,
    /// Who speaks in it.
    pub state: State,
    /// The language that the visitor reads.
    pub locale: String,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Who>,
    /// Who took it over, while a person answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Who>,
    /// Its labels.
    #[serde(default)]
    pub labels: Vec<LabelId>,
    /// How much it matters.
    pub priority: Priority,
    /// The visitor wrote since the reader last looked.
    pub unread: bool,
    /// The visitor has a socket open, or had one within two minutes.
    pub present: bool,
    /// What the visitor is called: as the business does, else by the address that they confirmed. Absent where nothing names
    /// them, or they hold the conversation still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<String>>,
    /// The newest words; absent where none are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
    /// When the visitor's oldest word was written that nobody, man or machine, has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Millis>,
    /// When a person was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<Millis>,
    /// When a person first answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_answer_at: Option<Millis>,
    /// Until when it is put off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Millis>,
    /// Somebody marked it as spam.
    pub is_spam: bool,
    /// The visitor may not write any more.
    pub is_blocked: bool,
    /// Since when the visitor has it held still: it can be read, and nothing is done with it until they let it go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted_at: Option<Millis>,
    /// When it began.
    pub created_at: Millis,
    /// When the newest message was written: what the list is sorted by.
    pub last_message_at: Millis,
    /// When the newest message goes, under the limit in force.
    pub until: Millis,
    /// The change of the business that this row is as of. A row with a smaller one is older: drop it.
    pub change: u64,
}

/// A page of the list, newest message first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConversationPage {
    /// Its rows, 50 at most. There may be fewer, or none, although more follow: a page looks at 1,000 conversations at
    /// most, so that no filter makes it slow.
    pub rows: Vec<ConversationRow>,
    /// Hand this back as `before` for what follows; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// How far back the pages so far have looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_back_to: Option<Millis>,
    /// What to hand to `changes` (or to the socket's `Resume`) for everything that happens after this page was read.
    pub cursor: String,
}

/// What happened after a cursor: each conversation once, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct InboxChanges {
    /// The conversations that changed, in the order of their last change.
    pub rows: Vec<ConversationRow>,
    /// Conversations that were erased: take them off the list.
    pub gone: Vec<ConversationId>,
    /// The next cursor.
    pub cursor: String,
    /// There are more: ask again with the cursor.
    pub more: bool,
}

/// How many conversations there are of a kind; counted up to 100, which stands for "more".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct InboxCounts {
    /// Open ones.
    pub open: u32,
    /// Open ones of the reader.
    pub mine: u32,
    /// Open ones of nobody.
    pub unassigned: u32,
    /// Those that a machine answers.
    pub pending: u32,
    /// Those that were put off.
    pub snoozed: u32,
}

/// Looks for words in what was said, and for a visitor: words that are an e-mail address, or what the business itself calls
/// somebody, also find the conversations whose visitor confirmed that address or was named so. The text travels in the body,
/// never in an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Search {
    /// The words; every one must occur, as the beginning of a word, whatever its accents and capitals.
    pub words: Personal<String>,
    /// Where to look.
    #[serde(default)]
    pub filter: Filter,
    /// Where an earlier page ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// What a search found among the next 1,000 conversations, newest first. Who was found by address or name stands on the first
/// page, however long ago they wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SearchPage {
    /// The conversations in which the words occur.
    pub rows: Vec<ConversationRow>,
    /// Hand this back to look further; absent where everything was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// How many conversations this page looked at.
    pub looked_at: u32,
    /// How far back it looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_back_to: Option<Millis>,
}
