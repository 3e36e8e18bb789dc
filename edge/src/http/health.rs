//! Alive, and able to serve: bindings, migrations, keys, jobs on time, and a configuration without complaints.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::limits::{MAIL_ALARM_MS, MAIL_LATE_MS, MAIL_STRUGGLES};
use shared::time::Millis;

use super::Edge;
use super::body::Json;
use crate::jobs;
use crate::ops::{notice, record, replay};
use crate::store::scope::OperatorScope;
use crate::store::{health, mail};

/// One thing that serving needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Check {
    /// What: a variable, a binding, a job.
    pub name: String,
    /// It is as it should be.
    pub ok: bool,
    /// Serving goes on without it.
    pub optional: bool,
    /// What is wrong, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

/// Whether the deployment can serve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Readiness {
    /// Everything that is not optional is as it should be.
    pub ready: bool,
    /// Each check.
    pub checks: Vec<Check>,
}

/// The Worker answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// What is there and what is not; 503 while something is missing that serving needs.
#[worker::send]
pub async fn ready(State(edge): State<Edge>) -> Response {
    let app = &edge.app;
    let operator = OperatorScope::of_deployment();
    let mut checks = Vec::new();
    for complaint in &app.config.complaints {
        checks.push(Check {
            name: complaint.variable.clone(),
            ok: false,
            optional: complaint.optional,
            what: Some(complaint.what.clone()),
        });
    }
    let directory = health::directory_answers(&app.directory, &operator).await;
    checks.push(check("directory", directory.map_err(|fault| fault.to_string())));
    for (number, shard) in app.shards(&operator).iter().enumerate() {
        let answers = health::shard_answers(shard, &operator).await;
        checks.push(check(&format!("shard {number}"), answers.map_err(|fault| fault.to_string())));
    }
    let keys = app.keyring.health();
    checks.push(check(
        "keys",
        keys.last.map_or(Ok(()), |last| Err(format!("{} alarms, the last: {last}", keys.alarms))),
    ));
    // Looked for by a name that no file has: one read, no list.
    let files = app.files.read("readyz").await;
    checks.push(check("files", files.map(drop).map_err(|fault| fault.to_string())));
    checks.push(Check {
        name: "jurisdiction".into(),
        ok: app.config.jurisdiction.is_some(), // keeps P5.5 | without: ok: true,
        optional: true,
        what: app.config.jurisdiction.is_none().then(|| {
            "no jurisdiction is asked of the runtime (JURISDICTION is empty); set it to eu where it is known".into()
        }),
    });
    let waiting = replay::replays_due(app, &operator).await;
    checks.push(check(
        "restore",
        match waiting {
            Err(fault) => Err(fault.to_string()),
            Ok(waiting) if waiting.iter().any(|tick| tick.needs_replay) => Err(format!(
                "{} was restored from a backup and waits for its replay; until then no key is leased and no mail is \
                 sent. docs/operating.md has the command",
                waiting.iter().map(|tick| tick.database.as_str()).collect::<Vec<_>>().join(", ")
            )),
            Ok(_) => Ok(()),
        },
    ));
    checks.extend(register_check(&edge, &operator).await);
    let now = app.clock.now();
    checks.push(mail_check(&edge, &operator, now).await);
    match jobs::jobs_stand(app, &operator, now).await {
        Err(fault) => checks.push(check("jobs", Err(fault.to_string()))),
        Ok(stand) => checks.extend(stand.iter().map(job_check)),
    }
    let ready = checks.iter().all(|check| check.ok || check.optional);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, checks })).into_response()
}

/// Sub-processors that are announced and wait: what they are configured for does not happen yet.
async fn register_check(edge: &Edge, operator: &OperatorScope) -> Option<Check> {
    let (news, at) = match notice::register_coming(&edge.app, operator).await {
        Err(fault) => return Some(check("sub-processors", Err(fault.to_string()))),
        Ok(coming) => coming?,
    };
    let names: Vec<&str> = news.values().map(|line| line.name.as_str()).collect();
    let until = at.map_or_else(
        || "thirty days after everybody with an account has been written to".to_owned(),
        record::second,
    );
    Some(Check {
        name: "sub-processors".into(),
        ok: false,
        optional: true,
        what: Some(format!(
            "{}: announced to everybody with an account, and in force from {until}; one that is new is handed nothing before",
            names.join(", ")
        )),
    })
}

/// Mail is on time, and none was given up lately.
async fn mail_check(edge: &Edge, operator: &OperatorScope, now: Millis) -> Check {
    let (late_before, given_up_after) = (now.minus_ms(MAIL_LATE_MS), now.minus_ms(MAIL_ALARM_MS));
    let directory = &edge.app.directory;
    let health = mail::mail_health(directory, operator, late_before, given_up_after, MAIL_STRUGGLES).await;
    check(
        "mail",
        match health {
            Err(fault) => Err(fault.to_string()),
            Ok(health) if health.late > 0 => Err(format!(
                "{} mails are late: the queue does not deliver, or no mail vendor is configured",
                health.late
            )),
            Ok(health) if health.struggling.saturating_add(health.given_up) > 0 => Err(format!(
                "{} mails fail again and again, {} were given up within the hour; the log names the cause",
                health.struggling, health.given_up
            )),
            Ok(_) => Ok(()),
        },
    )
}

/// A job is on time, and its last run ended well.
fn job_check(standing: &jobs::Standing) -> Check {
    Check {
        name: format!("job {}", standing.job.name),
        ok: standing.is_well(),
        optional: false,
        what: match (standing.good_at, standing.is_late) {
            (_, true) => {
                Some("is late: the cron trigger does not fire, every run fails, or it falls behind".into())
            }
            _ if standing.fails => {
                Some("its last run failed; the log names the cause, and the next run tries again".into())
            }
            (None, false) => Some("has not run yet".into()),
            _ => None,
        },
    }
}

fn check(name: &str, outcome: Result<(), String>) -> Check {
    Check { name: name.to_owned(), ok: outcome.is_ok(), optional: false, what: outcome.err() }
}
