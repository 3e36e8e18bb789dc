//! Mails that no message of the queue woke, or whose try was cut off: woken now. Waking twice is harmless, because a try
//! takes hold of its mail.

use shared::limits::MAIL_SWEEP_ROWS;
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::{OpError, mail};
use crate::store::mail::mails_due;
use crate::store::scope::OperatorScope;

/// Wakes the consumer for mails that are due. Where nothing can be sent, nothing is woken; `/readyz` says why.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    if !app.config.sends_mail() {
        return Ok(done);
    }
    let due = mails_due(&app.directory, scope, now, MAIL_SWEEP_ROWS).await?;
    done.more = due.len() >= MAIL_SWEEP_ROWS as usize;
    done.count(due.len());
    for id in due {
        mail::mail_wake(app, id, 0).await?;
    }
    Ok(done)
}
