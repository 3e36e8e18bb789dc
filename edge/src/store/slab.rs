//! Slabs that can go: rows without a key, and which of some slabs a database still names.

use serde::Deserialize;
use shared::id::SlabId;
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

#[derive(Deserialize)]
struct Row {
    slab: SlabId,
}

/// Deletes rows of slabs that are used up and whose last key is gone.
pub const SLABS_DEAD_DELETE: &str = "
DELETE FROM key_slab
WHERE slab IN (
    SELECT slab
    FROM key_slab
    WHERE closed = 1
      AND created_at <= ?1
      AND NOT EXISTS (SELECT 1 FROM seal_key WHERE seal_key.slab = key_slab.slab)
    LIMIT ?2
)
RETURNING slab
";

/// Deletes rows of slabs that were made until `before`, are used up, and whose last key is gone.
pub async fn slabs_dead_delete(
    db: &Db,
    _scope: &OperatorScope,
    before: Millis,
    limit: u32,
) -> Result<Vec<SlabId>, DbFault> {
    let rows: Vec<Row> = db.rows(Statement::new(SLABS_DEAD_DELETE, [before.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.slab).collect())
}

/// Finds those of some slabs that the database names.
pub const SLABS_KNOWN: &str = "
SELECT slab
FROM key_slab
WHERE slab IN (SELECT value FROM json_each(?1))
";

/// Those of some slabs that the database names.
pub async fn slabs_known(
    db: &Db,
    _scope: &OperatorScope,
    slabs: impl Iterator<Item = SlabId>,
) -> Result<Vec<SlabId>, DbFault> {
    let asked: Vec<SlabId> = slabs.collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let asked = serde_json::to_string(&asked).map_err(|fault| DbFault::Failed(fault.to_string()))?;
    let rows: Vec<Row> = db.rows(Statement::new(SLABS_KNOWN, [asked.into()])).await?;
    Ok(rows.into_iter().map(|row| row.slab).collect())
}
