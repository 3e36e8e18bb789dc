//! What an operation reads of a thread before it acts, in one round trip: a batch costs a database as little as a
//! single statement does, and the visitor waits for every trip.

use shared::id::DraftId;
use shared::time::Millis;

use super::card::{self, CardBefore};
use super::contact::{self, SealedEmail};
use super::conversation::{self, Conversation};
use super::message::{self, SealedMessage, WrittenAt};
use super::scope::ThreadScope;
use crate::platform::{Db, DbFault, Statement};

/// What is known before a visitor's further message is kept.
pub struct Before {
    /// The message that this very draft became, if it came in before.
    pub repeat: Option<SealedMessage>,
    /// The thread, if it is there and is not being erased.
    pub found: Option<Conversation>,
    /// When the visitor wrote the message that many places back, if there are that many.
    pub written_at: Option<Millis>,
    /// The conversation's card.
    pub card: CardBefore,
}

/// Looks at a thread before `draft` is kept in it, and `places` messages of the visitor back.
pub async fn thread_before(
    shard: &Db,
    scope: &ThreadScope,
    draft: DraftId,
    kept_from: Millis,
    places: u32,
) -> Result<Before, DbFault> {
    let batch = shard
        .batch(vec![
            message::by_draft(scope, draft, kept_from),
            conversation::find(&scope.business, scope.conversation),
            message::visitor_message_before(scope, places),
            card::card_find(scope),
        ])
        .await?;
    Ok(Before {
        repeat: batch.row::<message::Row>(0)?.map(SealedMessage::from),
        found: batch.row::<conversation::Row>(1)?.map(|row| row.of(&scope.business)),
        written_at: batch.row::<WrittenAt>(2)?.map(|row| row.created_at),
        card: card::card_of(&batch, 3)?,
    })
}

/// A thread and some of its messages, oldest first.
pub struct Read {
    /// The thread.
    pub found: Conversation,
    /// Its messages.
    pub messages: Vec<SealedMessage>,
    /// The address that the visitor left.
    pub contact: Option<SealedEmail>,
}

async fn read(shard: &Db, scope: &ThreadScope, messages: Statement) -> Result<Option<Read>, DbFault> {
    let find = conversation::find(&scope.business, scope.conversation);
    let batch = shard.batch(vec![find, messages, contact::find(scope)]).await?;
    let Some(found) = batch.row::<conversation::Row>(0)? else { return Ok(None) };
    let messages: Vec<message::Row> = batch.rows(1)?;
    Ok(Some(Read {
        found: found.of(&scope.business),
        messages: messages.into_iter().map(SealedMessage::from).collect(),
        contact: contact::found(&batch, 2)?,
    }))
}

/// A thread and its messages after `after`, oldest first, `limit` at most. Those written at or before `kept_from`
/// are gone. `None` where the thread is not there, or is being erased.
pub async fn thread_after(
    shard: &Db,
    scope: &ThreadScope,
    after: u32,
    kept_from: Millis,
    limit: u32,
) -> Result<Option<Read>, DbFault> {
    read(shard, scope, message::messages_after(scope, after, kept_from, limit)).await
}

/// A thread and its newest messages before the place `before`, oldest first, `limit` at most; otherwise as
/// [`thread_after`].
pub async fn thread_before_place(
    shard: &Db,
    scope: &ThreadScope,
    before: u32,
    kept_from: Millis,
    limit: u32,
) -> Result<Option<Read>, DbFault> {
    let found = read(shard, scope, message::messages_before(scope, before, kept_from, limit)).await?;
    Ok(found.map(|mut read| {
        read.messages.reverse();
        read
    }))
}

/// A thread and its newest messages, oldest first, `limit` at most. Those written at or before `kept_from` are gone.
/// `None` where the thread is not there, or is being erased.
pub async fn thread_recent(
    shard: &Db,
    scope: &ThreadScope,
    kept_from: Millis,
    limit: u32,
) -> Result<Option<(Conversation, Vec<SealedMessage>)>, DbFault> {
    let read = thread_before_place(shard, scope, u32::MAX, kept_from, limit).await?;
    Ok(read.map(|read| (read.found, read.messages)))
}
