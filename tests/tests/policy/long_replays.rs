//! The replay of a restored database that takes more than one run: nobody who was erased is readable meanwhile, a legal hold
//! comes before the erasure that waits for it, and of what was done and undone the last word counts.

use edge::ops::erasure::{Reason, Subject, erasure_begin};
use edge::ops::journal::{Act, journal_put};
use edge::platform::{Db, stop};
use edge::store::scope::{BusinessScope, OperatorScope};
use edge::store::tick::replay_ask;
use http::StatusCode;
use serde_json::json;
use shared::id::ConversationId;
use shared::limits::{ERASURE_SETTLE_MS, INVOCATION_STATEMENTS};
use shared::time::{MINUTE_MS, Millis};
use shared::wire::admin::business::Business;
use shared::wire::admin::team::Role;
use tests::{Deployment, NOW, Options, Person, Visitor, business_id};

const OFTEN: &str = "*/5 * * * *";
/// More acts than one run does again.
const ACTS: u32 = 700;

fn fresh(name: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("loquet-long-{}-{name}.sqlite", std::process::id()));
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

fn after_restore(from: &Deployment, shard: Db) -> Deployment {
    let options = Options { seed: 71, ..Options::default() };
    let shards = vec![shard, from.shards[1].clone()];
    Deployment::over(options, from.directory.clone(), shards, from.keys.clone())
}

async fn said(deployment: &Deployment, (conversation, token): &(ConversationId, String)) -> String {
    let path = format!("/v1/widget/conversations/{conversation}/messages");
    deployment.send("GET", &path, Some(token), None).await.text()
}

async fn waits(deployment: &Deployment) -> bool {
    deployment.send("GET", "/readyz", None, None).await.text().contains("was restored")
}

#[tokio::test(start_paused = true)]
async fn b4_a_long_journal_is_replayed_in_several_runs_and_nobody_erased_is_readable_meanwhile() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut threads = Vec::new();
    for words in
        ["words of the erased", "words of who asked", "words of the restricted", "words of the survivor"]
    {
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write(words).await;
        deployment.settle().await;
        threads.push(visitor.thread.clone().unwrap());
    }
    at(&deployment, NOW).await;
    let backup = fresh("journal");
    deployment.shards[0].copy_to(&backup).unwrap();

    // After the backup: one erasure to its end, one that has just been asked for, a restriction, and many acts more than one
    // run does again.
    let scope = BusinessScope::new(business_id(0), 0);
    let erase = async |thread: usize, now| {
        let subject = Subject::Conversation(threads[thread].0);
        erasure_begin(&deployment.app, &scope, subject, Reason::Request, now).await.unwrap();
    };
    erase(0, NOW).await;
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS)).await;
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS + ERASURE_SETTLE_MS)).await;
    let now = NOW.plus_ms(10 * MINUTE_MS);
    for number in 0..ACTS {
        let [_, _, high, low] = number.to_be_bytes();
        let conversation = ConversationId::mint(NOW, [0, high, low, 0, 0, 0, 0, 0, 0, 1]);
        let act = Act::Restricted { conversation, at: Some(now) };
        journal_put(&deployment.app, &scope, &format!("{conversation}-{}", now.as_i64()), &act, now)
            .await
            .unwrap();
    }
    deployment.clock.wind(now);
    let path = format!("/v1/privacy/conversations/{}/requests", threads[2].0);
    let restriction = Some(json!({ "kind": "restriction" }));
    let restricted = deployment.send("POST", &path, Some(&threads[2].1), restriction).await;
    assert!(restricted.status.is_success(), "{}", restricted.text());
    erase(1, now).await;

    let after = after_restore(&deployment, Db::in_file(&backup, &[]).unwrap());
    after.clock.wind(now);
    let assert_closed = async |when: &str| {
        assert!(!said(&after, &threads[0]).await.contains("words of"), "{when}: its key is gone");
        assert!(said(&after, &threads[3]).await.contains("words of the survivor"), "{when}");
    };
    assert_closed("restored, and nobody has noticed").await;
    at(&after, NOW.plus_ms(15 * MINUTE_MS)).await;
    assert!(waits(&after).await, "recognised, and waits for an operator");
    assert_closed("recognised").await;
    let asked = said(&after, &threads[1]).await;
    assert!(
        !asked.contains("words of"),
        "who asked is erased again before anybody asks for the replay: {asked}"
    );

    after.directory.write(replay_ask(&OperatorScope::of_deployment(), now)).await.unwrap();
    let mut runs = 0;
    while waits(&after).await {
        runs += 1;
        assert!(runs < 20, "the replay comes to an end");
        let before = stop::statements();
        at(&after, NOW.plus_ms((15 + 5 * runs) * MINUTE_MS)).await;
        let made = stop::statements() - before;
        assert!(made <= INVOCATION_STATEMENTS + 100, "run {runs} made {made} statements");
        for thread in [0, 1] {
            let said = said(&after, &threads[thread]).await;
            assert!(!said.contains("words of"), "run {runs}: {said}");
        }
        assert_closed("replayed in part").await;
    }
    assert!(runs > 1, "one run was enough for {ACTS} acts");
    let outcomes = texts(&after.directory, "SELECT DISTINCT outcome FROM job_run WHERE job = 'replays_run'");
    assert!(outcomes.contains(&"more".to_owned()), "{outcomes:?}");
    for minutes in [60, 65, 90] {
        at(&after, NOW.plus_ms((60 + minutes) * MINUTE_MS)).await;
    }
    let held = texts(&after.shards[0], "SELECT id FROM conversation WHERE restricted_at IS NOT NULL");
    assert_eq!(held, [threads[2].0.to_string()], "the last act is done as the first");
    for thread in [0, 1] {
        let left = format!("SELECT id FROM message WHERE conversation = '{}'", threads[thread].0);
        assert!(texts(&after.shards[0], &left).is_empty());
    }
    let cursor = "SELECT cursor FROM job_state WHERE job = 'replays_run'";
    assert_eq!(texts(&after.directory, cursor), [""], "nothing is left of how far it came");
    assert_eq!(after.app.keyring.health().alarms, 0);
    std::fs::remove_file(&backup).unwrap();
}

#[tokio::test(start_paused = true)]
async fn p4_2_b4_a_restored_shard_remembers_legal_holds_that_were_set_and_lifted_before_it_erases() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let read: Business = ada.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
    let mut threads = Vec::new();
    for words in ["held after the backup", "let go after the backup"] {
        let mut visitor = Visitor::on(&deployment, read.sites[0].id, "https://chat.example.eu").await;
        visitor.write(words).await;
        deployment.settle().await;
        threads.push(visitor.thread.clone().unwrap());
    }
    let hold =
        |thread: usize| format!("/v1/admin/businesses/{business}/conversations/{}/hold", threads[thread].0);
    let claim = || Some(json!({ "reason": "claim" }));
    assert_eq!(ada.send("PUT", &hold(1), claim()).await.status, StatusCode::NO_CONTENT);
    at(&deployment, NOW).await;
    let backups: Vec<_> = (0..2).map(|number| fresh(&format!("holds-{number}"))).collect();
    for (shard, backup) in deployment.shards.iter().zip(&backups) {
        shard.copy_to(backup).unwrap();
    }

    // After the backup: one is held, let go and held again, and its visitor asks for its erasure, which waits; the other is let go.
    for (minutes, method, thread) in [(1, "PUT", 0), (2, "DELETE", 0), (3, "PUT", 0), (3, "DELETE", 1)] {
        deployment.clock.wind(NOW.plus_ms(minutes * MINUTE_MS));
        let body = if method == "PUT" { claim() } else { None };
        let done = ada.send(method, &hold(thread), body).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    }
    let (conversation, token) = &threads[0];
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    let asked = deployment.send("POST", &path, Some(token), Some(json!({ "kind": "erasure" }))).await;
    assert!(asked.status.is_success(), "{}", asked.text());
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS)).await;

    let shards = backups.iter().map(|backup| Db::in_file(backup, &[]).unwrap()).collect();
    let options = Options { seed: 72, ..Options::default() };
    let after = Deployment::over(options, deployment.directory.clone(), shards, deployment.keys.clone());
    let all =
        |sql: &str| -> Vec<String> { after.shards.iter().flat_map(|shard| texts(shard, sql)).collect() };
    let held = "SELECT id FROM conversation WHERE held_at IS NOT NULL";
    assert_eq!(all(held), [threads[1].0.to_string()], "as the backup has it");
    let assert_held = |when: &str| {
        assert_eq!(all(held), [threads[0].0.to_string()], "{when}: held, and let go, as before");
        assert_eq!(all("SELECT state FROM erasure"), ["requested"], "{when}: it waits still");
        let words = format!("SELECT id FROM message WHERE conversation = '{conversation}'");
        assert!(!all(&words).is_empty(), "{when}");
    };
    at(&after, NOW.plus_ms(20 * MINUTE_MS)).await;
    assert_held("recognised");
    after.directory.write(replay_ask(&OperatorScope::of_deployment(), after.clock.now())).await.unwrap();
    for minutes in [25, 30, 35, 50] {
        at(&after, NOW.plus_ms(minutes * MINUTE_MS)).await;
        assert_held("replayed");
    }
    assert!(!waits(&after).await);
    // Once it is let go, the erasure goes on by itself.
    let mut ada = Person::new(&after, "ada@hotel.example");
    ada.sign_in().await;
    let let_go = ada.send("DELETE", &hold(0), None).await;
    assert_eq!(let_go.status, StatusCode::NO_CONTENT, "{}", let_go.text());
    for minutes in [55, 60, 65] {
        at(&after, NOW.plus_ms(minutes * MINUTE_MS)).await;
    }
    assert_eq!(all("SELECT state FROM erasure"), ["receipted"]);
    for backup in backups {
        std::fs::remove_file(backup).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn k11_b4_a_replay_sends_nobody_away_who_joined_again() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@hotel.example");
    let business = ada.sign_up("Hôtel Ada").await;
    let mut grace = Person::new(&deployment, "grace@hotel.example");
    grace.sign_up("Grace’s").await;
    let account = grace.me().await.account;
    let path = format!("/v1/admin/businesses/{business}/members/{account}");
    for round in 0..2 {
        let link = ada.invite(business, &grace.email, Role::Manager).await;
        let joined = grace.send("POST", "/v1/admin/invitations/accept", Some(link)).await;
        assert_eq!(joined.status, StatusCode::NO_CONTENT, "{}", joined.text());
        deployment.clock.wind(NOW.plus_ms((round + 1) * MINUTE_MS));
        if round == 0 {
            assert_eq!(ada.send("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
            deployment.clock.wind(NOW.plus_ms((round + 2) * MINUTE_MS));
        }
    }
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS)).await;
    deployment.directory.write(replay_ask(&OperatorScope::of_deployment(), NOW)).await.unwrap();
    at(&deployment, NOW.plus_ms(10 * MINUTE_MS)).await;
    let member =
        format!("SELECT account FROM membership WHERE business = '{business}' AND account = '{account}'");
    assert_eq!(texts(&deployment.directory, &member).len(), 1);
}
