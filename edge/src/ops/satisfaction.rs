//! How content a visitor was: asked at the end of a conversation, said once, changed for an hour.

use shared::limits::{SATISFACTION_CHANGE_MS, SATISFACTION_CHARACTERS};
use shared::privacy::Personal;
use shared::rules::message::message_text;
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;
use shared::wire::problem::Kind;
use shared::wire::satisfaction::{Asked, BEST_SCORE, Given, Rate};

use super::sealed_message::message_key;
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::DbFault;
use crate::sealing::{Cell, Column, KeyOwner, SealFault};
use crate::store::satisfaction::{self, SealedRating};
use crate::store::scope::ThreadScope;

fn with_cell<T>(scope: &ThreadScope, given_at: Millis, use_cell: impl FnOnce(Cell<'_>) -> T) -> T {
    let (row, at) = (scope.conversation.to_string(), given_at.as_i64().to_be_bytes());
    let bound: [&[u8]; 1] = [&at];
    use_cell(Cell {
        column: Column::SatisfactionComment,
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Opens a comment. `None` where there is none, it is past its limit, or its key was destroyed.
pub(super) async fn comment_open(
    app: &App,
    scope: &ThreadScope,
    limit: ConversationLimit,
    rating: &SealedRating,
) -> Result<Option<Personal<String>>, OpError> {
    let Some((key, commit, sealed)) = &rating.comment else { return Ok(None) };
    if rating.given_at <= limit.kept_from(app.clock.now()) {
        return Ok(None);
    }
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    let key = match app.keyring.key_open(shard, &scope.business, *key, &owner, commit).await {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let plain = with_cell(scope, rating.given_at, |cell| key.open(cell, sealed))?;
    let text =
        std::str::from_utf8(&plain).map_err(|_| Fault::Platform("a sealed comment is no text".into()))?;
    Ok(Some(Personal::new(text.to_owned())))
}

/// Whether the visitor may be asked, and what they said as long as they may change it.
pub async fn satisfaction_read(app: &App, scope: &ThreadScope) -> Result<Asked, OpError> {
    let shard = app.shard(&scope.business)?;
    let before = satisfaction::satisfaction_before(shard, scope).await?;
    before.found.ok_or(Kind::NotFound)?;
    let Some(rating) = before.given else { return Ok(Asked { ask: before.may_ask, given: None }) };
    let until = rating.given_at.plus_ms(SATISFACTION_CHANGE_MS);
    if !before.may_ask || app.clock.now() >= until {
        return Ok(Asked { ask: false, given: None });
    }
    let limit = app.site(scope.site).await?.limit();
    let comment = comment_open(app, scope, limit, &rating).await?;
    Ok(Asked { ask: true, given: Some(Given { score: rating.score, comment, until }) })
}

fn comment_take(comment: Option<&Personal<String>>) -> Result<Option<String>, OpError> {
    let Some(words) = comment.filter(|words| !words.expose().trim().is_empty()) else { return Ok(None) };
    let words = message_text(words.expose())?;
    if words.chars().count() > SATISFACTION_CHARACTERS {
        return Err(Kind::MessageTooLong.into());
    }
    Ok(Some(words))
}

/// Keeps what a visitor said. Fails with `ValueRefused`, `MessageTooLong`; with `NotFound` where nobody may be asked; with
/// `SatisfactionGiven` where it was said more than an hour ago.
pub async fn satisfaction_give(app: &App, scope: &ThreadScope, rate: &Rate) -> Result<(), OpError> {
    if !(1..=BEST_SCORE).contains(&rate.score) {
        return Err(Kind::ValueRefused.into());
    }
    let comment = comment_take(rate.comment.as_ref())?;
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let before = satisfaction::satisfaction_before(shard, scope).await?;
    let found = before.found.filter(|_| before.may_ask).ok_or(Kind::NotFound)?;
    let given_at = before.given.map_or(now, |given| given.given_at);
    if now >= given_at.plus_ms(SATISFACTION_CHANGE_MS) {
        return Err(Kind::SatisfactionGiven.into());
    }
    let limit = app.site(scope.site).await?.limit();
    let (key, mut statements) = message_key(app, &found, limit, now).await?;
    let seal = |words: String| with_cell(scope, given_at, |cell| key.seal(cell, words.as_bytes(), &app.rng));
    let sealed = comment.map(seal).transpose()?;
    let put_at = statements.len();
    statements.push(satisfaction::satisfaction_put(scope, rate.score, given_at, key.reference(), sealed));
    let batch = match shard.batch(statements).await {
        // An erasure condemned the key meanwhile: there is no such conversation any more.
        Err(DbFault::Refused(_)) => return Err(Kind::NotFound.into()),
        other => other?,
    };
    // Two first words at once: the other one stands, and it can be changed.
    batch.row::<serde_json::Value>(put_at)?.map(drop).ok_or(Kind::SatisfactionGiven.into())
}
