//! The count by which a restored database is recognised, and whether one waits for its replay. The directory has a row
//! for every database, a shard its own.

use serde::Deserialize;
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

/// Where a database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Its name: `directory`, `shard-0`, ….
    pub database: String,
    /// How often it was counted.
    pub count: u64,
    /// It was restored and not replayed since.
    pub needs_replay: bool,
    /// When an operator asked for a replay.
    pub replay_asked_at: Option<Millis>,
}

#[derive(Deserialize)]
struct Row {
    database: String,
    count: u64,
    needs_replay: i64,
    replay_asked_at: Option<Millis>,
}

impl From<Row> for Tick {
    fn from(row: Row) -> Self {
        Self {
            database: row.database,
            count: row.count,
            needs_replay: row.needs_replay != 0,
            replay_asked_at: row.replay_asked_at,
        }
    }
}

/// Lists what a database knows of itself and, in the directory, of the others.
pub const TICKS: &str = "
SELECT database
     , count
     , needs_replay
     , replay_asked_at
FROM tick
ORDER BY database
";

/// Every row.
pub async fn ticks(db: &Db, _scope: &OperatorScope) -> Result<Vec<Tick>, DbFault> {
    let rows: Vec<Row> = db.rows(Statement::new(TICKS, [])).await?;
    Ok(rows.into_iter().map(Tick::from).collect())
}

/// Counts.
pub const TICK_COUNT: &str = "
INSERT INTO tick (database, count, ticked_at)
VALUES (?1, ?2, ?3)
ON CONFLICT (database) DO UPDATE
SET count = max(count, excluded.count)
  , ticked_at = excluded.ticked_at
";

/// The statement that counts a database.
pub fn tick_count(_scope: &OperatorScope, database: &str, count: u64, now: Millis) -> Statement {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Statement::new(TICK_COUNT, [database.into(), count.into(), now.into()])
}

/// Lists a database among those that a replay can be asked for.
pub const TICK_LIST: &str = "
INSERT INTO tick (database, count, ticked_at)
VALUES (?1, 0, ?2)
ON CONFLICT (database) DO NOTHING
";

/// The statement that lists a database in the directory.
pub fn tick_list(_scope: &OperatorScope, database: &str, now: Millis) -> Statement {
    Statement::new(TICK_LIST, [database.into(), now.into()])
}

/// Notes that a database was restored.
pub const TICK_BEHIND: &str = "
INSERT INTO tick (database, count, ticked_at, needs_replay)
VALUES (?1, 0, ?2, 1)
ON CONFLICT (database) DO UPDATE
SET needs_replay = 1
";

/// The statement that notes that a database was restored. It is written there and in the directory.
pub fn tick_behind(_scope: &OperatorScope, database: &str, now: Millis) -> Statement {
    Statement::new(TICK_BEHIND, [database.into(), now.into()])
}

/// Asks for the replay of every database; the operator's command of `docs/operating.md` says the same.
pub const REPLAY_ASK: &str = "
UPDATE tick
SET replay_asked_at = ?1
";

/// The statement that asks for a replay of every database.
pub fn replay_ask(_scope: &OperatorScope, now: Millis) -> Statement {
    Statement::new(REPLAY_ASK, [now.into()])
}

/// Ends a replay.
pub const REPLAY_DONE: &str = "
UPDATE tick
SET needs_replay = 0
  , replay_asked_at = NULL
  , count = max(count, ?2)
WHERE database = ?1
";

/// The statement that ends the replay of a database. It is written there and in the directory.
pub fn replay_done(_scope: &OperatorScope, database: &str, count: u64) -> Statement {
    Statement::new(REPLAY_DONE, [database.into(), i64::try_from(count).unwrap_or(i64::MAX).into()])
}
