//! Questions to which nothing was found: which message asks one. Its words stand in the message, sealed, and go with it.

use serde::Deserialize;
use shared::id::{ConversationId, MessageId, SiteId, SlabId, TurnId, VisitorId};
use shared::time::Millis;
use shared::wire::message::Origin;

use super::message::SealedMessage;
use super::scope::{MemberScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// Notes a question, under the same guard as what its turn writes.
pub const UNANSWERED_INSERT: &str = "
INSERT INTO unanswered (message, business, site, conversation, created_at)
SELECT message.id, message.business, conversation.site, message.conversation, message.created_at
FROM message
JOIN conversation ON conversation.id = message.conversation
WHERE message.id = ?1
  AND message.conversation = ?2
  AND message.business = ?3
  AND conversation.state IN ('ai', 'requested')
  AND conversation.turn = ?4
ON CONFLICT (message) DO NOTHING
";

/// The statement that notes the question to which a turn found nothing. It comes before the turn's end in the batch.
pub fn unanswered_insert(scope: &ThreadScope, turn: TurnId, question: MessageId) -> Statement {
    Statement::new(
        UNANSWERED_INSERT,
        [question.into(), scope.conversation.into(), scope.business.business().into(), turn.into()],
    )
}

/// A question as it lies in the database.
pub struct SealedQuestion {
    /// Where it was asked.
    pub thread: ThreadScope,
    /// The visitor's language.
    pub locale: String,
    /// The message that asks it.
    pub message: SealedMessage,
}

/// Reads open questions whose words can be read, newest first. What is held still is not worked with.
pub const QUESTIONS_PAGE: &str = "
SELECT message.id
     , message.sequence
     , message.created_at
     , message.slab
     , message.slot
     , seal_key.commit16
     , message.body
     , conversation.id AS conversation
     , conversation.site
     , conversation.visitor
     , conversation.locale
FROM unanswered
JOIN message ON message.id = unanswered.message
JOIN conversation ON conversation.id = unanswered.conversation
JOIN seal_key ON seal_key.slab = message.slab AND seal_key.slot = message.slot
WHERE unanswered.business = ?1
  AND unanswered.settled_at IS NULL
  AND unanswered.message < ?2
  AND seal_key.state = 0
  AND unanswered.conversation NOT IN (
      SELECT conversation FROM conversation_numbers WHERE business = ?1 AND is_counted = 0
  )
ORDER BY unanswered.message DESC
LIMIT ?3
";

/// Open questions of a business from before `before`, newest first, `limit` at most.
pub async fn questions_page(
    shard: &Db,
    scope: &MemberScope,
    before: Option<MessageId>,
    limit: u32,
) -> Result<Vec<SealedQuestion>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: MessageId,
        sequence: u32,
        created_at: Millis,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        body: Vec<u8>,
        conversation: ConversationId,
        site: SiteId,
        visitor: VisitorId,
        locale: String,
    }
    let business = scope.business;
    // A tilde sorts after every id.
    let before = before.map_or_else(|| "~".to_owned(), |before| before.to_string());
    let values = [business.business().into(), before.into(), limit.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(QUESTIONS_PAGE, values)).await?;
    let question = |row: Row| SealedQuestion {
        thread: ThreadScope {
            business,
            site: row.site,
            visitor: row.visitor,
            conversation: row.conversation,
        },
        locale: row.locale,
        message: SealedMessage {
            author: None,
            id: row.id,
            sequence: row.sequence,
            draft: None,
            origin: Origin::Visitor,
            created_at: row.created_at,
            ai: None,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            body: row.body,
        },
    };
    Ok(rows.into_iter().map(question).collect())
}

/// Finds an open question.
pub const QUESTION_FIND: &str = "
SELECT message
FROM unanswered
WHERE message = ?1
  AND business = ?2
  AND settled_at IS NULL
";

/// Whether an open question of the business is there.
pub async fn question_exists(shard: &Db, scope: &MemberScope, message: MessageId) -> Result<bool, DbFault> {
    let values = [message.into(), scope.business.business().into()];
    let row: Option<serde_json::Value> = shard.row(Statement::new(QUESTION_FIND, values)).await?;
    Ok(row.is_some())
}

/// Settles a question.
pub const QUESTION_SETTLE: &str = "
UPDATE unanswered
SET settled_at = ?3
WHERE message = ?1
  AND business = ?2
  AND settled_at IS NULL
RETURNING message
";

/// Settles a question: it was answered in the knowledge, or put aside. `false` where no open one is there.
pub async fn question_settle(
    shard: &Db,
    scope: &MemberScope,
    message: MessageId,
    now: Millis,
) -> Result<bool, DbFault> {
    let values = [message.into(), scope.business.business().into(), now.into()];
    let row: Option<serde_json::Value> = shard.row(Statement::new(QUESTION_SETTLE, values)).await?;
    Ok(row.is_some())
}

/// Counts open questions, up to a bound.
pub const QUESTIONS_COUNT: &str = "
SELECT count(*) AS questions
FROM (
    SELECT message
    FROM unanswered
    WHERE business = ?1
      AND settled_at IS NULL
    LIMIT ?2
)
";

/// How many open questions a business has; `limit` where it has more.
pub async fn questions_count(shard: &Db, scope: &MemberScope, limit: u32) -> Result<u32, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        questions: u32,
    }
    let values = [scope.business.business().into(), limit.into()];
    let row: Option<Row> = shard.row(Statement::new(QUESTIONS_COUNT, values)).await?;
    Ok(row.map_or(0, |row| row.questions))
}
