//! A site's settings, as the dashboard reads and changes them.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::id::SiteId;
use shared::wire::admin::business::ChangeOrigins;
use shared::wire::admin::site::{
    AskPreview, MadeIdentitySecret, OpenSite, OpenedSite, Preview, Site, SiteForm,
};

use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::{identity, preview, site};
use crate::rules::permission::Op;
use crate::store::scope::MemberScope;

/// The site in a path, once it is known to be the member's: what is another's is nowhere, whatever else is asked of it.
pub(super) async fn own(edge: &Edge, scope: &MemberScope, text: &str) -> ApiResult<SiteId> {
    let id = path_id(edge, text)?;
    site::site_own(&edge.app, scope, id).await.map_err(|error| edge.problem(error))?;
    Ok(id)
}

/// Opens a site.
#[worker::send]
pub async fn site_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<OpenedSite>> {
    let scope = member(&edge, &parts, &business, Op::SiteWrite).await?;
    let request: OpenSite = json_read(&edge, body).await?;
    let opened = site::site_open(&edge.app, &scope, &request).await;
    Ok(Json(opened.map_err(|error| edge.problem(error))?))
}

/// What a site is set to.
#[worker::send]
pub async fn site_get(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<Site>> {
    let scope = member(&edge, &parts, &business, Op::SiteRead).await?;
    let id = path_id(&edge, &id)?;
    let read = site::site_read(&edge.app, &scope, id).await;
    Ok(Json(read.map_err(|error| edge.problem(error))?))
}

/// Changes a site.
#[worker::send]
pub async fn site_put(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::SiteWrite).await?;
    let id = own(&edge, &scope, &id).await?;
    let form: SiteForm = json_read(&edge, body).await?;
    let done = site::site_change(&edge.app, &scope, id, &form).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says which pages may embed the chat.
#[worker::send]
pub async fn origins_put(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::SiteWrite).await?;
    let id = own(&edge, &scope, &id).await?;
    let change: ChangeOrigins = json_read(&edge, body).await?;
    let done = site::origins_change(&edge.app, &scope, id, &change).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a site can be looked at as it would be.
#[worker::send]
pub async fn preview_post(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<Preview>> {
    let scope = member(&edge, &parts, &business, Op::SiteRead).await?;
    let id = own(&edge, &scope, &id).await?;
    let request: AskPreview = json_read(&edge, body).await?;
    let made = preview::preview_make(&edge.app, &scope, id, &request).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// Makes the secret that names visitors.
#[worker::send]
pub async fn identity_post(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<MadeIdentitySecret>> {
    let scope = member(&edge, &parts, &business, Op::SiteSecret).await?;
    let id = own(&edge, &scope, &id).await?;
    let made = identity::identity_make(&edge.app, &scope, id).await;
    Ok(Json(made.map_err(|error| edge.problem(error))?))
}

/// Takes it away.
#[worker::send]
pub async fn identity_delete(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::SiteSecret).await?;
    let id = own(&edge, &scope, &id).await?;
    identity::identity_drop(&edge.app, &scope, id).await.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
