//! What time is over for: one query a class, under the limit that is in force.

use serde::Deserialize;
use shared::id::{BusinessId, ConversationId, SiteId, VisitorId};
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;

use super::scope::{BusinessScope, MemberScope, OperatorScope, ThreadScope};
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
  AND conversation.restricted_at IS NULL
  AND conversation.held_at IS NULL
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
      AND conversation.restricted_at IS NULL
      AND conversation.held_at IS NULL
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
      SELECT 1 FROM visitor_identity
      WHERE visitor_identity.slab = seal_key.slab AND visitor_identity.slot = seal_key.slot
  )
  AND NOT EXISTS (
      SELECT 1 FROM visitor_page
      WHERE visitor_page.slab = seal_key.slab AND visitor_page.slot = seal_key.slot
  )
  AND NOT EXISTS (
      SELECT 1 FROM privacy_request
      WHERE privacy_request.slab = seal_key.slab AND privacy_request.slot = seal_key.slot
  )
  AND NOT EXISTS (
      SELECT 1 FROM rectification
      WHERE rectification.slab = seal_key.slab AND rectification.slot = seal_key.slot
  )
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

/// Counts conversations that are due and passed by: restricted, or held for a legal claim.
pub const CONVERSATIONS_SPARED: &str = "
SELECT count(*) AS spared
FROM conversation
WHERE business = ?1
  AND site = ?2
  AND last_message_at <= ?3
  AND (restricted_at IS NOT NULL OR held_at IS NOT NULL)
";

/// How many conversations of a site are due and passed by.
pub async fn conversations_spared(shard: &Db, site: &SiteLimit, cut_off: Millis) -> Result<u32, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        spared: u32,
    }
    let values = [site.business.business().into(), site.site.into(), cut_off.into()];
    let row: Option<Row> = shard.row(Statement::new(CONVERSATIONS_SPARED, values)).await?;
    Ok(row.map_or(0, |row| row.spared))
}

/// Counts what a limit would delete of a site: the rows of `CONVERSATIONS_DUE` and `MESSAGES_DUE_DELETE`.
pub const LIMIT_PREVIEW: &str = "
SELECT (
    SELECT count(*)
    FROM conversation
    WHERE conversation.business = ?1
      AND conversation.site = ?2
      AND conversation.last_message_at <= ?3
      AND conversation.restricted_at IS NULL
      AND conversation.held_at IS NULL
) AS conversations
, count(*) AS messages
, min(message.created_at) AS oldest
FROM message
JOIN conversation ON conversation.id = message.conversation
WHERE message.business = ?1
  AND message.created_at <= ?3
  AND conversation.site = ?2
  AND conversation.restricted_at IS NULL
  AND conversation.held_at IS NULL
";

/// What a limit would delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct LimitPreview {
    /// Conversations that would go as a whole.
    pub conversations: u32,
    /// Messages that would go.
    pub messages: u32,
    /// When the oldest of them was written.
    pub oldest: Option<Millis>,
}

/// What would go of a site whose conversations are kept from `cut_off`.
pub async fn limit_preview(shard: &Db, site: &SiteLimit, cut_off: Millis) -> Result<LimitPreview, DbFault> {
    let values = [site.business.business().into(), site.site.into(), cut_off.into()];
    let found = shard.row(Statement::new(LIMIT_PREVIEW, values)).await?;
    Ok(found.unwrap_or(LimitPreview { conversations: 0, messages: 0, oldest: None }))
}

/// A limit of a site and a change of it that has not taken effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitRow {
    /// The limit in force, in days; absent where it is the promise.
    pub days: Option<i64>,
    /// The limit that will be in force, and when, where one was asked for.
    pub next: Option<(Option<i64>, Millis)>,
}

/// Finds the limit of a site of a business.
pub const LIMIT_FIND: &str = "
SELECT site.retention_days
     , limit_change.retention_days AS next_days
     , limit_change.effective_at
FROM site
LEFT JOIN limit_change ON limit_change.site = site.id
WHERE site.id = ?1
  AND site.business = ?2
";

/// The limit of a site of the member's business. `None` where it has no such site.
pub async fn limit_find(
    directory: &Db,
    scope: &MemberScope,
    site: SiteId,
) -> Result<Option<LimitRow>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        retention_days: Option<i64>,
        next_days: Option<i64>,
        effective_at: Option<Millis>,
    }
    let values = [site.into(), scope.business.business().into()];
    let row: Option<Row> = directory.row(Statement::new(LIMIT_FIND, values)).await?;
    Ok(row.map(|row| LimitRow {
        days: row.retention_days,
        next: row.effective_at.map(|at| (row.next_days, at)),
    }))
}

/// Asks for another limit; a later wish replaces an earlier one.
pub const LIMIT_ASK: &str = "
INSERT INTO limit_change (site, business, retention_days, asked_by, asked_at, effective_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (site) DO UPDATE
SET retention_days = excluded.retention_days
  , asked_by = excluded.asked_by
  , asked_at = excluded.asked_at
  , effective_at = excluded.effective_at
";

/// The statement that asks for another limit of a site of the member's business.
pub fn limit_ask(
    scope: &MemberScope,
    site: SiteId,
    days: Option<i64>,
    now: Millis,
    effective_at: Millis,
) -> Statement {
    Statement::new(
        LIMIT_ASK,
        [
            site.into(),
            scope.business.business().into(),
            days.into(),
            scope.account.account().into(),
            now.into(),
            effective_at.into(),
        ],
    )
}

/// Takes a change back.
pub const LIMIT_UNDO: &str = "
DELETE FROM limit_change
WHERE site = ?1
  AND business = ?2
  AND effective_at > ?3
RETURNING site
";

/// The statement that takes a change back that has not taken effect. It returns a row where there was one.
pub fn limit_undo(scope: &MemberScope, site: SiteId, now: Millis) -> Statement {
    Statement::new(LIMIT_UNDO, [site.into(), scope.business.business().into(), now.into()])
}

/// Lets changes take effect.
pub const LIMITS_TAKE: &str = "
UPDATE site
SET retention_days = (SELECT limit_change.retention_days FROM limit_change WHERE limit_change.site = site.id)
  , updated_at = ?1
WHERE id IN (SELECT site FROM limit_change WHERE effective_at <= ?1)
";

/// Forgets changes that took effect.
pub const LIMITS_TAKEN: &str = "
DELETE FROM limit_change
WHERE effective_at <= ?1
";

/// The statements that let changes of limits take effect whose day to undo them is over.
pub fn limits_apply(_scope: &OperatorScope, now: Millis) -> Vec<Statement> {
    vec![Statement::new(LIMITS_TAKE, [now.into()]), Statement::new(LIMITS_TAKEN, [now.into()])]
}
