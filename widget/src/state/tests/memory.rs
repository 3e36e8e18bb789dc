//! What the device remembers, and how it lets go (promise B1).

use super::*;

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
