//! What single pages rely on, proven without a browser: the first steps, help, the log, the numbers, saved views.

use shared::id::{AccountId, AuditId, SiteId};
use shared::wire::admin::audit::AuditEntry;
use shared::wire::admin::knowledge::WriteKnowledge;
use shared::wire::problem::Kind;

use super::tests::{NOW, asks, booted, business, inside, opened};
use super::*;

#[test]
fn p3_2_whoever_needs_help_reads_from_every_role_whom_to_ask() {
    for places in [&[(1, Role::Viewer)][..], &[(1, Role::Owner)], &[]] {
        let (state, effects) = inside("#/help", places);
        assert_eq!(state.view(), View::Help);
        assert!(asks(&effects).contains(&&Ask::Door), "the door knows who runs the deployment");
    }
    assert_eq!(booted("#/help").0.page, Page::Help);
}

#[test]
fn the_first_steps_ask_what_to_paste_once_they_know_the_site_and_look_again_after_each_deed() {
    let (mut state, _) = inside(&format!("#/{}/overview", business(1)), &[(1, Role::Owner)]);
    let ask = Ask::Business(business(1));
    let effects = update(&mut state, Event::Answered(ask.clone(), Ok(opened(1, Role::Owner))));
    let site = SiteId::mint(NOW, [1; 10]);
    let snippet = Ask::Setup(business(1), Setup::Snippet(site));
    assert_eq!(asks(&effects), [&snippet]);
    let line = shared::wire::admin::install::Snippet {
        automatic: "<script>".into(),
        pinned: String::new(),
        frame: String::new(),
        address: String::new(),
        script_policy: String::new(),
        frame_policy: String::new(),
    };
    update(&mut state, Event::Answered(snippet, Ok(set_up(SetUp::Snippet(line)))));
    let text = WriteKnowledge { locale: "en".into(), title: "When?".into(), body: "At 8.".into(), url: None };
    let taught = Ask::Setup(business(1), Setup::KnowledgeAdd(text));
    let effects = update(&mut state, Event::Answered(taught, Ok(set_up(SetUp::KnowledgeAdded))));
    assert_eq!(asks(&effects), [&ask], "the step's own mark follows");
    let effects = update(&mut state, Event::Answered(ask.clone(), Ok(opened(1, Role::Owner))));
    assert!(asks(&effects).is_empty(), "what is shown already is not asked for again");
    let look = shared::wire::admin::install::CheckInstall { address: "https://hotel.example/".into() };
    let found = |runs| shared::wire::admin::install::Installation {
        address: "https://hotel.example/".into(),
        runs,
        findings: Vec::new(),
    };
    let check = Ask::Setup(business(1), Setup::Check(site, look));
    let effects =
        update(&mut state, Event::Answered(check.clone(), Ok(set_up(SetUp::Checked(found(false))))));
    assert!(asks(&effects).is_empty());
    let effects = update(&mut state, Event::Answered(check, Ok(set_up(SetUp::Checked(found(true))))));
    assert_eq!(asks(&effects), [&ask]);
}

#[test]
fn the_log_of_one_deed_is_not_overwritten_by_a_page_of_another() {
    let (mut state, effects) = inside(&format!("#/{}/audit", business(1)), &[(1, Role::Admin)]);
    let all = Ask::Audit(business(1), "", None);
    assert!(asks(&effects).contains(&&all));
    let one = Ask::Audit(business(1), "member_role", None);
    let effects = update(&mut state, Event::Asked(one.clone()));
    assert_eq!(asks(&effects), [&one]);
    let line = |action: &str| AuditPage {
        entries: vec![AuditEntry {
            id: AuditId::mint(NOW, [1; 10]),
            account: AccountId::mint(NOW, [9; 10]),
            token: None,
            action: action.into(),
            subject_kind: "account".into(),
            subject: String::new(),
            reason: None,
            change: Some("manager → admin".into()),
            at: NOW,
        }],
        before: None,
    };
    update(&mut state, Event::Answered(one, Ok(Answer::Audit(line("member_role")))));
    update(&mut state, Event::Answered(all, Ok(Answer::Audit(line("sign_in")))));
    let shown = state.audit.value.as_ref().map(|page| page.entries[0].action.as_str());
    assert_eq!(shown, Some("member_role"), "the answer that comes late is of what was shown before");
}

#[test]
fn a_period_of_ones_own_is_asked_for_by_its_days_and_what_is_no_day_is_none() {
    let (first, last) = (day_read("2026-11-01").unwrap(), day_read("2026-11-22").unwrap());
    assert_eq!(last - first, 21);
    let own = Window { own: Some((first, last)), ..Window::default() };
    assert_eq!(own.query(), "from=2026-11-01&to=2026-11-22");
    assert_eq!(Window { days: 7, ..Window::default() }.query(), "days=7");
    for wrong in ["", "2026-02-30", "2026-13-01", "yesterday", "2026-11", "2026-1-1"] {
        assert_eq!(day_read(wrong), None, "{wrong}");
    }
}

#[test]
fn what_one_card_was_refused_stays_beside_it_while_another_one_is_kept() {
    use shared::wire::admin::inbox::words::{LabelColor, PutCannedReply, PutLabel};
    let (mut state, _) = inside(&format!("#/{}/replies", business(1)), &[(1, Role::Admin)]);
    let put = |ask| Ask::Inbox(business(1), Box::new(ask));
    let words = PutCannedReply { shortcut: "a".into(), title: "A".into(), text: "a".into(), locale: None };
    let reply = put(inbox::InboxAsk::ReplyPut(None, words));
    let form = reply.form().expect("it has a form");
    update(&mut state, Event::Asked(reply.clone()));
    update(&mut state, Event::Answered(reply.clone(), Err(Refusal::of(Kind::TooMany))));
    let label = PutLabel { name: "late".into(), color: LabelColor::Gray };
    update(&mut state, Event::Asked(put(inbox::InboxAsk::LabelPut(None, label))));
    assert_eq!(state.refusal(form), Some(&Refusal::of(Kind::TooMany)));
    update(&mut state, Event::Asked(reply));
    assert_eq!(state.refusal(form), None, "it is tried again");
}

#[test]
fn a_view_that_is_given_to_the_team_is_read_again() {
    use shared::wire::admin::inbox::words::PutView;
    let (mut state, effects) = inside(&format!("#/{}/replies", business(1)), &[(1, Role::Admin)]);
    let read = |asks: Vec<&Ask>| {
        asks.iter().any(|ask| matches!(ask, Ask::Inbox(_, asked) if **asked == inbox::InboxAsk::Views))
    };
    assert!(read(asks(&effects)), "the page shows them");
    let view = PutView { name: "Late".into(), filter: Default::default(), shared: true };
    let id = shared::id::ViewId::mint(NOW, [2; 10]);
    let put = Ask::Inbox(business(1), Box::new(inbox::InboxAsk::ViewPut(id, view)));
    update(&mut state, Event::Asked(put.clone()));
    let done = Answer::Inbox(Box::new(inbox::InboxAnswer::Done));
    let effects = update(&mut state, Event::Answered(put, Ok(done)));
    assert!(read(asks(&effects)));
    assert_eq!(state.said, Some(Said::Saved));
}

#[test]
fn the_count_beside_requests_is_of_the_business_until_the_list_is_there() {
    let (mut state, _) = inside(&format!("#/{}/overview", business(1)), &[(1, Role::Manager)]);
    let Answer::Business(mut read) = opened(1, Role::Manager) else { return };
    read.open_requests = Some(2);
    update(&mut state, Event::Answered(Ask::Business(business(1)), Ok(Answer::Business(read))));
    assert_eq!(state.open_requests(), Some(2));
    state.record.requests.fill(shared::wire::admin::request::Requests { requests: Vec::new() });
    assert_eq!(state.open_requests(), Some(0), "met on this very page");
}
