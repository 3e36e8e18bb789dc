//! How long a site keeps conversations: what another limit would delete, asked for, taken back.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::retention::{ChangeLimit, SiteLimit};
use shared::wire::problem::Kind;

use super::site::own;
use crate::http::access::member;
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, headers};
use crate::ops::retention;
use crate::rules::permission::Op;

/// How long a site keeps conversations, and what another limit would delete.
#[worker::send]
pub async fn limit_get(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<SiteLimit>> {
    let scope = member(&edge, &parts, &business, Op::SiteRead).await?;
    let id = own(&edge, &scope, &id).await?;
    let days = headers::query(&parts.uri, "days").map(str::parse).transpose();
    let days = days.map_err(|_| edge.problem(Kind::ValueRefused))?;
    let read = retention::limit_read(&edge.app, &scope, id, days).await;
    read.map(Json).map_err(|error| edge.problem(error))
}

/// Asks for another limit.
#[worker::send]
pub async fn limit_put(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<SiteLimit>> {
    let scope = member(&edge, &parts, &business, Op::SiteWrite).await?;
    let id = own(&edge, &scope, &id).await?;
    let asked: ChangeLimit = json_read(&edge, body).await?;
    let changed = retention::limit_change(&edge.app, &scope, id, &asked).await;
    changed.map(Json).map_err(|error| edge.problem(error))
}

/// Takes a change back that has not taken effect.
#[worker::send]
pub async fn limit_delete(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::SiteWrite).await?;
    let id = own(&edge, &scope, &id).await?;
    let undone = retention::limit_undo(&edge.app, &scope, id).await;
    undone.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
