//! What time itself does: one file a job, and the table that schedules them.
//!
//! `now` is the event's scheduled time, so that a run can be told what day it is; outside `ENV=dev` a job that
//! destroys refuses a time ahead of the real clock. Every run is logged, also one that found nothing.
//!
//! D1 lets one invocation make so many statements. Each job has a share of them and what those before it left; a job that
//! comes to its end stops, says how much it left, and goes on with the next five-minute event.

mod accounts_purge;
mod addresses_forget;
mod alarms_tell;
mod conversations_purge;
mod deletions_run;
mod erasures_resume;
mod files_purge;
mod inbox_digests;
mod keys_destroy;
mod mails_sweep;
mod notices_revise;
mod numbers_purge;
mod records_purge;
mod replays_run;
mod requests_remind;
mod roots_rewrap;
mod slabs_sweep;
mod standing;
mod ticks_count;
mod webhooks_sweep;

use futures::future::LocalBoxFuture;
use shared::id::JobRunId;
use shared::limits::{CLOCK_AHEAD_MS, INVOCATION_STATEMENTS};
use shared::time::{HOUR_MS, MINUTE_MS, Millis};

use crate::app::App;
use crate::log;
use crate::ops::OpError;
use crate::ops::erasure::Rooms;
use crate::ops::meter;
use crate::store::job_run::{self, JobRun, Outcome};
use crate::store::scope::OperatorScope;

pub use standing::{Standing, jobs_stand, lateness_look};

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Everything before this was due.
    pub cut_off: Millis,
    /// Rows it touched.
    pub rows: u32,
    /// Objects it touched.
    pub objects: u32,
    /// Conversations that were due and passed by: restricted, or held for a legal claim.
    pub spared: u32,
    /// More is due than one run does; the next one goes on.
    pub more: bool,
    /// How much of that it knows of: rows, sites or erasures, at least.
    pub left: u32,
    /// Things that could not be done and were logged; the next run tries them again.
    pub failed: u32,
}

impl Done {
    /// A run that has touched nothing yet.
    const fn at(cut_off: Millis) -> Self {
        Self { cut_off, rows: 0, objects: 0, spared: 0, more: false, left: 0, failed: 0 }
    }

    fn count(&mut self, rows: usize) {
        self.rows = self.rows.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX));
    }
}

/// What a job works with.
#[derive(Clone, Copy)]
pub struct Hands<'a> {
    /// The deployment.
    pub app: &'a App,
    /// Its conversations' rooms.
    pub rooms: &'a dyn Rooms,
}

/// One job.
pub struct Job {
    /// Its name, as the log of runs has it.
    pub name: &'static str,
    /// The cron trigger that runs it, as `wrangler.toml` has it.
    pub cron: &'static str,
    /// After this long without a good run, `/readyz` is red.
    pub late_after_ms: i64,
    /// Statements of an invocation that it can be sure of.
    pub share: u32,
    run: for<'a> fn(&'a Hands<'a>, &'a OperatorScope, Millis) -> LocalBoxFuture<'a, Result<Done, OpError>>,
}

/// Every job, in the order in which those of one trigger run.
pub const JOBS: &[Job] = &[
    Job {
        name: "ticks_count",
        cron: "*/5 * * * *",
        late_after_ms: 30 * MINUTE_MS,
        share: 20,
        run: |hands, scope, now| Box::pin(ticks_count::run(hands.app, scope, now)),
    },
    Job {
        name: "replays_run",
        cron: "*/5 * * * *",
        late_after_ms: 30 * MINUTE_MS,
        share: 240,
        run: |hands, scope, now| Box::pin(replays_run::run(hands, scope, now)),
    },
    Job {
        name: "accounts_purge",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 40,
        run: |hands, scope, now| Box::pin(accounts_purge::run(hands.app, scope, now)),
    },
    Job {
        name: "addresses_forget",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 10,
        run: |hands, scope, now| Box::pin(addresses_forget::run(hands.app, scope, now)),
    },
    Job {
        name: "conversations_purge",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 300,
        run: |hands, scope, now| Box::pin(conversations_purge::run(hands, scope, now)),
    },
    Job {
        name: "numbers_purge",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 12,
        run: |hands, scope, now| Box::pin(numbers_purge::run(hands.app, scope, now)),
    },
    Job {
        name: "files_purge",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 100,
        run: |hands, scope, now| Box::pin(files_purge::run(hands.app, scope, now)),
    },
    Job {
        name: "records_purge",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 160,
        run: |hands, scope, now| Box::pin(records_purge::run(hands.app, scope, now)),
    },
    Job {
        name: "roots_rewrap",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 20,
        run: |hands, scope, now| Box::pin(roots_rewrap::run(hands.app, scope, now)),
    },
    Job {
        name: "erasures_resume",
        cron: "*/5 * * * *",
        late_after_ms: 30 * MINUTE_MS,
        share: 320,
        run: |hands, scope, now| Box::pin(erasures_resume::run(hands, scope, now)),
    },
    Job {
        name: "keys_destroy",
        cron: "*/5 * * * *",
        late_after_ms: 30 * MINUTE_MS,
        share: 80,
        run: |hands, scope, now| Box::pin(keys_destroy::run(hands.app, scope, now)),
    },
    Job {
        name: "alarms_tell",
        cron: "*/5 * * * *",
        late_after_ms: 30 * MINUTE_MS,
        share: 10,
        run: |hands, scope, now| Box::pin(alarms_tell::run(hands.app, scope, now)),
    },
    Job {
        name: "mails_sweep",
        cron: "*/5 * * * *",
        late_after_ms: 30 * MINUTE_MS,
        share: 10,
        run: |hands, scope, now| Box::pin(mails_sweep::run(hands.app, scope, now)),
    },
    Job {
        name: "inbox_digests",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 60,
        run: |hands, scope, now| Box::pin(inbox_digests::run(hands.app, scope, now)),
    },
    Job {
        name: "slabs_sweep",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 40,
        run: |hands, scope, now| Box::pin(slabs_sweep::run(hands.app, scope, now)),
    },
    Job {
        name: "deletions_run",
        cron: "*/5 * * * *",
        late_after_ms: 30 * MINUTE_MS,
        share: 100,
        run: |hands, scope, now| Box::pin(deletions_run::run(hands.app, scope, now)),
    },
    Job {
        name: "notices_revise",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 60,
        run: |hands, scope, now| Box::pin(notices_revise::run(hands.app, scope, now)),
    },
    Job {
        name: "requests_remind",
        cron: "17 * * * *",
        late_after_ms: 3 * HOUR_MS,
        share: 60,
        run: |hands, scope, now| Box::pin(requests_remind::run(hands, scope, now)),
    },
    Job {
        name: "webhooks_sweep",
        cron: "*/5 * * * *",
        late_after_ms: 30 * MINUTE_MS,
        share: 40,
        run: |hands, scope, now| Box::pin(webhooks_sweep::run(hands.app, scope, now)),
    },
];

/// The trigger with which jobs go on that left something.
const OFTEN: &str = "*/5 * * * *";
/// Statements with which one run of a job is logged.
const LOG_STATEMENTS: u32 = 2;

/// Runs the jobs of a trigger, as of `scheduled_at`. A job that fails is logged and does not keep the others.
pub async fn run_due(hands: Hands<'_>, cron: &str, scheduled_at: Millis) {
    meter::metered(run_metered(hands, cron, scheduled_at)).await;
}

async fn run_metered(hands: Hands<'_>, cron: &str, scheduled_at: Millis) {
    let scope = OperatorScope::of_deployment();
    // What follows keeps its share, however much is due in those before.
    let mut kept: u32 = JOBS.iter().filter(|job| job.cron == cron).map(Job::needs).sum();
    for job in JOBS.iter().filter(|job| job.cron == cron) {
        kept = kept.saturating_sub(job.needs());
        meter::allow(INVOCATION_STATEMENTS.saturating_sub(kept.saturating_add(LOG_STATEMENTS)));
        job_run(&hands, &scope, job, scheduled_at).await;
    }
    if cron == OFTEN {
        go_on(&hands, &scope, scheduled_at).await;
    }
}

/// Goes on with jobs of other triggers that left something, those first that waited longest, as long as their shares fit.
async fn go_on(hands: &Hands<'_>, scope: &OperatorScope, scheduled_at: Millis) {
    meter::allow(INVOCATION_STATEMENTS);
    let mut states = match job_run::job_states(&hands.app.directory, scope).await {
        Ok(states) => states,
        Err(fault) => {
            log::fault(hands.app, "jobs", &fault);
            return;
        }
    };
    states.retain(|state| state.outcome == Outcome::More);
    states.sort_by_key(|state| state.ran_at);
    for state in states {
        let waiting = JOBS.iter().find(|job| job.name == state.job && job.cron != OFTEN);
        let Some(job) = waiting.filter(|job| meter::has(job.needs())) else { continue };
        meter::allow(INVOCATION_STATEMENTS.saturating_sub(LOG_STATEMENTS));
        job_run(hands, scope, job, scheduled_at).await;
        meter::allow(INVOCATION_STATEMENTS);
    }
}

async fn job_run(hands: &Hands<'_>, scope: &OperatorScope, job: &Job, scheduled_at: Millis) {
    let app = hands.app;
    let started_at = app.clock.now();
    let ahead = scheduled_at.since_ms(started_at) > CLOCK_AHEAD_MS;
    let done = if ahead && !app.config.dev {
        Ok(None)
    } else {
        (job.run)(hands, scope, scheduled_at).await.map(Some)
    };
    let (outcome, done) = match done {
        Ok(None) => (Outcome::Refused, None),
        Ok(Some(done)) if done.failed > 0 => (Outcome::Failed, Some(done)),
        Ok(Some(done)) => (if done.more { Outcome::More } else { Outcome::Done }, Some(done)),
        Err(failure) => {
            log::failed(app, job.name, &failure);
            (Outcome::Failed, None)
        }
    };
    let done = done.unwrap_or(Done::at(scheduled_at));
    run_log(app, scope, (job.name, ""), (scheduled_at, started_at), outcome, &done).await;
}

impl Job {
    /// Its share, and the lines that log it.
    const fn needs(&self) -> u32 {
        self.share.saturating_add(LOG_STATEMENTS)
    }
}

/// Writes a line into the log of runs: which job and class, the event's time and when it really began.
async fn run_log(
    app: &App,
    scope: &OperatorScope,
    (job, class): (&'static str, &'static str),
    (scheduled_at, started_at): (Millis, Millis),
    outcome: Outcome,
    done: &Done,
) {
    let run = JobRun {
        id: JobRunId::mint(started_at, app.rng.bytes().unwrap_or_default()),
        job,
        class,
        cut_off: done.cut_off,
        due_rows: done.rows,
        objects: done.objects,
        spared: done.spared,
        left: done.left.max(u32::from(done.more)),
        outcome,
        started_at: scheduled_at,
        duration_ms: app.clock.now().since_ms(started_at),
    };
    if let Err(fault) = job_run::job_run_insert(&app.directory, scope, &run).await {
        log::fault(app, job, &fault);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_the_jobs_of_one_event_fit_into_an_invocation() {
        for cron in [OFTEN, "17 * * * *"] {
            let needed: u32 = JOBS.iter().filter(|job| job.cron == cron).map(Job::needs).sum();
            assert!((1..=INVOCATION_STATEMENTS).contains(&needed), "{cron}: {needed}");
        }
    }
}
