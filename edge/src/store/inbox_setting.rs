//! What a team sets for its inbox: when the machine hands over, and how each member hears of things. In the directory.

use serde::Deserialize;
use shared::id::{AccountId, BusinessId};
use shared::time::Millis;
use shared::wire::admin::inbox::settings::{Digest, HandOff, Hear, Notifications};

use super::scope::{BusinessScope, MemberScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};

/// Reads when the machine hands over.
pub const HAND_OFF_FIND: &str = "
SELECT topics
     , after_misses
     , unsure_counts
     , at_ceiling
     , answer_within_min
FROM hand_off
WHERE business = ?1
";

/// When the machine of a business hands over; what every business begins with, where it set nothing.
pub async fn hand_off_find(directory: &Db, scope: &BusinessScope) -> Result<HandOff, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        topics: String,
        after_misses: u32,
        unsure_counts: i64,
        at_ceiling: i64,
        answer_within_min: u32,
    }
    let business: BusinessId = scope.business();
    let row: Option<Row> = directory.row(Statement::new(HAND_OFF_FIND, [business.into()])).await?;
    let Some(row) = row else { return Ok(HandOff::default()) };
    Ok(HandOff {
        topics: serde_json::from_str(&row.topics)
            .map_err(|fault| DbFault::Failed(format!("topics: {fault}")))?,
        after_misses: row.after_misses,
        unsure_counts: row.unsure_counts != 0,
        at_ceiling: row.at_ceiling != 0,
        answer_within_min: row.answer_within_min,
    })
}

/// Writes when the machine hands over.
pub const HAND_OFF_PUT: &str = "
INSERT INTO hand_off (business, topics, after_misses, at_ceiling, answer_within_min, updated_at, unsure_counts)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (business) DO UPDATE
SET topics = excluded.topics
  , after_misses = excluded.after_misses
  , at_ceiling = excluded.at_ceiling
  , answer_within_min = excluded.answer_within_min
  , unsure_counts = excluded.unsure_counts
  , updated_at = excluded.updated_at
";

/// The statement that writes when the machine hands over.
pub fn hand_off_put(scope: &MemberScope, settings: &HandOff, now: Millis) -> Statement {
    Statement::new(
        HAND_OFF_PUT,
        [
            scope.business.business().into(),
            serde_json::json!(settings.topics).to_string().into(),
            settings.after_misses.into(),
            settings.at_ceiling.into(),
            settings.answer_within_min.into(),
            now.into(),
            settings.unsure_counts.into(),
        ],
    )
}

/// Reads how a member hears of things.
pub const NOTIFICATIONS_FIND: &str = "
SELECT hear
     , sound
     , browser
     , digest
FROM notification_setting
WHERE business = ?1
  AND account = ?2
";

/// How a member hears of things; what everybody begins with, where they set nothing.
pub async fn notifications_find(directory: &Db, scope: &MemberScope) -> Result<Notifications, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        hear: Hear,
        sound: i64,
        browser: i64,
        digest: Digest,
    }
    let values = [scope.business.business().into(), scope.account.account().into()];
    let row: Option<Row> = directory.row(Statement::new(NOTIFICATIONS_FIND, values)).await?;
    Ok(row.map_or_else(Notifications::default, |row| Notifications {
        hear: row.hear,
        sound: row.sound != 0,
        browser: row.browser != 0,
        digest: row.digest,
    }))
}

/// Writes how a member hears of things. Where a digest begins, it sums up what happens from now on.
pub const NOTIFICATIONS_PUT: &str = "
INSERT INTO notification_setting (business, account, hear, sound, browser, digest, digested_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (business, account) DO UPDATE
SET hear = excluded.hear
  , sound = excluded.sound
  , browser = excluded.browser
  , digested_at = CASE notification_setting.digest WHEN 'never' THEN excluded.digested_at
                  ELSE notification_setting.digested_at END
  , digest = excluded.digest
";

/// The statement that writes how a member hears of things.
pub fn notifications_put(scope: &MemberScope, settings: &Notifications, now: Millis) -> Statement {
    Statement::new(
        NOTIFICATIONS_PUT,
        [
            scope.business.business().into(),
            scope.account.account().into(),
            settings.hear.as_str().into(),
            settings.sound.into(),
            settings.browser.into(),
            settings.digest.as_str().into(),
            now.into(),
        ],
    )
}

/// Forgets how a member hears of things, because they leave.
pub const NOTIFICATIONS_DELETE: &str = "
DELETE FROM notification_setting
WHERE business = ?1
  AND account = ?2
";

/// The statement that forgets how somebody hears of things, for the batch in which they leave the team.
pub fn notifications_delete(scope: &MemberScope, account: AccountId) -> Statement {
    Statement::new(NOTIFICATIONS_DELETE, [scope.business.business().into(), account.into()])
}

/// Lists members whose next mail is due, the longest waiting first.
pub const DIGESTS_DUE: &str = "
SELECT notification_setting.business
     , notification_setting.account
     , notification_setting.digest
     , notification_setting.digested_at
     , business.shard
FROM notification_setting
JOIN business ON business.id = notification_setting.business
JOIN account ON account.id = notification_setting.account
WHERE notification_setting.digest <> 'never'
  AND notification_setting.digest IN ('hourly', 'daily')
  AND notification_setting.digested_at <= CASE notification_setting.digest WHEN 'hourly' THEN ?1 ELSE ?2 END
  AND business.state = 'active'
  AND account.restricted_at IS NULL
ORDER BY notification_setting.digested_at
LIMIT ?3
";

/// A member whose next mail is due.
#[derive(Debug, Clone, Copy)]
pub struct DigestDue {
    /// In which business.
    pub business: BusinessScope,
    /// Who.
    pub account: AccountId,
    /// How often they want one.
    pub digest: Digest,
    /// Up to when the last one summed up.
    pub digested_at: Millis,
}

/// Up to `limit` members whose last mail lies before the hourly or the daily time; who is restricted is passed by.
pub async fn digests_due(
    directory: &Db,
    _scope: &OperatorScope,
    (hourly, daily): (Millis, Millis),
    limit: u32,
) -> Result<Vec<DigestDue>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        business: BusinessId,
        account: AccountId,
        digest: Digest,
        digested_at: Millis,
        shard: usize,
    }
    let values = [hourly.into(), daily.into(), limit.into()];
    let rows: Vec<Row> = directory.rows(Statement::new(DIGESTS_DUE, values)).await?;
    let due = |row: Row| DigestDue {
        business: BusinessScope::new(row.business, row.shard),
        account: row.account,
        digest: row.digest,
        digested_at: row.digested_at,
    };
    Ok(rows.into_iter().map(due).collect())
}

/// Notes up to when a member's mails sum up.
pub const DIGEST_DONE: &str = "
UPDATE notification_setting
SET digested_at = ?4
WHERE business = ?1
  AND account = ?2
  AND digested_at = ?3
";

/// The statement after a member's mail stands in the outbox, or nothing waited.
pub fn digest_done(scope: &BusinessScope, account: AccountId, before: Millis, now: Millis) -> Statement {
    Statement::new(DIGEST_DONE, [scope.business().into(), account.into(), before.into(), now.into()])
}
