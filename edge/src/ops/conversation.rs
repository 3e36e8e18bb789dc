//! Conversations: opened by a first message, handed over on request.

use shared::id::TurnId;
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::message::{Body, Message, Notice, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::State;

use super::card::card_first;
use super::desk::{nobody_due_at, state_reopened};
use super::message::{Kept, News, kept_before};
use super::page::page_keep;
use super::sealed_message::{Place, Words, message_compose, message_key};
use super::{Fault, OpError};
use crate::app::App;
use crate::ops::incoming::{Arrival, Draft};
use crate::platform::db::RESTRICTED;
use crate::platform::{DbFault, Statement};
use crate::rules::opening;
use crate::sealing::{Cell, Column, KeyOwner};
use crate::store::scope::{ThreadScope, VisitorScope};
use crate::store::{conversation, desk, message, token};

/// Creates visitor, conversation, its token and the first message in one batch; before it, nothing of this person is
/// kept. `token_hash` is the hash of the token that opens the conversation from now on.
///
/// The conversation's id follows from visitor and draft, so that sending the draft again finds what it made.
pub async fn conversation_open(
    app: &App,
    scope: &ThreadScope,
    draft: &Draft,
    arrival: &Arrival,
    token_hash: &str,
) -> Result<Kept, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    if desk::visitor_is_blocked(shard, scope).await? {
        return Err(Kind::VisitorBlocked.into());
    }
    let owner = KeyOwner::Conversation(scope.conversation);
    let (key, key_insert) = app.keyring.key_lease(shard, &scope.business, &owner).await?;
    let body = Body::Text { text: draft.text.clone(), sources: Vec::new() };
    let words = Words { draft: Some(draft.draft), ..Words::of(Origin::Visitor, body) };
    let (row, message) = message_compose(app, scope, &key, site.limit(), now, words)?;
    let granted = if site.has_ai() { Some(TurnId::mint(now, app.rng.bytes()?)) } else { None };
    // Where no machine answers, the first message asks for a person by itself.
    let state = state_reopened(&site, None);
    let asks = match state {
        State::Requested => Some(nobody_due_at(app, scope, now).await?),
        _ => None,
    };
    let visitor = VisitorScope { business: scope.business, site: scope.site, visitor: scope.visitor };
    let mut statements = vec![
        key_insert,
        conversation::visitor_put(&visitor, &draft.locale, &arrival.browser, now),
        conversation::conversation_insert(scope, state, granted, &draft.locale, key.reference(), (now, asks)),
        token::token_insert(scope, token_hash, now),
    ];
    if let Some(address) = &arrival.address {
        statements.extend(address_keep(app, scope, address).await?);
    }
    let path = arrival.path.as_ref().filter(|_| site.settings.keeps_path); // keeps P2.4 | without: let path = arrival.path.as_ref();
    if let Some(path) = path {
        statements.push(page_keep(app, scope, &key, path)?);
    }
    let insert_at = statements.len();
    statements.push(message::message_insert(scope, row));
    statements.push(card_first(app, scope, &key, (message.id, now, draft.text.expose()))?);
    let batch = match shard.batch(statements).await {
        // The draft came in before, or twice at once: what it made is there, and this token opens it too.
        Err(DbFault::Duplicate) => {
            let kept =
                message::message_by_draft(shard, scope, draft.draft, site.limit().kept_from(now)).await?;
            let kept = kept_before(app, scope, kept).await?;
            let added: Option<serde_json::Value> =
                shard.row(token::token_add(scope, token_hash, now)).await?;
            return if added.is_some() { Ok(kept) } else { Err(Kind::NotFound.into()) };
        }
        // The draft opened a conversation before, and that was erased: it does not come back.
        Err(DbFault::Refused(_)) => return Err(Kind::NotFound.into()),
        other => other?,
    };
    let place: Place = batch
        .row(insert_at)?
        .ok_or_else(|| Fault::Platform("a first message was written without a place".into()))?;
    let news = News { state, running: None, granted, reopened: false, due_at: asks, is_first_word: true };
    Ok(Kept { message: Message { sequence: place.sequence, ..message }, news: Some(news) })
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
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    };
    let sealed = key.seal(cell, address.expose().as_bytes(), &app.rng)?;
    let keep = conversation::address_insert(scope, key.reference(), sealed, now);
    Ok(insert.into_iter().chain([keep]).collect())
}

/// Records that the visitor asks for a person and says in the thread when people can answer. Asking again repeats
/// neither. With the notice comes when something is to be done in the thread by itself.
pub async fn person_request(
    app: &App,
    scope: &ThreadScope,
) -> Result<Option<(Message, Option<Millis>)>, OpError> {
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
    let (key, mut statements) = message_key(app, &found, site.limit(), now).await?;
    let words = Words::of(Origin::System, Body::Notice(Notice::PersonRequested(people)));
    let (row, message) = message_compose(app, scope, &key, site.limit(), now, words)?;
    let insert_at = statements.len();
    // The notice first: it is written only where the state below still is `ai`.
    statements.push(message::person_notice_insert(scope, row));
    let due_at = nobody_due_at(app, scope, now).await?;
    statements.push(conversation::person_request(scope, now, due_at));
    let batch = match shard.batch(statements).await {
        Err(DbFault::Refused(RESTRICTED)) => return Err(Kind::ConversationRestricted.into()),
        other => other?,
    };
    let place = batch.row::<Place>(insert_at)?;
    let due_at = [Some(due_at), found.desk.mail_due_at, found.desk.snoozed_until].into_iter().flatten().min();
    Ok(place.map(|Place { sequence }| (Message { sequence, ..message }, due_at)))
}
