//! A site's settings, as far as the dashboard changes them.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::business::ChangeOrigins;

use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::json_read;
use crate::http::problem::ApiResult;
use crate::ops::site;
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
