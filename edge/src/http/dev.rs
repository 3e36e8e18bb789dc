//! Where `ENV=dev`: what a development deployment needs and a real one must not have.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::request::Parts;
use shared::limits::ASSET_BYTES;
use shared::wire::problem::Kind;

use super::body::{Json, bytes_read};
use super::problem::ApiResult;
use super::{Edge, access, cookies};
use crate::ops::{business, demo, mail, meter};
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
    let owned = demo::owner_seed(&edge.app, seed.business.id, seed.shard).await;
    owned.map_err(|error| edge.problem(error))?;
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

/// What this isolate has asked of databases and buckets since this was first asked: for benchmarks.
#[worker::send]
pub async fn spent_get(State(edge): State<Edge>) -> ApiResult<Json<meter::Spent>> {
    if !edge.app.config.dev {
        return Err(edge.problem(Kind::NotFound));
    }
    Ok(Json(meter::spent()))
}

/// Signs in as the owner of the demo's business, and goes on to the dashboard.
#[worker::send]
pub async fn sign_in_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Response> {
    if !edge.app.config.dev {
        return Err(edge.problem(Kind::NotFound));
    }
    let browser = access::browser(&edge, &parts)?;
    let session = demo::owner_sign_in(&edge.app, &browser).await.map_err(|error| edge.problem(error))?;
    let mut response = Redirect::to("/app/").into_response();
    cookies::session_begin(&mut response, &session, &browser.token);
    Ok(response)
}
