//! Webhooks: what happens is told to a business's own systems, signed, without a word of anybody; what is not taken comes
//! back, is given up, and can be told again. And visitors whom the business itself names.

use std::sync::{Arc, Mutex};

use edge::platform::Http;
use edge::platform::http::{HttpFault, Visited};
use edge::rules::webhook::{Claim, WebhookSecret};
use futures::stream;
use http::StatusCode;
use serde_json::{Value, json};
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person, Visitor, jwt};

/// What a door heard: its address, its headers and its body.
type Heard = (String, Vec<(&'static str, String)>, String);

/// A door that answers with the statuses in turn (the last one for ever), and what it heard.
fn door(statuses: &'static [u16]) -> (Http, Arc<Mutex<Vec<Heard>>>) {
    let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
    let noted = Arc::clone(&heard);
    let http = Http::silent().with_visits(move |visit| {
        let mut noted = noted.lock().unwrap();
        let status = statuses.get(noted.len()).or(statuses.last()).copied().unwrap();
        let body = String::from_utf8(visit.body.unwrap_or_default()).unwrap();
        noted.push((visit.address.as_str().to_owned(), visit.headers, body));
        Ok(Visited {
            status,
            headers: Vec::new(),
            chunks: Box::pin(stream::iter(Vec::<Result<Vec<u8>, HttpFault>>::new())),
        })
    });
    (http, heard)
}

struct House<'a> {
    ada: Person<'a>,
    path: String,
    site: String,
}

async fn house(deployment: &Deployment) -> House<'_> {
    let mut ada = Person::new(deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let path = format!("/v1/admin/businesses/{business}");
    let read: Value = ada.send("GET", &path, None).await.json();
    let site = read["sites"][0]["id"].as_str().unwrap().to_owned();
    let origins = json!({ "origins": ["https://hotel.example"] });
    ada.send("PUT", &format!("{path}/sites/{site}/origins"), Some(origins)).await;
    House { ada, path, site }
}

fn about(events: &[&str]) -> Value {
    json!({ "url": "https://systems.hotel.example/hook?k=1", "events": events, "is_active": true })
}

#[tokio::test]
async fn what_happens_is_told_signed_and_once_and_without_a_word_of_anybody() {
    let (http, heard) = door(&[204]);
    let deployment = Deployment::new(Options { http, ..Options::default() });
    let mut house = house(&deployment).await;
    // A business has keys of its own in the directory and in its shard; the one must not take a slot of the other.
    let identity = format!("{}/sites/{}/identity", house.path, house.site);
    assert_eq!(house.ada.send("POST", &identity, None).await.status, StatusCode::OK);
    let events = ["conversation.opened", "message.received", "person.requested"];
    let made: Value =
        house.ada.send("POST", &format!("{}/webhooks", house.path), Some(about(&events))).await.json();
    let secret = made["secret"].as_str().unwrap().to_owned();
    let list = house.ada.send("GET", &format!("{}/webhooks", house.path), None).await.text();
    assert!(list.contains("message.received") && !list.contains(&secret), "shown once");
    deployment.outbound.take();
    let mut visitor = Visitor::on(&deployment, house.site.parse().unwrap(), "https://hotel.example").await;
    visitor.write("My name is xylophone-canary, is breakfast included?").await;
    deployment.settle().await;
    deployment.deliver().await;
    let told: Vec<Heard> = heard.lock().unwrap().clone();
    assert_eq!(told.len(), 2, "{told:?}");
    let secret = WebhookSecret::parse(&secret).unwrap();
    for (address, headers, body) in &told {
        assert_eq!(address, "https://systems.hotel.example/hook?k=1");
        let header = |name: &str| {
            headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str()).unwrap()
        };
        let claim = Claim {
            id: header("webhook-id"),
            timestamp: header("webhook-timestamp"),
            signatures: header("webhook-signature"),
        };
        assert!(secret.proves(claim, body.as_bytes(), NOW));
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["timestamp"], "2026-11-21T18:00:00Z");
        assert_eq!(body["data"]["site"], house.site.as_str());
        assert_eq!(body["data"]["conversation"], visitor.thread.as_ref().unwrap().0.to_string());
        assert!(!body.to_string().contains("canary"));
    }
    let mut kinds: Vec<String> = told
        .iter()
        .map(|(_, _, body)| serde_json::from_str::<Value>(body).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    assert_eq!(kinds, ["conversation.opened", "message.received"]);
    // Told once: a second look finds nothing due.
    deployment.run_due("*/5 * * * *", NOW.plus_ms(300_000)).await;
    deployment.deliver().await;
    assert_eq!(heard.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn what_a_team_or_a_machine_does_is_told_as_soon_as_it_is_done() {
    let (http, heard) = door(&[204]);
    let deployment = Deployment::new(Options { http, ..Options::default() });
    let mut house = house(&deployment).await;
    let events = ["conversation.closed", "person.requested"];
    house.ada.send("POST", &format!("{}/webhooks", house.path), Some(about(&events))).await;
    let mut visitor = Visitor::on(&deployment, house.site.parse().unwrap(), "https://hotel.example").await;
    let kinds = |heard: &Mutex<Vec<Heard>>| -> Vec<String> {
        let heard = heard.lock().unwrap();
        let kind = |(_, _, body): &Heard| serde_json::from_str::<Value>(body).unwrap()["type"].to_string();
        heard.iter().map(kind).collect()
    };
    // Two questions to which nothing is found: the machine itself asks for a person.
    for question in ["Do you sell submarines?", "Do you rent airships?"] {
        visitor.write(question).await;
        deployment.settle().await;
    }
    deployment.deliver().await;
    assert_eq!(kinds(&heard), ["\"person.requested\""]);
    let thread = format!("{}/conversations/{}", house.path, visitor.thread.as_ref().unwrap().0);
    assert_eq!(house.ada.send("POST", &format!("{thread}/close"), None).await.status, StatusCode::OK);
    deployment.deliver().await;
    assert_eq!(kinds(&heard).last().unwrap(), "\"conversation.closed\"");
    house.ada.send("POST", &format!("{thread}/reopen"), None).await;
    let bulk = json!({ "conversations": [visitor.thread.as_ref().unwrap().0], "deed": "close" });
    let many = format!("{}/conversations/bulk", house.path);
    deployment.clock.wind(NOW.plus_ms(60_000));
    assert_eq!(house.ada.send("POST", &many, Some(bulk)).await.status, StatusCode::OK);
    deployment.deliver().await;
    assert_eq!(kinds(&heard).iter().filter(|kind| kind.contains("closed")).count(), 2);
}

#[tokio::test]
async fn what_is_not_taken_comes_back_later_is_given_up_and_can_be_told_again() {
    let (http, heard) = door(&[500]);
    let deployment = Deployment::new(Options { http, ..Options::default() });
    let mut house = house(&deployment).await;
    let made: Value = house
        .ada
        .send("POST", &format!("{}/webhooks", house.path), Some(about(&["message.received"])))
        .await
        .json();
    let hook = format!("{}/webhooks/{}", house.path, made["id"].as_str().unwrap());
    assert_eq!(house.ada.send("POST", &format!("{hook}/test"), None).await.status, StatusCode::NO_CONTENT);
    let mut now = NOW;
    for tries in 1..=shared::limits::HOOK_TRIES {
        deployment.run_due("*/5 * * * *", now).await;
        deployment.deliver().await;
        assert_eq!(heard.lock().unwrap().len(), tries as usize, "{tries}");
        now = now.plus_ms(shared::time::DAY_MS);
        deployment.clock.wind(now);
    }
    deployment.run_due("*/5 * * * *", now).await;
    deployment.deliver().await;
    assert_eq!(heard.lock().unwrap().len(), shared::limits::HOOK_TRIES as usize, "given up");
    let mut ada = house.ada.elsewhere();
    ada.sign_in().await;
    let log: Value = ada.send("GET", &format!("{hook}/deliveries"), None).await.json();
    let delivery = &log["deliveries"][0];
    assert_eq!(
        (&delivery["state"], &delivery["status"], &delivery["kind"]),
        (&json!("given_up"), &json!(500), &json!("test"))
    );
    let event = delivery["event"].as_str().unwrap();
    let replay = format!("{hook}/deliveries/{event}/replay");
    assert_eq!(ada.send("POST", &replay, None).await.status, StatusCode::NO_CONTENT);
    deployment.deliver().await;
    let told = heard.lock().unwrap().clone();
    let ids: Vec<&str> = told
        .iter()
        .map(|(_, headers, _)| headers.iter().find(|(name, _)| *name == "webhook-id").unwrap().1.as_str())
        .collect();
    assert_eq!(ids.len(), shared::limits::HOOK_TRIES as usize + 1);
    assert!(ids.iter().all(|id| *id == event), "the same id at every try");
    let missing = format!("{hook}/deliveries/test.unknown/replay");
    assert_eq!(ada.send("POST", &missing, None).await.problem(), Kind::NotFound);
    let rows = || -> i64 {
        let count = |shard: &edge::platform::Db| -> i64 {
            shard
                .with_connection(|connection| {
                    connection
                        .query_row("SELECT count(*) FROM webhook_delivery", [], |row| row.get(0))
                        .unwrap()
                })
                .unwrap()
        };
        deployment.shards.iter().map(count).sum()
    };
    assert_eq!(rows(), 1);
    deployment.run_due("*/5 * * * *", NOW.plus_ms(shared::limits::HOOK_ROW_MS)).await;
    assert_eq!(rows(), 0, "thirty days later it is gone");
    assert_eq!(ada.send("DELETE", &hook, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ada.send("GET", &format!("{hook}/deliveries"), None).await.problem(), Kind::NotFound);
}

#[tokio::test]
async fn what_was_given_up_today_counts_today_however_long_ago_it_happened() {
    let (http, _) = door(&[500]);
    let variables = vec![("OPERATOR_EMAIL", "ada@hotel.example".to_owned()), ("SIGN_UP", "open".to_owned())];
    let deployment = Deployment::new(Options { http, variables, ..Options::default() });
    let mut house = house(&deployment).await;
    let form = Some(about(&["message.received"]));
    let made: Value = house.ada.send("POST", &format!("{}/webhooks", house.path), form).await.json();
    let hook = format!("{}/webhooks/{}", house.path, made["id"].as_str().unwrap());
    house.ada.send("POST", &format!("{hook}/test"), None).await;
    let last = NOW.plus_ms(i64::from(shared::limits::HOOK_TRIES - 1) * shared::time::DAY_MS);
    let mut now = NOW;
    while now <= last {
        deployment.clock.wind(now);
        deployment.run_due("*/5 * * * *", now).await;
        deployment.deliver().await;
        now = now.plus_ms(shared::time::DAY_MS);
    }
    let mut ada = house.ada.elsewhere();
    ada.sign_in().await;
    let given_up = async |ada: &mut Person<'_>| {
        let queues: Value = ada.send("GET", "/v1/admin/operator/queues", None).await.json();
        let webhooks = queues["queues"].as_array().unwrap().iter().find(|queue| queue["name"] == "webhooks");
        webhooks.unwrap()["given_up"].as_u64().unwrap()
    };
    assert_eq!(
        given_up(&mut ada).await,
        1,
        "what it should have heard is a week old; that nobody takes it is not"
    );
    deployment.clock.wind(last.plus_ms(shared::time::DAY_MS + 1));
    assert_eq!(given_up(&mut ada).await, 0, "a day later it is no news");
}

#[tokio::test]
async fn a_door_is_on_the_public_web_and_hears_something() {
    let variables = vec![("ENV", "production".to_owned()), ("SIGN_UP", "open".to_owned())];
    let deployment = Deployment::new(Options { variables, ..Options::default() });
    let mut house = house(&deployment).await;
    let path = format!("{}/webhooks", house.path);
    for url in [
        "http://systems.example/",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/",
        "https://chat.example.eu/hooks",
        "x",
    ] {
        let form = json!({ "url": url, "events": ["message.received"], "is_active": true });
        assert_eq!(house.ada.send("POST", &path, Some(form)).await.problem(), Kind::ValueRefused, "{url}");
    }
    assert_eq!(house.ada.send("POST", &path, Some(about(&[]))).await.problem(), Kind::ValueRefused);
    for _ in 0..shared::limits::WEBHOOKS {
        assert_eq!(
            house.ada.send("POST", &path, Some(about(&["message.received"]))).await.status,
            StatusCode::OK
        );
    }
    assert_eq!(
        house.ada.send("POST", &path, Some(about(&["message.received"]))).await.problem(),
        Kind::TooMany
    );
}

#[tokio::test]
async fn a_visitor_whom_the_business_names_is_kept_sealed_with_the_conversation_and_a_forged_name_is_refused()
{
    let deployment = Deployment::new(Options::default());
    let mut house = house(&deployment).await;
    let identity = format!("{}/sites/{}/identity", house.path, house.site);
    let first: Value = house.ada.send("POST", &identity, None).await.json();
    let mut visitor = Visitor::on(&deployment, house.site.parse().unwrap(), "https://hotel.example").await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let at = NOW.as_i64() / 1_000;
    let prove = async |jwt: String| {
        let path = format!("/v1/widget/conversations/{conversation}/identity");
        deployment.send("POST", &path, Some(&token), Some(json!({ "token": jwt }))).await
    };
    let secret = first["secret"].as_str().unwrap().to_owned();
    assert_eq!(
        prove(jwt("lqi_forged", "guest-canary-7", at, at + 60)).await.problem(),
        Kind::IdentityRefused
    );
    assert_eq!(prove(jwt(&secret, "guest-canary-7", at, at + 7_200)).await.problem(), Kind::IdentityRefused);
    assert_eq!(prove(jwt(&secret, "guest-canary-7", at, at + 3_600)).await.status, StatusCode::NO_CONTENT);
    let scope = deployment.app.site(house.site.parse().unwrap()).await.unwrap().business;
    let named = edge::ops::identity::identity_read(&deployment.app, &scope, conversation).await.unwrap();
    assert_eq!(named.unwrap().0.expose(), "guest-canary-7");
    let thread = format!("{}/conversations/{conversation}", house.path);
    let seen: Value = house.ada.send("GET", &thread, None).await.json();
    let card = seen["visitor"]["held"].as_array().unwrap();
    assert!(
        card.iter().any(|held| held["kind"] == "identity" && held["value"] == "guest-canary-7"),
        "{card:?}"
    );
    let own = format!("/v1/privacy/conversations/{conversation}");
    let own: Value = deployment.send("GET", &own, Some(&token), None).await.json();
    assert_eq!(own["identity"], "guest-canary-7", "and the visitor sees it, too");
    for shard in &deployment.shards {
        let copy = std::env::temp_dir().join(format!("loquet-identity-{}.sqlite", std::process::id()));
        let _ = std::fs::remove_file(&copy);
        shard.copy_to(&copy).unwrap();
        let bytes = std::fs::read(&copy).unwrap();
        std::fs::remove_file(&copy).unwrap();
        assert!(!bytes.windows(12).any(|window| window == b"guest-canary"));
    }
    // A secret that was changed counts for a day more; one that was taken away does not.
    house.ada.send("POST", &identity, None).await;
    assert_eq!(prove(jwt(&secret, "guest-8", at, at + 60)).await.status, StatusCode::NO_CONTENT);
    house.ada.send("DELETE", &identity, None).await;
    assert_eq!(prove(jwt(&secret, "guest-9", at, at + 60)).await.problem(), Kind::IdentityRefused);
}

#[tokio::test]
async fn a_door_that_is_switched_off_hears_nothing_that_was_queued_but_it_can_be_tried() {
    let (http, heard) = door(&[204]);
    let deployment = Deployment::new(Options { http, ..Options::default() });
    let mut house = house(&deployment).await;
    let mut form = about(&["message.received"]);
    let path = format!("{}/webhooks", house.path);
    let made: Value = house.ada.send("POST", &path, Some(form.clone())).await.json();
    let hook = format!("{path}/{}", made["id"].as_str().unwrap());
    let mut visitor = Visitor::on(&deployment, house.site.parse().unwrap(), "https://hotel.example").await;
    visitor.write("Hello").await;
    deployment.settle().await;
    form["is_active"] = json!(false);
    assert_eq!(house.ada.send("PUT", &hook, Some(form)).await.status, StatusCode::NO_CONTENT);
    deployment.deliver().await;
    assert_eq!(heard.lock().unwrap().len(), 0);
    let log: Value = house.ada.send("GET", &format!("{hook}/deliveries"), None).await.json();
    assert_eq!(log["deliveries"][0]["state"], "given_up", "{log}");
    assert_eq!(house.ada.send("POST", &format!("{hook}/test"), None).await.status, StatusCode::NO_CONTENT);
    deployment.deliver().await;
    assert_eq!(heard.lock().unwrap().len(), 1);
}
