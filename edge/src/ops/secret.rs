//! Secrets of a business: what its visitors are named by, what it pays a vendor with. Sealed under the business's own key,
//! so that nothing but an operation that needs one opens it.

use shared::privacy::Secret;
use zeroize::Zeroizing;

use super::{Fault, OpError};
use crate::app::App;
use crate::platform::{Db, Statement};
use crate::sealing::{Cell, Column, KeyOwner, SealingKey};
use crate::store::key;
use crate::store::scope::BusinessScope;
use crate::store::secret::SealedSecret;

/// The business's own key in a database: the live one, or a fresh one with the statement that records it.
pub(super) async fn business_key(
    app: &App,
    scope: &BusinessScope,
    db: &Db,
) -> Result<(SealingKey, Option<Statement>), OpError> {
    let owner = KeyOwner::Business(scope.business());
    if let Some(live) = key::key_live(db, scope, &owner).await? {
        let opened = app.keyring.key_open(db, scope, live.reference, &owner, &live.commit16).await?;
        return Ok((opened, None));
    }
    let (leased, insert) = app.keyring.key_lease(db, scope, &owner).await?;
    Ok((leased, Some(insert)))
}

/// Seals a secret for its row.
pub(super) fn secret_seal(
    app: &App,
    scope: &BusinessScope,
    key: &SealingKey,
    (column, row, bound): (Column, &str, &[&[u8]]),
    secret: &Secret<String>,
) -> Result<Vec<u8>, OpError> {
    let cell = Cell { column, scope: scope.into(), row: row.as_bytes(), bound };
    Ok(key.seal(cell, secret.expose().as_bytes(), &app.rng)?)
}

/// Opens a secret of a row.
pub(super) async fn secret_open(
    app: &App,
    scope: &BusinessScope,
    db: &Db,
    (column, row, bound): (Column, &str, &[&[u8]]),
    sealed: &SealedSecret,
) -> Result<Secret<String>, OpError> {
    let owner = KeyOwner::Business(scope.business());
    let key = app.keyring.key_open(db, scope, sealed.key, &owner, &sealed.commit).await?;
    let cell = Cell { column, scope: scope.into(), row: row.as_bytes(), bound };
    let plain: Zeroizing<Vec<u8>> = key.open(cell, &sealed.secret)?;
    let text = std::str::from_utf8(&plain).map_err(|_| Fault::Platform("a secret is no text".into()))?;
    Ok(Secret::new(text.to_owned()))
}
