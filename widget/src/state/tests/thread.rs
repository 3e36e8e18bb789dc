//! What comes in: none lost, none doubled, in order.

use super::*;

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
fn a_day_begins_by_the_visitors_own_clock() {
    let mut state = State::new(frame(), 600, true);
    let at = |hour: i64| Millis::new(NOW.day() * 24 * HOUR_MS + hour * HOUR_MS);
    for (sequence, hour) in [(1, 12), (2, 13), (3, 14)] {
        state.thread.message_take(Message { at: at(hour), ..message(sequence, Origin::Ai) });
    }
    let days = state.rows().iter().filter(|row| matches!(row, RowKey::Day(..))).count();
    assert_eq!(days, 2, "14:00 UTC is midnight there");
}
