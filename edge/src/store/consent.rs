//! The consent ledger, and the one row of statistics that an accepted strip allows.

use shared::time::Millis;
use shared::wire::consent::RecordConsent;

use super::scope::VisitorScope;
use crate::platform::Statement;

/// Counts a visit, unless this visitor was counted already. It comes before the ledger row in the batch.
pub const STATISTIC_INSERT: &str = "
INSERT INTO visit_statistic (business, site, day, locale, browser)
SELECT ?1, ?2, ?3, ?4, ?5
WHERE NOT EXISTS (
    SELECT 1 FROM consent_event
    WHERE visitor = ?6 AND purpose = 'statistics' AND choice = 'accepted' AND business = ?1
)
";

/// The statement that counts a visit. Nothing in the row leads back to the visitor.
pub fn statistic_insert(scope: &VisitorScope, locale: &str, browser: &str, now: Millis) -> Statement {
    Statement::new(
        STATISTIC_INSERT,
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
            record.hash.as_str().into(),
            locale.into(),
            now.into(),
        ],
    )
}
