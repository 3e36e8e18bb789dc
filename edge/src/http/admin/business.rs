//! A business: what it says of itself, and what it agreed to.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::business::{Acceptances, Business, BusinessProfile};

use crate::http::Edge;
use crate::http::access::member;
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::business;
use crate::rules::permission::Op;

/// Profile and sites.
#[worker::send]
pub async fn business_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Business>> {
    let scope = member(&edge, &parts, &business, Op::BusinessRead).await?;
    let read = business::business_read(&edge.app, &scope).await;
    Ok(Json(read.map_err(|error| edge.problem(error))?))
}

/// Changes the profile.
#[worker::send]
pub async fn business_put(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::BusinessWrite).await?;
    let profile: BusinessProfile = json_read(&edge, body).await?;
    let done = business::business_change(&edge.app, &scope, &profile).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which documents were agreed to.
#[worker::send]
pub async fn acceptances_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Acceptances>> {
    let scope = member(&edge, &parts, &business, Op::BusinessRead).await?;
    let list = business::acceptances_list(&edge.app, &scope).await;
    Ok(Json(list.map_err(|error| edge.problem(error))?))
}
