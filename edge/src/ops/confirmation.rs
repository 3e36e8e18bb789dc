//! The receipt of an account's or a business's erasure reaches whoever asked for it: their address and the nonce are
//! sealed apart when the erasure is written down, one letter goes when it is receipted, and then that key is destroyed.

use serde::{Deserialize, Serialize};
use shared::id::{AccountId, ErasureId, MailId};
use shared::privacy::{Personal, Secret};
use shared::time::Millis;

use super::account::{Contact, account_contact};
use super::mail::{MailKind, NewMail, Recipient, mail_insert};
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::Statement;
use crate::sealing::{Cell, Column, KeyOwner, KeyScope, SealFault};
use crate::store::erasure_contact::{self as store, NewConfirmation, SealedConfirmation};
use crate::store::scope::OperatorScope;

/// Whom a receipt goes to.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Whoever asked for the erasure.
    pub account: AccountId,
    /// The business that goes, by its name; `None` where it is the account itself.
    pub business: Option<String>,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    email: Personal<String>,
    name: Personal<String>,
    nonce: String,
    business: Option<String>,
}

/// What the letter with a receipt needs, opened for the moment of sending.
pub(super) struct Confirmation {
    /// Whom it reaches.
    pub contact: Contact,
    /// What the receipt is read with.
    pub nonce: Secret<String>,
    /// The business that went, by its name.
    pub business: Option<String>,
}

fn with_cell<T>(erasure: ErasureId, account: AccountId, use_cell: impl FnOnce(Cell<'_>) -> T) -> T {
    let (row, account) = (erasure.to_string(), account.to_bytes());
    let bound: [&[u8]; 1] = [&account];
    use_cell(Cell {
        column: Column::ErasureContact,
        scope: KeyScope::Accounts,
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// The statements that keep the holder's address and nonce apart, for the batch that writes the erasure down. None where
/// nobody can open the address any more.
pub(super) async fn confirmation_keep(
    app: &App,
    erasure: ErasureId,
    nonce: &Secret<String>,
    holder: &Holder,
    now: Millis,
) -> Result<Vec<Statement>, OpError> {
    let Some(contact) = account_contact(app, holder.account).await? else { return Ok(Vec::new()) };
    let kept = Kept {
        email: contact.email,
        name: contact.name,
        nonce: nonce.expose().clone(),
        business: holder.business.clone(),
    };
    let plain = serde_json::to_vec(&kept).map(zeroize::Zeroizing::new);
    let plain = plain.map_err(|_| Fault::Platform("a confirmation did not serialise".into()))?;
    let owner = KeyOwner::Erasure(erasure);
    let (key, insert) = app.keyring.key_lease(&app.directory, KeyScope::Accounts, &owner).await?;
    let sealed = with_cell(erasure, holder.account, |cell| key.seal(cell, &plain, &app.rng))?;
    let new = NewConfirmation {
        erasure,
        account: holder.account,
        locale: contact.locale,
        key: key.reference(),
        contact: sealed,
        now,
    };
    Ok(vec![insert, store::erasure_contact_insert(&OperatorScope::of_deployment(), new)])
}

/// Whom the receipt of an erasure reaches, and what opens it. `None` once the letter has gone.
pub(super) async fn confirmation_find(
    app: &App,
    erasure: ErasureId,
) -> Result<Option<Confirmation>, OpError> {
    let scope = OperatorScope::of_deployment();
    let Some(sealed) = store::erasure_contact_find(&app.directory, &scope, erasure).await? else {
        return Ok(None);
    };
    let SealedConfirmation { account, locale, key, key_commit, contact } = sealed;
    let owner = KeyOwner::Erasure(erasure);
    let key = app.keyring.key_open(&app.directory, KeyScope::Accounts, key, &owner, &key_commit).await;
    let key = match key {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let plain = with_cell(erasure, account, |cell| key.open(cell, &contact))?;
    let kept: Kept = serde_json::from_slice(&plain)
        .map_err(|_| Fault::Platform("a confirmation has an unknown shape".into()))?;
    Ok(Some(Confirmation {
        contact: Contact { email: kept.email, name: kept.name, locale },
        nonce: Secret::new(kept.nonce),
        business: kept.business,
    }))
}

/// The statement that adds the letter with a receipt, for the batch that signs it. The same receipt is the same letter.
pub(super) fn confirmation_mail(app: &App, erasure: ErasureId, now: Millis) -> Result<Statement, OpError> {
    let derived = app.token_key()?.derive("receipt letter", &[&erasure.to_bytes()]);
    Ok(mail_insert(&NewMail {
        id: MailId::from_bytes(derived),
        kind: MailKind::DeletionReceipt,
        recipient: Recipient::Erasure(erasure),
        business: None,
        about: Some(erasure.to_string()),
        now,
    }))
}

/// Forgets whom a receipt went to, and destroys the key: the letter has gone, or never will.
pub(super) async fn confirmation_forget(app: &App, erasure: ErasureId) -> Result<(), OpError> {
    let scope = OperatorScope::of_deployment();
    let Some(sealed) = store::erasure_contact_find(&app.directory, &scope, erasure).await? else {
        return Ok(());
    };
    app.directory.write(store::erasure_contact_drop(&scope, erasure)).await?;
    // It is condemned with its row; where this fails, the job destroys it within minutes.
    if let Err(fault) = app.keyring.keys_destroy(&app.directory, KeyScope::Accounts, sealed.key.slab).await {
        log::failed(app, "confirmation", &fault.into());
    }
    Ok(())
}
