//! Erasures, and the rows of a conversation on their way out.

use serde::Deserialize;
use shared::id::{BusinessId, ConversationId, ErasureId, VisitorId};
use shared::time::Millis;

use super::scope::{BusinessScope, OperatorScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};

/// Begins an erasure, with what it found. It stands in the batch that condemns the keys.
pub const ERASURE_INSERT: &str = "
INSERT INTO erasure (id, business, subject_kind, subject, reason, state, counts, requested_at, condemned_at)
SELECT ?1, ?2, 'conversation', ?3, ?4, 'condemned'
     , json_object(
           'message', (SELECT count(*) FROM message WHERE conversation = ?3 AND business = ?2),
           'note', (SELECT count(*) FROM note WHERE conversation = ?3 AND business = ?2),
           'conversation_card', (SELECT count(*) FROM conversation_card WHERE conversation = ?3 AND business = ?2),
           'contact', (SELECT count(*) FROM contact WHERE conversation = ?3 AND business = ?2),
           'visitor_address', (SELECT count(*) FROM visitor_address WHERE conversation = ?3 AND business = ?2),
           'conversation_token', (SELECT count(*) FROM conversation_token WHERE conversation = ?3 AND business = ?2)
       )
     , ?5, ?5
";

/// The statement that begins the erasure of a conversation.
pub fn erasure_insert(scope: &ThreadScope, id: ErasureId, reason: &str, now: Millis) -> Statement {
    Statement::new(
        ERASURE_INSERT,
        [id.into(), scope.business.business().into(), scope.conversation.into(), reason.into(), now.into()],
    )
}

/// An erasure that is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenErasure {
    /// The erasure.
    pub id: ErasureId,
    /// The business.
    pub business: BusinessId,
    /// The conversation.
    pub conversation: ConversationId,
    /// How far it is.
    pub state: ErasureState,
    /// When its keys were destroyed, if they are.
    pub keyless_at: Option<Millis>,
}

/// How far an erasure is, past its commit point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErasureState {
    /// No key may seal any more; reads find nothing.
    Condemned,
    /// Every key is destroyed: nothing opens, in no backup either.
    Keyless,
    /// The rows are gone.
    Emptied,
}

/// Lists erasures that are past their commit point and not verified, oldest first.
pub const ERASURES_OPEN: &str = "
SELECT id
     , business
     , subject
     , state
     , keyless_at
FROM erasure
WHERE state NOT IN ('verified', 'receipted')
  AND state <> 'requested'
  AND subject_kind = 'conversation'
ORDER BY requested_at
LIMIT ?1
";

/// Up to `limit` erasures to go on with.
pub async fn erasures_open(
    shard: &Db,
    _scope: &OperatorScope,
    limit: u32,
) -> Result<Vec<OpenErasure>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ErasureId,
        business: BusinessId,
        subject: ConversationId,
        state: ErasureState,
        keyless_at: Option<Millis>,
    }
    let rows: Vec<Row> = shard.rows(Statement::new(ERASURES_OPEN, [limit.into()])).await?;
    Ok(rows
        .into_iter()
        .map(|row| OpenErasure {
            id: row.id,
            business: row.business,
            conversation: row.subject,
            state: row.state,
            keyless_at: row.keyless_at,
        })
        .collect())
}

/// Records that the keys are gone.
pub const ERASURE_KEYLESS: &str = "
UPDATE erasure
SET state = 'keyless'
  , keyless_at = ?3
WHERE id = ?1
  AND business = ?2
  AND state = 'condemned'
";

/// Records that the rows are gone.
pub const ERASURE_EMPTIED: &str = "
UPDATE erasure
SET state = 'emptied'
WHERE id = ?1
  AND business = ?2
  AND state = 'keyless'
";

/// Records that a second look found nothing.
pub const ERASURE_VERIFIED: &str = "
UPDATE erasure
SET state = 'verified'
  , verified_at = ?3
WHERE id = ?1
  AND business = ?2
  AND state = 'emptied'
";

/// Sends an erasure back to emptying: a second look found something.
pub const ERASURE_REOPEN: &str = "
UPDATE erasure
SET state = 'keyless'
WHERE id = ?1
  AND business = ?2
  AND state = 'emptied'
";

/// The statement that records the step to `keyless`.
pub fn erasure_keyless(scope: &BusinessScope, id: ErasureId, now: Millis) -> Statement {
    Statement::new(ERASURE_KEYLESS, [id.into(), scope.business().into(), now.into()])
}

/// The statement that records the step to `emptied`.
pub fn erasure_emptied(scope: &BusinessScope, id: ErasureId) -> Statement {
    Statement::new(ERASURE_EMPTIED, [id.into(), scope.business().into()])
}

/// The statement that records the step to `verified`.
pub fn erasure_verified(scope: &BusinessScope, id: ErasureId, now: Millis) -> Statement {
    Statement::new(ERASURE_VERIFIED, [id.into(), scope.business().into(), now.into()])
}

/// The statement that sends an erasure back to emptying.
pub fn erasure_reopen(scope: &BusinessScope, id: ErasureId) -> Statement {
    Statement::new(ERASURE_REOPEN, [id.into(), scope.business().into()])
}

/// Deletes messages of a conversation, some at a time.
pub const MESSAGES_DELETE: &str = "
DELETE FROM message
WHERE id IN (SELECT id FROM message WHERE conversation = ?1 AND business = ?2 LIMIT ?3)
RETURNING id
";

/// The statement that deletes up to `limit` messages of a conversation.
pub fn messages_delete(scope: &BusinessScope, conversation: ConversationId, limit: u32) -> Statement {
    Statement::new(MESSAGES_DELETE, [conversation.into(), scope.business().into(), limit.into()])
}

/// Deletes the address that a conversation was opened from.
pub const ADDRESS_DELETE: &str = "
DELETE FROM visitor_address
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes what opens a conversation.
pub const TOKENS_DELETE: &str = "
DELETE FROM conversation_token
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes which labels a conversation carries.
pub const LABELS_DELETE: &str = "
DELETE FROM conversation_label
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes how far members have read.
pub const READS_DELETE: &str = "
DELETE FROM member_read
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes whom notes call.
pub const MENTIONS_DELETE: &str = "
DELETE FROM note_mention
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes what members told each other.
pub const NOTES_DELETE: &str = "
DELETE FROM note
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes what lists and searches read.
pub const CARD_DELETE: &str = "
DELETE FROM conversation_card
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes the address that the visitor left.
pub const CONTACT_DELETE: &str = "
DELETE FROM contact
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes which links were used.
pub const RETURNS_DELETE: &str = "
DELETE FROM return_link
WHERE conversation = ?1
  AND business = ?2
";

/// Deletes a conversation and tells whose it was.
pub const CONVERSATION_DELETE: &str = "
DELETE FROM conversation
WHERE id = ?1
  AND business = ?2
RETURNING visitor
";

/// The statements that delete a conversation whose messages are gone. The last one returns the visitor.
pub fn conversation_delete(scope: &BusinessScope, conversation: ConversationId) -> Vec<Statement> {
    let values = || [conversation.into(), scope.business().into()];
    let tables = [
        ADDRESS_DELETE,
        TOKENS_DELETE,
        LABELS_DELETE,
        READS_DELETE,
        MENTIONS_DELETE,
        NOTES_DELETE,
        CARD_DELETE,
        CONTACT_DELETE,
        RETURNS_DELETE,
        CONVERSATION_DELETE,
    ];
    tables.map(|sql| Statement::new(sql, values())).to_vec()
}

/// Deletes the choices of a visitor without any conversation left.
pub const CONSENTS_DELETE: &str = "
DELETE FROM consent_event
WHERE visitor = ?1
  AND business = ?2
  AND NOT EXISTS (SELECT 1 FROM conversation WHERE conversation.visitor = ?1)
";

/// Deletes a visitor without any conversation left.
pub const VISITOR_DELETE: &str = "
DELETE FROM visitor
WHERE id = ?1
  AND business = ?2
  AND NOT EXISTS (SELECT 1 FROM conversation WHERE conversation.visitor = ?1)
";

/// The statements that delete a visitor, if no conversation of theirs is left.
pub fn visitor_delete(scope: &BusinessScope, visitor: VisitorId) -> Vec<Statement> {
    let values = || [visitor.into(), scope.business().into()];
    vec![Statement::new(CONSENTS_DELETE, values()), Statement::new(VISITOR_DELETE, values())]
}

/// Counts what is left of a conversation anywhere.
pub const CONVERSATION_LEFT: &str = "
SELECT (SELECT count(*) FROM message WHERE conversation = ?1)
     + (SELECT count(*) FROM visitor_address WHERE conversation = ?1)
     + (SELECT count(*) FROM conversation_token WHERE conversation = ?1)
     + (SELECT count(*) FROM conversation_label WHERE conversation = ?1)
     + (SELECT count(*) FROM member_read WHERE conversation = ?1)
     + (SELECT count(*) FROM note_mention WHERE conversation = ?1)
     + (SELECT count(*) FROM note WHERE conversation = ?1)
     + (SELECT count(*) FROM conversation_card WHERE conversation = ?1)
     + (SELECT count(*) FROM contact WHERE conversation = ?1)
     + (SELECT count(*) FROM return_link WHERE conversation = ?1)
     + (SELECT count(*) FROM conversation WHERE id = ?1)
     + (SELECT count(*) FROM seal_key WHERE owner = ?1 AND state <> 2) AS found
WHERE ?2 IS NOT NULL
";

/// How many rows of a conversation are left, and keys of it that are not destroyed.
pub async fn conversation_left(
    shard: &Db,
    scope: &BusinessScope,
    conversation: ConversationId,
) -> Result<u32, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        found: u32,
    }
    let row: Option<Row> =
        shard.row(Statement::new(CONVERSATION_LEFT, [conversation.into(), scope.business().into()])).await?;
    Ok(row.map_or(0, |row| row.found))
}
