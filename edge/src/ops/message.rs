//! Messages of a thread: a visitor's are kept, everybody's are read.

use shared::id::TurnId;
use shared::limits::{PAGE_MESSAGES, VISITOR_MESSAGES, VISITOR_WINDOW_MS};
use shared::time::{Millis, SECOND_MS};
use shared::wire::message::{Body, Message, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::{Catchup, State};

use super::OpError;
use super::file::files_ready;
use super::sealed_message::{Place, Words, message_compose, message_key, message_open, messages_open};
use crate::app::App;
use crate::ops::incoming::Draft;
use crate::platform::DbFault;
use crate::platform::db::FILE_TAKEN;
use crate::store::conversation;
use crate::store::file::files_take;
use crate::store::message::{SealedMessage, message_by_draft, message_insert};
use crate::store::scope::ThreadScope;
use crate::store::thread;

/// A message that was kept.
pub struct Kept {
    /// The message.
    pub message: Message,
    /// What is new about it. `None` where the very same draft was kept before.
    pub news: Option<News>,
}

/// What a thread's object learns from a message that was not there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// Where the thread stands.
    pub state: State,
    /// The turn that ran when the message came.
    pub running: Option<TurnId>,
    /// The turn that was begun with the message. `None` where one runs already, or no machine answers.
    pub granted: Option<TurnId>,
}

/// Keeps a visitor's further message. Sending the same draft again returns the message that it became.
///
/// Fails with `NotFound`, `ConversationClosed`, `RateLimited`, `FilesTooMany` or `FileUnavailable`.
pub async fn message_send(app: &App, scope: &ThreadScope, draft: &Draft) -> Result<Kept, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let places = VISITOR_MESSAGES.saturating_sub(1);
    let kept_from = site.limit().kept_from(now);
    let before = thread::thread_before(shard, scope, draft.draft, kept_from, places).await?;
    if let Some(repeat) = before.repeat {
        return kept_before(app, scope, Some(repeat)).await;
    }
    let found = before.found.ok_or(Kind::NotFound)?;
    rate_check(before.written_at, now)?;
    let (key, mut statements) = message_key(app, &found, site.limit(), now).await?;
    let body = Body::Text { text: draft.text.clone(), sources: Vec::new() };
    let attachments = files_ready(app, scope, Origin::Visitor, &draft.files, site.limit(), now).await?;
    let words = Words { draft: Some(draft.draft), attachments, ..Words::of(Origin::Visitor, body) };
    let (row, message) = message_compose(app, scope, &key, site.limit(), now, words)?;
    let insert_at = statements.len();
    statements.push(message_insert(scope, row));
    if !draft.files.is_empty() {
        statements.push(files_take(scope, message.id, &draft.files));
    }
    statements.push(conversation::conversation_touch(scope, &draft.locale, now));
    let turn = TurnId::mint(now, app.rng.bytes()?);
    let begin_at = statements.len();
    if site.has_ai() {
        statements.push(conversation::turn_begin(scope, turn));
    }
    let batch = match shard.batch(statements).await {
        // The same draft came in twice at once: the other one is kept, and it is this one.
        Err(DbFault::Duplicate) => {
            let kept = message_by_draft(shard, scope, draft.draft, kept_from).await?;
            return kept_before(app, scope, kept).await;
        }
        // Another message took one of the files meanwhile.
        Err(DbFault::Refused(FILE_TAKEN)) => return Err(Kind::FileUnavailable.into()),
        // An erasure condemned the key meanwhile: there is no such conversation any more.
        Err(DbFault::Refused(_)) => return Err(Kind::NotFound.into()),
        other => other?,
    };
    let sequence = batch.row::<Place>(insert_at)?.ok_or(Kind::ConversationClosed)?.sequence;
    let began = site.has_ai() && batch.row::<serde_json::Value>(begin_at)?.is_some();
    let news = News { state: found.state, running: found.turn, granted: began.then_some(turn) };
    Ok(Kept { message: Message { sequence, ..message }, news: Some(news) })
}

/// A message whose draft came in again.
pub(super) async fn kept_before(
    app: &App,
    scope: &ThreadScope,
    sealed: Option<SealedMessage>,
) -> Result<Kept, OpError> {
    let site = app.site(scope.site).await?;
    let message = message_open(app, scope, site.limit(), sealed.ok_or(Kind::NotFound)?).await?;
    Ok(Kept { message: message.ok_or(Kind::NotFound)?, news: None })
}

/// Refuses a visitor's message where the one as many places back as the limit allows is still within the window.
fn rate_check(written_at: Option<Millis>, now: Millis) -> Result<(), OpError> {
    let Some(oldest) = written_at else { return Ok(()) };
    let wait_ms = oldest.plus_ms(VISITOR_WINDOW_MS).since_ms(now);
    if wait_ms <= 0 {
        return Ok(());
    }
    let wait_s = wait_ms.saturating_add(SECOND_MS.saturating_sub(1)) / SECOND_MS;
    Err(OpError::rate_limited(u32::try_from(wait_s).unwrap_or(u32::MAX)))
}

/// Reads what follows a cursor: 100 messages at most, and whether there are more. What an object knows of the answer
/// that is being written is not in it.
pub async fn message_list(app: &App, scope: &ThreadScope, after: u32) -> Result<Catchup, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let (kept_from, most) = (site.limit().kept_from(now), PAGE_MESSAGES.saturating_add(1));
    let read = thread::thread_after(shard, scope, after, kept_from, most).await?;
    let (found, page) = read.ok_or(Kind::NotFound)?;
    let more = page.len() > PAGE_MESSAGES as usize;
    let page = page.into_iter().take(PAGE_MESSAGES as usize).collect();
    let messages = messages_open(app, scope, site.limit(), page).await?;
    Ok(Catchup { messages, more, state: found.state, turn: None, person: None, address: None })
}
