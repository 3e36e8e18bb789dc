//! A long thread has no hole that it does not announce, in whatever order its pages and its socket come.

use shared::limits::PAGE_MESSAGES;

use super::*;

/// What the edge does: a thread of so many messages, read in pages.
fn page_after(count: u32, after: u32) -> DeskCatchup {
    let messages: Vec<_> = (after + 1..=count).take(PAGE_MESSAGES as usize).collect();
    let more = messages.last().is_some_and(|last| *last < count);
    catchup(messages, more)
}

fn page_before(before: u32) -> DeskCatchup {
    let first = before.saturating_sub(PAGE_MESSAGES).max(1);
    catchup((first..before).collect(), first > 1)
}

fn catchup(sequences: Vec<u32>, more: bool) -> DeskCatchup {
    let messages = sequences.into_iter().map(|sequence| message(sequence, Origin::Visitor, "x")).collect();
    DeskCatchup { messages, notes: Vec::new(), more, marks: Marks::default(), turn: None }
}

/// What was asked and is not answered yet.
#[derive(Debug, Clone, Copy)]
enum Due {
    Open,
    After(u32),
    Resume(u32),
    Before(u32),
}

fn collect(effects: Vec<Outer>, due: &mut Vec<Due>) {
    for effect in effects {
        match effect {
            Outer::Inbox(Effect::ThreadSay(DeskCommand::Resume { after, .. })) => {
                due.push(Due::Resume(after));
            }
            Outer::Call(Ask::Inbox(_, ask)) => match *ask {
                InboxAsk::Open(_) => due.push(Due::Open),
                InboxAsk::After(_, after) => due.push(Due::After(after)),
                InboxAsk::Before(_, before) => due.push(Due::Before(before)),
                _ => {}
            },
            _ => {}
        }
    }
}

fn serve(state: &mut State, due: Due, count: u32) -> Vec<Outer> {
    let of = conversation(1);
    match due {
        Due::Open => {
            let InboxAnswer::Opened(mut view) = opened(1, Vec::new()) else { return Vec::new() };
            view.thread = page_before(count + 1);
            answer(state, InboxAsk::Open(of), InboxAnswer::Opened(view))
        }
        Due::After(after) => {
            answer(state, InboxAsk::After(of, after), InboxAnswer::Catchup(page_after(count, after)))
        }
        Due::Before(before) => {
            answer(state, InboxAsk::Before(of, before), InboxAnswer::Catchup(page_before(before)))
        }
        Due::Resume(after) => thread_says(state, DeskEvent::Catchup(page_after(count, after))),
    }
}

fn has_hole(thread: &Thread) -> bool {
    said(thread).windows(2).any(|pair| pair[0] + 1 != pair[1])
}

#[test]
fn a_socket_that_is_there_before_the_thread_asks_for_nothing_until_it_is_known_where_to_go_on() {
    let mut state = desk(&[1]);
    let mut due = Vec::new();
    collect(go(&mut state, 1), &mut due);
    let attempt = state.inbox.thread.as_ref().map_or(0, |thread| thread.link.attempt());
    let effects = did(&mut state, Event::SocketOpened(Line::Thread, attempt));
    assert!(!effects.iter().any(|effect| matches!(effect, Outer::Inbox(Effect::ThreadSay(_)))));
    collect(serve(&mut state, Due::Open, 550), &mut due);
    assert!(matches!(due.as_slice(), [Due::Open, Due::Resume(550)]), "{due:?}");
    let thread = state.inbox.thread.as_ref().expect("it is open");
    assert_eq!((said(thread).first().copied(), thread.has_older), (Some(451), true));
}

#[test]
fn what_could_not_be_caught_up_with_is_asked_for_again() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    let effects = thread_says(&mut state, DeskEvent::Message(message(5, Origin::Ai, "e")));
    assert_eq!(asked(&effects), [&InboxAsk::After(conversation(1), 1)]);
    let effects = refuse(&mut state, InboxAsk::After(conversation(1), 1), Kind::Unavailable);
    let is_wake = |effect: &Outer| matches!(effect, Outer::Inbox(Effect::Wake { line: Line::Thread, .. }));
    assert!(effects.iter().any(is_wake), "the socket comes back, and goes on from there");
    assert_eq!(state.inbox.thread.as_ref().map(|thread| thread.reached), Some(1));
}

proptest! {
    /// Opened, caught up, scrolled back, told live, told again: once everything is answered nothing is missing in between,
    /// the newest is there, and what is missing before is to be had.
    #[test]
    fn no_order_of_pages_leaves_a_hole(
        first in 0u32..450,
        deeds in proptest::collection::vec((0u8..6, 0usize..4, 1u32..130), 0..24),
    ) {
        let mut state = desk(&[1]);
        let (mut count, mut due) = (first, Vec::new());
        collect(go(&mut state, 1), &mut due);
        for (deed, which, more) in deeds {
            let attempt = state.inbox.thread.as_ref().map_or(0, |thread| thread.link.attempt());
            match deed {
                0 => collect(did(&mut state, Event::SocketOpened(Line::Thread, attempt)), &mut due),
                // Somebody wrote while the socket was away, and then one word while it is there.
                1 => {
                    count += more;
                    let told = DeskEvent::Message(message(count, Origin::Visitor, "x"));
                    collect(thread_says(&mut state, told), &mut due);
                }
                2 => collect(did(&mut state, Event::EarlierAsked), &mut due),
                3 => due.push(Due::Open),
                _ if which < due.len() => {
                    let served = due.swap_remove(which);
                    collect(serve(&mut state, served, count), &mut due);
                }
                _ => {}
            }
        }
        while let Some(served) = due.pop() {
            collect(serve(&mut state, served, count), &mut due);
        }
        let thread = state.inbox.thread.as_ref().expect("it is open");
        prop_assert!(!has_hole(thread), "{:?}", said(thread));
        prop_assert_eq!(thread.cursor(), count);
        prop_assert!(thread.has_older || said(thread).first().is_none_or(|first| *first == 1));
    }
}
