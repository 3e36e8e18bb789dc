//! A visitor's rights over HTTPS: whoever proves a conversation sees, takes, corrects, holds still, objects and erases.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use http::{HeaderMap, StatusCode, Uri};
use shared::id::SiteId;
use shared::wire::privacy::{
    AskCode, Copy, HandOver, Held, MadeRequest, MakeRequest, OpenByCode, OpenedByCode, ReportChild,
    ResumeCode,
};
use shared::wire::problem::Kind;

use crate::http::access::{cookies_refuse, path_id, thread};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::stream::{SendStream, Streamed};
use crate::http::widget::site::{Pace, burst_check};
use crate::http::{Edge, headers};
use crate::ops::{copy, privacy_code, request, right};

/// A code that hands the conversation over to its privacy centre.
#[worker::send]
pub async fn hand_over_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Json<HandOver>> {
    let scope = thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Visits("hand over"), &headers).await?;
    let made = privacy_code::hand_over_make(&edge.app, &scope).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// A code that leads back into the conversation.
#[worker::send]
pub async fn resume_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Json<ResumeCode>> {
    let scope = thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Visits("resume"), &headers).await?;
    let made = privacy_code::resume_make(&edge.app, &scope).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// Opens a conversation by a code. Guessing is limited by address and by site before anything is looked up.
#[worker::send]
pub async fn open_post(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<OpenedByCode>> {
    cookies_refuse(&edge, &headers)?;
    let site: SiteId = path_id(&edge, &site)?;
    burst_check(&edge, site, Pace::Visits("code"), &headers).await?; // keeps B9
    let given: OpenByCode = json_read(&edge, body).await?;
    let opened = privacy_code::code_open(&edge.app, site, given.code.expose()).await;
    Ok(Json(opened.map_err(|error| edge.problem(error))?))
}

/// Mails a code to a confirmed address; says the same where there is none.
#[worker::send]
pub async fn code_post(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<StatusCode> {
    cookies_refuse(&edge, &headers)?;
    let site: SiteId = path_id(&edge, &site)?;
    burst_check(&edge, site, Pace::Visits("mailed code"), &headers).await?; // keeps B9
    let asked: AskCode = json_read(&edge, body).await?;
    let done = privacy_code::code_ask(&edge.app, site, &asked.email).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mails the code to come back with.
#[worker::send]
pub async fn resume_mail_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    let scope = thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Visits("resume"), &headers).await?;
    privacy_code::resume_mail(&edge.app, &scope).await.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a report that a child's data is held.
#[worker::send]
pub async fn report_post(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<StatusCode> {
    cookies_refuse(&edge, &headers)?;
    let id: SiteId = path_id(&edge, &site)?;
    burst_check(&edge, id, Pace::Visits("report"), &headers).await?;
    let report: ReportChild = json_read(&edge, body).await?;
    let site = edge.app.site(id).await.map_err(|error| edge.problem(error))?;
    let done = request::child_report(&edge.app, &site, &report).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is held, in short.
#[worker::send]
pub async fn held_get(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Json<Held>> {
    let scope = thread(&edge, &conversation, &headers).await?;
    let held = copy::held_read(&edge.app, &scope).await;
    Ok(Json(held.map_err(|error| edge.problem(error))?))
}

/// A copy of everything, in pages.
#[worker::send]
pub async fn copy_get(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Json<Copy>> {
    let scope = thread(&edge, &conversation, &headers).await?;
    let after = headers::query(&uri, "after").unwrap_or("0");
    let after = after.parse().map_err(|_| edge.problem(Kind::ValueRefused))?;
    let copy = copy::copy_read(&edge.app, &scope, after).await;
    Ok(Json(copy.map_err(|error| edge.problem(error))?))
}

/// Everything as a ZIP, written while it is read.
#[worker::send]
pub async fn archive_get(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let scope = thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Visits("archive"), &headers).await?;
    // What is not there any more is said before the answer begins.
    copy::held_read(&edge.app, &scope).await.map_err(|error| edge.problem(error))?;
    let pieces = copy::archive_write(std::rc::Rc::clone(&edge.app), scope);
    let pieces = pieces.map(|piece| piece.map_err(|_| std::io::Error::other("the archive ended early")));
    let mut response = Response::new(Body::from_stream(SendStream::new(pieces)));
    response.extensions_mut().insert(Streamed);
    headers::set(&mut response, "content-type", "application/zip");
    headers::set(&mut response, "cache-control", "no-store");
    headers::set(&mut response, "x-content-type-options", "nosniff");
    headers::set(&mut response, "content-disposition", "attachment; filename=\"my-data.zip\"");
    Ok(response)
}

/// Makes a request.
#[worker::send]
pub async fn request_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<MadeRequest>> {
    let scope = thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Visits("request"), &headers).await?;
    let make: MakeRequest = json_read(&edge, body).await?;
    let made = right::request_make(&edge.app, &*edge.conversations, &scope, &make).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// Lets a conversation go on that was held still.
#[worker::send]
pub async fn restriction_delete(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let scope = thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Visits("request"), &headers).await?;
    let lifted = right::restriction_lift(&edge.app, &*edge.conversations, &scope).await;
    lifted.map_err(|error| edge.problem(error))?;
    // The team sees that it may answer again, also where nobody is in the room.
    edge.row_changed(&scope).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}
