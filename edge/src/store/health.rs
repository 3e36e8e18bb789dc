//! Whether a database answers and has its tables.

use crate::platform::{Db, DbFault, Statement};
use crate::store::scope::OperatorScope;

/// Touches the directory's newest table.
pub const DIRECTORY_ANSWERS: &str = "
SELECT id
FROM job_run
WHERE id = ''
";

/// Touches a shard's newest table.
pub const SHARD_ANSWERS: &str = "
SELECT day
FROM ai_day
WHERE business = ''
";

/// The directory answers and is migrated.
pub async fn directory_answers(directory: &Db, _scope: &OperatorScope) -> Result<(), DbFault> {
    directory.write(Statement::new(DIRECTORY_ANSWERS, [])).await
}

/// A shard answers and is migrated.
pub async fn shard_answers(shard: &Db, _scope: &OperatorScope) -> Result<(), DbFault> {
    shard.write(Statement::new(SHARD_ANSWERS, [])).await
}
