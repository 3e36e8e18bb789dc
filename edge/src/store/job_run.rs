//! The log of jobs: every run stands in it, also one that found nothing.

use serde::Deserialize;
use shared::id::JobRunId;
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// How it ended.
    pub outcome: Outcome,
    /// When it began.
    pub started_at: Millis,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// Logs a run.
pub const JOB_RUN_INSERT: &str = "
INSERT INTO job_run (id, job, cut_off, due_rows, objects, outcome, started_at, duration_ms, class, spared)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
";

/// Logs a run.
pub async fn job_run_insert(directory: &Db, _scope: &OperatorScope, run: &JobRun) -> Result<(), DbFault> {
    directory
        .write(Statement::new(
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
            ],
        ))
        .await
}

/// When a job last came to an end without a fault.
pub const JOB_RUN_LAST: &str = "
SELECT max(started_at) AS started_at
FROM job_run
WHERE job = ?1
  AND class = ''
  AND outcome IN ('done', 'more')
";

/// When a job last ran well, if it ever did.
pub async fn job_run_last(
    directory: &Db,
    _scope: &OperatorScope,
    job: &'static str,
) -> Result<Option<Millis>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        started_at: Option<Millis>,
    }
    let row: Option<Row> = directory.row(Statement::new(JOB_RUN_LAST, [job.into()])).await?;
    Ok(row.and_then(|row| row.started_at))
}
