//! The secret with which a business names its visitors: made, shown once, changed with a day's overlap, taken away.

use shared::id::{IdentitySecretId, SiteId};
use shared::limits::IDENTITY_BEFORE_MS;
use shared::wire::admin::site::MadeIdentitySecret;

use super::OpError;
use super::secret::{business_key, secret_seal};
use super::team::line;
use crate::app::App;
use crate::platform::Statement;
use crate::rules::credential;
use crate::sealing::Column;
use crate::store::audit::{Action, Subject};
use crate::store::identity_secret::{
    identity_secret_insert, identity_secrets, identity_secrets_delete, identity_secrets_supersede,
};
use crate::store::scope::MemberScope;

/// Makes a secret. The one before it counts for a day more, so that the business can change its own side meanwhile. This
/// answer is the only place where it is ever shown. The caller has checked that the site is the member's.
pub async fn identity_make(
    app: &App,
    scope: &MemberScope,
    site: SiteId,
) -> Result<MadeIdentitySecret, OpError> {
    let now = app.clock.now();
    let id = IdentitySecretId::mint(now, app.rng.bytes()?);
    let secret = credential::identity_secret_mint(app.rng.bytes()?);
    let before = identity_secrets(&app.directory, &scope.business, site, now).await?;
    let until = now.plus_ms(IDENTITY_BEFORE_MS);
    let (key, key_insert) = business_key(app, &scope.business, &app.directory).await?;
    let bound = site.to_bytes();
    let place = (Column::IdentitySecret, id.to_string());
    let sealed = secret_seal(app, &scope.business, &key, (place.0, &place.1, &[&bound]), &secret)?;
    let mut batch: Vec<Statement> = key_insert.into_iter().collect();
    batch.extend(identity_secrets_supersede(scope, site, until));
    batch.push(identity_secret_insert(scope, (site, id), key.reference(), sealed, now));
    batch.push(line(app, scope, Action::IdentityMake, Subject::new("site", site))?);
    app.directory.batch(batch).await?;
    let had = before.iter().any(|secret| secret.expires_at.is_none());
    Ok(MadeIdentitySecret { secret, before_until: had.then_some(until) })
}

/// Takes the secret away, and the one before it: from now on no token names anybody.
pub async fn identity_drop(app: &App, scope: &MemberScope, site: SiteId) -> Result<(), OpError> {
    let noted = line(app, scope, Action::IdentityDrop, Subject::new("site", site))?;
    app.directory.batch(vec![identity_secrets_delete(scope, site), noted]).await?;
    Ok(())
}
