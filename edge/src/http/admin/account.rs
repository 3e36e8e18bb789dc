//! The person who is signed in: themselves, their devices, their businesses.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::account::{
    ChangeAccount, ChangeEmail, ChangePreferences, CountUse, EmailConfirmed, Me, Sessions,
};
use shared::wire::admin::business::{OpenBusiness, OpenedBusiness};
use shared::wire::admin::sign_in::{CodeGiven, InvitationLink};

use super::door::remembered;

use crate::http::access::{account, browser, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::http::{Edge, cookies, headers};
use crate::objects::inbox::protocol::News;
use crate::ops::{business, email, session, team};
use crate::store::scope::AccountScope;

/// Who is signed in.
#[worker::send]
pub async fn session_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<Me>> {
    let signed = account(&edge, &parts).await?;
    let opted_out = headers::opted_out(&parts.headers);
    let me = session::me_read(&edge.app, &signed.opened, signed.csrf, opted_out).await;
    Ok(Json(me.map_err(|error| edge.problem(error))?))
}

/// Closes every socket of somebody who was signed out on some device: a seat knows its account and no session, so whoever is
/// still signed in elsewhere comes back with a fresh ticket. What a fault leaves open ends by its time.
pub(super) async fn sockets_close(edge: &Edge, scope: &AccountScope) {
    match session::businesses_of(&edge.app, scope).await {
        Ok(businesses) => {
            for business in businesses {
                if let Err(fault) = edge.inboxes.tell(&business, News::SendOut(scope.account())).await {
                    crate::log::fault(&edge.app, "inbox", &fault);
                }
            }
        }
        Err(failure) => crate::log::failed(&edge.app, "inbox", &failure),
    }
}

/// Ends this session.
#[worker::send]
pub async fn sign_out_post(State(edge): State<Edge>, parts: Parts) -> ApiResult<Response> {
    let signed = account(&edge, &parts).await?;
    let done = session::session_revoke(&edge.app, &signed.opened.account, signed.opened.id).await;
    done.map_err(|error| edge.problem(error))?;
    sockets_close(&edge, &signed.opened.account).await;
    let mut response = StatusCode::NO_CONTENT.into_response();
    cookies::session_end(&mut response);
    Ok(response)
}

/// The devices that are signed in.
#[worker::send]
pub async fn sessions_get(State(edge): State<Edge>, parts: Parts) -> ApiResult<Json<Sessions>> {
    let signed = account(&edge, &parts).await?;
    let sessions = session::sessions_list(&edge.app, &signed.opened).await;
    Ok(Json(sessions.map_err(|error| edge.problem(error))?))
}

/// Signs a device out.
#[worker::send]
pub async fn session_delete(
    State(edge): State<Edge>,
    Path(id): Path<String>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let id = path_id(&edge, &id)?;
    let done = session::session_revoke(&edge.app, &signed.opened.account, id).await;
    done.map_err(|error| edge.problem(error))?;
    sockets_close(&edge, &signed.opened.account).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes one's own name and language.
#[worker::send]
pub async fn account_put(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let change: ChangeAccount = json_read(&edge, body).await?;
    let done = session::account_change(&edge.app, &signed.opened.account, &change).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says whether use may be counted.
#[worker::send]
pub async fn preferences_put(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let change: ChangePreferences = json_read(&edge, body).await?;
    let done = session::preferences_change(&edge.app, &signed.opened.account, change).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Counts a use of the dashboard.
#[worker::send]
pub async fn use_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let counted: CountUse = json_read(&edge, body).await?;
    let opted_out = headers::opted_out(&parts.headers);
    let done = session::use_count(&edge.app, &signed.opened.account, &counted, opted_out).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens a further business.
#[worker::send]
pub async fn business_post(
    State(edge): State<Edge>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<OpenedBusiness>> {
    let signed = account(&edge, &parts).await?;
    let request: OpenBusiness = json_read(&edge, body).await?;
    let opened = business::business_add(&edge.app, &signed.opened, &request).await;
    Ok(Json(opened.map_err(|error| edge.problem(error))?))
}

/// Accepts an invitation that was sent to one's own address.
#[worker::send]
pub async fn invitation_accept_post(
    State(edge): State<Edge>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let link: InvitationLink = json_read(&edge, body).await?;
    let done = team::invitation_accept(&edge.app, &signed.opened, &link).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks to change one's address.
#[worker::send]
pub async fn email_post(State(edge): State<Edge>, parts: Parts, body: Body) -> ApiResult<Response> {
    let signed = account(&edge, &parts).await?;
    let browser = browser(&edge, &parts)?;
    let request: ChangeEmail = json_read(&edge, body).await?;
    let asked = email::email_change_ask(&edge.app, &signed.opened, &browser, &request).await;
    Ok(remembered(asked.map_err(|error| edge.problem(error))?, &browser))
}

/// Proves the new address.
#[worker::send]
pub async fn email_code_post(
    State(edge): State<Edge>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<EmailConfirmed>> {
    let signed = account(&edge, &parts).await?;
    let browser = browser(&edge, &parts)?;
    let given: CodeGiven = json_read(&edge, body).await?;
    let confirmed = email::email_change_confirm(&edge.app, &signed.opened, &browser, &given).await;
    Ok(Json(confirmed.map_err(|error| edge.problem(error))?))
}

/// Stops a change of one's address.
#[worker::send]
pub async fn email_delete(State(edge): State<Edge>, parts: Parts) -> ApiResult<StatusCode> {
    let signed = account(&edge, &parts).await?;
    let done = email::email_change_stop(&edge.app, &signed.opened.account).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
