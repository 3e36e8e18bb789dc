//! How content visitors were: a score that is counted, and a comment that is sealed.

use serde::Deserialize;
use shared::id::{ConversationId, SiteId, SlabId, VisitorId};
use shared::time::Millis;

use super::conversation::{self, Conversation};
use super::scope::{MemberScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// What a visitor said, as it lies in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRating {
    /// 1 to 5.
    pub score: u8,
    /// When it was first said.
    pub given_at: Millis,
    /// The comment's key, with what proves it, and the ciphertext.
    pub comment: Option<(KeyRef, Vec<u8>, Vec<u8>)>,
}

#[derive(Deserialize)]
struct RatingRow {
    score: u8,
    given_at: Millis,
    slab: SlabId,
    slot: u16,
    commit16: Option<Vec<u8>>,
    comment: Option<Vec<u8>>,
}

impl From<RatingRow> for SealedRating {
    fn from(row: RatingRow) -> Self {
        let key = KeyRef { slab: row.slab, slot: row.slot };
        let comment = row.commit16.zip(row.comment).map(|(commit, comment)| (key, commit, comment));
        Self { score: row.score, given_at: row.given_at, comment }
    }
}

/// Reads what was said in a conversation.
pub const SATISFACTION_FIND: &str = "
SELECT satisfaction.score
     , satisfaction.given_at
     , satisfaction.slab
     , satisfaction.slot
     , seal_key.commit16
     , satisfaction.comment
FROM satisfaction
LEFT JOIN seal_key ON seal_key.slab = satisfaction.slab AND seal_key.slot = satisfaction.slot AND seal_key.state = 0
WHERE satisfaction.conversation = ?1
  AND satisfaction.business = ?2
";

/// Looks whether a conversation that is counted came to something: an answer, or the word that there is none.
pub const SATISFACTION_MAY_ASK: &str = "
SELECT conversation
FROM conversation_numbers
WHERE conversation = ?1
  AND business = ?2
  AND is_counted = 1
  AND (answer_ms IS NOT NULL OR has_unanswered = 1)
";

/// A conversation before its visitor says how content they are.
pub struct Before {
    /// The conversation, if it is there and is not being erased.
    pub found: Option<Conversation>,
    /// What was said.
    pub given: Option<SealedRating>,
    /// Somebody answered, and the conversation may be worked with.
    pub may_ask: bool,
}

/// Looks at a conversation in one round trip.
pub async fn satisfaction_before(shard: &Db, scope: &ThreadScope) -> Result<Before, DbFault> {
    let values = || [scope.conversation.into(), scope.business.business().into()];
    let batch = shard
        .batch(vec![
            conversation::find(&scope.business, scope.conversation),
            Statement::new(SATISFACTION_FIND, values()),
            Statement::new(SATISFACTION_MAY_ASK, values()),
        ])
        .await?;
    Ok(Before {
        found: batch.row::<conversation::Row>(0)?.map(|row| row.of(&scope.business)),
        given: batch.row::<RatingRow>(1)?.map(SealedRating::from),
        may_ask: batch.row::<serde_json::Value>(2)?.is_some(),
    })
}

/// Keeps what was said; what was said before is replaced as long as it may be.
pub const SATISFACTION_PUT: &str = "
INSERT INTO satisfaction (conversation, business, site, score, given_at, slab, slot, comment)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (conversation) DO UPDATE
SET score = excluded.score
  , slab = excluded.slab
  , slot = excluded.slot
  , comment = excluded.comment
WHERE satisfaction.given_at = excluded.given_at
RETURNING score
";

/// The statement that keeps what was said. `given_at` is the time of the first word, to which the comment is bound; a row
/// comes back where that still is the time.
pub fn satisfaction_put(
    scope: &ThreadScope,
    score: u8,
    given_at: Millis,
    key: KeyRef,
    comment: Option<Vec<u8>>,
) -> Statement {
    Statement::new(
        SATISFACTION_PUT,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            scope.site.into(),
            u32::from(score).into(),
            given_at.into(),
            key.slab.into(),
            key.slot.into(),
            comment.into(),
        ],
    )
}

/// A comment as it lies in the database.
pub struct SealedComment {
    /// The conversation it is about.
    pub thread: ThreadScope,
    /// What was said.
    pub rating: SealedRating,
}

/// Reads comments that can be read, newest first. What is held still is not worked with.
pub const COMMENTS_PAGE: &str = "
SELECT satisfaction.score
     , satisfaction.given_at
     , satisfaction.slab
     , satisfaction.slot
     , seal_key.commit16
     , satisfaction.comment
     , conversation.id AS conversation
     , conversation.site
     , conversation.visitor
FROM satisfaction
JOIN conversation ON conversation.id = satisfaction.conversation
JOIN seal_key ON seal_key.slab = satisfaction.slab AND seal_key.slot = satisfaction.slot
WHERE satisfaction.business = ?1
  AND satisfaction.comment IS NOT NULL
  AND satisfaction.given_at < ?2
  AND seal_key.state = 0
  AND satisfaction.conversation NOT IN (
      SELECT conversation FROM conversation_numbers WHERE business = ?1 AND is_counted = 0
  )
ORDER BY satisfaction.given_at DESC
LIMIT ?3
";

/// Comments of a business from before `before`, newest first, `limit` at most.
pub async fn comments_page(
    shard: &Db,
    scope: &MemberScope,
    before: Option<Millis>,
    limit: u32,
) -> Result<Vec<SealedComment>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        score: u8,
        given_at: Millis,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        comment: Vec<u8>,
        conversation: ConversationId,
        site: SiteId,
        visitor: VisitorId,
    }
    let business = scope.business;
    let before = before.unwrap_or(Millis::new(i64::from(u32::MAX).saturating_mul(1_000)));
    let values = [business.business().into(), before.into(), limit.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(COMMENTS_PAGE, values)).await?;
    let comment = |row: Row| SealedComment {
        thread: ThreadScope {
            business,
            site: row.site,
            visitor: row.visitor,
            conversation: row.conversation,
        },
        rating: SealedRating {
            score: row.score,
            given_at: row.given_at,
            comment: Some((KeyRef { slab: row.slab, slot: row.slot }, row.commit16, row.comment)),
        },
    };
    Ok(rows.into_iter().map(comment).collect())
}
