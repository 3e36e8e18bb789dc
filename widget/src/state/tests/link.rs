//! How events come in, whatever the network does.

use super::*;

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
