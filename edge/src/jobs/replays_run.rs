//! The replay of restored databases. Who was erased is erased again as soon as the restore is recognised; the rest comes once an
//! operator asked for it: `docs/operating.md` has the command.
//!
//! Idempotent: what is replayed twice is found done. A run that has made its share keeps how far it came.

use shared::limits::REPLAY_CALLS;
use shared::time::Millis;

use super::{Done, Hands, conversations_purge};
use crate::log;
use crate::ops::replay::Came;
use crate::ops::{OpError, replay};
use crate::store::scope::OperatorScope;

/// Replays what was restored, as far as one run may; what was asked for is purged then, and leases and mail go on.
pub(super) async fn run(hands: &Hands<'_>, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let app = hands.app;
    let mut done = Done::at(now);
    let mut calls = REPLAY_CALLS;
    for tick in replay::replays_due(app, scope).await? {
        match replay::replay(app, scope, &tick.database, &mut calls, now).await {
            Ok(Came::Whole) => {
                // What was due in between goes before anything else is served from it.
                let purged = conversations_purge::run(hands, scope, now).await?;
                if purged.more {
                    done.more = true;
                    continue;
                }
                replay::replay_done(app, scope, &tick.database, now).await?;
                done.count(1);
            }
            Ok(Came::Partly) => done.more = true,
            Ok(Came::Waits) => {}
            Err(fault) => {
                log::failed(app, "replays_run", &fault);
                done.failed = done.failed.saturating_add(1);
            }
        }
    }
    Ok(done)
}
