//! The consent ledger, and the count that an accepted strip allows.

use shared::time::Millis;
use shared::wire::consent::RecordConsent;

use super::scope::VisitorScope;
use crate::platform::{Db, DbFault, Statement};

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
