//! Knowledge as its team writes it: found at once, changed, deleted, tried out, looked through.

use http::StatusCode;
use serde_json::{Value, json};
use shared::id::BusinessId;
use shared::wire::problem::Kind;
use tests::{Deployment, Options, Person};

fn path(business: BusinessId, rest: &str) -> String {
    format!("/v1/admin/businesses/{business}/knowledge{rest}")
}

fn entry(title: &str, body: &str) -> Value {
    json!({ "locale": "en-GB", "title": title, "body": body, "url": "https://hotel.example/house" })
}

async fn asked(person: &mut Person<'_>, business: BusinessId, question: &str) -> Value {
    let body = json!({ "question": question, "locale": "en" });
    person.send("POST", &path(business, "/try"), Some(body)).await.json()
}

#[tokio::test]
async fn k9_an_entry_answers_from_the_moment_it_is_written_until_it_is_deleted() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    assert!(asked(&mut ada, business, "What time is breakfast?").await["answer"].is_null());
    let written: Value = ada
        .send("POST", &path(business, ""), Some(entry("Breakfast", "Breakfast is served from 7 to 10.")))
        .await
        .json();
    let id = written["id"].as_str().unwrap().to_owned();
    let trial = asked(&mut ada, business, "What time is breakfast?").await;
    assert_eq!(trial["answer"], "Breakfast is served from 7 to 10.");
    assert_eq!(
        (&trial["passages"][0]["id"], &trial["sources"][0]["title"]),
        (&json!(id), &json!("Breakfast"))
    );
    let changed = entry("Pets", "Dogs are welcome for 12 euros a night.");
    assert_eq!(
        ada.send("PUT", &path(business, &format!("/{id}")), Some(changed)).await.status,
        StatusCode::NO_CONTENT
    );
    assert!(asked(&mut ada, business, "What time is breakfast?").await["answer"].is_null());
    assert_eq!(asked(&mut ada, business, "Can I bring a dog?").await["passages"][0]["title"], "Pets");
    assert_eq!(
        ada.send("DELETE", &path(business, &format!("/{id}")), None).await.status,
        StatusCode::NO_CONTENT
    );
    assert!(asked(&mut ada, business, "Can I bring a dog?").await["answer"].is_null());
    let again = ada.send("DELETE", &path(business, &format!("/{id}")), None).await;
    assert_eq!(again.problem(), Kind::NotFound);
    let log = ada.send("GET", &format!("/v1/admin/businesses/{business}/audit"), None).await.text();
    for action in ["knowledge_add", "knowledge_change", "knowledge_delete"] {
        assert!(log.contains(action), "{action}");
    }
    assert!(!log.contains("Breakfast"), "the log holds no words");
}

#[tokio::test]
async fn a_title_stands_once_in_its_language_and_what_is_no_entry_is_refused() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let first: Value = ada.send("POST", &path(business, ""), Some(entry("Pets", "Dogs."))).await.json();
    assert_eq!(
        ada.send("POST", &path(business, ""), Some(entry("Pets", "Cats."))).await.problem(),
        Kind::TitleTaken
    );
    let second: Value = ada.send("POST", &path(business, ""), Some(entry("Cats", "Cats."))).await.json();
    let rename = path(business, &format!("/{}", second["id"].as_str().unwrap()));
    assert_eq!(ada.send("PUT", &rename, Some(entry("Pets", "Cats."))).await.problem(), Kind::TitleTaken);
    let own = path(business, &format!("/{}", first["id"].as_str().unwrap()));
    assert_eq!(
        ada.send("PUT", &own, Some(entry("Pets", "Dogs and cats."))).await.status,
        StatusCode::NO_CONTENT
    );
    for wrong in [
        entry("", "Dogs."),
        entry("Two\nlines", "Dogs."),
        entry("Dogs", " "),
        entry("Dogs", &"x".repeat(8_001)),
        json!({ "locale": "english", "title": "Dogs", "body": "Dogs." }),
        json!({ "locale": "en", "title": "Dogs", "body": "Dogs.", "url": "javascript:alert(1)" }),
        json!({ "locale": "en", "title": "Dogs", "body": "Dogs.", "url": "http://hotel.example" }),
    ] {
        let answer = ada.send("POST", &path(business, ""), Some(wrong.clone())).await;
        assert_eq!(answer.problem(), Kind::ValueRefused, "{wrong}");
    }
}

#[tokio::test]
async fn the_list_goes_by_pages_and_is_looked_through_for_words_as_they_stand() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    for number in 0..53 {
        let body = if number == 7 { "50 % off\\here" } else { "Nothing special." };
        let answer =
            ada.send("POST", &path(business, ""), Some(entry(&format!("Entry {number}"), body))).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let page: Value = ada.send("GET", &path(business, ""), None).await.json();
    assert_eq!((page["entries"].as_array().unwrap().len(), &page["total"]), (50, &json!(53)));
    let next = format!("?before={}", page["before"].as_str().unwrap());
    let rest: Value = ada.send("GET", &path(business, &next), None).await.json();
    assert_eq!(rest["entries"].as_array().unwrap().len(), 3);
    assert!(rest["before"].is_null());
    for (query, count) in [
        ("?q=entry%2052", 1),
        ("?q=50%20%25", 1),
        ("?q=off%5Chere", 1),
        ("?q=_", 0),
        ("?locale=fr", 0),
        ("?q=%27%3B--", 0),
    ] {
        let found: Value = ada.send("GET", &path(business, query), None).await.json();
        assert_eq!(found["entries"].as_array().unwrap().len(), count, "{query}");
        assert_eq!(found["total"], 53);
    }
    let wrong = ada.send("GET", &path(business, "?before=nonsense"), None).await;
    assert_eq!(wrong.problem(), Kind::ValueRefused);
}
