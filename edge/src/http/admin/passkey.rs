//! Passkeys: at the door, and among one's own settings.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::passkey::{PasskeyMade, PasskeySigned, Passkeys};

use super::door::begun;
use crate::http::access::{account, browser, door, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, cookies};
use crate::ops::passkey;

/// A challenge to sign in with.
#[worker::send]
pub async fn challenge_post(State(edge): State<Edge>, parts: Parts) -> ApiResult<Response> {
    let browser = door(&edge, &parts).await?;
    let challenge = passkey::passkey_challenge(&edge.app, &browser).await;
    let mut response = Json(challenge.map_err(|error| edge.problem(error))?).into_response();
    cookies::browser_remember(&mut response, &browser);
    Ok(response)
}

/// Signs in with a passkey.
#[worker::send]
pub async fn sign_in_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<Response> {
    let browser = door(&edge, &parts).await?;
    let signed: PasskeySigned = json_read(&edge, body).await?;
    let session = passkey::passkey_sign_in(&edge.app, &browser, &signed).await;
    begun(&edge, &session.map_err(|error| edge.problem(error))?, &browser)
}

/// One's own passkeys.
#[worker::send]
pub async fn passkeys_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<Passkeys>> {
    let signed = account(&edge, &parts).await?;
    let passkeys = passkey::passkeys_list(&edge.app, &signed.opened.account).await;
    Ok(Json(passkeys.map_err(|error| edge.problem(error))?))
}

/// What the browser needs to make a passkey.
#[worker::send]
pub async fn offer_post(State(edge): State<Edge>, parts: Parts) -> ApiResult<Response> {
    let signed = account(&edge, &parts).await?;
    let browser = browser(&edge, &parts)?;
    let offer = passkey::passkey_offer(&edge.app, &signed.opened.account, &browser).await;
    let mut response = Json(offer.map_err(|error| edge.problem(error))?).into_response();
    cookies::browser_remember(&mut response, &browser);
    Ok(response)
}

/// Adds a passkey.
#[worker::send]
pub async fn passkey_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let browser = browser(&edge, &parts)?;
    let made: PasskeyMade = json_read(&edge, body).await?;
    let done = passkey::passkey_add(&edge.app, &signed.opened.account, &browser, &made).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a passkey.
#[worker::send]
pub async fn passkey_delete(
    State(edge): State<Edge>,
    Path(passkey): Path<String>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let id = path_id(&edge, &passkey)?;
    let done = passkey::passkey_remove(&edge.app, &signed.opened.account, id).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
