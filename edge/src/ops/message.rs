//! Messages: sealed when they are written, opened when a person in the thread reads them.

use shared::id::{MessageId, TurnId};
use shared::limits::{HISTORY_MESSAGES, PAGE_MESSAGES, VISITOR_MESSAGES, VISITOR_WINDOW_MS};
use shared::rules::retention::ConversationLimit;
use shared::time::{Millis, SECOND_MS};
use shared::wire::message::{AiMark, Body, Message, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::{Catchup, RunningTurn};

use super::{Fault, OpError};
use crate::app::App;
use crate::ops::incoming::Draft;
use crate::platform::{DbFault, Statement};
use crate::sealing::{Cell, Column, KeyOwner, SealFault, SealingKey};
use crate::store::conversation::{self, Conversation};
use crate::store::message::{self, NewMessage, SealedMessage};
use crate::store::scope::ThreadScope;

/// Everything that a message's ciphertext is bound to, besides its key: moved anywhere else, it does not open.
struct Binding {
    conversation: [u8; 16],
    origin: Origin,
    at: [u8; 8],
    row: String,
}

impl Binding {
    fn new(scope: &ThreadScope, id: MessageId, origin: Origin, at: Millis) -> Self {
        let at = at.as_i64().to_be_bytes();
        Self { conversation: scope.conversation.to_bytes(), origin, at, row: id.to_string() }
    }

    fn with<T>(&self, scope: &ThreadScope, use_cell: impl FnOnce(Cell<'_>) -> T) -> T {
        let bound: [&[u8]; 3] = [&self.conversation, self.origin.as_str().as_bytes(), &self.at];
        use_cell(Cell {
            column: Column::MessageBody,
            business: scope.business.business(),
            row: self.row.as_bytes(),
            bound: &bound,
        })
    }
}

/// Seals what a message says.
pub fn message_seal(
    app: &App,
    key: &SealingKey,
    scope: &ThreadScope,
    (id, origin, at): (MessageId, Origin, Millis),
    body: &Body,
) -> Result<Vec<u8>, OpError> {
    let plain = serde_json::to_vec(body).map_err(|_| Fault::Platform("a body did not serialise".into()))?;
    let plain = zeroize::Zeroizing::new(plain);
    Ok(Binding::new(scope, id, origin, at).with(scope, |cell| key.seal(cell, &plain, &app.rng))?)
}

/// Opens a message. `None` where its key was destroyed since the row was read: an erased message is not there.
pub async fn message_open(
    app: &App,
    scope: &ThreadScope,
    limit: ConversationLimit,
    sealed: SealedMessage,
) -> Result<Option<Message>, OpError> {
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    let key = app.keyring.key_open(shard, &scope.business, sealed.key, &owner, &sealed.key_commit).await;
    let key = match key {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let binding = Binding::new(scope, sealed.id, sealed.origin, sealed.created_at);
    let plain = binding.with(scope, |cell| key.open(cell, &sealed.body))?;
    let body: Body = serde_json::from_slice(&plain)
        .map_err(|_| Fault::Platform("a sealed body has an unknown shape".into()))?;
    Ok(Some(Message {
        id: sealed.id,
        sequence: sealed.sequence,
        draft: sealed.draft,
        origin: sealed.origin,
        at: sealed.created_at,
        until: limit.until(sealed.created_at),
        body,
        ai: sealed.ai.map(|(provider, model)| AiMark { provider, model }),
    }))
}

async fn messages_open(
    app: &App,
    scope: &ThreadScope,
    limit: ConversationLimit,
    sealed: Vec<SealedMessage>,
) -> Result<Vec<Message>, OpError> {
    let mut opened = Vec::with_capacity(sealed.len());
    for message in sealed {
        opened.extend(message_open(app, scope, limit, message).await?);
    }
    Ok(opened)
}

/// The key that seals a new message: the conversation's own, or a fresh one where that is older than 30 days (or
/// the site's limit). The statements come first in the batch of the message.
pub(super) async fn message_key(
    app: &App,
    found: &Conversation,
    limit: ConversationLimit,
    now: Millis,
) -> Result<(SealingKey, Vec<Statement>), OpError> {
    let scope = &found.scope;
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    let rolls_at =
        found.key_created_at.plus_ms(shared::limits::KEY_ROLL_MS).min(limit.until(found.key_created_at));
    if now < rolls_at {
        let key = app.keyring.key_open(shard, &scope.business, found.key, &owner, &found.key_commit).await?;
        return Ok((key, Vec::new()));
    }
    let (key, insert) = app.keyring.key_lease(shard, &scope.business, &owner).await?;
    let roll = conversation::key_roll(scope, key.reference());
    Ok((key, vec![insert, roll]))
}

/// A message that was kept, and the turn that may answer it.
pub struct Kept {
    /// The message.
    pub message: Message,
    /// The turn that was begun with it. `None` where one runs already, a person answers, or the message is a repeat.
    pub turn: Option<TurnId>,
}

/// Keeps a visitor's further message. Sending the same draft again returns the message that it became.
///
/// Fails with `NotFound`, `ConversationClosed` or `RateLimited`.
pub async fn message_send(app: &App, scope: &ThreadScope, draft: &Draft) -> Result<Kept, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    if let Some(repeat) = message::message_by_draft(shard, scope, draft.draft).await? {
        let message = message_open(app, scope, site.limit(), repeat).await?.ok_or(Kind::NotFound)?;
        return Ok(Kept { message, turn: None });
    }
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let found = found.ok_or(Kind::NotFound)?;
    rate_check(app, scope, now).await?;
    let (key, mut statements) = message_key(app, &found, site.limit(), now).await?;
    let id = MessageId::mint(now, app.rng.bytes()?);
    let body = Body::Text { text: draft.text.clone(), sources: Vec::new() };
    let sealed = message_seal(app, &key, scope, (id, Origin::Visitor, now), &body)?;
    let insert_at = statements.len();
    statements.push(message::message_insert(
        scope,
        NewMessage {
            id,
            draft: Some(draft.draft),
            origin: Origin::Visitor,
            turn: None,
            authorship: None,
            key: key.reference(),
            body: sealed,
            created_at: now,
        },
    ));
    statements.push(conversation::conversation_touch(scope, &draft.locale, now));
    let turn = TurnId::mint(now, app.rng.bytes()?);
    let begin_at = statements.len();
    if site.has_ai() {
        statements.push(conversation::turn_begin(scope, turn));
    }
    let batch = match shard.batch(statements).await {
        // The same draft came in twice at once: the other one is kept, and it is this one.
        Err(DbFault::Duplicate) => {
            let kept = message::message_by_draft(shard, scope, draft.draft).await?.ok_or(Kind::NotFound)?;
            let message = message_open(app, scope, site.limit(), kept).await?.ok_or(Kind::NotFound)?;
            return Ok(Kept { message, turn: None });
        }
        // An erasure condemned the key meanwhile: there is no such conversation any more.
        Err(DbFault::Refused(_)) => return Err(Kind::NotFound.into()),
        other => other?,
    };
    let sequence = batch.row::<Place>(insert_at)?.ok_or(Kind::ConversationClosed)?.sequence;
    let began = site.has_ai() && batch.row::<serde_json::Value>(begin_at)?.is_some();
    let message = Message {
        id,
        sequence,
        draft: Some(draft.draft),
        origin: Origin::Visitor,
        at: now,
        until: site.limit().until(now),
        body,
        ai: None,
    };
    Ok(Kept { message, turn: began.then_some(turn) })
}

/// The place that an INSERT allocated.
#[derive(serde::Deserialize)]
pub(super) struct Place {
    pub(super) sequence: u32,
}

async fn rate_check(app: &App, scope: &ThreadScope, now: Millis) -> Result<(), OpError> {
    let shard = app.shard(&scope.business)?;
    let Some(oldest) =
        message::visitor_message_before(shard, scope, VISITOR_MESSAGES.saturating_sub(1)).await?
    else {
        return Ok(());
    };
    let wait_ms = oldest.plus_ms(VISITOR_WINDOW_MS).since_ms(now);
    if wait_ms <= 0 {
        return Ok(());
    }
    let wait_s = wait_ms.saturating_add(SECOND_MS.saturating_sub(1)) / SECOND_MS;
    Err(OpError::rate_limited(u32::try_from(wait_s).unwrap_or(u32::MAX)))
}

/// Reads what follows a cursor: 100 messages at most, and whether there are more.
///
/// `running` is what the object knows of the answer that is being written.
pub async fn message_list(
    app: &App,
    scope: &ThreadScope,
    after: u32,
    running: Option<RunningTurn>,
) -> Result<Catchup, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let found = found.ok_or(Kind::NotFound)?;
    let kept_from = site.limit().kept_from(now);
    let page =
        message::messages_after(shard, scope, after, kept_from, PAGE_MESSAGES.saturating_add(1)).await?;
    let more = page.len() > PAGE_MESSAGES as usize;
    let page = page.into_iter().take(PAGE_MESSAGES as usize).collect();
    let messages = messages_open(app, scope, site.limit(), page).await?;
    Ok(Catchup { messages, more, state: found.state, turn: running })
}

/// The newest messages of a thread, oldest first, for a prompt.
pub(super) async fn message_history(
    app: &App,
    scope: &ThreadScope,
    limit: ConversationLimit,
    now: Millis,
) -> Result<Vec<Message>, OpError> {
    let shard = app.shard(&scope.business)?;
    let sealed = message::messages_last(shard, scope, limit.kept_from(now), HISTORY_MESSAGES).await?;
    messages_open(app, scope, limit, sealed).await
}
