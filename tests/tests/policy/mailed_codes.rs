//! B9, the third proof: a code that goes to an address which the visitor confirmed. An address that somebody merely typed
//! opens nothing, and nobody learns which addresses are known.

use edge::ops::mail::{OutboxMail, outbox_read};
use edge::store::scope::OperatorScope;
use http::StatusCode;
use serde_json::json;
use shared::id::{ConversationId, SiteId};
use shared::limits::{CODE_MAILS_DAY, CONTACT_REST_MS, CONVERSATION_TOKEN_MS, MAILED_CODE_MS};
use shared::time::DAY_MS;
use shared::wire::privacy::{Copy, Held, OpenedByCode};
use shared::wire::problem::Kind;
use tests::{Answer, Deployment, NOW, Options, Visitor, site_id};

type Thread = (ConversationId, String);

async fn outbox(deployment: &Deployment, kind: &str) -> Vec<OutboxMail> {
    let mails = outbox_read(&deployment.app, &OperatorScope::of_deployment()).await.unwrap();
    mails.into_iter().filter(|mail| mail.kind == kind).collect()
}

/// The text of the one letter of a kind that still says something.
async fn letter(deployment: &Deployment, kind: &str) -> String {
    let mails = outbox(deployment, kind).await;
    mails.into_iter().find_map(|mail| mail.text).expect("a letter").into_exposed()
}

fn rows(deployment: &Deployment, sql: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

/// A visitor who wrote and left an address.
async fn left(deployment: &Deployment, email: &str) -> Thread {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write(&format!("Write to {email}")).await;
    deployment.settle().await;
    let thread = visitor.thread.clone().unwrap();
    leave(deployment, &thread, email).await;
    thread
}

async fn leave(deployment: &Deployment, (conversation, token): &Thread, email: &str) {
    let path = format!("/v1/widget/conversations/{conversation}/address");
    let form = json!({ "email": email, "locale": "en" });
    let left = deployment.send("POST", &path, Some(token), Some(form)).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT, "{}", left.text());
}

/// Opens the link in the letter that asks an address to prove itself.
async fn confirm(deployment: &Deployment) {
    let text = letter(deployment, "visitor_address").await;
    let line = text.lines().find(|line| line.contains("/widget/")).expect("a link");
    let proof = json!({ "token": line.rsplit('/').next().unwrap().trim() });
    let answer = deployment.send("POST", "/v1/widget/addresses/confirm", None, Some(proof)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    deployment.deliver().await;
}

async fn confirmed(deployment: &Deployment, email: &str) -> Thread {
    let thread = left(deployment, email).await;
    confirm(deployment).await;
    thread
}

async fn ask(deployment: &Deployment, site: SiteId, email: &str) -> Answer {
    let path = format!("/v1/privacy/sites/{site}/codes");
    deployment.send("POST", &path, None, Some(json!({ "email": email }))).await
}

async fn open(deployment: &Deployment, site: SiteId, code: &str) -> Answer {
    let path = format!("/v1/privacy/sites/{site}/open");
    deployment.send("POST", &path, None, Some(json!({ "code": code }))).await
}

/// The code in the fragment of a letter's link.
fn code_in(letter: &str) -> String {
    let line = letter.lines().find(|line| line.contains("/privacy/")).expect("a link");
    line.split('#').nth(1).expect("a fragment").trim().to_owned()
}

#[tokio::test(start_paused = true)]
async fn b9_a_code_that_went_to_a_confirmed_address_opens_the_conversation_once() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let thread = confirmed(&deployment, "guest@visitor.example").await;
    deployment.clock.wind(NOW.plus_ms(CONVERSATION_TOKEN_MS + 1));
    // However it is typed: it is the same mailbox.
    assert_eq!(ask(&deployment, site_id(0), " Guest@Visitor.example ").await.status, StatusCode::NO_CONTENT);
    assert!(outbox(&deployment, "visitor_code").await.is_empty(), "the answer comes before anybody looks");
    deployment.deliver().await;
    let mails = outbox(&deployment, "visitor_code").await;
    assert_eq!(mails[0].to.as_ref().unwrap().expose(), "guest@visitor.example");
    let code = code_in(&letter(&deployment, "visitor_code").await);
    assert_eq!(open(&deployment, site_id(1), &code).await.problem(), Kind::CodeRefused, "another business");
    let opened: OpenedByCode = open(&deployment, site_id(0), &code).await.json();
    assert_eq!(opened.conversation, thread.0);
    let path = format!("/v1/privacy/conversations/{}/copy", opened.conversation);
    let copy: Copy = deployment.send("GET", &path, Some(opened.token.expose()), None).await.json();
    assert_eq!(copy.contact.unwrap().email.expose(), "guest@visitor.example");
    assert_eq!(open(&deployment, site_id(0), &code).await.problem(), Kind::CodeRefused, "once");
    // The letter that told of it lapses with it.
    assert!(outbox(&deployment, "visitor_code").await[0].text.is_none());
}

#[tokio::test(start_paused = true)]
async fn b9_a_mailed_code_ends_after_half_an_hour_and_stands_nowhere() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    confirmed(&deployment, "guest@visitor.example").await;
    ask(&deployment, site_id(0), "guest@visitor.example").await;
    deployment.deliver().await;
    let code = code_in(&letter(&deployment, "visitor_code").await);
    let hashed = format!("SELECT count(*) FROM privacy_code WHERE kind = 'mailed' AND hash <> '{code}'");
    assert_eq!(rows(&deployment, &hashed), 1);
    deployment.clock.wind(NOW.plus_ms(MAILED_CODE_MS));
    assert_eq!(open(&deployment, site_id(0), &code).await.problem(), Kind::CodeRefused);
}

#[tokio::test(start_paused = true)]
async fn b9_an_address_that_was_only_typed_opens_nothing_and_has_no_hash() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let thread = left(&deployment, "guest@visitor.example").await;
    deployment.deliver().await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM contact WHERE finder IS NOT NULL"), 0);
    let known = ask(&deployment, site_id(0), "guest@visitor.example").await;
    let unknown = ask(&deployment, site_id(0), "nobody@visitor.example").await;
    assert_eq!((known.status, known.body), (unknown.status, unknown.body), "the same answer");
    deployment.deliver().await;
    assert!(outbox(&deployment, "visitor_code").await.is_empty());
    // Once confirmed and then replaced by another address, the first one opens nothing any more.
    deployment.clock.wind(NOW.plus_ms(CONTACT_REST_MS));
    leave(&deployment, &thread, "guest@visitor.example").await;
    confirm(&deployment).await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM contact WHERE finder IS NOT NULL"), 1);
    deployment.clock.wind(NOW.plus_ms(2 * CONTACT_REST_MS));
    leave(&deployment, &thread, "other@visitor.example").await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM contact WHERE finder IS NOT NULL"), 0);
    assert_eq!(ask(&deployment, site_id(0), "no address").await.problem(), Kind::ValueRefused);
}

#[tokio::test(start_paused = true)]
async fn b9_the_hash_of_an_address_goes_with_its_conversation_and_differs_between_businesses() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let (conversation, token) = confirmed(&deployment, "guest@visitor.example").await;
    ask(&deployment, site_id(1), "guest@visitor.example").await;
    let elsewhere = deployment.outbound.take();
    ask(&deployment, site_id(0), "guest@visitor.example").await;
    let here = deployment.outbound.take();
    let hash = |message: &str| -> String {
        serde_json::from_str::<serde_json::Value>(message).unwrap()["code_to"].as_str().unwrap().to_owned()
    };
    assert_ne!(
        hash(&elsewhere[0].0),
        hash(&here[0].0),
        "what two businesses hold can't be laid side by side"
    );
    assert!(!here[0].0.contains("guest"), "the queue holds no address");
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    deployment.send("POST", &path, Some(&token), Some(json!({ "kind": "erasure" }))).await;
    deployment.run_due("*/5 * * * *", NOW).await;
    assert_eq!(rows(&deployment, "SELECT count(*) FROM contact"), 0);
}

#[tokio::test(start_paused = true)]
async fn b9_asking_for_codes_is_limited_by_address_and_by_ip() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    confirmed(&deployment, "guest@visitor.example").await;
    for _ in 0..CODE_MAILS_DAY + 3 {
        assert_eq!(
            ask(&deployment, site_id(0), "guest@visitor.example").await.status,
            StatusCode::NO_CONTENT
        );
        deployment.deliver().await;
    }
    let most = usize::from(CODE_MAILS_DAY);
    assert_eq!(outbox(&deployment, "visitor_code").await.len(), most, "nobody's mailbox is filled");
    deployment.clock.wind(NOW.plus_ms(DAY_MS));
    ask(&deployment, site_id(0), "guest@visitor.example").await;
    deployment.deliver().await;
    assert_eq!(outbox(&deployment, "visitor_code").await.len(), most + 1, "and each day anew");
    let deployment = Deployment::with_two_businesses(Options { burst: 12, ..Options::default() }).await;
    let mut limited = 0;
    for guess in 0..20 {
        let answer = ask(&deployment, site_id(0), &format!("guess{guess}@visitor.example")).await;
        limited += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(limited, 8);
}

#[tokio::test(start_paused = true)]
async fn b9_a_right_goes_on_while_the_conversation_is_held_still() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let (conversation, token) = confirmed(&deployment, "guest@visitor.example").await;
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    deployment.send("POST", &path, Some(&token), Some(json!({ "kind": "restriction" }))).await;
    ask(&deployment, site_id(0), "guest@visitor.example").await;
    deployment.deliver().await;
    let code = code_in(&letter(&deployment, "visitor_code").await);
    assert_eq!(open(&deployment, site_id(0), &code).await.status, StatusCode::OK, "they may lift it");
}

#[tokio::test(start_paused = true)]
async fn b9_the_code_to_come_back_with_is_mailed_to_a_confirmed_address_on_request() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let typed = left(&deployment, "typed@visitor.example").await;
    let mail = async |(conversation, token): &Thread| {
        let path = format!("/v1/privacy/conversations/{conversation}/resume/mail");
        deployment.send("POST", &path, Some(token), None).await
    };
    assert_eq!(mail(&typed).await.problem(), Kind::NotFound, "an address that was only typed gets none");
    deployment.deliver().await;
    let thread = confirmed(&deployment, "guest@visitor.example").await;
    let path = format!("/v1/privacy/conversations/{}", thread.0);
    let held: Held = deployment.send("GET", &path, Some(&thread.1), None).await.json();
    assert_eq!(held.email.unwrap().expose(), "guest@visitor.example", "the page says where it goes");
    assert_eq!(mail(&thread).await.status, StatusCode::NO_CONTENT);
    let text = letter(&deployment, "visitor_resume").await;
    let code = text.lines().find_map(|line| line.split("UTC: ").nth(1)).expect("a code").trim().to_owned();
    deployment.clock.wind(NOW.plus_ms(CONVERSATION_TOKEN_MS + 1));
    for _ in 0..2 {
        let opened: OpenedByCode = open(&deployment, site_id(0), &code).await.json();
        assert_eq!(opened.conversation, thread.0, "as often as it is entered");
    }
}
