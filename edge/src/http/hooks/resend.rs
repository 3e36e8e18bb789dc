//! The mail vendor's webhook: nobody is there, or somebody complained.

use axum::body::Body;
use axum::extract::State;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};
use shared::limits::BODY_BYTES;
use shared::wire::problem::Kind;

use crate::http::Edge;
use crate::http::body::bytes_read;
use crate::http::headers::text;
use crate::http::problem::ApiResult;
use crate::ops::mail;
use crate::rules::webhook::Claim;

/// Takes a webhook. It may come twice, late, or in another order: an older event changes nothing.
#[worker::send]
pub async fn webhook_post(State(edge): State<Edge>, headers: HeaderMap, body: Body) -> ApiResult<StatusCode> {
    let secret = edge.app.config.mailer.as_ref().and_then(|mailer| mailer.webhook_secret.as_ref());
    let Some(secret) = secret else { return Err(edge.problem(Kind::NotFound)) };
    let header = |name: &'static str| text(&headers, &HeaderName::from_static(name)).unwrap_or_default();
    let claim = Claim {
        id: header("svix-id"),
        timestamp: header("svix-timestamp"),
        signatures: header("svix-signature"),
    };
    let bytes = bytes_read(&edge, body, BODY_BYTES).await?;
    if !secret.proves(claim, &bytes, edge.app.clock.now()) {
        return Err(edge.problem(Kind::SignatureRefused));
    }
    mail::webhook_take(&edge.app, &bytes).await.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
