//! Tokens for the API of one business.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::token::{ApiTokens, MadeApiToken, MakeApiToken};

use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::api_token;
use crate::rules::permission::Op;

/// The living tokens.
#[worker::send]
pub async fn tokens_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<ApiTokens>> {
    let scope = member(&edge, &parts, &business, Op::TokenRead).await?;
    let tokens = api_token::tokens_list(&edge.app, &scope).await;
    Ok(Json(tokens.map_err(|error| edge.problem(error))?))
}

/// Makes a token.
#[worker::send]
pub async fn token_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<MadeApiToken>> {
    let scope = member(&edge, &parts, &business, Op::TokenWrite).await?;
    let request: MakeApiToken = json_read(&edge, body).await?;
    let made = api_token::token_make(&edge.app, &scope, &request).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// Revokes a token.
#[worker::send]
pub async fn token_delete(
    State(edge): State<Edge>,
    Path((business, token)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::TokenWrite).await?;
    let token = path_id(&edge, &token)?;
    let done = api_token::token_revoke(&edge.app, &scope, token).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
