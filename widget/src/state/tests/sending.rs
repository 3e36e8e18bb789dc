//! What goes out: kept, in order, and sent again safely.

use super::*;

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
fn whom_the_business_calls_the_visitor_is_said_once_there_is_a_conversation_and_again_with_each_token() {
    let named = |effects: &[Effect]| {
        let token = |effect: &Effect| match effect {
            Effect::Name(credentials, token) => {
                assert_eq!(credentials.conversation, conversation());
                Some(token.expose().clone())
            }
            _ => None,
        };
        effects.iter().filter_map(token).collect::<Vec<_>>()
    };
    let mut state = state();
    assert_eq!(
        go(&mut state, Event::Named(Secret::new("a.b.c".into()))),
        [],
        "nothing is sent before a message"
    );
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    assert_eq!(named(&go(&mut state, Event::Opened(draft(1), opened(1)))), ["a.b.c"]);
    assert_eq!(named(&go(&mut state, Event::Named(Secret::new("d.e.f".into())))), ["d.e.f"]);
    let effects =
        go(&mut state, Event::NameAnswered(conversation(), Err(Refusal::of(Kind::IdentityRefused))));
    assert!(
        matches!(effects[..], [Effect::Post(Post::Event("error", "kind", _))]),
        "the page's developer hears of it"
    );
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
    let effects = go(&mut state, Event::Sent(draft(2), Err(Refusal::of(Kind::NotFound))));
    assert!(effects.contains(&Effect::Forget) && effects.contains(&Effect::Disconnect));
    assert!(state.is_over() && failure(&state, 2).is_some());
    let effects = go(&mut state, Event::RetryAsked(draft(2)));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Open(_, request) if request.draft == draft(2)))
    );
    assert_eq!(sequences(&state), Vec::<u32>::new());
}

#[test]
fn p6_3_an_erased_conversation_leaves_the_screen_and_one_that_only_ended_here_stays_to_be_read() {
    for (kind, left) in [(Kind::NotFound, Vec::new()), (Kind::TokenExpired, vec![1])] {
        let mut state = live();
        assert_eq!(sequences(&state), [1]);
        let attempt = state.link.attempt();
        go(&mut state, Event::Ticketed(attempt, Err(Refusal::of(kind))));
        assert!(state.is_over());
        assert_eq!(sequences(&state), left);
    }
}

#[test]
fn into_a_closed_conversation_the_visitor_goes_on_writing_and_it_opens_again() {
    let mut state = live();
    heard(&mut state, LiveEvent::State(Stage::Closed));
    assert!(state.is_closed() && !state.is_over());
    assert_eq!(state.screen(), Screen::Closed);
    let effects = go(&mut state, Event::Submitted(draft(2), "One more question".into()));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Send(of, request)
            if of.conversation == conversation() && request.draft == draft(2))),
        "{effects:?}"
    );
    assert!(!effects.contains(&Effect::Forget), "the conversation stays what it is");
    assert_eq!((sequences(&state), state.line), (vec![1], None));
    heard(&mut state, LiveEvent::State(Stage::Ai));
    assert!(!state.is_closed() && state.person_can_be_asked());
    // A new one stays the visitor's choice.
    heard(&mut state, LiveEvent::State(Stage::Closed));
    go(&mut state, Event::Left(true));
    let effects = go(&mut state, Event::Submitted(draft(3), "Something else".into()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Open(..))), "{effects:?}");
}

#[test]
fn a_person_asked_for_in_a_conversation_that_was_closed_meanwhile_is_no_failure_and_ends_nothing() {
    let mut state = live();
    go(&mut state, Event::PersonAsked);
    go(&mut state, Event::PersonAnswered(conversation(), Err(Refusal::of(Kind::ConversationClosed))));
    assert!(state.is_closed() && state.refusal.is_none() && state.credentials.is_some());
}

#[test]
fn what_is_answered_about_a_conversation_that_was_left_changes_nothing_in_the_next() {
    let mut state = live();
    go(&mut state, Event::PersonAsked);
    let other = ConversationId::mint(NOW, [3; 10]);
    assert!(go(&mut state, Event::PersonAnswered(other, Err(Refusal::of(Kind::NotFound)))).is_empty());
    assert!(go(&mut state, Event::NameAnswered(other, Err(Refusal::of(Kind::NotFound)))).is_empty());
    assert!(!state.is_over() && state.refusal.is_none());
}

#[test]
fn files_of_a_conversation_that_is_over_are_not_sent_into_another_and_that_is_said() {
    let files = || vec![attachment()];
    let opens = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Open(..)));
    // The form stood open when the conversation went.
    let mut state = live();
    assert!(go(&mut state, Event::Left(true)).contains(&Effect::FormEnd));
    let effects = go(&mut state, Event::FilesSubmitted(draft(2), files()));
    assert!(!opens(&effects) && state.thread.drafts.is_empty());
    assert_eq!(state.line, Some(Line::FilesAgain));
    // They were on their way when it went.
    let mut state = live();
    go(&mut state, Event::FilesSubmitted(draft(2), files()));
    let effects = go(&mut state, Event::Sent(draft(2), Err(Refusal::of(Kind::NotFound))));
    assert!(effects.contains(&Effect::FormEnd));
    let effects = go(&mut state, Event::RetryAsked(draft(2)));
    assert!(!opens(&effects) && state.thread.drafts.is_empty());
    assert_eq!(state.line, Some(Line::FilesAgain));
    // A closed one takes them, and opens again.
    let mut state = live();
    heard(&mut state, LiveEvent::State(Stage::Closed));
    let effects = go(&mut state, Event::FilesSubmitted(draft(2), files()));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Send(_, request) if request.files.len() == 1))
    );
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
