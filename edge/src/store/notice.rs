//! Editions of the notice, and what the notices of sites said when.

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, NoticeId, SiteId};
use shared::limits::NOTICE_EDITIONS;
use shared::time::Millis;

use super::scope::{BusinessScope, MemberScope, OperatorScope, PublicScope};
use crate::platform::{Db, DbFault, Statement};

/// An edition.
#[derive(Debug, Clone, Deserialize)]
pub struct EditionRow {
    /// Which.
    pub id: NoticeId,
    /// The hash of its facts.
    pub hash: String,
    /// Its texts, as JSON by language.
    pub texts: String,
    /// The account up to which mails were written.
    pub told_until: String,
    /// When the last of them was.
    pub told_at: Option<Millis>,
    /// When it takes effect; `None` while it is being announced.
    pub effective_at: Option<Millis>,
    /// Its register of sub-processors, as JSON; `None` in editions of before there was one.
    pub register: Option<String>,
}

/// Finds the newest edition.
pub const EDITION_NEWEST: &str = "
SELECT id
     , hash
     , texts
     , told_until
     , told_at
     , effective_at
     , register
FROM notice_edition
ORDER BY found_at DESC, id DESC
LIMIT 1
";

/// The newest edition, in force or not.
pub async fn edition_newest(directory: &Db, _scope: &OperatorScope) -> Result<Option<EditionRow>, DbFault> {
    directory.row(Statement::new(EDITION_NEWEST, [])).await
}

/// Finds the edition in force.
pub const EDITION_IN_FORCE: &str = "
SELECT id
     , hash
     , texts
     , told_until
     , told_at
     , effective_at
     , register
FROM notice_edition
WHERE effective_at <= ?1 -- keeps P11 | without: WHERE ?1 > 0
ORDER BY effective_at DESC, id DESC
LIMIT 1
";

/// Finds the edition that is coming.
pub const EDITION_COMING: &str = "
SELECT id
     , hash
     , texts
     , told_until
     , told_at
     , effective_at
     , register
FROM notice_edition
WHERE effective_at > ?1
ORDER BY effective_at
LIMIT 1
";

/// The edition in force at `now`, and the one that is coming.
pub async fn editions_now(
    directory: &Db,
    now: Millis,
) -> Result<(Option<EditionRow>, Option<EditionRow>), DbFault> {
    let batch = directory
        .batch(vec![
            Statement::new(EDITION_IN_FORCE, [now.into()]),
            Statement::new(EDITION_COMING, [now.into()]),
        ])
        .await?;
    Ok((batch.row(0)?, batch.row(1)?))
}

/// Finds one edition.
pub const EDITION_FIND: &str = "
SELECT id
     , hash
     , texts
     , told_until
     , told_at
     , effective_at
     , register
FROM notice_edition
WHERE id = ?1
";

/// One edition: anybody who knows its id may read what was, is or will be published.
pub async fn edition_find(directory: &Db, id: NoticeId) -> Result<Option<EditionRow>, DbFault> {
    directory.row(Statement::new(EDITION_FIND, [id.into()])).await
}

/// Finds the register in force.
pub const REGISTER_IN_FORCE: &str = "
SELECT register
FROM notice_edition
WHERE effective_at <= ?1
ORDER BY effective_at DESC, id DESC
LIMIT 1
";

/// The register of the edition in force at `now`, as JSON. `None` where there is no edition, or it is one of before.
pub async fn register_in_force(directory: &Db, now: Millis) -> Result<Option<String>, DbFault> {
    let row: Option<RegisterRow> = directory.row(Statement::new(REGISTER_IN_FORCE, [now.into()])).await?;
    Ok(row.and_then(|row| row.register))
}

#[derive(Deserialize)]
struct RegisterRow {
    register: Option<String>,
}

/// Finds the register that was announced last.
pub const REGISTER_ANNOUNCED: &str = "
SELECT register
FROM notice_edition
WHERE effective_at > 0
ORDER BY effective_at DESC, id DESC
LIMIT 1
";

/// The register that was announced last, in force or coming, as JSON.
pub async fn register_announced(directory: &Db, _scope: &OperatorScope) -> Result<Option<String>, DbFault> {
    let row: Option<RegisterRow> = directory.row(Statement::new(REGISTER_ANNOUNCED, [])).await?;
    Ok(row.and_then(|row| row.register))
}

/// An edition, without its texts.
#[derive(Debug, Clone, Deserialize)]
pub struct EditionLine {
    /// Which.
    pub id: NoticeId,
    /// It was announced before it took effect.
    pub material: u8,
    /// When the software said it first.
    pub found_at: Millis,
    /// When the last mail about it was written.
    pub told_at: Option<Millis>,
    /// When it takes effect; `None` while it is being announced.
    pub effective_at: Option<Millis>,
}

/// Lists editions.
pub const EDITIONS_LIST: &str = "
SELECT id
     , material
     , found_at
     , told_at
     , effective_at
FROM notice_edition
ORDER BY found_at DESC, id DESC
LIMIT ?1
";

/// The newest editions. They are the deployment's: whoever asks for a business reads the same ones.
pub async fn editions_list(directory: &Db, _scope: &MemberScope) -> Result<Vec<EditionLine>, DbFault> {
    directory.rows(Statement::new(EDITIONS_LIST, [NOTICE_EDITIONS.into()])).await
}

/// Finds since when the notices of a business's sites say what they say.
pub const SITES_SINCE: &str = "
SELECT site
     , max(since) AS since
FROM notice_site
WHERE business = ?1
GROUP BY site
";

/// Since when the notice of each site of a business says what it says, where that was noted.
pub async fn sites_since(directory: &Db, scope: &MemberScope) -> Result<Vec<(SiteId, Millis)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        site: SiteId,
        since: Millis,
    }
    let values = [scope.business.business().into()];
    let rows: Vec<Row> = directory.rows(Statement::new(SITES_SINCE, values)).await?;
    Ok(rows.into_iter().map(|row| (row.site, row.since)).collect())
}

/// Adds an edition.
pub const EDITION_INSERT: &str = "
INSERT INTO notice_edition (id, hash, texts, material, found_at, effective_at, register)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
";

/// The statement that adds an edition: in force from `effective_at` on, or to be announced first.
pub fn edition_insert(
    _scope: &OperatorScope,
    id: NoticeId,
    (hash, texts, register): (&str, String, String),
    effective_at: Option<Millis>,
    now: Millis,
) -> Statement {
    let material = effective_at.is_none();
    Statement::new(
        EDITION_INSERT,
        [
            id.into(),
            hash.into(),
            texts.into(),
            material.into(),
            now.into(),
            effective_at.into(),
            register.into(),
        ],
    )
}

/// Notes up to whom an edition was announced.
pub const EDITION_TOLD: &str = "
UPDATE notice_edition
SET told_until = ?2
  , told_at = ?3
  , effective_at = ?4
WHERE id = ?1
  AND effective_at IS NULL
";

/// The statement that notes how far an announcement is; with `effective_at` it is done.
pub fn edition_told(
    _scope: &OperatorScope,
    id: NoticeId,
    told_until: &str,
    effective_at: Option<Millis>,
    now: Millis,
) -> Statement {
    Statement::new(EDITION_TOLD, [id.into(), told_until.into(), now.into(), effective_at.into()])
}

/// Drops an edition that was overtaken before it was announced.
pub const EDITION_DROP: &str = "
DELETE FROM notice_edition
WHERE id = ?1
  AND effective_at IS NULL
";

/// The statement that drops an edition that is not announced yet.
pub fn edition_drop(_scope: &OperatorScope, id: NoticeId) -> Statement {
    Statement::new(EDITION_DROP, [id.into()])
}

/// Lists accounts to tell.
pub const ACCOUNTS_AFTER: &str = "
SELECT id
FROM account
WHERE id > ?1
  AND state = 'active'
ORDER BY id
LIMIT ?2
";

/// Up to `limit` accounts after `after`.
pub async fn accounts_after(
    directory: &Db,
    _scope: &OperatorScope,
    after: &str,
    limit: u32,
) -> Result<Vec<AccountId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: AccountId,
    }
    let rows: Vec<Row> = directory.rows(Statement::new(ACCOUNTS_AFTER, [after.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Finds when an edition will take effect.
pub const EDITION_EFFECTIVE: &str = "
SELECT found_at
     , effective_at
     , register
FROM notice_edition
WHERE id = ?1
";

/// When an edition takes effect, as decided, or at the earliest, while it is being announced; and its register, as JSON.
pub async fn edition_effective(
    directory: &Db,
    _scope: &OperatorScope,
    id: &str,
) -> Result<Option<(Millis, Option<String>)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        found_at: Millis,
        effective_at: Option<Millis>,
        register: Option<String>,
    }
    let row: Option<Row> = directory.row(Statement::new(EDITION_EFFECTIVE, [id.into()])).await?;
    let earliest = |found_at: Millis| found_at.plus_ms(shared::limits::NOTICE_AHEAD_MS);
    Ok(row.map(|row| (row.effective_at.unwrap_or_else(|| earliest(row.found_at)), row.register)))
}

/// A site's facts, as the directory has them now, with the hash of those that were noted last.
#[derive(Debug, Clone, Deserialize)]
pub struct SiteFacts {
    /// The site.
    pub id: SiteId,
    /// Its business.
    pub business: BusinessId,
    /// The shard of the business.
    pub shard: usize,
    /// Legal entity and place.
    pub controller: String,
    /// Published contact.
    pub contact: String,
    /// The data protection officer.
    pub officer: Option<String>,
    /// Country.
    pub country: String,
    /// Its own limit.
    pub retention_days: Option<i64>,
    /// Who answers, as JSON.
    pub answerers: String,
    /// The AI providers that its business has keys for, in their order.
    pub own_vendors: Option<String>,
    /// The hash of the facts that were noted last.
    pub noted: Option<String>,
}

/// Lists sites with their facts.
pub const SITES_FACTS: &str = "
SELECT site.id
     , site.business
     , business.shard
     , business.controller
     , business.contact
     , business.officer
     , business.country
     , site.retention_days
     , site.answerers
     , (SELECT group_concat(vendor) FROM vendor_key WHERE vendor_key.business = site.business) AS own_vendors
     , (SELECT hash FROM notice_site WHERE notice_site.site = site.id ORDER BY since DESC LIMIT 1) AS noted
FROM site
JOIN business ON business.id = site.business
WHERE site.id > ?1
  AND business.state = 'active'
ORDER BY site.id
LIMIT ?2
";

/// Up to `limit` sites of active businesses after `after`.
pub async fn sites_facts(
    directory: &Db,
    _scope: &OperatorScope,
    after: Option<SiteId>,
    limit: u32,
) -> Result<Vec<SiteFacts>, DbFault> {
    let after = after.map_or_else(String::new, |site| site.to_string());
    directory.rows(Statement::new(SITES_FACTS, [after.into(), limit.into()])).await
}

/// Notes what the notice of a site says from now on.
pub const SITE_NOTE: &str = "
INSERT INTO notice_site (site, business, since, hash, facts)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (site, since) DO UPDATE
SET hash = excluded.hash
  , facts = excluded.facts
";

/// The statement that notes what the notice of a site says from `now` on.
pub fn site_note(scope: &BusinessScope, site: SiteId, (hash, facts): (&str, &str), now: Millis) -> Statement {
    Statement::new(SITE_NOTE, [site.into(), scope.business().into(), now.into(), hash.into(), facts.into()])
}

/// Finds since when a site's notice says what it says.
pub const SITE_SINCE: &str = "
SELECT since
FROM notice_site
WHERE site = ?1
ORDER BY since DESC
LIMIT 1
";

/// Since when a site's notice says what it says, where that was noted.
pub async fn site_since(directory: &Db, scope: &PublicScope) -> Result<Option<Millis>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        since: Millis,
    }
    let row: Option<Row> = directory.row(Statement::new(SITE_SINCE, [scope.site().into()])).await?;
    Ok(row.map(|row| row.since))
}
