//! Promises that one look each is enough for: what a conversation holds, where data lies, who may be asked, what no machine
//! decides, and what goes with an account.

use std::collections::BTreeSet;

use edge::ops::record::hosting_region;
use edge::rules::inventory::{Class, inventory_read};
use edge::rules::processor::processors;
use edge::vendors::PROVIDERS;
use http::StatusCode;
use serde_json::{Value, json};
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::deletion::Deletion;
use shared::wire::message::Origin;
use shared::wire::privacy::{Copy, MadeRequest, RequestState};
use shared::wire::problem::Kind;
use tests::{Deployment, Desk, NOW, Options, Person, Visitor, repository, site_id};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

fn texts(db: &edge::platform::Db, sql: &str) -> Vec<String> {
    db.with_connection(|connection| {
        let mut found = connection.prepare(sql).unwrap();
        let rows = found.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    })
    .unwrap()
}

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(HOURLY, now).await;
    deployment.run_due(OFTEN, now).await;
}

#[tokio::test(start_paused = true)]
async fn b10_each_message_says_whether_a_machine_a_person_or_the_system_speaks() {
    let deployment = Deployment::new(Options::default());
    let mut desk = Desk::open(&deployment).await;
    let frame = format!("/v1/widget/sites/{}", desk.visitor.site);
    let frame: Value = deployment.send("GET", &frame, None, None).await.json();
    assert_eq!(frame["ai"], true, "it is said before anything is asked");
    let entry = json!({ "locale": "en", "title": "Breakfast", "body": "Breakfast is served from 7 to 10." });
    let path = desk.path("knowledge");
    assert!(desk.owner.send("POST", &path, Some(entry)).await.status.is_success());
    desk.visitor.write("What time is breakfast?").await;
    deployment.settle().await;
    let (conversation, token) = desk.visitor.thread.clone().unwrap();
    let person = format!("/v1/widget/conversations/{conversation}/person");
    deployment.send("POST", &person, Some(&token), None).await;
    deployment.settle().await;
    desk.reply("Good evening!").await;
    let path = format!("/v1/widget/conversations/{conversation}/messages?after=0");
    let read: Value = deployment.send("GET", &path, Some(&token), None).await.json();
    let said: BTreeSet<&str> = read["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|message| message["origin"].as_str())
        .collect();
    assert_eq!(said, BTreeSet::from(["ai", "human", "system", "visitor"]), "for people and for machines");
    let stored =
        deployment.shards.iter().flat_map(|shard| texts(shard, "SELECT DISTINCT origin FROM message"));
    let stored: BTreeSet<String> = stored.collect();
    assert_eq!(stored.len(), 4, "{stored:?}");
}

#[tokio::test]
async fn p8_1_every_answer_of_an_https_origin_asks_for_tls_and_one_of_http_does_not() {
    let site = site_id(0);
    let paths = [
        "/healthz".to_owned(),
        "/app/".into(),
        format!("/widget/{site}"),
        format!("/privacy/{site}"),
        "/privacy/platform".into(),
        "/privacy/receipts".into(),
        format!("/v1/widget/sites/{site}"),
        "/v1/admin/session".into(),
        "/nothing/here".into(),
    ];
    for (origin, asked) in
        [("https://chat.example.eu", Some("max-age=31536000")), ("http://localhost:8787", None)]
    {
        let variables = vec![("PUBLIC_ORIGIN", origin.to_owned())];
        let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
        for path in &paths {
            let answer = deployment.send("GET", path, None, None).await;
            let header = answer.headers.get("strict-transport-security");
            assert_eq!(header.map(|value| value.to_str().unwrap()), asked, "{origin}{path}");
        }
        // A method that no route has is answered past every handler.
        let refused = deployment.send("DELETE", "/healthz", None, None).await;
        assert_eq!(refused.headers.contains_key("strict-transport-security"), asked.is_some(), "{origin}");
    }
}

#[tokio::test(start_paused = true)]
async fn p2_2_a_conversation_holds_what_was_said_when_and_in_which_language() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    deployment.settle().await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}/copy");
    let copy: Copy = deployment.send("GET", &path, Some(&token), None).await.json();
    assert_eq!((copy.held.language.as_str(), copy.held.began_at), ("en", NOW));
    let said: Vec<(Origin, Millis)> =
        copy.messages.iter().map(|message| (message.origin, message.at)).collect();
    assert_eq!(said, [(Origin::Visitor, NOW), (Origin::Ai, NOW)]);
    // Of the person, the two tables say what they wrote and the language; whatever came to them would stand here.
    let inventory = inventory_read().unwrap();
    let about = |table: &str| -> Vec<&str> {
        let columns = inventory.shard[table].columns.iter();
        columns.filter(|(_, column)| column.class != Class::None).map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!((about("conversation"), about("message")), (vec!["locale"], vec!["body"]));
}

#[tokio::test]
async fn p5_5_every_store_is_asked_for_in_the_union_and_readyz_says_where_the_runtime_is_not_asked() {
    let config = std::fs::read_to_string(repository().join("wrangler.toml")).unwrap();
    let stores: Vec<&str> = config
        .split("\n[")
        .filter(|part| part.starts_with("[d1_databases") || part.starts_with("[r2_buckets"))
        .collect();
    assert!(stores.len() >= 5, "{stores:?}");
    for store in stores {
        assert!(store.lines().any(|line| line == "jurisdiction = \"eu\""), "{store}");
    }
    for (asked, ok) in [("", false), ("eu", true)] {
        let variables = vec![("JURISDICTION", asked.to_owned())];
        let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
        let ready: Value = deployment.send("GET", "/readyz", None, None).await.json();
        let line = ready["checks"].as_array().unwrap().iter().find(|check| check["name"] == "jurisdiction");
        assert_eq!(line.unwrap()["ok"], ok, "{ready}");
        assert_eq!(line.unwrap()["what"].is_string(), !ok, "and it says what to do");
    }
}

#[tokio::test]
async fn p5_6_no_document_of_ours_may_ask_anybody_else_for_anything() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut looked = 0;
    for path in [
        format!("/widget/{}", site_id(0)),
        format!("/privacy/{}", site_id(0)),
        "/privacy/platform".to_owned(),
        "/privacy/map".to_owned(),
        "/privacy/receipts".to_owned(),
    ] {
        let answer = deployment.send("GET", &path, None, None).await;
        let Some(policy) = answer.headers.get("content-security-policy") else {
            panic!("{path}: {} without a policy", answer.status)
        };
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        for part in policy.split(';').map(str::trim) {
            let (what, sources) = part.split_once(' ').unwrap_or((part, ""));
            // Who may embed the page is another question.
            if what == "frame-ancestors" {
                continue;
            }
            for source in sources.split(' ').filter(|source| !source.is_empty()) {
                let own =
                    ["'self'", "'none'", "'wasm-unsafe-eval'", "blob:", "data:", "https://chat.example.eu"];
                let hashed = source.starts_with("'sha256-");
                assert!(own.contains(&source) || hashed, "{path}: {what} lets {source} be asked");
            }
            looked += 1;
        }
    }
    assert!(looked > 20);
    // And the Worker calls those of the register alone: the providers that a business may bring a key for, and a mail
    // vendor once there is one.
    let providers = ["https://api.anthropic.com", "https://api.openai.com"];
    assert_eq!(deployment.app.config.origins(), providers);
    let keys = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "RESEND_API_KEY"];
    let mut variables: Vec<(&str, String)> = keys.map(|name| (name, "k".to_owned())).to_vec();
    variables.push(("MAIL_FROM", "mail@chat.example.eu".to_owned()));
    let all = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    assert_eq!(
        all.app.config.origins(),
        ["https://api.anthropic.com", "https://api.openai.com", "https://api.resend.com"]
    );
}

#[tokio::test(start_paused = true)]
async fn p6_7_what_has_to_be_judged_waits_for_a_person_and_the_notice_says_that_no_machine_decides() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    let words = json!({ "kind": "rectification", "words": "You refused my booking, and wrongly" });
    let made: MadeRequest = deployment.send("POST", &path, Some(&token), Some(words)).await.json();
    assert_eq!((made.request.state, made.request.settled_at), (RequestState::Open, None));
    // No job meets or refuses it, however long it waits.
    for days in [7, 29, 31, 90] {
        at(&deployment, NOW.plus_ms(days * DAY_MS)).await;
    }
    assert_eq!(texts(&deployment.shards[0], "SELECT state FROM privacy_request"), ["open"]);
    // And whoever settles it is somebody: without a member's session no way leads there.
    let business = tests::business_id(0);
    for act in ["meet", "refuse", "extend"] {
        let path = format!("/v1/admin/businesses/{business}/requests/{}/{act}", made.request.id);
        let answer =
            deployment.send("POST", &path, Some(&token), Some(json!({ "reason": "excessive" }))).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{act}");
    }
    for (language, said) in [
        ("en", "no decision with legal effect is taken by a machine"),
        ("fr", "aucune décision"),
        ("de", "Keine Entscheidung"),
        ("es", "ninguna decisión"),
    ] {
        let page = format!("/privacy/{}?locale={language}", site_id(0));
        let text = deployment.send("GET", &page, None, None).await.text();
        assert!(text.contains(said), "{language}");
    }
}

#[tokio::test]
async fn p7_1_the_dashboard_sets_two_essential_cookies_and_counts_nobody_who_did_not_choose_it() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let below = format!("/v1/admin/businesses/{business}");
    for path in ["", "/team", "/sites", "/tokens", "/audit", "/conversations", "/requests", "/data-map"] {
        ada.send("GET", &format!("{below}{path}"), None).await;
    }
    ada.send("PUT", "/v1/admin/account/preferences", Some(json!({ "analytics": true }))).await;
    assert!(ada.me().await.analytics, "chosen");
    let names: Vec<&str> = ada.cookies.keys().map(String::as_str).collect();
    assert_eq!(names, ["__Host-loquet", "__Host-loquet-browser"]);
    let cookies: Vec<String> = ada.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = http::Request::get("/v1/admin/session")
        .header("cookie", cookies.join("; "))
        .header("sec-gpc", "1")
        .body(axum::body::Body::empty())
        .unwrap();
    let me: shared::wire::admin::account::Me = deployment.answer(request).await.json();
    assert!(!me.analytics && me.opted_out, "the browser's signal goes before what was chosen");
    let mut new = Person::new(&deployment, "eve@inn.example");
    new.sign_up("Inn").await;
    assert!(!new.me().await.analytics, "nobody begins with a yes");
}

#[tokio::test]
async fn p9_whoever_may_work_outside_the_union_names_a_safeguard_and_the_notice_shows_it() {
    let names: Vec<&str> =
        PROVIDERS.iter().map(|provider| provider.name).chain(["cloudflare", "resend"]).collect();
    for line in processors(&names, None, NOW).unwrap() {
        let contract = line.safeguard.contains("standard contractual clauses");
        assert!(contract || line.region == "European Union", "{}: {}", line.name, line.safeguard);
    }
    let keys = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "RESEND_API_KEY"];
    let mut variables: Vec<(&str, String)> = keys.map(|name| (name, "k".to_owned())).to_vec();
    variables.push(("MAIL_FROM", "mail@chat.example.eu".to_owned()));
    let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    for language in ["en", "fr", "de", "es"] {
        let page = format!("/privacy/{}?locale={language}", site_id(0));
        let text = deployment.send("GET", &page, None, None).await.text();
        for name in &names {
            let line = processors(&[name], None, NOW).unwrap().remove(0);
            let (_, after) = text
                .split_once(&format!("<dt>{}</dt>", line.name))
                .unwrap_or_else(|| panic!("{language}: {name}"));
            let own = after.split("<dt>").next().unwrap();
            let region =
                if *name == "cloudflare" { hosting_region(&deployment.app) } else { line.region.as_str() };
            assert!(own.contains(region), "{language}: where {name} works");
            let clauses = own.contains("standard contractual clauses");
            assert!(clauses && own.contains(&line.safeguard), "{language}: why that is allowed for {name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn k8_what_is_kept_until_deleted_goes_with_the_account() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let below = format!("/v1/admin/businesses/{business}");
    for (place, form) in [
        ("knowledge", json!({ "locale": "en", "title": "Dogs", "body": "Dogs are welcome.", "url": null })),
        ("canned-replies", json!({ "shortcut": "hi", "title": "Hi", "text": "Hello" })),
        ("labels", json!({ "name": "late" })),
        ("views", json!({ "name": "mine", "filter": {} })),
        ("tokens", json!({ "name": "till", "scopes": ["team_read"], "days": 30 })),
        (
            "webhooks",
            json!({ "url": "https://hotel.example/hook", "events": ["message.received"], "is_active": true }),
        ),
    ] {
        let answer = ada.send("POST", &format!("{below}/{place}"), Some(form)).await;
        assert!(answer.status.is_success(), "{place}: {}", answer.text());
    }
    let inventory = inventory_read().unwrap();
    let databases =
        [(&deployment.directory, &inventory.directory), (&deployment.shards[0], &inventory.shard)];
    let of_business = || -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (number, (db, tables)) in databases.iter().enumerate() {
            for (name, table) in tables.iter().filter(|(_, table)| table.columns.contains_key("business")) {
                let sql = format!("SELECT 'x' FROM {name} WHERE business = '{business}' LIMIT 1");
                if !table.full_text && !texts(db, &sql).is_empty() {
                    found.insert(format!("{}.{name}", ["directory", "shard"][number]));
                }
            }
        }
        found
    };
    let before = of_business();
    for table in ["knowledge", "canned_reply", "label", "webhook"] {
        assert!(before.iter().any(|name| name.ends_with(&format!(".{table}"))), "{table}: {before:?}");
    }
    // For years nothing of it goes by itself.
    at(&deployment, NOW.plus_months(30)).await;
    assert!(of_business().contains("shard.knowledge"), "kept until deleted");
    let mut ada = ada.elsewhere();
    ada.sign_in().await;
    let asked: Deletion = ada.send("POST", "/v1/admin/account/deletion", None).await.json();
    for minutes in (0..70).step_by(5) {
        at(&deployment, asked.due_at.plus_ms(minutes * 60_000)).await;
        deployment.deliver().await;
    }
    let left: Vec<String> = of_business().into_iter().collect();
    assert_eq!(left, KEPT_OF_A_BUSINESS, "what stays says that it was deleted");
    let mut again = ada.elsewhere();
    let asked = again.sign_in_ask().await;
    let answer = again.code_give(asked.code, "000000").await;
    assert_eq!(answer.problem(), Kind::CodeRefused, "nobody signs in to it any more");
}

/// Tables that still name a business by its id once it is gone, for as long as their class says.
const KEPT_OF_A_BUSINESS: [&str; 2] = ["directory.deletion", "directory.erasure"];
