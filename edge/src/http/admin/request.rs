//! Requests of persons about their data, for those of the business who answer them; and its proofs.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::request::{
    ConsentProofs, DataMap, EnterRequest, ExtendRequest, RefuseRequest, Requests,
};
use shared::wire::privacy::Request;
use shared::wire::problem::Kind;

use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, headers};
use crate::ops::{record, request};
use crate::rules::permission::Op;

/// The requests of a business, or those about one of its conversations.
#[worker::send]
pub async fn requests_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Requests>> {
    let scope = member(&edge, &parts, &business, Op::RequestRead).await?;
    let about = headers::query(&parts.uri, "conversation").filter(|about| !about.is_empty());
    let about = about.map(str::parse).transpose().map_err(|_| edge.problem(Kind::ValueRefused))?;
    let list = request::requests_list(&edge.app, &scope, about).await;
    Ok(Json(list.map_err(|error| edge.problem(error))?))
}

/// Enters a request that came by mail, phone, letter or in person.
#[worker::send]
pub async fn request_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<Request>> {
    let scope = member(&edge, &parts, &business, Op::RequestWrite).await?;
    let enter: EnterRequest = json_read(&edge, body).await?;
    let entered = request::request_enter(&edge.app, &scope, &enter).await;
    Ok(Json(entered.map_err(|error| edge.problem(error))?))
}

/// Extends a request, once, with its reason.
#[worker::send]
pub async fn extend_post(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::RequestWrite).await?;
    let (id, extend): (_, ExtendRequest) = (path_id(&edge, &id)?, json_read(&edge, body).await?);
    let done = request::request_extend(&edge.app, &scope, id, extend.reason).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Meets a request.
#[worker::send]
pub async fn meet_post(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::RequestWrite).await?;
    let id = path_id(&edge, &id)?;
    let done = request::request_meet(&edge.app, &*edge.conversations, &scope, id).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses a request, with its reason.
#[worker::send]
pub async fn refuse_post(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::RequestWrite).await?;
    let (id, refuse): (_, RefuseRequest) = (path_id(&edge, &id)?, json_read(&edge, body).await?);
    let done = request::request_refuse(&edge.app, &scope, id, refuse.reason).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The ledger of consent, with the words that each choice was about.
#[worker::send]
pub async fn consents_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<ConsentProofs>> {
    let scope = member(&edge, &parts, &business, Op::RecordRead).await?;
    let before = headers::query(&parts.uri, "before").map(str::parse).transpose();
    let before = before.map_err(|_| edge.problem(Kind::ValueRefused))?;
    let page = record::consents_read(&edge.app, &scope, before).await;
    Ok(Json(page.map_err(|error| edge.problem(error))?))
}

/// The record of processing of a business.
#[worker::send]
pub async fn data_map_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<DataMap>> {
    let scope = member(&edge, &parts, &business, Op::RecordRead).await?;
    let map = record::data_map_read(&edge.app, &scope).await;
    Ok(Json(map.map_err(|error| edge.problem(error))?))
}
