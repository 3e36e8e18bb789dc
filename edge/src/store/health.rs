//! Whether a database answers and has its tables.

use serde::Deserialize;
use shared::time::Millis;

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

/// Finds the oldest business: ids sort by age.
pub const DEPLOYMENT_BEGAN: &str = "
SELECT created_at
FROM business
WHERE id > ''
ORDER BY id
LIMIT 1
";

/// Since when the deployment has had somebody to serve; `None` before its first business.
pub async fn deployment_began(directory: &Db, _scope: &OperatorScope) -> Result<Option<Millis>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        created_at: Millis,
    }
    let row: Option<Row> = directory.row(Statement::new(DEPLOYMENT_BEGAN, [])).await?;
    Ok(row.map(|row| row.created_at))
}
