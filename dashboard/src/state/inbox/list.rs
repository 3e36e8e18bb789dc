//! The list: which rows are shown, in which order, and that none moves away under the reader's pointer.

use std::collections::{BTreeMap, BTreeSet};

use shared::id::{AccountId, ConversationId};
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::admin::inbox::list::{AssigneeIs, ConversationRow, Filter, InboxCounts, Work};

/// The views that are always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Open,
    Mine,
    Unassigned,
    Pending,
    Snoozed,
    Closed,
    All,
    Spam,
}

impl Tab {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Mine,
        Self::Unassigned,
        Self::Pending,
        Self::Snoozed,
        Self::Closed,
        Self::All,
        Self::Spam,
    ];

    /// What it shows.
    pub fn filter(self) -> Filter {
        let work = |work| Filter { work: Some(work), ..Filter::default() };
        match self {
            Self::Open => work(Work::Open),
            Self::Mine => Filter { assignee: Some(AssigneeIs::Me), ..work(Work::Open) },
            Self::Unassigned => Filter { assignee: Some(AssigneeIs::Nobody), ..work(Work::Open) },
            Self::Pending => work(Work::Pending),
            Self::Snoozed => work(Work::Snoozed),
            Self::Closed => work(Work::Closed),
            Self::All => Filter::default(),
            Self::Spam => Filter { spam: true, ..Filter::default() },
        }
    }

    /// How many there are; closed ones are not counted.
    pub const fn count(self, counts: &InboxCounts) -> Option<u32> {
        match self {
            Self::Open => Some(counts.open),
            Self::Mine => Some(counts.mine),
            Self::Unassigned => Some(counts.unassigned),
            Self::Pending => Some(counts.pending),
            Self::Snoozed => Some(counts.snoozed),
            Self::Closed | Self::All | Self::Spam => None,
        }
    }
}

/// The list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Every row that is known, shown or not.
    pub rows: BTreeMap<ConversationId, ConversationRow>,
    /// What is shown, in this order.
    pub shown: Vec<ConversationId>,
    /// What is asked for.
    pub filter: Filter,
    /// The words that are looked for; while there are any, the list holds what was found.
    pub words: Option<Personal<String>>,
    /// The view that a search began in.
    pub aside: Option<Filter>,
    /// Where the last page ended; `None` at the end.
    pub before: Option<String>,
    /// How far back the pages have looked.
    pub looked_back_to: Option<Millis>,
    /// A first page has come.
    pub is_filled: bool,
    /// Rows that came while the order was held still.
    pub newer: usize,
    /// Those that are picked.
    pub picked: BTreeSet<ConversationId>,
    /// Those in which something was not sent: they stay in every list until somebody has looked at it.
    pub unsent: BTreeSet<ConversationId>,
    held: bool,
    found: Vec<ConversationId>,
    gone: BTreeSet<ConversationId>,
}

impl List {
    /// An empty list under a filter.
    pub fn new(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// Another list: what was shown goes, what is known stays.
    pub fn restart(&mut self) {
        self.shown.clear();
        self.found.clear();
        self.picked.clear();
        self.before = None;
        self.looked_back_to = None;
        self.is_filled = false;
        self.newer = 0;
    }

    /// What is shown is what was asked for in these words.
    pub fn is_of(&self, filter: &Filter, words: Option<&Personal<String>>) -> bool {
        self.filter == *filter && self.words.as_ref() == words
    }

    /// Takes a row, unless a newer one is there, or it is of a conversation that is gone: answers that were on their way
    /// bring none back. Says whether it was taken.
    pub fn take(&mut self, row: ConversationRow) -> bool {
        let is_old = self.rows.get(&row.conversation).is_some_and(|known| known.change > row.change)
            || self.is_gone(row.conversation);
        if !is_old {
            self.rows.insert(row.conversation, row);
        }
        !is_old
    }

    /// It is gone.
    pub fn is_gone(&self, conversation: ConversationId) -> bool {
        self.gone.contains(&conversation)
    }

    /// It is there after all, as the edge said when it was opened again.
    pub fn regain(&mut self, conversation: ConversationId) {
        self.gone.remove(&conversation);
    }

    /// A conversation is gone, for good.
    pub fn lose(&mut self, conversation: ConversationId) {
        self.gone.insert(conversation);
        self.rows.remove(&conversation);
        self.picked.remove(&conversation);
        self.unsent.remove(&conversation);
        self.found.retain(|found| *found != conversation);
        self.shown.retain(|shown| *shown != conversation);
    }

    /// A page of what was found.
    pub fn find(&mut self, rows: Vec<ConversationRow>) {
        for row in rows {
            let conversation = row.conversation;
            if !self.is_gone(conversation) && !self.found.contains(&conversation) {
                self.found.push(conversation);
            }
            self.take(row);
        }
    }

    /// Holds the order still while somebody points into it.
    pub fn hold(&mut self, held: bool, me: Option<AccountId>, open: Option<ConversationId>) {
        self.held = held;
        self.arrange(me, open);
    }

    /// Shows what came while the order was held.
    pub fn show_newer(&mut self, me: Option<AccountId>, open: Option<ConversationId>) {
        let held = std::mem::take(&mut self.held);
        self.arrange(me, open);
        self.held = held;
    }

    /// Brings what is shown into order. A row that has just left the filter stays where it is while it is open, so that
    /// whoever closed it finds the next one below.
    pub fn arrange(&mut self, me: Option<AccountId>, open: Option<ConversationId>) {
        let mut order = if self.words.is_some() { self.found.clone() } else { self.under(me) };
        if self.held && self.is_filled && !self.shown.is_empty() {
            self.newer = order.iter().filter(|row| !self.shown.contains(row)).count();
            // What was asked for below comes all the same.
            let shown = self.shown.iter().filter_map(|id| self.rows.get(id));
            let last = shown.map(|row| row.last_message_at).min();
            let below = |id: &&ConversationId| {
                self.rows.get(id).zip(last).is_some_and(|(row, last)| row.last_message_at < last)
            };
            let below: Vec<_> =
                order.iter().filter(|id| !self.shown.contains(id)).filter(below).copied().collect();
            self.newer = self.newer.saturating_sub(below.len());
            self.shown.extend(below);
            return;
        }
        if let Some(open) = open.filter(|open| !order.contains(open) && self.rows.contains_key(open))
            && let Some(place) = self.shown.iter().position(|shown| *shown == open)
        {
            order.insert(place.min(order.len()), open);
        }
        self.newer = 0;
        self.picked.retain(|picked| order.contains(picked));
        self.shown = order;
    }

    fn under(&self, me: Option<AccountId>) -> Vec<ConversationId> {
        // Below where the pages ended there may be others that are not known yet.
        let floor = self.before.as_ref().and(self.looked_back_to);
        let mut rows: Vec<&ConversationRow> = self
            .rows
            .values()
            .filter(|row| {
                let is_above = floor.is_none_or(|floor| row.last_message_at >= floor);
                is_above && self.filter.holds(row, me) || self.unsent.contains(&row.conversation)
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.last_message_at, row.conversation.to_bytes())));
        rows.iter().map(|row| row.conversation).collect()
    }

    /// The conversation before or after one, as shown.
    pub fn beside(&self, open: Option<ConversationId>, forward: bool) -> Option<ConversationId> {
        let place = open.and_then(|open| self.shown.iter().position(|shown| *shown == open));
        let next = match (place, forward) {
            (None, _) => 0,
            (Some(place), true) => place.saturating_add(1),
            (Some(place), false) => place.checked_sub(1)?,
        };
        self.shown.get(next).copied()
    }
}
