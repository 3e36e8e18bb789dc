//! Sign-ups that nobody confirmed, and changes of address whose two days are over.
//!
//! Idempotent: what is gone is not found again, and a change that was applied says so.

use shared::limits::{DELETE_ROWS, EMAIL_CHANGES, LETTER_STATEMENTS, SIGN_UP_MS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::log;
use crate::ops::meter;
use crate::ops::{OpError, email};
use crate::store::scope::OperatorScope;
use crate::store::{account, email_change};

/// Applies what is due and forgets what is over. A change that fails is logged and tried again by the next run; it stops
/// no other.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    let changes = email_change::email_changes_due(&app.directory, scope, now, EMAIL_CHANGES).await?;
    done.more = changes.len() >= EMAIL_CHANGES as usize;
    for change in changes {
        if !meter::has(LETTER_STATEMENTS) {
            done.more = true;
            break;
        }
        if let Err(fault) = email::email_change_apply(app, &change, now).await {
            log::failed(app, "accounts_purge", &fault);
            done.failed = done.failed.saturating_add(1);
        }
        done.count(1);
    }
    let batch = account::pending_forget(scope, now.minus_ms(SIGN_UP_MS), DELETE_ROWS);
    let last = batch.len().saturating_sub(1);
    let gone = app.directory.batch(batch).await?;
    let rows = gone.rows::<serde_json::Value>(last)?.len();
    done.more |= rows >= DELETE_ROWS as usize;
    done.count(rows);
    Ok(done)
}
