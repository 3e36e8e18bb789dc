//! A business's own keys for AI providers.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::vendor::{SetVendorKey, TestedVendor, Vendors};

use crate::http::Edge;
use crate::http::access::member;
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::{OpError, vendor};
use crate::rules::permission::Op;

/// Every provider.
#[worker::send]
pub async fn vendors_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Vendors>> {
    let scope = member(&edge, &parts, &business, Op::VendorRead).await?;
    let list = vendor::vendors_list(&edge.app, &scope).await;
    Ok(Json(list.map_err(|error| edge.problem(error))?))
}

/// Takes a key over.
#[worker::send]
pub async fn key_put(
    State(edge): State<Edge>,
    Path((business, name)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::VendorWrite).await?;
    vendor::vendor_known(&name).map_err(|error| edge.problem(error))?;
    let request: SetVendorKey = json_read(&edge, body).await?;
    let done = vendor::vendor_key_set(&edge.app, &scope, &name, &request).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a key away.
#[worker::send]
pub async fn key_delete(
    State(edge): State<Edge>,
    Path((business, name)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::VendorWrite).await?;
    let done = vendor::vendor_key_drop(&edge.app, &scope, &name).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tries a key.
#[worker::send]
pub async fn test_post(
    State(edge): State<Edge>,
    Path((business, name)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<TestedVendor>> {
    let scope = member(&edge, &parts, &business, Op::VendorWrite).await?;
    if !edge.limiter.visit_admit(format!("test {}", scope.business.business())).await {
        return Err(edge.problem(OpError::rate_limited(60)));
    }
    let tested = vendor::vendor_key_test(&edge.app, &scope, &name).await;
    Ok(Json(tested.map_err(|error| edge.problem(error))?))
}
