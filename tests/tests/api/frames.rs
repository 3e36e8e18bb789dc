//! The frame's document, public settings, the demo, health, and the description of the API.

use http::{Request, StatusCode};
use shared::wire::frame::Frame;
use shared::wire::problem::Kind;
use tests::{Deployment, Options, seed, site_id};

async fn document(deployment: &Deployment, referer: Option<&str>, query: &str) -> tests::Answer {
    let mut request = Request::get(format!("/widget/{}{query}", site_id(0)));
    if let Some(referer) = referer {
        request = request.header("referer", referer);
    }
    deployment.answer(request.body(axum::body::Body::empty()).unwrap()).await
}

fn settings(page: &str) -> Frame {
    let (_, after) = page.split_once("id=\"loquet-frame\">").unwrap();
    let (json, _) = after.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

#[tokio::test]
async fn the_document_carries_a_token_for_an_allowed_page_only() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    for (referer, minted) in [
        (Some("https://hotel0.example/rooms?x=1"), true),
        (Some("https://www.hotel0.example/"), true),
        (Some("https://hotel1.example/"), false),
        (None, false),
    ] {
        let page = document(&deployment, referer, "").await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(settings(&page.text()).token.is_some(), minted, "{referer:?}");
    }
}

#[tokio::test]
async fn b2_the_document_runs_under_its_own_policy_and_only_where_the_site_allows() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let page = document(&deployment, None, "").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self' 'sha256-c2NyaXB0' 'wasm-unsafe-eval'",
        "style-src 'self' 'sha256-c3R5bGU=';",
        "connect-src 'self'",
        "frame-ancestors 'self' https://hotel0.example https://*.hotel0.example",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    assert_eq!(page.headers["cross-origin-embedder-policy"], "require-corp");
    assert_eq!(page.headers["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(!page.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn the_document_speaks_the_language_that_is_asked_for_and_its_direction() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let french = document(&deployment, None, "?locale=fr-CA").await.text();
    assert!(french.starts_with("<html lang=\"fr\" dir=\"ltr\">"));
    assert_eq!(settings(&french).greeting, "Bonsoir !");
    let arabic = document(&deployment, None, "?locale=ar").await.text();
    assert!(arabic.starts_with("<html lang=\"ar\" dir=\"rtl\">"));
    assert_eq!(settings(&arabic).greeting, "Good evening!", "the business wrote no Arabic");
    assert!(french.contains("<p title=\"Chat with Hôtel 0\">Send</p>"), "{french}");
    assert!(french.contains("100 % done"), "a percent sign that is no marker stays");
}

#[tokio::test]
async fn markup_in_a_business_name_can_not_leave_its_place() {
    let deployment = Deployment::new(Options::default());
    let mut hostile = seed(0);
    hostile.business.about.name = "</script><script>alert(1)</script>%t.send%".into();
    deployment.seed(&hostile).await;
    let page = document(&deployment, None, "").await.text();
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    let notice = deployment.send("GET", &format!("/privacy/{}", site_id(0)), None, None).await.text();
    assert_eq!(notice.matches("<script").count(), 3, "its own script, and two that are data");
    assert!(!notice.contains("<script>"));
}

#[tokio::test]
async fn an_unknown_site_is_a_problem_and_never_a_page() {
    let deployment = Deployment::new(Options::default());
    let unknown = deployment.send("GET", &format!("/widget/{}", site_id(9)), None, None).await;
    assert_eq!(unknown.problem(), Kind::NotFound);
}

#[tokio::test]
async fn p1_the_notice_names_who_is_responsible_and_what_is_held() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let notice = deployment.send("GET", &format!("/privacy/{}", site_id(0)), None, None).await;
    let text = notice.text();
    for part in ["Hôtel 0 SARL", "desk0@hotel.example", "dpo0@hotel.example", "CNIL", "21 November 2027"] {
        assert!(text.contains(part), "{part}");
    }
    let inventory = edge::rules::inventory::inventory_read().unwrap();
    for table in inventory.shard.values().filter(|table| table.is_about_people()) {
        let what = edge::http::body::html_escape(&table.what);
        assert!(text.contains(&what), "{what}");
    }
    assert!(!text.contains("openai"), "no provider is configured, so none receives anything");
    assert!(!notice.headers["content-security-policy"].to_str().unwrap().contains("unsafe"));
}

#[tokio::test]
async fn the_description_names_every_json_route_and_resolves_in_itself() {
    let deployment = Deployment::new(Options::default());
    let document: serde_json::Value = deployment.send("GET", "/openapi.json", None, None).await.json();
    let text = document.to_string();
    let mut ids = std::collections::BTreeSet::new();
    for route in edge::http::routes::ROUTES.iter().filter(|route| route.path.starts_with("/v1/")) {
        let method = route.method.to_ascii_lowercase();
        let operation = &document["paths"][route.path][&method];
        assert!(operation.is_object(), "{method} {}", route.path);
        let id = operation["operationId"].as_str().unwrap();
        let is_plain = id.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_');
        assert!(
            is_plain && ids.insert(id.to_owned()),
            "{id} stands twice, or no client can be generated for it"
        );
        for name in route.query {
            let parameters = operation["parameters"].as_array().unwrap();
            let parameter = parameters.iter().find(|parameter| parameter["name"] == *name).unwrap();
            assert_eq!((&parameter["in"], &parameter["required"]), (&"query".into(), &false.into()));
            assert_ne!(parameter["description"], "See the summary.", "{name} is not described");
        }
    }
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let (pointer, _) = reference.split_once('"').unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[tokio::test]
async fn readiness_names_what_is_wrong_with_the_configuration() {
    let ready = Deployment::new(Options::default()).send("GET", "/readyz", None, None).await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    let options = Options { variables: vec![("MASTER_KEY", "short".into())], ..Options::default() };
    let broken = Deployment::new(options).send("GET", "/readyz", None, None).await;
    assert_eq!(broken.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(broken.text().contains("MASTER_KEY"));
    assert!(!broken.text().contains("short"), "a value is never shown");
}

#[tokio::test]
async fn k0_an_incomplete_imprint_is_named() {
    let options = Options { variables: vec![("ENV", "production".into())], ..Options::default() };
    let ready = Deployment::new(options).send("GET", "/readyz", None, None).await;
    for variable in edge::config::IMPRINT {
        assert!(ready.text().contains(variable), "{variable}");
    }
}

#[tokio::test]
async fn the_demo_is_there_in_dev_on_another_site_than_the_frame() {
    let deployment = Deployment::new(Options::default());
    let get =
        |host: &str| Request::get("/demo/").header("host", host).body(axum::body::Body::empty()).unwrap();
    let moved = deployment.answer(get("localhost:8787")).await;
    assert_eq!(moved.headers["location"], "http://127.0.0.1:8787/demo/");
    let page = deployment.answer(get("127.0.0.1:8787")).await;
    assert!(page.text().contains("https://chat.example.eu/embed.js"));
}
