//! Every database is counted, there and in the bucket of keys: one that is behind was restored from a backup.
//!
//! Idempotent: a count that is lost or written twice says nothing; only the bucket being ahead does.

use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::{OpError, replay};
use crate::store::scope::OperatorScope;

/// Counts.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    done.rows = replay::ticks_count(app, scope, now).await?;
    Ok(done)
}
