//! What the inbox costs where much lies in it: it opens as it does where little does, and says how much SQLite had to look at.
//! Run with `cargo bench -p tests --bench inbox`.
//!
//! Timings stand here and never in a test; `cargo xtask bench` calls it.

use std::cell::Cell;
use std::time::Instant;

use edge::platform::Db;
use rusqlite::StatementStatus;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use shared::id::{BusinessId, ConversationId, SiteId, SlabId, VisitorId};
use shared::time::{Millis, SECOND_MS};
use shared::wire::admin::business::Business;
use tests::{Deployment, NOW, Options, Person};

/// How often each thing is asked: the median counts.
const TIMES: usize = 31;
/// What opening a large inbox may cost, measured by a small one.
const RATIO: f64 = 1.5;

thread_local! {
    static RETURNED: Cell<u64> = const { Cell::new(0) };
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Counts what statements give back, and the steps that SQLite's machine takes for them.
fn count(event: TraceEvent<'_>) {
    match event {
        TraceEvent::Row(_) => RETURNED.set(RETURNED.get() + 1),
        TraceEvent::Profile(statement, _) => {
            let steps = statement.get_status(StatementStatus::VmStep);
            STEPS.set(STEPS.get() + u64::from(steps.unsigned_abs()));
        }
        _ => {}
    }
}

fn id<T: std::fmt::Display>(mint: impl Fn(Millis, [u8; 10]) -> T, number: i64) -> String {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    mint(NOW, random).to_string()
}

/// Conversations in which a person was asked for, a second after each other.
fn fill(shard: &Db, (business, site): (BusinessId, SiteId), conversations: i64) {
    let (business, site) = (business.to_string(), site.to_string());
    shard
        .with_connection(|connection| {
            connection.execute_batch("BEGIN").unwrap();
            let mut visitor = connection
                .prepare("INSERT INTO visitor (id, business, site, locale, browser, created_at, last_seen_at) VALUES (?1, ?2, ?3, 'en', '', 0, 0)")
                .unwrap();
            let mut slab = connection
                .prepare("INSERT OR IGNORE INTO key_slab (slab, business, family, next_slot, closed, created_at) VALUES (?1, ?2, 'c', 512, 1, ?3)")
                .unwrap();
            let mut key = connection
                .prepare("INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at) VALUES (?1, ?2, ?3, 'conversation', ?4, zeroblob(16), ?5)")
                .unwrap();
            let mut conversation = connection
                .prepare("INSERT INTO conversation (id, business, site, visitor, state, locale, key_slab, key_slot, created_at, last_message_at) VALUES (?1, ?2, ?3, ?4, 'requested', 'en', ?5, ?6, ?7, ?7)")
                .unwrap();
            for number in 0..conversations {
                let at = NOW.minus_ms(number * SECOND_MS).as_i64();
                let thread = id(ConversationId::mint, number);
                let who = id(VisitorId::mint, number);
                let (place, slot) = (id(SlabId::mint, number / 512), number % 512);
                visitor.execute((&who, &business, &site)).unwrap();
                slab.execute((&place, &business, NOW.as_i64())).unwrap();
                key.execute((&place, slot, &business, &thread, NOW.as_i64())).unwrap();
                conversation.execute((&thread, &business, &site, &who, &place, slot, at)).unwrap();
            }
            connection.execute_batch("COMMIT").unwrap();
        })
        .unwrap();
}

/// The median of a page's calls, in microseconds, with what SQLite gave back and did for one.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
async fn median(person: &mut Person<'_>, path: &str) -> (u128, u64, u64) {
    let mut took = Vec::with_capacity(TIMES);
    let mut seen = (0, 0);
    for _ in 0..TIMES {
        let before = (RETURNED.get(), STEPS.get());
        let begun = Instant::now();
        let answer = person.send("GET", path, None).await;
        took.push(begun.elapsed().as_micros());
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        seen = (RETURNED.get() - before.0, STEPS.get() - before.1);
    }
    took.sort_unstable();
    (took[TIMES / 2], seen.0, seen.1)
}

/// What an inbox of so many conversations costs to open, in microseconds.
async fn inbox(conversations: i64) -> u128 {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "ada@one.example");
    let business = ada.sign_up("One").await;
    let below = format!("/v1/admin/businesses/{business}");
    let read: Business = ada.send("GET", &below, None).await.json();
    let scope = deployment.app.business(business).await.unwrap().unwrap();
    let shard = deployment.app.shard(&scope).unwrap();
    fill(shard, (business, read.sites[0].id), conversations);
    shard
        .with_connection(|connection| {
            let events = TraceEventCodes::SQLITE_TRACE_ROW | TraceEventCodes::SQLITE_TRACE_PROFILE;
            connection.trace_v2(events, Some(count));
        })
        .unwrap();
    let mut whole = 0;
    for (what, path) in [
        ("list", "/conversations?work=open"),
        ("list, unread only", "/conversations?work=open&unread=true"),
        ("counts", "/conversations/counts"),
    ] {
        let (us, returned, steps) = median(&mut ada, &format!("{below}{path}")).await;
        println!(
            "inbox, {conversations} conversations, {what}: {us} µs; the shard gave {returned} rows in {steps} steps"
        );
        whole += us;
    }
    whole
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let small = inbox(1_000).await;
    let large = inbox(100_000).await;
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a benchmark")]
    let ratio = large as f64 / small.max(1) as f64;
    println!("an inbox a hundred times as large costs {ratio:.2} times as much to open (bound {RATIO})");
    assert!(ratio <= RATIO, "an inbox must not open more slowly the more lies in it");
}
