//! What the page shows beside the thread: notices, choices, languages, focus.

use super::*;

#[test]
fn b10_the_ai_notice_is_there_from_the_start_and_gone_once_a_person_speaks() {
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
fn another_language_is_loaded_and_the_same_one_is_not() {
    let mut state = state();
    assert_eq!(go(&mut state, Event::LocaleAsked("en-GB".into())), []);
    assert_eq!(go(&mut state, Event::LocaleAsked("fr".into())), [Effect::LoadFrame("fr".into())]);
    go(&mut state, Event::FrameLoaded(Box::new(Frame { locale: "fr".into(), token: None, ..frame() })));
    assert_eq!(state.language(), "fr");
    assert!(state.frame.token.is_some(), "the token of the document still serves");
}

#[test]
fn of_two_languages_chosen_in_a_row_the_last_one_counts_however_slow_the_first() {
    let mut state = state();
    go(&mut state, Event::LocaleAsked("fr".into()));
    go(&mut state, Event::LocaleAsked("de-AT".into()));
    assert!(!state.wants_locale("fr") && state.wants_locale("de-AT"));
    go(&mut state, Event::LocaleAsked("en".into()));
    assert!(!state.wants_locale("de-AT"), "back to what is shown: nothing else is wanted");
    go(&mut state, Event::FrameLoaded(Box::new(frame())));
    assert!(state.wants_locale("fr"));
}

#[test]
fn a_form_whose_file_is_gone_offers_to_load_the_page_again_and_one_that_failed_to_try_again() {
    let mut state = live();
    go(&mut state, Event::ViewChosen(View::About));
    go(&mut state, Event::FormFailed(false));
    assert_eq!((state.line, state.outdated, state.view), (Some(Line::FormFailed), false, View::Chat));
    go(&mut state, Event::FormFailed(true));
    assert_eq!((state.line, state.outdated), (None, true));
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
fn the_header_never_says_otherwise_than_the_last_notice() {
    let mut state = live();
    state.frame.people = People::Now;
    let from = NOW.plus_ms(HOUR_MS);
    let closed = |sequence| Message {
        body: Body::Notice(Notice::NothingFound(People::From(from))),
        ..message(sequence, Origin::System)
    };
    heard(&mut state, LiveEvent::Message(closed(2)));
    assert_eq!(state.frame.people, People::From(from));

    // What a found conversation said before this document was written is older than the document.
    let mut state = State::new(Frame { people: People::Now, now: NOW.plus_ms(HOUR_MS), ..frame() }, 60, true);
    go(&mut state, Event::Submitted(draft(1), "Hello".into()));
    go(&mut state, Event::Opened(draft(1), opened(1)));
    heard(&mut state, LiveEvent::Catchup(catchup(vec![closed(2)])));
    assert_eq!(state.frame.people, People::Now);
}

#[test]
fn an_open_chat_asks_who_answers_once_a_minute_at_most_and_one_that_nobody_sees_does_not() {
    let looks = |state: &mut State, event: Event, after_ms: i64| {
        update(state, event, NOW.plus_ms(after_ms), 7).contains(&Effect::Look)
    };
    let mut state = live();
    let attempt = state.link.attempt();
    let sign = || Event::SocketHeard(attempt, None);
    assert!(!looks(&mut state, sign(), 59_000));
    assert!(looks(&mut state, sign(), 60_000) && !looks(&mut state, sign(), 61_000));
    go(&mut state, Event::Visible(false));
    assert!(!looks(&mut state, sign(), 500_000));
    assert!(looks(&mut state, Event::Visible(true), 500_000));
    go(&mut state, Event::Shown(false));
    assert!(!looks(&mut state, sign(), 900_000) && looks(&mut state, Event::Shown(true), 900_000));

    let (people, until) = (People::From(NOW.plus_ms(HOUR_MS)), NOW.plus_months(6));
    let fresh = Frame { locale: "fr".into(), people, until, token: None, ..frame() };
    go(&mut state, Event::Looked(Box::new(fresh)));
    assert_eq!((state.frame.people, state.frame.until), (people, until));
    assert_eq!(state.language(), "en", "the words stay what they are");
    assert!(state.frame.token.is_some());
}
