//! Conversations over HTTPS: everything that is kept goes through here; the socket only tells.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode, Uri};
use shared::id::{ConversationId, DraftId, FileId};
use shared::privacy::Personal;
use shared::rules::language::{LANGUAGES, language_choose};
use shared::rules::message::message_text;
use shared::rules::page::page_path;
use shared::wire::identity::Identify;
use shared::wire::message::Message;
use shared::wire::problem::Kind;
use shared::wire::widget::{Catchup, OpenConversation, OpenedConversation, SendMessage, SentMessage, Ticket};

use super::site::{Pace, burst_check};
use crate::http::body::{Json, json_read};
use crate::http::problem::{ApiError, ApiResult};
use crate::http::{Edge, access, headers};
use crate::objects::conversation::protocol::{Command, Reply};
use crate::ops::incoming::{Arrival, Draft};
use crate::ops::{Fault, OpError, identity, visitor};
use crate::rules::credential;
use crate::store::scope::{ThreadScope, VisitorScope};

/// Opens a conversation with its first message. The same draft again finds what it made.
#[worker::send]
pub async fn conversation_post(
    State(edge): State<Edge>,
    Path(site): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<impl IntoResponse + use<>> {
    let visitor = access::visitor(&edge, &site, &headers).await?;
    burst_check(&edge, visitor.site, Pace::Visits("open"), &headers).await?;
    let request: OpenConversation = json_read(&edge, body).await?;
    let draft = draft(&edge, request.draft, &request.text, &request.locale, Vec::new())?;
    let scope = thread_of(&edge, &visitor, &draft)?;
    let path = request.path.and_then(|path| page_path(path.expose())).map(Personal::new);
    let arrival =
        Arrival { browser: headers::browser_kind(&headers), address: headers::address(&headers), path };
    let (token, token_hash) =
        visitor::token_mint(&edge.app, &scope.business).map_err(|error| edge.problem(error))?;
    let message = kept(&edge, &scope, Command::Open(draft, arrival, token_hash)).await?;
    let (ticket, _) = ticket(&edge, &scope, token.expose())?;
    Ok(Json(OpenedConversation { conversation: scope.conversation, token, message, ticket }))
}

/// Sends a further message.
#[worker::send]
pub async fn message_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<impl IntoResponse + use<>> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    burst_check(&edge, scope.site, Pace::Messages, &headers).await?;
    let request: SendMessage = json_read(&edge, body).await?;
    let draft = draft(&edge, request.draft, &request.text, &request.locale, request.files)?;
    let message = kept(&edge, &scope, Command::Send(draft)).await?;
    Ok(Json(SentMessage { message }))
}

/// What follows a cursor: for polling, and after a drop.
#[worker::send]
pub async fn messages_get(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Json<Catchup>> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    let after = headers::query(&uri, "after").unwrap_or("0");
    let after = after.parse().map_err(|_| edge.problem(Kind::ValueRefused))?;
    match ask(&edge, &scope, Command::Catchup(after)).await? {
        Reply::Catchup(catchup) => Ok(Json(catchup)),
        _ => Err(astray(&edge)),
    }
}

/// Asks for a person.
#[worker::send]
pub async fn person_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    ask(&edge, &scope, Command::RequestPerson).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says whom the business calls this visitor.
#[worker::send]
pub async fn identity_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    let request: Identify = json_read(&edge, body).await?;
    let proved = identity::identity_prove(&edge.app, &scope, &request.token).await;
    proved.map_err(|error| edge.problem(error))?;
    edge.row_changed(&scope).await;
    Ok(StatusCode::NO_CONTENT)
}

/// A ticket for one socket.
#[worker::send]
pub async fn ticket_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Json<Ticket>> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    let (ticket, expires_at) = ticket(&edge, &scope, access::bearer(&edge, &headers)?)?;
    Ok(Json(Ticket { ticket, expires_at }))
}

/// Ends the chat on this device: neither its token nor its tickets and sockets open anything any more. The
/// conversation stays, under its own clock.
#[worker::send]
pub async fn leave_post(
    State(edge): State<Edge>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    let scope = access::thread(&edge, &conversation, &headers).await?;
    let token = access::bearer(&edge, &headers)?;
    // The token first: whoever is sent out finds no way back in.
    visitor::token_revoke(&edge.app, &scope, token).await.map_err(|error| edge.problem(error))?;
    ask(&edge, &scope, Command::Leave(credential::token_hash(token))).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn draft(
    edge: &Edge,
    draft: DraftId,
    text: &Personal<String>,
    locale: &str,
    files: Vec<FileId>,
) -> ApiResult<Draft> {
    let text = match message_text(text.expose()) {
        // Files speak for themselves.
        Err(Kind::MessageEmpty) if !files.is_empty() => String::new(),
        text => text.map_err(|kind| edge.problem(kind))?,
    };
    let locale = language_choose(&[locale], &LANGUAGES).to_owned();
    Ok(Draft { draft, text: Personal::new(text), locale, files })
}

/// The thread that a visitor's first draft opens: its id follows from both, so that a retry finds it.
fn thread_of(edge: &Edge, visitor: &VisitorScope, draft: &Draft) -> ApiResult<ThreadScope> {
    let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
    let parts: [&[u8]; 2] = [&visitor.visitor.to_bytes(), &draft.draft.to_bytes()];
    let mut bytes = key.derive("conversation", &parts);
    // The first six bytes are the time of the visitor's own id, so that conversations still sort by age.
    for (byte, time) in bytes.iter_mut().zip(visitor.visitor.to_bytes()).take(6) {
        *byte = time;
    }
    Ok(ThreadScope {
        business: visitor.business,
        site: visitor.site,
        visitor: visitor.visitor,
        conversation: ConversationId::from_bytes(bytes),
    })
}

async fn ask(edge: &Edge, scope: &ThreadScope, command: Command) -> ApiResult<Reply> {
    // Whatever happens in a conversation may be told to the business's own systems.
    edge.app.hooks_note(scope.business);
    edge.conversations.ask(scope, command).await.map_err(|error| edge.problem(error))
}

async fn kept(edge: &Edge, scope: &ThreadScope, command: Command) -> ApiResult<Message> {
    match ask(edge, scope, command).await? {
        Reply::Kept(message) => Ok(message),
        _ => Err(astray(edge)),
    }
}

fn astray(edge: &Edge) -> ApiError {
    edge.problem(OpError::Fault(Fault::Platform("a conversation answered another question".into())))
}

/// A ticket for one socket of a visitor's conversation.
pub(super) fn ticket(
    edge: &Edge,
    scope: &ThreadScope,
    token: &str,
) -> ApiResult<(shared::privacy::Secret<String>, shared::time::Millis)> {
    let key = edge.app.token_key().map_err(|error| edge.problem(error))?;
    let nonce = edge.app.rng.bytes().map_err(|error| edge.problem(OpError::from(error)))?;
    let now = edge.app.clock.now();
    Ok(credential::ticket_mint(key, scope.business.business(), scope.conversation, token, nonce, now))
}
