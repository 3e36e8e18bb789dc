//! A site's settings, as far as the dashboard changes them.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::business::ChangeOrigins;
use shared::wire::admin::retention::{ChangeLimit, SiteLimit};
use shared::wire::problem::Kind;

use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, headers};
use crate::ops::{retention, site};
use crate::rules::permission::Op;

/// Says which pages may embed the chat.
#[worker::send]
pub async fn origins_put(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::SiteWrite).await?;
    let id = path_id(&edge, &id)?;
    let change: ChangeOrigins = json_read(&edge, body).await?;
    let done = site::origins_change(&edge.app, &scope, id, &change).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// How long a site keeps conversations, and what another limit would delete.
#[worker::send]
pub async fn limit_get(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<SiteLimit>> {
    let scope = member(&edge, &parts, &business, Op::BusinessRead).await?;
    let id = path_id(&edge, &id)?;
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
    let id = path_id(&edge, &id)?;
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
    let id = path_id(&edge, &id)?;
    let undone = retention::limit_undo(&edge.app, &scope, id).await;
    undone.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
