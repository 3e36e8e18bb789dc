//! A team: members, invitations, and the log of what they did.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use shared::id::AccountId;
use shared::wire::admin::audit::AuditPage;
use shared::wire::admin::team::{ChangeRole, Invite, Invited, Team, TransferOwnership};
use shared::wire::problem::Kind;

use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, headers};
use crate::objects::inbox::protocol::News;
use crate::ops::team;
use crate::rules::permission::Op;
use crate::store::scope::MemberScope;

/// The team.
#[worker::send]
pub async fn team_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Team>> {
    let scope = member(&edge, &parts, &business, Op::TeamRead).await?;
    let team = team::team_read(&edge.app, &scope).await;
    Ok(Json(team.map_err(|error| edge.problem(error))?))
}

/// Changes a member's role.
#[worker::send]
pub async fn member_put(
    State(edge): State<Edge>,
    Path((business, account)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::MemberWrite).await?;
    let account = path_id(&edge, &account)?;
    let change: ChangeRole = json_read(&edge, body).await?;
    let done = team::role_change(&edge.app, &scope, account, change.role).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Closes the sockets of somebody who does not belong to the team any more; what a fault leaves open ends by its time.
/// Whoever only becomes less keeps theirs: the least role has the inbox, too.
async fn send_out(edge: &Edge, scope: &MemberScope, account: AccountId) {
    if let Err(fault) = edge.inboxes.tell(&scope.business, News::SendOut(account)).await {
        crate::log::fault(&edge.app, "inbox", &fault);
    }
}

/// Sends a member away.
#[worker::send]
pub async fn member_delete(
    State(edge): State<Edge>,
    Path((business, account)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::MemberWrite).await?;
    let account = path_id(&edge, &account)?;
    let done = team::member_remove(&edge.app, &scope, account).await;
    done.map_err(|error| edge.problem(error))?;
    send_out(&edge, &scope, account).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves the team.
#[worker::send]
pub async fn leave_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::Leave).await?;
    team::member_leave(&edge.app, &scope).await.map_err(|error| edge.problem(error))?;
    send_out(&edge, &scope, scope.account.account()).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Hands the business over.
#[worker::send]
pub async fn transfer_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::Transfer).await?;
    let request: TransferOwnership = json_read(&edge, body).await?;
    let done = team::ownership_transfer(&edge.app, &scope, request.account).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Invites somebody.
#[worker::send]
pub async fn invitation_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<Invited>> {
    let scope = member(&edge, &parts, &business, Op::Invite).await?;
    let request: Invite = json_read(&edge, body).await?;
    let invited = team::invite(&edge.app, &scope, &request).await;
    Ok(Json(invited.map_err(|error| edge.problem(error))?))
}

/// Takes an invitation back.
#[worker::send]
pub async fn invitation_delete(
    State(edge): State<Edge>,
    Path((business, invitation)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::Invite).await?;
    let invitation = path_id(&edge, &invitation)?;
    let done = team::invitation_revoke(&edge.app, &scope, invitation).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The audit log.
#[worker::send]
pub async fn audit_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<AuditPage>> {
    let scope = member(&edge, &parts, &business, Op::AuditRead).await?;
    let before = headers::query(&parts.uri, "before").map(str::parse).transpose();
    let before = before.map_err(|_| edge.problem(Kind::ValueRefused))?;
    let page = team::audit_read(&edge.app, &scope, before, deed(&parts)).await;
    Ok(Json(page.map_err(|error| edge.problem(error))?))
}

/// The one deed that is asked for; all where none is named.
fn deed(parts: &Parts) -> Option<&str> {
    headers::query(&parts.uri, "deed").filter(|deed| !deed.is_empty())
}

/// The audit log as a file.
#[worker::send]
pub async fn audit_export_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Response> {
    let scope = member(&edge, &parts, &business, Op::AuditRead).await?;
    let table = team::audit_csv(&edge.app, &scope, deed(&parts)).await;
    let mut response = Response::new(Body::from(table.map_err(|error| edge.problem(error))?));
    headers::set(&mut response, "content-type", "text/csv; charset=utf-8");
    headers::set(&mut response, "content-disposition", "attachment; filename=\"loquet-audit.csv\"");
    headers::set(&mut response, "cache-control", "no-store");
    headers::set(&mut response, "x-content-type-options", "nosniff");
    Ok(response)
}
