//! Files of a conversation, for the team: what the visitor sent, and what goes with an answer.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{StatusCode, Uri};
use shared::wire::message::Origin;
use shared::wire::problem::Kind;

use crate::http::access::{member, path_id};
use crate::http::problem::ApiResult;
use crate::http::{Edge, file};
use crate::ops::file::file_read_note;
use crate::ops::inbox::thread_find;
use crate::ops::right::restriction_holds;
use crate::rules::permission::Op;
use crate::store::scope::{MemberScope, ThreadScope};

async fn thread(edge: &Edge, scope: &MemberScope, conversation: &str) -> ApiResult<ThreadScope> {
    let conversation = path_id(edge, conversation)?;
    thread_find(&edge.app, scope, conversation).await.map_err(|error| edge.problem(error))
}

/// Takes a file in; it is sent with an answer.
#[worker::send]
pub async fn file_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<impl IntoResponse + use<>> {
    let scope = member(&edge, &parts, &business, Op::FileWrite).await?;
    let thread = thread(&edge, &scope, &conversation).await?;
    file::upload(&edge, &thread, Origin::Human, &parts.headers, body).await
}

/// Gives a file out, and notes who read it.
#[worker::send]
pub async fn file_get(
    State(edge): State<Edge>,
    Path((business, conversation, file)): Path<(String, String, String)>,
    uri: Uri,
    parts: Parts,
) -> ApiResult<Response> {
    let scope = member(&edge, &parts, &business, Op::FileRead).await?;
    let thread = thread(&edge, &scope, &conversation).await?;
    // The person goes on reading their own files; what they had held still leaves in no colleague's hands.
    if restriction_holds(&edge.app, &thread).await.map_err(|error| edge.problem(error))? {
        return Err(edge.problem(Kind::ConversationRestricted));
    }
    let answer = file::download(&edge, &thread, Origin::Human, &file, &uri).await?;
    let noted = file_read_note(&edge.app, &scope, path_id(&edge, &file)?).await;
    noted.map_err(|error| edge.problem(error))?;
    Ok(answer)
}

/// Takes a file back that was not sent.
#[worker::send]
pub async fn file_delete(
    State(edge): State<Edge>,
    Path((business, conversation, file)): Path<(String, String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::FileWrite).await?;
    let thread = thread(&edge, &scope, &conversation).await?;
    file::take_back(&edge, &thread, Origin::Human, &file).await?;
    Ok(StatusCode::NO_CONTENT)
}
