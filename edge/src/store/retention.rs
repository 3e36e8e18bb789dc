//! What time is over for: one query a class, under the limit that is in force.

use serde::Deserialize;
use shared::id::{BusinessId, ConversationId, SiteId, VisitorId};
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;

use super::scope::{BusinessScope, MemberScope, OperatorScope, ThreadScope};
use super::site_due::{self, SiteDue};
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
    let due = site_due::statement(site_due::conversations_sql(), site, cut_off, Some(limit));
    let rows: Vec<Row> = shard.rows(due).await?;
    let scope_of = |row: Row| ThreadScope {
        business: site.business,
        site: site.site,
        visitor: row.visitor,
        conversation: row.id,
    };
    Ok(rows.into_iter().map(scope_of).collect())
}

/// The statement that takes away up to `limit` rows of a kind past their time. It returns a row for each.
pub fn due_delete(kind: SiteDue, site: &SiteLimit, cut_off: Millis, limit: u32) -> Option<Statement> {
    Some(site_due::statement(kind.delete_sql()?, site, cut_off, Some(limit)))
}

/// The statement that deletes whom notes past their time call. It stands before the one that deletes the notes.
pub fn mentions_due_delete(site: &SiteLimit, cut_off: Millis, limit: u32) -> Statement {
    site_due::statement(site_due::mentions_sql(), site, cut_off, Some(limit))
}

/// A card that was deleted: the conversation's.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct CardGone {
    /// Whose it was.
    pub conversation: ConversationId,
}

/// The statement that condemns rolled keys whose last row is gone. It returns a row for each.
pub fn rolled_keys_condemn(business: &BusinessScope, cut_off: Millis) -> Statement {
    Statement::new(site_due::rolled_sql(), [business.business().into(), cut_off.into()])
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

/// What a limit would delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitPreview {
    /// Conversations that would go as a whole.
    pub conversations: u32,
    /// Messages that would go.
    pub messages: u32,
    /// Files that would go with them.
    pub files: u32,
    /// Notes of colleagues that would go.
    pub notes: u32,
    /// Comments that would go.
    pub comments: u32,
    /// When the oldest message was written.
    pub oldest: Option<Millis>,
}

/// What would go of a site whose conversations are kept from `cut_off`: counted with the texts that the purge deletes with.
pub async fn limit_preview(shard: &Db, site: &SiteLimit, cut_off: Millis) -> Result<LimitPreview, DbFault> {
    let [conversations, messages, files, notes, _, comments] =
        site_due::site_count(shard, site, cut_off).await?;
    Ok(LimitPreview {
        conversations: conversations.rows_due,
        messages: messages.rows_due,
        files: files.rows_due,
        notes: notes.rows_due,
        comments: comments.rows_due,
        oldest: messages.oldest,
    })
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
