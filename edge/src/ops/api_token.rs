//! Tokens for the API: made, shown once, used, revoked.

use shared::id::{ApiTokenId, MailId};
use shared::limits::{API_TOKEN_DAYS, API_TOKENS, NAME_CHARACTERS};
use shared::rules::person::line_text;
use shared::time::DAY_MS;
use shared::wire::admin::token::{ApiToken, ApiTokens, MadeApiToken, MakeApiToken};
use shared::wire::problem::Kind;

use super::OpError;
use super::journal::{Act, journal_put};
use super::mail::{MailKind, NewMail, Recipient, batch_commit, mail_insert};
use super::team::{line, line_about};
use crate::app::App;
use crate::rules::credential;
use crate::sealing::KeyScope;
use crate::store::api_token::{self, OpenedToken};
use crate::store::audit::{Action, Detail, Subject};
use crate::store::scope::{MemberScope, OperatorScope};

/// What a token opens. Fails with `TokenMissing` where it is unknown, revoked or over, or its maker has left.
pub async fn token_open(app: &App, text: &str) -> Result<OpenedToken, OpError> {
    if !credential::is_api_token(text) {
        return Err(Kind::TokenMissing.into());
    }
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let hash = credential::token_hash(text);
    let opened =
        api_token::token_open(&app.directory, &operator, &hash, now).await?.ok_or(Kind::TokenMissing)?;
    if let (true, Some(id)) = (opened.stale, opened.scope.token) {
        app.directory.write(api_token::token_touch(&opened.scope, id, now)).await?;
    }
    Ok(opened)
}

/// The living tokens of a business.
pub async fn tokens_list(app: &App, scope: &MemberScope) -> Result<ApiTokens, OpError> {
    Ok(ApiTokens { tokens: api_token::tokens_list(&app.directory, scope, app.clock.now()).await? })
}

/// Makes a token and tells its maker by mail. This answer is the only place where it is ever shown.
///
/// Fails with `ValueRefused` where it has no name, no scope, or no end within a year, and with `TooMany`.
pub async fn token_make(
    app: &App,
    scope: &MemberScope,
    request: &MakeApiToken,
) -> Result<MadeApiToken, OpError> {
    let now = app.clock.now();
    let name = line_text(&request.name, NAME_CHARACTERS).ok_or(Kind::ValueRefused)?;
    if request.scopes.is_empty() || !(1..=API_TOKEN_DAYS).contains(&request.days) {
        return Err(Kind::ValueRefused.into());
    }
    let mut scopes = request.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    if api_token::tokens_list(&app.directory, scope, now).await?.len() >= API_TOKENS as usize {
        return Err(Kind::TooMany.into());
    }
    let about = ApiToken {
        id: ApiTokenId::mint(now, app.rng.bytes()?),
        name,
        scopes,
        created_by: scope.account.account(),
        created_at: now,
        expires_at: now.plus_ms(i64::from(request.days).saturating_mul(DAY_MS)),
        last_used_at: None,
    };
    let days = format!("{} days", request.days);
    let rights: Vec<String> = about
        .scopes
        .iter()
        .filter_map(|scope| serde_json::to_value(scope).ok()?.as_str().map(str::to_owned))
        .chain([days])
        .collect();
    let rights = Detail::what(rights.join(", "));
    let token = credential::api_token_mint(app.rng.bytes()?);
    let hash = credential::token_hash(token.expose());
    batch_commit(
        app,
        vec![
            api_token::token_insert(scope, &hash, &about),
            line_about(app, scope, Action::TokenMake, Subject::new("token", about.id), rights)?,
            mail_insert(&NewMail {
                id: MailId::mint(now, app.rng.bytes()?),
                kind: MailKind::NewToken,
                recipient: Recipient::Account(scope.account.account()),
                business: Some(scope.business.business()),
                about: Some(about.id.to_string()),
                now,
            }),
        ],
    )
    .await?;
    Ok(MadeApiToken { token, about })
}

/// Revokes a token, from now on. Fails with `NotFound`.
pub async fn token_revoke(app: &App, scope: &MemberScope, id: ApiTokenId) -> Result<(), OpError> {
    let found: Option<serde_json::Value> =
        app.directory.row(api_token::token_revoke(scope, id, app.clock.now())).await?;
    found.ok_or(Kind::NotFound)?;
    let act = Act::TokenRevoked { token: id, at: app.clock.now() };
    journal_put(app, KeyScope::Accounts, &id.to_string(), &act, app.clock.now()).await?;
    app.directory.write(line(app, scope, Action::TokenRevoke, Subject::new("token", id))?).await?;
    Ok(())
}
