//! Files that are due: those whose message is gone, those that were taken back, and those that nobody sent within a day.
//! The object goes first, then the row that would find it again.
//!
//! Objects that no row names are looked for, too: a stretch of the bucket with each run, the next one goes on behind it.

use shared::limits::{DELETE_FILES, FILE_STRETCHES, FILE_UNSENT_MS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::log;
use crate::ops::meter;
use crate::ops::{OpError, file, replay};
use crate::store::file::files_due;
use crate::store::job_run::{job_cursor, job_cursor_keep};
use crate::store::scope::{BusinessScope, OperatorScope};

const NAME: &str = "files_purge";

/// Deletes what is due at `now` in every shard. One that fails is logged and stops no other.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now.minus_ms(FILE_UNSENT_MS));
    for (number, shard) in app.shards(scope).iter().enumerate() {
        let due = files_due(shard, scope, done.cut_off, DELETE_FILES).await?;
        done.more |= due.len() >= DELETE_FILES as usize;
        for (index, due_file) in due.iter().enumerate() {
            // What looks for objects without a row has its turn, too.
            if !meter::has(UNNAMED_STATEMENTS.saturating_add(1)) {
                done.left = u32::try_from(due.len().saturating_sub(index)).unwrap_or(u32::MAX);
                done.more = true;
                break;
            }
            let business = BusinessScope::new(due_file.business, number);
            match file::file_purge(app, &business, *due_file).await {
                Ok(()) => {
                    done.count(1);
                    done.objects = done.objects.saturating_add(1);
                }
                Err(fault) => {
                    log::failed(app, NAME, &fault);
                    done.failed = done.failed.saturating_add(1);
                }
            }
        }
    }
    let deleted = unnamed_delete(app, scope, now, done.cut_off).await?;
    done.objects = done.objects.saturating_add(deleted);
    Ok(done)
}

/// Statements of one stretch, and of the place where the next run goes on.
const UNNAMED_STATEMENTS: u32 = 10;

async fn unnamed_delete(
    app: &App,
    scope: &OperatorScope,
    now: Millis,
    cut_off: Millis,
) -> Result<u32, OpError> {
    // A database that was restored does not know its newest files.
    if !replay::replays_due(app, scope).await?.is_empty() {
        return Ok(0);
    }
    let begun = job_cursor(&app.directory, scope, NAME).await?;
    let (mut after, mut deleted) = (begun.clone(), 0_u32);
    for _ in 0..FILE_STRETCHES {
        if !meter::has(UNNAMED_STATEMENTS) {
            break;
        }
        let looked = file::files_unnamed_delete(app, scope, after.as_deref(), cut_off).await?;
        deleted = deleted.saturating_add(looked.deleted);
        after = looked.last;
        if after.is_none() {
            break;
        }
    }
    if after != begun {
        job_cursor_keep(&app.directory, scope, NAME, after.as_deref().unwrap_or_default(), now).await?;
    }
    Ok(deleted)
}
