//! Changes of address: asked for, proved, waiting, stopped or done. Addresses leave here as they stand: sealed.

use serde::Deserialize;
use shared::id::{AccountId, CodeId, SlabId};
use shared::time::Millis;

use super::scope::{AccountScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

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
