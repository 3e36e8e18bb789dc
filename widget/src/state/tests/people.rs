//! People beside the machine: who answers, what they may know, and what the visitor is asked at the end.

use super::*;

fn notice(sequence: u32, notice: Notice, author: Option<&str>) -> LiveEvent {
    let author = author.map(|name| Personal::new(name.to_owned()));
    LiveEvent::Message(Message { body: Body::Notice(notice), author, ..message(sequence, Origin::System) })
}

fn seen(effects: &[Effect]) -> Vec<u32> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Command(LiveCommand::Seen { sequence }) => Some(*sequence),
            _ => None,
        })
        .collect()
}

fn forms(effects: &[Effect]) -> Vec<Form> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Form(form, _) => Some(*form),
            _ => None,
        })
        .collect()
}

#[test]
fn the_person_who_joined_is_known_by_name_until_they_leave() {
    let mut state = live();
    heard(&mut state, LiveEvent::State(Stage::Human));
    heard(&mut state, notice(2, Notice::PersonJoined, Some("Anna")));
    assert_eq!(state.person.as_deref(), Some("Anna"));
    assert!(!state.ai_notice_is_due(), "the notice that a machine answers goes");
    heard(&mut state, notice(3, Notice::PersonLeft, Some("Anna")));
    heard(&mut state, LiveEvent::State(Stage::Ai));
    assert_eq!(state.person, None);
}

#[test]
fn a_device_that_comes_back_learns_who_answers() {
    let mut state = live();
    let person = Some(Personal::new("Anna".to_owned()));
    heard(&mut state, LiveEvent::Catchup(Catchup { state: Stage::Human, person, ..catchup(Vec::new()) }));
    assert_eq!(state.person.as_deref(), Some("Anna"));
}

#[test]
fn reading_is_told_once_and_only_while_the_visitor_looks() {
    let mut state = live();
    assert_eq!(seen(&heard(&mut state, LiveEvent::Message(message(2, Origin::Human)))), [2]);
    assert!(seen(&heard(&mut state, LiveEvent::Message(message(2, Origin::Human)))).is_empty());
    go(&mut state, Event::Shown(false));
    assert!(seen(&heard(&mut state, LiveEvent::Message(message(3, Origin::Human)))).is_empty());
    assert_eq!(seen(&go(&mut state, Event::Shown(true))), [3]);
    go(&mut state, Event::Visible(false));
    assert!(seen(&heard(&mut state, LiveEvent::Message(message(4, Origin::Human)))).is_empty());
    assert_eq!(seen(&go(&mut state, Event::Visible(true))), [4]);
}

#[test]
fn how_the_chat_was_is_asked_once_when_it_ends_before_the_visitors_eyes() {
    let mut state = live();
    heard(&mut state, LiveEvent::Message(message(2, Origin::Human)));
    assert_eq!(forms(&heard(&mut state, LiveEvent::State(Stage::Closed))), [Form::Rating]);
    heard(&mut state, LiveEvent::State(Stage::Ai));
    assert!(forms(&heard(&mut state, LiveEvent::State(Stage::Closed))).is_empty());
}

#[test]
fn whom_nobody_answered_is_not_asked_how_it_was() {
    let mut state = live();
    assert!(forms(&heard(&mut state, LiveEvent::State(Stage::Closed))).is_empty());
}

#[test]
fn a_form_needs_a_conversation_to_be_about() {
    let mut state = state();
    assert!(forms(&go(&mut state, Event::FormAsked(Form::Address))).is_empty());
    let mut state = live();
    assert_eq!(forms(&go(&mut state, Event::FormAsked(Form::Address))), [Form::Address]);
    go(&mut state, Event::Addressed);
    assert_eq!(state.address, Some(AddressState::Waiting));
}

#[test]
fn what_the_visitor_had_held_still_says_so_until_they_lift_it() {
    let mut state = live();
    heard(&mut state, LiveEvent::Catchup(Catchup { is_held: true, ..catchup(Vec::new()) }));
    assert!(state.is_still() && !state.is_over());
    assert!(!state.person_can_be_asked(), "nothing is offered that would be refused");
    go(&mut state, Event::Submitted(draft(2), "Is anybody there?".into()));
    go(&mut state, Event::Sent(draft(2), Err(Refusal::of(Kind::ConversationRestricted))));
    assert_eq!(failure(&state, 2), Some(Refusal::of(Kind::ConversationRestricted)), "the words are kept");
    assert!(state.is_held && state.credentials.is_some(), "it is not over");
    go(&mut state, Event::RetryAsked(draft(2)));
    go(&mut state, Event::Sent(draft(2), Ok(Box::new(message(2, Origin::Visitor)))));
    assert!(!state.is_held, "lifted: it goes on");
}

#[test]
fn a_person_who_may_not_be_asked_for_is_no_mystery() {
    let mut state = live();
    go(&mut state, Event::PersonAnswered(conversation(), Err(Refusal::of(Kind::ConversationRestricted))));
    assert!(state.is_held && state.refusal.is_none());
}
