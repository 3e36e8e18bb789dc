//! The invariants of sealing and the ways to break them, over real SQLite with the real migrations. A test that is
//! named in `docs/sealing.md` keeps its name.

mod failures;
mod invariants;
mod restore;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::id::{BusinessId, ConversationId, MessageId, VisitorId};
use shared::privacy::Secret;
use shared::time::Millis;

use super::{Cell, Column, KeyOwner, KeyRef, Keyring, MasterKeys, SealFault};
use crate::platform::{Blobs, Clock, Db, DbFault, Rng, Statement};
use crate::store::key::{self, condemn_owner};
use crate::store::scope::BusinessScope;

const NOW: Millis = Millis::new(1_790_000_000_000);
const MIGRATIONS: [&str; 6] = [
    include_str!("../../../../migrations/shard/0001_keys.sql"),
    include_str!("../../../../migrations/shard/0002_conversations.sql"),
    include_str!("../../../../migrations/shard/0003_knowledge.sql"),
    include_str!("../../../../migrations/shard/0004_purge.sql"),
    include_str!("../../../../migrations/shard/0005_inbox.sql"),
    include_str!("../../../../migrations/shard/0006_erasure.sql"),
];

fn master(seed: u8) -> Secret<String> {
    Secret::new(STANDARD.encode((seed..).take(32).collect::<Vec<u8>>()))
}

/// A shard, a bucket of keys and one business.
struct House {
    db: Db,
    keys: Blobs,
    clock: Clock,
    rng: Rng,
    scope: BusinessScope,
    ring: Keyring,
}

/// A message as a test sees its row.
#[derive(serde::Deserialize, Debug, Clone, PartialEq, Eq)]
struct Row {
    id: MessageId,
    conversation: ConversationId,
    created_at: i64,
    slab: shared::id::SlabId,
    slot: u16,
    body: Vec<u8>,
    commit16: Vec<u8>,
}

impl Row {
    fn reference(&self) -> KeyRef {
        KeyRef { slab: self.slab, slot: self.slot }
    }
}

impl House {
    async fn build() -> Self {
        let (clock, rng) = (Clock::at(NOW), Rng::seeded(7));
        let keys = Blobs::in_memory();
        let masters = MasterKeys::parse(&master(1), None).unwrap();
        let ring = Keyring::new(keys.clone(), masters, clock.clone(), rng.clone());
        let scope = BusinessScope::new(BusinessId::mint(NOW, [1; 10]), 0);
        ring.root_mint(&scope).await.unwrap();
        Self { db: Db::in_memory(&MIGRATIONS).unwrap(), keys, clock, rng, scope, ring }
    }

    /// Another isolate of the same deployment.
    fn isolate(&self) -> Keyring {
        self.isolate_with(MasterKeys::parse(&master(1), None).unwrap())
    }

    fn isolate_with(&self, masters: MasterKeys) -> Keyring {
        Keyring::new(self.keys.clone(), masters, self.clock.clone(), self.rng.clone())
    }

    fn conversation(&self) -> ConversationId {
        ConversationId::mint(self.clock.now(), self.rng.bytes().unwrap())
    }

    /// Leases a key for a new conversation and says something in it, as the house does: in one batch.
    async fn converse(&self, words: &str) -> ConversationId {
        let conversation = self.conversation();
        let owner = KeyOwner::Conversation(conversation);
        let (key, insert) = self.ring.key_lease(&self.db, &self.scope, &owner).await.unwrap();
        let visitor = VisitorId::mint(NOW, self.rng.bytes().unwrap());
        let mut batch = vec![insert];
        batch.extend(self.opening(conversation, visitor, key.reference()));
        batch.push(self.message(&key, conversation, words));
        self.db.batch(batch).await.unwrap();
        conversation
    }

    fn opening(&self, conversation: ConversationId, visitor: VisitorId, key: KeyRef) -> [Statement; 2] {
        let business = self.scope.business();
        [
            Statement::new(
                "INSERT INTO visitor (id, business, site, locale, browser, created_at, last_seen_at)
                 VALUES (?1, ?2, 'site', 'en', 'Firefox', 1, 1)",
                [visitor.into(), business.into()],
            ),
            Statement::new(
                "INSERT INTO conversation (id, business, site, visitor, state, locale, key_slab, key_slot,
                                           created_at, last_message_at)
                 VALUES (?1, ?2, 'site', ?3, 'ai', 'en', ?4, ?5, 1, 1)",
                [conversation.into(), business.into(), visitor.into(), key.slab.into(), key.slot.into()],
            ),
        ]
    }

    fn message(&self, key: &super::SealingKey, conversation: ConversationId, words: &str) -> Statement {
        let id = MessageId::mint(self.clock.now(), self.rng.bytes().unwrap());
        let at = self.clock.now().as_i64();
        let sealed = in_cell(self.scope.business(), id, conversation, at, |cell| {
            key.seal(cell, words.as_bytes(), &self.rng).unwrap()
        });
        self.message_row(id, conversation, key.reference(), at, sealed)
    }

    fn message_row(
        &self,
        id: MessageId,
        conversation: ConversationId,
        key: KeyRef,
        at: i64,
        body: Vec<u8>,
    ) -> Statement {
        Statement::new(
            "INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body)
             SELECT ?1, ?2, ?3, (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
                  , 'visitor', ?4, ?5, ?6, ?7",
            [
                id.into(),
                self.scope.business().into(),
                conversation.into(),
                at.into(),
                key.slab.into(),
                key.slot.into(),
                body.into(),
            ],
        )
    }

    async fn rows(&self, db: &Db) -> Vec<Row> {
        db.rows(Statement::new(
            "SELECT message.id, conversation, message.created_at, message.slab, message.slot, body, commit16
             FROM message JOIN seal_key ON seal_key.slab = message.slab AND seal_key.slot = message.slot
             ORDER BY message.id",
            [],
        ))
        .await
        .unwrap()
    }

    async fn row_of(&self, conversation: ConversationId) -> Row {
        self.rows(&self.db).await.into_iter().find(|row| row.conversation == conversation).unwrap()
    }

    /// What a message says, through a given isolate and database.
    async fn read(&self, ring: &Keyring, db: &Db, row: &Row) -> Result<String, SealFault> {
        let owner = KeyOwner::Conversation(row.conversation);
        let key = ring.key_open(db, &self.scope, row.reference(), &owner, &row.commit16).await?;
        let plain = in_cell(self.scope.business(), row.id, row.conversation, row.created_at, |cell| {
            key.open(cell, &row.body)
        })?;
        Ok(String::from_utf8(plain.to_vec()).unwrap())
    }

    async fn condemn(&self, owner: &KeyOwner) {
        self.db.write(condemn_owner(&self.scope, owner)).await.unwrap();
    }

    /// Erases a conversation's keys: condemned, then destroyed.
    async fn erase(&self, ring: &Keyring, conversation: ConversationId) {
        let slab = self.row_of(conversation).await.slab;
        self.condemn(&KeyOwner::Conversation(conversation)).await;
        ring.keys_destroy(&self.db, &self.scope, slab).await.unwrap();
    }

    fn slab_object(&self, reference: KeyRef) -> String {
        format!("k/{}/c/{}", self.scope.business(), reference.slab)
    }

    async fn states(&self) -> Vec<i64> {
        #[derive(serde::Deserialize)]
        struct State {
            state: i64,
        }
        let rows: Vec<State> =
            self.db.rows(Statement::new("SELECT state FROM seal_key ORDER BY slab, slot", [])).await.unwrap();
        rows.into_iter().map(|row| row.state).collect()
    }

    /// How many writes the bucket saw, and how many slabs and keys the database knows: what minting would change.
    fn minted(&self) -> (u64, i64, i64) {
        let count = |sql: &str| {
            self.db
                .with_connection(|connection| {
                    connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
                })
                .unwrap()
        };
        let slots = count("SELECT coalesce(sum(next_slot), 0) FROM key_slab");
        (self.keys.dump().unwrap().1, slots, count("SELECT count(*) FROM seal_key"))
    }
}

fn in_cell<T>(
    business: BusinessId,
    id: MessageId,
    conversation: ConversationId,
    at: i64,
    use_cell: impl FnOnce(Cell<'_>) -> T,
) -> T {
    let (row, conversation, at) = (id.to_string(), conversation.to_bytes(), at.to_be_bytes());
    let bound: [&[u8]; 3] = [&conversation, b"visitor", &at];
    use_cell(Cell { column: Column::MessageBody, scope: business.into(), row: row.as_bytes(), bound: &bound })
}

/// A path for a database file of one test, and nothing at it.
fn fresh_path(test: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("loquet-{}-{test}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
