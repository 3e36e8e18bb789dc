//! Condemned keys: overwritten in their slabs, one slab at a time.

use shared::limits::{CONDEMNED_SLABS, SLAB_STATEMENTS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::log;
use crate::ops::OpError;
use crate::ops::meter;
use crate::store::key;
use crate::store::scope::OperatorScope;

/// Destroys the condemned keys of every database. A slab that fails is logged and tried again by the next run; it stops
/// no other.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    for db in app.shards(scope).iter().chain([&app.directory]) {
        let slabs = key::slabs_condemned(db, scope, CONDEMNED_SLABS).await?;
        done.more |= slabs.len() >= CONDEMNED_SLABS as usize;
        for (slab, owner) in slabs {
            if !meter::has(SLAB_STATEMENTS) {
                done.more = true;
                break;
            }
            match app.keyring.keys_destroy(db, owner, slab).await {
                Ok(destruction) => {
                    done.rows = done.rows.saturating_add(destruction.keys);
                    done.objects = done.objects.saturating_add(1);
                }
                Err(fault) => {
                    log::failed(app, "keys_destroy", &fault.into());
                    done.failed = done.failed.saturating_add(1);
                }
            }
        }
    }
    Ok(done)
}
