//! What a business counts, and the questions and comments behind it.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::Uri;
use http::request::Parts;
use shared::id::SiteId;
use shared::limits::{NUMBERS_DAYS, NUMBERS_DAYS_USUAL};
use shared::time::Millis;
use shared::wire::admin::knowledge::WriteKnowledge;
use shared::wire::admin::numbers::{CommentPage, Numbers, QuestionPage};
use shared::wire::problem::Kind;

use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, headers};
use crate::ops::numbers::{Period, Table, day_read, days_until, numbers_csv, numbers_read};
use crate::ops::question;
use crate::rules::permission::Op;

/// The period that a request asks for; the last thirty days where it says nothing.
fn period(edge: &Edge, uri: &Uri) -> ApiResult<Period> {
    let refused = || edge.problem(Kind::ValueRefused);
    let days = headers::query(uri, "days").map(str::parse).transpose().map_err(|_| refused())?;
    let days: i64 = days.unwrap_or(NUMBERS_DAYS_USUAL);
    let (first, last) = days_until(edge.app.clock.now(), days.clamp(0, NUMBERS_DAYS.saturating_add(1)));
    let day = |name: &str| -> ApiResult<Option<i64>> {
        headers::query(uri, name).map(|text| day_read(text).ok_or_else(refused)).transpose()
    };
    let site = headers::query(uri, "site").filter(|site| !site.is_empty());
    let site: Option<SiteId> = site.map(|site| path_id(edge, site)).transpose()?;
    Ok(Period { from: day("from")?.unwrap_or(first), to: day("to")?.unwrap_or(last), site })
}

/// The numbers of a period.
#[worker::send]
pub async fn numbers_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Numbers>> {
    let scope = member(&edge, &parts, &business, Op::NumbersRead).await?;
    let numbers = numbers_read(&edge.app, &scope, period(&edge, &parts.uri)?).await;
    Ok(Json(numbers.map_err(|error| edge.problem(error))?))
}

/// One of their tables as a file.
#[worker::send]
pub async fn export_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Response> {
    let scope = member(&edge, &parts, &business, Op::NumbersRead).await?;
    let refused = || edge.problem(Kind::ValueRefused);
    let table = Table::find(headers::query(&parts.uri, "table").unwrap_or("days")).ok_or_else(refused)?;
    let format = headers::query(&parts.uri, "format").unwrap_or("csv");
    let numbers = numbers_read(&edge.app, &scope, period(&edge, &parts.uri)?).await;
    let numbers = numbers.map_err(|error| edge.problem(error))?;
    let mut response = match (format, table) {
        ("csv", _) => {
            let mut response = Response::new(Body::from(numbers_csv(&numbers, table)));
            headers::set(&mut response, "content-type", "text/csv; charset=utf-8");
            headers::set(&mut response, "cache-control", "no-store");
            response
        }
        ("json", Table::Days) => Json(&numbers.days).into_response(),
        ("json", Table::Sites) => Json(&numbers.sites).into_response(),
        ("json", Table::Models) => Json(&numbers.models).into_response(),
        _ => return Err(refused()),
    };
    let name = format!("loquet-{}-{}-{}.{format}", table.as_str(), numbers.from, numbers.to);
    headers::set(&mut response, "content-disposition", &format!("attachment; filename=\"{name}\""));
    headers::set(&mut response, "x-content-type-options", "nosniff");
    Ok(response)
}

/// What visitors said.
#[worker::send]
pub async fn comments_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<CommentPage>> {
    let scope = member(&edge, &parts, &business, Op::QuestionsRead).await?;
    let before = headers::query(&parts.uri, "before").map(str::parse::<i64>).transpose();
    let before = before.map_err(|_| edge.problem(Kind::ValueRefused))?.map(Millis::new);
    let page = question::comments_read(&edge.app, &scope, before).await;
    Ok(Json(page.map_err(|error| edge.problem(error))?))
}

/// Questions to which nothing was found.
#[worker::send]
pub async fn questions_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<QuestionPage>> {
    let scope = member(&edge, &parts, &business, Op::QuestionsRead).await?;
    let before = headers::query(&parts.uri, "before").map(str::parse).transpose();
    let before = before.map_err(|_| edge.problem(Kind::ValueRefused))?;
    let page = question::questions_read(&edge.app, &scope, before).await;
    Ok(Json(page.map_err(|error| edge.problem(error))?))
}

/// Writes the answer to one of them.
#[worker::send]
pub async fn answer_post(
    State(edge): State<Edge>,
    Path((business, message)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::QuestionsWrite).await?;
    let message = path_id(&edge, &message)?;
    question::question_own(&edge.app, &scope, message).await.map_err(|error| edge.problem(error))?;
    let written: WriteKnowledge = json_read(&edge, body).await?;
    let done = question::question_answer(&edge.app, &scope, message, &written).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts one of them aside.
#[worker::send]
pub async fn question_delete(
    State(edge): State<Edge>,
    Path((business, message)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::QuestionsWrite).await?;
    let message = path_id(&edge, &message)?;
    let done = question::question_put_aside(&edge.app, &scope, message).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
