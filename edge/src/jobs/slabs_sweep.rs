//! Slabs that nobody needs any more: objects of a crash that no database names, and slabs whose last key is gone. Both go
//! after 31 days, when no restore can bring back a row that names them.
//!
//! Idempotent: the row goes first, then the object; an object that is left is one that no database names. A run looks at so
//! many pages of the bucket's list and keeps where it stopped; the next one goes on behind it.

use shared::limits::{CONDEMNED_SLABS, JOURNAL_MS, SWEEP_PAGES};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::{OpError, replay};
use crate::store::job_run::{job_cursor, job_cursor_keep};
use crate::store::scope::OperatorScope;
use crate::store::slab;

const NAME: &str = "slabs_sweep";

/// Deletes what is left over.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let cut_off = now.minus_ms(JOURNAL_MS);
    let mut done = Done::at(cut_off);
    // A database that was restored does not know its newest slabs.
    if !replay::replays_due(app, scope).await?.is_empty() {
        return Ok(done);
    }
    for db in app.shards(scope).iter().chain([&app.directory]) {
        let dead = slab::slabs_dead_delete(db, scope, cut_off, CONDEMNED_SLABS).await?;
        done.more |= dead.len() >= CONDEMNED_SLABS as usize;
        done.count(dead.len());
    }
    let mut after = job_cursor(&app.directory, scope, NAME).await?;
    for _ in 0..SWEEP_PAGES {
        let (listed, last) = app.keyring.slabs_listed(after.as_deref()).await?;
        let is_end = last.is_none();
        let old: Vec<_> = listed.into_iter().filter(|slab| slab.minted_at() <= cut_off).collect();
        let mut known = Vec::new();
        for db in app.shards(scope).iter().chain([&app.directory]) {
            known.extend(slab::slabs_known(db, scope, old.iter().map(|slab| slab.slab)).await?);
        }
        for orphan in old.iter().filter(|slab| !known.contains(&slab.slab)) {
            app.keyring.slab_delete(orphan).await?;
            done.objects = done.objects.saturating_add(1);
        }
        after = last;
        if is_end || done.objects >= CONDEMNED_SLABS {
            break;
        }
    }
    done.more |= after.is_some();
    job_cursor_keep(&app.directory, scope, NAME, after.as_deref().unwrap_or_default(), now).await?;
    Ok(done)
}
