//! Erasures that were begun: taken step by step to their end, whatever stopped them before.

use shared::limits::ERASURES;
use shared::time::Millis;

use super::{Done, Hands};
use crate::log;
use crate::ops::{OpError, erasure};
use crate::store::erasure::{OpenErasure, erasures_open};
use crate::store::scope::{BusinessScope, OperatorScope};

/// Steps of one erasure in one run: from condemned to a second look, and once more round where that found something.
const STEPS: u32 = 5;

/// Takes open erasures further. One that fails is logged and tried again by the next run; it stops no other.
pub(super) async fn run(hands: &Hands<'_>, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    for (number, shard) in hands.app.shards(scope).iter().enumerate() {
        let open = erasures_open(shard, scope, ERASURES).await?;
        done.more |= open.len() >= ERASURES as usize;
        for erasure in open {
            let business = BusinessScope::new(erasure.business, number);
            if let Err(fault) = resume(hands, &business, erasure, now).await {
                log::failed(hands.app, "erasures_resume", &fault);
                done.failed = done.failed.saturating_add(1);
            }
            done.count(1);
        }
    }
    Ok(done)
}

async fn resume(
    hands: &Hands<'_>,
    business: &BusinessScope,
    mut erasure: OpenErasure,
    now: Millis,
) -> Result<(), OpError> {
    for _ in 0..STEPS {
        let next = erasure::erasure_step(hands.app, hands.rooms, business, &erasure, now).await?;
        let Some(state) = next else { break };
        erasure.state = state;
        erasure.keyless_at.get_or_insert(now);
    }
    Ok(())
}
