//! The replay of restored databases, once an operator asked for it: `docs/operating.md` has the command.
//!
//! Idempotent: what is replayed twice is found done.

use shared::time::Millis;

use super::{Done, Hands, conversations_purge};
use crate::log;
use crate::ops::{OpError, replay};
use crate::store::scope::OperatorScope;

/// Replays what was asked for, purges what is due, and lets leases and mail go on.
pub(super) async fn run(hands: &Hands<'_>, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let app = hands.app;
    let mut done = Done::at(now);
    for tick in replay::replays_due(app, scope).await? {
        if tick.replay_asked_at.is_none() {
            continue;
        }
        match replay::replay(app, scope, &tick.database, now).await {
            Ok(()) => {
                // What was due in between goes before anything else is served from it.
                let purged = conversations_purge::run(hands, scope, now).await?;
                if purged.more {
                    done.more = true;
                    continue;
                }
                replay::replay_done(app, scope, &tick.database).await?;
                done.count(1);
            }
            Err(fault) => {
                log::failed(app, "replays_run", &fault);
                done.failed = done.failed.saturating_add(1);
            }
        }
    }
    Ok(done)
}
