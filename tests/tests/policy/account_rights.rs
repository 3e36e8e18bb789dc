//! People who sign in have the rights of visitors over their own data: restriction and objection at once, everything else as
//! a request with a clock that whoever runs the deployment answers.

use http::StatusCode;
use serde_json::{Value, json};
use shared::id::{BusinessId, RequestId};
use shared::limits::REQUESTS_OPEN;
use shared::time::{DAY_MS, HOUR_MS, Millis};
use shared::wire::admin::account_request::{OwnPurpose, OwnRequest, OwnRequestKind, OwnRequests};
use shared::wire::admin::deletion::AccountExport;
use shared::wire::admin::inbox::settings::{Digest, Notifications};
use shared::wire::privacy::{ExtensionReason, RefusalReason, RequestState};
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";
const OPERATOR: &str = "ops@platform.example";

fn operated() -> Options {
    Options { variables: vec![("OPERATOR_EMAIL", OPERATOR.into())], ..Options::default() }
}

async fn own(person: &mut Person<'_>) -> OwnRequests {
    person.send("GET", "/v1/admin/account/requests", None).await.json()
}

async fn ask(person: &mut Person<'_>, body: Value) -> tests::Answer {
    person.send("POST", "/v1/admin/account/requests", Some(body)).await
}

async fn act(operator: &mut Person<'_>, id: RequestId, act: &str, body: Option<Value>) -> tests::Answer {
    operator.send("POST", &format!("/v1/admin/operator/requests/{id}/{act}"), body).await
}

async fn waiting(operator: &mut Person<'_>) -> Vec<OwnRequest> {
    operator.send("GET", "/v1/admin/operator/requests", None).await.json::<OwnRequests>().requests
}

fn rows(deployment: &Deployment, sql: &str) -> i64 {
    deployment
        .directory
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

fn uses(deployment: &Deployment) -> i64 {
    rows(deployment, "SELECT coalesce(sum(count), 0) FROM use_day")
}

async fn use_dashboard(person: &mut Person<'_>) {
    let used = person.send("POST", "/v1/admin/account/use", Some(json!({ "name": "page_team" }))).await;
    assert_eq!(used.status, StatusCode::NO_CONTENT, "{}", used.text());
}

async fn agree(person: &mut Person<'_>) {
    let body = Some(json!({ "analytics": true }));
    let agreed = person.send("PUT", "/v1/admin/account/preferences", body).await;
    assert_eq!(agreed.status, StatusCode::NO_CONTENT);
}

async fn digest(person: &mut Person<'_>, business: BusinessId, digest: &str) {
    let path = format!("/v1/admin/businesses/{business}/notifications");
    let body = json!({ "hear": "all", "sound": false, "browser": false, "digest": digest });
    let put = person.send("PUT", &path, Some(body)).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
}

/// A conversation waits in the inbox of a business: there is something to sum up.
async fn something_waits(deployment: &Deployment, person: &mut Person<'_>, business: BusinessId) {
    let read = person.send("GET", &format!("/v1/admin/businesses/{business}"), None).await;
    let site = read.json::<shared::wire::admin::business::Business>().sites[0].id;
    let origins = format!("/v1/admin/businesses/{business}/sites/{site}/origins");
    person.send("PUT", &origins, Some(json!({ "origins": ["https://hotel.example"] }))).await;
    deployment.clock.wind(NOW.plus_ms(10_000));
    let mut visitor = tests::Visitor::on(deployment, site, "https://hotel.example").await;
    visitor.write("Is anybody there?").await;
    deployment.settle().await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/person");
    deployment.send("POST", &path, Some(&token), None).await;
    deployment.settle().await;
}

#[tokio::test(start_paused = true)]
async fn p6_4_whoever_signs_in_restricts_their_account_and_nothing_optional_processes_it() {
    let deployment = Deployment::new(operated());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    agree(&mut ada).await;
    digest(&mut ada, business, "hourly").await;
    something_waits(&deployment, &mut ada, business).await;
    use_dashboard(&mut ada).await;
    assert_eq!(uses(&deployment), 1);

    let made: OwnRequest = ask(&mut ada, json!({ "kind": "restriction" })).await.json();
    assert_eq!((made.kind, made.state), (OwnRequestKind::Restriction, RequestState::Met), "at once");
    assert_eq!(own(&mut ada).await.restricted_at, Some(deployment.clock.now()));
    use_dashboard(&mut ada).await;
    assert_eq!(uses(&deployment), 1, "no use is counted");
    let later = NOW.plus_ms(2 * HOUR_MS);
    deployment.clock.wind(later);
    deployment.run_due(HOURLY, later).await;
    deployment.run_due(OFTEN, later).await;
    assert_eq!(deployment.mails_count("inbox_digest").await, 0, "no mail sums up what waits");
    // What they do themselves, and what keeps others out, goes on.
    let mut elsewhere = ada.elsewhere();
    elsewhere.sign_in().await;
    assert!(deployment.mails_count("new_device").await > 0, "a new device is still told of");
    let read = elsewhere.send("GET", &format!("/v1/admin/businesses/{business}"), None).await;
    assert_eq!(read.status, StatusCode::OK);

    let lifted = elsewhere.send("DELETE", "/v1/admin/account/restriction", None).await;
    assert_eq!(lifted.status, StatusCode::NO_CONTENT);
    let again = elsewhere.send("DELETE", "/v1/admin/account/restriction", None).await;
    assert_eq!(again.problem(), Kind::NotFound);
    assert_eq!(own(&mut elsewhere).await.restricted_at, None);
    use_dashboard(&mut elsewhere).await;
    assert_eq!(uses(&deployment), 2, "and is counted again, as they had agreed");
    let later = later.plus_ms(HOUR_MS);
    deployment.clock.wind(later);
    deployment.run_due(HOURLY, later).await;
    deployment.run_due(OFTEN, later).await;
    assert_eq!(deployment.mails_count("inbox_digest").await, 1);
}

#[tokio::test(start_paused = true)]
async fn p6_4_b4_a_restored_directory_remembers_that_an_account_is_restricted() {
    let deployment = Deployment::new(operated());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    agree(&mut ada).await;
    deployment.run_due(OFTEN, NOW).await;
    let path = std::env::temp_dir().join(format!("loquet-restricted-{}.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&path);
    deployment.directory.copy_to(&path).unwrap();
    ask(&mut ada, json!({ "kind": "restriction" })).await.json::<OwnRequest>();
    let scope = edge::store::scope::OperatorScope::of_deployment();
    edge::ops::replay::ticks_count(&deployment.app, &scope, NOW).await.unwrap();

    let restored = edge::platform::Db::in_file(&path, &[]).unwrap();
    let back = Deployment::over(operated(), restored, deployment.shards.clone(), deployment.keys.clone());
    back.directory.write(edge::store::tick::replay_ask(&scope, NOW)).await.unwrap();
    edge::ops::replay::replay(&back.app, &scope, "directory", &mut 100, NOW).await.unwrap();
    let restricted = "SELECT count(*) FROM account WHERE restricted_at IS NOT NULL";
    assert_eq!(rows(&back, restricted), 1);
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test(start_paused = true)]
async fn p6_6_whoever_signs_in_objects_by_purpose_and_it_holds_at_once() {
    let deployment = Deployment::new(operated());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    agree(&mut ada).await;
    digest(&mut ada, business, "hourly").await;
    let made: OwnRequest =
        ask(&mut ada, json!({ "kind": "objection", "purpose": "statistics" })).await.json();
    assert_eq!((made.purpose, made.state), (Some(OwnPurpose::Statistics), RequestState::Met));
    use_dashboard(&mut ada).await;
    assert_eq!(uses(&deployment), 0);
    assert!(!ada.me().await.analytics);
    ask(&mut ada, json!({ "kind": "objection", "purpose": "digests" })).await.json::<OwnRequest>();
    let path = format!("/v1/admin/businesses/{business}/notifications");
    let set: Notifications = ada.send("GET", &path, None).await.json();
    assert_eq!(set.digest, Digest::Never);
    // Against anything else somebody must weigh: that takes words, and waits.
    assert_eq!(ask(&mut ada, json!({ "kind": "objection" })).await.problem(), Kind::ValueRefused);
    let words = json!({ "kind": "objection", "words": "Against the log of sign-ins" });
    let made: OwnRequest = ask(&mut ada, words).await.json();
    assert_eq!((made.state, made.days_left), (RequestState::Open, 30));
}

#[tokio::test(start_paused = true)]
async fn p6_2_p6_8_a_request_in_words_has_a_clock_and_whoever_runs_the_deployment_answers_it() {
    let deployment = Deployment::new(operated());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let mut eve = Person::new(&deployment, "eve@inn.example");
    eve.sign_up("Eve’s Inn").await;
    let mut ops = Person::new(&deployment, OPERATOR);
    ops.sign_up("Platform").await;
    let path = format!("/v1/admin/businesses/{business}");
    let mut profile = ada.send("GET", &path, None).await.json::<Value>()["profile"].clone();
    profile["controller"] = json!("Ada Lovelace, Cassis");
    profile["contact"] = json!("desk@hotel.example");
    profile["country"] = json!("FR");
    assert_eq!(ada.send("PUT", &path, Some(profile)).await.status, StatusCode::NO_CONTENT);
    let said = "My invoices name canary5521, which I am not";
    let made: OwnRequest = ask(&mut ada, json!({ "kind": "rectification", "words": said })).await.json();
    assert_eq!((made.state, made.days_left, made.due_at), (RequestState::Open, 30, NOW.plus_ms(30 * DAY_MS)));
    let listed = own(&mut ada).await.requests;
    assert_eq!(listed[0].words.as_ref().unwrap().expose(), said, "sealed, and opened for who may");
    assert!(own(&mut eve).await.requests.is_empty(), "nobody else sees it");
    let other = eve.send("GET", "/v1/admin/operator/requests", None).await;
    assert_eq!(other.problem(), Kind::RoleTooLow);
    assert_eq!(act(&mut eve, made.id, "meet", None).await.problem(), Kind::RoleTooLow);

    let seen = waiting(&mut ops).await;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].words.as_ref().unwrap().expose(), said);
    let body = ops.send("GET", "/v1/admin/operator/requests", None).await.text();
    assert!(!body.contains("ada@hotel.example") && !body.contains("Lovelace"), "{body}");
    let extend = || Some(json!({ "reason": "complex" }));
    assert_eq!(act(&mut ops, made.id, "extend", extend()).await.status, StatusCode::NO_CONTENT);
    let listed = own(&mut ada).await.requests;
    assert_eq!((listed[0].days_left, listed[0].extension), (90, Some(ExtensionReason::Complex)));
    assert_eq!(
        deployment.mails_count("own_request_answered").await,
        1,
        "who asked is told that it takes longer"
    );
    assert_eq!(act(&mut ops, made.id, "extend", extend()).await.problem(), Kind::RequestExtended);
    let refuse = Some(json!({ "reason": "legal_duty" }));
    assert_eq!(act(&mut ops, made.id, "refuse", refuse).await.status, StatusCode::NO_CONTENT);
    let listed = own(&mut ada).await.requests;
    assert_eq!((listed[0].state, listed[0].refusal), (RequestState::Refused, Some(RefusalReason::LegalDuty)));
    assert_eq!(listed[0].authority.as_ref().unwrap().name, "CNIL", "where her business is");
    assert_eq!(act(&mut ops, made.id, "meet", None).await.problem(), Kind::RequestSettled);
    assert_eq!(deployment.mails_count("own_request_answered").await, 2, "and of the answer, once");
    assert!(waiting(&mut ops).await.is_empty());

    let made: OwnRequest =
        ask(&mut ada, json!({ "kind": "other", "words": "Who saw my data?" })).await.json();
    assert_eq!(act(&mut ops, made.id, "meet", None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(own(&mut ada).await.requests.iter().filter(|one| one.state == RequestState::Met).count(), 1);
    let nobody = RequestId::mint(NOW, [9; 10]);
    assert_eq!(act(&mut ops, nobody, "meet", None).await.problem(), Kind::NotFound);
    assert_eq!(ask(&mut ada, json!({ "kind": "other", "words": "  " })).await.problem(), Kind::ValueRefused);
}

#[tokio::test(start_paused = true)]
async fn k12_whoever_runs_the_deployment_is_reminded_at_seven_and_at_two_days_and_each_time_once() {
    let deployment = Deployment::new(operated());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let made: OwnRequest = ask(&mut ada, json!({ "kind": "other", "words": "Please call me" })).await.json();
    let at = async |now: Millis| {
        deployment.clock.wind(now);
        deployment.run_due(HOURLY, now).await;
        deployment.mails_count("own_request_due").await
    };
    let due = made.due_at;
    assert_eq!(at(due.minus_ms(7 * DAY_MS + 1)).await, 0);
    for now in [due.minus_ms(7 * DAY_MS), due.minus_ms(7 * DAY_MS), due.minus_ms(5 * DAY_MS)] {
        assert_eq!(at(now).await, 1);
    }
    assert_eq!(at(due.minus_ms(2 * DAY_MS)).await, 2);
    assert_eq!(at(due.plus_ms(DAY_MS)).await, 2);
}

#[tokio::test(start_paused = true)]
async fn p6_1_p6_3_own_requests_are_in_the_copy_and_go_with_the_account() {
    let deployment = Deployment::new(operated());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    ask(&mut ada, json!({ "kind": "restriction" })).await.json::<OwnRequest>();
    ask(&mut ada, json!({ "kind": "other", "words": "Who saw my data?" })).await.json::<OwnRequest>();
    let copy: AccountExport = ada.send("GET", "/v1/admin/account/copy", None).await.json();
    assert_eq!(copy.rights.requests.len(), 2);
    assert_eq!(copy.rights.restricted_at, Some(NOW));
    let asked = ada.send("POST", "/v1/admin/account/deletion", None).await;
    let due = asked.json::<shared::wire::admin::deletion::Deletion>().due_at;
    for minutes in (0..70).step_by(5) {
        let now = due.plus_ms(minutes * 60_000);
        deployment.clock.wind(now);
        deployment.run_due(HOURLY, now).await;
        deployment.run_due(OFTEN, now).await;
        deployment.deliver().await;
    }
    assert_eq!(rows(&deployment, "SELECT count(*) FROM account_request"), 0);
}

#[tokio::test(start_paused = true)]
async fn k12_nobody_buries_the_operator_in_requests() {
    let deployment = Deployment::new(operated());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    for _ in 0..REQUESTS_OPEN {
        let made = ask(&mut ada, json!({ "kind": "other", "words": "Again" })).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    }
    assert_eq!(ask(&mut ada, json!({ "kind": "other", "words": "Again" })).await.problem(), Kind::TooMany);
    // What a machine can do is not refused because other things wait, and has its own end.
    for _ in 0..REQUESTS_OPEN {
        let made = ask(&mut ada, json!({ "kind": "objection", "purpose": "statistics" })).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    }
    let refused = ask(&mut ada, json!({ "kind": "restriction" })).await;
    assert_eq!(refused.problem(), Kind::TooMany);
    assert_eq!(own(&mut ada).await.restricted_at, None, "what is refused was not done");
}
