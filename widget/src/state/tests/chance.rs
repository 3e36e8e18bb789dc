//! The same by chance: drops, repeats and reordering by the thousand.

use proptest::prelude::*;

use super::*;

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
