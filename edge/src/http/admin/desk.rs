//! What members do with conversations. Deeds answer with the changed row, and everybody who has the inbox open hears of it.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::id::ConversationId;
use shared::limits::BULK_CONVERSATIONS;
use shared::privacy::Personal;
use shared::rules::message::message_text;
use shared::wire::admin::inbox::conversation::Note;
use shared::wire::admin::inbox::deed::{
    AskDraft, AskTranslation, Assign, BlockVisitor, BulkChange, BulkDeed, BulkDone, MarkRead, MarkSpam,
    SentReply, SetLabels, SetPriority, Snooze, Suggestion, TakeOver, WriteNote, WriteReply,
};
use shared::wire::admin::inbox::list::ConversationRow;
use shared::wire::problem::Kind;

use super::inbox::{astray, thread};
use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::objects::conversation::protocol::{Command, Deed, Reply};
use crate::objects::inbox::protocol::News;
use crate::ops::desk::{self, MarkDeed};
use crate::ops::incoming::Answer;
use crate::ops::{OpError, inbox, suggest};
use crate::rules::permission::Op;
use crate::store::audit::Action;
use crate::store::scope::{MemberScope, ThreadScope};

type Row = ApiResult<Json<ConversationRow>>;

async fn row(edge: &Edge, scope: &MemberScope, id: ConversationId) -> Row {
    let row = inbox::row_read(&edge.app, scope, id).await;
    Ok(Json(row.map_err(|error| edge.problem(error))?))
}

/// Has the conversation's object do it. What comes of it may be told to the business's own systems.
async fn done(edge: &Edge, scope: &MemberScope, thread: &ThreadScope, deed: Deed) -> Result<Reply, OpError> {
    edge.app.hooks_note(scope.business);
    edge.conversations.ask(thread, Command::Desk(scope.account.account(), deed)).await
}

/// Notes a deed in the log and has the conversation's object do it.
async fn deed(
    edge: &Edge,
    scope: &MemberScope,
    thread: &ThreadScope,
    (action, deed): (Action, Deed),
) -> ApiResult<Reply> {
    let noted = desk::deed_note(&edge.app, scope, action, &[thread.conversation]).await;
    noted.map_err(|error| edge.problem(error))?;
    match done(edge, scope, thread, deed).await {
        Ok(reply) => Ok(reply),
        Err(OpError::Denied(denial)) => {
            let who = match denial.who {
                Some(who) => desk::colleague_name(&edge.app, scope, who).await,
                None => Ok(None),
            };
            let who = who.map_err(|error| edge.problem(error))?;
            Err(edge.problem(OpError::Denied(denial)).naming(who))
        }
        Err(error) => Err(edge.problem(error)),
    }
}

/// A deed of the path's conversation that answers with its row.
async fn row_deed(edge: &Edge, parts: &Parts, path: (&str, &str), wanted: (Action, Deed)) -> Row {
    let (scope, thread) = thread(edge, parts, path, Op::ConversationAnswer).await?;
    deed(edge, &scope, &thread, wanted).await?;
    row(edge, &scope, thread.conversation).await
}

/// A small mark on the path's conversation, which answers with its row.
async fn marked(edge: &Edge, (scope, thread): (MemberScope, ThreadScope), mark: MarkDeed) -> Row {
    mark_put(edge, &scope, &[thread.conversation], mark).await?;
    row(edge, &scope, thread.conversation).await
}

/// Puts a small mark on conversations and tells everybody who has the inbox open. Whoever is given some by somebody else
/// is called (promise K4.6), once for all of them.
async fn mark_put(edge: &Edge, scope: &MemberScope, ids: &[ConversationId], mark: MarkDeed) -> ApiResult<()> {
    let given = desk::conversations_mark(&edge.app, scope, ids, mark).await;
    let given = given.map_err(|error| edge.problem(error))?;
    // A token is nobody who knows of it already.
    let is_own = |account| scope.token.is_none() && account == scope.account.account();
    let called = match mark {
        MarkDeed::Assign(Some(account)) if !is_own(account) => given.first().map(|id| (*id, account)),
        _ => None,
    };
    for id in ids {
        let news = match called {
            Some((given, account)) if given == *id => News::Assigned(given, account), // keeps K4.6
            _ => News::changed(*id),
        };
        told(edge, scope, news).await;
    }
    Ok(())
}

/// Tells everybody who has the inbox open. Who is not told catches up by cursor, so a fault here is only logged.
async fn told(edge: &Edge, scope: &MemberScope, news: News) {
    if let Err(fault) = edge.inboxes.tell(&scope.business, news).await {
        crate::log::fault(&edge.app, "inbox", &fault);
    }
}

fn words(edge: &Edge, text: &Personal<String>) -> ApiResult<Personal<String>> {
    Ok(Personal::new(message_text(text.expose()).map_err(|kind| edge.problem(kind))?))
}

/// Takes a conversation over.
#[worker::send]
pub async fn take_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Row {
    let found = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: TakeOver = json_read(&edge, body).await?;
    let done = (Action::ConversationTake, Deed::Take(request.from_colleague));
    deed(&edge, &found.0, &found.1, done).await?;
    row(&edge, &found.0, found.1.conversation).await
}

/// Gives a conversation back to the machine.
#[worker::send]
pub async fn give_back_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
) -> Row {
    let done = (Action::ConversationGiveBack, Deed::GiveBack);
    row_deed(&edge, &parts, (&business, &conversation), done).await
}

/// Answers the visitor.
#[worker::send]
pub async fn reply_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<SentReply>> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: WriteReply = json_read(&edge, body).await?;
    let text = match words(&edge, &request.text) {
        // Files need no words.
        Err(_) if !request.files.is_empty() && request.text.expose().trim().is_empty() => Personal::default(),
        other => other?,
    };
    let WriteReply { draft, files, close: closes, .. } = request;
    let done = (Action::ConversationReply, Deed::Reply(Answer { draft, text, files, closes }));
    let Reply::Replied(message, is_mailed) = deed(&edge, &scope, &thread, done).await? else {
        return Err(astray(&edge));
    };
    let Json(row) = row(&edge, &scope, thread.conversation).await?;
    Ok(Json(SentReply { message, is_mailed, row }))
}

/// Tells colleagues something.
#[worker::send]
pub async fn note_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<Note>> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: WriteNote = json_read(&edge, body).await?;
    let text = words(&edge, &request.text)?;
    let done = (Action::ConversationNote, Deed::Note(request.draft, text));
    match deed(&edge, &scope, &thread, done).await? {
        Reply::Noted(note) => Ok(Json(note)),
        _ => Err(astray(&edge)),
    }
}

/// Takes one's own note back.
#[worker::send]
pub async fn note_delete(
    State(edge): State<Edge>,
    Path((business, conversation, note)): Path<(String, String, String)>,
    parts: Parts,
) -> ApiResult<StatusCode> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let note = path_id(&edge, &note)?;
    deed(&edge, &scope, &thread, (Action::ConversationNoteDelete, Deed::NoteDelete(note))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says who looks after a conversation.
#[worker::send]
pub async fn assignee_put(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Row {
    let found = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: Assign = json_read(&edge, body).await?;
    marked(&edge, found, MarkDeed::Assign(request.account)).await
}

/// Says which labels a conversation carries.
#[worker::send]
pub async fn labels_put(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Row {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: SetLabels = json_read(&edge, body).await?;
    let done = desk::labels_set(&edge.app, &scope, thread.conversation, &request).await;
    done.map_err(|error| edge.problem(error))?;
    told(&edge, &scope, News::changed(thread.conversation)).await;
    row(&edge, &scope, thread.conversation).await
}

/// Says how much a conversation matters.
#[worker::send]
pub async fn priority_put(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Row {
    let found = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: SetPriority = json_read(&edge, body).await?;
    marked(&edge, found, MarkDeed::Priority(request.priority)).await
}

/// Puts a conversation off.
#[worker::send]
pub async fn snooze_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Row {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: Snooze = json_read(&edge, body).await?;
    let done = (Action::ConversationSnooze, Deed::Snooze(Some(request.until)));
    deed(&edge, &scope, &thread, done).await?;
    row(&edge, &scope, thread.conversation).await
}

/// Takes a conversation up again that was put off.
#[worker::send]
pub async fn wake_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
) -> Row {
    let done = (Action::ConversationWake, Deed::Snooze(None));
    row_deed(&edge, &parts, (&business, &conversation), done).await
}

/// Ends a conversation.
#[worker::send]
pub async fn close_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
) -> Row {
    let done = (Action::ConversationClose, Deed::Close);
    row_deed(&edge, &parts, (&business, &conversation), done).await
}

/// Opens a conversation again.
#[worker::send]
pub async fn reopen_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
) -> Row {
    let done = (Action::ConversationReopen, Deed::Reopen);
    row_deed(&edge, &parts, (&business, &conversation), done).await
}

/// Marks a conversation as spam, or not.
#[worker::send]
pub async fn spam_put(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Row {
    let found = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: MarkSpam = json_read(&edge, body).await?;
    marked(&edge, found, MarkDeed::Spam(request.is_spam)).await
}

/// Keeps the visitor from writing, or lets them again.
#[worker::send]
pub async fn block_put(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Row {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let request: BlockVisitor = json_read(&edge, body).await?;
    deed(&edge, &scope, &thread, (Action::ConversationBlock, Deed::Block(request.is_blocked))).await?;
    row(&edge, &scope, thread.conversation).await
}

/// Says how far one has read.
#[worker::send]
pub async fn read_put(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Row {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationRead).await?;
    let request: MarkRead = json_read(&edge, body).await?;
    let id = thread.conversation;
    let done = desk::conversations_mark(&edge.app, &scope, &[id], MarkDeed::Read(request.sequence)).await;
    done.map_err(|error| edge.problem(error))?;
    row(&edge, &scope, id).await
}

/// Does something to many conversations at once.
#[worker::send]
pub async fn bulk_post(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<BulkDone>> {
    let scope = member(&edge, &parts, &business, Op::ConversationAnswer).await?;
    let change: BulkChange = json_read(&edge, body).await?;
    if change.conversations.is_empty() || change.conversations.len() > BULK_CONVERSATIONS {
        return Err(edge.problem(Kind::ValueRefused));
    }
    let ids = &change.conversations;
    let mark = match change.deed {
        BulkDeed::Assign(account) => Some(MarkDeed::Assign(account)),
        BulkDeed::LabelAdd(label) => Some(MarkDeed::LabelAdd(label)),
        BulkDeed::LabelRemove(label) => Some(MarkDeed::LabelRemove(label)),
        BulkDeed::Priority(priority) => Some(MarkDeed::Priority(priority)),
        BulkDeed::Spam(is_spam) => Some(MarkDeed::Spam(is_spam)),
        BulkDeed::Read => Some(MarkDeed::Read(u32::MAX)),
        BulkDeed::Snooze(_) | BulkDeed::Close | BulkDeed::Reopen => None,
    };
    match mark {
        Some(mark) => mark_put(&edge, &scope, ids, mark).await?,
        None => {
            for id in ids {
                let found = inbox::thread_find(&edge.app, &scope, *id).await;
                let thread = match found {
                    Ok(thread) => thread,
                    // One that is not there is passed over, as the answer shows.
                    Err(OpError::Denied(_)) => continue,
                    Err(error) => return Err(edge.problem(error)),
                };
                let (action, deed) = match change.deed {
                    BulkDeed::Snooze(until) => (Action::ConversationSnooze, Deed::Snooze(Some(until))),
                    BulkDeed::Reopen => (Action::ConversationReopen, Deed::Reopen),
                    _ => (Action::ConversationClose, Deed::Close),
                };
                let noted = desk::deed_note(&edge.app, &scope, action, &[*id]).await;
                noted.map_err(|error| edge.problem(error))?;
                match done(&edge, &scope, &thread, deed).await {
                    Ok(_) => {}
                    // A closed one can't be put off: the others can.
                    Err(OpError::Denied(denial)) if denial.kind == Kind::ConversationClosed => {}
                    Err(error) => return Err(edge.problem(error)),
                }
            }
        }
    }
    let rows = inbox::rows_read(&edge.app, &scope, ids).await;
    Ok(Json(BulkDone { rows: rows.map_err(|error| edge.problem(error))? }))
}

/// Asks a machine for a draft of an answer.
#[worker::send]
pub async fn draft_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<Suggestion>> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let ask: AskDraft = json_read(&edge, body).await?;
    suggestion_note(&edge, &scope, &thread).await?;
    let suggestion = suggest::draft_suggest(&edge.app, &thread, &ask).await;
    Ok(Json(suggestion.map_err(|error| edge.problem(error))?))
}

/// Asks a machine to translate.
#[worker::send]
pub async fn translate_post(
    State(edge): State<Edge>,
    Path((business, conversation)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> ApiResult<Json<Suggestion>> {
    let (scope, thread) = thread(&edge, &parts, (&business, &conversation), Op::ConversationAnswer).await?;
    let ask: AskTranslation = json_read(&edge, body).await?;
    suggestion_note(&edge, &scope, &thread).await?;
    let suggestion = suggest::translation_suggest(&edge.app, &thread, &ask).await;
    Ok(Json(suggestion.map_err(|error| edge.problem(error))?))
}

/// Words of a conversation that a member shows to a machine stand in the log.
async fn suggestion_note(edge: &Edge, scope: &MemberScope, thread: &ThreadScope) -> ApiResult<()> {
    let ids = [thread.conversation];
    let noted = desk::deed_note(&edge.app, scope, Action::ConversationSuggest, &ids).await;
    noted.map_err(|error| edge.problem(error))
}
