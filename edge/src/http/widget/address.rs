//! Addresses that visitors leave, and the links in mails to them.

use axum::body::Body;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use shared::wire::widget::{ConfirmedAddress, LeaveAddress, MailedLink, ReturnedConversation};

use super::conversation::ticket;
use super::site::{Pace, burst_check};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, access};
use crate::ops::contact;

/// Leaves an address; a link goes there.
#[worker::send]
pub async fn address_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Visits("address"), &headers).await?;
    let request: LeaveAddress = json_read(&edge, body).await?;
    contact::address_leave(&edge.app, &scope, &request).await.map_err(|error| edge.problem(error))?;
    // The one before names the visitor no longer.
    edge.row_changed(&scope).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Proves an address by the link that was mailed there.
#[worker::send]
pub async fn confirm_post(
    State(edge): State<Edge>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<ConfirmedAddress>> {
    access::cookies_refuse(&edge, &headers)?;
    let link: MailedLink = json_read(&edge, body).await?;
    let confirmed = contact::address_confirm(&edge.app, &link).await;
    let (scope, confirmed) = confirmed.map_err(|error| edge.problem(error))?;
    edge.row_changed(&scope).await;
    Ok(Json(confirmed))
}

/// Opens a conversation again by the link in a mail, once.
#[worker::send]
pub async fn return_post(
    State(edge): State<Edge>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<ReturnedConversation>> {
    access::cookies_refuse(&edge, &headers)?;
    let link: MailedLink = json_read(&edge, body).await?;
    let returned = contact::conversation_return(&edge.app, &link).await;
    let (scope, token) = returned.map_err(|error| edge.problem(error))?;
    let (ticket, _) = ticket(&edge, &scope, token.expose())?;
    Ok(Json(ReturnedConversation { conversation: scope.conversation, token, ticket }))
}
