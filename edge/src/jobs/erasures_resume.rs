//! Erasures that were asked for: taken step by step to their end, whatever stopped them before.
//!
//! Idempotent: each step is, and a lease only saves double work.

use shared::limits::{ERASURE_LEASE_MS, ERASURE_STATEMENTS, ERASURES};
use shared::time::Millis;

use super::{Done, Hands};
use crate::log;
use crate::ops::OpError;
use crate::ops::erasure::{Home, erasure_resume};
use crate::ops::meter;
use crate::store::erasure_step;
use crate::store::scope::OperatorScope;

/// Takes open erasures further. One that fails is logged and tried again by the next run; it stops no other.
pub(super) async fn run(hands: &Hands<'_>, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let app = hands.app;
    // Caches forget by the real clock, so the wait before a second look is measured by it; an event that comes late must
    // not shorten it. Where ENV=dev the event moves the clock.
    let now = if app.config.dev { now.max(app.clock.now()) } else { app.clock.now() };
    // Without a key to sign by, those that only lack their receipt would stand in the way of the others.
    let can_sign = app.config.receipt_signer.is_some();
    let mut done = Done::at(now);
    let shards = app.shards(scope).iter().enumerate().map(|(number, shard)| (Some(number), shard));
    for (shard, db) in std::iter::once((None, &app.directory)).chain(shards) {
        let open = erasure_step::erasures_open(db, scope, now, ERASURES, can_sign).await?;
        done.more |= open.len() >= ERASURES as usize;
        for (index, (id, business)) in open.iter().copied().enumerate() {
            // Oldest first, and those that wait are found again: whatever is left over is taken on by the next run.
            if !meter::has(ERASURE_STATEMENTS) {
                let waiting = u32::try_from(open.len().saturating_sub(index)).unwrap_or(u32::MAX);
                done.left = done.left.saturating_add(waiting);
                done.more = true;
                break;
            }
            let until = now.plus_ms(ERASURE_LEASE_MS);
            if !erasure_step::erasure_lease(db, scope, id, now, until).await? {
                continue;
            }
            let home = Home::of(business, shard);
            if let Err(fault) = erasure_resume(app, hands.rooms, &home, id, now).await {
                log::failed(app, "erasures_resume", &fault);
                done.failed = done.failed.saturating_add(1);
            }
            erasure_step::erasure_release(db, scope, id, until).await?;
            done.count(1);
        }
    }
    Ok(done)
}
