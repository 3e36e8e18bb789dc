//! Mails that no message of the queue woke, or whose try was cut off: woken now. Waking twice is harmless, because a try
//! takes hold of its mail.

use shared::limits::MAIL_SWEEP_ROWS;
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::{OpError, mail};
use crate::store::mail::mails_due;
use crate::store::scope::OperatorScope;

/// Wakes the consumer for mails that are due.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    // Where nothing can be sent, nothing is woken; `/readyz` says why.
    if !app.config.sends_mail() {
        return Ok(Done { cut_off: now, rows: 0, objects: 0, more: false });
    }
    let due = mails_due(&app.directory, scope, now, MAIL_SWEEP_ROWS).await?;
    let rows = u32::try_from(due.len()).unwrap_or(u32::MAX);
    for id in due {
        mail::mail_wake(app, id, 0).await?;
    }
    Ok(Done { cut_off: now, rows, objects: 0, more: rows >= MAIL_SWEEP_ROWS })
}
