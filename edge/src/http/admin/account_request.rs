//! Rights of people who sign in over their own data: for themselves, and for whoever runs the deployment and answers them.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::account_request::{MakeOwnRequest, OwnRequest, OwnRequests};
use shared::wire::admin::request::{ExtendRequest, RefuseRequest};

use crate::http::Edge;
use crate::http::access::{account, operator, operator_signed, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::account_request;

/// One's own requests.
#[worker::send]
pub async fn requests_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<OwnRequests>> {
    let signed = account(&edge, &parts).await?;
    let list = account_request::own_requests_list(&edge.app, &signed.opened.account).await;
    Ok(Json(list.map_err(|error| edge.problem(error))?))
}

/// Makes a request.
#[worker::send]
pub async fn request_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<Json<OwnRequest>> {
    let signed = account(&edge, &parts).await?;
    let make: MakeOwnRequest = json_read(&edge, body).await?;
    let made = account_request::own_request_make(&edge.app, &signed.opened.account, &make).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// Lifts the restriction of one's own account.
#[worker::send]
pub async fn restriction_delete(State(edge): State<Edge>, parts: Parts) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let done = account_request::own_restriction_lift(&edge.app, &signed.opened.account).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Requests that wait for whoever runs the deployment.
#[worker::send]
pub async fn operated_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<OwnRequests>> {
    let scope = operator(&edge, &parts).await?;
    let list = account_request::operated_requests_list(&edge.app, &scope).await;
    Ok(Json(list.map_err(|error| edge.problem(error))?))
}

/// Extends such a request, once, with its reason.
#[worker::send]
pub async fn extend_post(
    State(edge): State<Edge>,
    Path(id): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let operator = operator_signed(&edge, &parts).await?;
    let (id, extend): (_, ExtendRequest) = (path_id(&edge, &id)?, json_read(&edge, body).await?);
    let done = account_request::operated_request_extend(&edge.app, &operator, id, extend.reason).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that such a request is met.
#[worker::send]
pub async fn meet_post(
    State(edge): State<Edge>,
    Path(id): Path<String>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let operator = operator_signed(&edge, &parts).await?;
    let id = path_id(&edge, &id)?;
    let done = account_request::operated_request_meet(&edge.app, &operator, id).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses such a request, with its reason.
#[worker::send]
pub async fn refuse_post(
    State(edge): State<Edge>,
    Path(id): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let operator = operator_signed(&edge, &parts).await?;
    let (id, refuse): (_, RefuseRequest) = (path_id(&edge, &id)?, json_read(&edge, body).await?);
    let done = account_request::operated_request_refuse(&edge.app, &operator, id, refuse.reason).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
