//! On which days whoever runs the deployment was written to.

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
