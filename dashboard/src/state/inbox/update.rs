//! What comes of an event at the desk.

use shared::id::{BusinessId, ConversationId};
use shared::privacy::Personal;
use shared::wire::admin::inbox::deed::{AskDraft, AskTranslation, MarkRead, WriteNote, WriteReply};
use shared::wire::admin::inbox::list::{ConversationPage, ConversationRow, Filter, Search, SearchPage};
use shared::wire::admin::inbox::live::{DeskCommand, DeskEvent, InboxCommand, InboxEvent};
use shared::wire::admin::inbox::settings::Hear;
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;

use super::deeds::{bulk, bulk_next, deed_next};
use super::drafts::{draft_end, fare, send};
use super::files;
use super::link::Want;
use super::{Deed, Draft, Effect, Event, Fate, Inbox, InboxAnswer, InboxAsk, Line, Suggested, Thread, Why};
use crate::state::{Ask, Effect as Outer, Page, Refusal, Said, Section, State};

/// How many a bulk deed takes at once, as the edge does.
const BULK: usize = 50;

fn call(business: BusinessId, ask: InboxAsk) -> Outer {
    Outer::Call(Ask::Inbox(business, Box::new(ask)))
}

/// Asks for something of the desk's business.
pub(super) fn ask(state: &State, ask: InboxAsk, effects: &mut Vec<Outer>) {
    if let Some(business) = state.inbox.business {
        effects.push(call(business, ask));
    }
}

/// Brings the list into order.
pub(super) fn arrange(state: &mut State) {
    let (me, open) = (state.account(), state.inbox.open());
    state.inbox.list.arrange(me, open);
}

/// Comes to a page: the conversation that it names is opened, another one is let go.
pub fn enter(state: &mut State, page: &Page, effects: &mut Vec<Outer>) {
    let wanted = page.conversation();
    let is_desk = page.section() == Some(Section::Inbox);
    if state.inbox.business.is_some() && state.inbox.business == page.business() && is_desk {
        if state.inbox.open() != wanted {
            thread_leave(state, effects);
            if let Some(conversation) = wanted {
                thread_open(state, conversation, effects);
            }
            look(state, effects);
        }
        arrange(state);
    } else if state.inbox.open().is_some() {
        // Elsewhere in the house nothing of a thread is needed.
        thread_leave(state, effects);
        look(state, effects);
    }
}

/// Asks for what the desk shows. Called whenever its page is come to, or asked for again.
pub fn settle(state: &mut State, business: BusinessId, effects: &mut Vec<Outer>) {
    belong(state, business, effects);
    for slot in [InboxAsk::Labels, InboxAsk::Replies, InboxAsk::Views] {
        want(state, business, slot, effects);
    }
    listen(state, business, effects);
    if state.inbox.open() != state.page.conversation() {
        thread_leave(state, effects);
    }
    match (state.page.conversation(), state.inbox.thread.is_some()) {
        (Some(conversation), false) => thread_open(state, conversation, effects),
        (Some(conversation), true) => ask(state, InboxAsk::Open(conversation), effects),
        (None, _) => {}
    }
}

/// The desk is this business's from now on.
fn belong(state: &mut State, business: BusinessId, effects: &mut Vec<Outer>) {
    if state.inbox.business != Some(business) {
        leave(state, effects);
        let (now, visible) = (state.inbox.now, state.inbox.visible);
        state.inbox = Inbox { business: Some(business), now, visible, ..Inbox::default() };
    }
}

/// Asks for something that changes rarely, unless it is there or on its way.
fn want(state: &mut State, business: BusinessId, slot: InboxAsk, effects: &mut Vec<Outer>) {
    let inbox = &state.inbox;
    let is_known = match slot {
        InboxAsk::Labels => inbox.labels.value.is_some() || inbox.labels.loading,
        InboxAsk::Replies => inbox.replies.value.is_some() || inbox.replies.loading,
        InboxAsk::Views => inbox.views.value.is_some() || inbox.views.loading,
        _ => inbox.notifications.value.is_some() || inbox.notifications.loading,
    };
    if !is_known {
        begin(&mut state.inbox, &slot);
        effects.push(call(business, slot));
    }
}

/// Begins to hear what happens in a business: the list with its socket, and how its reader is called.
fn listen(state: &mut State, business: BusinessId, effects: &mut Vec<Outer>) {
    belong(state, business, effects);
    want(state, business, InboxAsk::Notifications, effects);
    list_begin(state, effects);
    ask(state, InboxAsk::Counts, effects);
}

/// The business that somebody is to hear of and does not yet: wherever they are, visitors reach them.
pub fn due(state: &State) -> Option<BusinessId> {
    let business = state.place()?.business;
    let (inbox, slot) = (&state.inbox, &state.inbox.slot);
    let is_begun = slot.loading || inbox.link.is_wanted();
    // What the edge refuses stays refused until somebody asks; a network comes back.
    let is_refused = slot.refusal.as_ref().is_some_and(|refusal| *refusal != Refusal::Network);
    (inbox.business != Some(business) || !is_begun && !is_refused).then_some(business)
}

/// What the page of replies, labels and rules shows.
pub fn settle_settings(state: &mut State, business: BusinessId, effects: &mut Vec<Outer>) {
    belong(state, business, effects);
    for slot in
        [InboxAsk::Labels, InboxAsk::Replies, InboxAsk::Views, InboxAsk::Notifications, InboxAsk::HandOff]
    {
        begin(&mut state.inbox, &slot);
        effects.push(call(business, slot));
    }
}

/// The desk of this business is left for good: its sockets close.
pub fn leave(state: &mut State, effects: &mut Vec<Outer>) {
    thread_leave(state, effects);
    files::forget(&mut state.inbox, None, effects);
    state.inbox.drafts.clear();
    state.inbox.deeds.clear();
    state.inbox.bulks.clear();
    let mut wants = Vec::new();
    state.inbox.link.close(&mut wants);
    perform(state, Line::List, wants, effects);
    if state.inbox.business.take().is_some() {
        effects.push(Outer::Inbox(Effect::Forget(None)));
    }
}

/// A slot that is asked for says so.
pub fn begin(inbox: &mut Inbox, ask: &InboxAsk) {
    match ask {
        InboxAsk::Labels => inbox.labels.begin(),
        InboxAsk::Replies => inbox.replies.begin(),
        InboxAsk::Views => inbox.views.begin(),
        InboxAsk::Notifications => inbox.notifications.begin(),
        InboxAsk::HandOff => inbox.hand_off.begin(),
        InboxAsk::Translation(conversation, Some(sequence), _) => {
            if let Some(thread) = inbox.thread.as_mut().filter(|it| it.conversation == *conversation) {
                thread.translations.entry(*sequence).or_default().begin();
            }
        }
        _ => {}
    }
}

fn list_begin(state: &mut State, effects: &mut Vec<Outer>) {
    state.inbox.slot.begin();
    let filter = state.inbox.list.filter.clone();
    let first = match state.inbox.list.words.clone() {
        Some(words) => InboxAsk::Search(Search { words, filter, before: None }),
        None => InboxAsk::Page(filter, None),
    };
    ask(state, first, effects);
}

fn thread_open(state: &mut State, conversation: ConversationId, effects: &mut Vec<Outer>) {
    let mut thread = Thread::new(conversation);
    thread.slot.begin();
    let mut wants = Vec::new();
    thread.link.open(&mut wants);
    state.inbox.thread = Some(thread);
    ask(state, InboxAsk::Open(conversation), effects);
    perform(state, Line::Thread, wants, effects);
}

fn thread_leave(state: &mut State, effects: &mut Vec<Outer>) {
    let mut wants = Vec::new();
    if let Some(thread) = &mut state.inbox.thread {
        thread.link.close(&mut wants);
    }
    perform(state, Line::Thread, wants, effects);
    state.inbox.thread = None;
}

/// Tells colleagues where one is.
fn look(state: &State, effects: &mut Vec<Outer>) {
    let conversation = state.inbox.open();
    effects.push(Outer::Inbox(Effect::ListSay(InboxCommand::Look { conversation })));
}

fn perform(state: &State, line: Line, wants: Vec<Want>, effects: &mut Vec<Outer>) {
    let thread = state.inbox.thread.as_ref();
    let link = match line {
        Line::List => Some(state.inbox.link),
        Line::Thread => thread.map(|thread| thread.link),
    };
    let Some(link) = link else { return };
    let attempt = link.attempt();
    for want in wants {
        match (want, line, thread) {
            (Want::Ticket, Line::List, _) => ask(state, InboxAsk::ListTicket(attempt), effects),
            (Want::Ticket, Line::Thread, Some(thread)) => {
                ask(state, InboxAsk::ThreadTicket(thread.conversation, attempt), effects);
            }
            (Want::Poll, Line::List, _) => {
                if let Some(cursor) = state.inbox.cursor.clone() {
                    ask(state, InboxAsk::Changes(cursor), effects);
                }
            }
            (Want::Poll, Line::Thread, Some(_)) => after(state, effects),
            (Want::Ticket | Want::Poll, Line::Thread, None) => {}
            (Want::Disconnect, _, _) => effects.push(Outer::Inbox(Effect::Disconnect(line))),
            (Want::Ping, _, _) => effects.push(Outer::Inbox(Effect::Ping(line))),
            (Want::Wake(alarm, after_ms), _, _) => {
                effects.push(Outer::Inbox(Effect::Wake { line, attempt, alarm, after_ms }));
            }
        }
    }
}

/// The link, if this try is its present one.
fn with_link(
    state: &mut State,
    line: Line,
    attempt: u32,
    effects: &mut Vec<Outer>,
    act: impl FnOnce(&mut super::Link, &mut Vec<Want>),
) -> bool {
    let link = match line {
        Line::List => Some(&mut state.inbox.link),
        Line::Thread => state.inbox.thread.as_mut().map(|thread| &mut thread.link),
    };
    let Some(link) = link.filter(|link| link.is_wanted() && link.attempt() == attempt) else { return false };
    let mut wants = Vec::new();
    act(link, &mut wants);
    perform(state, line, wants, effects);
    true
}

/// Takes an event.
pub fn step(state: &mut State, event: Event, effects: &mut Vec<Outer>) {
    let me = state.account();
    let open = state.inbox.open();
    match event {
        Event::Clock(now) => {
            state.inbox.now = now;
            if let Some(business) = due(state) {
                listen(state, business, effects);
            }
        }
        Event::FilterChosen(filter) => {
            state.inbox.list.words = None;
            state.inbox.list.aside = None;
            filter_set(state, filter, effects);
        }
        Event::SearchAsked(words) => search(state, words, effects),
        Event::MoreAsked => {
            let list = &state.inbox.list;
            if let Some(before) = list.before.clone() {
                let filter = list.filter.clone();
                let next = match list.words.clone() {
                    Some(words) => InboxAsk::Search(Search { words, filter, before: Some(before) }),
                    None => InboxAsk::Page(filter, Some(before)),
                };
                state.inbox.slot.begin();
                ask(state, next, effects);
            }
        }
        Event::Held(held) => state.inbox.list.hold(held, me, open),
        Event::NewerShown => state.inbox.list.show_newer(me, open),
        Event::Picked(conversation) => {
            let picked = &mut state.inbox.list.picked;
            if !picked.remove(&conversation) && picked.len() < BULK {
                picked.insert(conversation);
            }
        }
        Event::PickedAll(all) => {
            let shown = state.inbox.list.shown.iter().copied().take(BULK);
            state.inbox.list.picked = if all { shown.collect() } else { Default::default() };
        }
        Event::BulkAsked(deed) => bulk(state, deed, effects),
        Event::EarlierAsked => earlier(state, effects),
        Event::Written { id, text, is_note, at } => {
            let files = match open {
                Some(open) if !is_note => files::take(&mut state.inbox, open),
                _ => Vec::new(),
            };
            if let Some(thread) = &state.inbox.thread {
                let (conversation, after) = (thread.conversation, thread.cursor());
                let (text, fate) = (Personal::new(text), Fate::Sending);
                let draft = Draft { id, conversation, after, text, files, is_note, at, fate };
                send(state, &draft, effects);
                state.inbox.drafts.push(draft);
                effects.push(Outer::Inbox(Effect::ScrollDown { always: true }));
            }
        }
        Event::FileChosen { key, name, bytes } => {
            files::choose(&mut state.inbox, key, name, bytes, effects);
        }
        Event::FileFares(key, fate) => files::fare(&mut state.inbox, key, fate),
        Event::FileDropped(key) => files::drop_one(&mut state.inbox, key, effects),
        Event::SentAgain(id) => {
            fare(state, id, Fate::Sending);
            if let Some(draft) = state.inbox.drafts.iter().find(|draft| draft.id == id) {
                send(state, draft, effects);
            }
        }
        Event::DraftDropped(id) => draft_end(state, id),
        Event::Noting(noting) => {
            if let Some(thread) = &mut state.inbox.thread {
                thread.noting = noting;
            }
        }
        Event::Typed => effects.push(Outer::Inbox(Effect::ThreadSay(DeskCommand::Typing))),
        Event::SuggestionTaken => {
            if let Some(thread) = &mut state.inbox.thread {
                thread.suggestion = None;
            }
        }
        Event::SocketOpened(line, attempt) => {
            if with_link(state, line, attempt, effects, |link, wants| link.opened(wants)) {
                resume(state, line, effects);
            }
        }
        Event::ListHeard(attempt, event) => {
            let heard = with_link(state, Line::List, attempt, effects, |link, _| link.heard());
            if let (true, Some(event)) = (heard, event) {
                list_heard(state, *event, effects);
            }
        }
        Event::ThreadHeard(attempt, event) => {
            let heard = with_link(state, Line::Thread, attempt, effects, |link, _| link.heard());
            if let (true, Some(event)) = (heard, event) {
                thread_heard(state, *event, effects);
            }
        }
        Event::SocketClosed { line, attempt, expected, dice } => {
            with_link(state, line, attempt, effects, |link, wants| link.failed(expected, dice, wants));
        }
        Event::Rang { line, attempt, alarm, dice } => {
            with_link(state, line, attempt, effects, |link, wants| link.rang(alarm, dice, wants));
        }
        Event::TypingFades(conversation) => {
            if let Some(thread) = state.inbox.thread.as_mut().filter(|it| it.conversation == conversation) {
                thread.typing_signs = thread.typing_signs.saturating_sub(1);
                if thread.typing_signs == 0 {
                    thread.typing = None;
                }
            }
        }
        Event::Visible(visible) => {
            state.inbox.visible = visible;
            if visible {
                read(state, effects);
            }
        }
    }
}

/// The network came back, or the page is shown after a sleep.
pub fn renew(state: &mut State, effects: &mut Vec<Outer>) {
    for line in [Line::List, Line::Thread] {
        let attempt = match line {
            Line::List => state.inbox.link.attempt(),
            Line::Thread => state.inbox.thread.as_ref().map_or(0, |thread| thread.link.attempt()),
        };
        with_link(state, line, attempt, effects, |link, wants| link.renew(wants));
    }
}

/// Looks for words in everything that is held, whatever view is open; among spam only from there. Whoever ends the search
/// is back in the view that they came from.
fn search(state: &mut State, words: Option<Personal<String>>, effects: &mut Vec<Outer>) {
    let list = &mut state.inbox.list;
    if words == list.words {
        return;
    }
    let before = list.filter.clone();
    let filter = if words.is_some() {
        list.aside.get_or_insert_with(|| before.clone());
        Filter { spam: before.spam, ..Filter::default() }
    } else {
        list.aside.take().unwrap_or(before)
    };
    list.words = words;
    filter_set(state, filter, effects);
}

fn filter_set(state: &mut State, filter: Filter, effects: &mut Vec<Outer>) {
    state.inbox.list.filter = filter;
    state.inbox.list.restart();
    state.inbox.partly = None;
    list_begin(state, effects);
}

fn earlier(state: &mut State, effects: &mut Vec<Outer>) {
    let Some(thread) = state.inbox.thread.as_mut().filter(|it| it.has_older && !it.older_loading) else {
        return;
    };
    if let Some((first, _)) = thread.messages.first_key_value() {
        thread.older_loading = true;
        let before = InboxAsk::Before(thread.conversation, *first);
        ask(state, before, effects);
    }
}

/// Whatever is open and in front of somebody counts as read.
fn read(state: &mut State, effects: &mut Vec<Outer>) {
    let inbox = &mut state.inbox;
    let Some(thread) = inbox.thread.as_mut().filter(|_| inbox.visible) else { return };
    let (conversation, sequence) = (thread.conversation, thread.visitors_last());
    if sequence > thread.read {
        thread.read = sequence;
        let deed = Deed::Read(MarkRead { sequence });
        ask(state, InboxAsk::Deed(conversation, deed), effects);
    }
}

fn resume(state: &mut State, line: Line, effects: &mut Vec<Outer>) {
    match line {
        Line::List => {
            if let Some(after) = state.inbox.cursor.clone() {
                effects.push(Outer::Inbox(Effect::ListSay(InboxCommand::Resume { after })));
            }
            look(state, effects);
        }
        Line::Thread => {
            // Before the thread is there nobody knows where to go on: its answer says so.
            if let Some(thread) = state.inbox.thread.as_ref().filter(|it| it.slot.value.is_some()) {
                let after_note = thread.notes.last_key_value().map(|(note, _)| *note);
                let resume = DeskCommand::Resume { after: thread.reached, after_note };
                effects.push(Outer::Inbox(Effect::ThreadSay(resume)));
            }
        }
    }
}

/// Asks for what follows in the open thread, or for the thread, where it is not there yet.
fn after(state: &State, effects: &mut Vec<Outer>) {
    if let Some(thread) = &state.inbox.thread {
        let conversation = thread.conversation;
        let next = match thread.slot.value {
            Some(()) => InboxAsk::After(conversation, thread.reached),
            None => InboxAsk::Open(conversation),
        };
        ask(state, next, effects);
    }
}

fn list_heard(state: &mut State, event: InboxEvent, effects: &mut Vec<Outer>) {
    match event {
        InboxEvent::Changes(changes) => {
            state.inbox.cursor = Some(changes.cursor);
            for row in changes.rows {
                row_take(state, row, effects);
            }
            for conversation in changes.gone {
                gone(state, conversation, effects);
            }
            arrange(state);
        }
        InboxEvent::Row(row) => {
            row_take(state, *row, effects);
            arrange(state);
        }
        InboxEvent::Gone { conversation } => gone(state, conversation, effects),
        InboxEvent::Call { conversation, is_mention, is_assigned } => {
            let why = match (is_mention, is_assigned) {
                (_, true) => Why::Assigned,
                (true, false) => Why::Mentioned,
                (false, false) => Why::Waits,
            };
            called(state, conversation, why, effects);
        }
        InboxEvent::Counts(counts) => state.inbox.counts = Some(counts),
        InboxEvent::Presence(presence) => state.inbox.presence = presence,
    }
}

/// Calls the reader, if it is one of those of which they want to hear.
fn called(state: &mut State, conversation: ConversationId, why: Why, effects: &mut Vec<Outer>) {
    // Whoever has it before their eyes need not be called.
    if state.inbox.visible && state.inbox.open() == Some(conversation) {
        return;
    }
    let me = state.account();
    let is_own = state
        .inbox
        .row(conversation)
        .is_some_and(|row| row.assignee.iter().chain(&row.person).any(|who| Some(who.account) == me));
    let is_wanted = match state.inbox.notifications.value.unwrap_or_default().hear {
        Hear::All => true,
        Hear::Mine => is_own || why != Why::Waits,
        Hear::None => false,
    };
    let Some(business) = state.inbox.business.filter(|_| is_wanted) else { return };
    // In the list a row that moves says enough of a visitor; elsewhere in the house nothing else does.
    if why != Why::Waits || state.page.section() != Some(Section::Inbox) {
        state.said = Some(Said::Called(why));
    }
    effects.push(Outer::Inbox(Effect::Call { business, conversation, why }));
}

/// Takes a row. Where its visitor came, went, was blocked or is called otherwise, what is held of them may be another, too.
fn row_take(state: &mut State, row: ConversationRow, effects: &mut Vec<Outer>) {
    let conversation = row.conversation;
    let look = |state: &State| {
        state.inbox.row(conversation).map(|row| (row.present, row.is_blocked, row.name.clone()))
    };
    let before = look(state);
    state.inbox.list.take(row);
    let is_filled = thread_of(state, conversation).is_some_and(|thread| thread.slot.value.is_some());
    if is_filled && before.is_some() && before != look(state) {
        ask(state, InboxAsk::Open(conversation), effects);
    }
}

fn gone(state: &mut State, conversation: ConversationId, effects: &mut Vec<Outer>) {
    state.inbox.list.lose(conversation);
    state.inbox.drafts.retain(|draft| draft.conversation != conversation);
    state.inbox.deeds.retain(|(of, _)| *of != conversation);
    if state.record.about.0 == Some(conversation) {
        state.record.about = Default::default();
    }
    files::forget(&mut state.inbox, Some(conversation), effects);
    effects.push(Outer::Inbox(Effect::Forget(Some(conversation))));
    if state.inbox.open() == Some(conversation) {
        // Nothing of it stays, also not in memory; the page says that it is gone.
        thread_leave(state, effects);
        let mut thread = Thread::new(conversation);
        thread.slot.refuse(Refusal::of(Kind::NotFound));
        state.inbox.thread = Some(thread);
    }
}

fn thread_heard(state: &mut State, event: DeskEvent, effects: &mut Vec<Outer>) {
    let Some(thread) = &mut state.inbox.thread else { return };
    let before = thread.cursor();
    match event {
        DeskEvent::Catchup(catchup) => {
            let more = catchup.more;
            thread.catch_up(catchup);
            if more {
                resume(state, Line::Thread, effects);
            }
        }
        DeskEvent::Message(message) => {
            thread.take(message);
            if thread.has_gap() {
                after(state, effects);
            }
        }
        DeskEvent::Note(note) => thread.take_note(note),
        DeskEvent::NoteGone { note } => drop(thread.notes.remove(&note)),
        DeskEvent::TurnStarted { turn } => {
            thread.turn = Some(super::thread::Turn { turn, text: Personal::default() });
        }
        DeskEvent::Delta { turn, at, text } => {
            if !thread.write(turn, at, text.expose()) {
                resume(state, Line::Thread, effects);
            }
        }
        DeskEvent::TurnEnded { turn } => thread.end(turn),
        DeskEvent::Typing(typist) => {
            thread.typing = Some(typist);
            thread.typing_signs = thread.typing_signs.saturating_add(1);
            effects.push(Outer::Inbox(Effect::TypingFade(thread.conversation)));
        }
        DeskEvent::Marks(marks) => return thread.mark(marks),
    }
    effects.push(Outer::Inbox(Effect::ScrollDown { always: false }));
    if state.inbox.thread.as_ref().is_some_and(|thread| thread.cursor() > before) {
        read(state, effects);
    }
}

/// Something that was asked was answered.
pub fn answered(state: &mut State, asked: &InboxAsk, answer: InboxAnswer, effects: &mut Vec<Outer>) {
    deed_next(state, asked, effects);
    match answer {
        InboxAnswer::Page(page) => {
            if let InboxAsk::Page(filter, before) = asked {
                page_take(state, filter, before.as_ref(), page, effects);
            }
        }
        InboxAnswer::Found(page) => {
            if let InboxAsk::Search(search) = asked {
                found_take(state, search, page);
            }
        }
        InboxAnswer::Changes(changes) => {
            let more = changes.more.then(|| changes.cursor.clone());
            list_heard(state, InboxEvent::Changes(changes), effects);
            if let Some(cursor) = more {
                ask(state, InboxAsk::Changes(cursor), effects);
            }
        }
        InboxAnswer::Counts(counts) => state.inbox.counts = Some(counts),
        InboxAnswer::Labels(labels) => state.inbox.labels.fill(labels),
        InboxAnswer::Replies(replies) => state.inbox.replies.fill(replies),
        InboxAnswer::Views(views) => state.inbox.views.fill(views),
        InboxAnswer::Notifications(notifications) => state.inbox.notifications.fill(notifications),
        InboxAnswer::HandOff(rules) => state.inbox.hand_off.fill(rules),
        InboxAnswer::Opened(view) => {
            let conversation = view.row.conversation;
            let is_asked = state.inbox.thread.as_ref().is_some_and(|it| {
                // An answer that was on its way when it went comes to a place that waits for none.
                it.conversation == conversation && it.slot.loading
            });
            if state.inbox.list.is_gone(conversation) && !is_asked {
                return;
            }
            state.inbox.list.regain(conversation);
            state.inbox.list.take(view.row.clone());
            let Some(thread) = thread_of(state, conversation) else { return };
            let is_first = thread.slot.value.is_none();
            let is_read = !view.row.unread;
            thread.fill(view);
            if is_read {
                thread.read = thread.visitors_last();
            }
            arrange(state);
            if is_first {
                resume(state, Line::Thread, effects);
            } else if thread_of(state, conversation).is_some_and(|it| it.has_gap()) {
                after(state, effects);
            }
            effects.push(Outer::Inbox(Effect::ScrollDown { always: is_first }));
            read(state, effects);
        }
        InboxAnswer::Catchup(catchup) => match asked {
            InboxAsk::Before(conversation, before) => {
                if let Some(thread) = thread_of(state, *conversation) {
                    thread.take_older(*before, catchup);
                }
            }
            InboxAsk::After(conversation, _) => {
                let more = catchup.more;
                if let Some(thread) = thread_of(state, *conversation) {
                    thread.catch_up(catchup);
                    if more {
                        after(state, effects);
                    }
                    effects.push(Outer::Inbox(Effect::ScrollDown { always: false }));
                }
            }
            _ => {}
        },
        InboxAnswer::Ticket(ticket) => ticketed(state, asked, ticket.ticket, effects),
        InboxAnswer::Row(row) => {
            said(state, asked);
            row_take(state, row, effects);
            arrange(state);
        }
        InboxAnswer::Rows(done) => {
            if let InboxAsk::Bulk(change) = asked {
                let (done_count, all) = (done.rows.len(), change.conversations.len());
                state.inbox.partly = (done_count < all).then_some((done_count, all)).or(state.inbox.partly);
                // What was picked meanwhile stays picked.
                state.inbox.list.picked.retain(|picked| !change.conversations.contains(picked));
                state.said = (done_count == all).then_some(Said::Saved);
            }
            for row in done.rows {
                row_take(state, row, effects);
            }
            arrange(state);
            if matches!(asked, InboxAsk::Bulk(_)) {
                // The reader moved these rows, pointing where they will.
                let (me, open) = (state.account(), state.inbox.open());
                state.inbox.list.show_newer(me, open);
            }
            bulk_next(state, asked, effects);
        }
        InboxAnswer::Sent(sent) => {
            if let InboxAsk::Reply(conversation, reply) = asked {
                draft_end(state, reply.draft);
                if let Some(thread) = thread_of(state, *conversation) {
                    if sent.is_mailed {
                        thread.mailed.insert(sent.message.message.sequence);
                    }
                    thread.take(sent.message);
                    if thread.has_gap() {
                        after(state, effects);
                    }
                    effects.push(Outer::Inbox(Effect::ScrollDown { always: false }));
                }
            }
            row_take(state, sent.row, effects);
            arrange(state);
        }
        InboxAnswer::Noted(note) => {
            if let InboxAsk::Note(conversation, written) = asked {
                draft_end(state, written.draft);
                if let Some(thread) = thread_of(state, *conversation) {
                    thread.take_note(note);
                    effects.push(Outer::Inbox(Effect::ScrollDown { always: false }));
                }
            }
        }
        InboxAnswer::Suggestion(suggestion) => match asked {
            InboxAsk::Translation(conversation, Some(sequence), _) => {
                if let Some(thread) = thread_of(state, *conversation) {
                    thread.translations.entry(*sequence).or_default().fill(suggestion.text);
                }
            }
            InboxAsk::Translation(conversation, None, AskTranslation { text, .. }) => {
                suggest(state, *conversation, text.expose(), suggestion.text);
            }
            InboxAsk::Draft(conversation, AskDraft { intent }) => {
                let of = intent.as_ref().map(|intent| intent.expose().as_str()).unwrap_or_default();
                suggest(state, *conversation, of, suggestion.text);
            }
            _ => {}
        },
        InboxAnswer::Done => done(state, asked, effects),
    }
}

fn suggest(state: &mut State, conversation: ConversationId, of: &str, words: Personal<String>) {
    if let Some(thread) = thread_of(state, conversation) {
        thread.suggestion = Some(Suggested { of: of.to_owned(), words });
    }
}

/// The thread, if it is the open one, and not gone: what was on its way to it is not kept.
fn thread_of(state: &mut State, conversation: ConversationId) -> Option<&mut Thread> {
    let is_gone = state.inbox.list.is_gone(conversation);
    state.inbox.thread.as_mut().filter(|thread| thread.conversation == conversation && !is_gone)
}

fn ticketed(
    state: &State,
    asked: &InboxAsk,
    ticket: shared::privacy::Secret<String>,
    effects: &mut Vec<Outer>,
) {
    let Some(business) = state.inbox.business else { return };
    let (line, attempt, conversation, now) = match asked {
        InboxAsk::ListTicket(attempt) => (Line::List, *attempt, None, Some(state.inbox.link)),
        InboxAsk::ThreadTicket(conversation, attempt) => {
            let thread = state.inbox.thread.as_ref().filter(|it| it.conversation == *conversation);
            (Line::Thread, *attempt, Some(*conversation), thread.map(|it| it.link))
        }
        _ => return,
    };
    if now.is_some_and(|link| link.is_wanted() && link.attempt() == attempt) {
        effects.push(Outer::Inbox(Effect::Connect { line, attempt, business, conversation, ticket }));
    }
}

fn page_take(
    state: &mut State,
    filter: &Filter,
    before: Option<&String>,
    page: ConversationPage,
    effects: &mut Vec<Outer>,
) {
    let inbox = &mut state.inbox;
    let is_ours = inbox.list.is_of(filter, None);
    let rows = page.rows.len();
    for row in page.rows {
        inbox.list.take(row);
    }
    if is_ours && (before.is_none() || before == inbox.list.before.as_ref()) {
        // A first page that is asked for again must not forget the further ones.
        if before.is_some() || !inbox.list.is_filled {
            inbox.list.before = page.before;
            inbox.list.looked_back_to = page.looked_back_to;
        }
        inbox.list.is_filled = true;
        inbox.slot.fill(());
    }
    let is_first_cursor = inbox.cursor.is_none();
    if before.is_none() {
        inbox.cursor.get_or_insert(page.cursor);
    }
    arrange(state);
    if is_first_cursor && !state.inbox.link.is_wanted() {
        let mut wants = Vec::new();
        state.inbox.link.open(&mut wants);
        perform(state, Line::List, wants, effects);
    }
    // A page may have looked at a thousand conversations and found none: the next one is asked for at once.
    if is_ours && rows == 0 && state.inbox.list.shown.is_empty() && state.inbox.list.before.is_some() {
        step(state, Event::MoreAsked, effects);
    }
}

fn found_take(state: &mut State, search: &Search, page: SearchPage) {
    let list = &mut state.inbox.list;
    if list.is_of(&search.filter, Some(&search.words)) {
        list.before = page.before;
        list.looked_back_to = page.looked_back_to;
        list.find(page.rows);
        list.is_filled = true;
        state.inbox.slot.fill(());
        arrange(state);
    }
}

/// Says what was done, where it is not to be seen by itself.
fn said(state: &mut State, asked: &InboxAsk) {
    if let InboxAsk::Deed(_, deed) = asked {
        state.said = match deed {
            Deed::Take(_) => Some(Said::TakenOver),
            Deed::GiveBack => Some(Said::GivenBack),
            Deed::Close => Some(Said::ThreadClosed),
            Deed::Snooze(_) => Some(Said::Snoozed),
            _ => state.said,
        };
    }
}

fn done(state: &mut State, asked: &InboxAsk, effects: &mut Vec<Outer>) {
    let again = match asked {
        InboxAsk::ReplyPut(..) | InboxAsk::ReplyDelete(_) => InboxAsk::Replies,
        InboxAsk::LabelPut(..) | InboxAsk::LabelDelete(_) => InboxAsk::Labels,
        InboxAsk::ViewMake(_) | InboxAsk::ViewPut(..) | InboxAsk::ViewDelete(_) => InboxAsk::Views,
        InboxAsk::NotificationsPut(_) => InboxAsk::Notifications,
        InboxAsk::HandOffPut(_) => InboxAsk::HandOff,
        InboxAsk::NoteDelete(conversation, note) => {
            if let Some(thread) = thread_of(state, *conversation) {
                thread.notes.remove(note);
            }
            return;
        }
        _ => return,
    };
    let is_gone =
        matches!(asked, InboxAsk::ReplyDelete(_) | InboxAsk::LabelDelete(_) | InboxAsk::ViewDelete(_));
    state.said = Some(if is_gone { Said::Deleted } else { Said::Saved });
    begin(&mut state.inbox, &again);
    if let Some(business) = state.page.business() {
        effects.push(call(business, again));
    }
}

/// Something that was asked was refused.
pub fn refused(state: &mut State, asked: &InboxAsk, refusal: Refusal, effects: &mut Vec<Outer>) {
    deed_next(state, asked, effects);
    bulk_next(state, asked, effects);
    match asked {
        InboxAsk::Page(filter, _) if state.inbox.list.is_of(filter, None) => state.inbox.slot.refuse(refusal),
        InboxAsk::Search(Search { filter, words, .. }) if state.inbox.list.is_of(filter, Some(words)) => {
            state.inbox.slot.refuse(refusal);
        }
        InboxAsk::Labels => state.inbox.labels.refuse(refusal),
        InboxAsk::Replies => state.inbox.replies.refuse(refusal),
        InboxAsk::Views => state.inbox.views.refuse(refusal),
        InboxAsk::Notifications => state.inbox.notifications.refuse(refusal),
        InboxAsk::HandOff => state.inbox.hand_off.refuse(refusal),
        InboxAsk::Open(conversation)
        | InboxAsk::After(conversation, _)
        | InboxAsk::ThreadTicket(conversation, _)
            if refusal.kind() == Some(Kind::NotFound) =>
        {
            gone(state, *conversation, effects);
        }
        InboxAsk::Open(conversation) => {
            if let Some(thread) = thread_of(state, *conversation) {
                thread.slot.refuse(refusal);
            }
        }
        InboxAsk::Before(conversation, _) => {
            if let Some(thread) = thread_of(state, *conversation) {
                thread.older_loading = false;
            }
        }
        InboxAsk::ListTicket(attempt) => {
            with_link(state, Line::List, *attempt, effects, |link, wants| link.failed(false, 0, wants));
        }
        InboxAsk::ThreadTicket(_, attempt) => {
            with_link(state, Line::Thread, *attempt, effects, |link, wants| link.failed(false, 0, wants));
        }
        InboxAsk::Reply(conversation, WriteReply { draft, .. })
        | InboxAsk::Note(conversation, WriteNote { draft, .. }) => {
            // Whether it can still be answered, what is there now says.
            let is_told = matches!(refusal.kind(), Some(Kind::NotFound | Kind::ConversationRestricted));
            fare(state, *draft, Fate::Failed(refusal));
            if state.inbox.open() != Some(*conversation) {
                state.said = Some(Said::NotSent);
            } else if is_told {
                ask(state, InboxAsk::Open(*conversation), effects);
            }
        }
        // What is missing in the thread is asked for again once its socket is back.
        InboxAsk::After(conversation, _)
            if thread_of(state, *conversation).is_some_and(|it| it.has_gap()) =>
        {
            let attempt = thread_of(state, *conversation).map_or(0, |thread| thread.link.attempt());
            with_link(state, Line::Thread, attempt, effects, |link, wants| link.failed(false, 0, wants));
        }
        InboxAsk::Translation(conversation, Some(sequence), _) => {
            if let Some(thread) = thread_of(state, *conversation) {
                thread.translations.entry(*sequence).or_default().refuse(refusal);
            }
        }
        // Read it is once the next look says so.
        InboxAsk::Deed(conversation, Deed::Read(_)) if refusal.kind() != Some(Kind::NotFound) => {
            if let Some(thread) = thread_of(state, *conversation) {
                thread.read = 0;
            }
        }
        // Where a deed no longer fits, what is there now is shown.
        InboxAsk::Deed(conversation, _) if state.inbox.open() == Some(*conversation) => {
            ask(state, InboxAsk::Open(*conversation), effects);
        }
        _ => {}
    }
}

/// The reader may do something here.
pub fn may_answer(state: &State) -> bool {
    state.reaches(Role::Manager)
}
