//! Messages of a thread: a visitor's are kept, everybody's are read.

use shared::id::TurnId;
use shared::limits::{PAGE_MESSAGES, VISITOR_MESSAGES, VISITOR_WINDOW_MS};
use shared::time::{Millis, SECOND_MS};
use shared::wire::message::{Body, Message, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::{AddressState, Catchup, State};

use super::OpError;
use super::card::card_next;
use super::desk::{nobody_due_at, state_reopened};
use super::file::files_ready;
use super::names::{names_fill, names_find};
use super::sealed_message::{Place, Words, message_compose, message_key, message_open, messages_open_by};
use crate::app::App;
use crate::ops::incoming::Draft;
use crate::platform::DbFault;
use crate::platform::db::FILE_TAKEN;
use crate::platform::db::RESTRICTED;
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
    /// The thread was closed, and the message opened it.
    pub reopened: bool,
    /// When something is to be done here by itself.
    pub due_at: Option<Millis>,
    /// The visitor was answered before, and this is their first word since: somebody may want to hear of it.
    pub is_first_word: bool,
}

/// Keeps a visitor's further message. Sending the same draft again returns the message that it became.
///
/// A closed thread opens. Fails with `NotFound`, `VisitorBlocked`, `RateLimited`, `FilesTooMany` or `FileUnavailable`.
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
    if found.desk.is_blocked() {
        return Err(Kind::VisitorBlocked.into());
    }
    let (key, mut statements) = message_key(app, &found, site.limit(), now).await?;
    let body = Body::Text { text: draft.text.clone(), sources: Vec::new() };
    let attachments = files_ready(app, scope, Origin::Visitor, &draft.files, site.limit(), now).await?;
    let words = Words { draft: Some(draft.draft), attachments, ..Words::of(Origin::Visitor, body) };
    let (row, message) = message_compose(app, scope, &key, site.limit(), now, words)?;
    let due_at = nobody_due_at(app, scope, now).await?;
    let reopened = state_reopened(&site, found.desk.assignee);
    let reopen_at = statements.len();
    let asks = (reopened == State::Requested).then_some(due_at);
    statements.push(conversation::conversation_reopen(scope, reopened, now, asks));
    let insert_at = statements.len();
    statements.push(message_insert(scope, row));
    if !draft.files.is_empty() {
        statements.push(files_take(scope, message.id, &draft.files));
    }
    let is_first_word = found.desk.waiting_since.is_none();
    let unanswered = is_first_word.then_some(due_at);
    statements.push(conversation::conversation_touch(scope, &draft.locale, now, unanswered));
    let limit = (site.limit(), now);
    statements.extend(card_next(app, scope, &key, limit, &before.card, &message).await?);
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
        // The visitor had it held still: nothing is added until they lift that.
        Err(DbFault::Refused(RESTRICTED)) => return Err(Kind::ConversationRestricted.into()),
        // An erasure condemned the key meanwhile: there is no such conversation any more.
        Err(DbFault::Refused(_)) => return Err(Kind::NotFound.into()),
        other => other?,
    };
    // Blocked by a moment.
    let sequence = batch.row::<Place>(insert_at)?.ok_or(Kind::VisitorBlocked)?.sequence;
    let began = site.has_ai() && batch.row::<serde_json::Value>(begin_at)?.is_some();
    let was_closed = batch.row::<serde_json::Value>(reopen_at)?.is_some();
    let state = if was_closed { reopened } else { found.state };
    // The word takes a conversation up again that was put off; nobody is told twice that nobody came.
    let told_at = match state {
        State::Human => found.desk.nobody_due_at.or(unanswered),
        State::Requested if was_closed => Some(due_at),
        _ => found.desk.nobody_due_at,
    };
    let news = News {
        state,
        running: found.turn,
        granted: began.then_some(turn),
        reopened: was_closed,
        due_at: [told_at, found.desk.mail_due_at].into_iter().flatten().min(),
        is_first_word,
    };
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

/// What follows a cursor, and what the thread's object learns from reading it.
pub struct Followed {
    /// For the visitor.
    pub catchup: Catchup,
    /// What the visitor's client was known to have.
    pub delivered: u32,
    /// A person's newest message.
    pub human: u32,
    /// When the visitor's client was last heard.
    pub present_at: Millis,
}

/// Reads what follows a cursor: 100 messages at most, and whether there are more. What an object knows of the answer
/// that is being written is not in it.
pub async fn message_list(app: &App, scope: &ThreadScope, after: u32) -> Result<Followed, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let (kept_from, most) = (site.limit().kept_from(now), PAGE_MESSAGES.saturating_add(1));
    let read = thread::thread_after(shard, scope, after, kept_from, most).await?.ok_or(Kind::NotFound)?;
    let more = read.messages.len() > PAGE_MESSAGES as usize;
    let page = read.messages.into_iter().take(PAGE_MESSAGES as usize).collect();
    let mut messages = messages_open_by(app, scope, site.limit(), page).await?;
    names_fill(app, &scope.business, &mut messages).await?;
    let desk = &read.found.desk;
    let person = match desk.person.filter(|_| read.found.state == State::Human) {
        Some(person) => names_find(app, &scope.business, [person]).await?.of(person),
        None => None,
    };
    let address = read.contact.map(|contact| match contact.confirmed_at {
        Some(_) => AddressState::Confirmed,
        None => AddressState::Waiting,
    });
    Ok(Followed {
        delivered: desk.delivered_sequence,
        human: desk.human_sequence,
        present_at: desk.present_at,
        catchup: Catchup {
            // Visitors read names, never accounts.
            messages: messages.into_iter().map(|message| message.message).collect(),
            more,
            state: read.found.state,
            turn: None,
            person,
            address,
            is_held: desk.restricted_at.is_some(),
        },
    })
}
