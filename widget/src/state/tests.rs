//! The state under fire: what a visitor relies on, proven without a browser.

use proptest::prelude::*;
use shared::id::{ConsentId, ConversationId, MessageId, SiteId, TurnId, VisitorId};
use shared::limits::CONVERSATION_TOKEN_MS;
use shared::privacy::Personal;
use shared::time::HOUR_MS;
use shared::wire::consent::{ConsentText, Way};
use shared::wire::frame::{Accent, BusinessCard};
use shared::wire::message::{Body, Notice, People};

use super::*;

const NOW: Millis = Millis::new(1_795_000_000_000);

fn frame() -> Frame {
    let accent = Accent { fill: "#1f6f5c".into(), ink: "#ffffff".into() };
    Frame {
        site: SiteId::mint(NOW, [1; 10]),
        business: BusinessCard {
            name: "Maison Lumière".into(),
            controller: "Lumière SARL, Marseille".into(),
            contact: "desk@hotel.example".into(),
            notice_url: None,
            officer: None,
        },
        locale: "en".into(),
        greeting: "Good evening.".into(),
        quick_questions: vec!["When is breakfast?".into()],
        accent: accent.clone(),
        accent_dark: accent,
        ai: true,
        people: People::Unknown,
        zone_min: Some(60),
        until: NOW.plus_months(12),
        consent: ConsentText {
            version: 3,
            question: "May we?".into(),
            detail: "This.".into(),
            hash: "ab".into(),
        },
        privacy_path: "/privacy/x".into(),
        now: NOW,
        token: Some(Secret::new("visitor-token".into())),
        opted_out: false,
    }
}

fn state() -> State {
    State::new(frame(), 60, true)
}

fn draft(number: u8) -> DraftId {
    DraftId::mint(NOW, [number; 10])
}

fn conversation() -> ConversationId {
    ConversationId::mint(NOW, [2; 10])
}

fn message(sequence: u32, origin: Origin) -> Message {
    let mut dice = [0; 10];
    dice[..4].copy_from_slice(&sequence.to_be_bytes());
    let at = NOW.plus_ms(i64::from(sequence) * 1_000);
    Message {
        id: MessageId::mint(NOW, dice),
        sequence,
        draft: None,
        origin,
        at,
        until: at.plus_months(12),
        body: Body::Text { text: Personal::new(format!("words {sequence}")), sources: Vec::new() },
        ai: None,
        author: None,
    }
}

fn opened(number: u8) -> Result<Box<OpenedConversation>, Refusal> {
    Ok(Box::new(OpenedConversation {
        conversation: conversation(),
        token: Secret::new("conversation-token".into()),
        message: Message { draft: Some(draft(number)), ..message(1, Origin::Visitor) },
        ticket: Secret::new("ticket".into()),
    }))
}

fn catchup(messages: Vec<Message>) -> Catchup {
    Catchup { messages, more: false, state: Stage::Ai, turn: None, person: None, address: None }
}

fn go(state: &mut State, event: Event) -> Vec<Effect> {
    update(state, event, NOW, 7)
}

fn heard(state: &mut State, event: LiveEvent) -> Vec<Effect> {
    let attempt = state.link.attempt();
    go(state, Event::SocketHeard(attempt, Some(Box::new(event))))
}

/// A conversation with one message sent and the socket live.
fn live() -> State {
    let mut state = state();
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    go(&mut state, Event::Opened(draft(1), opened(1)));
    let attempt = state.link.attempt();
    go(&mut state, Event::SocketOpened(attempt));
    heard(&mut state, LiveEvent::Catchup(catchup(Vec::new())));
    state
}

fn sequences(state: &State) -> Vec<u32> {
    state.thread.messages().iter().map(|message| message.sequence).collect()
}

fn failure(state: &State, number: u8) -> Option<Refusal> {
    match &state.thread.draft(draft(number))?.progress {
        Progress::Failed(refusal) => Some(refusal.clone()),
        _ => None,
    }
}

#[test]
fn nothing_is_written_on_the_device_before_the_first_message_is_accepted() {
    let mut state = state();
    let mut effects = go(&mut state, Event::Booted(None));
    effects.extend(go(&mut state, Event::Shown(true)));
    effects.extend(go(&mut state, Event::ConsentChosen(ConsentId::mint(NOW, [3; 10]), Choice::Accepted)));
    effects.extend(go(&mut state, Event::ConsentAnswered(Ok(()))));
    effects.extend(go(&mut state, Event::Submitted(draft(1), "Hello".into())));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Remember(_))), "{effects:?}");
    let effects = go(&mut state, Event::Opened(draft(1), opened(1)));
    let Some(Effect::Remember(entry)) = effects.iter().find(|effect| matches!(effect, Effect::Remember(_)))
    else {
        panic!("no entry: {effects:?}");
    };
    assert_eq!((entry.conversation, entry.at, entry.choice), (conversation(), NOW, Some(Choice::Accepted)));
}

#[test]
fn an_entry_that_is_too_old_is_removed_and_not_used() {
    let mut state = state();
    let entry = Remembered {
        site: frame().site,
        conversation: conversation(),
        token: Secret::new("t".into()),
        at: NOW.minus_ms(CONVERSATION_TOKEN_MS),
        choice: None,
    };
    assert_eq!(go(&mut state, Event::Booted(Some(entry))), [Effect::Forget]);
    assert_eq!(state.credentials, None);
}

#[test]
fn p8_4_an_entry_of_another_site_is_neither_used_nor_removed() {
    let mut state = state();
    let entry = Remembered {
        site: SiteId::mint(NOW, [99; 10]),
        conversation: conversation(),
        token: Secret::new("t".into()),
        at: NOW,
        choice: Some(Choice::Accepted),
    };
    assert_eq!(go(&mut state, Event::Booted(Some(entry))), []);
    assert_eq!((state.credentials, state.consent.choice), (None, None));
}

#[test]
fn a_remembered_conversation_is_caught_up_from_its_beginning_without_counting_as_news() {
    let mut state = State::new(frame(), 0, false);
    let entry = Remembered {
        site: frame().site,
        conversation: conversation(),
        token: Secret::new("t".into()),
        at: NOW.minus_ms(HOUR_MS),
        choice: Some(Choice::Declined),
    };
    let effects = go(&mut state, Event::Booted(Some(entry)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Ticket(..))));
    assert!(!state.consent.open, "a choice that was made is not asked for again");
    let attempt = state.link.attempt();
    let effects = go(&mut state, Event::SocketOpened(attempt));
    assert_eq!(effects.first(), Some(&Effect::Command(LiveCommand::Resume { after: 0 })));
    let past = vec![message(1, Origin::Visitor), message(2, Origin::Ai)];
    heard(&mut state, LiveEvent::Catchup(catchup(past)));
    assert_eq!((sequences(&state), state.unread, state.is_restoring()), (vec![1, 2], 0, false));
    let effects = heard(&mut state, LiveEvent::Message(message(3, Origin::Ai)));
    assert!(effects.contains(&Effect::Post(Post::Unread(1))));
    assert!(go(&mut state, Event::Shown(true)).contains(&Effect::Post(Post::Unread(0))));
}

#[test]
fn a_remembered_conversation_that_is_gone_makes_place_for_a_new_one_and_loses_no_words() {
    let mut state = state();
    let entry = Remembered {
        site: frame().site,
        conversation: conversation(),
        token: Secret::new("t".into()),
        at: NOW,
        choice: None,
    };
    go(&mut state, Event::Booted(Some(entry)));
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    let attempt = state.link.attempt();
    let effects = go(&mut state, Event::Ticketed(attempt, Err(Refusal::of(Kind::NotFound))));
    assert!(effects.contains(&Effect::Forget));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Open(_, request) if request.draft == draft(1)))
    );
    assert_eq!(state.screen(), Screen::Waiting);
}

#[test]
fn a_message_is_seen_at_once_and_becomes_the_accepted_one_in_place() {
    let mut state = state();
    let effects = go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    assert!(matches!(effects.as_slice(), [Effect::ScrollDown, Effect::Open(..)]), "{effects:?}");
    assert_eq!(state.rows(), [RowKey::Own(draft(1))]);
    go(&mut state, Event::Opened(draft(1), opened(1)));
    assert!(matches!(state.rows().as_slice(), [RowKey::Day(..), RowKey::Own(id)] if *id == draft(1)));
    assert!(state.thread.drafts.is_empty());
    heard(&mut state, LiveEvent::Message(Message { draft: Some(draft(1)), ..message(1, Origin::Visitor) }));
    assert_eq!(sequences(&state), [1]);
}

#[test]
fn messages_written_in_a_row_go_one_after_the_other() {
    let mut state = state();
    go(&mut state, Event::Submitted(draft(1), "one".into()));
    assert_eq!(go(&mut state, Event::Submitted(draft(2), "two".into())), [Effect::ScrollDown]);
    let effects = go(&mut state, Event::Opened(draft(1), opened(1)));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Send(_, request) if request.draft == draft(2)))
    );
}

#[test]
fn a_message_that_fails_is_kept_and_goes_again_under_the_same_id() {
    let mut state = state();
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    go(&mut state, Event::Opened(draft(1), Err(Refusal::Network)));
    assert_eq!(failure(&state, 1), Some(Refusal::Network));
    assert_eq!(state.screen(), Screen::Failed);
    let effects = go(&mut state, Event::RetryAsked(draft(1)));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Open(_, request) if request.draft == draft(1)))
    );
    go(&mut state, Event::Opened(draft(1), Err(Refusal::Network)));
    let effects = go(&mut state, Event::Online(true));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Open(..))),
        "the network is back: {effects:?}"
    );
}

#[test]
fn an_expired_visitor_token_is_replaced_once_and_the_message_goes_again() {
    let mut state = state();
    go(&mut state, Event::Greeted("https://hotel.example".into()));
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    let effects = go(&mut state, Event::Opened(draft(1), Err(Refusal::of(Kind::TokenExpired))));
    assert_eq!(effects, [Effect::Mint("https://hotel.example".into())]);
    let minted = MintedVisitor { visitor: VisitorId::mint(NOW, [4; 10]), token: Secret::new("fresh".into()) };
    let effects = go(&mut state, Event::Minted(Ok(minted)));
    assert!(
        matches!(effects.as_slice(), [Effect::Open(token, _)] if token.expose() == "fresh"),
        "{effects:?}"
    );
    go(&mut state, Event::Opened(draft(1), Err(Refusal::of(Kind::TokenExpired))));
    assert_eq!(failure(&state, 1), Some(Refusal::of(Kind::TokenExpired)), "not for ever");
}

#[test]
fn without_a_token_and_without_a_page_around_a_message_is_refused_honestly() {
    let mut state = State::new(Frame { token: None, ..frame() }, 0, true);
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    assert_eq!(failure(&state, 1), Some(Refusal::of(Kind::OriginRefused)));
}

#[test]
fn a_conversation_that_ended_keeps_the_words_and_sends_them_into_a_new_one() {
    let mut state = live();
    go(&mut state, Event::Submitted(draft(2), "More".into()));
    let effects = go(&mut state, Event::Sent(draft(2), Err(Refusal::of(Kind::ConversationClosed))));
    assert!(effects.contains(&Effect::Forget) && effects.contains(&Effect::Disconnect));
    assert!(state.is_over() && failure(&state, 2).is_some());
    let effects = go(&mut state, Event::RetryAsked(draft(2)));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Open(_, request) if request.draft == draft(2)))
    );
    assert_eq!(sequences(&state), Vec::<u32>::new());
}

#[test]
fn leaving_lets_go_of_everything_here_and_at_the_edge() {
    let mut state = live();
    let effects = go(&mut state, Event::Left(false));
    for wanted in [Effect::Disconnect, Effect::Forget] {
        assert!(effects.contains(&wanted), "{wanted:?}");
    }
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Leave(_))));
    assert!(state.thread.is_empty() && state.credentials.is_none());
    assert_eq!(state.line, Some(Line::Ended));
}

#[test]
fn a_conversation_that_opens_after_the_visitor_left_is_let_go_of() {
    let mut state = state();
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    go(&mut state, Event::Left(true));
    let effects = go(&mut state, Event::Opened(draft(1), opened(1)));
    assert!(matches!(effects.as_slice(), [Effect::Leave(_)]), "{effects:?}");
    assert_eq!(state.credentials, None);
}

#[test]
fn a_person_can_be_asked_for_before_the_first_message() {
    let mut state = state();
    assert_eq!(go(&mut state, Event::PersonAsked), [Effect::Focus(Place::Composer)]);
    assert_eq!(state.line, Some(Line::PersonFirst));
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    let effects = go(&mut state, Event::Opened(draft(1), opened(1)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::AskPerson(_))));
}

#[test]
fn the_ai_notice_is_there_from_the_start_and_gone_once_a_person_speaks() {
    let mut state = live();
    assert!(state.ai_notice_is_due() && state.person_can_be_asked());
    let notice =
        Message { body: Body::Notice(Notice::PersonRequested(People::Now)), ..message(2, Origin::System) };
    let effects = heard(&mut state, LiveEvent::Message(notice));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Post(Post::Event("handoff", ..)))));
    heard(&mut state, LiveEvent::State(Stage::Requested));
    assert!(state.ai_notice_is_due() && !state.person_can_be_asked());
    heard(&mut state, LiveEvent::Message(message(3, Origin::Human)));
    assert!(!state.ai_notice_is_due());
    assert!(!State::new(Frame { ai: false, ..frame() }, 0, true).ai_notice_is_due());
}

#[test]
fn streamed_words_come_together_and_give_way_to_the_message() {
    let mut state = live();
    let turn = TurnId::mint(NOW, [5; 10]);
    let delta = |at, text: &str| LiveEvent::Delta { turn, at, text: Personal::new(text.into()) };
    let words = |state: &State| state.thread.turn.as_ref().map(|turn| turn.text.expose().clone());
    heard(&mut state, LiveEvent::TurnStarted { turn });
    heard(&mut state, delta(0, "Où est "));
    heard(&mut state, delta(7, "le café"));
    heard(&mut state, delta(7, "le café"));
    assert_eq!(words(&state).as_deref(), Some("Où est le café"));
    heard(&mut state, delta(10, "thé ?"));
    assert_eq!(words(&state).as_deref(), Some("Où est le thé ?"));
    let effects = heard(&mut state, delta(99, "lost"));
    assert!(matches!(effects.as_slice(), [Effect::Command(LiveCommand::Resume { after: 1 })]), "{effects:?}");
    heard(&mut state, LiveEvent::Message(message(2, Origin::Ai)));
    assert_eq!(words(&state), None);
    heard(&mut state, delta(0, "late"));
    heard(&mut state, LiveEvent::TurnStarted { turn });
    assert_eq!(words(&state), None, "a turn that is over does not come back");
}

#[test]
fn a_missing_message_is_asked_for_and_later_ones_wait_for_it() {
    let mut state = live();
    let effects = heard(&mut state, LiveEvent::Message(message(3, Origin::Ai)));
    assert_eq!(effects, [Effect::Command(LiveCommand::Resume { after: 1 })]);
    assert_eq!(sequences(&state), [1]);
    heard(&mut state, LiveEvent::Message(message(2, Origin::Visitor)));
    assert_eq!(sequences(&state), [1, 2, 3]);
}

#[test]
fn a_catch_up_may_jump_over_messages_that_reached_their_date() {
    let mut state = live();
    heard(
        &mut state,
        LiveEvent::Catchup(catchup(vec![message(40, Origin::Ai), message(41, Origin::Visitor)])),
    );
    assert_eq!((sequences(&state), state.thread.cursor()), (vec![1, 40, 41], 41));
}

#[test]
fn a_long_catch_up_is_asked_for_page_by_page() {
    let mut state = live();
    let page = Catchup { more: true, ..catchup(vec![message(2, Origin::Ai)]) };
    let effects = heard(&mut state, LiveEvent::Catchup(page));
    assert!(effects.contains(&Effect::Command(LiveCommand::Resume { after: 2 })), "{effects:?}");
}

#[test]
fn a_dropped_socket_is_opened_again_with_a_fresh_ticket_after_a_diced_pause() {
    let mut state = live();
    let attempt = state.link.attempt();
    let effects = update(&mut state, Event::SocketClosed(attempt), NOW, 123);
    let Some(Effect::Wake(next, Alarm::Reconnect, pause)) = effects.last().cloned() else {
        panic!("{effects:?}")
    };
    assert!((500..=1_000).contains(&pause), "{pause}");
    let effects = go(&mut state, Event::Rang(next, Alarm::Reconnect));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Ticket(..))));
    assert!(go(&mut state, Event::SocketClosed(attempt)).is_empty(), "yesterday's socket is not listened to");
}

#[test]
fn an_edge_that_asks_for_patience_gets_it() {
    let mut state = live();
    let attempt = state.link.attempt();
    go(&mut state, Event::SocketClosed(attempt));
    let attempt = state.link.attempt();
    go(&mut state, Event::Rang(attempt, Alarm::Reconnect));
    let attempt = state.link.attempt();
    let limited =
        Refusal::Said { kind: Kind::RateLimited, reference: String::new(), retry_after_s: Some(30) };
    let effects = go(&mut state, Event::Ticketed(attempt, Err(limited)));
    let [Effect::Wake(_, Alarm::Reconnect, pause)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!((30_000..=31_000).contains(pause), "{pause}");
}

#[test]
fn another_language_is_loaded_and_the_same_one_is_not() {
    let mut state = state();
    assert_eq!(go(&mut state, Event::LocaleAsked("en-GB".into())), []);
    assert_eq!(go(&mut state, Event::LocaleAsked("fr".into())), [Effect::LoadFrame("fr".into())]);
    go(&mut state, Event::FrameLoaded(Box::new(Frame { locale: "fr".into(), token: None, ..frame() })));
    assert_eq!(state.language(), "fr");
    assert!(state.frame.token.is_some(), "the token of the document still serves");
}

#[test]
fn where_sockets_do_not_hold_the_thread_is_polled_while_the_tab_is_in_front() {
    let mut state = live();
    for _ in 0..2 {
        let attempt = state.link.attempt();
        go(&mut state, Event::SocketClosed(attempt));
        let attempt = state.link.attempt();
        if state.link.link == Link::Pausing {
            go(&mut state, Event::Rang(attempt, Alarm::Reconnect));
        }
    }
    assert_eq!(state.link.link, Link::Polling);
    let attempt = state.link.attempt();
    let effects = go(&mut state, Event::Polled(attempt, Ok(Box::new(catchup(vec![message(2, Origin::Ai)])))));
    assert!(effects.contains(&Effect::Wake(attempt, Alarm::Poll, 5_000)), "{effects:?}");
    assert_eq!(sequences(&state), [1, 2]);
    go(&mut state, Event::Visible(false));
    assert_eq!(go(&mut state, Event::Rang(attempt, Alarm::Poll)), []);
    let effects = go(&mut state, Event::Visible(true));
    assert!(matches!(effects.as_slice(), [Effect::Poll(_, _, 2)]), "{effects:?}");
}

#[test]
fn a_socket_that_does_not_answer_a_ping_is_given_up() {
    let mut state = live();
    let attempt = state.link.attempt();
    assert!(go(&mut state, Event::Rang(attempt, Alarm::Ping)).contains(&Effect::Ping));
    go(&mut state, Event::SocketHeard(attempt, None));
    assert!(go(&mut state, Event::Rang(attempt, Alarm::Ping)).contains(&Effect::Ping));
    let effects = go(&mut state, Event::Rang(attempt, Alarm::Ping));
    assert!(effects.contains(&Effect::Disconnect), "{effects:?}");
}

#[test]
fn a_silent_socket_is_asked_for_a_sign_of_life_when_the_network_the_visitor_or_a_message_comes_through() {
    let send = |state: &mut State| {
        go(state, Event::Submitted(draft(2), "More".into()));
        let accepted = Message { draft: Some(draft(2)), ..message(2, Origin::Visitor) };
        go(state, Event::Sent(draft(2), Ok(Box::new(accepted))))
    };
    let ways: [fn(&mut State) -> Vec<Effect>; 2] =
        [|state| go(state, Event::Online(true)), |state| go(state, Event::Visible(true))];
    for ask in ways.into_iter().chain([send as fn(&mut State) -> Vec<Effect>]) {
        let mut state = live();
        let attempt = state.link.attempt();
        let effects = ask(&mut state);
        assert!(effects.contains(&Effect::Ping), "{effects:?}");
        assert!(effects.contains(&Effect::Wake(attempt, Alarm::Probe(1), 3_000)), "{effects:?}");
        assert!(!go(&mut state, Event::Visible(true)).contains(&Effect::Ping), "once is enough");

        let mut answers = state.clone();
        go(&mut answers, Event::SocketHeard(attempt, None));
        assert_eq!(go(&mut answers, Event::Rang(attempt, Alarm::Probe(1))), []);
        assert!(go(&mut answers, Event::Visible(true)).contains(&Effect::Wake(
            attempt,
            Alarm::Probe(2),
            3_000
        )));
        assert_eq!(
            go(&mut answers, Event::Rang(attempt, Alarm::Probe(1))),
            [],
            "an alarm of the probe before"
        );

        let effects = go(&mut state, Event::Rang(attempt, Alarm::Probe(1)));
        let [Effect::Disconnect, Effect::Wake(_, Alarm::Reconnect, ..=1_000)] = effects.as_slice() else {
            panic!("{effects:?}")
        };
    }
}

#[test]
fn what_only_confirms_fades_though_another_try_began_meanwhile() {
    let mut state = live();
    heard(&mut state, LiveEvent::Typing { origin: Origin::Human });
    let first = state.link.attempt();
    go(&mut state, Event::Online(false));
    let effects = heard(&mut state, LiveEvent::Catchup(catchup(Vec::new())));
    assert!(effects.contains(&Effect::Wake(first, Alarm::LineFades, 5_000)), "{effects:?}");
    assert_eq!((state.line, state.typing()), (Some(Line::Back), Some(Origin::Human)));
    go(&mut state, Event::SocketClosed(first));
    assert_ne!(state.link.attempt(), first);
    go(&mut state, Event::Rang(first, Alarm::LineFades));
    go(&mut state, Event::Rang(first, Alarm::TypingFades));
    assert_eq!((state.line, state.typing()), (None, None));
}

#[test]
fn the_focus_goes_on_where_the_visitor_does() {
    let focus = |effects: Vec<Effect>| {
        effects
            .into_iter()
            .find_map(|effect| if let Effect::Focus(place) = effect { Some(place) } else { None })
    };
    let mut state = live();
    go(&mut state, Event::ConsentChosen(ConsentId::mint(NOW, [6; 10]), Choice::Accepted));
    assert_eq!(focus(go(&mut state, Event::ConsentAnswered(Ok(())))), Some(Place::Kept));
    assert_eq!(focus(heard(&mut state, LiveEvent::State(Stage::Requested))), Some(Place::Kept));
    assert_eq!(focus(heard(&mut state, LiveEvent::State(Stage::Requested))), None, "nothing went");
    assert_eq!(focus(go(&mut state, Event::ViewChosen(View::About))), Some(Place::Back));
    assert_eq!(focus(go(&mut state, Event::ViewChosen(View::Chat))), Some(Place::About));
    assert_eq!(focus(go(&mut state, Event::ConsentReopened)), Some(Place::Choices));
    go(&mut state, Event::Submitted(draft(2), "More".into()));
    go(&mut state, Event::Sent(draft(2), Err(Refusal::Network)));
    assert_eq!(focus(go(&mut state, Event::RetryAsked(draft(2)))), Some(Place::Kept));
    assert_eq!(focus(go(&mut state, Event::Left(false))), Some(Place::Kept));
}

#[test]
fn a_time_of_day_names_its_zone_only_where_visitor_and_business_live_by_different_clocks() {
    let differs = |business| State::new(Frame { zone_min: business, ..frame() }, 60, true).zone_differs();
    assert_eq!([differs(Some(60)), differs(Some(120)), differs(None)], [false, true, false]);
}

#[test]
fn a_choice_is_recorded_with_the_very_words_that_were_shown() {
    let mut state = state();
    let id = ConsentId::mint(NOW, [6; 10]);
    let effects = go(&mut state, Event::ConsentChosen(id, Choice::Declined));
    let [Effect::Record(_, record)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((record.version, record.hash.as_str(), record.way, record.id), (3, "ab", Way::Strip, id));
    go(&mut state, Event::ConsentAnswered(Ok(())));
    assert!(!state.consent.open);
    go(&mut state, Event::ConsentReopened);
    let effects = go(&mut state, Event::ConsentChosen(id, Choice::Accepted));
    assert!(matches!(effects.as_slice(), [Effect::Record(_, record)] if record.way == Way::Settings));
}

#[test]
fn words_of_consent_that_changed_are_shown_again_before_anything_is_recorded() {
    let mut state = state();
    go(&mut state, Event::ConsentChosen(ConsentId::mint(NOW, [6; 10]), Choice::Accepted));
    let effects = go(&mut state, Event::ConsentAnswered(Err(Refusal::of(Kind::ConsentStale))));
    assert_eq!(effects, [Effect::LoadFrame("en".into())]);
    assert!(state.consent.open && state.consent.failed && state.consent.choice.is_none());
}

#[test]
fn a_browser_that_said_no_is_not_asked() {
    assert!(!State::new(Frame { opted_out: true, ..frame() }, 0, true).consent.open);
}

#[test]
fn a_day_begins_by_the_visitors_own_clock() {
    let mut state = State::new(frame(), 600, true);
    let at = |hour: i64| Millis::new(NOW.day() * 24 * HOUR_MS + hour * HOUR_MS);
    for (sequence, hour) in [(1, 12), (2, 13), (3, 14)] {
        state.thread.message_take(Message { at: at(hour), ..message(sequence, Origin::Ai) });
    }
    let days = state.rows().iter().filter(|row| matches!(row, RowKey::Day(..))).count();
    assert_eq!(days, 2, "14:00 UTC is midnight there");
}

/// What the network does to one frame of the socket.
#[derive(Debug, Clone, Copy)]
enum Luck {
    Arrives,
    Dropped,
    Doubled,
    Late,
    /// The connection goes with it.
    Cut,
}

fn luck() -> impl Strategy<Value = Luck> {
    prop_oneof![
        4 => Just(Luck::Arrives),
        2 => Just(Luck::Dropped),
        2 => Just(Luck::Doubled),
        2 => Just(Luck::Late),
        1 => Just(Luck::Cut),
    ]
}

/// The edge, as far as this matters: it has all messages, and answers what follows a cursor, a page at a time.
fn edge_answers(all: &[Message], written: usize, after: u32) -> Catchup {
    let following: Vec<Message> =
        all[..written].iter().filter(|message| message.sequence > after).cloned().collect();
    Catchup { more: following.len() > 100, ..catchup(following.into_iter().take(100).collect()) }
}

/// Does what the shell would do, against that edge, until nothing is left to do.
fn perform(state: &mut State, effects: Vec<Effect>, all: &[Message], written: usize) {
    let mut open = effects;
    for _ in 0..100 {
        let Some(effect) = open.pop() else { return };
        let attempt = state.link.attempt();
        let event = match effect {
            Effect::Command(LiveCommand::Resume { after }) => Event::SocketHeard(
                attempt,
                Some(Box::new(LiveEvent::Catchup(edge_answers(all, written, after)))),
            ),
            Effect::Poll(attempt, _, after) => {
                Event::Polled(attempt, Ok(Box::new(edge_answers(all, written, after))))
            }
            Effect::Wake(attempt, Alarm::Reconnect, _) => Event::Rang(attempt, Alarm::Reconnect),
            Effect::Ticket(attempt, _) => {
                Event::Ticketed(attempt, Ok(Ticket { ticket: Secret::new("t".into()), expires_at: NOW }))
            }
            Effect::Connect(attempt, ..) => Event::SocketOpened(attempt),
            _ => continue,
        };
        open.extend(go(state, event));
    }
    panic!("it never comes to rest");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn of_200_messages_none_is_lost_none_doubled_and_all_are_in_order(
        lucks in proptest::collection::vec(luck(), 200),
        own in proptest::collection::vec(any::<bool>(), 200),
    ) {
        let mut state = live();
        let all: Vec<Message> = (1..=201u32)
            .map(|sequence| {
                let origin = if own.get(sequence as usize).copied().unwrap_or(true) { Origin::Visitor } else { Origin::Ai };
                message(sequence, origin)
            })
            .collect();
        let mut late: Vec<Message> = Vec::new();
        for (place, luck) in lucks.iter().enumerate() {
            let written = place + 2;
            let next = all[place + 1].clone();
            let arriving = match luck {
                Luck::Arrives => vec![next],
                Luck::Dropped => vec![],
                Luck::Doubled => vec![next.clone(), next],
                Luck::Late => { late.push(next); vec![] }
                Luck::Cut => {
                    let attempt = state.link.attempt();
                    let effects = go(&mut state, Event::SocketClosed(attempt));
                    perform(&mut state, effects, &all, written);
                    vec![]
                }
            };
            // What was late arrives after its successors, in reverse.
            let arriving = if place % 5 == 0 { arriving.into_iter().chain(late.drain(..).rev()).collect() } else { arriving };
            for message in arriving {
                let effects = heard(&mut state, LiveEvent::Message(message));
                perform(&mut state, effects, &all, written);
            }
            let shown = sequences(&state);
            prop_assert!(shown.iter().copied().eq(1..=shown.len() as u32), "{:?}", shown);
        }
        let attempt = state.link.attempt();
        let effects = go(&mut state, Event::SocketClosed(attempt));
        perform(&mut state, effects, &all, all.len());
        prop_assert_eq!(sequences(&state), (1..=201).collect::<Vec<u32>>());
    }

    #[test]
    fn no_order_of_events_makes_two_calls_go_at_once_or_a_draft_disappear(
        steps in proptest::collection::vec(0u8..9, 1..60),
    ) {
        let mut state = state();
        let mut flying: Vec<DraftId> = Vec::new();
        let mut written = 0u8;
        for step in steps {
            let last = flying.last().copied();
            let event = match (step, last) {
                (0 | 1, _) => { written += 1; Event::Submitted(draft(written), "x".into()) }
                (2 | 3, Some(id)) if state.credentials.is_none() => {
                    flying.pop();
                    Event::Opened(id, Ok(Box::new(OpenedConversation {
                        message: Message { draft: Some(id), ..message(1, Origin::Visitor) },
                        ..*opened(1).expect("an opened conversation")
                    })))
                }
                (2 | 3, Some(id)) => {
                    flying.pop();
                    let next = state.thread.cursor() + 1;
                    Event::Sent(id, Ok(Box::new(Message { draft: Some(id), ..message(next, Origin::Visitor) })))
                }
                (4, Some(id)) => {
                    flying.pop();
                    if state.credentials.is_none() { Event::Opened(id, Err(Refusal::Network)) } else { Event::Sent(id, Err(Refusal::Network)) }
                }
                (5, _) if written > 0 => Event::RetryAsked(draft(1)),
                (6, _) => Event::Online(true),
                (7, _) => Event::Typed,
                _ => Event::Visible(true),
            };
            for effect in go(&mut state, event) {
                match effect {
                    Effect::Open(_, request) => flying.push(request.draft),
                    Effect::Send(_, request) => flying.push(request.draft),
                    _ => {}
                }
            }
            prop_assert!(flying.len() <= 1, "{:?}", flying);
            let kept = state.thread.drafts.len() + state.thread.messages().len();
            prop_assert_eq!(kept, usize::from(written));
        }
    }
}
