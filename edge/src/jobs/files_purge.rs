//! Files that are due: those whose message is gone, those that were taken back, and those that nobody sent within a day.
//! The object goes first, then the row that would find it again.

use shared::limits::{DELETE_FILES, FILE_UNSENT_MS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::log;
use crate::ops::{OpError, file};
use crate::store::file::files_due;
use crate::store::scope::{BusinessScope, OperatorScope};

/// Deletes what is due at `now` in every shard. One that fails is logged and stops no other.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now.minus_ms(FILE_UNSENT_MS));
    for (number, shard) in app.shards(scope).iter().enumerate() {
        let due = files_due(shard, scope, done.cut_off, DELETE_FILES).await?;
        done.more |= due.len() >= DELETE_FILES as usize;
        for due in due {
            let business = BusinessScope::new(due.business, number);
            match file::file_purge(app, &business, due).await {
                Ok(()) => {
                    done.count(1);
                    done.objects = done.objects.saturating_add(1);
                }
                Err(fault) => {
                    log::failed(app, "files_purge", &fault);
                    done.failed = done.failed.saturating_add(1);
                }
            }
        }
    }
    Ok(done)
}
