//! What the privacy engine costs: a purge follows what is due and not what is there, and destroying keys touches no
//! survivor. Run with `cargo bench -p tests --bench privacy`; it fails where a shard ten times as large costs more than half
//! as much again.
//!
//! Timings stand here and never in a test. Rows written and operations on buckets are what an operator pays for, so they are told
//! too; rows that are read are D1's to tell (`tests/bench/privacy.bench.mjs`).

use std::collections::HashSet;
use std::process::ExitCode;
use std::time::Instant;

use edge::platform::rng::Rng;
use edge::platform::{Db, stop};
use edge::sealing::{Cell, Column, KeyOwner};
use edge::store::key::condemn_owner;
use edge::store::scope::BusinessScope;
use shared::id::{ConversationId, SlabId, VisitorId};
use shared::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};
use tests::{Deployment, NOW, Options, business_id, site_id};

const HOURLY: &str = "17 * * * *";
const OFTEN: &str = "*/5 * * * *";
const DUE: i64 = 10_000;
const PER_CONVERSATION: i64 = 100;
/// A shard ten times as large may cost so many times the steps. Time is told and judges nothing: machines are busy.
const MOST: f64 = 1.5;

fn id<T: std::fmt::Display>(mint: impl Fn(Millis, [u8; 10]) -> T, number: i64) -> String {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    mint(NOW, random).to_string()
}

/// Fills a shard with `messages` messages, of which [`DUE`] are due, in conversations that go on.
fn fill(shard: &Db, messages: i64) {
    let (business, site) = (business_id(0).to_string(), site_id(0).to_string());
    let conversations = messages / PER_CONVERSATION;
    let old_each = DUE / conversations;
    let old = NOW.plus_months(-12).minus_ms(DAY_MS).as_i64();
    let fresh = NOW.minus_ms(DAY_MS).as_i64();
    shard
        .with_connection(|connection| {
            connection.execute_batch("BEGIN; DROP TRIGGER message_sealed_insert;").unwrap();
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
                .prepare("INSERT INTO conversation (id, business, site, visitor, state, locale, key_slab, key_slot, created_at, last_message_at) VALUES (?1, ?2, ?3, ?4, 'ai', 'en', ?5, ?6, 0, ?7)")
                .unwrap();
            let mut message = connection
                .prepare("INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body) VALUES (?1, ?2, ?3, ?4, 'visitor', ?5, ?6, ?7, zeroblob(175))")
                .unwrap();
            for number in 0..conversations {
                let thread = id(ConversationId::mint, number);
                let who = id(VisitorId::mint, number);
                let place = id(SlabId::mint, number / 512);
                let slot = number % 512;
                visitor.execute((&who, &business, &site)).unwrap();
                slab.execute((&place, &business, NOW.as_i64())).unwrap();
                key.execute((&place, slot, &business, &thread, NOW.as_i64())).unwrap();
                conversation.execute((&thread, &business, &site, &who, &place, slot, fresh)).unwrap();
                for sequence in 1..=PER_CONVERSATION {
                    let name = id(shared::id::MessageId::mint, number * PER_CONVERSATION + sequence);
                    let at = if sequence <= old_each { old + sequence } else { fresh };
                    message.execute((&name, &business, &thread, sequence, at, &place, slot)).unwrap();
                }
            }
            connection.execute_batch("COMMIT").unwrap();
        })
        .unwrap();
}

fn changes(db: &Db) -> u64 {
    db.with_connection(|connection| {
        connection.query_row("SELECT total_changes()", [], |row| row.get::<_, i64>(0)).unwrap()
    })
    .unwrap()
    .unsigned_abs()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
async fn timed(deployment: &Deployment, cron: &str, now: Millis) -> Cost {
    deployment.clock.wind(now);
    let databases = || std::iter::once(&deployment.directory).chain(&deployment.shards);
    let written = || databases().map(changes).sum::<u64>();
    let (rows, statements, steps) = (written(), stop::statements(), stop::steps_made());
    let (keys, files) = (deployment.keys.operations(), deployment.files.operations());
    let begun = Instant::now();
    deployment.run_due(cron, now).await;
    Cost {
        ms: begun.elapsed().as_millis(),
        rows: written() - rows,
        statements: stop::statements() - statements,
        steps: stop::steps_made() - steps,
        objects: deployment.keys.operations() + deployment.files.operations() - keys - files,
    }
}

/// What an event costs, in all databases and both buckets.
struct Cost {
    ms: u128,
    rows: u64,
    statements: u32,
    steps: u64,
    objects: u64,
}

impl Cost {
    /// Both together.
    fn and(self, other: Self) -> Self {
        Self {
            ms: self.ms + other.ms,
            rows: self.rows + other.rows,
            statements: self.statements + other.statements,
            steps: self.steps + other.steps,
            objects: self.objects + other.objects,
        }
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { ms, rows, statements, steps, objects } = self;
        write!(
            f,
            "{ms} ms, {statements} statements, {steps} steps of SQLite, {rows} rows written, {objects} operations on buckets"
        )
    }
}

async fn purge(messages: i64) -> Cost {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    fill(&deployment.shards[0], messages);
    let idle = timed(&deployment, HOURLY, NOW.minus_ms(2 * DAY_MS)).await;
    let due = timed(&deployment, HOURLY, NOW).await;
    let again = timed(&deployment, HOURLY, NOW.plus_ms(HOUR_MS)).await;
    println!("purge, {messages} messages: {DUE} due: {due}; nothing due: {idle}, and {again}");
    due
}

async fn destroy(keys: i64, condemned: i64) {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let scope = BusinessScope::new(business_id(0), 0);
    let shard = &deployment.shards[0];
    let mut batch = Vec::new();
    for number in 0..keys {
        let owner = KeyOwner::Conversation(id(ConversationId::mint, number).parse().unwrap());
        let (_, insert) = deployment.app.keyring.key_lease(shard, &scope, &owner).await.unwrap();
        batch.push(insert);
        if number % (keys / condemned) == 0 {
            batch.push(condemn_owner(&scope, &owner));
        }
        if batch.len() > 400 {
            shard.batch(std::mem::take(&mut batch)).await.unwrap();
        }
    }
    shard.batch(batch).await.unwrap();
    let slabs = deployment.keys.list(&format!("k/{}/c/", business_id(0))).await.unwrap().len();
    let before = deployment.keys.dump().unwrap().1;
    let cost = timed(&deployment, OFTEN, NOW).await;
    // The tick of each of the three databases is written too.
    let puts = deployment.keys.dump().unwrap().1 - before - 3;
    println!("destroy, {condemned} of {keys} keys in {slabs} slabs: {puts} puts; {cost}");
}

/// Conversations that go as a whole, with their keys and a file each, among others that go on.
async fn erase(conversations: i64, due: i64) {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let scope = BusinessScope::new(business_id(0), 0);
    let shard = &deployment.shards[0];
    let (business, site) = (business_id(0).to_string(), site_id(0).to_string());
    let (old, fresh) = (NOW.plus_months(-12).minus_ms(DAY_MS).as_i64(), NOW.minus_ms(DAY_MS).as_i64());
    for number in 0..conversations {
        let (thread, who) = (id(ConversationId::mint, number), id(VisitorId::mint, number));
        let owner = KeyOwner::Conversation(thread.parse().unwrap());
        let (key, insert) = deployment.app.keyring.key_lease(shard, &scope, &owner).await.unwrap();
        shard.write(insert).await.unwrap();
        let (place, at) = (key.reference(), if number < due { old } else { fresh });
        shard
            .with_connection(|connection| {
                let slab = place.slab.to_string();
                connection.execute(
                    "INSERT INTO visitor (id, business, site, locale, browser, created_at, last_seen_at) VALUES (?1, ?2, ?3, 'en', '', 0, 0)",
                    (&who, &business, &site),
                )?;
                connection.execute(
                    "INSERT INTO conversation (id, business, site, visitor, state, locale, key_slab, key_slot, created_at, last_message_at) VALUES (?1, ?2, ?3, ?4, 'ai', 'en', ?5, ?6, 0, ?7)",
                    (&thread, &business, &site, &who, &slab, place.slot, at),
                )?;
                for sequence in 1..=10 {
                    connection.execute(
                        "INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body) VALUES (?1, ?2, ?3, ?4, 'visitor', ?5, ?6, ?7, zeroblob(175))",
                        (id(shared::id::MessageId::mint, number * 10 + sequence), &business, &thread, sequence, at, &slab, place.slot),
                    )?;
                }
                Ok::<_, rusqlite::Error>(())
            })
            .unwrap()
            .unwrap();
        if number < due {
            let object = format!("f/{business}/{thread}/{}", id(shared::id::FileId::mint, number));
            deployment.files.put_new(&object, vec![0; 1_000]).await.unwrap();
        }
    }
    let left = |sql: &str| -> i64 {
        shard.with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
    };
    let mut whole = timed(&deployment, HOURLY, NOW).await;
    let mut events = 1_i64;
    let due_left = format!("SELECT count(*) FROM conversation WHERE last_message_at = {old}");
    let open = "SELECT count(*) FROM erasure WHERE state NOT IN ('verified', 'receipted')";
    while left(&due_left) + left(open) > 0 && events < 1_000 {
        whole = whole.and(timed(&deployment, OFTEN, NOW.plus_ms(events * 5 * MINUTE_MS)).await);
        events += 1;
    }
    let objects = deployment.files.list("f/").await.unwrap().len();
    assert_eq!((left(&due_left), left(open), objects), (0, 0, 0), "they came to their end");
    println!("erasure, {due} of {conversations} conversations with a file each, in {events} events: {whole}");
}

/// Seals the same words so often, and looks whether any nonce comes twice.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
async fn seal(times: usize) {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let scope = BusinessScope::new(business_id(0), 0);
    let conversation: ConversationId = id(ConversationId::mint, 1).parse().unwrap();
    let owner = KeyOwner::Conversation(conversation);
    let (key, _) = deployment.app.keyring.key_lease(&deployment.shards[0], &scope, &owner).await.unwrap();
    let (row, named, at) = (id(shared::id::MessageId::mint, 1), conversation.to_bytes(), 1_i64.to_be_bytes());
    let bound: [&[u8]; 3] = [&named, b"visitor", &at];
    // The randomness that runs in production, not the seeded one.
    let rng = Rng::system();
    let mut nonces = HashSet::with_capacity(times);
    let begun = Instant::now();
    for _ in 0..times {
        let scope = business_id(0).into();
        let cell = Cell { column: Column::MessageBody, scope, row: row.as_bytes(), bound: &bound };
        let blob = key.seal(cell, b"the same words", &rng).unwrap();
        let nonce = <[u8; 12]>::try_from(&blob[19..31]).unwrap();
        assert!(nonces.insert(nonce), "a nonce came twice");
    }
    println!("seal, {times} times: {} ms, no nonce twice", begun.elapsed().as_millis());
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let small = purge(100_000).await;
    let large = purge(1_000_000).await;
    #[expect(clippy::cast_precision_loss, reason = "numbers of a benchmark")]
    let ratio = |small: u128, large: u128| large as f64 / small.max(1) as f64;
    let steps = ratio(small.steps.into(), large.steps.into());
    println!(
        "a shard ten times as large costs {:.2} times the time and {steps:.2} times the steps",
        ratio(small.ms, large.ms),
    );
    destroy(100_000, 1_000).await;
    erase(10_000, 1_000).await;
    seal(1_000_000).await;
    if steps > MOST {
        eprintln!("more than {MOST}: the purge follows what is there, and not what is due");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
