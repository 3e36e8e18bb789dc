//! A letter to whoever runs the deployment, when a job is late or its last run failed: once a day at most. The cron writes
//! it, and where the cron is dead a request does.
//!
//! Idempotent: the day and the letter are one batch, and a second letter of the same day does not get in.

use shared::id::MailId;
use shared::time::Millis;

use super::{Done, jobs_stand};
use crate::app::App;
use crate::ops::OpError;
use crate::ops::mail::{MailKind, NewMail, Recipient, batch_commit_once, mail_insert};
use crate::store::alarm;
use crate::store::scope::OperatorScope;

/// Writes where something is wrong.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    let directory = &app.directory;
    if app.config.operator_email.is_none() || alarm::alarm_told(directory, scope, now.day()).await? {
        return Ok(done);
    }
    let stand = jobs_stand(app, scope, now).await?;
    let wrong: Vec<&str> =
        stand.iter().filter(|standing| !standing.is_well()).map(|standing| standing.job.name).collect();
    if wrong.is_empty() {
        return Ok(done);
    }
    let letter = mail_insert(&NewMail {
        id: MailId::mint(now, app.rng.bytes()?),
        kind: MailKind::JobAlarm,
        recipient: Recipient::Operator,
        business: None,
        about: Some(wrong.join(", ")),
        now: app.clock.now(),
    });
    // Where a request or another run wrote the letter of this day a moment ago, there is nothing to do.
    if batch_commit_once(app, vec![alarm::alarm_note(scope, now), letter]).await? {
        done.count(1);
    }
    Ok(done)
}
