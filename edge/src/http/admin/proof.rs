//! What a business can show: the ledger of consent as a file, erasures with their receipts, editions of the notice.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::Uri;
use http::request::Parts;
use shared::wire::admin::proof::{Erasures, NoticeEditions};
use shared::wire::problem::Kind;

use crate::http::access::member;
use crate::http::body::Json;
use crate::http::problem::ApiResult;
use crate::http::{Edge, headers};
use crate::ops::{notice, receipt, record};
use crate::rules::permission::Op;

/// What a page of something older begins after.
fn before<T: std::str::FromStr>(edge: &Edge, uri: &Uri) -> ApiResult<Option<T>> {
    let before = headers::query(uri, "before").filter(|before| !before.is_empty());
    before.map(str::parse).transpose().map_err(|_| edge.problem(Kind::ValueRefused))
}

/// The ledger of consent as a file.
#[worker::send]
pub async fn consents_export_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Response> {
    let scope = member(&edge, &parts, &business, Op::RecordRead).await?;
    let format = headers::query(&parts.uri, "format").unwrap_or("csv");
    if !["csv", "json"].contains(&format) {
        return Err(edge.problem(Kind::ValueRefused));
    }
    let proofs = record::consents_export(&edge.app, &scope, before(&edge, &parts.uri)?).await;
    let proofs = proofs.map_err(|error| edge.problem(error))?;
    let mut response = if format == "csv" {
        let mut response = Response::new(Body::from(record::consents_csv(&proofs)));
        headers::set(&mut response, "content-type", "text/csv; charset=utf-8");
        headers::set(&mut response, "cache-control", "no-store");
        response
    } else {
        Json(proofs).into_response()
    };
    let name = format!("attachment; filename=\"loquet-consents.{format}\"");
    headers::set(&mut response, "content-disposition", &name);
    headers::set(&mut response, "x-content-type-options", "nosniff");
    Ok(response)
}

/// Erasures that somebody asked for, with their receipts.
#[worker::send]
pub async fn erasures_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Erasures>> {
    let scope = member(&edge, &parts, &business, Op::RequestRead).await?;
    let page = receipt::erasures_list(&edge.app, &scope, before(&edge, &parts.uri)?).await;
    Ok(Json(page.map_err(|error| edge.problem(error))?))
}

/// The editions of the notice.
#[worker::send]
pub async fn notices_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<NoticeEditions>> {
    let scope = member(&edge, &parts, &business, Op::RecordRead).await?;
    let list = notice::editions_list(&edge.app, &scope).await;
    Ok(Json(list.map_err(|error| edge.problem(error))?))
}
