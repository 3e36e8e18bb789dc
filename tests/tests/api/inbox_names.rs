//! Visitors by their address or name at the desk: found by it, called by it, and no longer once they had it held still.

use edge::objects::inbox::protocol::News;
use edge::ops::mail;
use edge::store::scope::OperatorScope;
use http::StatusCode;
use serde_json::{Value, json};
use shared::limits::CONTACT_REST_MS;
use shared::time::HOUR_MS;
use shared::wire::admin::inbox::list::{ConversationRow, InboxChanges, SearchPage};
use shared::wire::problem::Kind;
use tests::{Deployment, Desk, NOW, Options, Visitor, jwt};

const EMAIL: &str = "guest@visitor.example";

/// Another visitor of the desk's site.
async fn visitor<'a>(desk: &Desk<'a>, words: &str) -> Visitor<'a> {
    let mut visitor = Visitor::on(desk.deployment, desk.visitor.site, "https://chat.example.eu").await;
    visitor.write(words).await;
    desk.deployment.settle().await;
    visitor
}

/// A visitor leaves an address.
async fn leaves(desk: &Desk<'_>, visitor: &Visitor<'_>, email: &str) {
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/address");
    let form = json!({ "email": email, "locale": "en" });
    let left = desk.deployment.send("POST", &path, Some(&token), Some(form)).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT, "{}", left.text());
}

/// The link in the newest letter that asks an address to prove itself is opened.
async fn confirms(desk: &Desk<'_>) {
    let outbox = mail::outbox_read(&desk.deployment.app, &OperatorScope::of_deployment()).await.unwrap();
    let asks = outbox.into_iter().filter(|mail| mail.kind == "visitor_address");
    let text = asks.into_iter().find_map(|mail| mail.text).expect("a letter").into_exposed();
    let line = text.lines().find(|line| line.contains("/widget/")).expect("a link");
    let proof = json!({ "token": line.rsplit('/').next().unwrap().trim() });
    let answer = desk.deployment.send("POST", "/v1/widget/addresses/confirm", None, Some(proof)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

/// The business's own site says who a visitor is.
async fn names(desk: &mut Desk<'_>, visitor: &Visitor<'_>, name: &str) {
    let path = desk.path(&format!("sites/{}/identity", visitor.site));
    let made: Value = desk.owner.send("POST", &path, None).await.json();
    let at = desk.deployment.clock.now().as_i64() / 1_000;
    let token = jwt(made["secret"].as_str().unwrap(), name, at, at + 60);
    let (conversation, own) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/identity");
    let said = desk.deployment.send("POST", &path, Some(&own), Some(json!({ "token": token }))).await;
    assert_eq!(said.status, StatusCode::NO_CONTENT, "{}", said.text());
}

/// A visitor asks for something on their privacy page.
async fn asks(desk: &Desk<'_>, visitor: &Visitor<'_>, kind: &str) {
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    let answer = desk.deployment.send("POST", &path, Some(&token), Some(json!({ "kind": kind }))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

async fn search(desk: &mut Desk<'_>, body: Value) -> SearchPage {
    let path = desk.path("conversations/search");
    desk.manager.send("POST", &path, Some(body)).await.json()
}

/// How many conversations a manager finds by some words.
async fn count(desk: &mut Desk<'_>, words: &str) -> usize {
    search(desk, json!({ "words": words })).await.rows.len()
}

#[tokio::test]
async fn a_visitor_is_found_by_the_address_that_they_confirmed_and_by_none_that_was_only_typed() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let first = visitor(&desk, "Is there a cot?").await;
    leaves(&desk, &first, EMAIL).await;
    assert_eq!(count(&mut desk, EMAIL).await, 0, "it may be anybody's");
    confirms(&desk).await;
    let found = search(&mut desk, json!({ "words": " Guest@Visitor.EXAMPLE " })).await;
    assert_eq!(found.rows.len(), 1, "however it is typed");
    assert_eq!(found.rows[0].conversation, first.thread.clone().unwrap().0);
    for other in ["guest", "guest@visitor", "other@visitor.example", "est@visitor.example"] {
        assert_eq!(count(&mut desk, other).await, 0, "{other}: whole or not at all");
    }
    // Who wrote it in a message is found by that word, and nobody twice.
    let said = visitor(&desk, &format!("Write to {EMAIL}, please")).await;
    let rows = search(&mut desk, json!({ "words": EMAIL })).await.rows;
    let ids: Vec<_> = rows.iter().map(|row| row.conversation).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.contains(&said.thread.clone().unwrap().0));
    // Another address in its place is another one.
    deployment.clock.wind(NOW.plus_ms(CONTACT_REST_MS));
    leaves(&desk, &first, "new@visitor.example").await;
    assert_eq!(count(&mut desk, EMAIL).await, 1);
    assert_eq!(count(&mut desk, "new@visitor.example").await, 0);
}

#[tokio::test]
async fn a_visitor_is_found_by_what_the_business_calls_them_however_long_ago_they_wrote() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let named = visitor(&desk, "Is there a cot?").await;
    names(&mut desk, &named, "Guest 7/Müller").await;
    assert_eq!(count(&mut desk, "guest 7/MÜLLER").await, 1);
    assert_eq!(count(&mut desk, "guest 7").await, 0, "whole or not at all");
    // The next name takes the place of the one before.
    deployment.clock.wind(NOW.plus_ms(HOUR_MS));
    names(&mut desk, &named, "Guest 8").await;
    assert_eq!((count(&mut desk, "Guest 8").await, count(&mut desk, "Guest 7/Müller").await), (1, 0));
    // It does not come again with a later page.
    let before = format!("{}.{}", NOW.plus_ms(HOUR_MS).as_i64(), named.thread.clone().unwrap().0);
    let later = search(&mut desk, json!({ "words": "Guest 8", "before": before })).await;
    assert!(later.rows.is_empty());
}

#[tokio::test]
async fn what_is_found_by_address_keeps_to_the_filters_and_to_its_own_business() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut desk = Desk::open(&deployment).await;
    let first = visitor(&desk, "Is there a cot?").await;
    leaves(&desk, &first, EMAIL).await;
    confirms(&desk).await;
    names(&mut desk, &first, "guest-7").await;
    let mut foreign = Visitor::at(&deployment, 0).await;
    foreign.write("Theirs").await;
    deployment.settle().await;
    leaves(&desk, &foreign, EMAIL).await;
    confirms(&desk).await;
    for words in [EMAIL, "guest-7"] {
        let found = search(&mut desk, json!({ "words": words })).await.rows;
        assert_eq!(found.len(), 1, "{words}");
        assert_eq!(found[0].conversation, first.thread.clone().unwrap().0, "of another business nothing");
        let closed = json!({ "words": words, "filter": { "work": "closed" } });
        assert!(search(&mut desk, closed).await.rows.is_empty(), "{words}");
    }
    // Among spam only where spam is looked through, as with words.
    let path = desk.path(&format!("conversations/{}/spam", first.thread.clone().unwrap().0));
    let marked = desk.manager.send("PUT", &path, Some(json!({ "is_spam": true }))).await;
    assert_eq!(marked.status, StatusCode::OK);
    assert_eq!(count(&mut desk, EMAIL).await, 0);
    let spam = search(&mut desk, json!({ "words": EMAIL, "filter": { "spam": true } })).await;
    assert_eq!(spam.rows.len(), 1);
}

#[tokio::test]
async fn p6_4_who_is_held_still_or_erased_is_found_by_no_address_and_no_name() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let held = visitor(&desk, "Is there a cot?").await;
    leaves(&desk, &held, EMAIL).await;
    confirms(&desk).await;
    names(&mut desk, &held, "guest-7").await;
    assert_eq!((count(&mut desk, EMAIL).await, count(&mut desk, "guest-7").await), (1, 1));
    asks(&desk, &held, "restriction").await;
    assert_eq!((count(&mut desk, EMAIL).await, count(&mut desk, "guest-7").await), (0, 0));
    let (conversation, token) = held.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}/restriction");
    deployment.send("DELETE", &path, Some(&token), None).await;
    assert_eq!((count(&mut desk, EMAIL).await, count(&mut desk, "guest-7").await), (1, 1));
    asks(&desk, &held, "erasure").await;
    assert_eq!((count(&mut desk, EMAIL).await, count(&mut desk, "guest-7").await), (0, 0));
}

#[tokio::test]
async fn p8_2_a_search_for_an_address_stands_in_the_log_without_it() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    count(&mut desk, EMAIL).await;
    let path = desk.path("audit");
    let log = desk.owner.send("GET", &path, None).await.text();
    assert!(log.contains("conversation_search") && !log.contains("visitor.example"), "{log}");
    let path = desk.path("conversations/search");
    let own = desk.viewer.send("POST", &path, Some(json!({ "words": "?!" }))).await;
    assert_eq!(own.problem(), Kind::ValueRefused);
}

/// What a row calls its visitor.
fn called(row: &ConversationRow) -> Option<&str> {
    row.name.as_ref().map(|name| name.expose().as_str())
}

/// What the rows call their visitors that changed after a cursor, and where to go on.
async fn changes(desk: &mut Desk<'_>, after: &str) -> (Vec<Option<String>>, String) {
    let path = desk.path(&format!("conversations/changes?after={after}"));
    let changes: InboxChanges = desk.manager.send("GET", &path, None).await.json();
    (changes.rows.iter().map(|row| called(row).map(str::to_owned)).collect(), changes.cursor)
}

#[tokio::test]
async fn a_row_calls_its_visitor_by_a_confirmed_address_or_as_the_business_does_and_lists_hear_of_it() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let first = visitor(&desk, "Is there a cot?").await;
    let id = first.thread.clone().unwrap().0;
    let cursor = desk.list("").await.cursor;
    leaves(&desk, &first, EMAIL).await;
    assert_eq!(called(&desk.list("").await.rows[0]), None, "an address that nobody proved may be anybody's");
    confirms(&desk).await;
    assert!(deployment.inboxes.told.borrow().iter().any(|told| told.news == News::Changed(id)));
    assert_eq!(called(&desk.list("").await.rows[0]), Some(EMAIL));
    let (rows, cursor) = changes(&mut desk, &cursor).await;
    assert_eq!(rows, [Some(EMAIL.to_owned())], "whoever was away hears it, too");
    names(&mut desk, &first, "Guest 7").await;
    let (rows, cursor) = changes(&mut desk, &cursor).await;
    assert_eq!(rows, [Some("Guest 7".to_owned())], "what the business says comes first");
    // The same name said again is no change.
    names(&mut desk, &first, "Guest 7").await;
    let (rows, cursor) = changes(&mut desk, &cursor).await;
    assert!(rows.is_empty());
    names(&mut desk, &first, "Guest 8").await;
    assert_eq!(changes(&mut desk, &cursor).await.0, [Some("Guest 8".to_owned())]);
    // One who said no name has none.
    visitor(&desk, "And I?").await;
    let rows = desk.list("").await.rows;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows.iter().filter_map(called).collect::<Vec<_>>(), ["Guest 8"]);
}

#[tokio::test]
async fn another_address_takes_the_name_away_until_it_is_confirmed() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let first = visitor(&desk, "Is there a cot?").await;
    leaves(&desk, &first, EMAIL).await;
    confirms(&desk).await;
    let cursor = desk.list("").await.cursor;
    deployment.clock.wind(NOW.plus_ms(CONTACT_REST_MS));
    leaves(&desk, &first, "new@visitor.example").await;
    let (rows, cursor) = changes(&mut desk, &cursor).await;
    assert_eq!(rows, [None]);
    confirms(&desk).await;
    assert_eq!(changes(&mut desk, &cursor).await.0, [Some("new@visitor.example".to_owned())]);
}

#[tokio::test]
async fn p6_4_a_row_that_is_held_still_names_nobody_and_one_that_is_erased_is_gone() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let (by_name, by_address) = (visitor(&desk, "Is there a cot?").await, visitor(&desk, "A bath?").await);
    names(&mut desk, &by_name, "Guest 7").await;
    leaves(&desk, &by_address, EMAIL).await;
    confirms(&desk).await;
    let cursor = desk.list("").await.cursor;
    for held in [&by_name, &by_address] {
        asks(&desk, held, "restriction").await;
    }
    let (rows, _) = changes(&mut desk, &cursor).await;
    assert_eq!(rows, [None, None]);
    assert!(desk.list("").await.rows.iter().all(|row| row.name.is_none()));
    for held in [&by_name, &by_address] {
        let (conversation, token) = held.thread.clone().unwrap();
        let path = format!("/v1/privacy/conversations/{conversation}/restriction");
        deployment.send("DELETE", &path, Some(&token), None).await;
    }
    assert!(desk.list("").await.rows.iter().all(|row| row.name.is_some()), "it goes on");
    for erased in [&by_name, &by_address] {
        asks(&desk, erased, "erasure").await;
    }
    assert!(desk.list("").await.rows.is_empty());
}

#[tokio::test]
async fn a_name_that_does_not_open_hides_no_row() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let first = visitor(&desk, "Is there a cot?").await;
    names(&mut desk, &first, "Guest 7").await;
    for shard in &deployment.shards {
        let sql = "UPDATE visitor_identity SET subject = x'00'";
        shard.with_connection(|connection| connection.execute(sql, []).unwrap()).unwrap();
    }
    let rows = desk.list("").await.rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(called(&rows[0]), None);
    assert!(rows[0].preview.is_some());
}
