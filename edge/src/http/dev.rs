//! Where `ENV=dev`: what a development deployment needs and a real one must not have.

use axum::body::Body;
use axum::extract::State;
use http::StatusCode;
use shared::limits::ASSET_BYTES;
use shared::wire::problem::Kind;

use super::Edge;
use super::body::{Json, bytes_read};
use super::problem::ApiResult;
use crate::ops::{business, mail};
use crate::store::scope::OperatorScope;

/// Creates the business that the body describes, or brings it up to date.
#[worker::send]
pub async fn seed_post(State(edge): State<Edge>, body: Body) -> ApiResult<StatusCode> {
    if !edge.app.config.dev {
        return Err(edge.problem(Kind::NotFound));
    }
    let bytes = bytes_read(&edge, body, ASSET_BYTES).await?;
    let seed: business::Seed =
        serde_json::from_slice(&bytes).map_err(|_| edge.problem(Kind::BodyMalformed))?;
    let done = business::business_seed(&edge.app, &OperatorScope::of_deployment(), &seed).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest mails, newest first, as they would be sent now.
#[worker::send]
pub async fn outbox_get(State(edge): State<Edge>) -> ApiResult<Json<Vec<mail::OutboxMail>>> {
    if !edge.app.config.dev {
        return Err(edge.problem(Kind::NotFound));
    }
    let outbox = mail::outbox_read(&edge.app, &OperatorScope::of_deployment()).await;
    outbox.map(Json).map_err(|error| edge.problem(error))
}
