//! What comes of an event at the desk.

use shared::id::{BusinessId, ConversationId};
use shared::privacy::Personal;
use shared::wire::admin::inbox::deed::{BulkChange, BulkDeed, MarkRead, WriteNote, WriteReply};
use shared::wire::admin::inbox::list::{ConversationPage, ConversationRow, Filter, Search, SearchPage};
use shared::wire::admin::inbox::live::{DeskCommand, DeskEvent, InboxCommand, InboxEvent};
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;

use super::files;
use super::link::Want;
use super::{Deed, Draft, Effect, Event, Fate, Inbox, InboxAnswer, InboxAsk, Line, Thread};
use crate::state::{Ask, Effect as Outer, Page, Refusal, Said, Section, State};

/// How many a bulk deed takes at once, as the edge does.
const BULK: usize = 50;

fn call(business: BusinessId, ask: InboxAsk) -> Outer {
    Outer::Call(Ask::Inbox(business, Box::new(ask)))
}

fn ask(state: &State, ask: InboxAsk, effects: &mut Vec<Outer>) {
    if let Some(business) = state.inbox.business {
        effects.push(call(business, ask));
    }
}

fn arrange(state: &mut State) {
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
    if state.inbox.business != Some(business) {
        leave(state, effects);
        let (now, visible) = (state.inbox.now, state.inbox.visible);
        state.inbox = Inbox { business: Some(business), now, visible, ..Inbox::default() };
        for slot in [InboxAsk::Labels, InboxAsk::Replies, InboxAsk::Views, InboxAsk::Notifications] {
            begin(&mut state.inbox, &slot);
            effects.push(call(business, slot));
        }
    }
    list_begin(state, effects);
    ask(state, InboxAsk::Counts, effects);
    if state.inbox.open() != state.page.conversation() {
        thread_leave(state, effects);
    }
    match (state.page.conversation(), state.inbox.thread.is_some()) {
        (Some(conversation), false) => thread_open(state, conversation, effects),
        (Some(conversation), true) => ask(state, InboxAsk::Open(conversation), effects),
        (None, _) => {}
    }
}

/// What the page of replies, labels and rules shows.
pub fn settle_settings(state: &mut State, business: BusinessId, effects: &mut Vec<Outer>) {
    if state.inbox.business != Some(business) {
        leave(state, effects);
        state.inbox = Inbox { now: state.inbox.now, visible: state.inbox.visible, ..Inbox::default() };
    }
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
    files::forget(&mut state.inbox, effects);
    let mut wants = Vec::new();
    state.inbox.link.close(&mut wants);
    perform(state, Line::List, wants, effects);
    if state.inbox.business.take().is_some() {
        effects.push(Outer::Inbox(Effect::Forget));
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
            (Want::Poll, Line::Thread, Some(thread)) => {
                ask(state, InboxAsk::After(thread.conversation, thread.cursor()), effects);
            }
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
        Event::Clock(now) => state.inbox.now = now,
        Event::FilterChosen(filter) => {
            state.inbox.list.words = None;
            filter_set(state, filter, effects);
        }
        Event::SearchAsked(words) => {
            if words != state.inbox.list.words {
                state.inbox.list.words = words;
                let filter = state.inbox.list.filter.clone();
                filter_set(state, filter, effects);
            }
        }
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
            let draft = Draft { id, text: Personal::new(text), files, is_note, at, fate: Fate::Sending };
            if let Some(thread) = &mut state.inbox.thread {
                thread.drafts.push(draft.clone());
                send(state, &draft, effects);
                effects.push(Outer::Inbox(Effect::ScrollDown { always: true }));
            }
        }
        Event::FileChosen { key, name, bytes } => {
            files::choose(&mut state.inbox, key, name, bytes, effects);
        }
        Event::FileFares(key, fate) => files::fare(&mut state.inbox, key, fate),
        Event::FileDropped(key) => files::drop_one(&mut state.inbox, key, effects),
        Event::SentAgain(id) => {
            let Some(thread) = &mut state.inbox.thread else { return };
            thread.fare(id, Fate::Sending);
            if let Some(draft) = thread.drafts.iter().find(|draft| draft.id == id).cloned() {
                send(state, &draft, effects);
            }
        }
        Event::DraftDropped(id) => {
            if let Some(thread) = &mut state.inbox.thread {
                thread.drafts.retain(|draft| draft.id != id);
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

fn filter_set(state: &mut State, filter: Filter, effects: &mut Vec<Outer>) {
    state.inbox.list.filter = filter;
    state.inbox.list.restart();
    state.inbox.partly = None;
    list_begin(state, effects);
}

fn bulk(state: &mut State, deed: BulkDeed, effects: &mut Vec<Outer>) {
    let conversations: Vec<_> = state.inbox.list.picked.iter().copied().collect();
    if let (Some(business), false) = (state.inbox.business, conversations.is_empty()) {
        state.inbox.partly = None;
        let change = InboxAsk::Bulk(BulkChange { conversations, deed });
        crate::state::update::asked(state, Ask::Inbox(business, Box::new(change)), effects);
    }
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

fn send(state: &State, draft: &Draft, effects: &mut Vec<Outer>) {
    let Some(conversation) = state.inbox.open() else { return };
    let text = draft.text.clone();
    let words = if draft.is_note {
        InboxAsk::Note(conversation, WriteNote { draft: draft.id, text })
    } else {
        let files = draft.files.iter().map(|file| file.id).collect();
        InboxAsk::Reply(conversation, WriteReply { draft: draft.id, text, files, close: false })
    };
    ask(state, words, effects);
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
            if let Some(thread) = &state.inbox.thread {
                let after_note = thread.notes.last_key_value().map(|(note, _)| *note);
                let resume = DeskCommand::Resume { after: thread.cursor(), after_note };
                effects.push(Outer::Inbox(Effect::ThreadSay(resume)));
            }
        }
    }
}

fn list_heard(state: &mut State, event: InboxEvent, effects: &mut Vec<Outer>) {
    match event {
        InboxEvent::Changes(changes) => {
            state.inbox.cursor = Some(changes.cursor);
            for row in changes.rows {
                state.inbox.list.take(row);
            }
            for conversation in changes.gone {
                gone(state, conversation, effects);
            }
            arrange(state);
        }
        InboxEvent::Row(row) => row_take(state, *row),
        InboxEvent::Gone { conversation } => gone(state, conversation, effects),
        InboxEvent::Call { conversation, is_mention } => {
            // Whoever has it before their eyes need not be called.
            let is_seen = state.inbox.visible && state.inbox.open() == Some(conversation);
            if let (Some(business), false) = (state.inbox.business, is_seen) {
                let call = Effect::Call { business, conversation, is_mention };
                effects.push(Outer::Inbox(call));
            }
        }
        InboxEvent::Counts(counts) => state.inbox.counts = Some(counts),
        InboxEvent::Presence(presence) => state.inbox.presence = presence,
    }
}

fn row_take(state: &mut State, row: ConversationRow) {
    if state.inbox.list.take(row) {
        arrange(state);
    }
}

fn gone(state: &mut State, conversation: ConversationId, effects: &mut Vec<Outer>) {
    state.inbox.list.lose(conversation);
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
            let sequence = message.message.sequence;
            thread.take(message);
            if before > 0 && sequence > before.saturating_add(1) {
                // Something between was not told.
                let after = InboxAsk::After(thread.conversation, before);
                ask(state, after, effects);
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
            state.inbox.list.take(view.row.clone());
            let Some(thread) =
                state.inbox.thread.as_mut().filter(|it| it.conversation == view.row.conversation)
            else {
                return;
            };
            let is_first = thread.slot.value.is_none();
            let is_read = !view.row.unread;
            thread.fill(view);
            if is_read {
                thread.read = thread.visitors_last();
            }
            arrange(state);
            effects.push(Outer::Inbox(Effect::ScrollDown { always: is_first }));
            read(state, effects);
        }
        InboxAnswer::Catchup(catchup) => match asked {
            InboxAsk::Before(conversation, _) => {
                if let Some(thread) = thread_of(state, *conversation) {
                    thread.take_older(catchup);
                }
            }
            InboxAsk::After(conversation, _) => {
                let more = catchup.more;
                if let Some(thread) = thread_of(state, *conversation) {
                    thread.catch_up(catchup);
                    let cursor = thread.cursor();
                    if more {
                        ask(state, InboxAsk::After(*conversation, cursor), effects);
                    }
                    effects.push(Outer::Inbox(Effect::ScrollDown { always: false }));
                }
            }
            _ => {}
        },
        InboxAnswer::Ticket(ticket) => ticketed(state, asked, ticket.ticket, effects),
        InboxAnswer::Row(row) => {
            said(state, asked);
            if let InboxAsk::Deed(conversation, Deed::Block(block)) = asked
                && let Some(visitor) = thread_of(state, *conversation).and_then(|it| it.visitor.as_mut())
            {
                visitor.is_blocked = block.is_blocked;
            }
            row_take(state, row);
        }
        InboxAnswer::Rows(done) => {
            if let InboxAsk::Bulk(change) = asked {
                let (done_count, all) = (done.rows.len(), change.conversations.len());
                state.inbox.partly = (done_count < all).then_some((done_count, all));
                state.inbox.list.picked.clear();
                state.said = (done_count == all).then_some(Said::Saved);
            }
            for row in done.rows {
                state.inbox.list.take(row);
            }
            arrange(state);
        }
        InboxAnswer::Sent(sent) => {
            if let InboxAsk::Reply(conversation, reply) = asked
                && let Some(thread) = thread_of(state, *conversation)
            {
                thread.drafts.retain(|draft| draft.id != reply.draft);
                if sent.is_mailed {
                    thread.mailed.insert(sent.message.message.sequence);
                }
                thread.take(sent.message);
                effects.push(Outer::Inbox(Effect::ScrollDown { always: false }));
            }
            row_take(state, sent.row);
        }
        InboxAnswer::Noted(note) => {
            if let InboxAsk::Note(conversation, written) = asked
                && let Some(thread) = thread_of(state, *conversation)
            {
                thread.drafts.retain(|draft| draft.id != written.draft);
                thread.take_note(note);
                effects.push(Outer::Inbox(Effect::ScrollDown { always: false }));
            }
        }
        InboxAnswer::Suggestion(suggestion) => match asked {
            InboxAsk::Translation(conversation, Some(sequence), _) => {
                if let Some(thread) = thread_of(state, *conversation) {
                    thread.translations.entry(*sequence).or_default().fill(suggestion.text);
                }
            }
            InboxAsk::Translation(conversation, None, _) | InboxAsk::Draft(conversation, _) => {
                if let Some(thread) = thread_of(state, *conversation) {
                    thread.suggestion = Some(suggestion.text);
                }
            }
            _ => {}
        },
        InboxAnswer::Done => done(state, asked, effects),
    }
}

fn thread_of(state: &mut State, conversation: ConversationId) -> Option<&mut Thread> {
    state.inbox.thread.as_mut().filter(|thread| thread.conversation == conversation)
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
    let is_ours = inbox.list.words.is_none() && inbox.list.filter == *filter;
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
    if list.words.as_ref() == Some(&search.words) && list.filter == search.filter {
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
    match asked {
        InboxAsk::Page(..) | InboxAsk::Search(_) => state.inbox.slot.refuse(refusal),
        InboxAsk::Labels => state.inbox.labels.refuse(refusal),
        InboxAsk::Replies => state.inbox.replies.refuse(refusal),
        InboxAsk::Views => state.inbox.views.refuse(refusal),
        InboxAsk::Notifications => state.inbox.notifications.refuse(refusal),
        InboxAsk::HandOff => state.inbox.hand_off.refuse(refusal),
        InboxAsk::Open(conversation) => {
            if refusal.kind() == Some(Kind::NotFound) {
                gone(state, *conversation, effects);
            } else if let Some(thread) = thread_of(state, *conversation) {
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
            if let Some(thread) = thread_of(state, *conversation) {
                thread.fare(*draft, Fate::Failed(refusal));
            }
        }
        InboxAsk::Translation(conversation, Some(sequence), _) => {
            if let Some(thread) = thread_of(state, *conversation) {
                thread.translations.entry(*sequence).or_default().refuse(refusal);
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
