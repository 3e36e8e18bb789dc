//! People who sign in. Names and addresses leave here as they stand: sealed.

use serde::Deserialize;
use shared::id::{AccountId, CodeId, SlabId};
use shared::time::Millis;

use super::scope::{AccountScope, OperatorScope};
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

/// Finds the active account of an address. The first word about the state is the index's, the second is what is asked.
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
