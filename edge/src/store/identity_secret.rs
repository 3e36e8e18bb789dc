//! Secrets that name a site's visitors: the present one, and for a day the one before it.

use serde::Deserialize;
use shared::id::{IdentitySecretId, SiteId};
use shared::time::Millis;

use super::scope::{BusinessScope, MemberScope};
use super::secret::{SealedSecret, SecretRow};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// A secret of a site.
#[derive(Debug, Clone)]
pub struct IdentitySecret {
    /// Which.
    pub id: IdentitySecretId,
    /// When it was made.
    pub created_at: Millis,
    /// When it stops counting; `None` for the present one.
    pub expires_at: Option<Millis>,
    /// What it is, sealed.
    pub sealed: SealedSecret,
}

/// Lists the secrets that count.
pub const IDENTITY_SECRETS: &str = "
SELECT identity_secret.id
     , identity_secret.created_at
     , identity_secret.expires_at
     , identity_secret.slab
     , identity_secret.slot
     , seal_key.commit16
     , identity_secret.secret
FROM identity_secret
JOIN seal_key ON seal_key.slab = identity_secret.slab AND seal_key.slot = identity_secret.slot
WHERE identity_secret.site = ?1
  AND identity_secret.business = ?2
  AND (identity_secret.expires_at IS NULL OR identity_secret.expires_at > ?3)
ORDER BY identity_secret.created_at DESC
LIMIT 4
";

/// The secrets of a site that count at `now`, newest first.
pub async fn identity_secrets(
    directory: &Db,
    scope: &BusinessScope,
    site: SiteId,
    now: Millis,
) -> Result<Vec<IdentitySecret>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: IdentitySecretId,
        created_at: Millis,
        expires_at: Option<Millis>,
        #[serde(flatten)]
        sealed: SecretRow,
    }
    let values = [site.into(), scope.business().into(), now.into()];
    let rows: Vec<Row> = directory.rows(Statement::new(IDENTITY_SECRETS, values)).await?;
    Ok(rows
        .into_iter()
        .map(|row| IdentitySecret {
            id: row.id,
            created_at: row.created_at,
            expires_at: row.expires_at,
            sealed: row.sealed.into(),
        })
        .collect())
}

/// Adds a secret.
pub const IDENTITY_SECRET_INSERT: &str = "
INSERT INTO identity_secret (id, business, site, slab, slot, secret, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
";

/// The statement that adds a secret.
pub fn identity_secret_insert(
    scope: &MemberScope,
    (site, id): (SiteId, IdentitySecretId),
    key: KeyRef,
    sealed: Vec<u8>,
    now: Millis,
) -> Statement {
    Statement::new(
        IDENTITY_SECRET_INSERT,
        [
            id.into(),
            scope.business.business().into(),
            site.into(),
            key.slab.into(),
            key.slot.into(),
            sealed.into(),
            now.into(),
        ],
    )
}

/// Lets the present secret count until a time, and forgets those before it.
pub const IDENTITY_SECRETS_SUPERSEDE: &str = "
UPDATE identity_secret
SET expires_at = ?3
WHERE site = ?1
  AND business = ?2
  AND expires_at IS NULL
";

/// Forgets the secrets of a site: all of them, or those before the present one.
pub const IDENTITY_SECRETS_DELETE: &str = "
DELETE FROM identity_secret
WHERE site = ?1
  AND business = ?2
  AND (expires_at IS NOT NULL OR ?3)
";

/// The statements after which the present secret counts until `until`, and an older one no longer.
pub fn identity_secrets_supersede(scope: &MemberScope, site: SiteId, until: Millis) -> [Statement; 2] {
    let business = scope.business.business();
    [
        Statement::new(IDENTITY_SECRETS_DELETE, [site.into(), business.into(), false.into()]),
        Statement::new(IDENTITY_SECRETS_SUPERSEDE, [site.into(), business.into(), until.into()]),
    ]
}

/// The statement that forgets every secret of a site.
pub fn identity_secrets_delete(scope: &MemberScope, site: SiteId) -> Statement {
    Statement::new(IDENTITY_SECRETS_DELETE, [site.into(), scope.business.business().into(), true.into()])
}
