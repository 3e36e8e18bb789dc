//! Codes that prove whose conversation it is, without an account and without a cookie: the way from the chat to its
//! privacy centre, and the way back into the chat. A code is looked up by its hash, and nothing that was guessed tells
//! how near it came.

use shared::id::SiteId;
use shared::limits::HAND_OVER_MS;
use shared::wire::privacy::{HandOver, OpenedByCode, ResumeCode};
use shared::wire::problem::Kind;

use super::visitor::token_mint;
use super::{Fault, OpError};
use crate::app::App;
use crate::rules::credential::{privacy_code_grouped, privacy_code_mint, privacy_code_read, token_hash};
use crate::store::privacy_code::{self, CodeKind};
use crate::store::scope::ThreadScope;
use crate::store::token;
use shared::privacy::Secret;

/// A code that hands the conversation over to its privacy centre: once, within two minutes. The newest one counts.
pub async fn hand_over_make(app: &App, scope: &ThreadScope) -> Result<HandOver, OpError> {
    let now = app.clock.now();
    let code = privacy_code_mint(app.rng.bytes()?);
    let expires_at = now.plus_ms(HAND_OVER_MS);
    let put = privacy_code::code_put(scope, CodeKind::HandOver, &token_hash(code.expose()), now, expires_at);
    app.shard(&scope.business)?.batch(put.into()).await?;
    let path = Secret::new(format!("/privacy/{}#{}", scope.site, code.expose()));
    Ok(HandOver { path, expires_at })
}

/// A code that leads back into the conversation for as long as a message of today is kept. A new one replaces the one
/// before.
pub async fn resume_make(app: &App, scope: &ThreadScope) -> Result<ResumeCode, OpError> {
    let now = app.clock.now();
    let code = privacy_code_mint(app.rng.bytes()?);
    let until = app.site(scope.site).await?.limit().until(now);
    let put = privacy_code::code_put(scope, CodeKind::Resume, &token_hash(code.expose()), now, until);
    app.shard(&scope.business)?.batch(put.into()).await?;
    Ok(ResumeCode { code: privacy_code_grouped(&code), until })
}

/// What a code opens. Fails with `CodeRefused`, whatever is wrong with it.
pub async fn code_open(app: &App, site: SiteId, text: &str) -> Result<OpenedByCode, OpError> {
    let now = app.clock.now();
    let site = app.site(site).await?;
    let code = privacy_code_read(text).ok_or(Kind::CodeRefused)?;
    let shard = app.shard(&site.business)?;
    let hash = token_hash(code.expose());
    let opened = privacy_code::code_use(shard, &site.business, site.id, &hash, now).await?;
    let scope = opened.ok_or(Kind::CodeRefused)?;
    let (token, hash) = token_mint(app, &scope.business)?;
    let added = shard.write(token::token_insert(&scope, &hash, now)).await;
    added.map_err(|fault| OpError::Fault(Fault::Db(fault)))?;
    Ok(OpenedByCode { conversation: scope.conversation, token })
}
