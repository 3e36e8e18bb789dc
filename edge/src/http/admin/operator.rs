//! What whoever runs the deployment sees: businesses and jobs, never content.

use axum::extract::State;
use http::request::Parts;
use shared::limits::{CELL_LEAST, NUMBERS_CELLS, NUMBERS_DAYS_USUAL};
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::operator::{
    CountedUse, CountedUses, DueClasses, OperatedBusinesses, OperatedJob, OperatedJobs, OperatedQueue,
    OperatedQueues,
};
use shared::wire::problem::Kind;

use crate::http::access::operator;
use crate::http::body::Json;
use crate::http::problem::ApiResult;
use crate::http::{Edge, headers};
use crate::jobs;
use crate::ops::numbers::{day_text, days_until};
use crate::ops::retention;
use crate::store::queue::{self, Waiting};
use crate::store::{business, usage};

/// The deployment's businesses.
#[worker::send]
pub async fn businesses_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<OperatedBusinesses>> {
    let scope = operator(&edge, &parts).await?;
    let before = headers::query(&parts.uri, "before").map(str::parse).transpose();
    let before = before.map_err(|_| edge.problem(Kind::ValueRefused))?;
    let page = business::businesses_page(&edge.app.directory, &scope, before).await;
    Ok(Json(page.map_err(|fault| edge.problem(fault))?))
}

/// The deployment's jobs.
#[worker::send]
pub async fn jobs_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<OperatedJobs>> {
    let scope = operator(&edge, &parts).await?;
    let now = edge.app.clock.now();
    let stand = jobs::jobs_stand(&edge.app, &scope, now).await.map_err(|fault| edge.problem(fault))?;
    let jobs = stand
        .iter()
        .map(|standing| OperatedJob {
            name: standing.job.name.to_owned(),
            cron: standing.job.cron.to_owned(),
            last_good_at: standing.good_at,
            late: standing.is_late,
        })
        .collect();
    Ok(Json(OperatedJobs { jobs }))
}

/// What time is over for, class by class.
#[worker::send]
pub async fn due_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<DueClasses>> {
    let scope = operator(&edge, &parts).await?;
    let at = headers::query(&parts.uri, "at").map(|at| at.parse::<i64>()).transpose();
    let at = at.map_err(|_| edge.problem(Kind::ValueRefused))?.map(Millis::new);
    let due = retention::classes_due(&edge.app, &scope, at).await;
    Ok(Json(due.map_err(|error| edge.problem(error))?))
}

/// What waits to be done.
#[worker::send]
pub async fn queues_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<OperatedQueues>> {
    let scope = operator(&edge, &parts).await?;
    let since = edge.app.clock.now().minus_ms(DAY_MS);
    let house = queue::directory_queues(&edge.app.directory, &scope, since).await;
    let house = house.map_err(|fault| edge.problem(fault))?;
    let (mut webhooks, mut given_up, mut erasures) = (Waiting::default(), Waiting::default(), house.erasures);
    for shard in edge.app.shards(&scope) {
        let found = queue::shard_queues(shard, &scope, since).await.map_err(|fault| edge.problem(fault))?;
        webhooks = webhooks.and(found.webhooks);
        given_up = given_up.and(found.webhooks_given_up);
        erasures = erasures.and(found.erasures);
    }
    let line = |name: &str, waiting: Waiting, given_up: u32| OperatedQueue {
        name: name.to_owned(),
        waiting: waiting.count,
        oldest_at: waiting.oldest_at,
        given_up,
    };
    Ok(Json(OperatedQueues {
        queues: vec![
            line("mails", house.mails, house.mails_given_up.count),
            line("webhooks", webhooks, given_up.count),
            line("erasures", erasures, 0),
        ],
    }))
}

/// How the dashboard was used.
#[worker::send]
pub async fn uses_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<CountedUses>> {
    let scope = operator(&edge, &parts).await?;
    let days = days_until(edge.app.clock.now(), NUMBERS_DAYS_USUAL);
    let read = usage::uses_read(&edge.app.directory, &scope, days, CELL_LEAST, NUMBERS_CELLS).await;
    let read = read.map_err(|fault| edge.problem(fault))?;
    let uses = read
        .into_iter()
        .map(|used| CountedUse { day: day_text(used.day), name: used.name, count: used.count })
        .collect();
    Ok(Json(CountedUses { uses }))
}
