//! Mails that sum up what waits in an inbox, for members who asked to be told.

use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::{OpError, digest};
use crate::store::scope::OperatorScope;

/// Puts the mails into the outbox that are due at `now`.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let (sent, more) = digest::digests_send(app, scope, now).await?;
    Ok(Done { rows: sent, more, ..Done::at(now) })
}
