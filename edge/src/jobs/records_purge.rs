//! Everything that time alone deletes besides conversations and addresses: class by class, each by its own limit, each
//! with a line of its own in the log, also where nothing was due (promises P4.3, P4.4, B6).
//!
//! Idempotent: what is gone is not found again. A run that is stopped goes on with what is left.

use shared::limits::{CLASS_STATEMENTS, DELETE_ROWS, JOURNAL_MS, PURGE_BATCHES};
use shared::rules::retention::Class;
use shared::time::Millis;

use super::{Done, run_log};
use crate::app::App;
use crate::log;
use crate::ops::OpError;
use crate::ops::meter;
use crate::store::due::{self, Where, due_of};
use crate::store::job_run::Outcome;
use crate::store::scope::OperatorScope;

pub(super) const NAME: &str = "records_purge";

/// Deletes what is due at `now`.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut all = Done::at(now);
    for class in Class::ALL {
        let started_at = app.clock.now();
        let mut done = Done::at(class.limit().kept_from(now));
        // One class that fails does not keep the others.
        let outcome = match class_purge(app, scope, *class, &mut done).await {
            Ok(()) if done.more => Outcome::More,
            Ok(()) => Outcome::Done,
            Err(fault) => {
                log::failed(app, NAME, &fault);
                all.failed = all.failed.saturating_add(1);
                Outcome::Failed
            }
        };
        run_log(app, scope, (NAME, class.as_str()), (now, started_at), outcome, &done).await;
        all.rows = all.rows.saturating_add(done.rows);
        all.more |= done.more;
    }
    let last_day = now.minus_ms(JOURNAL_MS).day();
    all.objects = app.keyring.journal_forget(last_day).await?;
    let billing = Class::Billing.limit().kept_from(now).day();
    app.directory.write(due::billing_days_condemn(scope, billing)).await?;
    Ok(all)
}

async fn class_purge(app: &App, scope: &OperatorScope, class: Class, done: &mut Done) -> Result<(), OpError> {
    let query = due_of(class);
    let databases = match query.place {
        Where::Directory => std::slice::from_ref(&app.directory),
        Where::Shard => app.shards(scope),
    };
    for db in databases {
        let mut batches = 0;
        loop {
            let gone = due::due_delete(db, scope, &query, done.cut_off, DELETE_ROWS).await?;
            done.rows = done.rows.saturating_add(gone);
            batches = u32::saturating_add(batches, 1);
            if gone < DELETE_ROWS {
                break;
            }
            // Every class has its turn: what is left for those behind it stays.
            if batches >= PURGE_BATCHES || !meter::has(CLASS_STATEMENTS) {
                done.more = true;
                break;
            }
        }
    }
    Ok(())
}
