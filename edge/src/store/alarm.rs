//! On which days whoever runs the deployment was written to, and which jobs ended badly.

use serde::Deserialize;
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

/// Finds a day on which somebody was written to.
pub const ALARM_FIND: &str = "
SELECT day
FROM alarm_day
WHERE day = ?1
";

/// Somebody was written to on that UTC day.
pub async fn alarm_told(directory: &Db, _scope: &OperatorScope, day: i64) -> Result<bool, DbFault> {
    Ok(directory.row::<serde_json::Value>(Statement::new(ALARM_FIND, [day.into()])).await?.is_some())
}

/// Notes a day.
pub const ALARM_NOTE: &str = "
INSERT INTO alarm_day (day, noted_at)
VALUES (?1, ?2)
";

/// The statement that notes the day of a letter. A second letter of the same day does not get in.
pub fn alarm_note(_scope: &OperatorScope, now: Millis) -> Statement {
    Statement::new(ALARM_NOTE, [now.day().into(), now.into()])
}

/// Finds how a job's last run ended.
pub const JOB_LAST_OUTCOME: &str = "
SELECT outcome
FROM job_run
WHERE job = ?1
  AND class = ''
ORDER BY started_at DESC
LIMIT 1
";

/// The last run of a job failed.
pub async fn job_fails(directory: &Db, _scope: &OperatorScope, job: &'static str) -> Result<bool, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        outcome: String,
    }
    let row: Option<Row> = directory.row(Statement::new(JOB_LAST_OUTCOME, [job.into()])).await?;
    Ok(row.is_some_and(|row| row.outcome == "failed"))
}
