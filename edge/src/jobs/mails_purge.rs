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
    let cut_off = now.minus_ms(MAIL_ROW_MS);
    let purge = mail::mails_purge(scope, cut_off, now.minus_ms(MAIL_SUPPRESSION_MS), DELETE_ROWS);
    let purged = mail::mails_purged(&app.directory.batch(purge).await?)?;
    let rows = purged.iter().map(|rows| u32::try_from(*rows).unwrap_or(u32::MAX));
    let more = rows.clone().any(|rows| rows >= DELETE_ROWS);
    Ok(Done { cut_off, rows: rows.fold(0, u32::saturating_add), objects: 0, more })
}
