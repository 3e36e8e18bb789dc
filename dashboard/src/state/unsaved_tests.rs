//! What somebody typed, proven without a browser: it is not left by mistake, not drawn over, and not emptied by what was
//! kept elsewhere; what is answered about another site is not taken for this one's.

use shared::id::{AccountId, SessionId, SiteId};
use shared::privacy::Personal;
use shared::wire::admin::knowledge::{KnowledgePage, WriteKnowledge};
use shared::wire::admin::site::{AskPreview, OpenedSite, OpeningHours, Preview, Site, SiteForm};
use shared::wire::problem::Kind;

use super::*;

const NOW: Millis = Millis::new(1_795_000_000_000);
const SITE: Form = Form::Setup(SetupForm::Site);

fn business() -> BusinessId {
    BusinessId::mint(NOW, [1; 10])
}

fn site(number: u8) -> SiteId {
    SiteId::mint(NOW, [number; 10])
}

fn settings(number: u8) -> Page {
    Page::Site(business(), site(number), SitePart::Settings)
}

fn team() -> Page {
    Page::In(business(), Section::Team)
}

fn form(name: &str) -> SiteForm {
    SiteForm {
        name: name.into(),
        origins: Vec::new(),
        languages: vec!["en".into()],
        greeting: Default::default(),
        quick_questions: Default::default(),
        consent: Default::default(),
        color: "#1f6f5c".into(),
        side: Default::default(),
        opening: OpeningHours { timezone: "Europe/Paris".into(), ..OpeningHours::default() },
        answerers: Vec::new(),
        instructions: String::new(),
        tone: Default::default(),
        daily_calls: 500,
        daily_tokens: 500_000,
        keeps_path: false,
    }
}

fn at(page: &Page) -> State {
    let mut state = State::default();
    update(&mut state, Event::Booted(page.clone(), Preferences::default()));
    let me = Me {
        account: AccountId::mint(NOW, [9; 10]),
        name: Personal::new("Claire B.".into()),
        email: Personal::new("claire@hotel.example".into()),
        locale: "fr".into(),
        analytics: true,
        opted_out: false,
        operator: false,
        memberships: vec![Membership { business: business(), name: "House".into(), role: Role::Owner }],
        email_change: None,
        csrf: Secret::new("csrf".into()),
        session: SessionId::mint(NOW, [8; 10]),
    };
    update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(Box::new(me)))));
    state
}

fn setup(setup: Setup) -> Ask {
    Ask::Setup(business(), setup)
}

fn answer(state: &mut State, asked: Setup, with: SetUp) -> Vec<Effect> {
    update(state, Event::Answered(setup(asked), Ok(set_up(with))))
}

fn read(state: &mut State, number: u8, name: &str) {
    let read = Site {
        id: site(number),
        form: form(name),
        retention_days: None,
        identity_since: None,
        answerers: Vec::new(),
    };
    answer(state, Setup::Site(site(number)), SetUp::Site(read));
}

fn drawn(state: &State) -> Option<(String, u32)> {
    let name = state.setup.site.value.as_ref().map(|site| site.form.name.clone());
    name.map(|name| (name, state.setup.site_drawn))
}

#[test]
fn whoever_typed_and_goes_elsewhere_is_asked_first_and_stays_until_then() {
    let mut state = at(&settings(1));
    read(&mut state, 1, "Main");
    update(&mut state, Event::Typed(SITE));
    let effects = update(&mut state, Event::Went(team()));
    assert_eq!(effects, [Effect::Replace(settings(1))], "the address says where they still are");
    assert!(state.unsaved.asks() && state.page == settings(1) && drawn(&state).is_some());
    update(&mut state, Event::Abandoned(false));
    assert!(!state.unsaved.asks() && state.unsaved.holds(SITE));
    update(&mut state, Event::Went(team()));
    let effects = update(&mut state, Event::Abandoned(true));
    assert_eq!(effects.first(), Some(&Effect::Go(team())));
    assert!(state.page == team() && state.unsaved.is_empty());
}

#[test]
fn what_was_kept_is_no_reason_to_ask_and_what_was_refused_still_is() {
    let mut state = at(&settings(1));
    read(&mut state, 1, "Main");
    let change = setup(Setup::SiteChange(site(1), Box::new(form("Front desk"))));
    update(&mut state, Event::Typed(SITE));
    update(&mut state, Event::Asked(change.clone()));
    update(&mut state, Event::Answered(change.clone(), Err(Refusal::Network)));
    assert!(state.unsaved.holds(SITE));
    update(&mut state, Event::Asked(change.clone()));
    update(&mut state, Event::Answered(change, Ok(Answer::Done)));
    assert!(state.unsaved.is_empty());
    update(&mut state, Event::Went(team()));
    assert_eq!(state.page, team());
}

#[test]
fn settings_that_are_read_again_are_drawn_over_nobody_s_typing() {
    let mut state = at(&settings(1));
    read(&mut state, 1, "Main");
    assert_eq!(drawn(&state), Some(("Main".into(), 1)));
    // What was sent is what is there: reading it again changes nothing on the page.
    let change = setup(Setup::SiteChange(site(1), Box::new(form("Front desk"))));
    update(&mut state, Event::Asked(change.clone()));
    update(&mut state, Event::Answered(change, Ok(Answer::Done)));
    read(&mut state, 1, "Front desk");
    assert_eq!(drawn(&state), Some(("Front desk".into(), 1)));
    update(&mut state, Event::Typed(SITE));
    read(&mut state, 1, "A colleague's");
    assert_eq!(drawn(&state), Some(("A colleague's".into(), 1)));
}

#[test]
fn what_is_answered_about_another_site_is_not_taken_for_this_one_s() {
    let mut state = at(&settings(1));
    update(&mut state, Event::Went(settings(2)));
    read(&mut state, 1, "The first");
    assert_eq!(drawn(&state), None);
    let asked = Event::Answered(setup(Setup::Site(site(1))), Err(Refusal::of(Kind::Unavailable)));
    update(&mut state, asked);
    assert_eq!(state.setup.site.refusal, None);
    read(&mut state, 2, "The second");
    assert_eq!(drawn(&state), Some(("The second".into(), 1)));
}

#[test]
fn of_several_drafts_the_last_one_is_looked_at_whichever_is_answered_last() {
    let mut state = at(&settings(1));
    let look = |name| {
        let asked = AskPreview { form: form(name), locale: "en".into() };
        Setup::Preview(site(1), Box::new(asked))
    };
    for name in ["older", "newer"] {
        update(&mut state, Event::Asked(setup(look(name))));
    }
    answer(&mut state, look("newer"), SetUp::Preview(Preview { address: "/newer".into() }));
    answer(&mut state, look("older"), SetUp::Preview(Preview { address: "/older".into() }));
    assert_eq!(state.setup.preview.as_deref(), Some("/newer"));
}

#[test]
fn of_two_searches_the_last_one_is_shown() {
    let mut state = at(&Page::In(business(), Section::Knowledge));
    let query = |words: &str| Query { words: words.into(), ..Query::default() };
    let page =
        |total| SetUp::Knowledge(KnowledgePage { entries: Vec::new(), total, most: 500, before: None });
    update(&mut state, Event::Asked(setup(Setup::Knowledge(query("bre")))));
    state.busy = None;
    update(&mut state, Event::Asked(setup(Setup::Knowledge(query("breakfast")))));
    answer(&mut state, Setup::Knowledge(query("breakfast")), page(2));
    answer(&mut state, Setup::Knowledge(query("bre")), page(7));
    assert_eq!(state.setup.knowledge.value.map(|page| page.total), Some(2));
}

#[test]
fn a_form_hears_of_its_own_deed_and_of_no_other() {
    let mut state = at(&Page::In(business(), Section::Knowledge));
    let new = Form::Setup(SetupForm::KnowledgeAdd);
    let words = || WriteKnowledge { locale: "en".into(), title: "T".into(), body: "B".into(), url: None };
    let add = setup(Setup::KnowledgeAdd(words()));
    let id = shared::id::KnowledgeId::mint(NOW, [4; 10]);
    update(&mut state, Event::Answered(setup(Setup::KnowledgeChange(id, words())), Ok(Answer::Done)));
    assert_eq!(state.kept(new), None, "somebody else's is kept");
    update(&mut state, Event::Answered(add.clone(), Err(Refusal::Network)));
    assert_eq!(state.kept(new), None);
    let kept = |state: &mut State| {
        update(state, Event::Answered(add.clone(), Ok(set_up(SetUp::KnowledgeAdded))));
        state.kept(new)
    };
    let first = kept(&mut state);
    assert!(first.is_some() && kept(&mut state) != first, "each time anew");
}

#[test]
fn a_tab_that_comes_to_the_front_shows_nothing_of_somebody_who_signed_out_in_another() {
    let mut state = at(&settings(1));
    read(&mut state, 1, "Main");
    assert_eq!(update(&mut state, Event::Returned), [Effect::Call(Ask::Me)]);
    update(&mut state, Event::Answered(Ask::Me, Err(Refusal::of(Kind::SessionMissing))));
    assert_eq!((state.view(), drawn(&state)), (View::SignIn, None));
    assert_eq!(update(&mut state, Event::Returned), [], "nobody to ask about");
}

#[test]
fn a_site_that_was_opened_is_gone_to_and_that_is_said_there() {
    let mut state = at(&Page::In(business(), Section::Sites));
    let asked = Setup::SiteOpen(shared::wire::admin::site::OpenSite { name: "Spa".into() });
    let effects = answer(&mut state, asked, SetUp::Opened(OpenedSite { site: site(3) }));
    assert!(effects.contains(&Effect::Go(settings(3))));
    // The address tells of it, too.
    update(&mut state, Event::Went(settings(3)));
    assert_eq!((state.page, state.said), (settings(3), Some(Said::SiteOpened)));
}
