//! Somebody is erased while something else works on the same conversation: at each await of it.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use edge::ops::copy::archive_write;
use edge::ops::erasure::{Reason, conversation_erase};
use edge::platform::stop;
use edge::store::conversation::conversation_find;
use edge::store::scope::{BusinessScope, ThreadScope};
use futures::{StreamExt, pin_mut};
use shared::id::ConversationId;
use shared::limits::ERASURE_SETTLE_MS;
use shared::time::{HOUR_MS, Millis};
use shared::wire::file::Attachment;
use tests::{Deployment, NOW, Options, Visitor, business_id};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

async fn scope(deployment: &Deployment, conversation: ConversationId) -> ThreadScope {
    let business = BusinessScope::new(business_id(0), 0);
    conversation_find(&deployment.shards[0], &business, conversation).await.unwrap().unwrap().scope
}

fn count(deployment: &Deployment, sql: &str) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap())
        .unwrap()
}

/// Lets something run for so many calls, something else happen then, and the first go on to its end. Whether there was a
/// pause at all.
async fn interrupted<T>(
    calls: u32,
    running: impl Future<Output = T>,
    meanwhile: impl Future<Output = ()>,
) -> (T, bool) {
    let mut running = pin!(running);
    stop::after(Some(calls));
    let first = tokio::time::timeout(Duration::from_secs(100_000), &mut running).await;
    stop::after(None);
    match first {
        Ok(done) => (done, false),
        Err(_) => {
            meanwhile.await;
            (running.await, true)
        }
    }
}

async fn at(deployment: &Deployment, now: Millis) {
    deployment.clock.wind(now);
    deployment.run_due(OFTEN, now).await;
}

#[tokio::test(start_paused = true)]
async fn b4_an_erasure_while_an_export_runs_ends_the_export_and_leaves_nothing() {
    for calls in 0.. {
        let deployment = Deployment::with_two_businesses(Options::default()).await;
        let mut erased = Visitor::at(&deployment, 0).await;
        erased.write("words of the erased").await;
        deployment.settle().await;
        let file: Attachment = erased.upload("a.txt", b"words in a file").await.json();
        let draft = erased.draft();
        erased.write_with(draft, "Here", &[file.id]).await;
        deployment.settle().await;
        let (conversation, _) = erased.thread.clone().unwrap();
        let thread = scope(&deployment, conversation).await;

        let export = async {
            let (mut pieces, mut ended_well) = (0, true);
            let archive = archive_write(Rc::clone(&deployment.app), thread);
            pin_mut!(archive);
            while let Some(piece) = archive.next().await {
                ended_well = piece.is_ok();
                pieces += 1;
            }
            (pieces, ended_well)
        };
        let erase = async {
            conversation_erase(&deployment.app, &thread, Reason::Request, NOW).await.unwrap();
            at(&deployment, NOW).await;
        };
        let ((pieces, ended_well), paused) = interrupted(calls, export, erase).await;
        if !paused {
            assert!(ended_well && pieces > 2, "nobody disturbed it: {pieces}");
            assert!(calls > 5, "{calls}");
            break;
        }
        // What is being erased is not handed out to the end. Once the last byte was read before, that was a copy before it.
        let left = "SELECT count(*) FROM message";
        assert_eq!(count(&deployment, left), 0, "after {calls} calls");
        at(&deployment, NOW.plus_ms(ERASURE_SETTLE_MS)).await;
        let receipted = "SELECT count(*) FROM erasure WHERE state = 'receipted'";
        assert_eq!(count(&deployment, receipted), 1, "after {calls} calls");
        assert!(deployment.files.dump().unwrap().0.is_empty(), "after {calls} calls");
        assert!(
            !ended_well,
            "after {calls} calls: an archive of somebody who is erased ended as if it were whole"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn b4_an_erasure_while_the_purge_runs_erases_once_and_spares_everybody_else() {
    let limit = NOW.plus_months(12);
    for calls in 0.. {
        let deployment = Deployment::with_two_businesses(Options::default()).await;
        // Two that are due as a whole, and one that goes on: its first message is due alone.
        let mut threads = Vec::new();
        for words in ["asked to go", "due by time"] {
            let mut visitor = Visitor::at(&deployment, 0).await;
            visitor.write(words).await;
            threads.push(visitor.thread.clone().unwrap().0);
        }
        deployment.settle().await;
        deployment.clock.wind(limit.minus_ms(HOUR_MS));
        let mut fresh = Visitor::at(&deployment, 0).await;
        fresh.write("words of the survivor").await;
        deployment.settle().await;
        deployment.clock.wind(limit);
        let thread = scope(&deployment, threads[0]).await;

        let purge = deployment.run_due(HOURLY, limit);
        let erase = async {
            // Found and condemned by the purge already, it is not there any more for whoever asks: then nothing is begun.
            conversation_erase(&deployment.app, &thread, Reason::Request, limit).await.unwrap();
            at(&deployment, limit).await;
        };
        let ((), paused) = interrupted(calls, purge, erase).await;
        let purged = "SELECT count(*) FROM job_run WHERE job = 'conversations_purge'";
        let logged: i64 = deployment
            .directory
            .with_connection(|connection| connection.query_row(purged, [], |row| row.get(0)).unwrap())
            .unwrap();
        assert_eq!(logged, 1, "after {calls} calls");
        for minutes in [5, 20, 40, 60] {
            at(&deployment, limit.plus_ms(minutes * 60_000)).await;
        }
        for thread in &threads {
            let left = format!("SELECT count(*) FROM message WHERE conversation = '{thread}'");
            assert_eq!(count(&deployment, &left), 0, "after {calls} calls");
        }
        let open = "SELECT count(*) FROM erasure WHERE state <> 'receipted'";
        assert_eq!(count(&deployment, open), 0, "after {calls} calls");
        let alive = format!(
            "SELECT count(*) FROM seal_key WHERE owner IN ('{}', '{}') AND state <> 2",
            threads[0], threads[1]
        );
        assert_eq!(count(&deployment, &alive), 0, "after {calls} calls");
        assert_eq!(fresh.transcript().await[0].1, "words of the survivor", "after {calls} calls");
        assert_eq!(deployment.app.keyring.health().alarms, 0, "after {calls} calls");
        // What comes after the purge of conversations in the same trigger is not this test's.
        if !paused || calls > 60 {
            break;
        }
    }
}
