//! Leaving: a copy of one's own data, and the deletion of an account or a business, with thirty days to think again.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use shared::privacy::Personal;
use shared::wire::admin::deletion::{Deletion, Deletions};
use shared::wire::problem::Kind;

use crate::http::access::{account, member};
use crate::http::body::Json;
use crate::http::problem::{ApiError, ApiResult};
use crate::http::{Edge, headers};
use crate::ops::deletion::Asked;
use crate::ops::{account_copy, deletion, session};
use crate::rules::permission::Op;

/// A copy of everything that is held about oneself.
#[worker::send]
pub async fn copy_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Response> {
    let signed = account(&edge, &parts).await?;
    let opted_out = headers::opted_out(&parts.headers);
    let me = session::me_read(&edge.app, &signed.opened, signed.csrf, opted_out).await;
    let me = me.map_err(|error| edge.problem(error))?;
    let copy = account_copy::account_copy(&edge.app, &signed.opened, me).await;
    let mut response = Json(copy.map_err(|error| edge.problem(error))?).into_response();
    headers::set(&mut response, "content-disposition", "attachment; filename=\"my-account.json\"");
    Ok(response)
}

/// The same as a ZIP.
#[worker::send]
pub async fn archive_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Response> {
    let signed = account(&edge, &parts).await?;
    let opted_out = headers::opted_out(&parts.headers);
    let me = session::me_read(&edge.app, &signed.opened, signed.csrf, opted_out).await;
    let me = me.map_err(|error| edge.problem(error))?;
    let archive = account_copy::account_archive(&edge.app, &signed.opened, me).await;
    let mut response = archive.map_err(|error| edge.problem(error))?.into_response();
    headers::set(&mut response, "content-type", "application/zip");
    headers::set(&mut response, "cache-control", "no-store");
    headers::set(&mut response, "content-disposition", "attachment; filename=\"my-account.zip\"");
    Ok(response)
}

/// What was asked to be deleted, what would go along, and what is in the way.
#[worker::send]
pub async fn deletion_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<Deletions>> {
    let signed = account(&edge, &parts).await?;
    let read = deletion::deletions_read(&edge.app, &signed.opened.account).await;
    Ok(Json(read.map_err(|error| edge.problem(error))?))
}

/// What became of asking. What is in the way is named: the business, and who still belongs to it.
fn asked(edge: &Edge, outcome: Asked) -> Result<Json<Deletion>, ApiError> {
    match outcome {
        Asked::Stands(deletion) => Ok(Json(deletion)),
        Asked::Blocked(blocks) => {
            let named = blocks.iter().map(|block| {
                let members: Vec<&str> = block.members.iter().map(|name| name.expose().as_str()).collect();
                format!("{}: {}", block.name, members.join(", "))
            });
            Err(edge
                .problem(Kind::MembersRemain)
                .naming(Some(Personal::new(named.collect::<Vec<_>>().join("; ")))))
        }
    }
}

/// Asks to delete one's own account.
#[worker::send]
pub async fn deletion_post(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<Deletion>> {
    let signed = account(&edge, &parts).await?;
    let outcome = deletion::account_deletion_ask(&edge.app, &signed.opened.account).await;
    asked(&edge, outcome.map_err(|error| edge.problem(error))?)
}

/// Cancels the deletion of one's account.
#[worker::send]
pub async fn deletion_delete(State(edge): State<Edge>, parts: Parts) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let done = deletion::account_deletion_cancel(&edge.app, &signed.opened.account).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks to delete a business.
#[worker::send]
pub async fn business_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Deletion>> {
    let scope = member(&edge, &parts, &business, Op::BusinessDelete).await?;
    let outcome = deletion::business_deletion_ask(&edge.app, &scope).await;
    asked(&edge, outcome.map_err(|error| edge.problem(error))?)
}

/// Cancels the deletion of a business.
#[worker::send]
pub async fn business_delete(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::BusinessDelete).await?;
    let done = deletion::business_deletion_cancel(&edge.app, &scope).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
