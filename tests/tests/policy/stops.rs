//! A worker that is stopped anywhere in an erasure: afterwards everybody's data is either whole and readable, or gone and
//! receipted.

use edge::ops::erasure::{Home, Reason, Subject, erasure_begin, erasure_resume};
use edge::platform::stop;
use edge::store::scope::BusinessScope;
use shared::id::ErasureId;
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::{HOUR_MS, Millis};
use tests::{Deployment, NOW, Options, Visitor, business_id};

fn texts(deployment: &Deployment, sql: &str) -> Vec<String> {
    deployment.shards[0]
        .with_connection(|connection| {
            let mut found = connection.prepare(sql).unwrap();
            let rows = found.query_map([], |row| row.get::<_, String>(0)).unwrap();
            rows.map(Result::unwrap).collect()
        })
        .unwrap()
}

fn open_erasure(deployment: &Deployment) -> Option<ErasureId> {
    texts(deployment, "SELECT id FROM erasure").first().map(|id| id.parse().unwrap())
}

/// From the request to the receipt, in one worker.
async fn whole(deployment: &Deployment, subject: Subject) {
    let scope = BusinessScope::new(business_id(0), 0);
    let begun = erasure_begin(&deployment.app, &scope, subject, Reason::Request, NOW).await.unwrap();
    for now in [NOW, NOW.plus_ms(ERASURE_SETTLE_MS)] {
        deployment.clock.wind(now);
        resume(deployment, begun.id, now).await;
    }
}

async fn resume(deployment: &Deployment, id: ErasureId, now: Millis) {
    let home = Home::Shard(BusinessScope::new(business_id(0), 0));
    erasure_resume(&deployment.app, &*deployment.conversations, &home, id, now).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn b4_a_worker_stopped_at_any_await_leaves_data_whole_or_gone_and_receipted() {
    let (mut stopped_whole, mut stopped_begun) = (0, 0);
    for calls in 0.. {
        let deployment = Deployment::with_two_businesses(Options::default()).await;
        let mut erased = Visitor::at(&deployment, 0).await;
        erased.write("words of the erased").await;
        let mut survivor = Visitor::at(&deployment, 0).await;
        survivor.write("words of the survivor").await;
        deployment.settle().await;
        let (conversation, _) = erased.thread.clone().unwrap();

        stop::after(Some(calls));
        let limit = std::time::Duration::from_secs(100_000);
        let run = whole(&deployment, Subject::Conversation(conversation));
        let finished = tokio::time::timeout(limit, run).await.is_ok();
        stop::after(None);

        if let Some(id) = open_erasure(&deployment) {
            stopped_begun += 1;
            // Two others take it on, at once and again.
            for round in 1..=4 {
                let now = NOW.plus_ms(HOUR_MS * round);
                deployment.clock.wind(now);
                futures::join!(resume(&deployment, id, now), resume(&deployment, id, now));
            }
            assert_eq!(texts(&deployment, "SELECT state FROM erasure"), ["receipted"], "after {calls} calls");
            let left = format!("SELECT id FROM message WHERE conversation = '{conversation}'");
            assert!(texts(&deployment, &left).is_empty(), "after {calls} calls");
            let keys = format!("SELECT owner FROM seal_key WHERE owner = '{conversation}' AND state <> 2");
            assert!(texts(&deployment, &keys).is_empty(), "after {calls} calls");
        } else {
            stopped_whole += 1;
            assert_eq!(erased.transcript().await[0].1, "words of the erased", "after {calls} calls");
        }
        // The survivor's token serves twelve hours.
        assert_eq!(survivor.transcript().await[0].1, "words of the survivor", "after {calls} calls");
        assert_eq!(deployment.app.keyring.health().alarms, 0, "after {calls} calls");
        if finished {
            break;
        }
    }
    assert!(stopped_whole > 0 && stopped_begun > 20, "{stopped_whole} {stopped_begun}");
}
