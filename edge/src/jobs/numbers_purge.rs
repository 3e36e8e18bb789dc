//! Sums of the dashboard's use, and of days whose conversations are gone: they end after 24 months (promise P4.3), and those of fewer than five are
//! emptied as soon as nobody of that day is left (promise P3.3).

use shared::limits::{CELL_LEAST, NUMBERS_CELLS, STATISTICS_MONTHS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::OpError;
use crate::store::numbers::{NumbersDue, numbers_purge};
use crate::store::scope::OperatorScope;
use crate::store::usage::uses_due_delete;

/// Deletes and empties what is due at `now` in every shard.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let due = NumbersDue {
        last_day: now.plus_months(STATISTICS_MONTHS.saturating_neg()).day(),
        today: now.day(),
        small: CELL_LEAST.saturating_sub(1),
    };
    let mut done = Done::at(now);
    for shard in app.shards(scope) {
        let batch = shard.batch(numbers_purge(scope, due, NUMBERS_CELLS)).await?;
        for statement in [0, 1, 2, 3, 5, 6] {
            let touched = batch.rows::<serde_json::Value>(statement)?.len();
            done.more |= touched >= NUMBERS_CELLS as usize;
            done.count(touched);
        }
    }
    let uses = app.directory.rows::<serde_json::Value>(uses_due_delete(scope, due.last_day)).await?;
    done.count(uses.len());
    Ok(done)
}
