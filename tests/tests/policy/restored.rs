//! What a restored database must not have forgotten, act by act: suppressions, people who left, accounts and businesses that
//! are gone, consents that were taken back, and what was held still.

use edge::ops::erasure::{Reason, account_erase, business_erase};
use edge::ops::mail::webhook_take;
use edge::platform::Db;
use edge::store::scope::{AccountScope, BusinessScope, OperatorScope};
use edge::store::tick::replay_ask;
use http::StatusCode;
use serde_json::json;
use shared::id::ConsentId;
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::{MINUTE_MS, Millis};
use shared::wire::admin::team::Role;
use shared::wire::frame::Frame;
use tests::{Deployment, NOW, Options, Person, Visitor, business_id};

const OFTEN: &str = "*/5 * * * *";

fn fresh(name: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("loquet-restored-{}-{name}.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(OFTEN, now).await;
}

fn texts(db: &Db, sql: &str) -> Vec<String> {
    db.with_connection(|connection| {
        let mut found = connection.prepare(sql).unwrap();
        let rows = found.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    })
    .unwrap()
}

/// Recognises the restored database, and replays it to the end of what follows from it.
async fn replay(after: &Deployment, from: Millis) {
    at(after, from).await;
    assert!(after.send("GET", "/readyz", None, None).await.text().contains("was restored"));
    after.directory.write(replay_ask(&OperatorScope::of_deployment(), from)).await.unwrap();
    for minutes in [5, 10, 15, 30, 45] {
        at(after, from.plus_ms(minutes * MINUTE_MS)).await;
    }
    assert!(!after.send("GET", "/readyz", None, None).await.text().contains("was restored"));
}

#[tokio::test(start_paused = true)]
async fn b4_a_restored_directory_remembers_suppressions_members_accounts_and_businesses_that_are_gone() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let mut people = Vec::new();
    for name in ["grace", "mary"] {
        let mut person = Person::new(&deployment, &format!("{name}@hotel.example"));
        let link = ada.invite(business, &person.email, Role::Manager).await;
        assert_eq!(person.join(link).await.status, StatusCode::OK);
        people.push(person.me().await.account);
    }
    let (grace, mary) = (people[0], people[1]);
    deployment.deliver().await;
    at(&deployment, NOW).await;
    let backup = fresh("directory");
    deployment.directory.copy_to(&backup).unwrap();

    // After the backup: an address bounces, one is sent away, one leaves for good, and a business is gone.
    let bounce = json!({
        "type": "email.complained", "created_at": "2026-11-21T18:00:01.000Z",
        "data": { "to": ["lost@hotel.example"] },
    });
    webhook_take(&deployment.app, bounce.to_string().as_bytes()).await.unwrap();
    let suppressed = texts(&deployment.directory, "SELECT finder FROM mail_suppression");
    assert_eq!(suppressed.len(), 1);
    let path = format!("/v1/admin/businesses/{business}/members/{grace}");
    assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    account_erase(&deployment.app, &AccountScope::new(mary), Reason::Account, None, NOW).await.unwrap();
    let gone = BusinessScope::new(business_id(1), 1);
    business_erase(&deployment.app, &gone, Reason::Account, None, NOW).await.unwrap();
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS)).await;
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS + ERASURE_SETTLE_MS)).await;
    assert_eq!(texts(&deployment.directory, "SELECT DISTINCT state FROM erasure"), ["receipted"]);

    let directory = Db::in_file(&backup, &[]).unwrap();
    assert_eq!(texts(&directory, "SELECT finder FROM mail_suppression"), [""; 0]);
    assert_eq!(texts(&directory, "SELECT account FROM membership").len(), 3);
    let options = Options { seed: 97, ..Options::default() };
    let after = Deployment::over(options, directory, deployment.shards.clone(), deployment.keys.clone());
    replay(&after, NOW.plus_ms(20 * MINUTE_MS)).await;

    assert_eq!(
        texts(&after.directory, "SELECT finder FROM mail_suppression"),
        suppressed,
        "no mail, as before"
    );
    let members = texts(&after.directory, "SELECT account FROM membership");
    assert_eq!(members, [ada_id(&after)], "sent away and gone, as before ({grace} {mary})");
    assert_eq!(texts(&after.directory, "SELECT DISTINCT state FROM erasure"), ["receipted"]);
    let left = format!("SELECT id FROM account WHERE id = '{mary}'");
    assert!(texts(&after.directory, &left).is_empty(), "the account that is gone is gone again");
    let left = format!("SELECT id FROM business WHERE id = '{}'", business_id(1));
    assert!(texts(&after.directory, &left).is_empty(), "and so is the business");
    let contact = edge::ops::account::account_contact(&after.app, grace).await.unwrap();
    assert!(contact.is_some(), "who was only sent away still has their account");
    std::fs::remove_file(&backup).unwrap();
}

/// The one who is left.
fn ada_id(deployment: &Deployment) -> String {
    let owners = texts(&deployment.directory, "SELECT account FROM membership WHERE role = 'owner'");
    assert_eq!(owners.len(), 1);
    owners[0].clone()
}

#[tokio::test(start_paused = true)]
async fn b4_a_restored_shard_remembers_what_was_withdrawn_held_still_and_let_go() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut threads = Vec::new();
    for words in ["held still after the backup", "let go after the backup"] {
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write(words).await;
        deployment.settle().await;
        threads.push(visitor.thread.clone().unwrap());
    }
    let chooser = Visitor::at(&deployment, 0).await;
    let choose = async |number: u8, choice: &str| {
        let site = format!("/v1/widget/sites/{}", chooser.site);
        let frame: Frame = deployment.send("GET", &site, None, None).await.json();
        let body = json!({
            "id": ConsentId::mint(deployment.clock.now(), [number; 10]), "purpose": "statistics", "choice": choice,
            "way": "strip", "version": frame.consent.version, "hash": frame.consent.hash, "locale": "en",
        });
        let answer =
            deployment.send("POST", &format!("{site}/consents"), Some(&chooser.token), Some(body)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    };
    let right = async |thread: usize, method: &str, rest: &str, body| {
        let (conversation, token) = &threads[thread];
        let path = format!("/v1/privacy/conversations/{conversation}{rest}");
        let answer = deployment.send(method, &path, Some(token), body).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    };
    let restriction = || Some(json!({ "kind": "restriction" }));
    choose(1, "accepted").await;
    right(1, "POST", "/requests", restriction()).await;
    at(&deployment, NOW).await;
    let backup = fresh("shard");
    deployment.shards[0].copy_to(&backup).unwrap();

    deployment.clock.wind(NOW.plus_ms(MINUTE_MS));
    // By then the business asks in its own words: what this choice is about the backup does not know.
    let own = r#"UPDATE site SET consent = '{"en":{"question":"Count?","detail":""}}', consent_edition = 2"#;
    deployment.directory.with_connection(|connection| connection.execute(own, []).unwrap()).unwrap();
    choose(2, "declined").await;
    right(0, "POST", "/requests", restriction()).await;
    right(1, "DELETE", "/restriction", None).await;
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS)).await;

    let shard = Db::in_file(&backup, &[]).unwrap();
    let held = "SELECT id FROM conversation WHERE restricted_at IS NOT NULL";
    assert_eq!(texts(&shard, held), [threads[1].0.to_string()]);
    let options = Options { seed: 96, ..Options::default() };
    let shards = vec![shard, deployment.shards[1].clone()];
    let after = Deployment::over(options, deployment.directory.clone(), shards, deployment.keys.clone());
    replay(&after, NOW.plus_ms(20 * MINUTE_MS)).await;

    assert_eq!(texts(&after.shards[0], held), [threads[0].0.to_string()], "held still and let go, as before");
    let choices = "SELECT choice FROM consent_event WHERE purpose = 'statistics' ORDER BY created_at";
    assert_eq!(texts(&after.shards[0], choices), ["accepted", "declined"], "the last word is the visitor's");
    let about =
        "SELECT words FROM consent_words JOIN consent_event ON text_hash = hash WHERE choice = 'declined'";
    assert_eq!(texts(&after.shards[0], about).len(), 1, "and what it was about is there");
    assert_eq!(after.app.keyring.health().alarms, 0);
    std::fs::remove_file(&backup).unwrap();
}
