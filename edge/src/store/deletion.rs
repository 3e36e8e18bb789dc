//! Deletions of accounts and businesses: asked for, cancelled, reminded of, begun, done. The rows stay for two years as
//! proof; they hold ids and times.

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, DeletionId};
use shared::time::Millis;

use super::scope::{AccountScope, BusinessScope, MemberScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};

/// A deletion.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DeletionRow {
    /// Which.
    pub id: DeletionId,
    /// Who asked, and who is told.
    pub account: AccountId,
    /// The business that goes; `None` where it is the account itself.
    pub business: Option<BusinessId>,
    /// When it was asked for.
    pub asked_at: Millis,
    /// When it happens.
    pub due_at: Millis,
    /// How many reminders went out.
    pub reminded: u32,
    /// When it was cancelled.
    pub cancelled_at: Option<Millis>,
    /// When it began.
    pub begun_at: Option<Millis>,
    /// When it was done.
    pub done_at: Option<Millis>,
}

/// Adds a deletion. A second one that is open for the same thing is a duplicate.
pub const DELETION_INSERT: &str = "
INSERT INTO deletion (id, account, business, asked_at, due_at)
VALUES (?1, ?2, ?3, ?4, ?5)
";

/// The statement that adds a deletion. Fails with `Duplicate` where one is open already.
pub fn deletion_insert(
    scope: &AccountScope,
    id: DeletionId,
    business: Option<BusinessId>,
    now: Millis,
    due_at: Millis,
) -> Statement {
    Statement::new(
        DELETION_INSERT,
        [id.into(), scope.account().into(), business.into(), now.into(), due_at.into()],
    )
}

/// Lists what an account asked for and what has not happened.
pub const DELETIONS_OF_ACCOUNT: &str = "
SELECT id
     , account
     , business
     , asked_at
     , due_at
     , reminded
     , cancelled_at
     , begun_at
     , done_at
FROM deletion
WHERE account = ?1
  AND cancelled_at IS NULL
  AND done_at IS NULL
ORDER BY asked_at
LIMIT 100
";

/// The open deletions of an account.
pub async fn deletions_of_account(directory: &Db, scope: &AccountScope) -> Result<Vec<DeletionRow>, DbFault> {
    directory.rows(Statement::new(DELETIONS_OF_ACCOUNT, [scope.account().into()])).await
}

/// Cancels the deletion of an account.
pub const ACCOUNT_DELETION_CANCEL: &str = "
UPDATE deletion
SET cancelled_at = ?2
WHERE account = ?1
  AND business IS NULL
  AND cancelled_at IS NULL
  AND done_at IS NULL
  AND begun_at IS NULL
RETURNING id
";

/// Cancels the deletion of a business.
pub const BUSINESS_DELETION_CANCEL: &str = "
UPDATE deletion
SET cancelled_at = ?2
WHERE business = ?1
  AND cancelled_at IS NULL
  AND done_at IS NULL
  AND begun_at IS NULL
RETURNING id
";

/// The statement that cancels the deletion of an account; it returns a row where there was one that had not begun.
pub fn account_deletion_cancel(scope: &AccountScope, now: Millis) -> Statement {
    Statement::new(ACCOUNT_DELETION_CANCEL, [scope.account().into(), now.into()])
}

/// The statement that cancels the deletion of a business; it returns a row where there was one that had not begun.
pub fn business_deletion_cancel(scope: &MemberScope, now: Millis) -> Statement {
    Statement::new(BUSINESS_DELETION_CANCEL, [scope.business.business().into(), now.into()])
}

/// Finds a deletion.
pub const DELETION_FIND: &str = "
SELECT id
     , account
     , business
     , asked_at
     , due_at
     , reminded
     , cancelled_at
     , begun_at
     , done_at
FROM deletion
WHERE id = ?1
";

/// One deletion.
pub async fn deletion_find(
    directory: &Db,
    _scope: &OperatorScope,
    id: DeletionId,
) -> Result<Option<DeletionRow>, DbFault> {
    directory.row(Statement::new(DELETION_FIND, [id.into()])).await
}

/// Lists deletions that are near and lack a reminder.
pub const DELETIONS_TO_REMIND: &str = "
SELECT id
     , account
     , business
     , asked_at
     , due_at
     , reminded
     , cancelled_at
     , begun_at
     , done_at
FROM deletion
WHERE cancelled_at IS NULL
  AND done_at IS NULL
  AND begun_at IS NULL
  AND due_at <= ?1
  AND reminded < CASE WHEN due_at <= ?2 THEN 2 ELSE 1 END
ORDER BY due_at
LIMIT ?3
";

/// Open deletions due by `first` without their first reminder, or by `second` without their second.
pub async fn deletions_to_remind(
    directory: &Db,
    _scope: &OperatorScope,
    first: Millis,
    second: Millis,
    limit: u32,
) -> Result<Vec<DeletionRow>, DbFault> {
    directory.rows(Statement::new(DELETIONS_TO_REMIND, [first.into(), second.into(), limit.into()])).await
}

/// Notes how many reminders went out.
pub const DELETION_REMINDED: &str = "
UPDATE deletion
SET reminded = ?2
WHERE id = ?1
  AND reminded < ?2
";

/// The statement that notes how many reminders went out.
pub fn deletion_reminded(_scope: &OperatorScope, id: DeletionId, reminded: u32) -> Statement {
    Statement::new(DELETION_REMINDED, [id.into(), reminded.into()])
}

/// Lists deletions whose grace is over.
pub const DELETIONS_DUE: &str = "
SELECT id
     , account
     , business
     , asked_at
     , due_at
     , reminded
     , cancelled_at
     , begun_at
     , done_at
FROM deletion
WHERE cancelled_at IS NULL
  AND done_at IS NULL
  AND due_at <= ?1 -- keeps P4.6 | without: AND ?1 > 0
ORDER BY due_at
LIMIT ?2
";

/// Deletions whose grace is over at `now`, the longest over first.
pub async fn deletions_due(
    directory: &Db,
    _scope: &OperatorScope,
    now: Millis,
    limit: u32,
) -> Result<Vec<DeletionRow>, DbFault> {
    directory.rows(Statement::new(DELETIONS_DUE, [now.into(), limit.into()])).await
}

/// Cancels the deletion of a business to which others belong by now, or which whoever asked does not own any more.
pub const DELETION_OVERTAKEN: &str = "
UPDATE deletion
SET cancelled_at = ?2
WHERE id = ?1
  AND business IS NOT NULL
  AND begun_at IS NULL
  AND cancelled_at IS NULL
  AND (EXISTS (
           SELECT 1 FROM membership
           WHERE membership.business = deletion.business AND membership.account <> deletion.account
       )
       OR NOT EXISTS (
           SELECT 1 FROM membership
           WHERE membership.business = deletion.business
             AND membership.account = deletion.account
             AND membership.role = 'owner'
       ))
RETURNING id
";

/// The statement that cancels the deletion of a business which is not its asker's alone any more; it returns a row where
/// it was so.
pub fn deletion_overtaken(_scope: &OperatorScope, id: DeletionId, now: Millis) -> Statement {
    Statement::new(DELETION_OVERTAKEN, [id.into(), now.into()])
}

/// Cancels the deletion of an account that had not begun.
pub const ACCOUNT_DELETION_OVERTAKEN: &str = "
UPDATE deletion
SET cancelled_at = ?2
WHERE id = ?1
  AND business IS NULL
  AND begun_at IS NULL
  AND cancelled_at IS NULL
RETURNING id
";

/// The statement that cancels the deletion of an account to whose business others belong by now; it returns a row where it
/// had not begun.
pub fn account_deletion_overtaken(_scope: &OperatorScope, id: DeletionId, now: Millis) -> Statement {
    Statement::new(ACCOUNT_DELETION_OVERTAKEN, [id.into(), now.into()])
}

/// Notes that a deletion began.
pub const DELETION_BEGUN: &str = "
UPDATE deletion
SET begun_at = ?2
WHERE id = ?1
  AND begun_at IS NULL
  AND cancelled_at IS NULL
RETURNING id
";

/// The statement that begins a deletion, unless it was cancelled; from then on it can't be.
pub fn deletion_begin(_scope: &OperatorScope, id: DeletionId, now: Millis) -> Statement {
    Statement::new(DELETION_BEGUN, [id.into(), now.into()])
}

/// Finds how far the erasure of something is.
pub const ERASURE_OF: &str = "
SELECT state
FROM erasure
WHERE subject = ?1
ORDER BY requested_at DESC
LIMIT 1
";

/// How far the erasure of an account or a business is. `None` where none was begun.
pub async fn erasure_state(
    directory: &Db,
    _scope: &OperatorScope,
    subject: &str,
) -> Result<Option<String>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        state: String,
    }
    let row: Option<Row> = directory.row(Statement::new(ERASURE_OF, [subject.into()])).await?;
    Ok(row.map(|row| row.state))
}

/// Looks for a letter that is on its way.
pub const LETTER_WAITS: &str = "
SELECT id
FROM mail
WHERE recipient = ?1
  AND about = ?2
  AND kind = 'deletion_done'
  AND state IN ('queued', 'sending')
";

/// Whether the letter about a deletion has not left yet.
pub async fn letter_waits(
    directory: &Db,
    _scope: &OperatorScope,
    deletion: &DeletionRow,
) -> Result<bool, DbFault> {
    let values = [deletion.account.into(), deletion.id.into()];
    let row: Option<serde_json::Value> = directory.row(Statement::new(LETTER_WAITS, values)).await?;
    Ok(row.is_some())
}

/// Finds where a business lives, whatever its state.
pub const BUSINESS_PLACE: &str = "
SELECT shard
FROM business
WHERE id = ?1
";

/// The scope of a business, whatever its state. `None` once its row is gone.
pub async fn business_place(
    directory: &Db,
    _scope: &OperatorScope,
    business: BusinessId,
) -> Result<Option<BusinessScope>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        shard: usize,
    }
    let row: Option<Row> = directory.row(Statement::new(BUSINESS_PLACE, [business.into()])).await?;
    Ok(row.map(|row| BusinessScope::new(business, row.shard)))
}

/// Notes that a deletion was done.
pub const DELETION_DONE: &str = "
UPDATE deletion
SET done_at = ?2
WHERE id = ?1
  AND begun_at IS NOT NULL
";

/// The statement that notes that a deletion was done.
pub fn deletion_done(_scope: &OperatorScope, id: DeletionId, now: Millis) -> Statement {
    Statement::new(DELETION_DONE, [id.into(), now.into()])
}

/// Finds the name of a business, whatever its state.
pub const BUSINESS_NAMED: &str = "
SELECT name
FROM business
WHERE id = ?1
";

/// The name of a business, while its row is there.
pub async fn business_name(
    directory: &Db,
    _scope: &OperatorScope,
    business: BusinessId,
) -> Result<Option<String>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    let row: Option<Row> = directory.row(Statement::new(BUSINESS_NAMED, [business.into()])).await?;
    Ok(row.map(|row| row.name))
}

/// Forgets deletions that ended long ago.
pub const DELETIONS_FORGET: &str = "
DELETE FROM deletion
WHERE id IN (
    SELECT id
    FROM deletion
    WHERE asked_at <= ?1
      AND (cancelled_at IS NOT NULL OR done_at IS NOT NULL)
    ORDER BY asked_at
    LIMIT ?2
)
RETURNING id
";

/// The statement that forgets up to `limit` deletions that ended and were asked for by `before`.
pub fn deletions_forget(_scope: &OperatorScope, before: Millis, limit: u32) -> Statement {
    Statement::new(DELETIONS_FORGET, [before.into(), limit.into()])
}
