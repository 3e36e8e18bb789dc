//! What a team relies on, proven without a browser.

use shared::id::{AccountId, CodeId, ConversationId, InvitationId, MessageId, SessionId, SiteId};
use shared::privacy::Personal;
use shared::wire::admin::account::EmailConfirmed;
use shared::wire::admin::business::{BusinessKind, BusinessProfile, OpenedBusiness, SiteEntry};
use shared::wire::admin::numbers::{Figures, Numbers, Question, QuestionPage, Tally};
use shared::wire::admin::sign_in::{CodeAsked, CodeGiven, DocumentMark, Host, SignIn, SignUpMode};
use shared::wire::admin::team::Invite;
use shared::wire::problem::Kind;

use super::*;

pub(super) const NOW: Millis = Millis::new(1_795_000_000_000);

pub(super) fn business(number: u8) -> BusinessId {
    BusinessId::mint(NOW, [number; 10])
}

fn code(number: u8) -> CodeId {
    CodeId::mint(NOW, [number; 10])
}

pub(super) fn me(places: &[(u8, Role)]) -> Box<Me> {
    Box::new(Me {
        account: AccountId::mint(NOW, [9; 10]),
        name: Personal::new("Claire B.".into()),
        email: Personal::new("claire@hotel.example".into()),
        locale: "fr".into(),
        analytics: false,
        opted_out: false,
        operator: false,
        memberships: places
            .iter()
            .map(|(number, role)| Membership {
                business: business(*number),
                name: format!("House {number}"),
                role: *role,
            })
            .collect(),
        email_change: None,
        csrf: Secret::new("csrf".into()),
        session: SessionId::mint(NOW, [8; 10]),
    })
}

pub(super) fn opened(number: u8, role: Role) -> Answer {
    Answer::Business(Box::new(Business {
        id: business(number),
        profile: BusinessProfile {
            name: "House".into(),
            controller: String::new(),
            contact: String::new(),
            notice_url: None,
            officer: None,
            country: "FR".into(),
            kind: BusinessKind::Hotel,
        },
        is_complete: false,
        has_knowledge: false,
        has_conversations: false,
        open_requests: None,
        chat_origin: "https://chat.example.eu".into(),
        sites: vec![SiteEntry {
            id: SiteId::mint(NOW, [1; 10]),
            name: "Main".into(),
            origins: Vec::new(),
            hours_said: true,
            found_at: None,
        }],
        role,
        created_at: NOW,
    }))
}

fn door() -> Answer {
    let mark = DocumentMark { version: "1".into(), hash: "ab".into(), path: "/terms".into() };
    Answer::Door(Box::new(Door {
        sign_up: SignUpMode::Open,
        terms: mark.clone(),
        dpa: mark,
        host: Host::default(),
    }))
}

fn missing() -> Refusal {
    Refusal::of(Kind::SessionMissing)
}

/// A dashboard at an address, before anything was answered.
pub(super) fn booted(fragment: &str) -> (State, Vec<Effect>) {
    let mut state = State::default();
    let effects = update(&mut state, Event::Booted(Page::parse(fragment), Preferences::default()));
    (state, effects)
}

/// A dashboard at an address, with somebody in it.
pub(super) fn inside(fragment: &str, places: &[(u8, Role)]) -> (State, Vec<Effect>) {
    let (mut state, _) = booted(fragment);
    let effects = update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(me(places)))));
    (state, effects)
}

pub(super) fn asks(effects: &[Effect]) -> Vec<&Ask> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::Call(ask) = effect { Some(ask) } else { None })
        .collect()
}

fn sign_in() -> Ask {
    Ask::SignIn(SignIn { email: Personal::new("claire@hotel.example".into()) })
}

#[test]
fn every_page_reads_back_from_the_address_that_it_writes() {
    let mut pages = vec![
        Page::SignIn,
        Page::SignUp,
        Page::Invitation(None),
        Page::Stop(None),
        Page::Open,
        Page::Me,
        Page::Help,
        Page::Operator,
        Page::Home(Section::Overview),
        Page::Home(Section::Team),
    ];
    pages.extend(Section::ALL.map(|section| Page::In(business(1), section)));
    let site = SiteId::mint(NOW, [5; 10]);
    pages.extend(SitePart::ALL.map(|part| Page::Site(business(1), site, part)));
    for page in pages {
        assert_eq!(Page::parse(&page.fragment()), page);
    }
    assert_eq!(Page::parse("#/biz_zzz/team"), Page::Nowhere);
    assert_eq!(Page::parse("#/../../etc"), Page::Nowhere);
}

#[test]
fn the_secret_of_a_link_leaves_the_address_bar_at_once_and_is_never_written_back() {
    let invitation = InvitationId::mint(NOW, [3; 10]);
    let (state, effects) = booted(&format!("#/invitation/{invitation}/s3cret"));
    assert!(effects.contains(&Effect::Replace(Page::Invitation(None))));
    assert_eq!(state.page, Page::Invitation(None));
    assert_eq!(state.link.as_ref().map(|link| link.token.expose().as_str()), Some("s3cret"));
    assert!(matches!(asks(&effects).as_slice(), [Ask::Me, Ask::InvitationRead(_)]));
    let stop = format!("#/stop/{}/s3cret", code(1));
    let (state, effects) = booted(&stop);
    assert!(effects.contains(&Effect::Replace(Page::Stop(None))));
    assert!(state.stop.is_some());
    assert!(
        asks(&effects).iter().all(|ask| !matches!(ask, Ask::EmailStop(_))),
        "opening a link stops nothing"
    );
    assert!(!Page::parse(&stop).fragment().contains("s3cret"));
}

#[test]
fn whoever_is_not_signed_in_sees_the_door_and_then_the_page_they_asked_for() {
    let target = Page::In(business(1), Section::Team);
    let (mut state, _) = booted(&target.fragment());
    let effects = update(&mut state, Event::Answered(Ask::Me, Err(missing())));
    assert_eq!((state.view(), state.ended), (View::SignIn, false));
    assert_eq!(asks(&effects), [&Ask::Door]);
    let effects = update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(me(&[(1, Role::Owner)])))));
    assert_eq!(state.view(), View::In(Section::Team));
    assert_eq!(asks(&effects), [&Ask::Business(business(1)), &Ask::Team(business(1))]);
}

#[test]
fn a_session_that_ends_at_work_leads_to_the_door_and_back_and_leaves_nothing_in_memory() {
    let (mut state, _) = inside(&Page::In(business(1), Section::Profile).fragment(), &[(1, Role::Owner)]);
    update(&mut state, Event::Answered(Ask::Business(business(1)), Ok(opened(1, Role::Owner))));
    update(&mut state, Event::Answered(Ask::Acceptances(business(1)), Err(missing())));
    assert_eq!((state.view(), state.ended), (View::SignIn, true));
    assert!(state.business.value.is_none() && state.csrf().is_none());
    update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(me(&[(1, Role::Owner)])))));
    assert_eq!(state.view(), View::In(Section::Profile));
    assert!(!state.ended);
}

#[test]
fn a_code_is_asked_for_given_and_asked_for_again_after_a_wait() {
    let (mut state, _) = booted("#/sign-in");
    update(&mut state, Event::Answered(Ask::Me, Err(missing())));
    update(&mut state, Event::Asked(sign_in()));
    assert!(state.is_busy(Form::SignIn));
    assert!(update(&mut state, Event::Asked(sign_in())).is_empty(), "one press is one code");
    let asked = Answer::Code(CodeAsked { code: code(1), expires_at: NOW });
    let effects = update(&mut state, Event::Answered(sign_in(), Ok(asked)));
    assert_eq!(effects, [Effect::Begin, Effect::Tick(code(1))]);
    assert_eq!((state.view(), state.busy), (View::Code, None));
    for _ in 0..29 {
        assert_eq!(update(&mut state, Event::Ticked(code(1))), [Effect::Tick(code(1))]);
    }
    assert_eq!(update(&mut state, Event::Ticked(code(1))), []);
    assert_eq!(state.waiting.as_ref().map(|waiting| waiting.again_in_s), Some(0));
    update(&mut state, Event::Asked(sign_in()));
    let again = Answer::Code(CodeAsked { code: code(2), expires_at: NOW });
    update(&mut state, Event::Answered(sign_in(), Ok(again)));
    assert_eq!(state.said, Some(Said::CodeSent));
    assert_eq!(
        update(&mut state, Event::Ticked(code(1))),
        [],
        "the clock of the first code has no say any more"
    );
    let given = Ask::Code(CodeGiven { code: code(2), digits: Secret::new("123456".into()) });
    update(&mut state, Event::Asked(given.clone()));
    update(&mut state, Event::Answered(given.clone(), Err(Refusal::of(Kind::CodeRefused))));
    assert_eq!(state.refusal(Form::Code), Some(&Refusal::of(Kind::CodeRefused)));
    assert_eq!(state.view(), View::Code, "what was typed stays");
    let effects = update(&mut state, Event::Answered(given, Ok(Answer::SignedIn)));
    assert_eq!(asks(&effects), [&Ask::Me]);
    let effects = update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(me(&[(1, Role::Owner)])))));
    assert_eq!(state.page, Page::In(business(1), Section::Overview));
    assert!(effects.contains(&Effect::Replace(state.page.clone())));
    assert!(state.waiting.is_none());
}

#[test]
fn roles_hide_doors_that_would_not_open() {
    for (role, section, seen) in [
        (Role::Viewer, Section::Team, true),
        (Role::Manager, Section::Tokens, false),
        (Role::Manager, Section::Audit, false),
        (Role::Viewer, Section::Knowledge, true),
        (Role::Manager, Section::Ai, false),
        (Role::Manager, Section::Webhooks, false),
        (Role::Admin, Section::Tokens, true),
        (Role::Admin, Section::Audit, true),
    ] {
        let (state, effects) = inside(&Page::In(business(1), section).fragment(), &[(1, role)]);
        assert_eq!(state.view() == View::In(section), seen, "{role:?} {section:?}");
        let asked = asks(&effects).iter().any(|ask| {
            matches!(ask, Ask::Tokens(_) | Ask::Audit(..) | Ask::Setup(_, Setup::Vendors | Setup::Webhooks))
        });
        assert!(seen || !asked, "{role:?} {section:?}");
    }
    let (state, effects) = inside(&Page::In(business(2), Section::Team).fragment(), &[(1, Role::Owner)]);
    assert_eq!(state.view(), View::Nowhere, "somebody else's business");
    assert!(asks(&effects).is_empty());
    let (state, effects) = inside("#/operator", &[(1, Role::Owner)]);
    assert_eq!((state.view(), asks(&effects).len()), (View::Nowhere, 0));
}

#[test]
fn an_answer_about_another_business_changes_nothing() {
    let places = [(1, Role::Owner), (2, Role::Owner)];
    let (mut state, _) = inside(&Page::In(business(1), Section::Team).fragment(), &places);
    update(&mut state, Event::Went(Page::In(business(2), Section::Team)));
    update(&mut state, Event::Answered(Ask::Business(business(1)), Ok(opened(1, Role::Owner))));
    assert!(state.business.value.is_none());
    update(&mut state, Event::Answered(Ask::Business(business(2)), Ok(opened(2, Role::Owner))));
    assert_eq!(state.business.value.as_ref().map(|business| business.id), Some(business(2)));
}

#[test]
fn what_was_there_stays_while_it_is_asked_for_again_and_where_it_does_not_come() {
    let (mut state, _) = inside(&Page::In(business(1), Section::Overview).fragment(), &[(1, Role::Owner)]);
    let ask = Ask::Business(business(1));
    update(&mut state, Event::Answered(ask.clone(), Ok(opened(1, Role::Owner))));
    update(&mut state, Event::Online(false));
    let effects = update(&mut state, Event::Online(true));
    assert_eq!(asks(&effects), [&ask], "what is on the screen is asked for again");
    assert!(state.business.loading && state.business.value.is_some());
    update(&mut state, Event::Answered(ask, Err(Refusal::Network)));
    assert!(state.business.value.is_some());
    assert_eq!(state.business.refusal, Some(Refusal::Network));
}

#[test]
fn a_forged_request_refusal_fetches_a_fresh_token_so_that_the_next_try_is_good() {
    let (mut state, _) = inside(&Page::In(business(1), Section::Team).fragment(), &[(1, Role::Owner)]);
    let invite =
        Invite { email: Personal::new("a@b.example".into()), role: Role::Viewer, locale: "en".into() };
    let ask = Ask::Invite(business(1), invite);
    update(&mut state, Event::Asked(ask.clone()));
    let effects = update(&mut state, Event::Answered(ask, Err(Refusal::of(Kind::CsrfRefused))));
    assert_eq!(asks(&effects), [&Ask::Me]);
    assert!(state.refusal(Form::Invite).is_some() && state.busy.is_none());
}

#[test]
fn signing_out_forgets_everything_but_the_choices_of_this_browser() {
    let (mut state, _) = inside(&Page::In(business(1), Section::Overview).fragment(), &[(1, Role::Owner)]);
    update(&mut state, Event::Answered(Ask::Business(business(1)), Ok(opened(1, Role::Owner))));
    update(&mut state, Event::ThemeChosen(Theme::Dark));
    let effects = update(&mut state, Event::Answered(Ask::SignOut, Ok(Answer::Done)));
    assert!(effects.contains(&Effect::Go(Page::SignIn)));
    assert_eq!((state.view(), state.ended), (View::SignIn, false));
    assert!(state.me().is_none() && state.business.value.is_none());
    assert_eq!(state.preferences.theme, Theme::Dark);
}

#[test]
fn k7_nothing_is_remembered_before_it_was_chosen_and_one_button_clears_it() {
    let (_, effects) = inside("#/", &[(1, Role::Owner)]);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Remember(_))));
    let (mut state, _) = booted("#/sign-in");
    let effects = update(&mut state, Event::ThemeChosen(Theme::Dark));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Remember(_))));
    let effects = update(&mut state, Event::PreferencesCleared);
    assert!(effects.contains(&Effect::Forget) && effects.contains(&Effect::Paint(Theme::Auto)));
    assert_eq!(state.preferences, Preferences::default());
    // The same button clears the cookies at the edge, which signs out.
    assert!(effects.contains(&Effect::Call(Ask::CookiesClear)));
    let (mut state, _) = inside("#/me", &[(1, Role::Owner)]);
    update(&mut state, Event::PreferencesCleared);
    update(&mut state, Event::Answered(Ask::CookiesClear, Ok(Answer::Done)));
    assert_eq!((state.view(), state.said), (View::SignIn, Some(Said::Cleared)));
    assert!(state.me().is_none() && !state.ended);
}

/// A business as far as it came: who answers for it, where its chat may stand, what it knows, and whether anybody wrote.
fn begun([is_complete, has_origin, has_knowledge, has_conversations]: [bool; 4]) -> Answer {
    let Answer::Business(mut business) = opened(1, Role::Owner) else { return Answer::Done };
    business.is_complete = is_complete;
    business.has_knowledge = has_knowledge;
    business.has_conversations = has_conversations;
    if has_origin {
        business.sites[0].origins = vec!["https://www.example.eu".into()];
    }
    Answer::Business(business)
}

#[test]
fn home_is_the_inbox_once_the_first_steps_are_done_and_the_steps_until_then() {
    let read = |answer| Event::Answered(Ask::Business(business(1)), Ok(answer));
    for (answer, section) in [
        (begun([true; 4]), Section::Inbox),
        (begun([false, true, true, true]), Section::Overview),
        (begun([true, false, true, true]), Section::Overview),
        (begun([true, true, false, true]), Section::Overview),
        (begun([true, true, true, false]), Section::Overview),
    ] {
        let (mut state, _) = inside("#/", &[(1, Role::Owner)]);
        let effects = update(&mut state, read(answer));
        assert_eq!(state.view(), View::In(section));
        let is_written = effects.contains(&Effect::Replace(Page::In(business(1), Section::Inbox)));
        assert_eq!(is_written, section == Section::Inbox);
    }
    // Whoever asks for the steps by name gets them, also while the business was on its way.
    let (mut state, _) = inside(&Page::In(business(1), Section::Overview).fragment(), &[(1, Role::Owner)]);
    update(&mut state, read(begun([true; 4])));
    assert_eq!(state.view(), View::In(Section::Overview));
    let (mut state, _) = inside("#/", &[(1, Role::Owner)]);
    update(&mut state, Event::Went(Page::In(business(1), Section::Team)));
    update(&mut state, read(begun([true; 4])));
    assert_eq!(state.view(), View::In(Section::Team));
}

#[test]
fn a_token_is_shown_until_it_was_taken_or_the_page_was_left() {
    let (mut state, _) = inside(&Page::In(business(1), Section::Tokens).fragment(), &[(1, Role::Owner)]);
    let make = shared::wire::admin::token::MakeApiToken { name: "CRM".into(), scopes: Vec::new(), days: 30 };
    let about = shared::wire::admin::token::ApiToken {
        id: shared::id::ApiTokenId::mint(NOW, [4; 10]),
        name: "CRM".into(),
        scopes: Vec::new(),
        created_by: AccountId::mint(NOW, [9; 10]),
        created_at: NOW,
        expires_at: NOW,
        last_used_at: None,
    };
    let made = MadeApiToken { token: Secret::new("lqt_x".into()), about };
    let ask = Ask::TokenMake(business(1), make);
    let effects =
        update(&mut state, Event::Answered(ask.clone(), Ok(Answer::TokenMade(Box::new(made.clone())))));
    assert_eq!(asks(&effects), [&Ask::Tokens(business(1))]);
    assert!(state.token_made.is_some());
    update(&mut state, Event::Went(Page::In(business(1), Section::Team)));
    assert!(state.token_made.is_none());
    update(&mut state, Event::Answered(ask, Ok(Answer::TokenMade(Box::new(made)))));
    update(&mut state, Event::TokenTaken);
    assert!(state.token_made.is_none());
}

#[test]
fn somebody_without_a_business_is_led_to_opening_one_and_then_into_it() {
    let (mut state, effects) = inside("#/", &[]);
    assert_eq!((state.page.clone(), state.view()), (Page::Open, View::Open));
    assert_eq!(asks(&effects), [&Ask::Door]);
    update(&mut state, Event::Answered(Ask::Door, Ok(door())));
    let agreement =
        shared::wire::admin::sign_in::Agreement { terms_hash: "ab".into(), dpa_hash: "ab".into() };
    let open = shared::wire::admin::business::OpenBusiness {
        name: "New".into(),
        kind: BusinessKind::Shop,
        agreement,
    };
    let answer = Answer::Opened(OpenedBusiness { business: business(7), site: SiteId::mint(NOW, [1; 10]) });
    let effects = update(&mut state, Event::Answered(Ask::BusinessOpen(open), Ok(answer)));
    assert_eq!(asks(&effects), [&Ask::Me]);
    update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(me(&[(7, Role::Owner)])))));
    assert_eq!(state.view(), View::In(Section::Overview));
    assert_eq!(state.page.business(), Some(business(7)));
}

#[test]
fn accepting_an_invitation_leads_into_the_team() {
    let invitation = InvitationId::mint(NOW, [3; 10]);
    let (mut state, _) = booted(&format!("#/invitation/{invitation}/s3cret"));
    update(&mut state, Event::Answered(Ask::Me, Err(missing())));
    assert_eq!(state.view(), View::Invitation);
    let Some(link) = state.link.clone() else { panic!("the link is kept until it is used") };
    let join = shared::wire::admin::sign_in::InvitationJoin {
        link,
        name: Personal::new("Inès".into()),
        locale: "fr".into(),
    };
    let effects = update(&mut state, Event::Answered(Ask::InvitationJoin(join), Ok(Answer::SignedIn)));
    assert_eq!(asks(&effects), [&Ask::Me]);
    assert!(state.link.is_none());
    update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(me(&[(1, Role::Manager)])))));
    assert_eq!(state.view(), View::In(Section::Overview));
    assert_eq!(state.said, Some(Said::Joined));
}

#[test]
fn a_proved_address_says_when_it_takes_effect() {
    let (mut state, _) = inside("#/me", &[(1, Role::Owner)]);
    assert_eq!(state.view(), View::Me);
    let given = Ask::EmailCode(CodeGiven { code: code(1), digits: Secret::new("123456".into()) });
    let answer = Answer::EmailConfirmed(EmailConfirmed { effective_at: NOW });
    let effects = update(&mut state, Event::Answered(given, Ok(answer)));
    assert_eq!(state.said, Some(Said::EmailWaits(NOW)));
    assert_eq!(asks(&effects), [&Ask::Me]);
}

#[test]
fn a_site_shows_no_other_sites_settings_and_a_preview_leaves_what_was_said() {
    let (first, second) = (SiteId::mint(NOW, [5; 10]), SiteId::mint(NOW, [6; 10]));
    let page = |site| Page::Site(business(1), site, SitePart::Settings);
    let (mut state, effects) = inside(&page(first).fragment(), &[(1, Role::Owner)]);
    assert!(asks(&effects).contains(&&Ask::Setup(business(1), Setup::Site(first))));
    state.setup.preview = Some("https://chat.example/widget/x".to_owned());
    state.said = Some(Said::Saved);
    let form = shared::wire::admin::site::SiteForm {
        name: "Main".to_owned(),
        origins: Vec::new(),
        languages: vec!["en".to_owned()],
        greeting: std::collections::BTreeMap::new(),
        quick_questions: std::collections::BTreeMap::new(),
        consent: std::collections::BTreeMap::new(),
        color: "#1f6f5c".to_owned(),
        side: Default::default(),
        opening: Default::default(),
        answerers: Vec::new(),
        instructions: String::new(),
        tone: Default::default(),
        daily_calls: 1,
        daily_tokens: 1,
        keeps_path: false,
    };
    let preview = shared::wire::admin::site::AskPreview { form, locale: "en".to_owned() };
    let preview = Ask::Setup(business(1), Setup::Preview(first, Box::new(preview)));
    update(&mut state, Event::Asked(preview));
    assert_eq!(state.said, Some(Said::Saved), "what a page asks by itself says nothing");
    update(&mut state, Event::Went(page(second)));
    assert!(state.setup.preview.is_none() && state.setup.site.value.is_none());
}

fn counted(conversations: u32) -> Answer {
    let tally = Tally { count: conversations, hidden: false };
    Answer::Numbers(Box::new(Numbers {
        from: "2026-11-01".into(),
        to: "2026-11-30".into(),
        total: Figures { conversations: tally, ..Figures::default() },
        days: Vec::new(),
        sites: Vec::new(),
        models: Vec::new(),
        models_hidden: false,
        open_questions: Some(2),
    }))
}

#[test]
fn the_numbers_that_come_are_those_of_the_period_that_was_chosen_last() {
    let (mut state, effects) = inside(&format!("#/{}/numbers", business(1)), &[(1, Role::Manager)]);
    let month = Ask::Numbers(business(1), Window::default());
    assert!(asks(&effects).contains(&&month));
    assert!(
        asks(&effects).iter().all(|ask| !matches!(ask, Ask::Questions(..) | Ask::Comments(..))),
        "what visitors wrote is opened by a press and not by coming here"
    );
    let week = Ask::Numbers(business(1), Window { days: 7, ..Window::default() });
    update(&mut state, Event::Asked(week.clone()));
    update(&mut state, Event::Answered(month, Ok(counted(30))));
    assert!(state.counted.numbers.value.is_none() && state.counted.numbers.loading);
    update(&mut state, Event::Answered(week, Ok(counted(7))));
    assert_eq!(
        state.counted.numbers.value.as_ref().map(|numbers| numbers.total.conversations.count),
        Some(7)
    );
}

#[test]
fn a_settled_question_leaves_the_list_without_another_reading() {
    let (mut state, _) = inside(&format!("#/{}/numbers", business(1)), &[(1, Role::Manager)]);
    update(&mut state, Event::Answered(Ask::Numbers(business(1), Window::default()), Ok(counted(9))));
    let question = |number: u8| Question {
        message: MessageId::mint(NOW, [number; 10]),
        conversation: ConversationId::mint(NOW, [number; 10]),
        site: SiteId::mint(NOW, [1; 10]),
        locale: "en".into(),
        text: Personal::new("Is there a mast?".into()),
        at: NOW,
        until: NOW,
    };
    let page = QuestionPage { questions: vec![question(1), question(2)], before: None };
    update(&mut state, Event::Answered(Ask::Questions(business(1), None), Ok(Answer::Questions(page))));
    let aside = Ask::QuestionPutAside(business(1), question(1).message);
    let effects = update(&mut state, Event::Answered(aside, Ok(Answer::Done)));
    assert!(asks(&effects).is_empty());
    assert_eq!(
        state.counted.questions.value.as_ref().map(|page| page.questions.clone()),
        Some(vec![question(2)])
    );
    assert_eq!(state.counted.numbers.value.as_ref().and_then(|numbers| numbers.open_questions), Some(1));
}

#[test]
fn p2_3_a_visit_is_counted_only_of_somebody_who_agreed() {
    let fragment = format!("#/{}/numbers", business(1));
    let uses = |effects: &[Effect]| -> Vec<&'static str> {
        asks(effects)
            .iter()
            .filter_map(|ask| if let Ask::UseCount(name) = ask { Some(*name) } else { None })
            .collect()
    };
    let (mut state, effects) = inside(&fragment, &[(1, Role::Viewer)]);
    assert!(uses(&effects).is_empty());
    assert!(uses(&update(&mut state, Event::Went(Page::In(business(1), Section::Team)))).is_empty());
    let (mut state, _) = booted(&fragment);
    let agreed = Me { analytics: true, ..*me(&[(1, Role::Viewer)]) };
    let effects = update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(Box::new(agreed)))));
    assert_eq!(uses(&effects), ["page_numbers"]);
    assert_eq!(uses(&update(&mut state, Event::Went(Page::In(business(1), Section::Team)))), ["page_team"]);
}
