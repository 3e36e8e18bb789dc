//! A site's public settings, and visitors who are known to nobody yet.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use http::{HeaderMap, Uri};
use shared::id::SiteId;
use shared::wire::widget::MintVisitor;

use crate::http::Edge;
use crate::http::access::{cookies_refuse, path_id};
use crate::http::body::{Json, json_read};
use crate::http::headers;
use crate::http::problem::ApiResult;
use crate::ops::{OpError, frame, visitor};

/// Public settings in the language that is asked for.
#[worker::send]
pub async fn site_get(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<impl IntoResponse + use<>> {
    cookies_refuse(&edge, &headers)?;
    let id: SiteId = path_id(&edge, &site)?;
    let site = edge.app.site(id).await.map_err(|error| edge.problem(error))?;
    let wanted = headers::languages(&uri, &headers);
    Ok(Json(frame::frame_read(&edge.app, &site, &wanted, None, headers::opted_out(&headers))))
}

/// A token for a visitor whose document carried none, or whose hour is over.
#[worker::send]
pub async fn visitor_post(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<impl IntoResponse + use<>> {
    cookies_refuse(&edge, &headers)?;
    let id: SiteId = path_id(&edge, &site)?;
    burst_check(&edge, id, Pace::Visits(&id.to_string()), &headers).await?;
    let request: MintVisitor = json_read(&edge, body).await?;
    let site = edge.app.site(id).await.map_err(|error| edge.problem(error))?;
    let minted =
        visitor::visitor_mint(&edge.app, &site, &request.origin).map_err(|error| edge.problem(error))?;
    Ok(Json(minted))
}

/// How often an address may come.
pub(in crate::http) enum Pace<'a> {
    /// Visitors, conversations and choices, counted apart by what they are.
    Visits(&'a str),
    /// Messages: people of one office share an address, and write more often than they come.
    Messages,
}

/// Refuses an address that comes too often, then a site that is written to too often: in this order, so that one
/// address can't use up what a site may take. The limiter is told keyed hashes and ids, never an address.
pub(in crate::http) async fn burst_check(
    edge: &Edge,
    site: SiteId,
    pace: Pace<'_>,
    headers: &HeaderMap,
) -> ApiResult<()> {
    if let Some(address) = headers::address(headers) {
        let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
        let admitted = match pace {
            Pace::Visits(what) => edge.limiter.visit_admit(key.fingerprint(what, address.expose())).await,
            Pace::Messages => edge.limiter.message_admit(key.fingerprint("message", address.expose())).await,
        };
        admit(edge, admitted)?;
    }
    admit(edge, edge.limiter.site_admit(site.to_string()).await)
}

fn admit(edge: &Edge, admitted: bool) -> ApiResult<()> {
    if admitted { Ok(()) } else { Err(edge.problem(OpError::rate_limited(60))) }
}
