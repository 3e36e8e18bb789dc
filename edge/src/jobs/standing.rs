//! Whether each job is on time and ends well: what `/readyz`, the operator's page and the operator's letter say.

use shared::limits::{JOB_BEHIND_MS, JOBS_LOOK_MS};
use shared::time::Millis;

use super::{JOBS, Job, alarms_tell};
use crate::app::App;
use crate::log;
use crate::ops::OpError;
use crate::store::health;
use crate::store::job_run::{self, JobState, Outcome};
use crate::store::scope::OperatorScope;

/// How a job stands.
#[derive(Clone, Copy)]
pub struct Standing {
    /// The job.
    pub job: &'static Job,
    /// When it last ran without a fault.
    pub good_at: Option<Millis>,
    /// It ran too long ago, or goes on from run to run for too long without coming to an end.
    pub is_late: bool,
    /// Its last run failed.
    pub fails: bool,
}

impl Standing {
    /// The job is neither late nor failing.
    pub const fn is_well(&self) -> bool {
        !self.is_late && !self.fails
    }
}

/// How every job stands at `now`.
pub async fn jobs_stand(app: &App, scope: &OperatorScope, now: Millis) -> Result<Vec<Standing>, OpError> {
    let states = job_run::job_states(&app.directory, scope).await?;
    // A job that never ran is late too, once there is something to look after for that long.
    let began = health::deployment_began(&app.directory, scope).await?;
    let stand =
        |job: &'static Job| standing(job, states.iter().find(|state| state.job == job.name), began, now);
    Ok(JOBS.iter().map(stand).collect())
}

fn standing(job: &'static Job, state: Option<&JobState>, began: Option<Millis>, now: Millis) -> Standing {
    let good_at = state.and_then(|state| state.good_at);
    let done_at = state.and_then(|state| state.done_at);
    let older = |at: Option<Millis>, than: i64| at.is_some_and(|at| now.since_ms(at) > than);
    let goes_on = state.is_some_and(|state| state.outcome == Outcome::More);
    Standing {
        job,
        good_at,
        is_late: older(good_at.or(began), job.late_after_ms)
            || goes_on && older(done_at.or(began), JOB_BEHIND_MS.saturating_add(job.late_after_ms)),
        fails: state.is_some_and(|state| state.outcome == Outcome::Failed),
    }
}

/// Looks whether the jobs are late, once an hour and isolate at most, and writes to whoever runs the deployment where they
/// are: a cron that is dead can't say so itself. It comes after an answer, and what hinders it is logged.
pub async fn lateness_look(app: &App) {
    let now = app.clock.now();
    if !app.jobs_look_is_due(now, JOBS_LOOK_MS) {
        return;
    }
    if let Err(fault) = alarms_tell::run(app, &OperatorScope::of_deployment(), now).await {
        log::failed(app, "alarms_tell", &fault);
    }
}

#[cfg(test)]
mod tests {
    use shared::time::{DAY_MS, HOUR_MS};

    use super::*;

    fn state(outcome: Outcome, good_at: i64, done_at: i64) -> JobState {
        JobState {
            job: "conversations_purge".into(),
            outcome,
            ran_at: Millis::new(good_at),
            good_at: Some(Millis::new(good_at)),
            done_at: Some(Millis::new(done_at)),
            cursor: String::new(),
        }
    }

    #[test]
    fn a_job_that_goes_on_is_late_only_where_it_falls_behind() {
        let job = JOBS.iter().find(|job| job.name == "conversations_purge").unwrap();
        let now = Millis::new(10 * DAY_MS);
        let at = |hours: i64| now.minus_ms(hours * HOUR_MS).as_i64();
        let late = |state: &JobState| standing(job, Some(state), None, now).is_late;
        assert!(!late(&state(Outcome::More, at(1), at(20))), "it works through what is due");
        assert!(late(&state(Outcome::More, at(1), at(28))), "and does not come to an end");
        assert!(!late(&state(Outcome::Done, at(1), at(1))));
        assert!(late(&state(Outcome::Done, at(4), at(4))), "it does not run");
        assert!(standing(job, Some(&state(Outcome::Failed, at(1), at(1))), None, now).fails);
        assert!(standing(job, None, Some(Millis::new(0)), now).is_late, "it never ran");
        assert!(standing(job, None, None, now).is_well(), "there is nobody to serve");
    }
}
