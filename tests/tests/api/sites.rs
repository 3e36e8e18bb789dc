//! A site: where its chat may be embedded, and whether it is in use.

use http::StatusCode;
use serde_json::json;
use shared::id::BusinessId;
use shared::limits::RECENT_MS;
use shared::wire::admin::business::Business;
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person};

async fn read(person: &mut Person<'_>, business: BusinessId) -> Business {
    person.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json()
}

#[tokio::test]
async fn a_fresh_sites_chat_answers_nowhere_until_its_business_says_where() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let fresh = read(&mut ada, business).await;
    assert!(fresh.sites[0].origins.is_empty() && !fresh.has_conversations && !fresh.has_knowledge);
    assert_eq!(fresh.chat_origin, "https://chat.example.eu", "what its snippet names");
    let visitors = format!("/v1/widget/sites/{}/visitors", fresh.sites[0].id);
    let mint = async |origin: &str| {
        deployment.send("POST", &visitors, None, Some(json!({ "origin": origin }))).await
    };
    assert_eq!(mint("https://www.hotel.example").await.problem(), Kind::OriginRefused);
    let path = format!("/v1/admin/businesses/{business}/sites/{}/origins", fresh.sites[0].id);
    let origins = json!({ "origins": ["https://WWW.hotel.example/", "https://www.hotel.example"] });
    assert_eq!(ada.send("PUT", &path, Some(origins)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(read(&mut ada, business).await.sites[0].origins, ["https://www.hotel.example"]);
    // What an isolate remembers of a site it forgets within seconds.
    deployment.clock.wind(NOW.plus_ms(RECENT_MS));
    assert_eq!(mint("https://www.hotel.example").await.status, StatusCode::OK);
    assert_eq!(mint("https://evil.example").await.problem(), Kind::OriginRefused);
}

#[tokio::test]
async fn what_is_no_origin_is_refused_and_leaves_the_ones_before() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let site = read(&mut ada, business).await.sites[0].id;
    let path = format!("/v1/admin/businesses/{business}/sites/{site}/origins");
    let kept = json!({ "origins": ["https://hotel.example"] });
    assert_eq!(ada.send("PUT", &path, Some(kept)).await.status, StatusCode::NO_CONTENT);
    for wrong in ["*", "hotel.example", "https://*.eu", "https://hotel.example; script-src *", "javascript:x"]
    {
        let answer = ada.send("PUT", &path, Some(json!({ "origins": [wrong] }))).await;
        assert_eq!(answer.problem(), Kind::ValueRefused, "{wrong}");
    }
    let many: Vec<String> = (0..21).map(|number| format!("https://a{number}.example")).collect();
    let answer = ada.send("PUT", &path, Some(json!({ "origins": many }))).await;
    assert_eq!(answer.problem(), Kind::ValueRefused);
    assert_eq!(read(&mut ada, business).await.sites[0].origins, ["https://hotel.example"]);
}

/// A form that is as the site stands.
async fn form_of(person: &mut Person<'_>, path: &str) -> serde_json::Value {
    person.send("GET", path, None).await.json::<serde_json::Value>()["form"].clone()
}

#[tokio::test]
async fn what_a_team_sets_for_a_site_is_kept_in_one_form_and_shown_to_its_visitors() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let site = read(&mut ada, business).await.sites[0].id;
    let path = format!("/v1/admin/businesses/{business}/sites/{site}");
    let mut form = form_of(&mut ada, &path).await;
    let frame = format!("/v1/widget/sites/{site}?locale=fr");
    deployment.send("GET", &frame, None, None).await;
    form["name"] = json!(" Main house ");
    form["origins"] = json!(["https://WWW.hotel.example/"]);
    form["languages"] = json!(["fr", "en", "fr"]);
    form["greeting"] =
        json!({ "fr": "Bonsoir !\r\nQue puis-je faire ?", "en": "Good evening", "de": "Guten Abend" });
    form["quick_questions"] = json!({ "fr": ["Un chien ?", " "], "en": [] });
    form["color"] = json!("#AA5500");
    form["side"] = json!("start");
    form["tone"] = json!("warm");
    form["opening"] = json!({ "timezone": "Europe/Paris", "weekly": { "sun": ["8:00 – 12:30"] }, "holidays": ["2026-12-25"] });
    form["answerers"] = json!(["anthropic", "builtin"]);
    form["daily_calls"] = json!(12);
    form["keeps_path"] = json!(true);
    assert_eq!(ada.send("PUT", &path, Some(form)).await.status, StatusCode::NO_CONTENT);
    let kept = form_of(&mut ada, &path).await;
    assert_eq!(kept["name"], "Main house");
    assert_eq!(kept["origins"], json!(["https://www.hotel.example"]));
    assert_eq!(kept["languages"], json!(["fr", "en"]));
    assert_eq!(kept["greeting"], json!({ "fr": "Bonsoir !\nQue puis-je faire ?", "en": "Good evening" }));
    assert_eq!(kept["quick_questions"]["fr"], json!(["Un chien ?"]));
    assert_eq!((&kept["color"], &kept["side"]), (&json!("#aa5500"), &json!("start")));
    assert_eq!(kept["opening"]["weekly"]["sun"], json!(["08:00-12:30"]));
    // Whoever saves and looks at the page sees what was saved.
    let frame = deployment.send("GET", &frame, None, None).await;
    let frame: serde_json::Value = frame.json();
    assert_eq!(
        (&frame["greeting"], &frame["quick_questions"]),
        (&kept["greeting"]["fr"], &kept["quick_questions"]["fr"])
    );
    let log = ada.send("GET", &format!("/v1/admin/businesses/{business}/audit"), None).await;
    assert!(log.text().contains("\"site_change\""));
}

#[tokio::test]
async fn what_makes_no_sense_for_a_site_is_refused_and_leaves_it_as_it_was() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let site = read(&mut ada, business).await.sites[0].id;
    let path = format!("/v1/admin/businesses/{business}/sites/{site}");
    let before = form_of(&mut ada, &path).await;
    for (field, wrong) in [
        ("name", json!("")),
        ("name", json!("a\nb")),
        ("origins", json!(["*"])),
        ("languages", json!([])),
        ("languages", json!(["xx"])),
        ("greeting", json!({ "en": "x".repeat(501) })),
        ("quick_questions", json!({ "en": ["a", "b", "c", "d", "e", "f"] })),
        ("quick_questions", json!({ "en": ["x".repeat(121)] })),
        ("color", json!("red")),
        ("color", json!("#1f6f5c;}")),
        ("opening", json!({ "timezone": "Europe/Atlantis", "weekly": {}, "holidays": [] })),
        ("opening", json!({ "timezone": "Europe/Paris", "weekly": { "mon": ["soon"] }, "holidays": [] })),
        ("answerers", json!(["somebody"])),
        ("answerers", json!(["builtin", "builtin"])),
        ("instructions", json!("x".repeat(4_001))),
        ("daily_calls", json!(100_001)),
        ("daily_tokens", json!(1_000_000_001)),
    ] {
        let mut form = before.clone();
        form[field] = wrong.clone();
        assert_eq!(
            ada.send("PUT", &path, Some(form)).await.problem(),
            Kind::ValueRefused,
            "{field}: {wrong}"
        );
    }
    assert_eq!(form_of(&mut ada, &path).await, before);
}

#[tokio::test]
async fn a_further_site_begins_as_a_copy_that_answers_nowhere() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let sites = format!("/v1/admin/businesses/{business}/sites");
    let opened: serde_json::Value = ada.send("POST", &sites, Some(json!({ "name": "Annexe" }))).await.json();
    let second = opened["site"].as_str().unwrap().to_owned();
    let form = form_of(&mut ada, &format!("{sites}/{second}")).await;
    assert_eq!((&form["name"], &form["origins"]), (&json!("Annexe"), &json!([])));
    assert_eq!(read(&mut ada, business).await.sites.len(), 2);
    for number in 2..20 {
        let answer = ada.send("POST", &sites, Some(json!({ "name": format!("Site {number}") }))).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    assert_eq!(ada.send("POST", &sites, Some(json!({ "name": "One more" }))).await.problem(), Kind::TooMany);
}

#[tokio::test]
async fn a_preview_shows_what_would_be_set_in_the_dashboard_alone_and_keeps_nothing() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let site = read(&mut ada, business).await.sites[0].id;
    let path = format!("/v1/admin/businesses/{business}/sites/{site}");
    let before = form_of(&mut ada, &path).await;
    let mut form = before.clone();
    form["greeting"]["fr"] = json!("Bienvenue </script> !");
    form["color"] = json!("#123456");
    let asked = json!({ "form": form, "locale": "fr" });
    let made: serde_json::Value = ada.send("POST", &format!("{path}/preview"), Some(asked)).await.json();
    let address =
        made["address"].as_str().unwrap().strip_prefix("https://chat.example.eu").unwrap().to_owned();
    let shown = deployment.send("GET", &address, None, None).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text().contains("Bienvenue \\u003c/script> !"), "{}", shown.text());
    assert!(!shown.text().contains("\"token\""), "nobody writes into a preview");
    let policy = shown.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with("frame-ancestors https://chat.example.eu"), "{policy}");
    assert_eq!(form_of(&mut ada, &path).await, before, "nothing was kept");
    // Not another site's, not a forged one, and not for ever.
    let other: serde_json::Value = ada
        .send("POST", &format!("/v1/admin/businesses/{business}/sites"), Some(json!({ "name": "Annexe" })))
        .await
        .json();
    let elsewhere = address.replace(&site.to_string(), other["site"].as_str().unwrap());
    assert_eq!(deployment.send("GET", &elsewhere, None, None).await.problem(), Kind::NotFound);
    let forged = address.replace("lqp_", "lqp_A");
    assert_eq!(deployment.send("GET", &forged, None, None).await.problem(), Kind::NotFound);
    deployment.clock.wind(NOW.plus_ms(shared::limits::PREVIEW_MS + 1));
    assert_eq!(deployment.send("GET", &address, None, None).await.problem(), Kind::NotFound);
}

#[tokio::test]
async fn the_secret_that_names_visitors_is_shown_once_sealed_and_overlaps_a_day_when_it_is_changed() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let site = read(&mut ada, business).await.sites[0].id;
    let path = format!("/v1/admin/businesses/{business}/sites/{site}");
    let since = async |ada: &mut Person<'_>| {
        ada.send("GET", &path, None).await.json::<serde_json::Value>()["identity_since"].clone()
    };
    assert!(since(&mut ada).await.is_null());
    let first: serde_json::Value = ada.send("POST", &format!("{path}/identity"), None).await.json();
    let secret = first["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("lqi_") && first["before_until"].is_null());
    assert!(since(&mut ada).await.is_i64());
    assert!(!ada.send("GET", &path, None).await.text().contains(&secret), "never shown again");
    let second: serde_json::Value = ada.send("POST", &format!("{path}/identity"), None).await.json();
    assert_eq!(second["before_until"], json!(NOW.plus_ms(shared::limits::IDENTITY_BEFORE_MS).as_i64()));
    let rows = |deployment: &Deployment| -> i64 {
        deployment
            .directory
            .with_connection(|connection| {
                connection.query_row("SELECT count(*) FROM identity_secret", [], |row| row.get(0)).unwrap()
            })
            .unwrap()
    };
    assert_eq!(rows(&deployment), 2);
    ada.send("POST", &format!("{path}/identity"), None).await;
    assert_eq!(rows(&deployment), 2, "only the one before the present one counts on");
    assert_eq!(ada.send("DELETE", &format!("{path}/identity"), None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(rows(&deployment), 0);
    assert!(since(&mut ada).await.is_null());
}
