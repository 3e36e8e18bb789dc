//! Changing one's address, what signing in leaves behind, the operator's view, and the demo's owner.

use edge::objects::inbox::protocol::{Envelope, News};
use edge::ops::account::{account_contact, email_change_contact};
use edge::rules::credential::email_stop_token_derive;
use http::StatusCode;
use serde_json::json;
use shared::id::CodeId;
use shared::limits::{EMAIL_CHANGE_MS, SESSION_MS};
use shared::time::DAY_MS;
use shared::wire::admin::account::EmailConfirmed;
use shared::wire::admin::operator::{OperatedBusinesses, OperatedJobs};
use shared::wire::admin::sign_in::CodeAsked;
use shared::wire::problem::Kind;
use tests::{Authenticator, Deployment, NOW, Options, Person};

const HOURLY: &str = "17 * * * *";

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment
        .directory
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

async fn change(person: &mut Person<'_>, email: &str) -> CodeId {
    let answer = person.send("POST", "/v1/admin/account/email", Some(json!({ "email": email }))).await;
    answer.json::<CodeAsked>().code
}

async fn confirm(person: &mut Person<'_>, code: CodeId) -> tests::Answer {
    let form = json!({ "code": code, "digits": person.digits(code) });
    person.send("POST", "/v1/admin/account/email/code", Some(form)).await
}

#[tokio::test]
async fn a_new_address_is_proved_then_waits_then_serves() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let code = change(&mut ada, "Ada@new.example").await;
    let contact = email_change_contact(&deployment.app, code).await.unwrap().unwrap();
    assert_eq!(contact.email.expose(), "Ada@new.example");
    let confirmed: EmailConfirmed = confirm(&mut ada, code).await.json();
    assert_eq!(confirmed.effective_at, NOW.plus_ms(EMAIL_CHANGE_MS));
    let me = ada.me().await;
    assert_eq!(me.email.expose(), "ada@hotel.example");
    assert_eq!(me.email_change.unwrap().email.expose(), "Ada@new.example");
    let almost = NOW.plus_ms(EMAIL_CHANGE_MS - 1);
    deployment.clock.wind(almost);
    deployment.run_due(HOURLY, almost).await;
    assert_eq!(ada.me().await.email.expose(), "ada@hotel.example");
    let due = NOW.plus_ms(EMAIL_CHANGE_MS);
    deployment.clock.wind(due);
    deployment.run_due(HOURLY, due).await;
    let me = ada.me().await;
    assert_eq!((me.email.expose().as_str(), me.email_change), ("Ada@new.example", None));
    let mut elsewhere = ada.elsewhere();
    elsewhere.email = "ada@new.example".into();
    elsewhere.sign_in().await;
    let mut old = ada.elsewhere();
    let asked = old.sign_in_ask().await;
    assert_eq!(old.code_give(asked.code, &old.digits(asked.code)).await.problem(), Kind::CodeRefused);
    let kinds =
        "SELECT count(*) FROM mail WHERE kind IN ('email_change_code', 'email_changing', 'email_changed')";
    assert_eq!(count(&deployment, kinds), 3);
}

#[tokio::test]
async fn the_old_address_stops_a_change_and_signs_the_thief_out() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let mut thief = ada.clone();
    let code = change(&mut thief, "thief@evil.example").await;
    let key = deployment.app.token_key().unwrap();
    let link = json!({ "change": code, "token": email_stop_token_derive(key, code) });
    let mut nobody = Person::new(&deployment, "mailbox@hotel.example");
    let early = nobody.send("POST", "/v1/admin/email/stop", Some(link.clone())).await;
    assert_eq!(early.problem(), Kind::LinkRefused, "nothing waits yet");
    assert_eq!(confirm(&mut thief, code).await.status, StatusCode::OK);
    let forged = json!({ "change": code, "token": "A".repeat(22) });
    assert_eq!(nobody.send("POST", "/v1/admin/email/stop", Some(forged)).await.problem(), Kind::LinkRefused);
    let stopped = nobody.send("POST", "/v1/admin/email/stop", Some(link.clone())).await;
    assert_eq!(stopped.status, StatusCode::NO_CONTENT);
    assert_eq!(thief.send("GET", "/v1/admin/session", None).await.problem(), Kind::SessionMissing);
    let is_out = |told: &Envelope| matches!(told.news, News::SendOut(_));
    assert!(deployment.inboxes.told.borrow().iter().any(is_out), "and the thief's inbox is closed");
    assert_eq!(nobody.send("POST", "/v1/admin/email/stop", Some(link)).await.problem(), Kind::LinkRefused);
    let due = NOW.plus_ms(EMAIL_CHANGE_MS);
    deployment.clock.wind(due);
    deployment.run_due(HOURLY, due).await;
    ada.sign_in().await;
    assert_eq!(ada.me().await.email.expose(), "ada@hotel.example");
}

#[tokio::test]
async fn a_code_for_an_address_works_for_its_own_account_and_purpose_only() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut eve) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "eve@evil.example"));
    ada.sign_up("Hôtel Ada").await;
    eve.sign_up("Evil").await;
    // An address that somebody has: the same answer, and a code that opens nothing.
    let taken = change(&mut eve, "ada@hotel.example").await;
    assert_eq!(confirm(&mut eve, taken).await.problem(), Kind::CodeRefused);
    assert_eq!(count(&deployment, "SELECT count(*) FROM email_change"), 0);
    let code = change(&mut eve, "eve@new.example").await;
    let digits = eve.digits(code);
    assert_eq!(eve.code_give(code, &digits).await.problem(), Kind::CodeRefused, "no code to sign in with");
    let mut same_browser = ada.clone();
    same_browser.cookies.insert("__Host-loquet-browser".into(), eve.cookies["__Host-loquet-browser"].clone());
    assert_eq!(confirm(&mut same_browser, code).await.problem(), Kind::CodeRefused, "foreign");
    let own =
        ada.send("POST", "/v1/admin/account/email", Some(json!({ "email": "ADA@hotel.example" }))).await;
    assert_eq!(own.problem(), Kind::ValueRefused);
    // Stopped from within.
    let code = change(&mut ada, "ada@new.example").await;
    assert_eq!(confirm(&mut ada, code).await.status, StatusCode::OK);
    assert_eq!(ada.send("DELETE", "/v1/admin/account/email", None).await.status, StatusCode::NO_CONTENT);
    assert!(ada.me().await.email_change.is_none());
}

#[tokio::test]
async fn somebody_who_lost_their_mailbox_changes_it_with_a_passkey() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@lost.example");
    ada.sign_up("Hôtel Ada").await;
    let mut authenticator = Authenticator::es256(7);
    let offer = ada.send("POST", "/v1/admin/passkeys/offer", None).await.json();
    ada.send("POST", "/v1/admin/passkeys", Some(authenticator.make(&offer))).await;
    let mut later = ada.elsewhere();
    let challenge = later.send("POST", "/v1/admin/sign-in/passkey/challenge", None).await.json();
    let signed = authenticator.sign(&challenge);
    let answer = later.send("POST", "/v1/admin/sign-in/passkey", Some(signed)).await;
    later.csrf = Some(answer.json::<shared::wire::admin::sign_in::SignedIn>().csrf.into_exposed());
    let code = change(&mut later, "ada@found.example").await;
    assert_eq!(confirm(&mut later, code).await.status, StatusCode::OK);
    let due = NOW.plus_ms(EMAIL_CHANGE_MS);
    deployment.clock.wind(due);
    deployment.run_due(HOURLY, due).await;
    assert_eq!(later.me().await.email.expose(), "ada@found.example");
}

#[tokio::test]
async fn what_signing_in_leaves_behind_is_forgotten_in_time() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    ada.sign_up("Hôtel Ada").await;
    let mut never = Person::new(&deployment, "never@hotel.example");
    never.sign_up_ask("Never").await;
    ada.send("POST", "/v1/admin/sign-in/passkey/challenge", None).await;
    let pending = count(&deployment, "SELECT count(*) FROM account WHERE state = 'pending'");
    assert_eq!(pending, 1);
    let before = NOW.plus_ms(DAY_MS - 1);
    deployment.run_due(HOURLY, before).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM account"), 2);
    let after = NOW.plus_ms(DAY_MS);
    deployment.clock.wind(after);
    deployment.run_due(HOURLY, after).await;
    for (sql, left) in [
        ("SELECT count(*) FROM account", 1),
        ("SELECT count(*) FROM sign_up", 0),
        ("SELECT count(*) FROM sign_in_code", 0),
        ("SELECT count(*) FROM passkey_challenge", 0),
        ("SELECT count(*) FROM session", 1),
        ("SELECT count(*) FROM seal_key WHERE owner_kind = 'account' AND state = 1", 1),
    ] {
        assert_eq!(count(&deployment, sql), left, "{sql}");
    }
    let account = ada.me().await.account;
    deployment.run_due("*/5 * * * *", after).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM seal_key WHERE state = 2"), 1);
    deployment.run_due(HOURLY, NOW.plus_ms(SESSION_MS)).await;
    assert_eq!(count(&deployment, "SELECT count(*) FROM session"), 0);
    assert!(account_contact(&deployment.app, account).await.unwrap().is_some());
}

#[tokio::test]
async fn the_operator_sees_businesses_and_jobs_and_no_team() {
    let variables =
        vec![("OPERATOR_EMAIL", "root@deploy.example".to_owned()), ("SIGN_UP", "open".to_owned())];
    let deployment = Deployment::new(Options { variables, ..Options::default() });
    let (mut root, mut ada) =
        (Person::new(&deployment, "root@deploy.example"), Person::new(&deployment, "ada@hotel.example"));
    let business = ada.sign_up("Hôtel Ada").await;
    deployment.clock.wind(NOW.plus_ms(1));
    root.sign_up("The deployment").await;
    let page: OperatedBusinesses = root.send("GET", "/v1/admin/operator/businesses", None).await.json();
    let names: Vec<&str> = page.businesses.iter().map(|business| business.name.as_str()).collect();
    assert_eq!(names, ["The deployment", "Hôtel Ada"]);
    assert_eq!((page.businesses[1].members, page.businesses[1].sites), (1, 1));
    let jobs: OperatedJobs = root.send("GET", "/v1/admin/operator/jobs", None).await.json();
    assert!(jobs.jobs.iter().any(|job| job.name == "accounts_purge" && job.last_good_at.is_none()));
    let queues: serde_json::Value = root.send("GET", "/v1/admin/operator/queues", None).await.json();
    let named: Vec<&str> =
        queues["queues"].as_array().unwrap().iter().map(|queue| queue["name"].as_str().unwrap()).collect();
    assert_eq!(named, ["mails", "webhooks", "erasures"]);
    assert!(queues["queues"][0]["waiting"].as_u64().unwrap() > 0, "letters that nobody has sent yet");
    assert_eq!((&queues["queues"][1]["waiting"], &queues["queues"][2]["waiting"]), (&json!(0), &json!(0)));
    assert!(!queues.to_string().contains("@"), "counts alone");
    assert_eq!(ada.send("GET", "/v1/admin/operator/queues", None).await.problem(), Kind::RoleTooLow);
    let team = format!("/v1/admin/businesses/{business}/team");
    assert_eq!(root.send("GET", &team, None).await.problem(), Kind::NotFound);
    let answer = ada.send("GET", "/v1/admin/operator/businesses", None).await;
    assert_eq!(answer.problem(), Kind::RoleTooLow);
}

#[tokio::test]
async fn the_demos_owner_signs_in_where_env_is_dev() {
    let deployment = Deployment::new(Options::default());
    let mut guest = Person::new(&deployment, "anybody@example.org");
    assert_eq!(guest.send("GET", "/dev/sign-in", None).await.problem(), Kind::NotFound, "nothing is seeded");
    let seed = std::fs::read_to_string(tests::repository().join("demo/data.json")).unwrap();
    for _ in 0..2 {
        let request = http::Request::post("/dev/seed").body(axum::body::Body::from(seed.clone())).unwrap();
        assert_eq!(deployment.answer(request).await.status, StatusCode::NO_CONTENT);
    }
    let answer = guest.send("GET", "/dev/sign-in", None).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let me = guest.me().await;
    assert_eq!((me.memberships.len(), me.email.expose().as_str()), (1, "demo@loquet.example"));
}
