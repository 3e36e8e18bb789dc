//! The consent ledger with the words that it is about, and the count that an accepted strip allows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use shared::id::{ConsentId, SiteId, VisitorId};
use shared::time::Millis;
use shared::wire::consent::{Choice, RecordConsent, Way};

use super::held::ConsentRow;
use super::scope::{BusinessScope, MemberScope, VisitorScope};
use crate::platform::{Db, DbFault, Statement, Value};

/// Counts a visit, unless this visitor was counted already. It comes before the ledger row in the batch.
pub const VISIT_COUNT: &str = "
INSERT INTO visit_day (business, site, day, locale, browser, visits)
SELECT ?1, ?2, ?3, ?4, ?5, 1
WHERE NOT EXISTS (
    SELECT 1 FROM consent_event
    WHERE visitor = ?6 AND purpose = 'statistics' AND choice = 'accepted' AND business = ?1
)
ON CONFLICT (business, site, day, locale, browser) DO UPDATE
SET visits = visits + 1
";

/// The statement that counts a visit. A count leads back to nobody, nor does the order in which it grew.
pub fn visit_count(scope: &VisitorScope, locale: &str, browser: &str, now: Millis) -> Statement {
    Statement::new(
        VISIT_COUNT,
        [
            scope.business.business().into(),
            scope.site.into(),
            now.day().into(),
            locale.into(),
            browser.into(),
            scope.visitor.into(),
        ],
    )
}

/// Finds an earlier consent of a visitor.
pub const WAS_ACCEPTED: &str = "
SELECT id
FROM consent_event
WHERE visitor = ?1
  AND purpose = ?2
  AND choice = 'accepted'
  AND business = ?3
LIMIT 1
";

/// Whether the visitor agreed to the purpose before.
pub async fn was_accepted(shard: &Db, scope: &VisitorScope, record: &RecordConsent) -> Result<bool, DbFault> {
    let values = [scope.visitor.into(), record.purpose.as_str().into(), scope.business.business().into()];
    Ok(shard.row::<serde_json::Value>(Statement::new(WAS_ACCEPTED, values)).await?.is_some())
}

/// Records a choice; recording it again changes nothing.
pub const CONSENT_INSERT: &str = "
INSERT INTO consent_event (id, business, site, visitor, purpose, choice, way, version, text_hash, locale, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (id) DO NOTHING
";

/// The statement that records a choice in the ledger.
pub fn consent_insert(scope: &VisitorScope, record: &RecordConsent, locale: &str, now: Millis) -> Statement {
    Statement::new(
        CONSENT_INSERT,
        [
            record.id.into(),
            scope.business.business().into(),
            scope.site.into(),
            scope.visitor.into(),
            record.purpose.as_str().into(),
            record.choice.as_str().into(),
            record.way.as_str().into(),
            record.version.into(),
            record.hash.as_str().into(), // keeps B8 | without: "".into(),
            locale.into(),
            now.into(),
        ],
    )
}

/// Keeps words under their hash; words that are kept stay as they are.
pub const WORDS_KEEP: &str = "
INSERT INTO consent_words (business, hash, words, created_at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (business, hash) DO NOTHING
";

/// The statement that keeps the exact words that a choice is about, for as long as any choice is.
pub fn words_keep(scope: &BusinessScope, hash: &str, words: &str, now: Millis) -> Statement {
    Statement::new(WORDS_KEEP, [scope.business().into(), hash.into(), words.into(), now.into()])
}

/// Finds words by their hashes.
pub const WORDS_KEPT: &str = "
SELECT hash
     , words
FROM consent_words
WHERE business = ?1
  AND hash IN (SELECT value FROM json_each(?2))
";

/// The words that a business's choices are about, by their hash.
pub async fn words_kept(
    shard: &Db,
    scope: &MemberScope,
    hashes: &BTreeSet<&str>,
) -> Result<BTreeMap<String, String>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        hash: String,
        words: String,
    }
    let hashes = serde_json::json!(hashes).to_string();
    let values = [scope.business.business().into(), hashes.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(WORDS_KEPT, values)).await?;
    Ok(rows.into_iter().map(|row| (row.hash, row.words)).collect())
}

/// Reads a page of the ledger of a business.
pub const CONSENTS_PAGE: &str = "
SELECT id
     , site
     , visitor
     , purpose
     , choice
     , way
     , version
     , text_hash
     , locale
     , created_at
FROM consent_event
WHERE business = ?1
  AND (?2 = '' OR (created_at, id) < (SELECT created_at, id FROM consent_event WHERE id = ?2 AND business = ?1))
ORDER BY created_at DESC, id DESC
LIMIT ?3
";

/// A page of a business's ledger of consent, newest first, older than `before`; with where and by whom each was made.
pub async fn consents_page(
    shard: &Db,
    scope: &MemberScope,
    before: Option<ConsentId>,
    limit: u32,
) -> Result<Vec<(SiteId, VisitorId, ConsentRow)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ConsentId,
        site: SiteId,
        visitor: VisitorId,
        purpose: String,
        choice: Choice,
        way: Way,
        version: u32,
        text_hash: String,
        locale: String,
        created_at: Millis,
    }
    let before: Value = before.map_or_else(|| Value::Text(String::new()), Into::into);
    let values = [scope.business.business().into(), before, limit.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(CONSENTS_PAGE, values)).await?;
    let choice = |row: Row| {
        let Row { id, purpose, choice, way, version, text_hash, locale, created_at, site, visitor } = row;
        (site, visitor, ConsentRow { id, purpose, choice, way, version, text_hash, locale, created_at })
    };
    Ok(rows.into_iter().map(choice).collect())
}
