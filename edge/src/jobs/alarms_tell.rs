//! A letter to whoever runs the deployment, when a job is late or its last run failed: once a day at most.
//!
//! Idempotent: the day and the letter are one batch, and a second letter of the same day does not get in.

use shared::id::MailId;
use shared::time::Millis;

use super::{Done, JOBS};
use crate::app::App;
use crate::ops::OpError;
use crate::ops::mail::{MailKind, NewMail, Recipient, batch_commit, mail_insert};
use crate::store::scope::OperatorScope;
use crate::store::{alarm, health, job_run};

/// Writes where something is wrong.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    let directory = &app.directory;
    if app.config.operator_email.is_none() || alarm::alarm_told(directory, scope, now.day()).await? {
        return Ok(done);
    }
    let began = health::deployment_began(directory, scope).await?;
    let mut wrong = Vec::new();
    for job in JOBS {
        let last = job_run::job_run_last(directory, scope, job.name).await?;
        let is_late = last.or(began).is_some_and(|since| now.since_ms(since) > job.late_after_ms);
        if is_late || alarm::job_fails(directory, scope, job.name).await? {
            wrong.push(job.name);
        }
    }
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
    batch_commit(app, vec![alarm::alarm_note(scope, now), letter]).await?;
    done.count(1);
    Ok(done)
}
