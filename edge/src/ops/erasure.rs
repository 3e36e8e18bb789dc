//! Erasing a conversation: condemned, keyless, emptied, verified. Each step is safe to repeat, so that a worker
//! stopped anywhere is resumed by the cron; `docs/sealing.md` says why in this order.

use futures::future::LocalBoxFuture;
use shared::id::{ConversationId, ErasureId, VisitorId};
use shared::limits::{DELETE_ROWS, ERASURE_SETTLE_MS};
use shared::time::Millis;

use super::file::{files_empty, files_left};
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::Db;
use crate::sealing::KeyOwner;
use crate::store::erasure::{self, ErasureState, OpenErasure};
use crate::store::key;
use crate::store::scope::{BusinessScope, ThreadScope};

/// Why something is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The person asked.
    Request,
    /// Its time was over.
    Retention,
}

impl Reason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Retention => "retention",
        }
    }
}

/// The rooms in which conversations live, as far as an erasure needs them.
pub trait Rooms {
    /// Sends everybody out of a conversation's room, stops the answer that is being written there and forgets what
    /// the room remembers. Safe to repeat.
    fn room_empty(&self, conversation: ConversationId) -> LocalBoxFuture<'_, Result<(), OpError>>;
}

/// Condemns a conversation. This is the commit point: from this batch on, triggers refuse every late write and reads
/// find nothing. The rest follows by `erasure_step`, now or from the cron.
pub async fn conversation_erase(
    app: &App,
    scope: &ThreadScope,
    reason: Reason,
    now: Millis,
) -> Result<ErasureId, OpError> {
    let id = ErasureId::mint(now, app.rng.bytes()?);
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    shard
        .batch(vec![
            erasure::erasure_insert(scope, id, reason.as_str(), now),
            key::condemn_owner(&scope.business, &owner),
        ])
        .await?;
    Ok(id)
}

/// Takes an erasure one step further. The state that it is in then, where another step may follow at once.
pub async fn erasure_step(
    app: &App,
    rooms: &dyn Rooms,
    scope: &BusinessScope,
    open: &OpenErasure,
    now: Millis,
) -> Result<Option<ErasureState>, OpError> {
    let shard = app.shard(scope)?;
    match open.state {
        ErasureState::Condemned => {
            keys_destroy(app, shard, scope, open).await?;
            shard.write(erasure::erasure_keyless(scope, open.id, now)).await?;
            Ok(Some(ErasureState::Keyless))
        }
        ErasureState::Keyless => {
            rooms.room_empty(open.conversation).await?;
            files_empty(app, scope, Some(open.conversation)).await?;
            rows_delete(shard, scope, open).await?;
            shard.write(erasure::erasure_emptied(scope, open.id)).await?;
            Ok(Some(ErasureState::Emptied))
        }
        ErasureState::Emptied => {
            // Until then some isolate may still hold the key in its cache, and a write that it let through would be
            // refused by the trigger only: the second look comes after the last cache has forgotten.
            let keyless_at = open.keyless_at.ok_or(Fault::Platform("an erasure lost its time".into()))?;
            if now.since_ms(keyless_at) < ERASURE_SETTLE_MS {
                return Ok(None);
            }
            let files = files_left(&app.files, scope, Some(open.conversation)).await?;
            if files == 0 && erasure::conversation_left(shard, scope, open.conversation).await? == 0 {
                shard.write(erasure::erasure_verified(scope, open.id, now)).await?;
                return Ok(None);
            }
            shard.write(erasure::erasure_reopen(scope, open.id)).await?;
            Ok(Some(ErasureState::Keyless))
        }
    }
}

async fn keys_destroy(
    app: &App,
    shard: &Db,
    scope: &BusinessScope,
    open: &OpenErasure,
) -> Result<(), OpError> {
    let owner = KeyOwner::Conversation(open.conversation);
    // A key that was leased into the same instant is condemned here; the trigger kept rows from it.
    shard.write(key::condemn_owner(scope, &owner)).await?;
    for slab in key::owner_slabs(shard, scope, &owner).await? {
        app.keyring.keys_destroy(shard, scope, slab).await?;
    }
    Ok(())
}

async fn rows_delete(shard: &Db, scope: &BusinessScope, open: &OpenErasure) -> Result<(), OpError> {
    #[derive(serde::Deserialize)]
    struct Deleted {
        visitor: VisitorId,
    }
    loop {
        let delete = erasure::messages_delete(scope, open.conversation, DELETE_ROWS);
        let deleted: Vec<serde_json::Value> = shard.rows(delete).await?;
        if deleted.len() < DELETE_ROWS as usize {
            break;
        }
    }
    let statements = erasure::conversation_delete(scope, open.conversation);
    let last = statements.len().saturating_sub(1);
    let batch = shard.batch(statements).await?;
    if let Some(Deleted { visitor }) = batch.row(last)? {
        shard.batch(erasure::visitor_delete(scope, visitor)).await?;
    }
    Ok(())
}
