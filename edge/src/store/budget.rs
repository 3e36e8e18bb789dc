//! The day's ceiling of AI calls and tokens: reserved before a call, settled after it (promise B12).

use serde::Deserialize;
use shared::id::SiteId;
use shared::time::Millis;

use super::scope::BusinessScope;
use crate::platform::{Db, DbFault, Statement};

/// Reserves a call and its tokens where the day still has room. One statement: two calls can't take one place.
pub const BUDGET_RESERVE: &str = "
INSERT INTO ai_day (business, site, day, calls, tokens)
SELECT ?1, ?2, ?3, 1, ?4
WHERE ?5 >= 1 AND ?6 >= ?4
ON CONFLICT (business, site, day) DO UPDATE
SET calls = calls + 1
  , tokens = tokens + ?4
WHERE calls + 1 <= ?5
  AND tokens + ?4 <= ?6
RETURNING calls
";

/// Room for one call of `tokens` on that day, under the site's ceilings. `false` where the day is full.
pub async fn budget_reserve(
    shard: &Db,
    scope: &BusinessScope,
    site: SiteId,
    now: Millis,
    tokens: u32,
    ceiling: (u32, u32),
) -> Result<bool, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "calls")]
        _calls: u32,
    }
    let row: Option<Row> = shard
        .row(Statement::new(
            BUDGET_RESERVE,
            [
                scope.business().into(),
                site.into(),
                now.day().into(),
                tokens.into(),
                ceiling.0.into(),
                ceiling.1.into(),
            ],
        ))
        .await?;
    Ok(row.is_some())
}

/// Puts what was used in the place of what was reserved.
pub const BUDGET_SETTLE: &str = "
UPDATE ai_day
SET tokens = max(0, tokens - ?4 + ?5)
WHERE business = ?1
  AND site = ?2
  AND day = ?3
";

/// The statement that settles a reservation of the day it was made on.
pub fn budget_settle(
    scope: &BusinessScope,
    site: SiteId,
    reserved_at: Millis,
    reserved: u32,
    used: u32,
) -> Statement {
    Statement::new(
        BUDGET_SETTLE,
        [scope.business().into(), site.into(), reserved_at.day().into(), reserved.into(), used.into()],
    )
}
