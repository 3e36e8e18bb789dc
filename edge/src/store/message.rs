//! Messages: sealed rows in the order that the database itself allocates.
//!
//! The sequence is computed inside the INSERT and guarded by a unique index, so two writers can't take one place.

use serde::Deserialize;
use shared::id::{AccountId, DraftId, MessageId, SlabId, TurnId};
use shared::time::Millis;
use shared::wire::message::Origin;

use super::scope::ThreadScope;
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// A message as it lies in the database: its words are ciphertext.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedMessage {
    /// The message.
    pub id: MessageId,
    /// Its place.
    pub sequence: u32,
    /// What the visitor's client called it.
    pub draft: Option<DraftId>,
    /// Who speaks.
    pub origin: Origin,
    /// When it was written.
    pub created_at: Millis,
    /// Who wrote it, where a machine did: provider and model.
    pub ai: Option<(String, String)>,
    /// Which member wrote it, or whom the notice is about.
    pub author: Option<AccountId>,
    /// The key it is sealed under.
    pub key: KeyRef,
    /// What proves that key.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub body: Vec<u8>,
}

/// A row of every query below that reads messages.
#[derive(Deserialize)]
pub(super) struct Row {
    id: MessageId,
    sequence: u32,
    draft: Option<DraftId>,
    origin: Origin,
    created_at: Millis,
    provider: Option<String>,
    model: Option<String>,
    author: Option<AccountId>,
    slab: SlabId,
    slot: u16,
    commit16: Vec<u8>,
    body: Vec<u8>,
}

impl From<Row> for SealedMessage {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            sequence: row.sequence,
            draft: row.draft,
            origin: row.origin,
            created_at: row.created_at,
            ai: row.provider.zip(row.model),
            author: row.author,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            body: row.body,
        }
    }
}

/// Who wrote an AI message, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorship {
    /// The provider's name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Where it ran, as far as the deployment knows.
    pub region: String,
    /// Tokens read.
    pub tokens_in: u32,
    /// Tokens written.
    pub tokens_out: u32,
}

/// A message to add.
pub struct NewMessage {
    /// The message.
    pub id: MessageId,
    /// What the visitor's client called it.
    pub draft: Option<DraftId>,
    /// Who speaks.
    pub origin: Origin,
    /// The turn it comes from.
    pub turn: Option<TurnId>,
    /// Who wrote it, where a machine did.
    pub authorship: Option<Authorship>,
    /// Which member wrote it, or whom the notice is about.
    pub author: Option<AccountId>,
    /// The key it is sealed under.
    pub key: KeyRef,
    /// The ciphertext.
    pub body: Vec<u8>,
    /// When it was written.
    pub created_at: Millis,
}

/// Adds a message to a conversation that is not closed and whose visitor may write. No row comes back where it is not so.
pub const MESSAGE_INSERT: &str = "
INSERT INTO message (id, business, conversation, sequence, draft, origin, turn, created_at, slab, slot, body)
SELECT ?1
     , ?2
     , ?3
     , (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
     , ?4, ?5, ?6, ?7, ?8, ?9, ?10
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
  AND conversation.state <> 'closed'
  AND conversation.is_blocked = 0
RETURNING sequence
";

/// The statement that adds a message of a visitor.
pub fn message_insert(scope: &ThreadScope, new: NewMessage) -> Statement {
    Statement::new(
        MESSAGE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.draft.into(),
            new.origin.as_str().into(),
            new.turn.into(),
            new.created_at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
        ],
    )
}

/// Adds the notice that a person was asked for, where nobody asked before.
pub const PERSON_NOTICE_INSERT: &str = "
INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body)
SELECT ?1
     , ?2
     , ?3
     , (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
     , ?4, ?5, ?6, ?7, ?8
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
  AND conversation.state = 'ai'
RETURNING sequence
";

/// The statement that adds the notice. No row comes back where a person was asked for before.
pub fn person_notice_insert(scope: &ThreadScope, new: NewMessage) -> Statement {
    Statement::new(
        PERSON_NOTICE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.origin.as_str().into(),
            new.created_at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
        ],
    )
}

/// Adds what a turn wrote, if that turn may still write: a person who took over, an end, or a watchdog that gave
/// the turn up keeps a late answer out, in the database itself.
pub const TURN_MESSAGE_INSERT: &str = "
INSERT INTO message (id, business, conversation, sequence, origin, turn, created_at, provider, model, region
                   , tokens_in, tokens_out, slab, slot, body)
SELECT ?1
     , ?2
     , ?3
     , (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
     , ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
  AND conversation.state IN ('ai', 'requested')
  AND conversation.turn = ?5
RETURNING sequence
";

/// The statement that adds what a turn wrote. No row comes back where the turn may not write any more.
pub fn turn_message_insert(scope: &ThreadScope, turn: TurnId, new: NewMessage) -> Statement {
    let (provider, model, region, tokens_in, tokens_out) = match new.authorship {
        Some(by) => {
            (Some(by.provider), Some(by.model), Some(by.region), Some(by.tokens_in), Some(by.tokens_out))
        }
        None => (None, None, None, None, None),
    };
    Statement::new(
        TURN_MESSAGE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.origin.as_str().into(),
            turn.into(),
            new.created_at.into(),
            provider.into(),
            model.into(),
            region.into(),
            tokens_in.into(),
            tokens_out.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
        ],
    )
}

/// Reads messages after a cursor that are within the limit and whose key lives.
pub const MESSAGES_AFTER: &str = "
SELECT message.id
     , message.sequence
     , message.draft
     , message.origin
     , message.created_at
     , message.provider
     , message.model
     , message.author
     , message.slab
     , message.slot
     , seal_key.commit16
     , message.body
FROM message
JOIN seal_key ON seal_key.slab = message.slab AND seal_key.slot = message.slot
WHERE message.conversation = ?1
  AND message.business = ?2
  AND message.sequence > ?3
  AND message.created_at > ?4
  AND seal_key.state = 0
ORDER BY message.sequence
LIMIT ?5
";

/// Messages after `after`, oldest first, `limit` at most; those written at or before `kept_from` are gone.
pub(super) fn messages_after(scope: &ThreadScope, after: u32, kept_from: Millis, limit: u32) -> Statement {
    Statement::new(
        MESSAGES_AFTER,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            after.into(),
            kept_from.into(),
            limit.into(),
        ],
    )
}

/// Reads the newest messages before a place, newest first.
pub const MESSAGES_BEFORE: &str = "
SELECT message.id
     , message.sequence
     , message.draft
     , message.origin
     , message.created_at
     , message.provider
     , message.model
     , message.author
     , message.slab
     , message.slot
     , seal_key.commit16
     , message.body
FROM message
JOIN seal_key ON seal_key.slab = message.slab AND seal_key.slot = message.slot
WHERE message.conversation = ?1
  AND message.business = ?2
  AND message.sequence < ?3
  AND message.created_at > ?4
  AND seal_key.state = 0
ORDER BY message.sequence DESC
LIMIT ?5
";

/// The newest messages before a place, newest first; those written at or before `kept_from` are gone.
pub(super) fn messages_before(scope: &ThreadScope, before: u32, kept_from: Millis, limit: u32) -> Statement {
    Statement::new(
        MESSAGES_BEFORE,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            before.into(),
            kept_from.into(),
            limit.into(),
        ],
    )
}

/// Finds a message by what the visitor's client called it.
pub const MESSAGE_BY_DRAFT: &str = "
SELECT message.id
     , message.sequence
     , message.draft
     , message.origin
     , message.created_at
     , message.provider
     , message.model
     , message.author
     , message.slab
     , message.slot
     , seal_key.commit16
     , message.body
FROM message
JOIN seal_key ON seal_key.slab = message.slab AND seal_key.slot = message.slot
WHERE message.conversation = ?1
  AND message.business = ?2
  AND message.draft = ?3
  AND message.created_at > ?4
  AND seal_key.state = 0
";

pub(super) fn by_draft(scope: &ThreadScope, draft: DraftId, kept_from: Millis) -> Statement {
    Statement::new(
        MESSAGE_BY_DRAFT,
        [scope.conversation.into(), scope.business.business().into(), draft.into(), kept_from.into()],
    )
}

/// The message that a draft became, if it did and is not past its limit.
pub async fn message_by_draft(
    shard: &Db,
    scope: &ThreadScope,
    draft: DraftId,
    kept_from: Millis,
) -> Result<Option<SealedMessage>, DbFault> {
    let row: Option<Row> = shard.row(by_draft(scope, draft, kept_from)).await?;
    Ok(row.map(SealedMessage::from))
}

/// Adds a notice of a turn beside what it wrote, under the same guard; the turn's own place is taken by the message.
pub const TURN_NOTICE_INSERT: &str = "
INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body)
SELECT ?1
     , ?2
     , ?3
     , (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
     , ?4, ?6, ?7, ?8, ?9
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
  AND conversation.state IN ('ai', 'requested')
  AND conversation.turn = ?5
RETURNING sequence
";

/// The statement that adds a notice of a turn. No row comes back where the turn may not write any more.
pub fn turn_notice_insert(scope: &ThreadScope, turn: TurnId, new: NewMessage) -> Statement {
    Statement::new(
        TURN_NOTICE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.origin.as_str().into(),
            turn.into(),
            new.created_at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
        ],
    )
}

/// Finds when the visitor's message `?3` places before the newest was written.
pub const VISITOR_MESSAGE_BEFORE: &str = "
SELECT created_at
FROM message
WHERE conversation = ?1
  AND business = ?2
  AND origin = 'visitor'
ORDER BY sequence DESC
LIMIT 1 OFFSET ?3
";

/// A row of [`VISITOR_MESSAGE_BEFORE`].
#[derive(Deserialize)]
pub(super) struct WrittenAt {
    pub created_at: Millis,
}

/// When the visitor wrote the message `places` before their newest; no row where there are not that many.
pub(super) fn visitor_message_before(scope: &ThreadScope, places: u32) -> Statement {
    Statement::new(
        VISITOR_MESSAGE_BEFORE,
        [scope.conversation.into(), scope.business.business().into(), places.into()],
    )
}
