//! What a business knows about itself.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use shared::id::KnowledgeId;
use shared::wire::admin::knowledge::{
    KnowledgePage, KnowledgeTrial, TryKnowledge, WriteKnowledge, WrittenKnowledge,
};
use shared::wire::problem::Kind;

use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::knowledge;
use crate::rules::permission::Op;
use crate::store::knowledge_edit::KnowledgeFilter;

/// What a list is asked for.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    locale: Option<String>,
    before: Option<KnowledgeId>,
}

/// A page of entries.
#[worker::send]
pub async fn list_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<KnowledgePage>> {
    let scope = member(&edge, &parts, &business, Op::KnowledgeRead).await?;
    let asked = Query::<Asked>::try_from_uri(&parts.uri).map_err(|_| edge.problem(Kind::ValueRefused))?;
    let Query(Asked { q, locale, before }) = asked;
    let filter = KnowledgeFilter { words: q, locale: locale.filter(|locale| !locale.is_empty()), before };
    let page = knowledge::knowledge_list(&edge.app, &scope, &filter).await;
    Ok(Json(page.map_err(|error| edge.problem(error))?))
}

/// Adds an entry.
#[worker::send]
pub async fn entry_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<WrittenKnowledge>> {
    let scope = member(&edge, &parts, &business, Op::KnowledgeWrite).await?;
    let text: WriteKnowledge = json_read(&edge, body).await?;
    let written = knowledge::knowledge_add(&edge.app, &scope, &text).await;
    Ok(Json(written.map_err(|error| edge.problem(error))?))
}

/// Changes an entry.
#[worker::send]
pub async fn entry_put(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::KnowledgeWrite).await?;
    let id = path_id(&edge, &id)?;
    knowledge::knowledge_own(&edge.app, &scope, id).await.map_err(|error| edge.problem(error))?;
    let text: WriteKnowledge = json_read(&edge, body).await?;
    let done = knowledge::knowledge_change(&edge.app, &scope, id, &text).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes an entry.
#[worker::send]
pub async fn entry_delete(
    State(edge): State<Edge>,
    Path((business, id)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::KnowledgeWrite).await?;
    let id = path_id(&edge, &id)?;
    let done = knowledge::knowledge_remove(&edge.app, &scope, id).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tries a question.
#[worker::send]
pub async fn trial_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<KnowledgeTrial>> {
    let scope = member(&edge, &parts, &business, Op::KnowledgeRead).await?;
    let trial: TryKnowledge = json_read(&edge, body).await?;
    let done = knowledge::knowledge_try(&edge.app, &scope, &trial).await;
    Ok(Json(done.map_err(|error| edge.problem(error))?))
}
