//! Whatever comes too late for somebody who is being erased, or just before it begins, at each state of the erasure; and how long the journal is kept.

use edge::ops::erasure::{Home, Reason, Subject, erasure_begin, erasure_step};
use edge::store::erasure::ErasureState;
use edge::store::erasure_step::erasure_read;
use edge::store::scope::{BusinessScope, OperatorScope};
use http::StatusCode;
use serde_json::json;
use shared::limits::{ERASURE_SETTLE_MS, JOURNAL_MS};
use shared::time::{DAY_MS, Millis, SECOND_MS};
use tests::{Deployment, NOW, Options, Trouble, Visitor, business_id, troubled};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn b4_at_each_state_of_an_erasure_no_message_no_file_and_no_answer_gets_in() {
    let states = [
        ErasureState::Condemned,
        ErasureState::Keyless,
        ErasureState::Emptied,
        ErasureState::Verified,
        ErasureState::Receipted,
    ];
    for state in states {
        let deployment = Deployment::with_two_businesses(Options::default()).await;
        let mut erased = Visitor::at(&deployment, 0).await;
        // The answer is still being written while the erasure goes on.
        erased.write("When is breakfast?").await;
        let (conversation, token) = erased.thread.clone().unwrap();
        let scope = BusinessScope::new(business_id(0), 0);
        let (app, home) = (&deployment.app, Home::Shard(scope));
        let begun = erasure_begin(app, &scope, Subject::Conversation(conversation), Reason::Request, NOW);
        let id = begun.await.unwrap().id;
        let now_at = async || {
            let open =
                erasure_read(&deployment.shards[0], &OperatorScope::of_deployment(), id).await.unwrap();
            open.unwrap().state
        };
        for _ in 0..10 {
            if now_at().await == state {
                break;
            }
            let now = deployment.clock.now();
            if !erasure_step(app, &*deployment.conversations, &home, id, now).await.unwrap() {
                deployment.clock.wind(now.plus_ms(ERASURE_SETTLE_MS));
            }
        }
        assert_eq!(now_at().await, state, "the erasure came as far");

        let before = count(&deployment, "SELECT count(*) FROM message");
        let draft = erased.draft();
        let late = erased.write_as(draft, "one more").await;
        assert_eq!(late.status, StatusCode::NOT_FOUND, "{state:?}: a message");
        let late = erased.upload("late.txt", b"too late").await;
        assert_eq!(late.status, StatusCode::NOT_FOUND, "{state:?}: a file");
        let own = format!("/v1/privacy/conversations/{conversation}/requests");
        let words = json!({ "kind": "rectification", "words": "too late" });
        let late = deployment.send("POST", &own, Some(&token), Some(words)).await;
        assert_eq!(late.status, StatusCode::NOT_FOUND, "{state:?}: a request");
        deployment.settle().await;
        assert_eq!(count(&deployment, "SELECT count(*) FROM message"), before, "{state:?}: an answer");
        assert_eq!(count(&deployment, "SELECT count(*) FROM file"), 0, "{state:?}");
        assert!(deployment.files.dump().unwrap().0.is_empty(), "{state:?}");
        let alive = "SELECT count(*) FROM seal_key WHERE owner_kind = 'conversation' AND state = 0";
        assert_eq!(count(&deployment, alive), 0, "{state:?}: nothing got a key");
    }
}

#[tokio::test(start_paused = true)]
async fn b4_what_still_gets_in_while_an_erasure_is_only_written_down_goes_with_it() {
    let mut tried = 0;
    for calls in 0.. {
        let deployment = Deployment::with_two_businesses(Options::default()).await;
        let mut erased = Visitor::at(&deployment, 0).await;
        erased.write("When is breakfast?").await;
        let (conversation, _) = erased.thread.clone().unwrap();
        let scope = BusinessScope::new(business_id(0), 0);
        let begin = async {
            let subject = Subject::Conversation(conversation);
            let _ = erasure_begin(&deployment.app, &scope, subject, Reason::Request, NOW).await;
        };
        // What fails after it was written down leaves it asked for, and not begun.
        if !troubled(Trouble::Failed, calls, begin).await {
            break;
        }
        if count(&deployment, "SELECT count(*) FROM erasure WHERE state = 'requested'") == 0 {
            continue;
        }
        tried += 1;
        let draft = erased.draft();
        let late = erased.write_as(draft, "one more").await;
        assert_eq!(late.status, StatusCode::OK, "nothing is condemned yet: {}", late.text());
        let late = erased.upload("late.txt", b"not too late").await;
        assert_eq!(late.status, StatusCode::OK, "{}", late.text());
        deployment.settle().await;
        assert!(count(&deployment, "SELECT count(*) FROM message") > 1);
        for now in [NOW, NOW.plus_ms(ERASURE_SETTLE_MS), NOW.plus_ms(2 * ERASURE_SETTLE_MS)] {
            deployment.clock.wind(now);
            deployment.run_due(OFTEN, now).await;
        }
        let states = "SELECT count(*) FROM erasure WHERE state IN ('verified', 'receipted')";
        assert_eq!(count(&deployment, states), 1, "after {calls} calls: the job went on by itself");
        for table in ["message", "file", "conversation"] {
            assert_eq!(count(&deployment, &format!("SELECT count(*) FROM {table}")), 0, "{calls}: {table}");
        }
        assert!(deployment.files.dump().unwrap().0.is_empty(), "after {calls} calls");
        let alive = "SELECT count(*) FROM seal_key WHERE owner_kind = 'conversation' AND state = 0";
        assert_eq!(count(&deployment, alive), 0, "after {calls} calls: no key is left");
    }
    assert!(tried > 0, "the state is not met any more");
}

#[tokio::test(start_paused = true)]
async fn b4_an_act_stands_in_the_journal_for_thirty_one_days_and_not_longer() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Hello").await;
    deployment.settle().await;
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/privacy/conversations/{conversation}/requests");
    let kind = json!({ "kind": "restriction" });
    assert_eq!(deployment.send("POST", &path, Some(&token), Some(kind)).await.status, StatusCode::OK);
    let entries = async || deployment.keys.list("j/").await.unwrap().len();
    assert_eq!(entries().await, 1);
    // By the day: longer than what a restore can bring back, and gone with the first run after it.
    let limit = Millis::new(NOW.day() * DAY_MS).plus_ms(JOURNAL_MS);
    for (now, left) in [(limit.minus_ms(SECOND_MS), 1), (limit.plus_ms(SECOND_MS), 0)] {
        deployment.clock.wind(now);
        deployment.run_due(HOURLY, now).await;
        assert_eq!(entries().await, left, "{now:?}");
    }
}
