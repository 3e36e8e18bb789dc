//! A message between words and ciphertext: composed and sealed for its row, opened when somebody in the thread reads.

use serde::{Deserialize, Serialize};
use shared::id::{AccountId, DraftId, MessageId, TurnId};
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;
use shared::wire::admin::inbox::conversation::DeskMessage;
use shared::wire::file::Attachment;
use shared::wire::message::{AiMark, Body, Message, Origin};

use super::{Fault, OpError};
use crate::app::App;
use crate::platform::Statement;
use crate::sealing::{Cell, Column, KeyOwner, SealFault, SealingKey};
use crate::store::conversation::{self, Conversation};
use crate::store::message::{Authorship, NewMessage, SealedMessage};
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
            scope: (&scope.business).into(),
            row: self.row.as_bytes(),
            bound: &bound,
        })
    }
}

/// What is sealed of a message: its words, and which files go with it.
#[derive(Serialize, Deserialize)]
pub(super) struct Said {
    /// The words.
    #[serde(flatten)]
    pub body: Body,
    /// The files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// Something to say in a thread.
pub(super) struct Words {
    /// Who speaks.
    pub origin: Origin,
    /// What they say.
    pub body: Body,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
    /// What the client that sends it calls it.
    pub draft: Option<DraftId>,
    /// The turn that it comes from.
    pub turn: Option<TurnId>,
    /// Who wrote it, where a machine did.
    pub by: Option<Authorship>,
    /// Which member wrote it, or whom a notice is about.
    pub author: Option<AccountId>,
}

impl Words {
    /// What Loquet itself or a person says.
    pub(super) const fn of(origin: Origin, body: Body) -> Self {
        Self { origin, body, attachments: Vec::new(), draft: None, turn: None, by: None, author: None }
    }
}

/// Seals words for their row. The message comes back as the thread will show it, but for its place, which the INSERT
/// allocates.
pub(super) fn message_compose(
    app: &App,
    scope: &ThreadScope,
    key: &SealingKey,
    limit: ConversationLimit,
    at: Millis,
    words: Words,
) -> Result<(NewMessage, Message), OpError> {
    let Words { origin, body, attachments, draft, turn, by, author } = words;
    let id = MessageId::mint(at, app.rng.bytes()?);
    let said = Said { body, attachments };
    let plain = serde_json::to_vec(&said).map_err(|_| Fault::Platform("a body did not serialise".into()))?;
    let plain = zeroize::Zeroizing::new(plain);
    let sealed = Binding::new(scope, id, origin, at).with(scope, |cell| key.seal(cell, &plain, &app.rng))?;
    let ai = by.as_ref().map(|by| AiMark { provider: by.provider.clone(), model: by.model.clone() });
    let row = NewMessage {
        id,
        draft,
        origin,
        turn,
        authorship: by,
        author,
        key: key.reference(),
        body: sealed,
        created_at: at,
    };
    let until = limit.until(at);
    let Said { body, attachments } = said;
    let draft = draft_told(origin, draft);
    Ok((row, Message { id, sequence: 0, draft, origin, at, until, body, attachments, ai, author: None }))
}

/// The name of a draft is for the visitor's client, which knows its own words by it. What a member's client called a
/// reply stays here, or the frame would take that for the visitor's own.
fn draft_told(origin: Origin, draft: Option<DraftId>) -> Option<DraftId> {
    draft.filter(|_| origin == Origin::Visitor)
}

/// Seals something else for the row of a message that is there already: who spoke and when stay what they were.
pub(super) fn said_reseal(
    app: &App,
    scope: &ThreadScope,
    key: &SealingKey,
    (id, origin, at): (MessageId, Origin, Millis),
    said: &Said,
) -> Result<Vec<u8>, OpError> {
    let plain = serde_json::to_vec(said).map_err(|_| Fault::Platform("a body did not serialise".into()))?;
    let plain = zeroize::Zeroizing::new(plain);
    Ok(Binding::new(scope, id, origin, at).with(scope, |cell| key.seal(cell, &plain, &app.rng))?)
}

/// Opens the words of a message, and which files go with it, with a key in hand.
pub(super) fn said_open(
    scope: &ThreadScope,
    key: &SealingKey,
    (id, origin, at): (MessageId, Origin, Millis),
    sealed: &[u8],
) -> Result<Said, OpError> {
    let plain = Binding::new(scope, id, origin, at).with(scope, |cell| key.open(cell, sealed))?;
    Ok(serde_json::from_slice(&plain)
        .map_err(|_| Fault::Platform("a sealed body has an unknown shape".into()))?)
}

/// Opens a message. `None` where its key was destroyed since the row was read: an erased message is not there.
pub(super) async fn message_open(
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
    let said: Said = serde_json::from_slice(&plain)
        .map_err(|_| Fault::Platform("a sealed body has an unknown shape".into()))?;
    let until = limit.until(sealed.created_at);
    Ok(Some(Message {
        id: sealed.id,
        sequence: sealed.sequence,
        draft: draft_told(sealed.origin, sealed.draft),
        origin: sealed.origin,
        at: sealed.created_at,
        until,
        body: said.body,
        // Files go with their message, under the limit in force now.
        attachments: said.attachments.into_iter().map(|file| Attachment { until, ..file }).collect(),
        ai: sealed.ai.map(|(provider, model)| AiMark { provider, model }),
        author: None,
    }))
}

/// Opens messages, without the names of those who wrote them.
pub(super) async fn messages_open(
    app: &App,
    scope: &ThreadScope,
    limit: ConversationLimit,
    sealed: Vec<SealedMessage>,
) -> Result<Vec<Message>, OpError> {
    let opened = messages_open_by(app, scope, limit, sealed).await?;
    Ok(opened.into_iter().map(|opened| opened.message).collect())
}

/// Opens messages, with the accounts of the members who wrote them; their names are put in by whoever shows them.
pub(super) async fn messages_open_by(
    app: &App,
    scope: &ThreadScope,
    limit: ConversationLimit,
    sealed: Vec<SealedMessage>,
) -> Result<Vec<DeskMessage>, OpError> {
    let mut opened = Vec::with_capacity(sealed.len());
    for sealed in sealed {
        let by = sealed.author;
        let message = message_open(app, scope, limit, sealed).await?;
        opened.extend(message.map(|message| DeskMessage { message, by }));
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

/// The place that an INSERT allocated.
#[derive(serde::Deserialize)]
pub(super) struct Place {
    pub(super) sequence: u32,
}
