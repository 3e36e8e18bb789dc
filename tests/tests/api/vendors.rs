//! A business's own keys for AI providers: sealed, never shown again, tried, and used in the place of the deployment's.

use std::sync::{Arc, Mutex};

use edge::platform::Http;
use edge::platform::http::{HttpFault, Response};
use http::StatusCode;
use serde_json::{Value, json};
use shared::wire::message::Body;
use shared::wire::problem::Kind;
use tests::{Deployment, NOW, Options, Person, Visitor};

const OWN: &str = "sk-own-canary-7d31";

/// A provider that answers `key` and refuses every other one, and the keys that it saw.
fn provider(key: &'static str) -> (Http, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let http = Http::scripted(vec!["http://127.0.0.1:9".into()], move |request| {
        let header = request.headers.iter().find(|(name, _)| *name == "authorization");
        let given = header.map(|(_, value)| value.expose().clone()).unwrap_or_default();
        noted.lock().unwrap().push(given.clone());
        let is_right = given == format!("Bearer {key}");
        let text = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes\"}}]}\n\n\
                    data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        let chunks = vec![Ok::<_, HttpFault>(text.as_bytes().to_vec())];
        let status = if is_right { 200 } else { 401 };
        Ok(Response { status, retry_after_s: None, chunks: Box::pin(futures::stream::iter(chunks)) })
    });
    (http, seen)
}

fn deployment(http: Http) -> Deployment {
    let variables = vec![
        ("OPENAI_API_KEY", "sk-deployment".to_owned()),
        ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1".to_owned()),
    ];
    Deployment::new(Options { variables, http, ..Options::default() })
}

#[tokio::test]
async fn an_own_key_is_sealed_tried_and_asked_in_the_place_of_the_deployments() {
    let (http, seen) = provider(OWN);
    let deployment = deployment(http);
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let path = format!("/v1/admin/businesses/{business}/vendors");
    let list: Value = ada.send("GET", &path, None).await.json();
    assert_eq!(
        (&list["vendors"][0]["host"], &list["vendors"][0]["is_offered"]),
        (&json!("127.0.0.1:9"), &json!(true))
    );
    assert!(list["vendors"][0]["own"].is_null());
    let missing = ada.send("POST", &format!("{path}/openai/test"), None).await;
    assert_eq!(missing.problem(), Kind::NotFound);
    let set = async |ada: &mut Person<'_>, key: &str| {
        ada.send("PUT", &format!("{path}/openai"), Some(json!({ "key": key, "model": "model-x" })))
            .await
            .status
    };
    assert_eq!(set(&mut ada, "sk-wrong-key").await, StatusCode::NO_CONTENT);
    let tested: Value = ada.send("POST", &format!("{path}/openai/test"), None).await.json();
    assert_eq!(tested["outcome"], "refused");
    assert_eq!(set(&mut ada, &format!(" {OWN} ")).await, StatusCode::NO_CONTENT);
    let tested: Value = ada.send("POST", &format!("{path}/openai/test"), None).await.json();
    assert_eq!(tested["outcome"], "works");
    let list = ada.send("GET", &path, None).await.text();
    assert!(list.contains("\"works\"") && list.contains("model-x") && !list.contains(OWN), "{list}");
    // Nowhere in the bytes of the database, nor in a line of the log.
    let copy = std::env::temp_dir().join(format!("loquet-vendor-{}.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&copy);
    deployment.directory.copy_to(&copy).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    std::fs::remove_file(&copy).unwrap();
    assert!(!bytes.windows(OWN.len()).any(|window| window == OWN.as_bytes()));
    assert!(edge::log::captured().iter().all(|line| !line.contains(OWN)));
    // A visitor is answered by it.
    let read: Value = ada.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
    let site = read["sites"][0]["id"].as_str().unwrap().to_owned();
    let origins = json!({ "origins": ["https://hotel.example"] });
    ada.send("PUT", &format!("/v1/admin/businesses/{business}/sites/{site}/origins"), Some(origins)).await;
    seen.lock().unwrap().clear();
    deployment.clock.wind(NOW.plus_ms(shared::limits::PROVIDER_REST_MS + 1));
    let mut visitor = Visitor::on(&deployment, site.parse().unwrap(), "https://hotel.example").await;
    visitor.write("What time is breakfast?").await;
    deployment.settle().await;
    let answer = visitor.read_after(1).await.messages;
    assert!(matches!(&answer[0].body, Body::Text { text, .. } if text.expose() == "Yes"), "{answer:?}");
    assert_eq!(answer[0].ai.as_ref().unwrap().model, "model-x");
    assert_eq!(seen.lock().unwrap().as_slice(), [format!("Bearer {OWN}")]);
    assert_eq!(ada.send("DELETE", &format!("{path}/openai"), None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ada.send("DELETE", &format!("{path}/openai"), None).await.problem(), Kind::NotFound);
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_an_unknown_provider_is_nowhere() {
    let deployment = deployment(Http::silent());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let path = format!("/v1/admin/businesses/{business}/vendors");
    for key in ["", "short", "with space inside", "line\nbreak-in-it", &"x".repeat(401)] {
        let answer = ada.send("PUT", &format!("{path}/openai"), Some(json!({ "key": key }))).await;
        assert_eq!(answer.problem(), Kind::ValueRefused, "{key:?}");
    }
    let answer = ada.send("PUT", &format!("{path}/nobody"), Some(json!({ "key": "sk-12345678" }))).await;
    assert_eq!(answer.problem(), Kind::NotFound);
}
