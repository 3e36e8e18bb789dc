//! IP addresses past their 30 days.

use crate::platform::Statement;
use crate::store::scope::OperatorScope;

/// Condemns the keys of old days.
pub const DAYS_CONDEMN: &str = "
UPDATE seal_key
SET state = 1 -- keeps P4.5 | without: SET state = 0
WHERE owner_kind = 'day'
  AND state = 0
  AND CAST(owner AS INTEGER) <= ?1
";

/// Deletes addresses of old days, some at a time.
pub const DAYS_DELETE: &str = "
DELETE FROM visitor_address
WHERE conversation IN (
    SELECT conversation
    FROM visitor_address
    WHERE day <= ?1
    LIMIT ?2
)
RETURNING conversation
";

/// Statements that forget every address of `last_day` and before: the keys at once, `limit` rows at a time.
pub fn days_forget(_scope: &OperatorScope, last_day: i64, limit: u32) -> Vec<Statement> {
    vec![
        Statement::new(DAYS_CONDEMN, [last_day.into()]),
        Statement::new(DAYS_DELETE, [last_day.into(), limit.into()]),
    ]
}
