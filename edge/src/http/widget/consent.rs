//! The consent strip's answer.

use axum::body::Body;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use shared::wire::consent::RecordConsent;

use super::site::{Pace, burst_check};
use crate::http::body::json_read;
use crate::http::problem::ApiResult;
use crate::http::{Edge, access, headers};
use crate::ops::consent;

/// Records a choice.
#[worker::send]
pub async fn consent_post(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = access::visitor(&edge, &site, &headers).await?;
    burst_check(&edge, scope.site, Pace::Visits(&site), &headers).await?;
    let record: RecordConsent = json_read(&edge, body).await?;
    let browser = headers::browser_kind(&headers);
    let done = consent::consent_record(&edge.app, &scope, &record, &browser).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
