//! Slabs and keys as a database knows them: which exist, whose they are, whether they live. No key stands here.

use serde::Deserialize;
use shared::id::SlabId;
use shared::limits::{LEASE_SLOTS, SLAB_SLOTS};
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement, Value};
use crate::sealing::{Family, KeyOwner, KeyRef, KeyScope};

/// The last slot at which a whole lease still fits.
const LAST_LEASE: u16 = SLAB_SLOTS - LEASE_SLOTS;

/// What the columns called `business` say of a scope.
fn named(scope: impl Into<KeyScope>) -> Value {
    scope.into().to_string().into()
}

/// Slots of a slab that are one isolate's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    slab: SlabId,
    next: u16,
    end: u16,
}

impl Lease {
    /// `count` slots of `slab` from `first` on.
    pub const fn new(slab: SlabId, first: u16, count: u16) -> Self {
        Self { slab, next: first, end: first.saturating_add(count) }
    }

    /// The next slot. `None` where the lease is used up.
    pub fn take(&mut self) -> Option<KeyRef> {
        if self.next >= self.end {
            return None;
        }
        let reference = KeyRef { slab: self.slab, slot: self.next };
        self.next = self.next.saturating_add(1);
        Some(reference)
    }
}

/// Finds the oldest slab that still has a lease to give, and whether any may be given.
pub const SLAB_OPEN: &str = "
SELECT (
    SELECT slab
    FROM key_slab
    WHERE business = ?1
      AND family = ?2
      AND closed = 0
    ORDER BY slab
    LIMIT 1
) AS slab
, EXISTS (
    SELECT 1
    FROM tick
    WHERE needs_replay = 1
) AS needs_replay
";

/// Where the next lease comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenSlab {
    /// A slab that still has a lease to give.
    Here(SlabId),
    /// A new one is due.
    None,
    /// The database was restored and not replayed: its slots may be used already.
    NeedsReplay,
}

/// Where the next lease comes from.
pub async fn slab_open(db: &Db, scope: impl Into<KeyScope>, family: Family) -> Result<OpenSlab, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        slab: Option<SlabId>,
        needs_replay: i64,
    }
    let row: Option<Row> = db.row(Statement::new(SLAB_OPEN, [named(scope), family.letter().into()])).await?;
    Ok(match row {
        Some(row) if row.needs_replay != 0 => OpenSlab::NeedsReplay,
        Some(Row { slab: Some(slab), .. }) => OpenSlab::Here(slab),
        _ => OpenSlab::None,
    })
}

/// Leases the next slots of an open slab, and closes it where no further lease fits.
pub const SLOTS_LEASE: &str = "
UPDATE key_slab
SET next_slot = next_slot + ?3
  , closed = next_slot + ?3 > ?4
WHERE slab = ?1
  AND business = ?2
  AND closed = 0
  AND next_slot <= ?4
RETURNING next_slot - ?3 AS first
";

/// Leases slots of a slab. `None` where a rival took the last ones.
pub async fn slots_lease(
    db: &Db,
    scope: impl Into<KeyScope>,
    slab: SlabId,
) -> Result<Option<Lease>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        first: u16,
    }
    let row: Option<Row> = db
        .row(Statement::new(SLOTS_LEASE, [slab.into(), named(scope), LEASE_SLOTS.into(), LAST_LEASE.into()]))
        .await?;
    Ok(row.map(|row| Lease::new(slab, row.first, LEASE_SLOTS)))
}

/// Records a slab.
pub const SLAB_INSERT: &str = "
INSERT INTO key_slab (slab, business, family, next_slot, created_at)
VALUES (?1, ?2, ?3, ?4, ?5)
";

/// Records a slab whose first `leased` slots belong to the isolate that minted it.
pub async fn slab_insert(
    db: &Db,
    scope: impl Into<KeyScope>,
    slab: SlabId,
    family: Family,
    leased: u16,
    now: Millis,
) -> Result<(), DbFault> {
    db.write(Statement::new(
        SLAB_INSERT,
        [slab.into(), named(scope), family.letter().into(), leased.into(), now.into()],
    ))
    .await
}

/// A slab, as the database knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlabRow {
    /// Its family.
    pub family: Family,
    /// How often keys of it were destroyed, as far as was recorded.
    pub epoch: u32,
}

/// Finds a slab.
pub const SLAB_FIND: &str = "
SELECT family
     , epoch
FROM key_slab
WHERE slab = ?1
  AND business = ?2
";

/// A slab of this scope.
pub async fn slab_find(
    db: &Db,
    scope: impl Into<KeyScope>,
    slab: SlabId,
) -> Result<Option<SlabRow>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        family: String,
        epoch: u32,
    }
    let row: Option<Row> = db.row(Statement::new(SLAB_FIND, [slab.into(), named(scope)])).await?;
    row.map(|row| {
        let family = Family::from_letter(&row.family)
            .ok_or_else(|| DbFault::Failed("a slab is of a family that this version does not know".into()))?;
        Ok(SlabRow { family, epoch: row.epoch })
    })
    .transpose()
}

/// Records a key, unless its owner (or the visitor behind it) is being erased: an erasure that has begun gets no new
/// keys to destroy. A retry of the same batch finds the key recorded, and that is fine.
pub const KEY_INSERT: &str = "
INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
WHERE NOT EXISTS (
    SELECT 1
    FROM erasure
    WHERE erasure.subject IN (?5, (SELECT visitor FROM conversation WHERE conversation.id = ?5))
      AND erasure.business = ?3
      AND erasure.state <> 'requested'
)
ON CONFLICT (slab, slot) DO NOTHING
";

/// Records a key of somebody who signs in, unless their account is being deleted; in the directory.
pub const ACCOUNT_KEY_INSERT: &str = "
INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
WHERE NOT EXISTS (
    SELECT 1
    FROM account
    WHERE account.id = ?5
      AND account.state = 'deleting'
)
ON CONFLICT (slab, slot) DO NOTHING
";

/// Records a key of a business, unless it is being deleted; in the directory.
pub const BUSINESS_KEY_INSERT: &str = "
INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
WHERE NOT EXISTS (
    SELECT 1
    FROM business
    WHERE business.id = ?5
      AND business.state = 'deleting'
)
ON CONFLICT (slab, slot) DO NOTHING
";

/// Records the key of a confirmation, or of a day of billing addresses; in the directory.
pub const PLAIN_KEY_INSERT: &str = "
INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (slab, slot) DO NOTHING
";

/// The statement that records a key. Keys of account users and of businesses are recorded in the directory, all others
/// in the business's shard. It comes before the first row that the key seals, in the same batch.
pub fn key_insert(
    scope: impl Into<KeyScope>,
    reference: KeyRef,
    owner: &KeyOwner,
    commit16: [u8; 16],
    now: Millis,
) -> Statement {
    let scope = scope.into();
    let sql = match owner {
        // A day of the directory seals billing addresses.
        KeyOwner::Day(_) if scope == KeyScope::Accounts => PLAIN_KEY_INSERT,
        KeyOwner::Conversation(_) | KeyOwner::Day(_) => KEY_INSERT,
        KeyOwner::Account(_) => ACCOUNT_KEY_INSERT,
        KeyOwner::Erasure(_) => PLAIN_KEY_INSERT,
        KeyOwner::Business(_) => BUSINESS_KEY_INSERT,
    };
    Statement::new(
        sql,
        [
            reference.slab.into(),
            reference.slot.into(),
            named(scope),
            owner.kind().into(),
            owner.text().into(),
            commit16.to_vec().into(),
            now.into(),
        ],
    )
}

/// The same key, recorded in the shard instead of the directory: for what a business keeps in its shard that belongs to no
/// conversation.
pub fn key_insert_in_shard(insert: Statement) -> Statement {
    Statement::new(KEY_INSERT, insert.values)
}

/// A key that lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveKey {
    /// Where it lies.
    pub reference: KeyRef,
    /// What proves it.
    pub commit16: Vec<u8>,
}

/// Finds the newest live key of an owner.
pub const KEY_LIVE: &str = "
SELECT slab
     , slot
     , commit16
FROM seal_key
WHERE owner = ?1
  AND owner_kind = ?2
  AND business = ?3
  AND state = 0
ORDER BY created_at DESC, slab DESC, slot DESC
LIMIT 1
";

/// The newest live key of an owner.
pub async fn key_live(
    db: &Db,
    scope: impl Into<KeyScope>,
    owner: &KeyOwner,
) -> Result<Option<LiveKey>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
    }
    let row: Option<Row> =
        db.row(Statement::new(KEY_LIVE, [owner.text().into(), owner.kind().into(), named(scope)])).await?;
    Ok(row
        .map(|row| LiveKey { reference: KeyRef { slab: row.slab, slot: row.slot }, commit16: row.commit16 }))
}

/// Condemns every live key of an owner.
pub const OWNER_CONDEMN: &str = "
UPDATE seal_key
SET state = 1
WHERE owner = ?1
  AND owner_kind = ?2
  AND business = ?3
  AND state = 0
";

/// The statement that condemns every key of an owner: from its batch on, no row can be sealed under them.
pub fn condemn_owner(scope: impl Into<KeyScope>, owner: &KeyOwner) -> Statement {
    Statement::new(OWNER_CONDEMN, [owner.text().into(), owner.kind().into(), named(scope)])
}

/// Lists slabs that hold condemned keys.
pub const SLABS_CONDEMNED: &str = "
SELECT DISTINCT slab
     , business
FROM seal_key
WHERE state = 1
ORDER BY slab
LIMIT ?1
";

/// Up to `limit` slabs that hold condemned keys, each with its scope: the work of the destroying job.
pub async fn slabs_condemned(
    db: &Db,
    _scope: &OperatorScope,
    limit: u32,
) -> Result<Vec<(SlabId, KeyScope)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        slab: SlabId,
        business: KeyScope,
    }
    let rows: Vec<Row> = db.rows(Statement::new(SLABS_CONDEMNED, [limit.into()])).await?;
    Ok(rows.into_iter().map(|row| (row.slab, row.business)).collect())
}

/// Lists the condemned slots of a slab.
pub const SLOTS_CONDEMNED: &str = "
SELECT slot
FROM seal_key
WHERE slab = ?1
  AND business = ?2
  AND state = 1
ORDER BY slot
";

/// The condemned slots of a slab, in order.
pub async fn slots_condemned(db: &Db, scope: impl Into<KeyScope>, slab: SlabId) -> Result<Vec<u16>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        slot: u16,
    }
    let rows: Vec<Row> = db.rows(Statement::new(SLOTS_CONDEMNED, [slab.into(), named(scope)])).await?;
    Ok(rows.into_iter().map(|row| row.slot).collect())
}

/// Records that condemned keys are gone.
pub const SLOTS_DESTROYED: &str = "
UPDATE seal_key
SET state = 2
  , destroyed_at = ?4
WHERE slab = ?1
  AND business = ?2
  AND state = 1
  AND slot IN (SELECT value FROM json_each(?3))
";

/// Records the epoch of a slab.
pub const SLAB_EPOCH: &str = "
UPDATE key_slab
SET epoch = max(epoch, ?3)
WHERE slab = ?1
  AND business = ?2
";

/// The statements that record what was read back absent.
pub fn slots_destroyed(
    scope: impl Into<KeyScope>,
    slab: SlabId,
    slots: &[u16],
    epoch: u32,
    now: Millis,
) -> Result<Vec<Statement>, DbFault> {
    let slots = serde_json::to_string(slots).map_err(|fault| DbFault::Failed(fault.to_string()))?;
    let business = named(scope);
    Ok(vec![
        Statement::new(SLOTS_DESTROYED, [slab.into(), business.clone(), slots.into(), now.into()]),
        Statement::new(SLAB_EPOCH, [slab.into(), business, epoch.into()]),
    ])
}

/// Lists the slabs that hold keys of an owner which are not destroyed.
pub const OWNER_SLABS: &str = "
SELECT DISTINCT slab
FROM seal_key
WHERE owner = ?1
  AND owner_kind = ?2
  AND business = ?3
  AND state < 2
";

/// The slabs that hold keys of an owner which are not destroyed.
pub async fn owner_slabs(
    db: &Db,
    scope: impl Into<KeyScope>,
    owner: &KeyOwner,
) -> Result<Vec<SlabId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        slab: SlabId,
    }
    let rows: Vec<Row> = db
        .rows(Statement::new(OWNER_SLABS, [owner.text().into(), owner.kind().into(), named(scope)]))
        .await?;
    Ok(rows.into_iter().map(|row| row.slab).collect())
}
