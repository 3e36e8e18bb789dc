//! Erasures: conversations and visitors in their shard, accounts and businesses in the directory. Both tables have the
//! columns that are used here, so each statement serves both.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, ConversationId, ErasureId, SlabId};
use shared::rules::subject::SubjectKind;
use shared::time::Millis;

use super::scope::{BusinessScope, OperatorScope};
use super::subject::{Subjects, count_sql};
use crate::platform::{Db, DbFault, Statement};
use crate::rules::inventory::Place;

/// Numbers by table, or by place outside the databases.
pub type Counts = BTreeMap<String, u32>;

/// How far an erasure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErasureState {
    /// Asked for, and not begun: the next run begins it.
    Requested,
    /// No key may seal any more; reads find nothing.
    Condemned,
    /// Every key is destroyed: nothing opens, in no backup either.
    Keyless,
    /// The rows and objects are gone.
    Emptied,
    /// A second look found nothing.
    Verified,
    /// The receipt is signed.
    Receipted,
}

/// An erasure that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewErasure {
    /// Which.
    pub id: ErasureId,
    /// The business; absent for an account.
    pub business: Option<BusinessId>,
    /// Whom it is about.
    pub kind: SubjectKind,
    /// Their id.
    pub subject: String,
    /// Why, from a closed list.
    pub reason: &'static str,
    /// Where it is known from the start, everybody who is meant.
    pub subjects: Subjects,
    /// What the holder's nonce hashes to.
    pub commitment: String,
    /// When.
    pub now: Millis,
}

/// Asks for an erasure.
pub const ERASURE_INSERT: &str = "
INSERT INTO erasure (id, business, subject_kind, subject, reason, state, subjects, commitment, requested_at)
VALUES (?1, ?2, ?3, ?4, ?5, 'requested', ?6, ?7, ?8)
";

/// Asks for an erasure that may be written down already.
pub const ERASURE_RESTORE: &str = "
INSERT INTO erasure (id, business, subject_kind, subject, reason, state, subjects, commitment, requested_at)
VALUES (?1, ?2, ?3, ?4, ?5, 'requested', ?6, ?7, ?8)
ON CONFLICT (id) DO NOTHING
";

/// The statement that asks for an erasure.
pub fn erasure_insert(new: &NewErasure) -> Result<Statement, DbFault> {
    inserted(ERASURE_INSERT, new)
}

/// The statement that asks for an erasure again, after a restore; one that is written down stays as it is.
pub fn erasure_restore(new: &NewErasure) -> Result<Statement, DbFault> {
    inserted(ERASURE_RESTORE, new)
}

/// Asks for the erasure of something, unless one is written down.
pub const ERASURE_LOST: &str = "
INSERT INTO erasure (id, business, subject_kind, subject, reason, state, subjects, commitment, requested_at)
SELECT ?1, ?2, ?3, ?4, ?5, 'requested', ?6, ?7, ?8
WHERE NOT EXISTS (
    SELECT 1
    FROM erasure
    WHERE subject = ?4
)
";

/// The statement that erases an account whose key is gone already, unless its erasure is written down.
pub fn account_lost(id: ErasureId, account: AccountId, now: Millis) -> Result<Statement, DbFault> {
    let subjects = Subjects { account: vec![account], ..Subjects::default() };
    let new = NewErasure {
        id,
        business: None,
        kind: SubjectKind::Account,
        subject: account.to_string(),
        reason: "request",
        subjects,
        commitment: String::new(),
        now,
    };
    inserted(ERASURE_LOST, &new)
}

fn inserted(sql: &'static str, new: &NewErasure) -> Result<Statement, DbFault> {
    Ok(Statement::new(
        sql,
        [
            new.id.into(),
            new.business.into(),
            new.kind.as_str().into(),
            new.subject.as_str().into(),
            new.reason.into(),
            new.subjects.to_json()?.into(),
            new.commitment.as_str().into(),
            new.now.into(),
        ],
    ))
}

/// Begins the erasure of a conversation or a visitor, and writes down who is meant: with a conversation its visitor, with
/// a visitor all their conversations. One that is held for a legal claim waits.
pub const ERASURE_CONDEMN: &str = "
UPDATE erasure
SET state = 'condemned'
  , condemned_at = ?2
  , waits = NULL
  , subjects = json_object(
        'scope', business,
        'conversation', json((
            SELECT json_group_array(id)
            FROM (
                SELECT erasure.subject AS id WHERE erasure.subject_kind = 'conversation'
                UNION
                SELECT conversation.id FROM conversation WHERE conversation.visitor = erasure.subject
            )
        )),
        'visitor', json((
            SELECT json_group_array(id)
            FROM (
                SELECT erasure.subject AS id WHERE erasure.subject_kind = 'visitor'
                UNION
                SELECT conversation.visitor FROM conversation WHERE conversation.id = erasure.subject
            )
        )),
        'whole', json(iif(subject_kind = 'visitor', 'true', 'false'))
    )
WHERE id = ?1
  AND state = 'requested'
  AND NOT EXISTS (
      SELECT 1 FROM conversation WHERE conversation.visitor = erasure.subject AND conversation.held_at IS NOT NULL
  )
  AND NOT EXISTS (
      SELECT 1 FROM conversation WHERE conversation.id = erasure.subject AND conversation.held_at IS NOT NULL
  )
";

/// Notes that an erasure waits for the end of a legal hold.
pub const ERASURE_HELD: &str = "
UPDATE erasure
SET waits = 'hold'
WHERE id = ?1
  AND state = 'requested'
";

/// Begins the erasure of an account or a business.
pub const ERASURE_CONDEMN_DIRECTORY: &str = "
UPDATE erasure
SET state = 'condemned'
  , condemned_at = ?2
  , waits = NULL
WHERE id = ?1
  AND state = 'requested'
";

/// Closes the account: nothing opens it any more. After a restore its key may be gone already: then its row, which no
/// trigger lets change any more, goes as it is.
pub const ACCOUNT_CLOSE: &str = "
UPDATE account
SET state = 'deleting'
WHERE id IN (SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.account'))
  AND state <> 'deleting'
  AND EXISTS (
      SELECT 1 FROM seal_key WHERE seal_key.slab = account.slab AND seal_key.slot = account.slot AND seal_key.state = 0
  )
";

/// Ends the account's sessions.
pub const SESSIONS_CLOSE: &str = "
UPDATE session
SET revoked_at = ?2
WHERE account IN (
    SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.account')
)
  AND revoked_at IS NULL
";

/// Closes the business: its chat, its pages and its tokens find nothing any more.
pub const BUSINESS_CLOSE: &str = "
UPDATE business
SET state = 'deleting'
WHERE id IN (SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.business'))
  AND state <> 'deleting'
";

/// Condemns every living key of those who are meant, once the erasure is begun.
pub const KEYS_CONDEMN: &str = "
UPDATE seal_key
SET state = 1
WHERE state = 0
  AND owner_kind IN ('conversation', 'account')
  AND owner IN (
      SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.conversation')
      UNION ALL
      SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.account')
  )
";

/// Tables that one `json_object` counts: D1 lets a function have 32 arguments.
const COUNTS_AT_ONCE: usize = 15;

/// The statements that begin an erasure, with the counts of what it finds: the commit point. From their batch on, triggers
/// refuse late rows and reads find nothing. Where it was begun before, they change nothing.
pub fn erasure_condemn(
    id: ErasureId,
    kind: SubjectKind,
    places: &[Place<'_>],
    now: Millis,
) -> Vec<Statement> {
    let in_shard = matches!(kind, SubjectKind::Conversation | SubjectKind::Visitor);
    let mut batch = Vec::new();
    if in_shard {
        batch.push(Statement::new(ERASURE_CONDEMN, [id.into(), now.into()]));
        batch.push(Statement::new(ERASURE_HELD, [id.into()]));
    } else {
        batch.push(Statement::new(ERASURE_CONDEMN_DIRECTORY, [id.into(), now.into()]));
        // The account is closed before its key is condemned: its row may not change afterwards.
        batch.push(Statement::new(ACCOUNT_CLOSE, [id.into()]));
        batch.push(Statement::new(SESSIONS_CLOSE, [id.into(), now.into()]));
        batch.push(Statement::new(BUSINESS_CLOSE, [id.into()]));
    }
    if !places.is_empty() {
        // One statement for all tables: D1 counts statements. A function of SQLite takes so many arguments there.
        let mut counts = "counts".to_owned();
        for some in places.chunks(COUNTS_AT_ONCE) {
            let each: Vec<String> = some
                .iter()
                .map(|place| {
                    let count = count_sql(place, "erasure.subjects").replace(" AS rows_found", "");
                    format!("'{}', ({count})", place.table)
                })
                .collect();
            counts = format!("json_patch({counts}, json_object({}))", each.join(", "));
        }
        let text = format!(
            "UPDATE erasure SET counts = {counts} WHERE id = ?1 AND state = 'condemned' AND condemned_at = ?2"
        );
        batch.push(Statement::new(text, [id.into(), now.into()]));
    }
    batch.push(Statement::new(KEYS_CONDEMN, [id.into()]));
    batch
}

/// The statement that condemns what was recorded for those who are meant since the erasure began.
pub fn keys_condemn(id: ErasureId) -> Statement {
    Statement::new(KEYS_CONDEMN, [id.into()])
}

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

/// Lists conversations of a business.
pub const BUSINESS_CONVERSATIONS: &str = "
SELECT id
FROM conversation
WHERE business = ?1
LIMIT ?2
";

/// Some conversations of a business that is being erased.
pub async fn business_conversations(
    shard: &Db,
    scope: &BusinessScope,
    limit: u32,
) -> Result<Vec<ConversationId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ConversationId,
    }
    let values = [scope.business().into(), limit.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(BUSINESS_CONVERSATIONS, values)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
