//! How the dashboard is used: a day's sum of a page or a feature, and nothing beside it.

use serde::Deserialize;
use shared::time::Millis;

use super::scope::{AccountScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};

/// Counts one use. Who used it only allows it: no column could hold them.
pub const USE_COUNT: &str = "
INSERT INTO use_day (day, name, count)
SELECT ?2, ?3, 1
FROM account
WHERE account.id = ?1
  AND account.analytics = 1 -- keeps P2.3
  AND account.restricted_at IS NULL -- keeps P6.4
ON CONFLICT (day, name) DO UPDATE
SET count = count + 1
";

/// The statement that counts a use by somebody, where they agreed to be counted and are not restricted.
pub fn use_count(scope: &AccountScope, name: &'static str, now: Millis) -> Statement {
    Statement::new(USE_COUNT, [scope.account().into(), now.day().into(), name.into()])
}

/// A day's uses of a page or feature.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UseDay {
    /// The UTC day.
    pub day: i64,
    /// The page or feature.
    pub name: String,
    /// How often.
    pub count: u32,
}

/// Reads days that are over, those with as many uses as may be shown.
pub const USES_READ: &str = "
SELECT day
     , name
     , count
FROM use_day
WHERE day >= ?1
  AND day < ?2
  AND count >= ?3
ORDER BY day DESC, name
LIMIT ?4
";

/// Uses from `from` to before `today`, newest first; cells under `least` are not among them.
pub async fn uses_read(
    directory: &Db,
    _scope: &OperatorScope,
    (from, today): (i64, i64),
    least: u32,
    limit: u32,
) -> Result<Vec<UseDay>, DbFault> {
    let values = [from.into(), today.into(), least.into(), limit.into()];
    directory.rows(Statement::new(USES_READ, values)).await
}
