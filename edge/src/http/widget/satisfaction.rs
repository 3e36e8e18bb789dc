//! How content a visitor was.

use axum::body::Body;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use shared::wire::satisfaction::{Asked, Rate};

use super::site::{Pace, burst_check};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, access};
use crate::ops::satisfaction;

/// Whether the visitor may be asked.
#[worker::send]
pub async fn satisfaction_get(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Json<Asked>> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    let asked = satisfaction::satisfaction_read(&edge.app, &scope).await;
    Ok(Json(asked.map_err(|error| edge.problem(error))?))
}

/// Keeps what they say.
#[worker::send]
pub async fn satisfaction_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Messages, &headers).await?;
    let rate: Rate = json_read(&edge, body).await?;
    let done = satisfaction::satisfaction_give(&edge.app, &scope, &rate).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
