//! Doors of a business's own systems.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::id::WebhookId;
use shared::wire::admin::webhook::{HookDeliveries, MadeWebhook, Webhooks, WriteWebhook};

use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::{OpError, webhook};
use crate::rules::permission::Op;
use crate::store::scope::MemberScope;

/// The door in a path, once it is known to be the member's.
async fn own(edge: &Edge, scope: &MemberScope, text: &str) -> ApiResult<WebhookId> {
    let id = path_id(edge, text)?;
    webhook::webhook_own(&edge.app, scope, id).await.map_err(|error| edge.problem(error))?;
    Ok(id)
}

/// Every door.
#[worker::send]
pub async fn webhooks_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Webhooks>> {
    let scope = member(&edge, &parts, &business, Op::WebhookRead).await?;
    let list = webhook::webhooks_list(&edge.app, &scope).await;
    Ok(Json(list.map_err(|error| edge.problem(error))?))
}

/// Makes a door.
#[worker::send]
pub async fn webhook_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<MadeWebhook>> {
    let scope = member(&edge, &parts, &business, Op::WebhookWrite).await?;
    let about: WriteWebhook = json_read(&edge, body).await?;
    let made = webhook::webhook_make(&edge.app, &scope, &about).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// Changes a door.
#[worker::send]
pub async fn webhook_put(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::WebhookWrite).await?;
    let id = own(&edge, &scope, &id).await?;
    let about: WriteWebhook = json_read(&edge, body).await?;
    let done = webhook::webhook_change(&edge.app, &scope, id, &about).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a door away.
#[worker::send]
pub async fn webhook_delete(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::WebhookWrite).await?;
    let id = path_id(&edge, &id)?;
    let done = webhook::webhook_remove(&edge.app, &scope, id).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another secret.
#[worker::send]
pub async fn secret_post(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<MadeWebhook>> {
    let scope = member(&edge, &parts, &business, Op::WebhookWrite).await?;
    let id = path_id(&edge, &id)?;
    let made = webhook::webhook_rotate(&edge.app, &scope, id).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// Tries a door.
#[worker::send]
pub async fn test_post(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::WebhookWrite).await?;
    let id = path_id(&edge, &id)?;
    if !edge.limiter.visit_admit(format!("hook {}", scope.business.business())).await {
        return Err(edge.problem(OpError::rate_limited(60)));
    }
    webhook::webhook_test(&edge.app, &scope, id).await.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was told to a door.
#[worker::send]
pub async fn deliveries_get(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<HookDeliveries>> {
    let scope = member(&edge, &parts, &business, Op::WebhookRead).await?;
    let id = path_id(&edge, &id)?;
    let list = webhook::deliveries_list(&edge.app, &scope, id).await;
    Ok(Json(list.map_err(|error| edge.problem(error))?))
}

/// Tells an event again.
#[worker::send]
pub async fn replay_post(
    State(edge): State<Edge>,
    Path((business, id, event)): Path<(String, String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::WebhookWrite).await?;
    let id = path_id(&edge, &id)?;
    let done = webhook::delivery_replay(&edge.app, &scope, id, &event).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
