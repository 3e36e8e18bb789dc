//! A business's own keys for AI providers. They leave here as they stand: sealed.

use serde::Deserialize;
use shared::time::Millis;
use shared::wire::admin::vendor::KeyOutcome;

use super::scope::{BusinessScope, MemberScope};
use super::secret::{SealedSecret, SecretRow};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// A key.
#[derive(Debug, Clone)]
pub struct VendorKey {
    /// The provider's name.
    pub vendor: String,
    /// The key, sealed.
    pub sealed: SealedSecret,
    /// The model to ask with it.
    pub model: Option<String>,
    /// Since when.
    pub created_at: Millis,
    /// When it was last tried.
    pub tested_at: Option<Millis>,
    /// What came of that.
    pub outcome: Option<KeyOutcome>,
}

/// Lists the keys of a business.
pub const VENDOR_KEYS: &str = "
SELECT vendor_key.vendor
     , vendor_key.slab
     , vendor_key.slot
     , seal_key.commit16
     , vendor_key.secret
     , vendor_key.model
     , vendor_key.created_at
     , vendor_key.tested_at
     , vendor_key.outcome
FROM vendor_key
JOIN seal_key ON seal_key.slab = vendor_key.slab AND seal_key.slot = vendor_key.slot
WHERE vendor_key.business = ?1
ORDER BY vendor_key.vendor
LIMIT 20
";

/// The keys of a business.
pub async fn vendor_keys(directory: &Db, scope: &BusinessScope) -> Result<Vec<VendorKey>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        vendor: String,
        #[serde(flatten)]
        sealed: SecretRow,
        model: Option<String>,
        created_at: Millis,
        tested_at: Option<Millis>,
        outcome: Option<KeyOutcome>,
    }
    let rows: Vec<Row> = directory.rows(Statement::new(VENDOR_KEYS, [scope.business().into()])).await?;
    Ok(rows
        .into_iter()
        .map(|row| VendorKey {
            vendor: row.vendor,
            sealed: row.sealed.into(),
            model: row.model,
            created_at: row.created_at,
            tested_at: row.tested_at,
            outcome: row.outcome,
        })
        .collect())
}

/// Puts a key in the place of the one before it.
pub const VENDOR_KEY_PUT: &str = "
INSERT INTO vendor_key (business, vendor, slab, slot, secret, model, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (business, vendor) DO UPDATE
SET slab = excluded.slab
  , slot = excluded.slot
  , secret = excluded.secret
  , model = excluded.model
  , created_at = excluded.created_at
  , tested_at = NULL
  , outcome = NULL
";

/// The statement that puts a key in the place of the one before it.
pub fn vendor_key_put(
    scope: &MemberScope,
    vendor: &str,
    (key, sealed): (KeyRef, Vec<u8>),
    model: Option<String>,
    now: Millis,
) -> Statement {
    Statement::new(
        VENDOR_KEY_PUT,
        [
            scope.business.business().into(),
            vendor.into(),
            key.slab.into(),
            key.slot.into(),
            sealed.into(),
            model.into(),
            now.into(),
        ],
    )
}

/// Forgets a key.
pub const VENDOR_KEY_DELETE: &str = "
DELETE FROM vendor_key
WHERE business = ?1
  AND vendor = ?2
";

/// The statement that forgets a key.
pub fn vendor_key_delete(scope: &MemberScope, vendor: &str) -> Statement {
    Statement::new(VENDOR_KEY_DELETE, [scope.business.business().into(), vendor.into()])
}

/// Notes what came of trying a key.
pub const VENDOR_KEY_TESTED: &str = "
UPDATE vendor_key
SET tested_at = ?3
  , outcome = ?4
WHERE business = ?1
  AND vendor = ?2
";

/// The statement that notes what came of trying a key.
pub fn vendor_key_tested(scope: &MemberScope, vendor: &str, outcome: KeyOutcome, now: Millis) -> Statement {
    let values = [scope.business.business().into(), vendor.into(), now.into(), outcome.as_str().into()];
    Statement::new(VENDOR_KEY_TESTED, values)
}
