//! Names and addresses of people who sign in, between words and ciphertext; and whom a mail reaches.

use shared::id::{AccountId, CodeId, InvitationId};
use shared::limits::NAME_CHARACTERS;
use shared::privacy::Personal;
use shared::rules::language::{LANGUAGES, language_choose};
use shared::rules::person::{email_normalise, line_text};
use shared::wire::problem::Kind;

use super::{Fault, OpError};
use crate::app::App;
use crate::platform::Statement;
use crate::rules::credential::TokenKey;
use crate::sealing::{Cell, Column, KeyOwner, KeyRef, KeyScope, SealFault, SealingKey};
use crate::store::account::{self, SealedAccount};
use crate::store::email_change::{self, SealedEmailChange};
use crate::store::invitation;
use crate::store::scope::{AccountScope, BusinessScope, OperatorScope};

/// Whom a mail reaches, opened for the moment of sending.
#[derive(Debug, Clone)]
pub struct Contact {
    /// The address, as it was typed.
    pub email: Personal<String>,
    /// The name; empty where nobody knows it yet.
    pub name: Personal<String>,
    /// The language to write in.
    pub locale: String,
}

/// An address in the two forms that are needed: as it was typed, and hashed for finding.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) email: Personal<String>,
    pub(super) finder: String,
}

/// The keyed hash by which a normalised address is found. Its key hangs on the root that all account users share, so
/// that it stays the same when the master key is rotated.
pub async fn email_finder(app: &App, normal: &str) -> Result<String, OpError> {
    finder(app, "email", normal).await
}

/// The keyed hash by which something exact is found. What is hashed as one kind of thing is never found as another.
pub(super) async fn finder(app: &App, what: &str, value: &str) -> Result<String, OpError> {
    let key = TokenKey::new(app.keyring.accounts_key("lq/finder").await?);
    Ok(key.fingerprint(what, value))
}

/// Takes an address. Fails with `ValueRefused` where mail could not reach it.
pub(super) async fn address_take(app: &App, email: &Personal<String>) -> Result<Address, OpError> {
    let normal = email_normalise(email.expose()).ok_or(Kind::ValueRefused)?;
    let finder = email_finder(app, &normal).await?;
    Ok(Address { email: Personal::new(email.expose().trim().to_owned()), finder })
}

fn text(bytes: &[u8]) -> Result<Personal<String>, OpError> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::Platform("a sealed text is no text".into()))?;
    Ok(Personal::new(text.to_owned()))
}

/// Seals an account's name.
pub(super) fn name_seal(
    app: &App,
    key: &SealingKey,
    account: AccountId,
    name: &Personal<String>,
) -> Result<Vec<u8>, OpError> {
    let row = account.to_string();
    let cell =
        Cell { column: Column::AccountName, scope: KeyScope::Accounts, row: row.as_bytes(), bound: &[] };
    Ok(key.seal(cell, name.expose().as_bytes(), &app.rng)?)
}

/// Seals an account's address.
pub(super) fn email_seal(
    app: &App,
    key: &SealingKey,
    account: AccountId,
    address: &Address,
) -> Result<Vec<u8>, OpError> {
    let row = account.to_string();
    let bound: [&[u8]; 1] = [address.finder.as_bytes()];
    let cell =
        Cell { column: Column::AccountEmail, scope: KeyScope::Accounts, row: row.as_bytes(), bound: &bound };
    Ok(key.seal(cell, address.email.expose().as_bytes(), &app.rng)?)
}

/// A new account, sealed under a key of its own. The statement comes first in the batch.
pub(super) async fn account_compose(
    app: &App,
    name: &Personal<String>,
    address: &Address,
    locale: &str,
) -> Result<(SealedAccount, Statement), OpError> {
    let id = AccountId::mint(app.clock.now(), app.rng.bytes()?);
    // Where nobody has signed up before, the root that all account users share is not there yet.
    app.keyring.root_mint(KeyScope::Accounts).await?;
    let (key, insert) =
        app.keyring.key_lease(&app.directory, KeyScope::Accounts, &KeyOwner::Account(id)).await?;
    let sealed = SealedAccount {
        id,
        locale: locale.to_owned(),
        email_finder: address.finder.clone(),
        key: key.reference(),
        key_commit: Vec::new(),
        name: name_seal(app, &key, id, name)?,
        email: email_seal(app, &key, id, address)?,
        analytics: false,
    };
    Ok((sealed, insert))
}

/// The key of an account.
pub(super) async fn account_key(
    app: &App,
    account: AccountId,
    key: KeyRef,
    commit: &[u8],
) -> Result<SealingKey, SealFault> {
    let owner = KeyOwner::Account(account);
    app.keyring.key_open(&app.directory, KeyScope::Accounts, key, &owner, commit).await
}

/// Opens name and address. `None` where the account was erased since the row was read.
pub(super) async fn account_open(app: &App, sealed: &SealedAccount) -> Result<Option<Contact>, OpError> {
    let key = match account_key(app, sealed.id, sealed.key, &sealed.key_commit).await {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let row = sealed.id.to_string();
    let scope = KeyScope::Accounts;
    let name = Cell { column: Column::AccountName, scope, row: row.as_bytes(), bound: &[] };
    let bound: [&[u8]; 1] = [sealed.email_finder.as_bytes()];
    let email = Cell { column: Column::AccountEmail, scope, row: row.as_bytes(), bound: &bound };
    Ok(Some(Contact {
        name: text(&key.open(name, &sealed.name)?)?,
        email: text(&key.open(email, &sealed.email)?)?,
        locale: sealed.locale.clone(),
    }))
}

/// Whom a mail to an account reaches. `None` where there is none, or it is being deleted.
pub async fn account_contact(app: &App, account: AccountId) -> Result<Option<Contact>, OpError> {
    let Some(sealed) = account::account_find(&app.directory, &AccountScope::new(account)).await? else {
        return Ok(None);
    };
    account_open(app, &sealed).await
}

fn change_cell<T>(
    account: AccountId,
    change: CodeId,
    finder: &str,
    use_cell: impl FnOnce(Cell<'_>) -> T,
) -> T {
    let (row, account) = (change.to_string(), account.to_bytes());
    let bound: [&[u8]; 2] = [&account, finder.as_bytes()];
    use_cell(Cell {
        column: Column::EmailChangeEmail,
        scope: KeyScope::Accounts,
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Seals a new address for a change of it.
pub(super) fn email_change_seal(
    app: &App,
    key: &SealingKey,
    account: AccountId,
    change: CodeId,
    address: &Address,
) -> Result<Vec<u8>, OpError> {
    let plain = address.email.expose().as_bytes();
    Ok(change_cell(account, change, &address.finder, |cell| key.seal(cell, plain, &app.rng))?)
}

/// Opens the new address of a change. `None` where the account was erased.
pub(super) async fn email_change_open(
    app: &App,
    sealed: &SealedEmailChange,
) -> Result<Option<(Address, SealingKey)>, OpError> {
    let key = match account_key(app, sealed.account, sealed.key, &sealed.key_commit).await {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let email =
        change_cell(sealed.account, sealed.id, &sealed.email_finder, |cell| key.open(cell, &sealed.email))?;
    Ok(Some((Address { email: text(&email)?, finder: sealed.email_finder.clone() }, key)))
}

/// Whom the code of a change of address reaches: the new address. `None` where it was stopped.
pub async fn email_change_contact(app: &App, change: CodeId) -> Result<Option<Contact>, OpError> {
    let operator = OperatorScope::of_deployment();
    let Some(sealed) = email_change::email_change_find(&app.directory, &operator, change).await? else {
        return Ok(None);
    };
    let (Some((address, _)), Some(contact)) =
        (email_change_open(app, &sealed).await?, account_contact(app, sealed.account).await?)
    else {
        return Ok(None);
    };
    Ok(Some(Contact { email: address.email, ..contact }))
}

fn invitation_cell<T>(
    business: &BusinessScope,
    invitation: InvitationId,
    finder: &str,
    use_cell: impl FnOnce(Cell<'_>) -> T,
) -> T {
    let row = invitation.to_string();
    let bound: [&[u8]; 1] = [finder.as_bytes()];
    use_cell(Cell {
        column: Column::InvitationEmail,
        scope: business.into(),
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Seals an invited address under a key of the business.
pub(super) fn invitation_seal(
    app: &App,
    key: &SealingKey,
    business: &BusinessScope,
    invitation: InvitationId,
    address: &Address,
) -> Result<Vec<u8>, OpError> {
    let plain = address.email.expose().as_bytes();
    Ok(invitation_cell(business, invitation, &address.finder, |cell| key.seal(cell, plain, &app.rng))?)
}

/// Opens an invited address. `None` where the business was erased.
pub(super) async fn invitation_open(
    app: &App,
    business: &BusinessScope,
    invitation: InvitationId,
    sealed: &invitation::SealedContact,
) -> Result<Option<Personal<String>>, OpError> {
    let owner = KeyOwner::Business(business.business());
    let key = app.keyring.key_open(&app.directory, business, sealed.key, &owner, &sealed.key_commit).await;
    let key = match key {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let email =
        invitation_cell(business, invitation, &sealed.email_finder, |cell| key.open(cell, &sealed.email))?;
    text(&email).map(Some)
}

/// Whom an invitation reaches. `None` where it was revoked. Nobody knows a name yet.
pub async fn invitation_contact(app: &App, invitation: InvitationId) -> Result<Option<Contact>, OpError> {
    let operator = OperatorScope::of_deployment();
    let Some(sealed) = invitation::invitation_contact(&app.directory, &operator, invitation).await? else {
        return Ok(None);
    };
    let email = invitation_open(app, &sealed.business, invitation, &sealed).await?;
    Ok(email.map(|email| Contact { email, name: Personal::default(), locale: sealed.locale }))
}

/// Takes a person's name. Fails with `ValueRefused`.
pub(super) fn name_take(name: &Personal<String>) -> Result<Personal<String>, OpError> {
    Ok(Personal::new(line_text(name.expose(), NAME_CHARACTERS).ok_or(Kind::ValueRefused)?))
}

/// Takes a business's name. Fails with `ValueRefused`.
pub(super) fn business_name_take(name: &str) -> Result<String, OpError> {
    Ok(line_text(name, NAME_CHARACTERS).ok_or(Kind::ValueRefused)?)
}

/// The language of the interface that fits best.
pub(super) fn locale_take(locale: &str) -> &'static str {
    language_choose(&[locale], &LANGUAGES)
}
