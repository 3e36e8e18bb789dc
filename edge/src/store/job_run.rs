//! The log of jobs: every run stands in it, also one that found nothing.

use serde::Deserialize;
use shared::id::JobRunId;
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything that was due is done.
    Done,
    /// More is due; the next run goes on.
    More,
    /// Something failed; the next run tries again.
    Failed,
    /// The scheduled time lay ahead of the real clock: nothing was touched.
    Refused,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::More => "more",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }
}

/// One run of a job.
pub struct JobRun {
    /// The run.
    pub id: JobRunId,
    /// The job's name.
    pub job: &'static str,
    /// The class that this line is about, where a run handles several; empty for the run as a whole.
    pub class: &'static str,
    /// Everything before this was due.
    pub cut_off: Millis,
    /// Rows it touched.
    pub due_rows: u32,
    /// Objects it touched.
    pub objects: u32,
    /// What was due and passed by: restricted, or held for a legal claim.
    pub spared: u32,
    /// What it knows that it left to the next run, at least.
    pub left: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began.
    pub started_at: Millis,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// Logs a run.
pub const JOB_RUN_INSERT: &str = "
INSERT INTO job_run (id, job, cut_off, due_rows, objects, outcome, started_at, duration_ms, class, spared, left_over)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
";

/// Notes how a job stands after a run. Events may come late: the latest time of each kind stays.
pub const JOB_STATE_NOTE: &str = "
INSERT INTO job_state (job, outcome, ran_at, good_at, done_at)
VALUES (?1, ?2, ?3, CASE WHEN ?2 IN ('done', 'more') THEN ?3 END, CASE WHEN ?2 = 'done' THEN ?3 END)
ON CONFLICT (job) DO UPDATE
SET outcome = excluded.outcome
  , ran_at = max(job_state.ran_at, excluded.ran_at)
  , good_at = max(coalesce(job_state.good_at, excluded.good_at), coalesce(excluded.good_at, job_state.good_at))
  , done_at = max(coalesce(job_state.done_at, excluded.done_at), coalesce(excluded.done_at, job_state.done_at))
";

/// Logs a run, and how its job stands now where it is a run as a whole.
pub async fn job_run_insert(directory: &Db, _scope: &OperatorScope, run: &JobRun) -> Result<(), DbFault> {
    let mut batch = vec![Statement::new(
        JOB_RUN_INSERT,
        [
            run.id.into(),
            run.job.into(),
            run.cut_off.into(),
            run.due_rows.into(),
            run.objects.into(),
            run.outcome.as_str().into(),
            run.started_at.into(),
            run.duration_ms.into(),
            run.class.into(),
            run.spared.into(),
            run.left.into(),
        ],
    )];
    if run.class.is_empty() {
        let values = [run.job.into(), run.outcome.as_str().into(), run.started_at.into()];
        batch.push(Statement::new(JOB_STATE_NOTE, values));
    }
    directory.batch(batch).await.map(drop)
}

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct JobState {
    /// The job's name.
    pub job: String,
    /// How its last run ended.
    pub outcome: Outcome,
    /// When its last run was.
    pub ran_at: Millis,
    /// When it last came to an end without a fault.
    pub good_at: Option<Millis>,
    /// When it last left nothing.
    pub done_at: Option<Millis>,
    /// Where the next run goes on; empty where it begins.
    pub cursor: String,
}

/// Lists how every job stands: there are as many as the software has.
pub const JOB_STATES: &str = "
SELECT job
     , outcome
     , ran_at
     , good_at
     , done_at
     , cursor
FROM job_state
";

/// How every job stands that ever ran.
pub async fn job_states(directory: &Db, _scope: &OperatorScope) -> Result<Vec<JobState>, DbFault> {
    directory.rows(Statement::new(JOB_STATES, [])).await
}

/// Finds where a job goes on.
pub const JOB_CURSOR: &str = "
SELECT cursor
FROM job_state
WHERE job = ?1
";

/// Keeps where a job goes on. What its run came to is noted after it.
pub const JOB_CURSOR_KEEP: &str = "
INSERT INTO job_state (job, outcome, ran_at, cursor)
VALUES (?1, 'more', ?2, ?3)
ON CONFLICT (job) DO UPDATE
SET cursor = excluded.cursor
";

/// Where a job goes on; `None` where it begins.
pub async fn job_cursor(
    directory: &Db,
    _scope: &OperatorScope,
    job: &'static str,
) -> Result<Option<String>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        cursor: String,
    }
    let row: Option<Row> = directory.row(Statement::new(JOB_CURSOR, [job.into()])).await?;
    Ok(row.map(|row| row.cursor).filter(|cursor| !cursor.is_empty()))
}

/// Keeps where a job goes on; empty where it begins again.
pub async fn job_cursor_keep(
    directory: &Db,
    _scope: &OperatorScope,
    job: &'static str,
    cursor: &str,
    now: Millis,
) -> Result<(), DbFault> {
    directory.write(Statement::new(JOB_CURSOR_KEEP, [job.into(), now.into(), cursor.into()])).await
}
