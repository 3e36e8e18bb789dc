//! Sums of days whose conversations are gone: those of fewer than five are emptied as soon as nobody of that day is left
//! (promise P3.3). Visits of a language and browser that fewer than five had go with their day. How long the others stay is a class of `records_purge`.

use shared::limits::{CELL_LEAST, NUMBERS_CELLS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::OpError;
use crate::store::numbers::{SmallCells, numbers_empty};
use crate::store::scope::OperatorScope;

/// Empties what is too small in every shard.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let small = SmallCells { today: now.day(), most: CELL_LEAST.saturating_sub(1) };
    let mut done = Done::at(now);
    for shard in app.shards(scope) {
        let batch = shard.batch(numbers_empty(scope, small, NUMBERS_CELLS)).await?;
        for statement in [1, 2, 3] {
            let touched = batch.rows::<serde_json::Value>(statement)?.len();
            done.more |= touched >= NUMBERS_CELLS as usize;
            done.count(touched);
        }
    }
    Ok(done)
}
