//! Webhooks: businesses with something to tell that no message of the queue woke are woken now, and old deliveries go.

use shared::limits::{DELETE_ROWS, HOOK_ROW_MS, MAIL_SWEEP_ROWS, SLAB_STATEMENTS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::meter;
use crate::ops::{OpError, webhook};
use crate::store::scope::OperatorScope;
use crate::store::webhook::{deliveries_forget, hooks_due};

/// Wakes the consumer for what is due, and forgets what is past its time.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    for shard in app.shards(scope) {
        let due = hooks_due(shard, scope, now, MAIL_SWEEP_ROWS).await?;
        done.more |= due.len() >= MAIL_SWEEP_ROWS as usize;
        done.count(due.len());
        for business in due {
            if !meter::has(SLAB_STATEMENTS) {
                done.more = true;
                break;
            }
            if let Some(business) = app.business(business).await? {
                webhook::hooks_wake(app, &business, 0).await?;
            }
        }
        let forgotten: Vec<serde_json::Value> =
            shard.rows(deliveries_forget(scope, now.minus_ms(HOOK_ROW_MS), DELETE_ROWS)).await?;
        done.more |= forgotten.len() >= DELETE_ROWS as usize;
        done.count(forgotten.len());
    }
    Ok(done)
}
