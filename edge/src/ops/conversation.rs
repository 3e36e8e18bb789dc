//! Conversations: opened by a first message, handed over on request.

use shared::id::{MessageId, TurnId};
use shared::privacy::Personal;
use shared::wire::message::{Body, Message, Notice, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::State;

use super::message::{Kept, Place, message_key, message_open, message_seal};
use super::{Fault, OpError};
use crate::app::App;
use crate::ops::incoming::{Arrival, Draft};
use crate::platform::{DbFault, Statement};
use crate::rules::opening;
use crate::sealing::{Cell, Column, KeyOwner};
use crate::store::conversation;
use crate::store::message::{self, NewMessage};
use crate::store::scope::{ThreadScope, VisitorScope};

/// Creates visitor, conversation and first message in one batch; before it, nothing of this person is kept.
///
/// The conversation's id follows from visitor and draft, so that sending the draft again finds what it made.
pub async fn conversation_open(
    app: &App,
    scope: &ThreadScope,
    draft: &Draft,
    arrival: &Arrival,
) -> Result<Kept, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    if conversation::conversation_find(shard, &scope.business, scope.conversation).await?.is_some() {
        return opened_before(app, scope, draft).await;
    }
    let owner = KeyOwner::Conversation(scope.conversation);
    let (key, key_insert) = app.keyring.key_lease(shard, &scope.business, &owner).await?;
    let id = MessageId::mint(now, app.rng.bytes()?);
    let body = Body::Text { text: draft.text.clone(), sources: Vec::new() };
    let sealed = message_seal(app, &key, scope, (id, Origin::Visitor, now), &body)?;
    let turn = if site.has_ai() { Some(TurnId::mint(now, app.rng.bytes()?)) } else { None };
    // Where no machine answers, the first message asks for a person by itself.
    let state = if site.has_ai() { State::Ai } else { State::Requested };
    let visitor = VisitorScope { business: scope.business, site: scope.site, visitor: scope.visitor };
    let mut statements = vec![
        key_insert,
        conversation::visitor_put(&visitor, &draft.locale, &arrival.browser, now),
        conversation::conversation_insert(scope, state, turn, &draft.locale, key.reference(), now),
    ];
    if let Some(address) = &arrival.address {
        statements.extend(address_keep(app, scope, address).await?);
    }
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
    let batch = match shard.batch(statements).await {
        // The same draft came in twice at once: the other one won, and it is this one.
        Err(DbFault::Duplicate) => return opened_before(app, scope, draft).await,
        // The draft opened a conversation before, and that was erased: it does not come back.
        Err(DbFault::Refused(_)) => return Err(Kind::NotFound.into()),
        other => other?,
    };
    let place: Place = batch
        .row(insert_at)?
        .ok_or_else(|| Fault::Platform("a first message was written without a place".into()))?;
    let message = Message {
        id,
        sequence: place.sequence,
        draft: Some(draft.draft),
        origin: Origin::Visitor,
        at: now,
        until: site.limit().until(now),
        body,
        ai: None,
    };
    Ok(Kept { message, turn })
}

async fn opened_before(app: &App, scope: &ThreadScope, draft: &Draft) -> Result<Kept, OpError> {
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let kept = message::message_by_draft(shard, scope, draft.draft).await?.ok_or(Kind::NotFound)?;
    let message = message_open(app, scope, site.limit(), kept).await?.ok_or(Kind::NotFound)?;
    Ok(Kept { message, turn: None })
}

/// Seals an address under the key of its day, which is condemned on day 30 for all addresses at once.
async fn address_keep(
    app: &App,
    scope: &ThreadScope,
    address: &Personal<String>,
) -> Result<Vec<Statement>, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let (key, insert) = app.keyring.day_key(shard, &scope.business, now.day()).await?;
    let visitor = scope.visitor.to_bytes();
    let seen_at = now.as_i64().to_be_bytes();
    let row = scope.conversation.to_string();
    let bound: [&[u8]; 2] = [&visitor, &seen_at];
    let cell = Cell {
        column: Column::VisitorAddress,
        business: scope.business.business(),
        row: row.as_bytes(),
        bound: &bound,
    };
    let sealed = key.seal(cell, address.expose().as_bytes(), &app.rng)?;
    let keep = conversation::address_insert(scope, key.reference(), sealed, now);
    Ok(insert.into_iter().chain([keep]).collect())
}

/// Records that the visitor asks for a person and says in the thread when people can answer. Asking again repeats
/// neither.
pub async fn person_request(app: &App, scope: &ThreadScope) -> Result<Option<Message>, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let found = found.ok_or(Kind::NotFound)?;
    match found.state {
        State::Closed => return Err(Kind::ConversationClosed.into()),
        State::Requested | State::Human => return Ok(None),
        State::Ai => {}
    }
    let people = opening::people_at(&site.settings.opening, now);
    let body = Body::Notice(Notice::PersonRequested(people));
    let (key, mut statements) = message_key(app, &found, site.limit(), now).await?;
    let id = MessageId::mint(now, app.rng.bytes()?);
    let sealed = message_seal(app, &key, scope, (id, Origin::System, now), &body)?;
    let new = NewMessage {
        id,
        draft: None,
        origin: Origin::System,
        turn: None,
        authorship: None,
        key: key.reference(),
        body: sealed,
        created_at: now,
    };
    let insert_at = statements.len();
    // The notice first: it is written only where the state below still is `ai`.
    statements.push(message::person_notice_insert(scope, new));
    statements.push(conversation::person_request(scope, now));
    let batch = shard.batch(statements).await?;
    let Some(place) = batch.row::<Place>(insert_at)? else { return Ok(None) };
    Ok(Some(Message {
        id,
        sequence: place.sequence,
        draft: None,
        origin: Origin::System,
        at: now,
        until: site.limit().until(now),
        body,
        ai: None,
    }))
}
