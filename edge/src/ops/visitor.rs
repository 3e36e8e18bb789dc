//! Visitors: minted for a document of the frame, known to nobody until their first message.

use shared::id::VisitorId;
use shared::privacy::Secret;
use shared::wire::problem::Kind;
use shared::wire::widget::MintedVisitor;

use super::OpError;
use crate::app::App;
use crate::rules::{credential, origin};
use crate::store::scope::{BusinessScope, PublicScope, ThreadScope, VisitorScope};
use crate::store::site::Site;
use crate::store::token;

/// Mints a visitor's token for a host page on `origin`. Nothing is written.
///
/// Fails with `OriginRefused`. The origin is what a page says of itself: this catches mistakes; what defends is
/// `frame-ancestors`, rate limits and ceilings.
pub fn visitor_mint(app: &App, site: &Site, origin: &str) -> Result<MintedVisitor, OpError> {
    if !origin::is_allowed(&site.settings.allowed_origins, origin) && !app.config.is_own_origin(origin) {
        return Err(Kind::OriginRefused.into());
    }
    let now = app.clock.now();
    let visitor = VisitorId::mint(now, app.rng.bytes()?);
    let token = credential::visitor_token_mint(app.token_key()?, site.id, visitor, now);
    Ok(MintedVisitor { visitor, token })
}

/// What a visitor's token opens. Fails with `TokenMissing`, `TokenExpired`, or `NotFound` where the site is gone or
/// another one.
pub async fn visitor_open(app: &App, scope: &PublicScope, text: &str) -> Result<VisitorScope, OpError> {
    let proof = credential::visitor_token_open(app.token_key()?, text, app.clock.now())?;
    if proof.site != scope.site() {
        return Err(Kind::NotFound.into());
    }
    let site = app.site(proof.site).await?;
    Ok(VisitorScope { business: site.business, site: site.id, visitor: proof.visitor })
}

/// A token for a conversation of the business, and the hash that is kept of it.
pub fn token_mint(app: &App, business: &BusinessScope) -> Result<(Secret<String>, String), OpError> {
    let text = credential::conversation_token_mint(business.business(), app.rng.bytes()?);
    let hash = credential::token_hash(text.expose());
    Ok((text, hash))
}

/// Revokes a conversation's token: "End chat on this device".
pub async fn token_revoke(app: &App, scope: &ThreadScope, text: &str) -> Result<(), OpError> {
    let hash = credential::token_hash(text);
    app.shard(&scope.business)?.write(token::token_revoke(scope, &hash, app.clock.now())).await?;
    Ok(())
}

/// What a conversation's token opens. Fails with `TokenMissing` where it is no token of ours, and with `NotFound`
/// where it opens nothing here: unknown, revoked, past its 12 hours, or another conversation's.
pub async fn token_open(
    app: &App,
    conversation: shared::id::ConversationId,
    text: &str,
) -> Result<ThreadScope, OpError> {
    let business = credential::conversation_token_business(text).ok_or(Kind::TokenMissing)?;
    let business = app.business(business).await?.ok_or(Kind::NotFound)?;
    let shard = app.shard(&business)?;
    let hash = credential::token_hash(text);
    let now = app.clock.now();
    let opened =
        token::token_open(shard, &business, conversation, &hash, now).await?.ok_or(Kind::NotFound)?;
    if opened.stale {
        shard.write(token::token_touch(&opened.scope, &hash, now)).await?;
    }
    Ok(opened.scope)
}
