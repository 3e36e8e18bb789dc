//! Old rows of the outbox and old suppressions: deleted when the time that the inventory names is over.

use shared::limits::{DELETE_ROWS, MAIL_ROW_MS, MAIL_SUPPRESSION_MS};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::OpError;
use crate::store::mail;
use crate::store::scope::OperatorScope;

/// Deletes rows past their time.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now.minus_ms(MAIL_ROW_MS));
    let purge = mail::mails_purge(scope, done.cut_off, now.minus_ms(MAIL_SUPPRESSION_MS), DELETE_ROWS);
    for deleted in mail::mails_purged(&app.directory.batch(purge).await?)? {
        done.more |= deleted >= DELETE_ROWS as usize;
        done.count(deleted);
    }
    Ok(done)
}
