//! What a team at its desk relies on, proven without a browser.

use proptest::prelude::*;
use shared::id::{AccountId, FileId, MessageId, NoteId, SessionId, TurnId};
use shared::limits::FILE_BYTES;
use shared::privacy::Personal;
use shared::wire::admin::account::{Me, Membership};
use shared::wire::admin::inbox::conversation::{
    ConversationView, DeskCatchup, DeskMessage, Marks, Note, Reach, VisitorCard,
};
use shared::wire::admin::inbox::deed::{BulkDone, SentReply, TakeOver, WriteReply};
use shared::wire::admin::inbox::list::{ConversationPage, Priority, Who, Work};
use shared::wire::admin::inbox::live::{DeskEvent, InboxEvent, Typist};
use shared::wire::admin::team::Role;
use shared::wire::file::Attachment;
use shared::wire::message::{Body, Message, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::{State as Stage, Ticket};

mod cursor;
mod deeds;
mod drafts;

use super::*;
use crate::state::{
    Answer, Ask, Effect as Outer, Event as Outermost, Page, Pane, Preferences, Refusal, Section, update,
};

const NOW: Millis = Millis::new(1_795_000_000_000);

pub(super) fn business() -> BusinessId {
    BusinessId::mint(NOW, [1; 10])
}

pub(super) fn conversation(number: u8) -> ConversationId {
    ConversationId::mint(NOW, [number; 10])
}

pub(super) fn account() -> AccountId {
    AccountId::mint(NOW, [9; 10])
}

pub(super) fn me(role: Role) -> Answer {
    Answer::Me(Box::new(Me {
        account: account(),
        name: Personal::new("Claire B.".into()),
        email: Personal::new("claire@hotel.example".into()),
        locale: "fr".into(),
        analytics: false,
        opted_out: false,
        operator: false,
        memberships: vec![Membership { business: business(), name: "House".into(), role }],
        email_change: None,
        csrf: Secret::new("csrf".into()),
        session: SessionId::mint(NOW, [8; 10]),
    }))
}

/// A row as old as its number says, changed so often.
pub(super) fn row(number: u8, change: u64) -> ConversationRow {
    let at = NOW.plus_ms(i64::from(number));
    ConversationRow {
        conversation: conversation(number),
        site: SiteId::mint(NOW, [1; 10]),
        work: Work::Open,
        state: Stage::Requested,
        locale: "fr".into(),
        assignee: None,
        person: None,
        labels: Vec::new(),
        priority: Priority::Normal,
        unread: true,
        present: true,
        name: None,
        preview: None,
        waiting_since: None,
        requested_at: None,
        first_answer_at: None,
        snoozed_until: None,
        is_spam: false,
        is_blocked: false,
        restricted_at: None,
        created_at: NOW,
        last_message_at: at,
        until: at,
        change,
    }
}

pub(super) fn message(sequence: u32, origin: Origin, text: &str) -> DeskMessage {
    DeskMessage {
        message: Message {
            id: MessageId::mint(NOW, [u8::try_from(sequence % 250).unwrap_or_default(); 10]),
            sequence,
            draft: None,
            origin,
            at: NOW,
            until: NOW,
            body: Body::Text { text: Personal::new(text.into()), sources: Vec::new() },
            ai: None,
            author: None,
            attachments: Vec::new(),
        },
        by: None,
    }
}

pub(super) fn page(rows: &[u8]) -> InboxAnswer {
    InboxAnswer::Page(ConversationPage {
        rows: rows.iter().map(|number| row(*number, 1)).collect(),
        before: None,
        looked_back_to: None,
        cursor: "c1".into(),
    })
}

pub(super) fn opened(number: u8, messages: Vec<DeskMessage>) -> InboxAnswer {
    InboxAnswer::Opened(ConversationView {
        row: row(number, 2),
        visitor: VisitorCard {
            held: Vec::new(),
            is_email_verified: false,
            objects_to_mail: false,
            reach: Reach::Page,
            last_seen_at: NOW,
            is_blocked: false,
            on_hold: None,
            oldest_until: None,
            newest_until: None,
        },
        thread: DeskCatchup { messages, notes: Vec::new(), more: false, marks: Marks::default(), turn: None },
        can_suggest: false,
        limit_days: None,
    })
}

pub(super) fn at(page: &Page) -> State {
    let mut state = State::default();
    update(&mut state, Outermost::Booted(page.clone(), Preferences::default()));
    update(&mut state, Outermost::Answered(Ask::Me, Ok(me(Role::Manager))));
    state
}

/// Somebody at the list, with these rows in it.
pub(super) fn desk(rows: &[u8]) -> State {
    let mut state = at(&Page::In(business(), Section::Inbox));
    answer(&mut state, InboxAsk::Page(Tab::Open.filter(), None), page(rows));
    state
}

/// Somebody in a conversation, of which this is known.
pub(super) fn talk(number: u8, messages: Vec<DeskMessage>) -> State {
    let mut state = desk(&[number]);
    update(&mut state, Outermost::Went(Page::Thread(business(), conversation(number), Pane::Thread)));
    answer(&mut state, InboxAsk::Open(conversation(number)), opened(number, messages));
    state
}

pub(super) fn answer(state: &mut State, ask: InboxAsk, answer: InboxAnswer) -> Vec<Outer> {
    update(
        state,
        Outermost::Answered(Ask::Inbox(business(), Box::new(ask)), Ok(Answer::Inbox(Box::new(answer)))),
    )
}

pub(super) fn refuse(state: &mut State, ask: InboxAsk, kind: Kind) -> Vec<Outer> {
    update(state, Outermost::Answered(Ask::Inbox(business(), Box::new(ask)), Err(Refusal::of(kind))))
}

pub(super) fn did(state: &mut State, event: Event) -> Vec<Outer> {
    update(state, Outermost::Inbox(event))
}

pub(super) fn list_says(state: &mut State, event: InboxEvent) -> Vec<Outer> {
    let attempt = state.inbox.link.attempt();
    did(state, Event::ListHeard(attempt, Some(Box::new(event))))
}

pub(super) fn thread_says(state: &mut State, event: DeskEvent) -> Vec<Outer> {
    let attempt = state.inbox.thread.as_ref().map_or(0, |thread| thread.link.attempt());
    did(state, Event::ThreadHeard(attempt, Some(Box::new(event))))
}

pub(super) fn asked(effects: &[Outer]) -> Vec<&InboxAsk> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Outer::Call(Ask::Inbox(_, ask)) => Some(&**ask),
            _ => None,
        })
        .collect()
}

/// What the open thread shows, in order.
fn entries(state: &State) -> Vec<Entry> {
    let entries = state.inbox.thread.as_ref().map(|thread| thread.entries(&state.inbox.drafts));
    entries.unwrap_or_default().into_iter().map(|(entry, ..)| entry).collect()
}

/// Goes to a conversation of which nothing has come yet.
fn go(state: &mut State, number: u8) -> Vec<Outer> {
    update(state, Outermost::Went(Page::Thread(business(), conversation(number), Pane::Thread)))
}

pub(super) fn said(thread: &Thread) -> Vec<u32> {
    thread.messages.keys().copied().collect()
}

#[test]
fn the_list_is_the_newest_first_and_its_socket_opens_where_the_page_ended() {
    let mut state = desk(&[1, 3, 2]);
    assert_eq!(state.inbox.list.shown, [conversation(3), conversation(2), conversation(1)]);
    assert_eq!(state.inbox.cursor.as_deref(), Some("c1"));
    let attempt = state.inbox.link.attempt();
    let ticket = Ticket { ticket: Secret::new("t".into()), expires_at: NOW };
    let effects = answer(&mut state, InboxAsk::ListTicket(attempt), InboxAnswer::Ticket(ticket));
    assert!(matches!(effects.as_slice(), [Outer::Inbox(Effect::Connect { line: Line::List, .. })]));
    let effects = did(&mut state, Event::SocketOpened(Line::List, attempt));
    assert!(effects.contains(&Outer::Inbox(Effect::ListSay(InboxCommand::Resume { after: "c1".into() }))));
}

#[test]
fn a_page_of_a_view_that_was_left_says_nothing_over_the_one_that_is_there() {
    let mut state = desk(&[1]);
    did(&mut state, Event::FilterChosen(Tab::Mine.filter()));
    refuse(&mut state, InboxAsk::Page(Tab::Open.filter(), None), Kind::Unavailable);
    assert_eq!(state.inbox.slot.refusal, None);
    refuse(&mut state, InboxAsk::Page(Tab::Mine.filter(), None), Kind::Unavailable);
    assert!(state.inbox.slot.refusal.is_some());
}

#[test]
fn a_row_that_changes_moves_up_and_an_older_telling_of_it_does_not_undo_that() {
    let mut state = desk(&[1, 2]);
    list_says(
        &mut state,
        InboxEvent::Row(Box::new(ConversationRow { last_message_at: NOW.plus_ms(50), ..row(1, 5) })),
    );
    assert_eq!(state.inbox.list.shown, [conversation(1), conversation(2)]);
    list_says(&mut state, InboxEvent::Row(Box::new(row(1, 4))));
    assert_eq!(state.inbox.list.shown, [conversation(1), conversation(2)], "an older telling is dropped");
}

#[test]
fn nothing_moves_under_the_pointer_and_what_came_meanwhile_is_counted_and_shown_afterwards() {
    let mut state = desk(&[1, 2]);
    did(&mut state, Event::Held(true));
    list_says(&mut state, InboxEvent::Row(Box::new(row(9, 1))));
    list_says(
        &mut state,
        InboxEvent::Row(Box::new(ConversationRow { last_message_at: NOW.plus_ms(50), ..row(1, 5) })),
    );
    assert_eq!(state.inbox.list.shown, [conversation(2), conversation(1)]);
    assert_eq!(state.inbox.list.newer, 1);
    did(&mut state, Event::NewerShown);
    assert_eq!(state.inbox.list.shown, [conversation(1), conversation(9), conversation(2)]);
    did(&mut state, Event::Held(false));
    assert_eq!(state.inbox.list.newer, 0);
}

#[test]
fn a_conversation_that_leaves_the_view_keeps_its_place_while_it_is_open_and_goes_then() {
    let mut state = desk(&[1, 2, 3]);
    update(&mut state, Outermost::Went(Page::Thread(business(), conversation(2), Pane::Thread)));
    let closed = ConversationRow { work: Work::Closed, state: Stage::Closed, ..row(2, 7) };
    list_says(&mut state, InboxEvent::Row(Box::new(closed)));
    assert_eq!(state.inbox.list.shown, [conversation(3), conversation(2), conversation(1)]);
    assert_eq!(state.inbox.list.beside(Some(conversation(2)), true), Some(conversation(1)));
    update(&mut state, Outermost::Went(Page::Thread(business(), conversation(1), Pane::Thread)));
    assert_eq!(state.inbox.list.shown, [conversation(3), conversation(1)]);
}

#[test]
fn each_view_shows_what_it_says() {
    let mine = Who { account: account(), name: None };
    let other = Who { account: AccountId::mint(NOW, [7; 10]), name: None };
    let rows = [
        ("open", row(1, 1)),
        ("mine", ConversationRow { assignee: Some(mine), ..row(2, 1) }),
        ("theirs", ConversationRow { assignee: Some(other), ..row(3, 1) }),
        ("pending", ConversationRow { work: Work::Pending, ..row(4, 1) }),
        ("snoozed", ConversationRow { work: Work::Snoozed, ..row(5, 1) }),
        ("closed", ConversationRow { work: Work::Closed, ..row(6, 1) }),
        ("spam", ConversationRow { is_spam: true, ..row(7, 1) }),
    ];
    let shown = |tab: Tab| -> Vec<&str> {
        let filter = tab.filter();
        rows.iter().filter(|(_, row)| filter.holds(row, Some(account()))).map(|(name, _)| *name).collect()
    };
    assert_eq!(shown(Tab::Open), ["open", "mine", "theirs"]);
    assert_eq!(shown(Tab::Mine), ["mine"]);
    assert_eq!(shown(Tab::Unassigned), ["open"]);
    assert_eq!(shown(Tab::Pending), ["pending"]);
    assert_eq!(shown(Tab::Snoozed), ["snoozed"]);
    assert_eq!(shown(Tab::Closed), ["closed"]);
    assert_eq!(shown(Tab::Spam), ["spam"]);
    assert_eq!(shown(Tab::All).len(), 6);
}

#[test]
fn going_from_one_conversation_to_the_next_asks_for_that_one_only() {
    let mut state = desk(&[1, 2]);
    let effects =
        update(&mut state, Outermost::Went(Page::Thread(business(), conversation(1), Pane::Thread)));
    assert!(matches!(asked(&effects).as_slice(), [InboxAsk::Open(_), InboxAsk::ThreadTicket(..)]));
    assert!(!effects.contains(&Outer::Begin), "the desk stands as it is");
    let effects = update(&mut state, Outermost::Went(Page::Thread(business(), conversation(1), Pane::Card)));
    assert!(asked(&effects).is_empty(), "the card is there already");
    let effects =
        update(&mut state, Outermost::Went(Page::Thread(business(), conversation(2), Pane::Thread)));
    assert!(effects.contains(&Outer::Inbox(Effect::Disconnect(Line::Thread))));
}

#[test]
fn an_answer_streams_in_pieces_and_a_repeated_or_missing_piece_does_no_harm() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
    let turn = TurnId::mint(NOW, [3; 10]);
    let delta = |at, text: &str| DeskEvent::Delta { turn, at, text: Personal::new(text.into()) };
    thread_says(&mut state, DeskEvent::TurnStarted { turn });
    thread_says(&mut state, delta(0, "Oui, un lit bébé"));
    thread_says(&mut state, delta(4, " un lit bébé"));
    thread_says(&mut state, delta(4, " un lit bébé est possible"));
    let text = |state: &State| {
        state.inbox.thread.as_ref().and_then(|it| it.turn.clone()).map(|turn| turn.text.into_exposed())
    };
    assert_eq!(text(&state).as_deref(), Some("Oui, un lit bébé est possible"));
    let effects = thread_says(&mut state, delta(90, "…"));
    let resumed = |effect: &Outer| {
        matches!(effect, Outer::Inbox(Effect::ThreadSay(DeskCommand::Resume { after: 1, .. })))
    };
    assert!(effects.iter().any(resumed), "what is missing is asked for");
    thread_says(&mut state, DeskEvent::Message(message(2, Origin::Ai, "Oui, un lit bébé est possible.")));
    thread_says(&mut state, DeskEvent::TurnEnded { turn });
    assert_eq!(text(&state), None);
}

#[test]
fn a_reply_stands_at_once_and_is_there_once_whichever_telling_of_it_comes_first() {
    for socket_first in [true, false] {
        let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
        let id = DraftId::mint(NOW, [5; 10]);
        let effects =
            did(&mut state, Event::Written { id, text: "Bonsoir !".into(), is_note: false, at: NOW });
        let [ask @ InboxAsk::Reply(_, WriteReply { .. })] = asked(&effects)[..] else {
            panic!("a reply is asked")
        };
        assert_eq!(entries(&state).len(), 2);
        let kept = message(2, Origin::Human, "Bonsoir !");
        let sent = InboxAnswer::Sent(SentReply { message: kept.clone(), is_mailed: false, row: row(1, 9) });
        let ask = ask.clone();
        if socket_first {
            thread_says(&mut state, DeskEvent::Message(kept));
            assert_eq!(entries(&state).len(), 2);
            answer(&mut state, ask, sent);
        } else {
            answer(&mut state, ask, sent);
            thread_says(&mut state, DeskEvent::Message(kept));
        }
        let thread = state.inbox.thread.as_ref().expect("it is open");
        assert_eq!((said(thread), state.inbox.drafts.len()), (vec![1, 2], 0));
    }
}

fn attached(number: u8) -> Attachment {
    Attachment {
        id: FileId::mint(NOW, [number; 10]),
        name: Personal::new("plan.pdf".into()),
        media_type: "application/pdf".into(),
        bytes: 5,
        width: None,
        height: None,
        until: NOW,
    }
}

fn chosen(state: &mut State, key: u32, bytes: u64) -> Vec<Outer> {
    did(state, Event::FileChosen { key, name: "plan.pdf".into(), bytes })
}

#[test]
fn files_are_uploaded_at_once_and_go_with_the_next_reply_of_their_conversation() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
    let effects = chosen(&mut state, 7, 5);
    let upload = Effect::Upload { business: business(), conversation: conversation(1), key: 7 };
    assert_eq!(effects, [Outer::Inbox(upload)]);
    did(&mut state, Event::FileFares(7, FileFate::Uploading(50)));
    chosen(&mut state, 8, 5);
    did(&mut state, Event::FileFares(7, FileFate::Kept(attached(1))));
    let note =
        Event::Written { id: DraftId::mint(NOW, [4; 10]), text: "Look".into(), is_note: true, at: NOW };
    did(&mut state, note);
    let id = DraftId::mint(NOW, [5; 10]);
    let effects = did(&mut state, Event::Written { id, text: String::new(), is_note: false, at: NOW });
    let [InboxAsk::Reply(_, reply)] = asked(&effects)[..] else { panic!("a reply is asked") };
    assert_eq!(reply.files, [attached(1).id], "what is still on its way waits for the next one");
    let keys: Vec<u32> = state.inbox.files.iter().map(|file| file.key).collect();
    assert_eq!(keys, [8]);
}

#[test]
fn a_file_that_is_too_large_or_one_too_many_is_refused_here_and_one_that_is_dropped_goes() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
    chosen(&mut state, 1, FILE_BYTES + 1);
    assert!(matches!(state.inbox.files[0].fate, FileFate::Failed(_)));
    for key in 2..8 {
        chosen(&mut state, key, 1);
    }
    let failed = state.inbox.files.iter().filter(|file| matches!(file.fate, FileFate::Failed(_))).count();
    assert_eq!((state.inbox.files.len(), failed), (7, 2), "five at most");
    assert_eq!(did(&mut state, Event::FileDropped(2)), [Outer::Inbox(Effect::UploadEnd(2))]);
    did(&mut state, Event::FileFares(3, FileFate::Kept(attached(3))));
    let effects = did(&mut state, Event::FileDropped(3));
    assert!(matches!(asked(&effects)[..], [InboxAsk::FileTakeBack(_, file)] if *file == attached(3).id));
    did(&mut state, Event::FileFares(3, FileFate::Uploading(99)));
    assert!(!state.inbox.files.iter().any(|file| file.key == 3), "what comes late changes nothing");
}

#[test]
fn a_reply_that_is_not_taken_stays_says_why_and_goes_out_again_under_the_same_draft() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
    let id = DraftId::mint(NOW, [5; 10]);
    let effects = did(&mut state, Event::Written { id, text: "Bonsoir !".into(), is_note: false, at: NOW });
    let ask = asked(&effects)[0].clone();
    refuse(&mut state, ask.clone(), Kind::Unavailable);
    let fate = |state: &State| state.inbox.drafts.first().map(|it| it.fate.clone());
    assert_eq!(fate(&state), Some(Fate::Failed(Refusal::of(Kind::Unavailable))));
    let effects = did(&mut state, Event::SentAgain(id));
    assert_eq!(asked(&effects), [&ask]);
    assert_eq!(fate(&state), Some(Fate::Sending));
}

#[test]
fn notes_stand_where_they_were_written_and_a_note_that_is_taken_back_goes() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a"), message(2, Origin::Visitor, "b")]);
    let note = |number: u8, after| Note {
        id: NoteId::mint(NOW, [number; 10]),
        after,
        by: Who { account: account(), name: None },
        text: Personal::new("room 6".into()),
        mentions: Vec::new(),
        at: NOW,
        until: NOW,
    };
    thread_says(&mut state, DeskEvent::Note(note(2, 2)));
    thread_says(&mut state, DeskEvent::Note(note(1, 1)));
    let kinds = |state: &State| -> String {
        let kind = |entry: &Entry| if matches!(entry, Entry::Note(_)) { 'n' } else { 'm' };
        entries(state).iter().map(kind).collect()
    };
    assert_eq!(kinds(&state), "mnmn");
    thread_says(&mut state, DeskEvent::NoteGone { note: note(1, 1).id });
    assert_eq!(kinds(&state), "mmn");
}

#[test]
fn an_erased_conversation_leaves_nothing_in_memory_and_says_that_it_is_gone() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "secret")]);
    let effects = list_says(&mut state, InboxEvent::Gone { conversation: conversation(1) });
    assert!(effects.contains(&Outer::Inbox(Effect::Disconnect(Line::Thread))));
    let thread = state.inbox.thread.as_ref().expect("the place of it");
    assert_eq!(thread.slot.refusal, Some(Refusal::of(Kind::NotFound)));
    assert!(thread.messages.is_empty() && state.inbox.list.rows.is_empty());
}

#[test]
fn what_is_before_somebodys_eyes_is_told_as_read_and_what_is_behind_another_window_is_not() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    did(&mut state, Event::Visible(false));
    let effects = thread_says(&mut state, DeskEvent::Message(message(2, Origin::Visitor, "b")));
    assert!(asked(&effects).is_empty());
    let effects = did(&mut state, Event::Visible(true));
    assert!(
        matches!(asked(&effects).as_slice(), [InboxAsk::Deed(_, Deed::Read(read))] if read.sequence == 2)
    );
}

#[test]
fn a_visitor_that_waits_calls_unless_they_are_before_the_readers_eyes() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    let call = |number| InboxEvent::Call {
        conversation: conversation(number),
        is_mention: false,
        is_assigned: false,
    };
    assert_eq!(list_says(&mut state, call(1)), []);
    assert!(matches!(list_says(&mut state, call(2)).as_slice(), [Outer::Inbox(Effect::Call { .. })]));
    did(&mut state, Event::Visible(false));
    assert!(matches!(list_says(&mut state, call(1)).as_slice(), [Outer::Inbox(Effect::Call { .. })]));
}

#[test]
fn typing_fades_with_its_last_sign_and_ends_with_the_message() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    let typing = |state: &State| state.inbox.thread.as_ref().and_then(|thread| thread.typing);
    thread_says(&mut state, DeskEvent::Typing(Typist::Visitor));
    thread_says(&mut state, DeskEvent::Typing(Typist::Visitor));
    did(&mut state, Event::TypingFades(conversation(1)));
    assert_eq!(typing(&state), Some(Typist::Visitor));
    did(&mut state, Event::TypingFades(conversation(1)));
    assert_eq!(typing(&state), None);
    thread_says(&mut state, DeskEvent::Typing(Typist::Visitor));
    thread_says(&mut state, DeskEvent::Message(message(2, Origin::Visitor, "b")));
    assert_eq!(typing(&state), None);
}

#[test]
fn a_socket_that_drops_is_opened_again_with_patience_and_the_reader_is_told_only_when_it_stays_away() {
    let mut state = desk(&[1]);
    let drop_once = |state: &mut State| {
        let attempt = state.inbox.link.attempt();
        let effects = did(state, Event::SocketClosed { line: Line::List, attempt, expected: false, dice: 0 });
        let wait = effects.iter().find_map(|effect| match effect {
            Outer::Inbox(Effect::Wake { alarm: Alarm::Reconnect, after_ms, .. }) => Some(*after_ms),
            _ => None,
        });
        let attempt = state.inbox.link.attempt();
        let effects = did(state, Event::Rang { line: Line::List, attempt, alarm: Alarm::Reconnect, dice: 0 });
        (wait, asked(&effects).len())
    };
    let (first, asks) = drop_once(&mut state);
    assert_eq!((asks, state.inbox.link.is_lost()), (1, false), "a fresh ticket, and no word to anybody");
    let (second, asks) = drop_once(&mut state);
    assert!(second > first, "the pause grows");
    assert_eq!((asks, state.inbox.link.is_lost()), (2, true), "what the socket would have told is asked for");
    list_says(&mut state, InboxEvent::Presence(Vec::new()));
    assert!(!state.inbox.link.is_lost());
}

#[test]
fn a_socket_whose_hour_is_over_is_opened_again_at_once_and_yesterdays_one_has_no_say() {
    let mut state = desk(&[1]);
    let old = state.inbox.link.attempt();
    let effects =
        did(&mut state, Event::SocketClosed { line: Line::List, attempt: old, expected: true, dice: 0 });
    assert!(matches!(asked(&effects).as_slice(), [InboxAsk::ListTicket(_)]));
    let effects =
        did(&mut state, Event::ListHeard(old, Some(Box::new(InboxEvent::Row(Box::new(row(9, 1)))))));
    assert!(effects.is_empty() && state.inbox.row(conversation(9)).is_none());
}

#[test]
fn signing_out_closes_the_sockets_and_forgets_every_word() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "secret")]);
    let effects = update(&mut state, Outermost::Answered(Ask::SignOut, Ok(Answer::Done)));
    assert!(effects.contains(&Outer::Inbox(Effect::Disconnect(Line::List))));
    assert!(effects.contains(&Outer::Inbox(Effect::Disconnect(Line::Thread))));
    assert!(state.inbox.thread.is_none() && state.inbox.list.rows.is_empty());
}

#[test]
fn another_business_closes_the_sockets_of_the_first_and_late_answers_of_it_are_not_taken() {
    let mut state = desk(&[1]);
    let other = Page::In(BusinessId::mint(NOW, [2; 10]), Section::Team);
    let effects = update(&mut state, Outermost::Went(other));
    assert!(effects.contains(&Outer::Inbox(Effect::Disconnect(Line::List))));
    answer(&mut state, InboxAsk::Page(Tab::Open.filter(), None), page(&[5]));
    assert!(state.inbox.row(conversation(5)).is_none());
}

#[test]
fn elsewhere_in_the_house_the_list_stays_live_and_no_thread_stays_open() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    let effects = update(&mut state, Outermost::Went(Page::In(business(), Section::Team)));
    assert!(effects.contains(&Outer::Inbox(Effect::Disconnect(Line::Thread))));
    assert!(state.inbox.thread.is_none());
    list_says(&mut state, InboxEvent::Row(Box::new(row(2, 3))));
    assert!(state.inbox.row(conversation(2)).is_some());
}

#[test]
fn of_many_that_are_picked_the_reader_hears_how_many_were_done() {
    let mut state = desk(&[1, 2, 3]);
    did(&mut state, Event::PickedAll(true));
    let effects = did(&mut state, Event::BulkAsked(BulkDeed::Close));
    let ask = asked(&effects)[0].clone();
    let closed = |number| ConversationRow { work: Work::Closed, ..row(number, 9) };
    answer(&mut state, ask, InboxAnswer::Rows(BulkDone { rows: vec![closed(1), closed(2)] }));
    assert_eq!(state.inbox.partly, Some((2, 3)));
    assert!(state.inbox.list.picked.is_empty());
    assert_eq!(state.inbox.list.shown, [conversation(3)]);
}

#[test]
fn a_deed_that_came_too_late_shows_what_is_there_now() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    let take = InboxAsk::Deed(conversation(1), Deed::Take(TakeOver::default()));
    // Who was faster is told: the refusal that is shown still has the name.
    let who = Some(Personal::new("Grace Hopper".to_owned()));
    let said = Refusal::Said { kind: Kind::TakenOver, reference: String::new(), retry_after_s: None, who };
    let answered = Outermost::Answered(Ask::Inbox(business(), Box::new(take)), Err(said.clone()));
    let effects = update(&mut state, answered);
    assert_eq!(asked(&effects), [&InboxAsk::Open(conversation(1))]);
    let form = crate::state::Form::Inbox(Spot::Thread(conversation(1)));
    assert_eq!(state.refusal(form), Some(&said));
}

#[test]
fn whoever_searches_for_a_labels_name_is_offered_the_label() {
    use shared::id::LabelId;
    use shared::wire::admin::inbox::words::{Label, LabelColor, Labels, PutLabel};
    let mut state = desk(&[1]);
    let id = LabelId::mint(NOW, [4; 10]);
    let label = PutLabel { name: "Parking".to_owned(), color: LabelColor::Gray };
    state.inbox.labels.fill(Labels { labels: vec![Label { id, label }] });
    assert_eq!(state.inbox.label_searched(), None);
    did(&mut state, Event::SearchAsked(Some(Personal::new("park".to_owned()))));
    assert_eq!(state.inbox.label_searched(), None, "a part of it is a word like others");
    did(&mut state, Event::SearchAsked(Some(Personal::new("parking".to_owned()))));
    assert_eq!(state.inbox.label_searched(), Some((id, "Parking".to_owned())));
    did(&mut state, Event::FilterChosen(Filter { label: Some(id), ..Filter::default() }));
    assert_eq!(state.inbox.label_searched(), None);
}

proptest! {
    /// Whatever order, however often repeated, and wherever the socket drops in between: every message is there once.
    #[test]
    fn messages_in_any_order_and_number_end_up_once_and_in_order(told in proptest::collection::vec(1u32..20, 1..60)) {
        let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
        for sequence in &told {
            thread_says(&mut state, DeskEvent::Message(message(*sequence, Origin::Visitor, "x")));
        }
        let all: Vec<DeskMessage> = (1..20).map(|sequence| message(sequence, Origin::Visitor, "x")).collect();
        let catchup = DeskCatchup { messages: all, notes: Vec::new(), more: false, marks: Marks::default(), turn: None };
        thread_says(&mut state, DeskEvent::Catchup(catchup));
        let thread = state.inbox.thread.as_ref().expect("it is open");
        prop_assert_eq!(said(thread), (1..20).collect::<Vec<_>>());
    }
}
