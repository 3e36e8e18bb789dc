//! A worker that is stopped anywhere while a file is taken in, or taken back, or whose calls fail there: afterwards the file is
//! whole with its row, or nothing of it outlives a day, and an erasure finds what is left at once.

use edge::ops::erasure::{Reason, Subject, erasure_begin};
use edge::platform::Db;
use edge::store::scope::BusinessScope;
use shared::id::ConversationId;
use shared::limits::{ERASURE_SETTLE_MS, FILE_PART_BYTES, FILE_UNSENT_MS};
use shared::time::{HOUR_MS, MINUTE_MS, Millis};
use shared::wire::file::Attachment;
use tests::{Deployment, NOW, Options, Trouble, Visitor, business_id, troubled};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";

fn texts(db: &Db, sql: &str) -> Vec<String> {
    db.with_connection(|connection| {
        let mut found = connection.prepare(sql).unwrap();
        let rows = found.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    })
    .unwrap()
}

/// The files that the database calls ready.
fn ready(deployment: &Deployment) -> Vec<String> {
    texts(&deployment.shards[0], "SELECT id FROM file WHERE media_type IS NOT NULL AND gone = 0")
}

fn rows(deployment: &Deployment) -> Vec<String> {
    texts(&deployment.shards[0], "SELECT id FROM file")
}

fn objects(deployment: &Deployment) -> usize {
    deployment.files.dump().unwrap().0.len()
}

async fn at(deployment: &Deployment, now: Millis, cron: &str) {
    deployment.clock.wind(now);
    deployment.run_due(cron, now).await;
}

async fn writer(deployment: &Deployment) -> Visitor<'_> {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write("words of the erased").await;
    deployment.settle().await;
    visitor
}

/// Every file that is ready is whole: its object is there and opens to the bytes that were sent.
async fn assert_whole(deployment: &Deployment, visitor: &Visitor<'_>, sent: &[u8], when: &str) {
    for file in ready(deployment) {
        let read = visitor.download(file.parse().unwrap()).await;
        assert!(read.body == sent, "{when}: {} {} bytes", read.status, read.body.len());
    }
    for object in deployment.files.dump().unwrap().0 {
        let named = rows(deployment).iter().any(|row| object.0.ends_with(row.as_str()));
        assert!(named, "{when}: {} is found by no row", object.0);
    }
}

/// A day later nothing of what was not sent is there.
async fn assert_passes(deployment: &Deployment, when: &str) {
    let day = NOW.plus_ms(FILE_UNSENT_MS);
    for hours in [0, 1] {
        at(deployment, day.plus_ms(hours * HOUR_MS), HOURLY).await;
    }
    assert_eq!((rows(deployment), objects(deployment)), (Vec::new(), 0), "{when}: a day is over");
    assert_eq!(deployment.app.keyring.health().alarms, 0, "{when}");
}

/// An erasure leaves nothing, also of what no row says is ready.
async fn assert_erased(deployment: &Deployment, conversation: ConversationId, when: &str) {
    let scope = BusinessScope::new(business_id(0), 0);
    let subject = Subject::Conversation(conversation);
    erasure_begin(&deployment.app, &scope, subject, Reason::Request, NOW).await.unwrap();
    for ms in [0, ERASURE_SETTLE_MS, 5 * MINUTE_MS] {
        at(deployment, NOW.plus_ms(ms), OFTEN).await;
    }
    assert_eq!((rows(deployment), objects(deployment)), (Vec::new(), 0), "{when}: erased");
    assert_eq!(texts(&deployment.shards[0], "SELECT state FROM erasure"), ["receipted"], "{when}");
}

/// Uploads in trouble after each number of calls. How many calls an upload makes.
async fn everywhere(trouble: Trouble, sent: &[u8]) -> u32 {
    for calls in 0.. {
        let when = format!("{trouble:?} after {calls} calls");
        let mut came = false;
        for erases in [false, true] {
            let deployment = Deployment::with_two_businesses(Options::default()).await;
            let visitor = writer(&deployment).await;
            let upload = async {
                // What it answers is not what this is about.
                visitor.upload("notes.txt", sent).await;
            };
            came = troubled(trouble, calls, upload).await;
            assert_whole(&deployment, &visitor, sent, &when).await;
            if trouble != Trouble::Stopped {
                assert_eq!(
                    deployment.files.unfinished().unwrap(),
                    [""; 0],
                    "{when}: parts that nobody lists"
                );
            }
            if erases {
                assert_erased(&deployment, visitor.thread.clone().unwrap().0, &when).await;
            } else {
                assert_passes(&deployment, &when).await;
            }
        }
        if !came {
            return calls;
        }
    }
    0
}

#[tokio::test(start_paused = true)]
async fn p4_1_b4_a_file_taken_in_by_a_worker_that_is_stopped_anywhere_is_whole_or_gone_within_a_day() {
    assert!(everywhere(Trouble::Stopped, b"words in a file").await > 4);
}

#[tokio::test(start_paused = true)]
async fn p4_1_b4_a_file_taken_in_while_a_call_fails_anywhere_is_whole_or_gone_within_a_day() {
    for trouble in [Trouble::Failed, Trouble::Lost] {
        assert!(everywhere(trouble, b"words in a file").await > 4, "{trouble:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p4_1_parts_of_a_large_file_are_taken_back_wherever_a_call_fails() {
    let sent = vec![b'a'; FILE_PART_BYTES + 1_000];
    for trouble in [Trouble::Failed, Trouble::Lost] {
        let (mut refused, mut calls) = (0, 0);
        loop {
            let deployment = Deployment::with_two_businesses(Options::default()).await;
            let visitor = writer(&deployment).await;
            let upload = async {
                refused += u32::from(!visitor.upload("notes.txt", &sent).await.status.is_success());
            };
            let came = troubled(trouble, calls, upload).await;
            let when = format!("{trouble:?} after {calls} calls");
            assert_eq!(deployment.files.unfinished().unwrap(), [""; 0], "{when}");
            assert_eq!(objects(&deployment), ready(&deployment).len(), "{when}");
            if !came {
                break;
            }
            calls += 1;
        }
        assert!(refused > 4, "{trouble:?}: {refused} of {calls} calls");
    }
}

#[tokio::test(start_paused = true)]
async fn p4_1_b4_a_file_taken_back_by_a_worker_in_any_trouble_is_whole_or_gone_within_a_day() {
    for trouble in Trouble::ALL {
        for calls in 0.. {
            let when = format!("{trouble:?} after {calls} calls");
            let deployment = Deployment::with_two_businesses(Options::default()).await;
            let visitor = writer(&deployment).await;
            let file: Attachment = visitor.upload("notes.txt", b"words in a file").await.json();
            let (conversation, token) = visitor.thread.clone().unwrap();
            let path = format!("/v1/widget/conversations/{conversation}/files/{}", file.id);
            let back = async {
                deployment.send("DELETE", &path, Some(&token), None).await;
            };
            let came = troubled(trouble, calls, back).await;
            assert_whole(&deployment, &visitor, b"words in a file", &when).await;
            assert_passes(&deployment, &when).await;
            if !came {
                break;
            }
        }
    }
}
