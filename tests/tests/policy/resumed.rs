//! A worker that is stopped anywhere in the jobs that carry an erasure out, purge what is due or replay a restored database,
//! or whose calls fail there: the next runs bring it to the same end.

use edge::ops::erasure::{Reason, Subject, erasure_begin};
use edge::ops::replay;
use edge::platform::Db;
use edge::store::scope::{BusinessScope, OperatorScope};
use edge::store::tick::replay_ask;
use shared::id::ConversationId;
use shared::limits::{ERASURE_SETTLE_MS, REPLAY_CALLS};
use shared::time::{HOUR_MS, MINUTE_MS, Millis};
use tests::{Deployment, NOW, Options, Trouble, Visitor, business_id, troubled};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

/// Each call is tried where it is the last one; where the worker goes on, every third: `stops.rs` tries them all.
fn step(trouble: Trouble) -> usize {
    if trouble == Trouble::Stopped { 1 } else { 3 }
}

fn count(db: &Db, sql: &str) -> i64 {
    db.with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
}

async fn at(deployment: &Deployment, now: Millis, cron: &str) {
    deployment.clock.wind(now);
    deployment.run_due(cron, now).await;
}

/// Somebody who wrote.
async fn written(deployment: &Deployment, words: &str) -> (ConversationId, String) {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write(words).await;
    deployment.settle().await;
    visitor.thread.clone().unwrap()
}

async fn read(deployment: &Deployment, (conversation, token): &(ConversationId, String)) -> String {
    let path = format!("/v1/widget/conversations/{conversation}/messages");
    deployment.send("GET", &path, Some(token), None).await.text()
}

/// Nothing of it is left, and every erasure has its receipt.
fn assert_gone(deployment: &Deployment, conversation: ConversationId, when: &str) {
    let shard = &deployment.shards[0];
    let left = format!("SELECT count(*) FROM message WHERE conversation = '{conversation}'");
    assert_eq!(count(shard, &left), 0, "{when}");
    let keys = format!("SELECT count(*) FROM seal_key WHERE owner = '{conversation}' AND state <> 2");
    assert_eq!(count(shard, &keys), 0, "{when}");
    assert_eq!(count(shard, "SELECT count(*) FROM erasure WHERE state <> 'receipted'"), 0, "{when}");
    assert_eq!(deployment.app.keyring.health().alarms, 0, "{when}");
}

#[tokio::test(start_paused = true)]
async fn b4_the_job_that_erases_is_taken_up_wherever_it_was_stopped_or_a_call_failed() {
    let settled = NOW.plus_ms(ERASURE_SETTLE_MS);
    for trouble in Trouble::ALL {
        // The calls of the jobs before it and of its own, in its first run and in the one after the wait.
        let first = (10..55).step_by(step(trouble)).map(|calls| (false, calls));
        let then = (10..40).step_by(step(trouble)).map(|calls| (true, calls));
        for (second, calls) in first.chain(then) {
            let deployment = Deployment::with_two_businesses(Options::default()).await;
            let erased = written(&deployment, "words of the erased").await;
            let survivor = written(&deployment, "words of the survivor").await;
            let scope = BusinessScope::new(business_id(0), 0);
            let subject = Subject::Conversation(erased.0);
            erasure_begin(&deployment.app, &scope, subject, Reason::Request, NOW).await.unwrap();
            let when = format!("{trouble:?} after {calls} calls, second run: {second}");
            let now = if second {
                at(&deployment, NOW, OFTEN).await;
                settled
            } else {
                NOW
            };
            deployment.clock.wind(now);
            troubled(trouble, calls, deployment.run_due(OFTEN, now)).await;
            // Whoever was stopped held it for a quarter of an hour.
            for minutes in [20, 25, 45] {
                at(&deployment, NOW.plus_ms(minutes * MINUTE_MS), OFTEN).await;
            }
            assert_gone(&deployment, erased.0, &when);
            assert!(read(&deployment, &survivor).await.contains("words of the survivor"), "{when}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn b4_the_purge_is_taken_up_wherever_it_was_stopped_or_a_call_failed() {
    let limit = NOW.plus_months(12);
    for trouble in Trouble::ALL {
        for calls in (0..45).step_by(step(trouble)) {
            let deployment = Deployment::with_two_businesses(Options::default()).await;
            let due = [written(&deployment, "one").await, written(&deployment, "two").await];
            deployment.clock.wind(limit.minus_ms(HOUR_MS));
            let survivor = written(&deployment, "words of the survivor").await;
            let when = format!("{trouble:?} after {calls} calls");
            deployment.clock.wind(limit);
            troubled(trouble, calls, deployment.run_due(HOURLY, limit)).await;
            at(&deployment, limit.plus_ms(HOUR_MS), HOURLY).await;
            for minutes in [60, 65, 85] {
                at(&deployment, limit.plus_ms(minutes * MINUTE_MS), OFTEN).await;
            }
            for (conversation, _) in due {
                assert_gone(&deployment, conversation, &when);
            }
            assert!(read(&deployment, &survivor).await.contains("words of the survivor"), "{when}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn b4_a_replay_is_taken_up_wherever_it_was_stopped_or_a_call_failed() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let (erased, asked) = (written(&deployment, "gone").await, written(&deployment, "asked for").await);
    let survivor = written(&deployment, "words of the survivor").await;
    at(&deployment, NOW, OFTEN).await;
    let backup = std::env::temp_dir().join(format!("loquet-jobs-{}.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&backup);
    deployment.shards[0].copy_to(&backup).unwrap();
    let scope = BusinessScope::new(business_id(0), 0);
    let begin = async |conversation| {
        let subject = Subject::Conversation(conversation);
        erasure_begin(&deployment.app, &scope, subject, Reason::Request, NOW).await.unwrap();
    };
    // One is erased to the end, one is only asked for: the slab tells of the first, the journal of both.
    begin(erased.0).await;
    at(&deployment, NOW.plus_ms(5 * MINUTE_MS), OFTEN).await;
    at(&deployment, NOW.plus_ms(8 * MINUTE_MS), OFTEN).await;
    begin(asked.0).await;
    let directory = std::env::temp_dir().join(format!("loquet-jobs-{}-d.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&directory);
    deployment.directory.copy_to(&directory).unwrap();

    let operator = OperatorScope::of_deployment();
    for trouble in Trouble::ALL {
        for calls in (0..45).step_by(step(trouble)) {
            let when = format!("{trouble:?} after {calls} calls");
            // A copy of its own each time: what a try leaves must not help the next.
            let copy = |from: &std::path::Path, name: &str| {
                let to = std::env::temp_dir().join(format!("loquet-jobs-{}-{name}", std::process::id()));
                std::fs::copy(from, &to).unwrap();
                (Db::in_file(&to, &[]).unwrap(), to)
            };
            let ((shard, one), (directory, two)) = (copy(&backup, "s-try"), copy(&directory, "d-try"));
            let options = Options { seed: 94, ..Options::default() };
            let shards = vec![shard, deployment.shards[1].clone()];
            let after = Deployment::over(options, directory, shards, deployment.keys.copy().unwrap());
            let from = NOW.plus_ms(20 * MINUTE_MS);
            at(&after, from, OFTEN).await;
            after.directory.write(replay_ask(&operator, from)).await.unwrap();
            let run = async {
                // What fails is what this test is about; the job tries it again.
                let mut calls = REPLAY_CALLS;
                let _ = replay::replay(&after.app, &operator, "shard-0", &mut calls, from).await;
            };
            troubled(trouble, calls, run).await;
            for minutes in [25, 30, 50, 70] {
                at(&after, NOW.plus_ms(minutes * MINUTE_MS), OFTEN).await;
            }
            let ready = after.send("GET", "/readyz", None, None).await.text();
            assert!(!ready.contains("was restored"), "{when}");
            assert_gone(&after, erased.0, &when);
            assert_gone(&after, asked.0, &when);
            assert!(read(&after, &survivor).await.contains("words of the survivor"), "{when}");
            drop(after);
            for path in [one, two] {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    for path in [backup, directory] {
        std::fs::remove_file(path).unwrap();
    }
}
