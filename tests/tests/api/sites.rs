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
    assert!(fresh.sites[0].origins.is_empty() && !fresh.has_conversations);
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
