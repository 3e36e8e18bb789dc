//! Changing one's address. A code proves the new one; then two days pass in which the old one can stop it, so that a
//! thief with a session can't take the account, and so that somebody who lost their mailbox still can change it.

use shared::id::MailId;
use shared::limits::EMAIL_CHANGE_MS;
use shared::time::Millis;
use shared::wire::admin::account::{ChangeEmail, EmailConfirmed, StopEmailChange};
use shared::wire::admin::sign_in::{CodeAsked, CodeGiven};
use shared::wire::problem::Kind;

use super::OpError;
use super::account::{account_key, address_take, email_change_open, email_change_seal, email_seal};
use super::mail::{MailKind, NewMail, Recipient, batch_commit, mail_insert, suppression_lift};
use super::session::{Browser, account_line};
use super::sign_in::{Wanted, code_compose, code_redeem, codes_admit};
use crate::app::App;
use crate::platform::{DbFault, Statement};
use crate::rules::credential;
use crate::store::account;
use crate::store::audit::{Action, Subject};
use crate::store::code::Purpose;
use crate::store::email_change::{self, SealedEmailChange};
use crate::store::scope::{AccountScope, OperatorScope};
use crate::store::session::{self, OpenedSession};

/// Asks to change one's address: a code goes to the new one. Whether somebody has that address already shows nowhere.
///
/// Fails with `ValueRefused` where mail could not reach it or it is the one that is there, and with `RateLimited`.
pub async fn email_change_ask(
    app: &App,
    opened: &OpenedSession,
    browser: &Browser,
    request: &ChangeEmail,
) -> Result<CodeAsked, OpError> {
    let (scope, operator) = (&opened.account, OperatorScope::of_deployment());
    let address = address_take(app, &request.email).await?;
    if address.finder == opened.email_finder {
        return Err(Kind::ValueRefused.into());
    }
    codes_admit(app, &address, browser).await?;
    let taken = account::account_by_email(&app.directory, &operator, &address.finder).await?.is_some();
    let sealed = account::account_find(&app.directory, scope).await?.ok_or(Kind::SessionMissing)?;
    let key = account_key(app, sealed.id, sealed.key, &sealed.key_commit).await?;
    let wanted = Wanted {
        purpose: Purpose::ChangeEmail,
        account: (!taken).then_some(sealed.id),
        address: &address,
        mail: (!taken).then_some(MailKind::EmailChangeCode),
        to_new_address: true,
    };
    let (asked, mut batch) = code_compose(app, browser, &wanted)?;
    let email = email_change_seal(app, &key, sealed.id, asked.code, &address)?;
    if !taken {
        let change = SealedEmailChange {
            id: asked.code,
            account: sealed.id,
            email_finder: address.finder.clone(),
            key: key.reference(),
            key_commit: Vec::new(),
            email,
            effective_at: None,
        };
        batch.push(email_change::email_change_insert(&change, app.clock.now()));
    }
    batch_commit(app, batch).await?;
    Ok(asked)
}

fn mail(app: &App, kind: MailKind, change: &SealedEmailChange) -> Result<Statement, OpError> {
    let now = app.clock.now();
    Ok(mail_insert(&NewMail {
        id: MailId::mint(now, app.rng.bytes()?),
        kind,
        recipient: Recipient::Account(change.account),
        business: None,
        about: Some(change.id.to_string()),
        now,
    }))
}

/// Proves the new address. It replaces the old one in two days; the old one is told, with a link that stops it. Any
/// other change that was under way ends. Fails with `CodeRefused`.
pub async fn email_change_confirm(
    app: &App,
    opened: &OpenedSession,
    browser: &Browser,
    given: &CodeGiven,
) -> Result<EmailConfirmed, OpError> {
    let (scope, purpose) = code_redeem(app, browser, given, &[Purpose::ChangeEmail]).await?;
    if scope != opened.account || purpose != Purpose::ChangeEmail {
        return Err(Kind::CodeRefused.into());
    }
    let operator = OperatorScope::of_deployment();
    let found = email_change::email_change_find(&app.directory, &operator, given.code).await?;
    let change = found.filter(|change| change.account == scope.account()).ok_or(Kind::CodeRefused)?;
    let now = app.clock.now();
    let effective_at = now.plus_ms(EMAIL_CHANGE_MS);
    let batch = vec![
        email_change::email_changes_stop(&scope, Some(change.id), now),
        email_change::email_change_confirm(change.id, now, effective_at),
        account_line(app, &scope, None, Action::EmailConfirm, Subject::new("code", change.id))?,
        suppression_lift(given.code, now),
        mail(app, MailKind::EmailChanging, &change)?,
    ];
    batch_commit(app, batch).await?;
    Ok(EmailConfirmed { effective_at })
}

/// Stops a change of one's own address. Where there is none, nothing happens.
pub async fn email_change_stop(app: &App, scope: &AccountScope) -> Result<(), OpError> {
    let now = app.clock.now();
    let subject = Subject::new("account", scope.account());
    app.directory
        .batch(vec![
            email_change::email_changes_stop(scope, None, now),
            account_line(app, scope, None, Action::EmailStop, subject)?,
        ])
        .await?;
    Ok(())
}

/// Stops a change by the link that was mailed to the old address, and signs the account out everywhere: whoever asked
/// for the change may sit in one of its sessions. Answers whose it was. Fails with `LinkRefused`.
pub async fn email_change_stop_by_link(app: &App, link: &StopEmailChange) -> Result<AccountScope, OpError> {
    let token = credential::email_stop_token_derive(app.token_key()?, link.change);
    if !credential::same(token.expose(), link.token.expose()) {
        return Err(Kind::LinkRefused.into());
    }
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let found = email_change::email_change_find(&app.directory, &operator, link.change).await?;
    let waits = |change: &SealedEmailChange| change.effective_at.is_some_and(|at| at > now);
    let change = found.filter(waits).ok_or(Kind::LinkRefused)?;
    let scope = AccountScope::new(change.account);
    app.directory
        .batch(vec![
            email_change::email_changes_stop(&scope, None, now),
            session::sessions_revoke(&scope, now),
            account_line(app, &scope, None, Action::EmailStop, Subject::new("code", change.id))?,
        ])
        .await?;
    Ok(scope)
}

/// Replaces an address whose time has come. Safe to repeat.
pub async fn email_change_apply(app: &App, change: &SealedEmailChange, now: Millis) -> Result<(), OpError> {
    let scope = AccountScope::new(change.account);
    let done = email_change::email_change_done(change.id, now);
    let Some((address, key)) = email_change_open(app, change).await? else {
        app.directory.write(done).await?;
        return Ok(());
    };
    let email = email_seal(app, &key, change.account, &address)?;
    let batch = vec![
        account::email_replace(&scope, change.id, email, &address.finder),
        done.clone(),
        account_line(app, &scope, None, Action::EmailChange, Subject::new("code", change.id))?,
        mail(app, MailKind::EmailChanged, change)?,
    ];
    match batch_commit(app, batch).await {
        Ok(_) => Ok(()),
        // Somebody else has the address by now: the old one stays.
        Err(DbFault::Duplicate) => Ok(app.directory.write(done).await?),
        Err(fault) => Err(fault.into()),
    }
}
