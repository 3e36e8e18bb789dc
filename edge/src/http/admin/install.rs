//! How a site's chat comes onto a page.

use axum::body::Body;
use axum::extract::{Path, State};
use http::request::Parts;
use shared::wire::admin::install::{CheckInstall, Installation, Snippet};

use super::site::own;
use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::{OpError, install};
use crate::rules::permission::Op;

/// What to paste.
#[worker::send]
pub async fn snippet_get(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<Snippet>> {
    let scope = member(&edge, &parts, &business, Op::SiteRead).await?;
    let id = path_id(&edge, &id)?;
    let read = install::snippet_read(&edge.app, &scope, id).await;
    Ok(Json(read.map_err(|error| edge.problem(error))?))
}

/// Looks at a page.
#[worker::send]
pub async fn check_post(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<Installation>> {
    let scope = member(&edge, &parts, &business, Op::SiteCheck).await?;
    let id = own(&edge, &scope, &id).await?;
    // Nobody's pages are to be knocked at through us all day.
    let key = format!("check {}", scope.business.business());
    if !edge.limiter.visit_admit(key).await {
        return Err(edge.problem(OpError::rate_limited(60)));
    }
    let request: CheckInstall = json_read(&edge, body).await?;
    let found = install::install_check(&edge.app, &scope, id, &request.address).await;
    Ok(Json(found.map_err(|error| edge.problem(error))?))
}
