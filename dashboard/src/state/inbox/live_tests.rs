//! What reaches somebody who is at work: calls, what goes from under their hands, and that it begins on whichever page.

use shared::privacy::Personal;
use shared::wire::admin::inbox::deed::WriteReply;
use shared::wire::admin::inbox::list::{Search, SearchPage, Who};
use shared::wire::admin::inbox::live::{DeskEvent, InboxEvent};
use shared::wire::admin::inbox::settings::{Hear, Notifications};
use shared::wire::admin::team::Role;
use shared::wire::message::Origin;
use shared::wire::problem::Kind;

use super::tests::*;
use super::*;
use crate::state::{Ask, Effect as Outer, Event as Outermost, Page, Pane, Refusal, Said, Section, update};

/// Whether the reader is called.
fn calls(state: &mut State, number: u8, is_mention: bool, is_assigned: bool) -> bool {
    let call = InboxEvent::Call { conversation: conversation(number), is_mention, is_assigned };
    let effects = list_says(state, call);
    effects.iter().any(|effect| matches!(effect, Outer::Inbox(Effect::Call { .. })))
}

/// A desk with a thread of nobody's, one of a colleague's and one of the reader's, who hears of this.
fn hearing(hear: Hear) -> State {
    let mut state = desk(&[1, 2, 3]);
    let chosen = Notifications { hear, ..Notifications::default() };
    answer(&mut state, InboxAsk::Notifications, InboxAnswer::Notifications(chosen));
    let colleague = shared::id::AccountId::mint(state.inbox.now, [7; 10]);
    for (number, whose) in [(2, colleague), (3, account())] {
        let assignee = Some(Who { account: whose, name: None });
        list_says(&mut state, InboxEvent::Row(Box::new(ConversationRow { assignee, ..row(number, 2) })));
    }
    state
}

#[test]
fn k4_6_each_hears_of_what_they_chose_and_of_a_colleagues_thread_only_who_wants_all() {
    let mut all = hearing(Hear::All);
    assert!(calls(&mut all, 1, false, false) && calls(&mut all, 2, false, false));
    let mut mine = hearing(Hear::Mine);
    assert!(!calls(&mut mine, 1, false, false), "nobody's is not one's own");
    assert!(!calls(&mut mine, 2, false, false), "and a colleague's thread is theirs");
    assert!(calls(&mut mine, 3, false, false));
    assert!(calls(&mut mine, 2, true, false), "a mention is meant for the reader");
    assert!(calls(&mut mine, 1, false, true), "and so is what they are given");
    let mut none = hearing(Hear::None);
    for (is_mention, is_assigned) in [(false, false), (true, false), (false, true)] {
        assert!(!calls(&mut none, 3, is_mention, is_assigned), "none is none");
    }
    assert_eq!(none.said, None);
}

#[test]
fn k4_6_a_call_says_why_in_the_page_and_a_row_that_moves_needs_no_words() {
    let mut state = hearing(Hear::All);
    calls(&mut state, 1, false, false);
    assert_eq!(state.said, None, "the list shows it");
    calls(&mut state, 1, false, true);
    assert_eq!(state.said, Some(Said::Called(Why::Assigned)));
    calls(&mut state, 1, true, false);
    assert_eq!(state.said, Some(Said::Called(Why::Mentioned)));
    update(&mut state, Outermost::Went(Page::In(business(), Section::Team)));
    calls(&mut state, 1, false, false);
    assert_eq!(state.said, Some(Said::Called(Why::Waits)), "elsewhere nothing else would");
}

#[test]
fn whoever_is_signed_in_is_reached_on_whichever_page_they_are() {
    for place in [Page::In(business(), Section::Team), Page::In(business(), Section::Replies), Page::Me] {
        let mut state = at(&place);
        assert_eq!(due(&state), Some(business()), "{place:?}");
        let effects = did(&mut state, Event::Clock(Millis::new(1)));
        let asked = asked(&effects);
        assert!(
            asked.contains(&&InboxAsk::Page(Tab::Open.filter(), None)) && asked.contains(&&InboxAsk::Counts)
        );
        answer(&mut state, InboxAsk::Page(Tab::Open.filter(), None), page(&[1]));
        assert!(state.inbox.link.is_wanted(), "its socket is asked for");
        assert_eq!(due(&state), None);
        assert!(did(&mut state, Event::Clock(Millis::new(2))).is_empty(), "once is enough");
        assert!(calls(&mut state, 1, false, false));
    }
    assert_eq!(due(&State::default()), None, "and nobody before they are signed in");
}

#[test]
fn what_the_edge_refuses_is_not_asked_again_by_the_clock_and_a_network_is() {
    let mut state = at(&Page::In(business(), Section::Team));
    let first = InboxAsk::Page(Tab::Open.filter(), None);
    did(&mut state, Event::Clock(Millis::new(1)));
    refuse(&mut state, first.clone(), Kind::RoleTooLow);
    assert_eq!(due(&state), None);
    let lost = Err(Refusal::Network);
    update(&mut state, Outermost::Answered(Ask::Inbox(business(), Box::new(first)), lost));
    assert_eq!(due(&state), Some(business()));
}

/// What the visitor takes away while somebody writes to them.
#[test]
fn p6_3_a_manager_types_while_the_visitor_erases() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "secret")]);
    did(&mut state, Event::FileChosen { key: 1, name: "a.txt".into(), bytes: 1 });
    let id = shared::id::DraftId::mint(state.inbox.now, [5; 10]);
    let at = state.inbox.now;
    did(&mut state, Event::Written { id, text: "Dear Ida".into(), is_note: false, at });
    let effects = list_says(&mut state, InboxEvent::Gone { conversation: conversation(1) });
    assert!(
        effects.contains(&Outer::Inbox(Effect::Forget(Some(conversation(1))))),
        "what is being typed goes"
    );
    assert!(effects.contains(&Outer::Inbox(Effect::UploadEnd(1))) && state.inbox.files.is_empty());
    let nothing = |state: &State| {
        let thread = state.inbox.thread.as_ref().unwrap();
        thread.slot.refusal == Some(Refusal::of(Kind::NotFound))
            && thread.messages.is_empty()
            && state.inbox.drafts.is_empty()
            && thread.visitor.is_none()
            && state.inbox.list.rows.is_empty()
    };
    assert!(nothing(&state), "nothing of it is on the screen, or in memory");
    // Whatever was on its way comes too late.
    answer(
        &mut state,
        InboxAsk::Open(conversation(1)),
        opened(1, vec![message(1, Origin::Visitor, "secret")]),
    );
    list_says(&mut state, InboxEvent::Row(Box::new(row(1, 99))));
    thread_says(&mut state, DeskEvent::Message(message(2, Origin::Visitor, "secret")));
    assert!(nothing(&state));
    assert!(state.inbox.list.shown.is_empty());
}

#[test]
fn p6_3_a_thread_that_is_not_found_any_more_is_gone_and_not_asked_for_again_and_again() {
    let ticket = |state: &State| {
        InboxAsk::ThreadTicket(conversation(1), state.inbox.thread.as_ref().unwrap().link.attempt())
    };
    let asks: [fn(&State, InboxAsk) -> InboxAsk; 2] =
        [|_, ticket| ticket, |_, _| InboxAsk::After(conversation(1), 1)];
    for ask in asks {
        let mut state = talk(1, vec![message(1, Origin::Visitor, "secret")]);
        let ask = ask(&state, ticket(&state));
        let effects = refuse(&mut state, ask, Kind::NotFound);
        let wakes = |effect: &Outer| matches!(effect, Outer::Inbox(Effect::Wake { line: Line::Thread, .. }));
        assert!(!effects.iter().any(wakes), "no further try is set");
        let thread = state.inbox.thread.as_ref().unwrap();
        assert!(!thread.link.is_wanted() && thread.messages.is_empty());
        assert_eq!(thread.slot.refusal, Some(Refusal::of(Kind::NotFound)));
    }
}

#[test]
fn what_was_not_found_and_is_there_when_it_is_opened_again_is_shown() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    refuse(&mut state, InboxAsk::Open(conversation(1)), Kind::NotFound);
    update(&mut state, Outermost::Went(Page::In(business(), Section::Inbox)));
    update(&mut state, Outermost::Went(Page::Thread(business(), conversation(1), Pane::Thread)));
    answer(&mut state, InboxAsk::Open(conversation(1)), opened(1, vec![message(1, Origin::Visitor, "a")]));
    let thread = state.inbox.thread.as_ref().unwrap();
    assert!(thread.slot.value.is_some() && said(thread) == [1]);
}

#[test]
fn p6_4_a_reply_that_meets_a_thread_held_still_looks_at_what_is_there_now() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    let draft = shared::id::DraftId::mint(state.inbox.now, [5; 10]);
    let reply = WriteReply { draft, text: Personal::new("b".into()), files: Vec::new(), close: false };
    let effects = refuse(&mut state, InboxAsk::Reply(conversation(1), reply), Kind::ConversationRestricted);
    assert!(asked(&effects).contains(&&InboxAsk::Open(conversation(1))));
}

fn search(state: &mut State, words: Option<&str>) -> Option<Filter> {
    let words = words.map(|words| Personal::new(words.to_owned()));
    let effects = did(state, Event::SearchAsked(words));
    asked(&effects).iter().find_map(|ask| match ask {
        InboxAsk::Search(search) => Some(search.filter.clone()),
        InboxAsk::Page(filter, _) => Some(filter.clone()),
        _ => None,
    })
}

#[test]
fn a_search_looks_at_everything_that_is_held_and_ends_where_it_began() {
    let mut state = desk(&[1]);
    did(&mut state, Event::FilterChosen(Tab::Mine.filter()));
    assert_eq!(search(&mut state, Some("breakfast")), Some(Filter::default()), "not only the open view");
    assert_eq!(search(&mut state, Some("breakfast early")), Some(Filter::default()));
    let words = Personal::new("breakfast early".to_owned());
    let asked = Search { words, filter: Filter::default(), before: None };
    let found = SearchPage {
        rows: vec![ConversationRow { work: shared::wire::admin::inbox::list::Work::Closed, ..row(5, 1) }],
        before: None,
        looked_at: 1,
        looked_back_to: None,
    };
    answer(&mut state, InboxAsk::Search(asked), InboxAnswer::Found(found));
    assert_eq!(state.inbox.list.shown, [conversation(5)], "a closed one, too");
    assert_eq!(search(&mut state, None), Some(Tab::Mine.filter()));
    // Among spam only from there.
    did(&mut state, Event::FilterChosen(Tab::Spam.filter()));
    assert_eq!(search(&mut state, Some("casino")), Some(Tab::Spam.filter()));
    // Whoever chooses a view meanwhile has left the search.
    did(&mut state, Event::FilterChosen(Tab::Open.filter()));
    assert_eq!((state.inbox.list.words.clone(), state.inbox.list.aside.clone()), (None, None));
}

#[test]
fn p6_4_a_name_that_comes_or_goes_is_taken_with_its_row_and_the_card_is_asked_for_again() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "a")]);
    let told = |state: &mut State, name: Option<&str>, change| {
        let name = name.map(|name| Personal::new(name.to_owned()));
        let row = ConversationRow { name, ..row(1, change) };
        let effects = list_says(state, InboxEvent::Row(Box::new(row)));
        asked(&effects).contains(&&InboxAsk::Open(conversation(1)))
    };
    let name = |state: &State| state.inbox.open_row().unwrap().name.clone().map(Personal::into_exposed);
    assert!(told(&mut state, Some("ida@example.eu"), 8));
    assert_eq!(name(&state).as_deref(), Some("ida@example.eu"));
    assert!(!told(&mut state, Some("ida@example.eu"), 9), "nothing of it is another");
    // Held still, or with another address in its place: nothing goes on calling them so.
    assert!(told(&mut state, None, 10));
    assert_eq!(name(&state), None);
    list_says(&mut state, InboxEvent::Gone { conversation: conversation(1) });
    assert!(state.inbox.open_row().is_none(), "nor once it is erased");
}

#[test]
fn a_page_of_ones_own_leaves_the_desk_of_the_business_as_it_is() {
    let mut state = desk(&[1]);
    update(&mut state, Outermost::Went(Page::Me));
    assert!(state.inbox.link.is_wanted() && due(&state).is_none());
    update(&mut state, Outermost::Went(Page::Thread(business(), conversation(1), Pane::Thread)));
    assert_eq!(state.inbox.open(), Some(conversation(1)));
}

#[test]
fn a_viewer_is_reached_as_everybody_is() {
    let mut state = State::default();
    update(&mut state, Outermost::Booted(Page::In(business(), Section::Team), Default::default()));
    update(&mut state, Outermost::Answered(Ask::Me, Ok(me(Role::Viewer))));
    assert_eq!(due(&state), Some(business()));
}
