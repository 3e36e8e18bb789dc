//! A database that was restored from a backup: it is recognised, kept from doing harm, and brought up to what it must
//! not have forgotten.

use edge::ops::erasure::{Reason, Subject, erasure_begin};
use edge::ops::replay::replay;
use edge::platform::Db;
use edge::store::scope::{BusinessScope, OperatorScope};
use edge::store::tick::replay_ask;
use http::StatusCode;
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};
use shared::wire::admin::passkey::{PasskeyOffer, Passkeys};
use shared::wire::admin::team::{Role, Team};
use shared::wire::problem::Kind;
use tests::{Authenticator, Deployment, NOW, Options, Person, Visitor, business_id, seed};

const OFTEN: &str = "*/5 * * * *";
const HOURLY: &str = "17 * * * *";

fn fresh(name: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("loquet-replay-{}-{name}.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(OFTEN, now).await;
}

fn count(db: &Db, sql: &str) -> i64 {
    db.with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
}

fn restored(from: &Deployment, shard: Db) -> Deployment {
    let options = Options { seed: 99, ..Options::default() };
    let shards = vec![shard, from.shards[1].clone()];
    Deployment::over(options, from.directory.clone(), shards, from.keys.clone())
}

#[tokio::test(start_paused = true)]
async fn b4_a_restored_shard_is_recognised_erases_again_and_uses_no_slot_twice() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut erased = Visitor::at(&deployment, 0).await;
    erased.write("words of the erased").await;
    let mut survivor = Visitor::at(&deployment, 0).await;
    survivor.write("words of the survivor").await;
    let mut late = Visitor::at(&deployment, 0).await;
    late.write("asked for, not carried out").await;
    deployment.settle().await;
    at(&deployment, NOW).await;
    let backup = fresh("shard");
    deployment.shards[0].copy_to(&backup).unwrap();

    // Life goes on: one erasure to its end, one that is only begun, and new keys.
    let scope = BusinessScope::new(business_id(0), 0);
    let (gone, _) = erased.thread.clone().unwrap();
    let begun = erasure_begin(&deployment.app, &scope, Subject::Conversation(gone), Reason::Request, NOW)
        .await
        .unwrap();
    assert!(begun.condemned);
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS)).await;
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS + ERASURE_SETTLE_MS)).await;
    let (asked, _) = late.thread.clone().unwrap();
    erasure_begin(&deployment.app, &scope, Subject::Conversation(asked), Reason::Request, NOW).await.unwrap();
    let mut newer = Visitor::at(&deployment, 0).await;
    newer.write("after the backup").await;
    deployment.settle().await;

    let after = restored(&deployment, Db::in_file(&backup, &[]).unwrap());
    at(&after, NOW.plus_ms(HOUR_MS)).await;
    let ready = after.send("GET", "/readyz", None, None).await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(ready.text().contains("shard-0 was restored"), "{}", ready.text());
    // No key is given out, so nobody new can write.
    let mut blocked = Visitor::at(&after, 0).await;
    let draft = blocked.draft();
    assert_eq!(blocked.write_as(draft, "too early").await.problem(), Kind::Internal);

    let slabs_before = count(&after.shards[0], "SELECT count(*) FROM key_slab");
    after.directory.write(replay_ask(&OperatorScope::of_deployment(), NOW)).await.unwrap();
    for minutes in [65, 70, 75] {
        at(&after, NOW.plus_ms(minutes * MINUTE_MS)).await;
    }
    assert!(!after.send("GET", "/readyz", None, None).await.text().contains("was restored"));
    let left = format!("SELECT count(*) FROM message WHERE conversation IN ('{gone}', '{asked}')");
    assert_eq!(
        count(&after.shards[0], &left),
        0,
        "erased again: the one whose key is gone, and the one of the journal"
    );
    assert_eq!(count(&after.shards[0], "SELECT count(*) FROM erasure WHERE state = 'receipted'"), 2);
    assert_eq!(survivor_reads(&after, &survivor).await, "words of the survivor");
    // I7: what is written now lies in a new slab.
    let mut fresh_visitor = Visitor::at(&after, 0).await;
    fresh_visitor.write("after the replay").await;
    after.settle().await;
    assert!(count(&after.shards[0], "SELECT count(*) FROM key_slab") > slabs_before);
    assert_eq!(after.app.keyring.health().alarms, 0);
    std::fs::remove_file(&backup).unwrap();
}

async fn survivor_reads(deployment: &Deployment, visitor: &Visitor<'_>) -> String {
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/messages");
    let answer = deployment.send("GET", &path, Some(&token), None).await.text();
    let text = "words of the survivor";
    if answer.contains(text) { text.to_owned() } else { answer }
}

#[tokio::test(start_paused = true)]
async fn b4_a_restored_directory_sends_nothing_and_forgets_no_revoked_token_and_no_suppression() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let form = serde_json::json!({ "name": "till", "scopes": ["team_read"], "days": 30 });
    let tokens = format!("/v1/admin/businesses/{business}/tokens");
    let made: shared::wire::admin::token::MadeApiToken = ada.send("POST", &tokens, Some(form)).await.json();
    deployment.deliver().await;
    at(&deployment, NOW).await;
    let backup = fresh("directory");
    deployment.directory.copy_to(&backup).unwrap();
    ada.send("DELETE", &format!("{tokens}/{}", made.about.id), None).await;
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS)).await;

    let directory = Db::in_file(&backup, &[]).unwrap();
    let options = Options { seed: 98, ..Options::default() };
    let after = Deployment::over(options, directory, deployment.shards.clone(), deployment.keys.clone());
    at(&after, NOW.plus_ms(10 * MINUTE_MS)).await;
    let mut asking = Person::new(&after, "ada@hotel.example");
    asking.sign_in_ask().await;
    after.deliver().await;
    let sent = "SELECT count(*) FROM mail WHERE state = 'sent' AND kind = 'sign_in_code'";
    assert_eq!(count(&after.directory, sent), 0, "nothing is sent before the replay");

    after.directory.write(replay_ask(&OperatorScope::of_deployment(), NOW)).await.unwrap();
    at(&after, NOW.plus_ms(15 * MINUTE_MS)).await;
    assert_eq!(count(&after.directory, "SELECT count(*) FROM api_token WHERE revoked_at IS NULL"), 0);
    assert_eq!(count(&after.directory, "SELECT count(*) FROM session WHERE revoked_at IS NULL"), 0);
    let mut again = Person::new(&after, "ada@hotel.example");
    again.sign_in().await;
    after.deliver().await;
    std::fs::remove_file(&backup).unwrap();
}

#[tokio::test(start_paused = true)]
async fn i5_a_rolled_key_that_is_gone_erases_no_conversation_that_lives_on_after_a_restore() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut brief = seed(2);
    brief.shard = 0;
    brief.site.settings.retention_days = Some(7);
    deployment.seed(&brief).await;
    let mut visitor = Visitor::at(&deployment, 2).await;
    visitor.write("of the first day").await;
    deployment.settle().await;
    // Its token serves twelve hours after each use.
    for third in 1..=39 {
        deployment.clock.wind(NOW.plus_ms(third * DAY_MS / 3));
        visitor.read_after(0).await;
        match third {
            15 => drop(visitor.write("of the fifth day").await),
            25 => drop(visitor.write("words of the survivor").await),
            _ => {}
        }
        deployment.settle().await;
    }
    let keys = "SELECT count(*) FROM seal_key WHERE owner_kind = 'conversation'";
    assert_eq!(count(&deployment.shards[0], keys), 2, "rolled");
    let now = NOW.plus_ms(13 * DAY_MS);
    at(&deployment, now).await;
    let backup = fresh("rolled");
    deployment.shards[0].copy_to(&backup).unwrap();

    // The first messages go, and the key that sealed them.
    deployment.run_due(HOURLY, now).await;
    at(&deployment, now.plus_ms(5 * MINUTE_MS)).await;
    at(&deployment, now.plus_ms(HOUR_MS / 2)).await;
    let gone = "SELECT count(*) FROM seal_key WHERE owner_kind = 'conversation' AND state = 2";
    assert_eq!(count(&deployment.shards[0], gone), 1, "the rolled key sealed nothing any more");

    let after = restored(&deployment, Db::in_file(&backup, &[]).unwrap());
    at(&after, now.plus_ms(HOUR_MS)).await;
    after.directory.write(replay_ask(&OperatorScope::of_deployment(), now)).await.unwrap();
    for minutes in [65, 70, 75] {
        at(&after, now.plus_ms(minutes * MINUTE_MS)).await;
    }
    assert!(!after.send("GET", "/readyz", None, None).await.text().contains("was restored"));
    assert_eq!(count(&after.shards[0], "SELECT count(*) FROM erasure"), 0, "nobody asked for one");
    assert_eq!(survivor_reads(&after, &visitor).await, "words of the survivor");
    std::fs::remove_file(&backup).unwrap();
}

#[tokio::test(start_paused = true)]
async fn p6_6_b4_a_restored_shard_remembers_what_was_objected_to_and_what_was_taken_back() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Please do not write to me").await;
    deployment.settle().await;
    at(&deployment, NOW).await;
    let backup = fresh("objections");
    deployment.shards[0].copy_to(&backup).unwrap();
    let (conversation, token) = visitor.thread.clone().unwrap();
    let requests = format!("/v1/privacy/conversations/{conversation}/requests");
    for purpose in ["follow_up", "address", "statistics"] {
        let body = serde_json::json!({ "kind": "objection", "purpose": purpose });
        let made = deployment.send("POST", &requests, Some(&token), Some(body)).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    }
    deployment.clock.wind(NOW.plus_ms(MINUTE_MS));
    let path = format!("/v1/widget/conversations/{conversation}/address");
    let left = serde_json::json!({ "email": "guest@example.org", "locale": "en" });
    let left = deployment.send("POST", &path, Some(&token), Some(left)).await;
    assert!(left.status.is_success(), "{}", left.text());

    let after = restored(&deployment, Db::in_file(&backup, &[]).unwrap());
    let objections = "SELECT count(*) FROM objection";
    assert_eq!(count(&after.shards[0], objections), 0, "the backup knows of none");
    assert_eq!(count(&after.shards[0], "SELECT count(*) FROM visitor_address"), 1);
    // Too soon for the count to show it; whoever restored it asks all the same.
    let operator = OperatorScope::of_deployment();
    after.directory.write(replay_ask(&operator, NOW)).await.unwrap();
    replay(&after.app, &operator, "shard-0", &mut 100, NOW.plus_ms(HOUR_MS)).await.unwrap();
    let told = "SELECT count(*) FROM objection WHERE purpose IN ('address', 'statistics')";
    assert_eq!(count(&after.shards[0], told), 2);
    assert_eq!(count(&after.shards[0], objections), 2, "the last word about being written to was yes");
    assert_eq!(count(&after.shards[0], "SELECT count(*) FROM visitor_address"), 0, "the address goes again");
    let declined = "SELECT count(*) FROM consent_event WHERE choice = 'declined'";
    assert_eq!(count(&after.shards[0], declined), 1);
    std::fs::remove_file(&backup).unwrap();
}

#[tokio::test(start_paused = true)]
async fn b4_p8_4_a_restored_directory_brings_back_no_removed_passkey_no_former_role_and_no_statistics() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let mut grace = Person::new(&deployment, "grace@hotel.example");
    let link = ada.invite(business, "grace@hotel.example", Role::Admin).await;
    assert_eq!(grace.join(link).await.status, StatusCode::OK);
    let agree = Some(serde_json::json!({ "analytics": true }));
    grace.send("PUT", "/v1/admin/account/preferences", agree).await;
    let phone = Authenticator::es256(1);
    let offer: PasskeyOffer = grace.send("POST", "/v1/admin/passkeys/offer", None).await.json();
    let added = grace.send("POST", "/v1/admin/passkeys", Some(phone.make(&offer))).await;
    assert!(added.status.is_success(), "{}", added.text());
    at(&deployment, NOW).await;
    let backup = fresh("roles");
    deployment.directory.copy_to(&backup).unwrap();
    let team: Team = ada.send("GET", &format!("/v1/admin/businesses/{business}/team"), None).await.json();
    let of_grace = team.members.iter().find(|member| member.role == Role::Admin).unwrap().account;
    let role = format!("/v1/admin/businesses/{business}/members/{of_grace}");
    for (minutes, now) in [(1, "manager"), (2, "viewer")] {
        deployment.clock.wind(NOW.plus_ms(minutes * MINUTE_MS));
        let changed = ada.send("PUT", &role, Some(serde_json::json!({ "role": now }))).await;
        assert_eq!(changed.status, StatusCode::NO_CONTENT, "{}", changed.text());
    }
    let list: Passkeys = grace.send("GET", "/v1/admin/passkeys", None).await.json();
    let removed = grace.send("DELETE", &format!("/v1/admin/passkeys/{}", list.passkeys[0].id), None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let declined = Some(serde_json::json!({ "analytics": false }));
    grace.send("PUT", "/v1/admin/account/preferences", declined).await;

    let directory = Db::in_file(&backup, &[]).unwrap();
    let options = Options { seed: 97, ..Options::default() };
    let after = Deployment::over(options, directory, deployment.shards.clone(), deployment.keys.clone());
    let agreed = "SELECT count(*) FROM account WHERE analytics = 1";
    assert_eq!(count(&after.directory, agreed), 1, "the backup knows of the consent alone");
    at(&after, NOW.plus_ms(10 * MINUTE_MS)).await;
    after.directory.write(replay_ask(&OperatorScope::of_deployment(), NOW)).await.unwrap();
    at(&after, NOW.plus_ms(15 * MINUTE_MS)).await;
    assert_eq!(count(&after.directory, agreed), 0);
    assert_eq!(count(&after.directory, "SELECT count(*) FROM passkey"), 0);
    assert_eq!(count(&after.directory, "SELECT count(*) FROM membership WHERE role = 'viewer'"), 1);
    assert_eq!(count(&after.directory, "SELECT count(*) FROM membership WHERE role = 'admin'"), 0);
    std::fs::remove_file(&backup).unwrap();
}
