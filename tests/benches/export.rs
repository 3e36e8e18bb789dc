//! What an export needs of memory: a conversation of 5,000 messages with 50 files of the largest size leaves an isolate's
//! 128 MB as they are. Run with `cargo bench -p tests --bench export`.
//!
//! Memory is counted by the allocator itself: what the process holds while the archive is written, above what it held before.
//! The bucket of the host copies an object that is read, which R2 does not: that copy is told and taken off.

#![expect(unsafe_code, reason = "an allocator can't be written without it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use edge::ops::copy::archive_write;
use edge::store::scope::{BusinessScope, ThreadScope};
use futures::StreamExt;
use shared::id::VisitorId;
use shared::limits::{FILE_BYTES, FILES_MESSAGE, FILES_WINDOW};
use shared::time::{HOUR_MS, SECOND_MS};
use shared::wire::file::Attachment;
use tests::{Deployment, NOW, Options, Visitor, business_id};

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; beside it numbers are counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(held, Ordering::Relaxed);
        // SAFETY: the caller keeps to the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps to the contract of `dealloc`.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MESSAGES: i64 = 5_000;
const FILES: usize = 50;
const MEGABYTE: usize = 1024 * 1024;
/// What an isolate may hold.
const ISOLATE: usize = 128 * MEGABYTE;

fn messages(deployment: &Deployment) -> i64 {
    deployment.shards[0]
        .with_connection(|connection| {
            connection.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap()
        })
        .unwrap()
}

/// Writes the conversation: files first, as many a day as may be, then messages to the number.
async fn fill(deployment: &Deployment) -> ThreadScope {
    let mut visitor = Visitor::at(deployment, 0).await;
    visitor.write("Here are my pictures").await;
    let mut now = NOW;
    let file = vec![b'a'; usize::try_from(FILE_BYTES).unwrap()];
    let mut sent = 0;
    while sent < FILES {
        if sent > 0 && sent % usize::try_from(FILES_WINDOW).unwrap() == 0 {
            // Its token serves twelve hours after each use.
            for _ in 0..3 {
                now = now.plus_ms(9 * HOUR_MS);
                deployment.clock.wind(now);
                visitor.read_after(0).await;
            }
        }
        let mut group = Vec::new();
        while group.len() < FILES_MESSAGE && sent < FILES {
            let uploaded: Attachment = visitor.upload("notes.txt", &file).await.json();
            group.push(uploaded.id);
            sent += 1;
        }
        let draft = visitor.draft();
        now = now.plus_ms(6 * SECOND_MS);
        deployment.clock.wind(now);
        assert_eq!(visitor.write_with(draft, "These", &group).await.status, 200);
        deployment.settle().await;
    }
    while messages(deployment) < MESSAGES {
        now = now.plus_ms(6 * SECOND_MS);
        deployment.clock.wind(now);
        visitor.write("And another thing that I would like to know about the breakfast").await;
        deployment.settle().await;
    }
    let (conversation, _) = visitor.thread.clone().unwrap();
    let who: String = deployment.shards[0]
        .with_connection(|connection| {
            connection.query_row("SELECT visitor FROM conversation", [], |row| row.get(0)).unwrap()
        })
        .unwrap();
    let who: VisitorId = who.parse().unwrap();
    ThreadScope {
        business: BusinessScope::new(business_id(0), 0),
        site: visitor.site,
        visitor: who,
        conversation,
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let options =
        Options { burst: 1_000_000, message_burst: 1_000_000, site_burst: 1_000_000, ..Options::default() };
    let deployment = Deployment::with_two_businesses(options).await;
    let scope = fill(&deployment).await;
    let (objects, statements) = (deployment.files.operations(), edge::platform::stop::statements());
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let begun = Instant::now();
    let (mut bytes, mut largest) = (0, 0);
    let mut pieces = archive_write(Rc::clone(&deployment.app), scope);
    while let Some(piece) = pieces.next().await {
        let piece = piece.expect("the archive is written to its end");
        bytes += piece.len();
        largest = largest.max(piece.len());
    }
    let copy = usize::try_from(FILE_BYTES).unwrap();
    let peak = PEAK.load(Ordering::Relaxed) - before;
    println!(
        "export, {} messages and {FILES} files, {} MB: {} ms; {} KB held at most beside the bucket's own copy of a file ({} KB with it), the largest piece {} KB; {} statements, {} operations on the bucket",
        messages(&deployment),
        bytes / MEGABYTE,
        begun.elapsed().as_millis(),
        peak.saturating_sub(copy) / 1024,
        peak / 1024,
        largest / 1024,
        edge::platform::stop::statements() - statements,
        deployment.files.operations() - objects,
    );
    assert!(bytes > FILES * copy, "every file is in it");
    assert!(peak < ISOLATE, "an isolate has 128 MB: {peak}");
}
