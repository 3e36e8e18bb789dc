//! Signing up and signing in by a code that is mailed to an address. Whether an address is somebody's shows neither in
//! the answer nor in what is done for it: a stranger gets a code that opens nothing.

use shared::id::{AccountId, CodeId, MailId};
use shared::limits::{CODE_MS, CODES_ASKER_HOUR, CODES_DAY, CODES_HOUR};
use shared::privacy::Secret;
use shared::time::{HOUR_MS, SECOND_MS};
use shared::wire::admin::business::DocumentKind;
use shared::wire::admin::sign_in::{CodeAsked, CodeGiven, SignIn, SignUp, SignUpMode};
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;

use super::OpError;
use super::account::{Address, account_compose, address_take, business_name_take, locale_take, name_take};
use super::business::{NewHouse, business_open};
use super::mail::{MailKind, NewMail, Recipient, batch_commit, mail_insert, suppression_lift};
use super::session::{Browser, is_operator, session_begin};
use crate::app::App;
use crate::platform::{DbFault, Statement};
use crate::rules::{credential, document, first_settings};
use crate::store::account::{self, AccountState};
use crate::store::business::{self, SignUpRow};
use crate::store::code::{self, NewCode, Purpose};
use crate::store::scope::{AccountScope, OperatorScope};

/// What a code is asked for, and for whom.
pub(super) struct Wanted<'a> {
    pub(super) purpose: Purpose,
    pub(super) account: Option<AccountId>,
    pub(super) address: &'a Address,
    /// The mail that carries the digits. `None` where nobody gets one.
    pub(super) mail: Option<MailKind>,
    /// Goes to a new address instead of the account's.
    pub(super) to_new_address: bool,
}

/// Refuses an address that asks for too many codes, or that is asked for too often: known or not makes no difference.
pub(super) async fn codes_admit(app: &App, address: &Address, browser: &Browser) -> Result<(), OpError> {
    let asker = asker(app, browser)?;
    let operator = OperatorScope::of_deployment();
    let counts =
        code::codes_count(&app.directory, &operator, &address.finder, &asker, app.clock.now()).await?;
    if counts.hour >= CODES_HOUR || counts.day >= CODES_DAY || counts.asker_hour >= CODES_ASKER_HOUR {
        let wait_s = u32::try_from(HOUR_MS / SECOND_MS / 4).unwrap_or(900);
        return Err(OpError::rate_limited(wait_s));
    }
    Ok(())
}

fn asker(app: &App, browser: &Browser) -> Result<String, OpError> {
    let address = browser.address.as_ref().map(|address| address.expose().as_str()).unwrap_or_default();
    Ok(app.token_key()?.fingerprint("asker", address))
}

/// A code, and the statements that add it and its mail.
pub(super) fn code_compose(
    app: &App,
    browser: &Browser,
    wanted: &Wanted<'_>,
) -> Result<(CodeAsked, Vec<Statement>), OpError> {
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let id = CodeId::mint(now, app.rng.bytes()?);
    let new = NewCode {
        id,
        purpose: wanted.purpose,
        account: wanted.account,
        email_finder: wanted.address.finder.clone(),
        nonce_hash: browser.hash(),
        asker: asker(app, browser)?,
    };
    let mut batch = vec![code::code_insert(&operator, &new, now)];
    if let (Some(kind), Some(account)) = (wanted.mail, wanted.account) {
        let recipient =
            if wanted.to_new_address { Recipient::EmailChange(id) } else { Recipient::Account(account) };
        let mail_id = MailId::mint(now, app.rng.bytes()?);
        let about = Some(id.to_string());
        batch.push(mail_insert(&NewMail { id: mail_id, kind, recipient, business: None, about, now }));
    }
    Ok((CodeAsked { code: id, expires_at: now.plus_ms(CODE_MS) }, batch))
}

/// Asks for a code to sign in with. Fails with `ValueRefused` where mail could not reach the address, and with
/// `RateLimited`; an address that nobody has gets the same answer as one that somebody has.
pub async fn sign_in_ask(app: &App, browser: &Browser, request: &SignIn) -> Result<CodeAsked, OpError> {
    let address = address_take(app, &request.email).await?;
    codes_admit(app, &address, browser).await?;
    let operator = OperatorScope::of_deployment();
    let account = account::account_by_email(&app.directory, &operator, &address.finder).await?;
    let wanted = Wanted {
        purpose: Purpose::SignIn,
        account,
        address: &address,
        mail: Some(MailKind::SignInCode),
        to_new_address: false,
    };
    let (asked, batch) = code_compose(app, browser, &wanted)?;
    batch_commit(app, batch).await?;
    Ok(asked)
}

/// Asks to sign up. Where the address has an account, the code signs in to it, and the mail says so.
///
/// Fails with `SignUpClosed`, `DocumentsStale`, `ValueRefused`, `RateLimited`.
pub async fn sign_up_ask(app: &App, browser: &Browser, request: &SignUp) -> Result<CodeAsked, OpError> {
    let name = name_take(&request.name)?;
    let business_name = business_name_take(&request.business)?;
    let address = address_take(app, &request.email).await?;
    let locale = locale_take(&request.locale);
    if app.config.sign_up == SignUpMode::Invite && !is_operator(app, &address.finder).await? {
        return Err(Kind::SignUpClosed.into());
    }
    if !document::agreement_holds(&request.agreement) {
        return Err(Kind::DocumentsStale.into());
    }
    codes_admit(app, &address, browser).await?;
    let operator = OperatorScope::of_deployment();
    let known = account::account_by_email(&app.directory, &operator, &address.finder).await?;
    // Sealed in both cases, so that a known address does not answer sooner. A key that is not used is waste, not harm.
    let (sealed, key_insert) = account_compose(app, &name, &address, locale).await?;
    let mut batch = Vec::new();
    if known.is_none() {
        let now = app.clock.now();
        let row = SignUpRow {
            business_name,
            kind: request.kind,
            country: first_settings::country(locale).to_owned(),
            terms: document::document_mark(DocumentKind::Terms).clone(),
            dpa: document::document_mark(DocumentKind::Dpa).clone(),
        };
        batch.push(key_insert);
        batch.push(account::account_insert(&sealed, AccountState::Pending, now));
        batch.push(business::sign_up_insert(sealed.id, &row, now));
    }
    let wanted = Wanted {
        purpose: if known.is_some() { Purpose::SignIn } else { Purpose::SignUp },
        account: Some(known.unwrap_or(sealed.id)),
        address: &address,
        mail: Some(if known.is_some() { MailKind::AlreadySignedUp } else { MailKind::SignUpCode }),
        to_new_address: false,
    };
    let (asked, code) = code_compose(app, browser, &wanted)?;
    batch.extend(code);
    batch_commit(app, batch).await?;
    Ok(asked)
}

/// Tries a code: the try is counted first, then the digits are compared, then the code is used up. Tells whose it is.
/// Fails with `CodeRefused`, whatever was wrong.
pub(super) async fn code_redeem(
    app: &App,
    browser: &Browser,
    given: &CodeGiven,
    purposes: &[Purpose],
) -> Result<(AccountScope, Purpose), OpError> {
    let (now, operator) = (app.clock.now(), OperatorScope::of_deployment());
    let tried = code::code_try(&app.directory, &operator, given.code, &browser.hash(), now).await?;
    let digits: String = given.digits.expose().chars().filter(char::is_ascii_digit).take(7).collect();
    let right = credential::same(credential::code_derive(app.token_key()?, given.code).expose(), &digits);
    let tried = tried.filter(|tried| right && purposes.contains(&tried.purpose)).ok_or(Kind::CodeRefused)?;
    let scope = AccountScope::new(tried.account.ok_or(Kind::CodeRefused)?);
    if !code::code_use(&app.directory, &scope, given.code, now).await? {
        return Err(Kind::CodeRefused.into());
    }
    Ok((scope, tried.purpose))
}

/// Signs in with a code; a sign-up that it confirms opens its business. Gives what goes into the session's cookie.
/// Fails with `CodeRefused`.
pub async fn code_sign_in(
    app: &App,
    browser: &Browser,
    given: &CodeGiven,
) -> Result<Secret<String>, OpError> {
    let (scope, purpose) = code_redeem(app, browser, given, &[Purpose::SignIn, Purpose::SignUp]).await?;
    let mut batch = Vec::new();
    if purpose == Purpose::SignUp {
        batch = sign_up_finish(app, &scope).await?;
    } else if account::account_find(&app.directory, &scope).await?.is_none() {
        // The account went while the code was under way.
        return Err(Kind::CodeRefused.into());
    }
    let (cookie, session) = session_begin(app, &scope, browser).await?;
    batch.extend(session);
    batch.push(suppression_lift(given.code, app.clock.now()));
    match batch_commit(app, batch).await {
        Ok(_) => Ok(cookie),
        // Two sign-ups of one address were under way, and the other came first: signing in reaches it.
        Err(DbFault::Duplicate) => Err(Kind::CodeRefused.into()),
        Err(fault) => Err(fault.into()),
    }
}

async fn sign_up_finish(app: &App, scope: &AccountScope) -> Result<Vec<Statement>, OpError> {
    let asked = business::sign_up_find(&app.directory, scope).await?.ok_or(Kind::CodeRefused)?;
    let sealed = account::account_find(&app.directory, scope).await?.ok_or(Kind::CodeRefused)?;
    let house = NewHouse {
        name: asked.business_name,
        kind: asked.kind,
        country: asked.country,
        locale: sealed.locale,
        terms: asked.terms,
        dpa: asked.dpa,
        role: Role::Owner,
    };
    let mut batch = vec![account::account_activate(scope, app.clock.now()), business::sign_up_delete(scope)];
    let (_, opening) = business_open(app, scope, &house).await?;
    batch.extend(opening);
    Ok(batch)
}
