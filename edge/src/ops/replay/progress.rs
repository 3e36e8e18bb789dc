//! How far the replay of each database came: kept between runs where other jobs keep their cursor.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::id::{BusinessId, SlabId};
use shared::time::Millis;

use super::{Fault, OpError};
use crate::app::App;
use crate::store::job_run::{job_cursor, job_cursor_keep};
use crate::store::scope::OperatorScope;

/// The job whose cursor it is.
const JOB: &str = "replays_run";

/// What a replay is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// Every slab is closed.
    Close,
    /// Acts of the journal.
    Acts(Part),
    /// Businesses without their root.
    Roots,
    /// Keys that are gone.
    Keys,
    /// Nothing any more.
    Done,
}

/// Acts of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// Legal holds, which an erasure waits for.
    Holds,
    /// Erasures.
    Erased,
    /// All others.
    Others,
}

/// How far a replay came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// When an operator asked for it. Asked anew, it begins anew.
    pub asked_at: Option<Millis>,
    /// What it is at.
    pub step: Step,
    /// The last business that is done with in this step.
    pub business: Option<BusinessId>,
    /// The last entry that is done with in the next journal.
    pub entry: Option<String>,
    /// The last slab that is done with.
    pub slab: Option<SlabId>,
    /// The last owner that is done with in the next slab.
    pub owner: Option<String>,
}

impl Progress {
    /// Where a replay begins. Until an operator asks, holds and erasures are written down again and nothing else: they are right
    /// whatever else is restored, and whoever was erased must not be read meanwhile.
    pub(super) const fn beginning(asked_at: Option<Millis>) -> Self {
        let step = if asked_at.is_some() { Step::Close } else { Step::Acts(Part::Holds) };
        Self::at(asked_at, step)
    }

    const fn at(asked_at: Option<Millis>, step: Step) -> Self {
        Self { asked_at, step, business: None, entry: None, slab: None, owner: None }
    }

    /// Where it goes on behind a step. `None` where that waits for an operator.
    pub(super) fn next(&self) -> Option<Self> {
        let step = match self.step {
            Step::Close => Step::Acts(Part::Holds),
            Step::Acts(Part::Holds) => Step::Acts(Part::Erased),
            Step::Acts(Part::Erased) => {
                self.asked_at?;
                Step::Acts(Part::Others)
            }
            Step::Acts(Part::Others) => Step::Roots,
            Step::Roots => Step::Keys,
            Step::Keys | Step::Done => Step::Done,
        };
        Some(Self::at(self.asked_at, step))
    }
}

type Kept = BTreeMap<String, Progress>;

async fn all(app: &App, scope: &OperatorScope) -> Result<Kept, OpError> {
    let cursor = job_cursor(&app.directory, scope, JOB).await?;
    // One of another version is none: a replay that begins anew does no harm.
    Ok(cursor.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

async fn write(app: &App, scope: &OperatorScope, kept: &Kept, now: Millis) -> Result<(), OpError> {
    let text = if kept.is_empty() {
        String::new()
    } else {
        serde_json::to_string(kept).map_err(|fault| Fault::Platform(fault.to_string()))?
    };
    Ok(job_cursor_keep(&app.directory, scope, JOB, &text, now).await?)
}

/// How far the replay of a database came. `None` where it has not begun.
pub(super) async fn read(
    app: &App,
    scope: &OperatorScope,
    database: &str,
) -> Result<Option<Progress>, OpError> {
    Ok(all(app, scope).await?.remove(database))
}

/// Keeps how far it came.
pub(super) async fn keep(
    app: &App,
    scope: &OperatorScope,
    database: &str,
    progress: &Progress,
    now: Millis,
) -> Result<(), OpError> {
    let mut kept = all(app, scope).await?;
    kept.insert(database.to_owned(), progress.clone());
    write(app, scope, &kept, now).await
}

/// Forgets it: the replay is done, or the database was restored anew.
pub(super) async fn forget(
    app: &App,
    scope: &OperatorScope,
    database: &str,
    now: Millis,
) -> Result<(), OpError> {
    let mut kept = all(app, scope).await?;
    if kept.remove(database).is_some() {
        write(app, scope, &kept, now).await?;
    }
    Ok(())
}
