//! Accounts and businesses whose grace runs out: told at seven days and at one, then erased for good.
//!
//! Idempotent: a deletion that began says so, an erasure is found by its subject, and a letter that was written once is the
//! same letter.

use shared::limits::{DELETE_ROWS, DELETIONS, LETTER_STATEMENTS, RECORD_MONTHS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::log;
use crate::ops::meter;
use crate::ops::{OpError, deletion};
use crate::store::deletion::{deletions_due, deletions_forget, deletions_to_remind};
use crate::store::scope::OperatorScope;

/// Reminds, carries out and forgets. One deletion that fails stops no other.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    let (first, second) = deletion::reminders_due(now);
    for row in deletions_to_remind(&app.directory, scope, first, second, DELETIONS).await? {
        if !meter::has(LETTER_STATEMENTS) {
            done.more = true;
            break;
        }
        let told = deletion::deletion_remind(app, scope, &row, now).await;
        noted(app, &mut done, told);
    }
    let due = deletions_due(&app.directory, scope, now, DELETIONS).await?;
    done.more |= due.len() >= DELETIONS as usize;
    for row in due {
        if !meter::has(LETTER_STATEMENTS) {
            done.more = true;
            break;
        }
        let carried = deletion::deletion_carry_out(app, scope, &row, now).await;
        noted(app, &mut done, carried);
    }
    let forget = deletions_forget(scope, now.plus_months(-RECORD_MONTHS), DELETE_ROWS);
    done.count(app.directory.rows::<serde_json::Value>(forget).await?.len());
    Ok(done)
}

fn noted(app: &App, done: &mut Done, outcome: Result<(), OpError>) {
    if let Err(fault) = outcome {
        log::failed(app, "deletions_run", &fault);
        done.failed = done.failed.saturating_add(1);
    }
    done.count(1);
}
