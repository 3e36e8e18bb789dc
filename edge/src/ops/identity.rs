//! The secret with which a business names its visitors: made, shown once, changed with a day's overlap, taken away. And
//! the names themselves, proved by a token and sealed with their conversation.

use shared::id::{ConversationId, IdentitySecretId, SiteId};
use shared::limits::{IDENTITY_BEFORE_MS, IDENTITY_CHARACTERS};
use shared::privacy::{Personal, Secret};
use shared::rules::person::line_text;
use shared::time::Millis;
use shared::wire::admin::site::MadeIdentitySecret;
use shared::wire::problem::Kind;

use super::OpError;
use super::account::finder;
use super::sealed_line::{line_open, line_seal};
use super::sealed_message::message_key;
use super::secret::{business_key, secret_open, secret_seal};
use super::team::line;
use crate::app::App;
use crate::platform::{DbFault, Statement};
use crate::rules::credential;
use crate::rules::identity::identity_verify;
use crate::sealing::Column;
use crate::store::audit::{Action, Subject};
use crate::store::conversation;
use crate::store::identity_secret::{
    identity_secret_insert, identity_secrets, identity_secrets_delete, identity_secrets_supersede,
};
use crate::store::scope::{BusinessScope, MemberScope, ThreadScope};
use crate::store::visitor_identity::{visitor_identity_find, visitor_identity_put};

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

/// The keyed hash by which the visitors whom a business calls this are found, whatever their capitals: another one in each
/// business. `None` where no token could say it.
pub(super) async fn identity_finder(
    app: &App,
    business: &BusinessScope,
    name: &Personal<String>,
) -> Result<Option<String>, OpError> {
    let Some(name) = line_text(name.expose(), IDENTITY_CHARACTERS) else { return Ok(None) };
    finder(app, "identity", &format!("{} {}", business.business(), name.to_lowercase())).await.map(Some)
}

/// Proves by a token whom the business says that the visitor of a conversation is, and keeps it sealed with the
/// conversation. Fails with `NotFound`, and with `IdentityRefused` whatever is wrong with the token.
pub async fn identity_prove(app: &App, scope: &ThreadScope, token: &Secret<String>) -> Result<(), OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let mut named = None;
    for secret in identity_secrets(&app.directory, &scope.business, scope.site, now).await? {
        let (row, site) = (secret.id.to_string(), scope.site.to_bytes());
        let bound: [&[u8]; 1] = [&site];
        let place = (Column::IdentitySecret, row.as_str(), bound.as_slice());
        let opened = secret_open(app, &scope.business, &app.directory, place, &secret.sealed).await?;
        named = named.or_else(|| identity_verify(&opened, token.expose(), now));
    }
    let named = named.ok_or(Kind::IdentityRefused)?;
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let found = found.ok_or(Kind::NotFound)?;
    let (key, mut statements) = message_key(app, &found, site.limit(), now).await?;
    let place = (Column::VisitorIdentity, now);
    let sealed = line_seal(app, &scope.business, (scope.conversation, &key), place, &named)?;
    let finder = identity_finder(app, &scope.business, &named).await?;
    statements.push(visitor_identity_put(scope, key.reference(), (sealed, finder), now));
    match shard.batch(statements).await {
        // An erasure condemned the key meanwhile: there is no such conversation any more.
        Err(DbFault::Refused(_)) => Err(Kind::NotFound.into()),
        done => Ok(done.map(drop)?),
    }
}

/// Whom the visitor of a conversation was named, and when. `None` where nobody named them, or it was erased.
pub async fn identity_read(
    app: &App,
    scope: &BusinessScope,
    conversation: ConversationId,
) -> Result<Option<(Personal<String>, Millis)>, OpError> {
    let shard = app.shard(scope)?;
    let Some((sealed, at)) = visitor_identity_find(shard, scope, conversation).await? else {
        return Ok(None);
    };
    let place = (Column::VisitorIdentity, at);
    Ok(line_open(app, scope, conversation, place, &sealed).await?.map(|named| (named, at)))
}
