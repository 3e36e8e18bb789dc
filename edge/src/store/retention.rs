//! What time is over for: one query a class, under the limit that is in force.

use serde::Deserialize;
use shared::id::{BusinessId, ConversationId, SiteId, VisitorId};
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;

use super::scope::{BusinessScope, OperatorScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};

/// How long a site keeps conversations, and where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteLimit {
    /// The site.
    pub site: SiteId,
    /// The business behind it.
    pub business: BusinessScope,
    /// Its limit.
    pub limit: ConversationLimit,
}

/// Lists sites of active businesses by id.
pub const SITE_LIMITS: &str = "
SELECT site.id
     , site.business
     , site.retention_days
     , business.shard
FROM site
JOIN business ON business.id = site.business
WHERE site.id > ?1
  AND business.state = 'active'
ORDER BY site.id
LIMIT ?2
";

/// Up to `limit` sites after `after` (`None` begins), in the order of their ids.
pub async fn site_limits(
    directory: &Db,
    _scope: &OperatorScope,
    after: Option<SiteId>,
    limit: u32,
) -> Result<Vec<SiteLimit>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: SiteId,
        business: BusinessId,
        retention_days: Option<i64>,
        shard: usize,
    }
    let after = after.map_or_else(String::new, |site| site.to_string());
    let rows: Vec<Row> = directory.rows(Statement::new(SITE_LIMITS, [after.into(), limit.into()])).await?;
    let limit_of = |row: Row| SiteLimit {
        site: row.id,
        business: BusinessScope::new(row.business, row.shard),
        limit: ConversationLimit::from_days(row.retention_days),
    };
    Ok(rows.into_iter().map(limit_of).collect())
}

/// Finds conversations of a site whose newest message is at or before the cut-off, and which are not being erased.
pub const CONVERSATIONS_DUE: &str = "
SELECT conversation.id
     , conversation.visitor
FROM conversation
JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
WHERE conversation.business = ?1
  AND conversation.site = ?2
  AND conversation.last_message_at <= ?3
  AND seal_key.state = 0
  AND NOT EXISTS (
      SELECT 1 FROM message WHERE message.conversation = conversation.id AND message.created_at > ?3
  )
ORDER BY conversation.last_message_at
LIMIT ?4
";

/// Conversations of a site that are due as a whole, oldest first, `limit` at most.
pub async fn conversations_due(
    shard: &Db,
    site: &SiteLimit,
    cut_off: Millis,
    limit: u32,
) -> Result<Vec<ThreadScope>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ConversationId,
        visitor: VisitorId,
    }
    let values = [site.business.business().into(), site.site.into(), cut_off.into(), limit.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(CONVERSATIONS_DUE, values)).await?;
    let scope_of = |row: Row| ThreadScope {
        business: site.business,
        site: site.site,
        visitor: row.visitor,
        conversation: row.id,
    };
    Ok(rows.into_iter().map(scope_of).collect())
}

/// Deletes messages of a site that were written at or before the cut-off, some at a time.
pub const MESSAGES_DUE_DELETE: &str = "
DELETE FROM message
WHERE id IN (
    SELECT message.id
    FROM message
    JOIN conversation ON conversation.id = message.conversation
    WHERE message.business = ?1
      AND message.created_at <= ?3
      AND conversation.site = ?2
    LIMIT ?4
)
RETURNING id
";

/// The statement that deletes up to `limit` messages past their time. It returns a row for each.
pub fn messages_due_delete(site: &SiteLimit, cut_off: Millis, limit: u32) -> Statement {
    Statement::new(
        MESSAGES_DUE_DELETE,
        [site.business.business().into(), site.site.into(), cut_off.into(), limit.into()],
    )
}

/// Deletes whom notes past their time call.
pub const MENTIONS_DUE_DELETE: &str = "
DELETE FROM note_mention
WHERE note IN (
    SELECT note.id
    FROM note
    JOIN conversation ON conversation.id = note.conversation
    WHERE note.business = ?1
      AND note.created_at <= ?3
      AND conversation.site = ?2
      AND conversation.restricted_at IS NULL
      AND conversation.held_at IS NULL
    ORDER BY note.created_at, note.id
    LIMIT ?4
)
";

/// Deletes notes of a site that were written at or before the cut-off, some at a time.
pub const NOTES_DUE_DELETE: &str = "
DELETE FROM note
WHERE id IN (
    SELECT note.id
    FROM note
    JOIN conversation ON conversation.id = note.conversation
    WHERE note.business = ?1
      AND note.created_at <= ?3
      AND conversation.site = ?2
      AND conversation.restricted_at IS NULL
      AND conversation.held_at IS NULL
    ORDER BY note.created_at, note.id
    LIMIT ?4
)
RETURNING id
";

/// Deletes cards of a site on which words stand that were said at or before the cut-off, some at a time.
pub const CARDS_DUE_DELETE: &str = "
DELETE FROM conversation_card
WHERE conversation IN (
    SELECT conversation_card.conversation
    FROM conversation_card
    JOIN conversation ON conversation.id = conversation_card.conversation
    WHERE conversation_card.business = ?1
      AND conversation_card.covers_from <= ?3
      AND conversation.site = ?2
      AND conversation.restricted_at IS NULL
      AND conversation.held_at IS NULL
    LIMIT ?4
)
RETURNING conversation
";

/// The statements that delete up to `limit` notes and cards past their time. The second and the third return a row for each.
pub fn desk_due_delete(site: &SiteLimit, cut_off: Millis, limit: u32) -> [Statement; 3] {
    [MENTIONS_DUE_DELETE, NOTES_DUE_DELETE, CARDS_DUE_DELETE].map(|sql| {
        let values = [site.business.business().into(), site.site.into(), cut_off.into(), limit.into()];
        Statement::new(sql, values)
    })
}

/// A card that was deleted: the conversation's.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct CardGone {
    /// Whose it was.
    pub conversation: ConversationId,
}

/// Condemns keys that were rolled before the cut-off and seal no row any more.
pub const ROLLED_KEYS_CONDEMN: &str = "
UPDATE seal_key
SET state = 1
WHERE business = ?1
  AND owner_kind = 'conversation'
  AND state = 0
  AND created_at <= ?2
  AND NOT EXISTS (SELECT 1 FROM message WHERE message.slab = seal_key.slab AND message.slot = seal_key.slot)
  AND NOT EXISTS (
      SELECT 1 FROM satisfaction
      WHERE satisfaction.slab = seal_key.slab AND satisfaction.slot = seal_key.slot AND satisfaction.comment IS NOT NULL
  )
  AND NOT EXISTS (SELECT 1 FROM note WHERE note.slab = seal_key.slab AND note.slot = seal_key.slot)
  AND NOT EXISTS (
      SELECT 1 FROM conversation_card
      WHERE conversation_card.slab = seal_key.slab AND conversation_card.slot = seal_key.slot
  )
  AND NOT EXISTS (
      SELECT 1 FROM privacy_request
      WHERE privacy_request.slab = seal_key.slab AND privacy_request.slot = seal_key.slot
  )
  AND NOT EXISTS (SELECT 1 FROM rectification WHERE rectification.slab = seal_key.slab AND rectification.slot = seal_key.slot)
  AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.slab = seal_key.slab AND contact.slot = seal_key.slot)
  AND NOT EXISTS (SELECT 1 FROM file WHERE file.slab = seal_key.slab AND file.slot = seal_key.slot)
  AND NOT EXISTS (
      SELECT 1 FROM conversation
      WHERE conversation.id = seal_key.owner
        AND conversation.key_slab = seal_key.slab
        AND conversation.key_slot = seal_key.slot
  )
RETURNING slot
";

/// The statement that condemns rolled keys whose last row is gone. It returns a row for each.
pub fn rolled_keys_condemn(business: &BusinessScope, cut_off: Millis) -> Statement {
    Statement::new(ROLLED_KEYS_CONDEMN, [business.business().into(), cut_off.into()])
}

/// Deletes choices of visitors who never wrote.
pub const CONSENTS_DUE_DELETE: &str = "
DELETE FROM consent_event
WHERE id IN (
    SELECT id
    FROM consent_event
    WHERE created_at <= ?1
      AND NOT EXISTS (SELECT 1 FROM visitor WHERE visitor.id = consent_event.visitor)
    LIMIT ?2
)
RETURNING id
";

/// Deletes tokens whose hours are over.
pub const TOKENS_DUE_DELETE: &str = "
DELETE FROM conversation_token
WHERE hash IN (SELECT hash FROM conversation_token WHERE last_used_at <= ?1 LIMIT ?2)
RETURNING hash
";

/// Deletes counts of visits.
pub const VISITS_DUE_DELETE: &str = "
DELETE FROM visit_day
WHERE day <= ?1
RETURNING day
";

/// When the small records of a shard are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordsDue {
    /// Choices of visitors who never wrote, made at or before this.
    pub consents: Millis,
    /// Tokens last used at or before this.
    pub tokens: Millis,
    /// Visits counted on or before this UTC day.
    pub visits_day: i64,
}

/// The statements that delete records past their time, `limit` a table. Each returns a row for each row it deleted.
pub fn records_delete(_scope: &OperatorScope, due: RecordsDue, limit: u32) -> Vec<Statement> {
    vec![
        Statement::new(CONSENTS_DUE_DELETE, [due.consents.into(), limit.into()]),
        Statement::new(TOKENS_DUE_DELETE, [due.tokens.into(), limit.into()]),
        Statement::new(VISITS_DUE_DELETE, [due.visits_day.into()]),
    ]
}
