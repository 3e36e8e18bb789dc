//! How a business keeps its promises, and how somebody leaves, proven without a browser.

use shared::id::{AccountId, ConversationId, DeletionId, ErasureId, RequestId, SessionId, SiteId};
use shared::privacy::Personal;
use shared::rules::subject::SubjectKind;
use shared::time::DAY_MS;
use shared::wire::admin::account_request::{MakeOwnRequest, OwnPurpose, OwnRequestKind};
use shared::wire::admin::business::{BusinessKind, BusinessProfile, SiteEntry};
use shared::wire::admin::deletion::{Deletion, Deletions};
use shared::wire::admin::proof::{ErasureEntry, Erasures};
use shared::wire::admin::request::{EnterRequest, Requests};
use shared::wire::admin::retention::{NextLimit, SiteLimit};
use shared::wire::privacy::{RefusalReason, Request, RequestKind, RequestState, RequestWay};
use shared::wire::problem::Kind;

use super::*;

const NOW: Millis = Millis::new(1_795_000_000_000);

fn business() -> BusinessId {
    BusinessId::mint(NOW, [1; 10])
}

fn site(number: u8) -> SiteId {
    SiteId::mint(NOW, [number; 10])
}

fn inside(fragment: &str, role: Role) -> (State, Vec<Effect>) {
    let mut state = State::default();
    update(&mut state, Event::Booted(Page::parse(fragment), Preferences::default()));
    let me = Me {
        account: AccountId::mint(NOW, [9; 10]),
        name: Personal::new("Claire B.".into()),
        email: Personal::new("claire@hotel.example".into()),
        locale: "fr".into(),
        analytics: true,
        opted_out: false,
        operator: false,
        memberships: vec![Membership { business: business(), name: "House".into(), role }],
        email_change: None,
        csrf: Secret::new("csrf".into()),
        session: SessionId::mint(NOW, [8; 10]),
    };
    let effects = update(&mut state, Event::Answered(Ask::Me, Ok(Answer::Me(Box::new(me)))));
    (state, effects)
}

fn at(section: Section, role: Role) -> (State, Vec<Effect>) {
    inside(&Page::In(business(), section).fragment(), role)
}

fn asks(effects: &[Effect]) -> Vec<&Ask> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::Call(ask) = effect { Some(ask) } else { None })
        .collect()
}

fn record(record: Record) -> Ask {
    Ask::Record(business(), record)
}

fn answer(state: &mut State, asked: &Ask, with: Recorded) -> Vec<Effect> {
    update(state, Event::Answered(asked.clone(), Ok(recorded(with))))
}

fn opened(role: Role) -> Answer {
    let entry = |number| SiteEntry {
        id: site(number),
        name: "Main".into(),
        origins: Vec::new(),
        hours_said: true,
        found_at: None,
    };
    Answer::Business(Box::new(Business {
        id: business(),
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
        sites: vec![entry(1), entry(2)],
        role,
        created_at: NOW,
    }))
}

fn limit(days: Option<i64>, messages: u32) -> SiteLimit {
    SiteLimit {
        days,
        next: None,
        conversations: 0,
        messages,
        files: 0,
        notes: 0,
        comments: 0,
        oldest: None,
        spared: 0,
    }
}

fn request(number: u8, conversation: Option<ConversationId>) -> Request {
    Request {
        id: RequestId::mint(NOW, [number; 10]),
        kind: RequestKind::Erasure,
        way: RequestWay::Phone,
        state: RequestState::Open,
        purpose: None,
        conversation,
        asked_at: NOW,
        due_at: NOW.plus_ms(30 * DAY_MS),
        days_left: 30,
        extension: None,
        settled_at: None,
        refusal: None,
        authority: None,
        erasure: None,
        words: None,
    }
}

#[test]
fn p8_2_each_part_of_privacy_opens_for_the_roles_that_the_edge_lets_in() {
    for (role, section, seen) in [
        (Role::Viewer, Section::Retention, true),
        (Role::Viewer, Section::Requests, false),
        (Role::Viewer, Section::Receipts, false),
        (Role::Manager, Section::Requests, true),
        (Role::Manager, Section::Receipts, true),
        (Role::Manager, Section::Consents, false),
        (Role::Manager, Section::Notices, false),
        (Role::Manager, Section::DataMap, false),
        (Role::Admin, Section::Consents, true),
        (Role::Admin, Section::Notices, true),
        (Role::Admin, Section::DataMap, true),
    ] {
        let (state, effects) = at(section, role);
        assert_eq!(state.view() == View::In(section), seen, "{role:?} {section:?}");
        let asked = asks(&effects).iter().any(|ask| matches!(ask, Ask::Record(..)));
        assert!(seen || !asked, "{role:?} {section:?}");
    }
}

#[test]
fn the_link_in_a_reminder_leads_to_the_requests_and_the_one_in_a_letter_of_deletion_to_oneself() {
    let (state, effects) = inside("#/settings/requests", Role::Manager);
    assert_eq!(state.page, Page::In(business(), Section::Requests));
    assert!(asks(&effects).contains(&&record(Record::Requests)));
    assert_eq!(Page::parse("#/settings/profile"), Page::Me);
}

#[test]
fn p6_8_a_request_is_entered_at_the_desk_and_stands_there_with_the_conversation() {
    let thread = |number| ConversationId::mint(NOW, [number; 10]);
    let at_desk = |number| Page::Thread(business(), thread(number), Pane::Card);
    let (mut state, _) = inside(&at_desk(7).fragment(), Role::Manager);
    let about = |number| record(Record::RequestsAbout(thread(number)));
    update(&mut state, Event::Asked(about(7)));
    let requests = |number| Requests { requests: vec![request(1, Some(thread(number)))] };
    answer(&mut state, &about(7), Recorded::Requests(requests(7)));
    assert_eq!(state.record.about.1.value, Some(requests(7)));
    assert!(state.record.requests.value.is_none(), "it is not the list of all");
    // What is entered is asked for again, and with it how many are open.
    let body = EnterRequest {
        kind: RequestKind::Access,
        way: RequestWay::Phone,
        asked_at: NOW,
        conversation: Some(thread(7)),
        purpose: None,
        words: None,
    };
    let enter = record(Record::RequestEnter(body));
    update(&mut state, Event::Asked(enter.clone()));
    let effects = answer(&mut state, &enter, Recorded::Entered(request(2, Some(thread(7)))));
    assert_eq!(state.said, Some(Said::RequestEntered));
    assert_eq!(asks(&effects), [&about(7), &Ask::Business(business())]);
    // Whoever goes on sees nothing of it beside the next one, also where its answer comes late.
    update(&mut state, Event::Went(at_desk(8)));
    update(&mut state, Event::Asked(about(8)));
    assert_eq!(state.record.about, (Some(thread(8)), Slot { loading: true, ..Slot::default() }));
    answer(&mut state, &about(7), Recorded::Requests(requests(7)));
    assert!(state.record.about.1.value.is_none());
    update(&mut state, Event::Answered(about(7), Err(Refusal::Network)));
    assert!(state.record.about.1.refusal.is_none());
}

#[test]
fn p6_3_of_a_conversation_that_is_gone_no_request_stays_in_memory() {
    let thread = ConversationId::mint(NOW, [7; 10]);
    let (mut state, _) = inside(&Page::Thread(business(), thread, Pane::Card).fragment(), Role::Manager);
    let about = record(Record::RequestsAbout(thread));
    update(&mut state, Event::Asked(about.clone()));
    let requests = Requests { requests: vec![request(1, Some(thread))] };
    answer(&mut state, &about, Recorded::Requests(requests.clone()));
    let open = Ask::Inbox(business(), Box::new(inbox::InboxAsk::Open(thread)));
    update(&mut state, Event::Answered(open, Err(Refusal::of(Kind::NotFound))));
    assert_eq!(state.record.about, Default::default());
    answer(&mut state, &about, Recorded::Requests(requests));
    assert_eq!(state.record.about, Default::default(), "nor what was on its way");
}

#[test]
fn b6_what_a_limit_would_delete_is_looked_at_before_anything_changes_and_the_change_is_undone() {
    let (mut state, _) = at(Section::Retention, Role::Admin);
    let effects = update(&mut state, Event::Answered(Ask::Business(business()), Ok(opened(Role::Admin))));
    let limits = [record(Record::Limit(site(1))), record(Record::Limit(site(2)))];
    assert_eq!(asks(&effects), limits.iter().collect::<Vec<_>>(), "each site has its own");
    answer(&mut state, &limits[0], Recorded::Limit(limit(None, 0)));

    let preview = record(Record::LimitPreview(site(1), Some(30)));
    update(&mut state, Event::Asked(preview.clone()));
    answer(&mut state, &preview, Recorded::Limit(limit(None, 12)));
    assert_eq!(
        state.record.previews.get(&site(1)).map(|(days, would)| (*days, would.messages)),
        Some((Some(30), 12))
    );
    let another = record(Record::LimitPreview(site(1), Some(7)));
    update(&mut state, Event::Asked(another.clone()));
    assert!(
        !state.record.previews.contains_key(&site(1)),
        "what thirty days would delete says nothing of seven"
    );
    answer(&mut state, &another, Recorded::Limit(limit(None, 40)));

    let change = record(Record::LimitChange(site(1), Some(7)));
    update(&mut state, Event::Asked(change.clone()));
    let next = NextLimit { days: Some(7), effective_at: NOW.plus_ms(DAY_MS) };
    answer(&mut state, &change, Recorded::Limit(SiteLimit { next: Some(next), ..limit(None, 40) }));
    assert_eq!(state.said, Some(Said::LimitAsked(NOW.plus_ms(DAY_MS))));
    assert!(state.record.previews.is_empty());
    let undo = record(Record::LimitUndo(site(1)));
    let effects = update(&mut state, Event::Answered(undo, Ok(Answer::Done)));
    assert_eq!((state.said, asks(&effects)), (Some(Said::LimitKept), vec![&limits[0]]));
}

#[test]
fn p6_8_a_request_is_settled_once_and_whoever_came_second_sees_how() {
    let (mut state, _) = at(Section::Requests, Role::Manager);
    let list = record(Record::Requests);
    let thread = ConversationId::mint(NOW, [7; 10]);
    let requests = vec![request(1, Some(thread)), request(2, None)];
    answer(&mut state, &list, Recorded::Requests(Requests { requests: requests.clone() }));
    assert!(record::meeting_erases(&requests[0]) && !record::meeting_erases(&requests[1]));

    let meet = record(Record::RequestMeet(requests[0].id));
    let effects = update(&mut state, Event::Answered(meet, Ok(Answer::Done)));
    assert_eq!(state.said, Some(Said::RequestMet));
    assert!(asks(&effects).contains(&&list));
    assert!(asks(&effects).contains(&&Ask::UseCount("feature_erase")), "counted, of somebody who agreed");
    let meet = record(Record::RequestMeet(requests[1].id));
    let effects = update(&mut state, Event::Answered(meet, Ok(Answer::Done)));
    assert!(!asks(&effects).iter().any(|ask| matches!(ask, Ask::UseCount(_))), "nothing was erased");

    let refuse = record(Record::RequestRefuse(requests[0].id, RefusalReason::Excessive));
    update(&mut state, Event::Asked(refuse.clone()));
    let effects = update(&mut state, Event::Answered(refuse, Err(Refusal::of(Kind::RequestSettled))));
    let form = Form::Record(RecordForm::Request(requests[0].id));
    assert_eq!(state.refusal(form), Some(&Refusal::of(Kind::RequestSettled)));
    assert_eq!(asks(&effects), [&list]);
}

#[test]
fn older_erasures_come_behind_the_ones_that_are_there() {
    let (mut state, _) = at(Section::Receipts, Role::Manager);
    let erasure = |number| ErasureEntry {
        id: ErasureId::mint(NOW, [number; 10]),
        about: SubjectKind::Conversation,
        reason: "request".into(),
        state: "receipted".into(),
        waits: None,
        requested_at: NOW,
        keyless_at: None,
        verified_at: None,
        receipt: None,
    };
    let first = record(Record::Erasures(None));
    let before = Some(erasure(2).id);
    answer(&mut state, &first, Recorded::Erasures(Erasures { erasures: vec![erasure(2)], before }));
    let more = record(Record::Erasures(before));
    assert_eq!(more.form(), Some(Form::More));
    update(&mut state, Event::Asked(more.clone()));
    answer(&mut state, &more, Recorded::Erasures(Erasures { erasures: vec![erasure(1)], before: None }));
    let page = state.record.erasures.value.clone();
    assert_eq!(page.as_ref().map(|page| page.erasures.len()), Some(2));
    update(&mut state, Event::Went(Page::In(business(), Section::Requests)));
    assert!(state.record.erasures.value.is_none(), "another page begins anew");
}

#[test]
fn p4_6_a_deletion_stands_until_it_is_taken_back_and_k11_the_error_names_who_must_go_first() {
    let (mut state, effects) = at(Section::Profile, Role::Owner);
    let read = Ask::Leaving(Leaving::Read);
    assert!(asks(&effects).contains(&&read));
    let (_, effects) = at(Section::Profile, Role::Admin);
    assert!(!asks(&effects).contains(&&read), "a business is the owner's to delete");

    let ask = Ask::Leaving(Leaving::Business(business()));
    let form = Form::Leaving(LeavingForm::Business);
    assert_eq!((ask.form(), ask.business()), (Some(form), Some(business())));
    let who = Some(Personal::new("House: Grace Hopper".to_owned()));
    let refused =
        Refusal::Said { kind: Kind::MembersRemain, reference: String::new(), retry_after_s: None, who };
    update(&mut state, Event::Asked(ask.clone()));
    update(&mut state, Event::Answered(ask.clone(), Err(refused.clone())));
    assert_eq!(state.refusal(form), Some(&refused));

    let deletion = Deletion {
        id: DeletionId::mint(NOW, [3; 10]),
        business: Some(business()),
        asked_at: NOW,
        due_at: NOW.plus_ms(30 * DAY_MS),
    };
    update(&mut state, Event::Asked(ask.clone()));
    let effects = update(&mut state, Event::Answered(ask, Ok(left(Left::Asked(deletion.clone())))));
    assert_eq!((state.said, asks(&effects)), (Some(Said::DeletionAsked(deletion.due_at)), vec![&read]));
    let stands = Deletions { deletions: vec![deletion.clone()], businesses: Vec::new(), blocks: Vec::new() };
    update(&mut state, Event::Answered(read.clone(), Ok(left(Left::Deletions(stands)))));
    let stands = state.leaving.deletions.value.clone().expect("what stands");
    assert_eq!(deletion_of(&stands, Some(business())), Some(&deletion));
    assert_eq!(deletion_of(&stands, None), None, "the account itself stays");
    let keep = Ask::Leaving(Leaving::BusinessKeep(business()));
    let effects = update(&mut state, Event::Answered(keep, Ok(Answer::Done)));
    assert_eq!((state.said, asks(&effects)), (Some(Said::DeletionKept), vec![&read]));
}

#[test]
fn the_copy_of_ones_own_data_is_fetched_by_a_press_and_not_by_coming_here() {
    let (state, effects) = inside("#/me", Role::Viewer);
    assert_eq!(state.view(), View::Me);
    assert!(asks(&effects).contains(&&Ask::Leaving(Leaving::Read)));
    assert!(!asks(&effects).contains(&&Ask::Leaving(Leaving::Copy)));
}

#[test]
fn p6_8_a_right_over_ones_own_data_is_asked_for_and_the_list_follows() {
    let (mut state, effects) = inside("#/me", Role::Viewer);
    let read = Ask::Own(Own::Read);
    assert!(asks(&effects).contains(&&read));
    let make = Ask::Own(Own::Make(MakeOwnRequest {
        kind: OwnRequestKind::Objection,
        purpose: Some(OwnPurpose::Statistics),
        words: None,
    }));
    assert_eq!((make.form(), make.business()), (Some(Form::Own), None));
    update(&mut state, Event::Asked(make.clone()));
    let effects = update(&mut state, Event::Answered(make, Ok(Answer::Done)));
    assert_eq!(state.said, Some(Said::RequestEntered));
    assert_eq!(asks(&effects), vec![&Ask::Me, &read], "the tick beside it changes, too");
    let own = OwnRequests { restricted_at: Some(NOW), requests: Vec::new() };
    update(&mut state, Event::Answered(read.clone(), Ok(Answer::Own(own.clone()))));
    assert_eq!(state.own.value, Some(own));
    let effects = update(&mut state, Event::Answered(Ask::Own(Own::Lift), Ok(Answer::Done)));
    assert_eq!((state.said, asks(&effects)), (Some(Said::Saved), vec![&read]));
    update(&mut state, Event::Went(Page::In(business(), Section::Team)));
    assert!(state.own.value.is_none(), "another page begins anew");
}

#[test]
fn k12_whoever_runs_the_deployment_answers_and_the_list_follows() {
    let (mut state, _) = inside("#/operator", Role::Owner);
    let id = RequestId::mint(NOW, [7; 10]);
    let operated = Ask::Own(Own::Operated);
    for (record, said) in [
        (Record::RequestMeet(id), Said::RequestMet),
        (Record::RequestRefuse(id, RefusalReason::LegalDuty), Said::RequestRefused),
    ] {
        let ask = Ask::Own(Own::Work(record));
        assert_eq!(ask.form(), Some(Form::Record(RecordForm::Request(id))));
        let effects = update(&mut state, Event::Answered(ask, Ok(Answer::Done)));
        assert_eq!((state.said, asks(&effects)), (Some(said), vec![&operated]));
    }
}
