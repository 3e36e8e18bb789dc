//! A visitor's files, by the token of their conversation.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri};
use shared::wire::message::Origin;

use super::site::{Pace, burst_check};
use crate::http::problem::ApiResult;
use crate::http::{Edge, access, file};

/// Takes a file in; it is sent with a message.
#[worker::send]
pub async fn file_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<impl IntoResponse + use<>> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Messages, &headers).await?;
    file::upload(&edge, &scope, Origin::Visitor, &headers, body).await
}

/// Gives a file out.
#[worker::send]
pub async fn file_get(
    State(edge): State<Edge>,
    Path((conversation, file)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    file::download(&edge, &scope, Origin::Visitor, &file, &uri).await
}

/// Takes a file back that was not sent.
#[worker::send]
pub async fn file_delete(
    State(edge): State<Edge>,
    Path((conversation, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    file::take_back(&edge, &scope, Origin::Visitor, &file).await?;
    Ok(StatusCode::NO_CONTENT)
}
