//! Small records past their time: choices of visitors who never wrote, tokens that open nothing any more, counted visits
//! (promise P4.3).

use shared::limits::{CONSENT_MONTHS, CONVERSATION_TOKEN_MS, DELETE_ROWS, STATISTICS_MONTHS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::OpError;
use crate::store::retention::{RecordsDue, records_delete};
use crate::store::scope::OperatorScope;

/// Deletes what is due at `now` in every shard.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let due = RecordsDue {
        consents: now.plus_months(CONSENT_MONTHS.saturating_neg()),
        tokens: now.minus_ms(CONVERSATION_TOKEN_MS),
        visits_day: now.plus_months(STATISTICS_MONTHS.saturating_neg()).day(),
    };
    let mut done = Done::at(now);
    for shard in app.shards(scope) {
        let batch = shard.batch(records_delete(scope, due, DELETE_ROWS)).await?;
        for table in 0..2 {
            let deleted = batch.rows::<serde_json::Value>(table)?.len();
            done.more |= deleted >= DELETE_ROWS as usize;
            done.count(deleted);
        }
        done.count(batch.rows::<serde_json::Value>(2)?.len());
    }
    Ok(done)
}
