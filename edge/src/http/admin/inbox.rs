//! The inbox, read: the list, what changed in it, searches, one conversation, and a transcript to take along.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Uri;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use shared::wire::admin::inbox::conversation::{ConversationView, DeskCatchup};
use shared::wire::admin::inbox::list::{
    AssigneeIs, ConversationPage, Filter, InboxChanges, InboxCounts, Priority, Search, SearchPage, Work,
};
use shared::wire::problem::Kind;

use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::{ApiError, ApiResult};
use crate::http::{Edge, headers};
use crate::objects::conversation::protocol::{Command, Reply};
use crate::ops::{Fault, OpError, inbox};
use crate::rules::permission::Op;
use crate::rules::transcript;
use crate::store::scope::{MemberScope, ThreadScope};

/// The thread of a conversation of the business, and who asks.
pub(super) async fn thread(
    edge: &Edge,
    parts: &Parts,
    (business, conversation): (&str, &str),
    op: Op,
) -> ApiResult<(MemberScope, ThreadScope)> {
    let scope = member(edge, parts, business, op).await?;
    let id = path_id(edge, conversation)?;
    let thread = inbox::thread_find(&edge.app, &scope, id).await.map_err(|error| edge.problem(error))?;
    Ok((scope, thread))
}

/// What a thread's object answers.
pub(super) async fn ask(edge: &Edge, thread: &ThreadScope, command: Command) -> ApiResult<Reply> {
    edge.conversations.ask(thread, command).await.map_err(|error| edge.problem(error))
}

pub(super) fn astray(edge: &Edge) -> ApiError {
    edge.problem(OpError::Fault(Fault::Platform("a conversation answered another question".into())))
}

/// Reads the filter from an address. Fails with `ValueRefused`.
fn filter(edge: &Edge, uri: &Uri) -> ApiResult<Filter> {
    let refused = || edge.problem(Kind::ValueRefused);
    let text = |name: &str| headers::query(uri, name).filter(|value| !value.is_empty());
    let flag = |name: &str| match text(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(refused()),
    };
    let work = text("work").map(|name| Work::ALL.into_iter().find(|work| work.as_str() == name));
    let priority = text("priority").map(|name| Priority::ALL.into_iter().find(|one| one.as_str() == name));
    let assignee = text("assignee").map(|name| match name {
        "me" => Some(AssigneeIs::Me),
        "nobody" => Some(AssigneeIs::Nobody),
        account => account.parse().ok().map(AssigneeIs::Member),
    });
    Ok(Filter {
        work: work.map(|work| work.ok_or_else(refused)).transpose()?,
        assignee: assignee.map(|assignee| assignee.ok_or_else(refused)).transpose()?,
        unread: flag("unread")?,
        label: text("label").map(|id| id.parse().map_err(|_| refused())).transpose()?,
        priority: priority.map(|priority| priority.ok_or_else(refused)).transpose()?,
        site: text("site").map(|id| id.parse().map_err(|_| refused())).transpose()?,
        locale: text("locale").map(str::to_owned),
        spam: flag("spam")?,
    })
}

/// A page of the list.
#[worker::send]
pub async fn conversations_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<ConversationPage>> {
    let scope = member(&edge, &parts, &business, Op::ConversationRead).await?;
    let filter = filter(&edge, &parts.uri)?;
    let before = headers::query(&parts.uri, "before").filter(|before| !before.is_empty());
    let page = inbox::conversations_list(&edge.app, &scope, &filter, before).await;
    Ok(Json(page.map_err(|error| edge.problem(error))?))
}

/// What happened after a cursor.
#[worker::send]
pub async fn changes_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<InboxChanges>> {
    let scope = member(&edge, &parts, &business, Op::ConversationRead).await?;
    let after = headers::query(&parts.uri, "after").unwrap_or_default();
    let reader = scope.account.account();
    let changes = inbox::changes_read(&edge.app, &scope.business, reader, after).await;
    Ok(Json(changes.map_err(|error| edge.problem(error))?))
}

/// How many conversations of each kind there are.
#[worker::send]
pub async fn counts_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<InboxCounts>> {
    let scope = member(&edge, &parts, &business, Op::ConversationRead).await?;
    let counts = inbox::counts_read(&edge.app, &scope).await;
    Ok(Json(counts.map_err(|error| edge.problem(error))?))
}

/// Looks for words.
#[worker::send]
pub async fn search_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<SearchPage>> {
    let scope = member(&edge, &parts, &business, Op::ConversationRead).await?;
    let search: Search = json_read(&edge, body).await?;
    let page = inbox::conversations_search(&edge.app, &scope, &search).await;
    Ok(Json(page.map_err(|error| edge.problem(error))?))
}

/// One conversation, opened.
#[worker::send]
pub async fn conversation_get(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<ConversationView>> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationRead).await?;
    let Reply::Looked(is_there, turn) = ask(&edge, &thread, Command::Look).await? else {
        return Err(astray(&edge));
    };
    noted(&edge, &scope, &thread).await?;
    let view = inbox::conversation_view(&edge.app, &scope, &thread, is_there).await;
    let view = view.map_err(|error| edge.problem(error))?;
    let row = shared::wire::admin::inbox::list::ConversationRow {
        present: view.row.present || is_there,
        ..view.row
    };
    Ok(Json(ConversationView { row, thread: DeskCatchup { turn, ..view.thread }, ..view }))
}

/// Whoever reads a conversation stands in the log, before they have read it.
pub(super) async fn noted(edge: &Edge, scope: &MemberScope, thread: &ThreadScope) -> ApiResult<()> {
    let noted = inbox::reading_note(&edge.app, scope, thread.conversation).await;
    noted.map_err(|error| edge.problem(error))
}

/// Messages of a conversation: what follows `after`, or what precedes `before`.
#[worker::send]
pub async fn messages_get(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Json<DeskCatchup>> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationRead).await?;
    let number = |name: &str| {
        let text = headers::query(&parts.uri, name).filter(|text| !text.is_empty());
        text.map(|text| text.parse::<u32>().map_err(|_| edge.problem(Kind::ValueRefused))).transpose()
    };
    let (after, before) = (number("after")?, number("before")?);
    let after_note = headers::query(&parts.uri, "after_note").filter(|text| !text.is_empty());
    let after_note =
        after_note.map(|id| id.parse().map_err(|_| edge.problem(Kind::ValueRefused))).transpose()?;
    noted(&edge, &scope, &thread).await?;
    match after {
        Some(after) => match ask(&edge, &thread, Command::DeskCatchup(after, after_note)).await? {
            Reply::DeskCatchup(catchup) => Ok(Json(catchup)),
            _ => Err(astray(&edge)),
        },
        None => {
            let page = inbox::desk_before(&edge.app, &thread, before).await;
            Ok(Json(page.map_err(|error| edge.problem(error))?))
        }
    }
}

/// A conversation as a file: `format=text`, or `json`.
#[worker::send]
pub async fn transcript_get(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
) -> ApiResult<Response> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationRead).await?;
    let is_json = match headers::query(&parts.uri, "format").unwrap_or("text") {
        "text" | "" => false,
        "json" => true,
        _ => return Err(edge.problem(Kind::ValueRefused)),
    };
    let messages = inbox::transcript_read(&edge.app, &scope, &thread).await;
    let messages: Vec<_> =
        messages.map_err(|error| edge.problem(error))?.into_iter().map(|message| message.message).collect();
    let (bytes, media_type, ending) = if is_json {
        (serde_json::to_vec(&messages).unwrap_or_default(), "application/json", "json")
    } else {
        (transcript::text(&messages).into_bytes(), "text/plain; charset=utf-8", "txt")
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"{}.{ending}\"", thread.conversation);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
