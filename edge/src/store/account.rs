//! People who sign in. Names and addresses leave here as they stand: sealed.

use serde::Deserialize;
use shared::id::{AccountId, CodeId, InvitationId, SlabId};
use shared::time::Millis;

use super::scope::{AccountScope, BusinessScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// An account, sealed.
#[derive(Debug, Clone)]
pub struct SealedAccount {
    /// Whose.
    pub id: AccountId,
    /// Their language.
    pub locale: String,
    /// The keyed hash of the address, which its ciphertext is bound to.
    pub email_finder: String,
    /// The key.
    pub key: KeyRef,
    /// What proves the key.
    pub key_commit: Vec<u8>,
    /// The name, sealed.
    pub name: Vec<u8>,
    /// The address, sealed.
    pub email: Vec<u8>,
    /// They agreed to statistics of use.
    pub analytics: bool,
}

#[derive(Deserialize)]
struct AccountRow {
    id: AccountId,
    locale: String,
    email_finder: String,
    slab: SlabId,
    slot: u16,
    commit16: Vec<u8>,
    name: Vec<u8>,
    email: Vec<u8>,
    analytics: i64,
}

impl From<AccountRow> for SealedAccount {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.id,
            locale: row.locale,
            email_finder: row.email_finder,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            name: row.name,
            email: row.email,
            analytics: row.analytics != 0,
        }
    }
}

/// Finds an account.
pub const ACCOUNT_FIND: &str = "
SELECT account.id
     , account.locale
     , account.email_finder
     , account.slab
     , account.slot
     , seal_key.commit16
     , account.name
     , account.email
     , account.analytics
FROM account
JOIN seal_key ON seal_key.slab = account.slab AND seal_key.slot = account.slot
WHERE account.id = ?1
  AND account.state <> 'deleting'
";

/// An account that is not being deleted.
pub async fn account_find(directory: &Db, scope: &AccountScope) -> Result<Option<SealedAccount>, DbFault> {
    let row: Option<AccountRow> =
        directory.row(Statement::new(ACCOUNT_FIND, [scope.account().into()])).await?;
    Ok(row.map(SealedAccount::from))
}

/// Finds the active account of an address.
pub const ACCOUNT_BY_EMAIL: &str = "
SELECT id
FROM account
WHERE email_finder = ?1
  AND state <> 'pending'
  AND state = 'active'
";

/// The active account of an address. Knowing an address proves nothing: the caller has a code mailed to it.
pub async fn account_by_email(
    directory: &Db,
    _scope: &OperatorScope,
    email_finder: &str,
) -> Result<Option<AccountId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: AccountId,
    }
    let row: Option<Row> = directory.row(Statement::new(ACCOUNT_BY_EMAIL, [email_finder.into()])).await?;
    Ok(row.map(|row| row.id))
}

/// Whether an account is pending or active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// The address is not proved yet.
    Pending,
    /// It is.
    Active,
}

/// Adds an account.
pub const ACCOUNT_INSERT: &str = "
INSERT INTO account (id, state, locale, email_finder, slab, slot, name, email, created_at, verified_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
";

/// The statement that adds an account. The statement of its key comes before it in the batch.
pub fn account_insert(new: &SealedAccount, state: AccountState, now: Millis) -> Statement {
    let active = state == AccountState::Active;
    Statement::new(
        ACCOUNT_INSERT,
        [
            new.id.into(),
            if active { "active" } else { "pending" }.into(),
            new.locale.as_str().into(),
            new.email_finder.as_str().into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.name.clone().into(),
            new.email.clone().into(),
            now.into(),
            active.then_some(now).into(),
        ],
    )
}

/// Makes a pending account active.
pub const ACCOUNT_ACTIVATE: &str = "
UPDATE account
SET state = 'active'
  , verified_at = ?2
WHERE id = ?1
  AND state = 'pending'
";

/// The statement that makes a pending account active. Fails with `Duplicate` where another one has the address.
pub fn account_activate(scope: &AccountScope, now: Millis) -> Statement {
    Statement::new(ACCOUNT_ACTIVATE, [scope.account().into(), now.into()])
}

/// Changes name and language.
pub const ACCOUNT_CHANGE: &str = "
UPDATE account
SET name = ?2
  , locale = ?3
WHERE id = ?1
";

/// The statement that changes name and language. The name is sealed under the account's key.
pub fn account_change(scope: &AccountScope, name: Vec<u8>, locale: &str) -> Statement {
    Statement::new(ACCOUNT_CHANGE, [scope.account().into(), name.into(), locale.into()])
}

/// Changes the choice about statistics.
pub const ANALYTICS_CHANGE: &str = "
UPDATE account
SET analytics = ?2
  , analytics_at = ?3
WHERE id = ?1
";

/// The statement that records the choice about statistics of use.
pub fn analytics_change(scope: &AccountScope, analytics: bool, now: Millis) -> Statement {
    Statement::new(ANALYTICS_CHANGE, [scope.account().into(), analytics.into(), now.into()])
}

/// Replaces the address.
pub const EMAIL_REPLACE: &str = "
UPDATE account
SET email = ?2
  , email_finder = ?3
WHERE id = ?1
  AND state = 'active'
  AND EXISTS (
      SELECT 1
      FROM email_change
      WHERE email_change.id = ?4
        AND email_change.account = ?1
        AND email_change.stopped_at IS NULL
        AND email_change.done_at IS NULL
  )
";

/// The statement that replaces the address, unless the change was stopped meanwhile. Fails with `Duplicate` where
/// another account has it.
pub fn email_replace(scope: &AccountScope, change: CodeId, email: Vec<u8>, email_finder: &str) -> Statement {
    Statement::new(EMAIL_REPLACE, [scope.account().into(), email.into(), email_finder.into(), change.into()])
}

/// A new address on its way, sealed.
#[derive(Debug, Clone)]
pub struct SealedEmailChange {
    /// Which change: the code that proves the address.
    pub id: CodeId,
    /// Whose.
    pub account: AccountId,
    /// The keyed hash of the new address.
    pub email_finder: String,
    /// The key.
    pub key: KeyRef,
    /// What proves the key.
    pub key_commit: Vec<u8>,
    /// The address, sealed.
    pub email: Vec<u8>,
    /// When it replaces the old one, once it is proved.
    pub effective_at: Option<Millis>,
}

#[derive(Deserialize)]
struct EmailChangeRow {
    id: CodeId,
    account: AccountId,
    email_finder: String,
    slab: SlabId,
    slot: u16,
    commit16: Vec<u8>,
    email: Vec<u8>,
    effective_at: Option<Millis>,
}

impl From<EmailChangeRow> for SealedEmailChange {
    fn from(row: EmailChangeRow) -> Self {
        Self {
            id: row.id,
            account: row.account,
            email_finder: row.email_finder,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            email: row.email,
            effective_at: row.effective_at,
        }
    }
}

/// Finds a change of address that nobody stopped.
pub const EMAIL_CHANGE_FIND: &str = "
SELECT email_change.id
     , email_change.account
     , email_change.email_finder
     , email_change.slab
     , email_change.slot
     , seal_key.commit16
     , email_change.email
     , email_change.effective_at
FROM email_change
JOIN seal_key ON seal_key.slab = email_change.slab AND seal_key.slot = email_change.slot
WHERE email_change.id = ?1
  AND email_change.stopped_at IS NULL
";

/// A change of address that nobody stopped, by its code.
pub async fn email_change_find(
    directory: &Db,
    _scope: &OperatorScope,
    id: CodeId,
) -> Result<Option<SealedEmailChange>, DbFault> {
    let row: Option<EmailChangeRow> = directory.row(Statement::new(EMAIL_CHANGE_FIND, [id.into()])).await?;
    Ok(row.map(SealedEmailChange::from))
}

/// Finds the change of address that waits.
pub const EMAIL_CHANGE_WAITING: &str = "
SELECT email_change.id
     , email_change.account
     , email_change.email_finder
     , email_change.slab
     , email_change.slot
     , seal_key.commit16
     , email_change.email
     , email_change.effective_at
FROM email_change
JOIN seal_key ON seal_key.slab = email_change.slab AND seal_key.slot = email_change.slot
WHERE email_change.account = ?1
  AND email_change.confirmed_at IS NOT NULL
  AND email_change.stopped_at IS NULL
  AND email_change.done_at IS NULL
ORDER BY email_change.created_at DESC
LIMIT 1
";

/// The change of address of an account that is proved and waits.
pub async fn email_change_waiting(
    directory: &Db,
    scope: &AccountScope,
) -> Result<Option<SealedEmailChange>, DbFault> {
    let row: Option<EmailChangeRow> =
        directory.row(Statement::new(EMAIL_CHANGE_WAITING, [scope.account().into()])).await?;
    Ok(row.map(SealedEmailChange::from))
}

/// Finds changes of address whose time has come.
pub const EMAIL_CHANGES_DUE: &str = "
SELECT email_change.id
     , email_change.account
     , email_change.email_finder
     , email_change.slab
     , email_change.slot
     , seal_key.commit16
     , email_change.email
     , email_change.effective_at
FROM email_change
JOIN seal_key ON seal_key.slab = email_change.slab AND seal_key.slot = email_change.slot
WHERE email_change.effective_at <= ?1
  AND email_change.stopped_at IS NULL
  AND email_change.done_at IS NULL
ORDER BY email_change.effective_at
LIMIT ?2
";

/// Changes of address whose time has come, oldest first.
pub async fn email_changes_due(
    directory: &Db,
    _scope: &OperatorScope,
    now: Millis,
    limit: u32,
) -> Result<Vec<SealedEmailChange>, DbFault> {
    let rows: Vec<EmailChangeRow> =
        directory.rows(Statement::new(EMAIL_CHANGES_DUE, [now.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(SealedEmailChange::from).collect())
}

/// Adds a change of address.
pub const EMAIL_CHANGE_INSERT: &str = "
INSERT INTO email_change (id, account, email_finder, slab, slot, email, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
";

/// The statement that adds a change of address, not proved yet.
pub fn email_change_insert(new: &SealedEmailChange, now: Millis) -> Statement {
    Statement::new(
        EMAIL_CHANGE_INSERT,
        [
            new.id.into(),
            new.account.into(),
            new.email_finder.as_str().into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.email.clone().into(),
            now.into(),
        ],
    )
}

/// Stops every change of address of an account that is under way.
pub const EMAIL_CHANGES_STOP: &str = "
UPDATE email_change
SET stopped_at = ?2
WHERE account = ?1
  AND stopped_at IS NULL
  AND done_at IS NULL
  AND id <> ?3
";

/// The statement that stops every change of address under way but `except`.
pub fn email_changes_stop(scope: &AccountScope, except: Option<CodeId>, now: Millis) -> Statement {
    let except = except.map(|id| id.to_string()).unwrap_or_default();
    Statement::new(EMAIL_CHANGES_STOP, [scope.account().into(), now.into(), except.into()])
}

/// Notes that a new address is proved.
pub const EMAIL_CHANGE_CONFIRM: &str = "
UPDATE email_change
SET confirmed_at = ?2
  , effective_at = ?3
WHERE id = ?1
  AND stopped_at IS NULL
  AND confirmed_at IS NULL
";

/// The statement that notes that a new address is proved, and from when on it serves.
pub fn email_change_confirm(id: CodeId, now: Millis, effective_at: Millis) -> Statement {
    Statement::new(EMAIL_CHANGE_CONFIRM, [id.into(), now.into(), effective_at.into()])
}

/// Notes that an address was replaced.
pub const EMAIL_CHANGE_DONE: &str = "
UPDATE email_change
SET done_at = ?2
WHERE id = ?1
  AND done_at IS NULL
";

/// The statement that notes that an address was replaced, or that it could not be and never will.
pub fn email_change_done(id: CodeId, now: Millis) -> Statement {
    Statement::new(EMAIL_CHANGE_DONE, [id.into(), now.into()])
}

/// Forgets changes of address.
pub const EMAIL_CHANGES_FORGET: &str = "
DELETE FROM email_change
WHERE id IN (SELECT id FROM email_change WHERE created_at <= ?1 ORDER BY created_at LIMIT ?2)
RETURNING id
";

/// The statement that forgets up to `limit` changes of address that were asked for until `before`.
pub fn email_changes_forget(_scope: &OperatorScope, before: Millis, limit: u32) -> Statement {
    Statement::new(EMAIL_CHANGES_FORGET, [before.into(), limit.into()])
}

/// Condemns the keys of sign-ups that nobody confirmed.
pub const PENDING_CONDEMN: &str = "
UPDATE seal_key
SET state = 1
WHERE state = 0
  AND owner_kind = 'account'
  AND owner IN (
      SELECT id FROM account WHERE state = 'pending' AND created_at <= ?1 ORDER BY created_at LIMIT ?2
  )
";

/// Deletes what those sign-ups asked for.
pub const PENDING_SIGN_UPS_DELETE: &str = "
DELETE FROM sign_up
WHERE account IN (
    SELECT id FROM account WHERE state = 'pending' AND created_at <= ?1 ORDER BY created_at LIMIT ?2
)
";

/// Deletes those accounts.
pub const PENDING_DELETE: &str = "
DELETE FROM account
WHERE id IN (SELECT id FROM account WHERE state = 'pending' AND created_at <= ?1 ORDER BY created_at LIMIT ?2)
RETURNING id
";

/// The statements that forget up to `limit` sign-ups which nobody confirmed, made until `before`. Their keys are condemned
/// first; the last statement returns a row for each.
pub fn pending_forget(_scope: &OperatorScope, before: Millis, limit: u32) -> Vec<Statement> {
    [PENDING_CONDEMN, PENDING_SIGN_UPS_DELETE, PENDING_DELETE]
        .map(|sql| Statement::new(sql, [before.into(), limit.into()]))
        .to_vec()
}

/// An invitation's address, sealed.
#[derive(Debug, Clone)]
pub struct SealedContact {
    /// Whose key it is under.
    pub business: BusinessScope,
    /// The language of the mail.
    pub locale: String,
    /// The keyed hash of the address.
    pub email_finder: String,
    /// The key.
    pub key: KeyRef,
    /// What proves the key.
    pub key_commit: Vec<u8>,
    /// The address, sealed.
    pub email: Vec<u8>,
}

/// Finds the address behind an open invitation.
pub const INVITATION_CONTACT: &str = "
SELECT invitation.business
     , business.shard
     , invitation.locale
     , invitation.email_finder
     , invitation.slab
     , invitation.slot
     , seal_key.commit16
     , invitation.email
FROM invitation
JOIN business ON business.id = invitation.business
JOIN seal_key ON seal_key.slab = invitation.slab AND seal_key.slot = invitation.slot
WHERE invitation.id = ?1
  AND invitation.revoked_at IS NULL
  AND business.state = 'active'
";

/// The address behind an invitation that was not revoked.
pub async fn invitation_contact(
    directory: &Db,
    _scope: &OperatorScope,
    id: InvitationId,
) -> Result<Option<SealedContact>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        business: shared::id::BusinessId,
        shard: u32,
        locale: String,
        email_finder: String,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        email: Vec<u8>,
    }
    let row: Option<Row> = directory.row(Statement::new(INVITATION_CONTACT, [id.into()])).await?;
    Ok(row.map(|row| SealedContact {
        business: BusinessScope::new(row.business, row.shard as usize),
        locale: row.locale,
        email_finder: row.email_finder,
        key: KeyRef { slab: row.slab, slot: row.slot },
        key_commit: row.commit16,
        email: row.email,
    }))
}
