//! Erasures that were begun: taken step by step to their end, whatever stopped them before.

use shared::time::Millis;

use super::{Done, Hands};
use crate::ops::{OpError, erasure};
use crate::store::erasure::erasures_open;
use crate::store::scope::{BusinessScope, OperatorScope};

/// Erasures that one run looks at, a shard.
const ERASURES: u32 = 50;
/// Steps of one erasure in one run: condemned, keyless, emptied, verified.
const STEPS: u32 = 4;

/// Takes open erasures further.
pub(super) async fn run(hands: &Hands<'_>, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let Hands { app, rooms } = *hands;
    let (mut rows, mut more) = (0_u32, false);
    for (number, shard) in app.shards(scope).iter().enumerate() {
        for _ in 0..STEPS {
            let open = erasures_open(shard, scope, ERASURES).await?;
            more |= open.len() >= ERASURES as usize;
            let mut moved = false;
            for erasure in open {
                let business = BusinessScope::new(erasure.business, number);
                moved |= erasure::erasure_step(app, rooms, &business, &erasure, now).await?;
                rows = rows.saturating_add(1);
            }
            if !moved {
                break;
            }
        }
    }
    Ok(Done { cut_off: now, rows, objects: 0, more })
}
