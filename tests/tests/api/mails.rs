//! Mail from the outbox to the vendor: once, late, never, and to nobody who is gone.

use std::sync::{Arc, Mutex};

use edge::ops::account::email_finder;
use edge::ops::mail::{self, MailKind, NewMail, Recipient, Tried};
use edge::platform::http::{HttpFault, Response};
use edge::platform::{Http, Statement};
use edge::rules::credential::code_derive;
use edge::sealing::{Cell, Column, KeyOwner, KeyScope};
use edge::store::account::{AccountState, SealedAccount, account_insert};
use edge::store::mail::{Settled, mail_lease};
use edge::store::scope::OperatorScope;
use serde_json::Value;
use shared::id::{AccountId, CodeId, MailId, SessionId};
use shared::limits::{CODE_MS, MAIL_BOUNCE_REST_MS, MAIL_LATE_MS, MAIL_LEASE_MS, MAIL_ROW_MS, MAIL_TRIES};
use shared::time::{DAY_MS, HOUR_MS, Millis};
use tests::{Deployment, NOW, Options};

const EMAIL: &str = "Ada@Example.org";
const NAME: &str = "Ada Lovelace";
const SWEEP: &str = "*/5 * * * *";
const PURGE: &str = "17 * * * *";

/// A call as the vendor got it: its headers and its body.
#[derive(Clone)]
struct Call {
    headers: Vec<(String, String)>,
    body: Value,
}

impl Call {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

type Calls = Arc<Mutex<Vec<Call>>>;

/// A vendor that answers each call as `answers` says; the last answer stays.
fn vendor(answers: &'static [(u16, Option<u32>)]) -> (Http, Calls) {
    let calls = Calls::default();
    let record = Arc::clone(&calls);
    let http = Http::scripted(vec!["https://api.resend.com".into()], move |request| {
        assert_eq!(request.url, "https://api.resend.com/emails");
        let mut calls = record.lock().unwrap();
        let (status, retry_after_s) = answers[calls.len().min(answers.len() - 1)];
        calls.push(Call {
            headers: request
                .headers
                .iter()
                .map(|(name, value)| ((*name).into(), value.expose().clone()))
                .collect(),
            body: serde_json::from_slice(&request.body).unwrap(),
        });
        let body = match status {
            200 => format!("{{\"id\":\"re-{}\"}}", calls.len()),
            _ => format!("{{\"statusCode\":{status},\"name\":\"some_error\",\"message\":\"about {EMAIL}\"}}"),
        };
        let chunks = futures::stream::iter([Ok::<_, HttpFault>(body.into_bytes())]);
        Ok(Response { status, retry_after_s, chunks: Box::pin(chunks) })
    });
    (http, calls)
}

fn options(http: Http) -> Options {
    let variables = vec![
        ("ENV", "production".into()),
        ("RESEND_API_KEY", "re_test".into()),
        ("MAIL_FROM", "Loquet <mail@chat.example.eu>".into()),
    ];
    Options { variables, http, ..Options::default() }
}

async fn sending(answers: &'static [(u16, Option<u32>)]) -> (Deployment, Calls) {
    let (http, calls) = vendor(answers);
    (Deployment::with_two_businesses(options(http)).await, calls)
}

/// Somebody with an account.
async fn account(deployment: &Deployment, locale: &str) -> AccountId {
    let app = &deployment.app;
    let id = AccountId::mint(NOW, app.rng.bytes().unwrap());
    app.keyring.root_mint(KeyScope::Accounts).await.unwrap();
    let owner = KeyOwner::Account(id);
    let lease = app.keyring.key_lease(&deployment.directory, KeyScope::Accounts, &owner).await;
    let (key, key_insert) = lease.unwrap();
    let email_finder = finder(deployment).await;
    let row = id.to_string();
    let bound: [&[u8]; 1] = [email_finder.as_bytes()];
    let cell = |column, bound| Cell { column, scope: KeyScope::Accounts, row: row.as_bytes(), bound };
    let sealed = SealedAccount {
        id,
        locale: locale.into(),
        key: key.reference(),
        key_commit: Vec::new(),
        name: key.seal(cell(Column::AccountName, &[]), NAME.as_bytes(), &app.rng).unwrap(),
        email: key.seal(cell(Column::AccountEmail, &bound), EMAIL.as_bytes(), &app.rng).unwrap(),
        email_finder: email_finder.clone(),
        analytics: false,
    };
    let insert = account_insert(&sealed, AccountState::Active, NOW);
    deployment.directory.batch(vec![key_insert, insert]).await.unwrap();
    id
}

async fn finder(deployment: &Deployment) -> String {
    email_finder(&deployment.app, &EMAIL.to_lowercase()).await.unwrap()
}

const CODE: &str = "
INSERT INTO sign_in_code (id, purpose, account, email_finder, nonce_hash, asker, created_at, expires_at)
VALUES (?1, 'sign_in', ?2, ?5, '', '', ?3, ?4)";
const SESSION: &str = "
INSERT INTO session (id, hash, browser_hash, account, device, created_at, last_used_at, expires_at)
VALUES (?1, ?1, '', ?2, 'Firefox on Linux', ?3, ?3, ?3)";

/// Somebody asks for a code to sign in with; the digits come along.
async fn code_asked(deployment: &Deployment, account: AccountId) -> (MailId, CodeId, String) {
    let now = deployment.clock.now();
    let code = CodeId::mint(now, deployment.app.rng.bytes().unwrap());
    let values = [
        code.into(),
        account.into(),
        now.into(),
        now.plus_ms(CODE_MS).into(),
        finder(deployment).await.into(),
    ];
    let cause = Statement::new(CODE, values);
    let id = asked(deployment, account, MailKind::SignInCode, Some(code.to_string()), Some(cause)).await;
    let digits = code_derive(deployment.app.token_key().unwrap(), code).into_exposed();
    (id, code, digits)
}

/// Somebody signs in on a new device.
async fn alarmed(deployment: &Deployment, account: AccountId) -> MailId {
    let now = deployment.clock.now();
    let session = SessionId::mint(now, deployment.app.rng.bytes().unwrap());
    let cause = Statement::new(SESSION, [session.into(), account.into(), now.into()]);
    asked(deployment, account, MailKind::NewDevice, Some(session.to_string()), Some(cause)).await
}

async fn asked(
    deployment: &Deployment,
    account: AccountId,
    kind: MailKind,
    about: Option<String>,
    cause: Option<Statement>,
) -> MailId {
    let now = deployment.clock.now();
    let id = MailId::mint(now, deployment.app.rng.bytes().unwrap());
    let new = NewMail { id, kind, recipient: Recipient::Account(account), business: None, about, now };
    let batch = cause.into_iter().chain([mail::mail_insert(&new)]).collect();
    deployment.directory.batch(batch).await.unwrap();
    deployment.app.mail_note(id);
    mail::mails_noted_wake(&deployment.app).await;
    id
}

fn state(deployment: &Deployment, id: MailId) -> (String, u32, Option<String>) {
    let look = |connection: &rusqlite::Connection| {
        let sql = "SELECT state, tries, vendor_id FROM mail WHERE id = ?1";
        connection.query_row(sql, [id.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    };
    deployment.directory.with_connection(look).unwrap().unwrap()
}

fn later(deployment: &Deployment, ms: i64) -> Millis {
    let now = deployment.clock.now().plus_ms(ms);
    deployment.clock.wind(now);
    now
}

async fn mail_is_well(deployment: &Deployment) -> bool {
    let ready: Value = deployment.send("GET", "/readyz", None, None).await.json();
    let checks = ready["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == "mail").unwrap()["ok"] == true
}

#[tokio::test]
async fn p5_4_a_mail_goes_to_the_vendor_once_whatever_wakes_it() {
    let (deployment, calls) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "de").await;
    let (id, _, digits) = code_asked(&deployment, ada).await;
    mail::mail_wake(&deployment.app, id, 0).await.unwrap();
    deployment.run_due(SWEEP, deployment.clock.now()).await;
    deployment.deliver().await;
    deployment.run_due(SWEEP, later(&deployment, HOUR_MS)).await;
    deployment.deliver().await;
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].header("authorization"), "Bearer re_test");
    assert_eq!(calls[0].header("idempotency-key"), id.to_string());
    let body = &calls[0].body;
    assert_eq!(body["to"], serde_json::json!([EMAIL]));
    assert_eq!(body["from"], "Loquet <mail@chat.example.eu>");
    assert_eq!(body["subject"], format!("{digits} ist Ihr Loquet-Code"));
    assert!(body["text"].as_str().unwrap().contains(&format!("\n\n{digits}\n\n")));
    assert!(body["text"].as_str().unwrap().starts_with("Guten Tag Ada Lovelace,"));
    assert!(body["html"].as_str().unwrap().contains(&digits));
    assert_eq!(state(&deployment, id), ("sent".into(), 1, Some("re-1".into())));
}

#[tokio::test]
async fn two_tries_at_once_are_one() {
    let (deployment, calls) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "en").await;
    let (id, _, _) = code_asked(&deployment, ada).await;
    let app = &deployment.app;
    let both = futures::join!(mail::mail_send(app, id), mail::mail_send(app, id));
    let both = [both.0.unwrap(), both.1.unwrap()];
    assert!(both.contains(&Tried::Settled(Settled::Sent)) && both.contains(&Tried::Nothing), "{both:?}");
    assert_eq!(calls.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_try_that_was_cut_off_is_taken_up_under_the_same_key() {
    let (deployment, calls) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "en").await;
    let id = alarmed(&deployment, ada).await;
    let (now, scope) = (deployment.clock.now(), OperatorScope::of_deployment());
    // A worker takes hold of the mail and is gone.
    let held = mail_lease(&deployment.directory, &scope, id, now, now.plus_ms(MAIL_LEASE_MS)).await.unwrap();
    assert!(held.is_some());
    deployment.deliver().await;
    assert!(calls.lock().unwrap().is_empty(), "it is still held");
    deployment.run_due(SWEEP, later(&deployment, MAIL_LEASE_MS)).await;
    deployment.deliver().await;
    assert_eq!(calls.lock().unwrap()[0].header("idempotency-key"), id.to_string());
    assert_eq!(state(&deployment, id).0, "sent");
}

#[tokio::test]
async fn what_fails_is_tried_again_with_the_same_words_and_key() {
    let (deployment, calls) = sending(&[(500, None), (429, Some(90)), (401, None), (200, None)]).await;
    let ada = account(&deployment, "en").await;
    let id = alarmed(&deployment, ada).await;
    let mut waits = Vec::new();
    for _ in 0..3 {
        let Tried::Later(due_at) = mail::mail_send(&deployment.app, id).await.unwrap() else {
            panic!("not later")
        };
        waits.push(due_at.since_ms(deployment.clock.now()));
        assert_eq!(
            mail::mail_send(&deployment.app, id).await.unwrap(),
            Tried::Nothing,
            "not before its time"
        );
        later(&deployment, due_at.since_ms(deployment.clock.now()));
    }
    assert!((7_500..=12_500).contains(&waits[0]), "{waits:?}");
    assert_eq!(waits[1], 90_000, "as long as the vendor asked for");
    assert!((67_500..=112_500).contains(&waits[2]), "{waits:?}");
    let woken: Vec<u32> = deployment.outbound.take().into_iter().map(|(_, delay_s)| delay_s).collect();
    assert!(woken[0] == 0 && woken[2] == 90, "{woken:?}");
    assert!(!mail_is_well(&deployment).await, "an operator hears of it");
    assert_eq!(mail::mail_send(&deployment.app, id).await.unwrap(), Tried::Settled(Settled::Sent));
    assert!(mail_is_well(&deployment).await);
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 4);
    assert!(calls.iter().all(|call| call.body == calls[0].body));
    assert!(calls.iter().all(|call| call.header("idempotency-key") == id.to_string()));
}

#[tokio::test]
async fn after_the_last_try_a_mail_is_given_up_and_readyz_is_red_for_a_while() {
    let (deployment, calls) = sending(&[(503, None)]).await;
    let ada = account(&deployment, "en").await;
    let id = alarmed(&deployment, ada).await;
    for _ in 0..MAIL_TRIES + 3 {
        mail::mail_send(&deployment.app, id).await.unwrap();
        later(&deployment, 2 * HOUR_MS);
    }
    assert_eq!(calls.lock().unwrap().len(), MAIL_TRIES as usize);
    assert_eq!(state(&deployment, id).0, "given_up");
    assert!(
        edge::log::captured()
            .iter()
            .any(|line| line.contains(&id.to_string()) && line.contains("new_device"))
    );
    deployment.clock.wind(deployment.clock.now().minus_ms(8 * HOUR_MS));
    assert!(!mail_is_well(&deployment).await);
    later(&deployment, DAY_MS);
    assert!(mail_is_well(&deployment).await);
}

#[tokio::test]
async fn a_mail_that_stops_the_worker_each_time_is_given_up_too() {
    let (deployment, calls) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "en").await;
    let id = alarmed(&deployment, ada).await;
    let scope = OperatorScope::of_deployment();
    for _ in 0..MAIL_TRIES {
        let now = later(&deployment, MAIL_LEASE_MS);
        mail_lease(&deployment.directory, &scope, id, now, now.plus_ms(MAIL_LEASE_MS))
            .await
            .unwrap()
            .unwrap();
    }
    later(&deployment, MAIL_LEASE_MS);
    assert_eq!(mail::mail_send(&deployment.app, id).await.unwrap(), Tried::Settled(Settled::GivenUp));
    assert!(calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_the_vendor_will_never_take_is_tried_once() {
    let (deployment, calls) = sending(&[(422, None)]).await;
    let ada = account(&deployment, "en").await;
    let id = alarmed(&deployment, ada).await;
    deployment.deliver().await;
    deployment.run_due(SWEEP, later(&deployment, DAY_MS)).await;
    deployment.deliver().await;
    assert_eq!(calls.lock().unwrap().len(), 1);
    assert_eq!(state(&deployment, id).0, "failed");
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_does_not_answer_holds_a_mail_for_seconds_only() {
    let http = Http::scripted(vec!["https://api.resend.com".into()], |_| {
        Ok(Response { status: 200, retry_after_s: None, chunks: Box::pin(futures::stream::pending()) })
    });
    let deployment = Deployment::with_two_businesses(options(http)).await;
    let ada = account(&deployment, "en").await;
    let id = alarmed(&deployment, ada).await;
    assert!(matches!(mail::mail_send(&deployment.app, id).await.unwrap(), Tried::Later(_)));
    assert!(deployment.clock.now().since_ms(NOW) < MAIL_LEASE_MS);
}

#[tokio::test]
async fn a_mail_that_the_queue_did_not_take_is_swept() {
    let (deployment, calls) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "en").await;
    deployment.outbound.set_broken(true);
    let id = alarmed(&deployment, ada).await;
    deployment.outbound.set_broken(false);
    deployment.deliver().await;
    assert!(calls.lock().unwrap().is_empty());
    for _ in 0..2 {
        deployment.run_due(SWEEP, deployment.clock.now()).await;
    }
    deployment.deliver().await;
    assert_eq!(calls.lock().unwrap().len(), 1);
    assert_eq!(state(&deployment, id).0, "sent");
}

#[tokio::test]
async fn what_is_over_before_it_was_sent_is_not_sent() {
    let (deployment, calls) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "en").await;
    let (used, code, _) = code_asked(&deployment, ada).await;
    let use_code = "UPDATE sign_in_code SET used_at = created_at WHERE id = ?1";
    deployment.directory.write(Statement::new(use_code, [code.into()])).await.unwrap();
    let (expired, _, _) = code_asked(&deployment, ada).await;
    later(&deployment, CODE_MS);
    deployment.deliver().await;
    assert_eq!(state(&deployment, used).0, "lapsed");
    assert_eq!(state(&deployment, expired).0, "lapsed");
    let leaving = alarmed(&deployment, ada).await;
    let delete = "UPDATE account SET state = 'deleting' WHERE id = ?1";
    deployment.directory.write(Statement::new(delete, [ada.into()])).await.unwrap();
    deployment.deliver().await;
    assert_eq!(state(&deployment, leaving).0, "lapsed");
    assert!(calls.lock().unwrap().is_empty());
}

/// What the vendor tells of the address, once its signature was proved.
async fn told(deployment: &Deployment, kind: &str, at: &str) {
    let body = serde_json::json!({
        "type": kind, "created_at": at,
        "data": { "email_id": "e", "to": [EMAIL.to_uppercase()], "bounce": { "type": "Permanent" } },
    });
    mail::webhook_take(&deployment.app, body.to_string().as_bytes()).await.unwrap();
}

#[tokio::test]
async fn an_address_that_bounced_gets_no_letters_until_a_code_proves_that_it_lives() {
    let (deployment, calls) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "en").await;
    // NOW is 18:00.
    told(&deployment, "email.bounced", "2026-11-21T17:59:00Z").await;
    told(&deployment, "email.bounced", "2026-11-21T17:59:00Z").await;
    let alarm = alarmed(&deployment, ada).await;
    let (early, _, _) = code_asked(&deployment, ada).await;
    deployment.deliver().await;
    assert_eq!(state(&deployment, alarm).0, "suppressed");
    assert_eq!(state(&deployment, early).0, "suppressed", "just after a bounce a code would bounce too");
    later(&deployment, MAIL_BOUNCE_REST_MS);
    let (sent, code, _) = code_asked(&deployment, ada).await;
    deployment.deliver().await;
    assert_eq!(state(&deployment, sent).0, "sent", "nobody is locked out for good");
    let lift = mail::suppression_lift(code, deployment.clock.now());
    deployment.directory.write(lift).await.unwrap();
    // The same event again, and a late one from before the proof.
    told(&deployment, "email.bounced", "2026-11-21T17:59:00Z").await;
    told(&deployment, "email.complained", "2026-11-21T18:10:00Z").await;
    let alarm = alarmed(&deployment, ada).await;
    deployment.deliver().await;
    assert_eq!(state(&deployment, alarm).0, "sent");
    assert_eq!(calls.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn somebody_who_complained_gets_codes_and_nothing_else() {
    let (deployment, _) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "en").await;
    // An event of tomorrow counts as one of now: else it would outlast every proof.
    told(&deployment, "email.complained", "2030-01-01T00:00:00Z").await;
    let (alarm, (sent, code, _)) = (alarmed(&deployment, ada).await, code_asked(&deployment, ada).await);
    deployment.deliver().await;
    assert_eq!(
        (state(&deployment, alarm).0, state(&deployment, sent).0),
        ("suppressed".into(), "sent".into())
    );
    later(&deployment, 1);
    let lift = mail::suppression_lift(code, deployment.clock.now());
    deployment.directory.write(lift).await.unwrap();
    let alarm = alarmed(&deployment, ada).await;
    deployment.deliver().await;
    assert_eq!(state(&deployment, alarm).0, "sent");
}

#[tokio::test]
async fn without_a_vendor_a_real_deployment_keeps_its_mail_and_says_so() {
    let variables = vec![("ENV", "production".into())];
    let deployment = Deployment::with_two_businesses(Options { variables, ..Options::default() }).await;
    let ada = account(&deployment, "en").await;
    let id = alarmed(&deployment, ada).await;
    deployment.deliver().await;
    assert_eq!(state(&deployment, id), ("queued".into(), 0, None));
    let ready = deployment.send("GET", "/readyz", None, None).await.text();
    assert!(ready.contains("RESEND_API_KEY"), "{ready}");
    assert!(mail_is_well(&deployment).await);
    later(&deployment, MAIL_LATE_MS);
    assert!(!mail_is_well(&deployment).await);
}

#[tokio::test]
async fn on_a_developers_machine_nothing_leaves_and_the_outbox_shows_it() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let ada = account(&deployment, "fr").await;
    let alarm = alarmed(&deployment, ada).await;
    later(&deployment, 1);
    let (code, _, digits) = code_asked(&deployment, ada).await;
    deployment.deliver().await;
    assert_eq!(state(&deployment, alarm).0, "sent");
    let outbox: Vec<Value> = deployment.send("GET", "/dev/outbox", None, None).await.json();
    assert_eq!([&outbox[0]["id"], &outbox[1]["id"]], [&code.to_string(), &alarm.to_string()]);
    assert_eq!(outbox[0]["kind"], "sign_in_code");
    assert_eq!(outbox[0]["to"], EMAIL);
    assert_eq!(outbox[0]["at"], deployment.clock.now().as_i64());
    assert_eq!(outbox[0]["subject"], format!("{digits} est votre code Loquet"));
    assert!(outbox[1]["text"].as_str().unwrap().contains("Firefox on Linux"));
    assert!(outbox[1]["html"].as_str().unwrap().contains("/app/#/settings/security"));
    later(&deployment, CODE_MS);
    let outbox: Vec<Value> = deployment.send("GET", "/dev/outbox", None, None).await.json();
    assert_eq!((&outbox[0]["text"], &outbox[0]["to"]), (&Value::Null, &Value::from(EMAIL)));
}

#[tokio::test]
async fn old_rows_of_the_outbox_and_old_suppressions_are_purged_in_their_time() {
    let (deployment, _) = sending(&[(200, None)]).await;
    let ada = account(&deployment, "en").await;
    alarmed(&deployment, ada).await;
    deployment.deliver().await;
    told(&deployment, "email.bounced", "2026-11-21T18:00:00Z").await;
    let count = |table: &str| -> u32 {
        let sql = format!("SELECT count(*) FROM {table}");
        deployment.directory.with_connection(|db| db.query_row(&sql, [], |row| row.get(0))).unwrap().unwrap()
    };
    deployment.run_due(PURGE, later(&deployment, MAIL_ROW_MS - 1)).await;
    assert_eq!((count("mail"), count("mail_suppression")), (1, 1));
    deployment.run_due(PURGE, later(&deployment, 1)).await;
    assert_eq!((count("mail"), count("mail_suppression")), (0, 1));
    deployment.run_due(PURGE, later(&deployment, 365 * DAY_MS)).await;
    assert_eq!(count("mail_suppression"), 0);
}

#[tokio::test]
async fn neither_the_database_nor_the_queue_nor_a_log_says_who_wrote_or_what() {
    let (deployment, _) = sending(&[(400, None), (200, None)]).await;
    let ada = account(&deployment, "en").await;
    alarmed(&deployment, ada).await;
    let (_, _, digits) = code_asked(&deployment, ada).await;
    told(&deployment, "email.complained", "2026-11-21T18:00:00Z").await;
    let messages = deployment.outbound.take();
    assert_eq!(messages.len(), 2);
    for (text, _) in &messages {
        let message: Value = serde_json::from_str(text).unwrap();
        let mut keys: Vec<_> = message.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        assert_eq!(keys, ["database", "id"]);
        mail::wake_take(&deployment.app, text).await.unwrap();
    }
    mail::wake_take(&deployment.app, "{\"database\":\"moon\"}").await.unwrap();
    let file = std::env::temp_dir().join(format!("loquet-mail-{}.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&file);
    deployment.directory.copy_to(&file).unwrap();
    let bytes = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).to_lowercase();
    std::fs::remove_file(&file).unwrap();
    for canary in [EMAIL, NAME, &format!("{digits} "), "is your loquet code"] {
        assert!(!bytes.contains(&canary.to_lowercase()), "{canary}");
    }
    for line in edge::log::captured() {
        assert!(!line.to_lowercase().contains("ada@") && !line.contains(NAME), "{line}");
    }
}
