//! A sub-processor that a deployment is newly set up with is announced thirty days before, and handed nothing until then;
//! what was there from the first, and what a business chose itself, waits for nothing.

use std::sync::{Arc, Mutex};

use edge::platform::Http;
use edge::platform::http::{HttpFault, Response};
use http::StatusCode;
use serde_json::{Value, json};
use shared::time::{DAY_MS, HOUR_MS, Millis};
use shared::wire::admin::business::Business;
use shared::wire::admin::vendor::Vendors;
use tests::{Deployment, NOW, Options, Person, Visitor, site_id};

const HOURLY: &str = "17 * * * *";
const OPERATOR: &str = "ops@platform.example";

type Asked = Arc<Mutex<Vec<String>>>;

/// A provider that answers, and what it was asked.
fn provider() -> (Http, Asked) {
    let asked = Asked::default();
    let record = Arc::clone(&asked);
    let stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"From seven.\"}}]}\n\n\
                  data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
                  data: {\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":7}}\n\n\
                  data: [DONE]\n\n";
    let http = Http::scripted(vec!["https://ai.example".into()], move |request| {
        record.lock().unwrap().push(String::from_utf8(request.body).unwrap());
        let chunks = vec![Ok::<_, HttpFault>(stream.as_bytes().to_vec())];
        Ok(Response { status: 200, retry_after_s: None, chunks: Box::pin(futures::stream::iter(chunks)) })
    });
    (http, asked)
}

fn variables(more: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let usual = [("ENV", "production"), ("SIGN_UP", "open"), ("OPERATOR_EMAIL", OPERATOR)];
    usual.iter().chain(more).map(|(name, value)| (*name, (*value).to_owned())).collect()
}

const KEYED: [(&str, &str); 2] =
    [("OPENAI_API_KEY", "test-key"), ("OPENAI_BASE_URL", "https://ai.example/v1")];

/// A deployment with two businesses and no provider, whose notice was noted.
async fn plain() -> Deployment {
    let options = Options { variables: variables(&[]), ..Options::default() };
    let deployment = Deployment::with_two_businesses(options).await;
    deployment.run_due(HOURLY, NOW).await;
    deployment
}

/// The same deployment after its operator set something.
fn set_up(before: &Deployment, more: &[(&'static str, &str)], http: Http, seed: u64) -> Deployment {
    let options = Options { variables: variables(more), http, seed, ..Options::default() };
    Deployment::over(options, before.directory.clone(), before.shards.clone(), before.keys.clone())
}

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(HOURLY, now).await;
}

async fn ask(deployment: &Deployment) -> String {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write("What time is breakfast?").await;
    deployment.settle().await;
    let answer = visitor.read_after(1).await.messages;
    answer.first().and_then(|answer| Some(answer.ai.as_ref()?.provider.clone())).unwrap_or_default()
}

async fn text(deployment: &Deployment, path: &str) -> String {
    deployment.send("GET", path, None, None).await.text()
}

async fn site_page(deployment: &Deployment) -> String {
    text(deployment, &format!("/privacy/{}?locale=en", site_id(0))).await
}

async fn waits(deployment: &Deployment) -> Option<String> {
    let ready: Value = deployment.send("GET", "/readyz", None, None).await.json();
    let checks = ready["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["name"] == "sub-processors")?;
    assert_eq!((&found["ok"], &found["optional"]), (&json!(false), &json!(true)));
    Some(found["what"].as_str().unwrap().to_owned())
}

#[tokio::test(start_paused = true)]
async fn p5_7_p11_a_new_sub_processor_is_announced_and_handed_nothing_for_thirty_days() {
    let before = plain().await;
    let mut ada = Person::new(&before, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let (http, asked) = provider();
    let after = set_up(&before, &KEYED, http, 99);
    let day_one = NOW.plus_ms(DAY_MS);
    after.clock.wind(day_one);
    assert_eq!(ask(&after).await, "builtin", "also before a job has seen it");
    at(&after, day_one).await;
    assert_eq!(after.mails_count("notice_changing").await, 1, "everybody with an account is told");
    assert_eq!(ask(&after).await, "builtin");
    assert!(asked.lock().unwrap().is_empty(), "nothing was handed over");
    let page = site_page(&after).await;
    assert!(!page.contains("OpenAI") && page.contains("A new edition takes effect on 22 December 2026"));
    let both = text(&after, "/privacy/platform?locale=en").await;
    assert!(
        both.contains("OpenAI Ireland Ltd.") && both.contains("22 December 2026"),
        "it can be read today"
    );
    assert!(
        !text(&after, "/privacy/map").await.contains("OpenAI"),
        "the record says what is, not what comes"
    );
    let said = waits(&after).await.unwrap();
    assert!(said.contains("OpenAI Ireland Ltd.") && said.contains("2026-12-22"), "{said}");
    let mut ada = Person::new(&after, "ada@hotel.example");
    ada.sign_in().await;
    let vendors = format!("/v1/admin/businesses/{business}/vendors");
    let offered = async |ada: &mut Person<'_>| {
        let vendors: Vendors = ada.send("GET", &vendors, None).await.json();
        vendors.vendors.iter().find(|vendor| vendor.name == "openai").unwrap().is_offered
    };
    assert!(!offered(&mut ada).await);

    let last = day_one.plus_ms(30 * DAY_MS);
    at(&after, last.minus_ms(HOUR_MS)).await;
    assert_eq!(
        (ask(&after).await.as_str(), after.mails_count("notice_changing").await),
        ("builtin", 1),
        "told once"
    );
    at(&after, last).await;
    assert_eq!(ask(&after).await, "openai");
    assert_eq!(asked.lock().unwrap().len(), 1);
    assert!(site_page(&after).await.contains("OpenAI Ireland Ltd."));
    assert_eq!(waits(&after).await, None);
    let mut ada = ada.elsewhere();
    ada.sign_in().await;
    assert!(offered(&mut ada).await);

    // A key that is taken away and put back surprises nobody.
    let without = set_up(&after, &[], Http::silent(), 98);
    at(&without, last.plus_ms(DAY_MS)).await;
    assert!(!site_page(&without).await.contains("OpenAI"), "who is not set up is not named");
    let (http, asked) = provider();
    let back = set_up(&without, &KEYED, http, 97);
    at(&back, last.plus_ms(2 * DAY_MS)).await;
    // The row of the mail of a month ago is gone, and no new one came.
    assert_eq!((ask(&back).await.as_str(), back.mails_count("notice_changing").await), ("openai", 0));
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn p5_7_what_was_there_from_the_first_waits_for_nothing() {
    let (http, asked) = provider();
    let options = Options { variables: variables(&KEYED), http, ..Options::default() };
    let deployment = Deployment::with_two_businesses(options).await;
    assert_eq!(ask(&deployment).await, "openai", "in a deployment's first hour");
    Person::new(&deployment, "ada@hotel.example").sign_up("Hôtel Ada").await;
    at(&deployment, NOW.plus_ms(HOUR_MS)).await;
    assert_eq!(
        (ask(&deployment).await.as_str(), deployment.mails_count("notice_changing").await),
        ("openai", 0)
    );
    assert_eq!(asked.lock().unwrap().len(), 2);
    assert_eq!(waits(&deployment).await, None);
}

#[tokio::test(start_paused = true)]
async fn p5_7_a_deployment_of_before_notes_what_it_uses_and_goes_on() {
    let before = plain().await;
    Person::new(&before, "ada@hotel.example").sign_up("Hôtel Ada").await;
    let old = "UPDATE notice_edition SET register = NULL";
    before.directory.with_connection(|connection| connection.execute_batch(old).unwrap()).unwrap();
    let (http, _) = provider();
    let after = set_up(&before, &KEYED, http, 99);
    after.clock.wind(NOW.plus_ms(HOUR_MS));
    assert_eq!(ask(&after).await, "openai");
    at(&after, NOW.plus_ms(2 * HOUR_MS)).await;
    assert_eq!((ask(&after).await.as_str(), after.mails_count("notice_changing").await), ("openai", 0));
}

#[tokio::test(start_paused = true)]
async fn p5_7_where_nobody_but_the_operator_has_an_account_there_is_nobody_to_tell() {
    let before = plain().await;
    Person::new(&before, OPERATOR).sign_up("Platform").await;
    let (http, _) = provider();
    let after = set_up(&before, &KEYED, http, 99);
    at(&after, NOW.plus_ms(HOUR_MS)).await;
    assert_eq!((ask(&after).await.as_str(), after.mails_count("notice_changing").await), ("openai", 0));
}

#[tokio::test(start_paused = true)]
async fn p5_7_a_key_of_the_business_s_own_is_its_own_instruction_and_waits_for_nothing() {
    let before = plain().await;
    let mut ada = Person::new(&before, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let (http, asked) = provider();
    let after = set_up(&before, &KEYED, http, 99);
    at(&after, NOW.plus_ms(DAY_MS)).await;
    let mut ada = Person::new(&after, "ada@hotel.example");
    ada.sign_in().await;
    let path = format!("/v1/admin/businesses/{business}");
    let site = ada.send("GET", &path, None).await.json::<Business>().sites[0].id;
    let origins = Some(json!({ "origins": ["https://hotel.example"] }));
    ada.send("PUT", &format!("{path}/sites/{site}/origins"), origins).await;
    let entry = json!({ "title": "Breakfast", "body": "Breakfast is from 7:00 to 10:30.", "locale": "en" });
    ada.send("POST", &format!("{path}/knowledge"), Some(entry)).await;
    after.clock.wind(NOW.plus_ms(DAY_MS + HOUR_MS));
    let asks = async || {
        let mut visitor = Visitor::on(&after, site, "https://hotel.example").await;
        visitor.write("What time is breakfast?").await;
        after.settle().await;
        asked.lock().unwrap().len()
    };
    assert_eq!(asks().await, 0);
    let key = Some(json!({ "key": "sk-own-12345678" }));
    let set = ada.send("PUT", &format!("{path}/vendors/openai"), key).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    after.clock.wind(NOW.plus_ms(DAY_MS + 2 * HOUR_MS));
    assert_eq!(asks().await, 1);
    let page = text(&after, &format!("/privacy/{site}?locale=en")).await;
    assert!(page.contains("OpenAI Ireland Ltd."), "and its notice says so");
    assert_eq!(ask(&after).await, "builtin", "nobody else's");
}

#[tokio::test(start_paused = true)]
async fn p5_7_the_first_mail_vendor_can_not_wait_since_nobody_could_be_told_by_mail_before() {
    let before = plain().await;
    Person::new(&before, "ada@hotel.example").sign_up("Hôtel Ada").await;
    let mail = [("RESEND_API_KEY", "re_test"), ("MAIL_FROM", "Loquet <mail@chat.example.eu>")];
    let after = set_up(&before, &mail, Http::silent(), 99);
    at(&after, NOW.plus_ms(DAY_MS)).await;
    assert_eq!((after.mails_count("notice_changing").await, waits(&after).await), (0, None));
    assert!(site_page(&after).await.contains("Resend"), "it is named at once");
}

#[tokio::test(start_paused = true)]
async fn p11_other_terms_of_a_sub_processor_are_announced_and_the_old_line_stays_until_then() {
    let before = plain().await;
    Person::new(&before, "ada@hotel.example").sign_up("Hôtel Ada").await;
    let old =
        "UPDATE notice_edition SET register = json_set(register, '$.cloudflare.safeguard', 'a handshake')";
    before.directory.with_connection(|connection| connection.execute_batch(old).unwrap()).unwrap();
    at(&before, NOW.plus_ms(DAY_MS)).await;
    assert_eq!(before.mails_count("notice_changing").await, 1);
    assert!(site_page(&before).await.contains("a handshake"));
    at(&before, NOW.plus_ms(31 * DAY_MS)).await;
    let page = site_page(&before).await;
    assert!(!page.contains("a handshake") && page.contains("standard contractual clauses"));
}
