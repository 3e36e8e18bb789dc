//! No press is lost: deeds of one conversation wait for one another, and a choice that is refused shows what is kept.

use shared::id::LabelId;
use shared::wire::admin::inbox::deed::{
    Assign, BulkChange, BulkDeed, BulkDone, MarkRead, SetLabels, SetPriority,
};

use super::*;
use crate::state::Form;

fn press(state: &mut State, number: u8, deed: Deed) -> Vec<Outer> {
    let ask = InboxAsk::Deed(conversation(number), deed);
    update(state, Outermost::Asked(Ask::Inbox(business(), Box::new(ask))))
}

fn close(number: u8) -> InboxAsk {
    InboxAsk::Deed(conversation(number), Deed::Close)
}

#[test]
fn deeds_of_two_conversations_are_both_done_however_quickly_they_are_pressed() {
    let mut state = desk(&[1, 2]);
    assert_eq!(asked(&press(&mut state, 2, Deed::Close)), [&close(2)]);
    assert_eq!(asked(&press(&mut state, 1, Deed::Close)), [&close(1)]);
    assert!(asked(&press(&mut state, 1, Deed::Close)).is_empty(), "one press is one deed");
}

#[test]
fn of_one_conversation_the_second_deed_goes_out_when_the_first_is_answered_or_refused() {
    let assign = Deed::Assign(Assign { account: Some(account()) });
    for is_refused in [false, true] {
        let mut state = talk(1, Vec::new());
        press(&mut state, 1, Deed::Close);
        assert!(asked(&press(&mut state, 1, assign.clone())).is_empty(), "it waits");
        assert!(state.inbox.is_doing(conversation(1), &assign));
        let effects = match is_refused {
            true => refuse(&mut state, close(1), Kind::Unavailable),
            false => answer(&mut state, close(1), InboxAnswer::Row(row(1, 5))),
        };
        let next = InboxAsk::Deed(conversation(1), assign.clone());
        assert!(asked(&effects).contains(&&next));
        answer(&mut state, next, InboxAnswer::Row(row(1, 6)));
        assert!(state.inbox.deeds.is_empty());
    }
}

#[test]
fn a_choice_shows_at_once_and_what_is_kept_where_it_is_refused() {
    let mut state = talk(1, Vec::new());
    let deed = Deed::Priority(SetPriority { priority: Priority::Urgent });
    press(&mut state, 1, deed.clone());
    let shown = |state: &State| state.inbox.handled().expect("it is open");
    assert_eq!(shown(&state).priority, Priority::Urgent);
    let labels: Vec<LabelId> = (1..3).map(|number| LabelId::mint(NOW, [number; 10])).collect();
    press(&mut state, 1, Deed::Labels(SetLabels { labels: labels.clone() }));
    assert_eq!(shown(&state).labels, labels, "the next label comes beside these");
    refuse(&mut state, InboxAsk::Deed(conversation(1), deed), Kind::RoleTooLow);
    assert_eq!(shown(&state).priority, Priority::Normal);
}

#[test]
fn a_deed_that_is_refused_after_its_doer_went_on_is_told_above_the_list() {
    let mut state = talk(1, Vec::new());
    press(&mut state, 1, Deed::Close);
    go(&mut state, 2);
    refuse(&mut state, close(1), Kind::Unavailable);
    assert_eq!(state.refusal(Form::Inbox(Spot::List)), Some(&Refusal::of(Kind::Unavailable)));
}

#[test]
fn what_could_not_be_told_as_read_is_told_with_the_next_look() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    let read = InboxAsk::Deed(conversation(1), Deed::Read(MarkRead { sequence: 1 }));
    let effects = refuse(&mut state, read.clone(), Kind::Unavailable);
    assert!(asked(&effects).is_empty(), "once is enough for now");
    assert_eq!(asked(&did(&mut state, Event::Visible(true))), [&read]);
}

#[test]
fn a_visitor_who_comes_or_goes_brings_a_fresh_card_into_the_open_thread() {
    let mut state = talk(1, Vec::new());
    let effects = list_says(&mut state, InboxEvent::Row(Box::new(row(1, 5))));
    assert!(asked(&effects).is_empty());
    let away = ConversationRow { present: false, ..row(1, 6) };
    let effects = list_says(&mut state, InboxEvent::Row(Box::new(away)));
    assert_eq!(asked(&effects), [&InboxAsk::Open(conversation(1))]);
}

#[test]
fn a_thread_that_is_there_stays_where_asking_for_it_again_fails() {
    let mut state = talk(1, Vec::new());
    refuse(&mut state, InboxAsk::Open(conversation(1)), Kind::Unavailable);
    assert_eq!(state.inbox.thread.as_ref().and_then(Thread::refusal), None);
    go(&mut state, 2);
    refuse(&mut state, InboxAsk::Open(conversation(2)), Kind::Unavailable);
    let refusal = state.inbox.thread.as_ref().and_then(Thread::refusal).cloned();
    assert_eq!(refusal, Some(Refusal::of(Kind::Unavailable)));
}

fn pick(state: &mut State, numbers: &[u8]) {
    for number in numbers {
        did(state, Event::Picked(conversation(*number)));
    }
}

fn bulk(numbers: &[u8], deed: BulkDeed) -> InboxAsk {
    let conversations = numbers.iter().map(|number| conversation(*number)).collect();
    InboxAsk::Bulk(BulkChange { conversations, deed })
}

#[test]
fn a_second_deed_for_many_goes_out_when_the_first_is_answered_or_refused_with_those_picked_for_it() {
    for is_refused in [false, true] {
        let mut state = desk(&[1, 2, 3]);
        pick(&mut state, &[1, 2]);
        let first = bulk(&[1, 2], BulkDeed::Close);
        assert_eq!(asked(&did(&mut state, Event::BulkAsked(BulkDeed::Close))), [&first]);
        assert!(
            asked(&did(&mut state, Event::BulkAsked(BulkDeed::Close))).is_empty(),
            "one press is one deed"
        );
        // Others are picked while it is on its way.
        pick(&mut state, &[1, 2, 3]);
        assert!(asked(&did(&mut state, Event::BulkAsked(BulkDeed::Spam(true)))).is_empty(), "it waits");
        let next = bulk(&[3], BulkDeed::Spam(true));
        let effects = match is_refused {
            true => refuse(&mut state, first, Kind::Unavailable),
            false => {
                let rows = vec![row(1, 5)];
                answer(&mut state, first, InboxAnswer::Rows(BulkDone { rows }))
            }
        };
        assert_eq!(asked(&effects), [&next]);
        assert!(state.is_busy(Form::Inbox(Spot::List)), "the strip goes on saying so");
        assert_eq!(state.inbox.list.picked.iter().copied().collect::<Vec<_>>(), [conversation(3)]);
        let rows = vec![row(3, 6)];
        assert!(asked(&answer(&mut state, next, InboxAnswer::Rows(BulkDone { rows }))).is_empty());
        assert!(state.inbox.bulks.is_empty() && state.inbox.list.picked.is_empty());
        // What became of the first is still told.
        let is_told = state.refusal(Form::Inbox(Spot::List)).is_some();
        assert_eq!(
            (state.inbox.partly, is_told),
            if is_refused { (None, true) } else { (Some((1, 2)), false) }
        );
    }
}

#[test]
fn what_many_deeds_moved_leaves_the_list_also_under_the_pointer() {
    let mut state = desk(&[1, 2, 3]);
    did(&mut state, Event::Held(true));
    pick(&mut state, &[1, 2]);
    did(&mut state, Event::BulkAsked(BulkDeed::Close));
    let rows = [1, 2].map(|number| ConversationRow { work: Work::Closed, ..row(number, 5) }).to_vec();
    answer(&mut state, bulk(&[1, 2], BulkDeed::Close), InboxAnswer::Rows(BulkDone { rows }));
    assert_eq!(state.inbox.list.shown, [conversation(3)]);
}
