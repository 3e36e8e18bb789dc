//! IP addresses: on day 30 the key of their day is condemned and their rows go (promise P4.5).
//!
//! Idempotent: what is condemned stays condemned, and rows that are gone are not found again.

use shared::limits::{ADDRESS_MS, DELETE_ROWS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::OpError;
use crate::store::address;
use crate::store::scope::OperatorScope;

/// Forgets the addresses of every day that lies 30 days back.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let cut_off = now.minus_ms(ADDRESS_MS);
    // A day's key goes when its first address is 30 days old: an address may go up to a day early, never late.
    let last_day = cut_off.day();
    let mut done = Done::at(cut_off);
    for shard in app.shards(scope) {
        let batch = shard.batch(address::days_forget(scope, last_day, DELETE_ROWS)).await?;
        let deleted = batch.rows::<serde_json::Value>(1)?.len();
        done.more |= deleted >= DELETE_ROWS as usize;
        done.count(deleted);
    }
    Ok(done)
}
