//! Being signed in: sessions begin, are checked with every request, and end. Whoever held a session before is rotated
//! out of it.

use shared::id::{AuditId, BusinessId, MailId, SessionId};
use shared::privacy::{Personal, Secret};
use shared::rules::usage::use_find;
use shared::wire::admin::account::{ChangeAccount, ChangePreferences, CountUse, Me, PendingEmail, Sessions};
use shared::wire::admin::account_request::OwnPurpose;
use shared::wire::problem::Kind;

use super::OpError;
use super::account::{account_key, account_open, email_change_open, email_finder, name_seal, name_take};
use super::account_request::objection_note;
use super::mail::{MailKind, NewMail, Recipient, mail_insert};
use crate::app::App;
use crate::platform::Statement;
use crate::rules::credential;
use crate::store::audit::{self, Action, Subject};
use crate::store::scope::{AccountScope, BusinessScope, OperatorScope};
use crate::store::session::{self, NewSession, OpenedSession};
use crate::store::{account, email_change, member, usage};

/// The browser that asks, as far as signing in needs to know it.
#[derive(Debug, Clone)]
pub struct Browser {
    /// What its cookie holds by which it is known again.
    pub token: Secret<String>,
    /// That cookie came along; otherwise it is new.
    pub is_known: bool,
    /// Browser and system, without version and place.
    pub device: String,
    /// The IP address.
    pub address: Option<Personal<String>>,
    /// The session's cookie that came along, whatever it is worth.
    pub session: Option<Secret<String>>,
}

impl Browser {
    /// What is kept of the cookie by which it is known again.
    pub(super) fn hash(&self) -> String {
        credential::token_hash(self.token.expose())
    }
}

/// What a session's cookie opens, and in which business if one is asked about. Fails with `SessionMissing`.
pub async fn session_open(
    app: &App,
    cookie: &str,
    business: Option<BusinessId>,
) -> Result<OpenedSession, OpError> {
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let hash = credential::token_hash(cookie);
    let opened = session::session_open(&app.directory, &operator, &hash, business, now).await?;
    let opened = opened.ok_or(Kind::SessionMissing)?;
    if opened.stale {
        app.directory.write(session::session_touch(&opened.account, opened.id, now)).await?;
    }
    Ok(opened)
}

/// Whoever is signed in runs this deployment.
pub async fn session_is_operator(app: &App, opened: &OpenedSession) -> Result<bool, OpError> {
    is_operator(app, &opened.email_finder).await
}

/// The address behind a keyed hash is the operator's.
pub(super) async fn is_operator(app: &App, finder: &str) -> Result<bool, OpError> {
    let Some(email) = &app.config.operator_email else { return Ok(false) };
    Ok(credential::same(&email_finder(app, email.expose()).await?, finder))
}

/// A session that begins: what goes into the cookie, and the statements of the batch that lets it begin. The session
/// that the browser held before ends, and a browser that was never seen before is told of by mail.
pub(super) async fn session_begin(
    app: &App,
    scope: &AccountScope,
    browser: &Browser,
) -> Result<(Secret<String>, Vec<Statement>), OpError> {
    let now = app.clock.now();
    let cookie = credential::opaque_mint(app.rng.bytes()?);
    let new = NewSession {
        id: SessionId::mint(now, app.rng.bytes()?),
        hash: credential::token_hash(cookie.expose()),
        device: browser.device.clone(),
        browser_hash: browser.hash(),
    };
    let mut batch = Vec::new();
    if let Some(held) = &browser.session {
        batch.push(session::session_hash_revoke(scope, &credential::token_hash(held.expose()), now));
    }
    batch.push(session::session_insert(scope, &new, now));
    batch.push(account_line(app, scope, None, Action::SignIn, Subject::new("session", new.id))?);
    if session::browser_is_new(&app.directory, scope, &new.browser_hash).await? {
        batch.push(mail_insert(&NewMail {
            id: MailId::mint(now, app.rng.bytes()?),
            kind: MailKind::NewDevice,
            recipient: Recipient::Account(scope.account()),
            business: None,
            about: Some(new.id.to_string()),
            now,
        }));
    }
    Ok((cookie, batch))
}

/// A line of the audit log about somebody's own account.
pub(super) fn account_line(
    app: &App,
    scope: &AccountScope,
    business: Option<BusinessId>,
    action: Action,
    subject: Subject,
) -> Result<Statement, OpError> {
    let now = app.clock.now();
    let id = AuditId::mint(now, app.rng.bytes()?);
    Ok(audit::account_line(scope, id, business, action, subject, now))
}

/// Who is signed in. `opted_out` is what the browser says on its own (promises K7, P7.1).
pub async fn me_read(
    app: &App,
    opened: &OpenedSession,
    csrf: Secret<String>,
    opted_out: bool,
) -> Result<Me, OpError> {
    let scope = &opened.account;
    let sealed = account::account_find(&app.directory, scope).await?.ok_or(Kind::SessionMissing)?;
    let contact = account_open(app, &sealed).await?.ok_or(Kind::SessionMissing)?;
    let change = match email_change::email_change_waiting(&app.directory, scope).await? {
        Some(change) => email_change_open(app, &change).await?.and_then(|(address, _)| {
            let effective_at = change.effective_at?;
            Some(PendingEmail { change: change.id, email: address.email, effective_at })
        }),
        None => None,
    };
    Ok(Me {
        account: scope.account(),
        name: contact.name,
        email: contact.email,
        locale: contact.locale,
        analytics: sealed.analytics && !opted_out, // keeps P7.1 | without: analytics: sealed.analytics,
        opted_out,
        operator: session_is_operator(app, opened).await?,
        memberships: member::memberships(&app.directory, scope).await?,
        email_change: change,
        csrf,
        session: opened.id,
    })
}

/// Changes one's own name and language. Fails with `ValueRefused`.
pub async fn account_change(app: &App, scope: &AccountScope, change: &ChangeAccount) -> Result<(), OpError> {
    let name = name_take(&change.name)?;
    let locale = super::account::locale_take(&change.locale);
    let sealed = account::account_find(&app.directory, scope).await?.ok_or(Kind::SessionMissing)?;
    let key = account_key(app, sealed.id, sealed.key, &sealed.key_commit).await?;
    let name = name_seal(app, &key, sealed.id, &name)?;
    app.directory.write(account::account_change(scope, name, locale)).await?;
    Ok(())
}

/// Records the choice about statistics of use. Nothing is counted without it.
pub async fn preferences_change(
    app: &App,
    scope: &AccountScope,
    change: ChangePreferences,
) -> Result<(), OpError> {
    let subject = Subject::new("account", scope.account());
    let line = account_line(app, scope, None, Action::PreferenceChange, subject)?;
    let now = app.clock.now();
    if !change.analytics {
        // Taken back: a backup from before must not count as consent again.
        objection_note(app, scope, OwnPurpose::Statistics, now).await?;
    }
    let change = account::analytics_change(scope, change.analytics, now);
    app.directory.batch(vec![change, line]).await?;
    Ok(())
}

/// Counts a use of the dashboard, where somebody agreed to it and their browser does not object. What they used is added to
/// the day's sum; that it was they is kept nowhere (promises P2.3, P7.1, K7). Fails with `ValueRefused`.
pub async fn use_count(
    app: &App,
    scope: &AccountScope,
    counted: &CountUse,
    opted_out: bool,
) -> Result<(), OpError> {
    let name = use_find(&counted.name).ok_or(Kind::ValueRefused)?;
    if !opted_out {
        app.directory.write(usage::use_count(scope, name, app.clock.now())).await?;
    }
    Ok(())
}

/// Ends the session that a browser holds, if it holds one; whose it was.
pub async fn cookies_clear(app: &App, browser: &Browser) -> Result<Option<AccountScope>, OpError> {
    let Some(held) = &browser.session else { return Ok(None) };
    match session_open(app, held.expose(), None).await {
        Ok(opened) => {
            session_revoke(app, &opened.account, opened.id).await?;
            Ok(Some(opened.account))
        }
        Err(OpError::Denied(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The businesses that somebody belongs to: where sockets of theirs may be open.
pub async fn businesses_of(app: &App, scope: &AccountScope) -> Result<Vec<BusinessScope>, OpError> {
    let mut found = Vec::new();
    for membership in member::memberships(&app.directory, scope).await? {
        found.extend(app.business(membership.business).await?);
    }
    Ok(found)
}

/// The devices that are signed in.
pub async fn sessions_list(app: &App, opened: &OpenedSession) -> Result<Sessions, OpError> {
    let now = app.clock.now();
    let sessions = session::sessions_list(&app.directory, &opened.account, opened.id, now).await?;
    Ok(Sessions { sessions })
}

/// Signs a device out. Fails with `NotFound` where it is not one of the account's.
pub async fn session_revoke(app: &App, scope: &AccountScope, id: SessionId) -> Result<(), OpError> {
    let revoke = session::session_revoke(scope, id, app.clock.now());
    let found: Option<serde_json::Value> = app.directory.row(revoke).await?;
    found.ok_or(Kind::NotFound)?;
    let line = account_line(app, scope, None, Action::SessionRevoke, Subject::new("session", id))?;
    app.directory.write(line).await?;
    Ok(())
}
