//! Condemned keys: overwritten in their slabs, one slab at a time.

use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::OpError;
use crate::store::key;
use crate::store::scope::OperatorScope;

/// Slabs that one run touches: each costs one conditional write.
const SLABS: u32 = 50;

/// Destroys the condemned keys of up to fifty slabs a database.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let (mut rows, mut objects, mut more) = (0_u32, 0_u32, false);
    for db in app.shards(scope).iter().chain([&app.directory]) {
        let slabs = key::slabs_condemned(db, scope, SLABS).await?;
        more |= slabs.len() >= SLABS as usize;
        for (slab, owner) in slabs {
            let destruction = app.keyring.keys_destroy(db, owner, slab).await?;
            rows = rows.saturating_add(destruction.keys);
            objects = objects.saturating_add(1);
        }
    }
    Ok(Done { cut_off: now, rows, objects, more })
}
