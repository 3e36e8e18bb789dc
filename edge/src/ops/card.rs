//! A conversation's card between words and ciphertext: written with each message, opened by lists and searches.

use shared::id::{ConversationId, MessageId};
use shared::limits::CARD_MESSAGES;
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;
use shared::wire::message::{Body, Message, Origin};

use super::sealed_message::{message_key, messages_open};
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::{DbFault, Statement};
use crate::rules::card::Card;
use crate::sealing::{Cell, Column, KeyOwner, SealFault, SealingKey};
use crate::store::card::{self, CardBefore, NewCard};
use crate::store::conversation::{Conversation, conversation_find};
use crate::store::inbox::SealedCard;
use crate::store::scope::{BusinessScope, ThreadScope};
use crate::store::thread;

fn with_cell<T>(scope: &ThreadScope, covers_from: Millis, use_cell: impl FnOnce(Cell<'_>) -> T) -> T {
    let row = scope.conversation.to_string();
    let covers_from = covers_from.as_i64().to_be_bytes();
    let bound: [&[u8]; 1] = [&covers_from];
    use_cell(Cell {
        column: Column::ConversationCard,
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Opens a card. `None` where its key was destroyed meanwhile, or where words are on it that are past their time.
pub(super) async fn card_open(
    app: &App,
    scope: &ThreadScope,
    sealed: &SealedCard,
    kept_from: Millis,
) -> Result<Option<Card>, OpError> {
    if sealed.covers_from <= kept_from {
        return Ok(None);
    }
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    let key = app.keyring.key_open(shard, &scope.business, sealed.key, &owner, &sealed.key_commit).await;
    let key = match key {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let plain = with_cell(scope, sealed.covers_from, |cell| key.open(cell, &sealed.card))?;
    let card = serde_json::from_slice(&plain)
        .map_err(|_| Fault::Platform("a sealed card has an unknown shape".into()))?;
    Ok(Some(card))
}

/// The words of a message, as a card takes them.
fn words(message: &Message) -> Option<(Origin, Millis, &str)> {
    match &message.body {
        Body::Text { text, .. } => Some((message.origin, message.at, text.expose())),
        Body::Notice(_) => None,
    }
}

/// A card made of the messages that are kept.
struct Composed {
    card: Card,
    covers_from: Millis,
    /// The newest message with words.
    newest: MessageId,
    /// The place of the one before it.
    latest: u32,
    found: Conversation,
}

/// Makes the card of the messages that are kept: whatever was on it before is forgotten. `None` where none has words.
async fn card_compose(
    app: &App,
    scope: &ThreadScope,
    limit: ConversationLimit,
    now: Millis,
) -> Result<Option<Composed>, OpError> {
    let shard = app.shard(&scope.business)?;
    let recent = thread::thread_recent(shard, scope, limit.kept_from(now), CARD_MESSAGES).await?;
    let Some((found, sealed)) = recent else { return Ok(None) };
    let messages = messages_open(app, scope, limit, sealed).await?;
    let mut card = Card::default();
    let (mut covers_from, mut newest, mut latest) = (None, None, 0);
    for message in &messages {
        let Some((origin, at, text)) = words(message) else { continue };
        card.add(origin, at, text);
        covers_from.get_or_insert(at);
        latest = newest.replace((message.id, message.sequence)).map_or(0, |(_, sequence)| sequence);
    }
    let Some((covers_from, (newest, _))) = covers_from.zip(newest) else { return Ok(None) };
    Ok(Some(Composed { card, covers_from, newest, latest, found }))
}

/// Makes the card of a conversation anew whose old one was deleted. A conversation without words gets none, and one that
/// somebody writes in at this moment gets its card from them.
pub async fn card_renew(
    app: &App,
    business: &BusinessScope,
    conversation: ConversationId,
    now: Millis,
) -> Result<(), OpError> {
    let shard = app.shard(business)?;
    let Some(found) = conversation_find(shard, business, conversation).await? else { return Ok(()) };
    let limit = app.site(found.scope.site).await?.limit();
    let Some(composed) = card_compose(app, &found.scope, limit, now).await? else { return Ok(()) };
    let (key, mut statements) = message_key(app, &composed.found, limit, now).await?;
    let scope = &composed.found.scope;
    let sealed = card_seal(app, scope, &key, &composed.card, composed.covers_from)?;
    statements.push(card::card_put(
        scope,
        NewCard {
            covers_from: composed.covers_from,
            key: key.reference(),
            card: sealed,
            message: composed.newest,
            latest: composed.latest,
            through: 0,
        },
    ));
    match shard.batch(statements).await {
        // Erased meanwhile: there is nothing left to list.
        Err(DbFault::Refused(_)) => Ok(()),
        other => Ok(other.map(drop)?),
    }
}

/// The statement that puts a new message on its conversation's card. It follows the message's own in the same batch.
pub(super) async fn card_next(
    app: &App,
    scope: &ThreadScope,
    key: &SealingKey,
    (limit, now): (ConversationLimit, Millis),
    before: &CardBefore,
    message: &Message,
) -> Result<Option<Statement>, OpError> {
    let Some((origin, at, text)) = words(message) else { return Ok(None) };
    let kept = match &before.card {
        Some(sealed) if before.through == before.latest => {
            let card = card_open(app, scope, sealed, limit.kept_from(now)).await?;
            card.map(|card| (card, sealed.covers_from))
        }
        _ => None,
    };
    let kept = match kept {
        Some(kept) => Some(kept),
        // It lags, or words on it are past their time: the messages themselves say what belongs on it.
        None if before.latest > 0 => {
            let composed = card_compose(app, scope, limit, now).await?;
            composed.map(|composed| (composed.card, composed.covers_from))
        }
        None => None,
    };
    let (mut card, covers_from) = kept.unwrap_or((Card::default(), at));
    card.add(origin, at, text);
    let sealed = card_seal(app, scope, key, &card, covers_from)?;
    Ok(Some(card::card_put(
        scope,
        NewCard {
            covers_from,
            key: key.reference(),
            card: sealed,
            message: message.id,
            latest: before.latest,
            through: before.through,
        },
    )))
}

fn card_seal(
    app: &App,
    scope: &ThreadScope,
    key: &SealingKey,
    card: &Card,
    covers_from: Millis,
) -> Result<Vec<u8>, OpError> {
    let plain = serde_json::to_vec(card).map_err(|_| Fault::Platform("a card did not serialise".into()))?;
    let plain = zeroize::Zeroizing::new(plain);
    Ok(with_cell(scope, covers_from, |cell| key.seal(cell, &plain, &app.rng))?)
}

/// The card of a conversation that begins: nothing was said before.
pub(super) fn card_first(
    app: &App,
    scope: &ThreadScope,
    key: &SealingKey,
    (message, at, text): (MessageId, Millis, &str),
) -> Result<Statement, OpError> {
    let mut card = Card::default();
    card.add(Origin::Visitor, at, text);
    let sealed = card_seal(app, scope, key, &card, at)?;
    let new = NewCard { covers_from: at, key: key.reference(), card: sealed, message, latest: 0, through: 0 };
    Ok(card::card_put(scope, new))
}
