//! How far an erasure is: found by its job, leased, and taken from step to step. Both tables have the columns that are used
//! here, so each statement serves both.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::id::{BusinessId, ErasureId, SlabId};
use shared::rules::subject::SubjectKind;
use shared::time::Millis;

use super::erasure::{Counts, ErasureState};
use super::scope::OperatorScope;
use super::subject::Subjects;
use crate::platform::{Db, DbFault, Statement};

/// An erasure that is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenErasure {
    /// Which.
    pub id: ErasureId,
    /// The business; absent for an account.
    pub business: Option<BusinessId>,
    /// Whom it is about.
    pub kind: SubjectKind,
    /// Their id.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// How far it is.
    pub state: ErasureState,
    /// Everybody who is meant, as written down when it began.
    pub subjects: Subjects,
    /// Rows found when it began.
    pub counts: Counts,
    /// Rows deleted.
    pub deleted: Counts,
    /// What the last look found.
    pub remaining: Counts,
    /// Epochs of the slabs as they were read back.
    pub slabs: Counts,
    /// What the holder's nonce hashes to.
    pub commitment: Option<String>,
    /// When it was asked for.
    pub requested_at: Millis,
    /// When its keys were destroyed, if they are.
    pub keyless_at: Option<Millis>,
    /// When a second look found nothing, if one did.
    pub verified_at: Option<Millis>,
}

/// Lists erasures that are not done and that nobody works on, oldest first; those that wait for the end of a hold come last.
pub const ERASURES_OPEN: &str = "
SELECT id
     , business
FROM erasure
WHERE state <> 'receipted'
  AND (state <> 'verified' OR ?3)
  AND lease_until <= ?1
ORDER BY waits IS 'hold', requested_at
LIMIT ?2
";

/// Up to `limit` erasures to go on with, each with the business that it is in. Those that are verified are among them
/// where `can_sign`.
pub async fn erasures_open(
    db: &Db,
    _scope: &OperatorScope,
    now: Millis,
    limit: u32,
    can_sign: bool,
) -> Result<Vec<(ErasureId, Option<BusinessId>)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ErasureId,
        business: Option<BusinessId>,
    }
    let rows: Vec<Row> =
        db.rows(Statement::new(ERASURES_OPEN, [now.into(), limit.into(), can_sign.into()])).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.business)).collect())
}

/// Takes hold of an erasure.
pub const ERASURE_LEASE: &str = "
UPDATE erasure
SET lease_until = ?3
WHERE id = ?1
  AND lease_until <= ?2
  AND state <> 'receipted'
RETURNING id
";

/// Lets go of it.
pub const ERASURE_RELEASE: &str = "
UPDATE erasure
SET lease_until = 0
WHERE id = ?1
  AND lease_until = ?2
";

/// Takes hold of an erasure until `until`; tells whether nobody else holds it. It only saves double work.
pub async fn erasure_lease(
    db: &Db,
    _scope: &OperatorScope,
    id: ErasureId,
    now: Millis,
    until: Millis,
) -> Result<bool, DbFault> {
    let values = [id.into(), now.into(), until.into()];
    Ok(db.row::<serde_json::Value>(Statement::new(ERASURE_LEASE, values)).await?.is_some())
}

/// Lets go of an erasure that is held until `until`.
pub async fn erasure_release(
    db: &Db,
    _scope: &OperatorScope,
    id: ErasureId,
    until: Millis,
) -> Result<(), DbFault> {
    db.write(Statement::new(ERASURE_RELEASE, [id.into(), until.into()])).await
}

/// Reads an erasure.
pub const ERASURE_READ: &str = "
SELECT id
     , business
     , subject_kind
     , subject
     , reason
     , state
     , subjects
     , counts
     , deleted
     , remaining
     , slabs
     , commitment
     , requested_at
     , keyless_at
     , verified_at
FROM erasure
WHERE id = ?1
";

/// An erasure as it stands. `None` where there is none.
pub async fn erasure_read(
    db: &Db,
    _scope: &OperatorScope,
    id: ErasureId,
) -> Result<Option<OpenErasure>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ErasureId,
        business: Option<BusinessId>,
        subject_kind: SubjectKind,
        subject: String,
        reason: String,
        state: ErasureState,
        subjects: String,
        counts: String,
        deleted: String,
        remaining: String,
        slabs: String,
        commitment: Option<String>,
        requested_at: Millis,
        keyless_at: Option<Millis>,
        verified_at: Option<Millis>,
    }
    fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbFault> {
        serde_json::from_str(text).map_err(|fault| DbFault::Failed(format!("an erasure's row: {fault}")))
    }
    let row: Option<Row> = db.row(Statement::new(ERASURE_READ, [id.into()])).await?;
    row.map(|row| {
        Ok(OpenErasure {
            id: row.id,
            business: row.business,
            kind: row.subject_kind,
            subject: row.subject,
            reason: row.reason,
            state: row.state,
            subjects: read(&row.subjects)?,
            counts: read(&row.counts)?,
            deleted: read(&row.deleted)?,
            remaining: read(&row.remaining)?,
            slabs: read(&row.slabs)?,
            commitment: row.commitment,
            requested_at: row.requested_at,
            keyless_at: row.keyless_at,
            verified_at: row.verified_at,
        })
    })
    .transpose()
}

/// Records that the keys are gone, with the epochs of their slabs.
pub const ERASURE_KEYLESS: &str = "
UPDATE erasure
SET state = 'keyless'
  , keyless_at = ?2
  , slabs = json_patch(slabs, ?3)
WHERE id = ?1
  AND state = 'condemned'
";

/// Records rows that were found in another database.
pub const ERASURE_FOUND: &str = "
UPDATE erasure
SET counts = json_patch(counts, ?2)
WHERE id = ?1
  AND state = 'condemned'
  AND keyless_at IS NULL
";

/// Adds to the rows that were deleted of a table. D1 binds every number as a REAL: added as it comes, the count would be
/// written as `2.0`, which is no count when it is read again.
pub const ERASURE_DELETED: &str = "
UPDATE erasure
SET deleted = json_set(deleted, '$.' || ?2, coalesce(deleted ->> ('$.' || ?2), 0) + CAST(?3 AS INTEGER))
WHERE id = ?1
";

/// Records that the rows are gone.
pub const ERASURE_EMPTIED: &str = "
UPDATE erasure
SET state = 'emptied'
WHERE id = ?1
  AND state = 'keyless'
";

/// Records that a second look found nothing.
pub const ERASURE_VERIFIED: &str = "
UPDATE erasure
SET state = 'verified'
  , verified_at = ?2
  , remaining = ?3
WHERE id = ?1
  AND state = 'emptied'
";

/// Sends an erasure back: a second look found something.
pub const ERASURE_REOPEN: &str = "
UPDATE erasure
SET state = 'condemned'
  , remaining = ?2
WHERE id = ?1
  AND state = 'emptied'
";

fn json(counts: &Counts) -> Result<String, DbFault> {
    serde_json::to_string(counts).map_err(|fault| DbFault::Failed(fault.to_string()))
}

/// The statement that records the step to `keyless`.
pub fn erasure_keyless(
    id: ErasureId,
    slabs: &BTreeMap<SlabId, u32>,
    now: Millis,
) -> Result<Statement, DbFault> {
    let slabs = json(&slabs.iter().map(|(slab, epoch)| (slab.to_string(), *epoch)).collect())?;
    Ok(Statement::new(ERASURE_KEYLESS, [id.into(), now.into(), slabs.into()]))
}

/// The statement that records rows found in another database, by table. Once the keys are gone it changes nothing.
pub fn erasure_found(id: ErasureId, counts: &Counts) -> Result<Statement, DbFault> {
    Ok(Statement::new(ERASURE_FOUND, [id.into(), json(counts)?.into()]))
}

/// The statement that adds to the rows that were deleted of a table, or to objects.
pub fn erasure_deleted(id: ErasureId, place: &str, rows: u32) -> Statement {
    Statement::new(ERASURE_DELETED, [id.into(), place.into(), rows.into()])
}

/// The statement that records the step to `emptied`.
pub fn erasure_emptied(id: ErasureId) -> Statement {
    Statement::new(ERASURE_EMPTIED, [id.into()])
}

/// The statement that records the step to `verified`: everything that was looked at, each with nothing left.
pub fn erasure_verified(id: ErasureId, remaining: &Counts, now: Millis) -> Result<Statement, DbFault> {
    Ok(Statement::new(ERASURE_VERIFIED, [id.into(), now.into(), json(remaining)?.into()]))
}

/// The statement that sends an erasure back to its beginning, with what was found.
pub fn erasure_reopen(id: ErasureId, remaining: &Counts) -> Result<Statement, DbFault> {
    Ok(Statement::new(ERASURE_REOPEN, [id.into(), json(remaining)?.into()]))
}

/// A key of somebody who is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct ErasedKey {
    /// Its slab.
    pub slab: SlabId,
    /// Its slot.
    pub slot: u16,
    /// 0 where it lives, 1 where it is condemned, 2 where it is destroyed.
    pub state: u8,
}

/// Lists the keys of those who are meant.
pub const ERASED_KEYS: &str = "
SELECT slab
     , slot
     , state
FROM seal_key
WHERE owner_kind IN ('conversation', 'account')
  AND owner IN (
      SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1), '$.conversation')
      UNION ALL
      SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1), '$.account')
  )
ORDER BY slab, slot
";

/// Every key of those who are meant, in the order of their slabs.
pub async fn erased_keys(db: &Db, _scope: &OperatorScope, id: ErasureId) -> Result<Vec<ErasedKey>, DbFault> {
    db.rows(Statement::new(ERASED_KEYS, [id.into()])).await
}
