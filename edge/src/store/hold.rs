//! Legal holds: what keeps a conversation from its purge and its erasure, and for which reason.

use shared::time::Millis;
use shared::wire::admin::inbox::deed::HoldReason;

use super::scope::{OperatorScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};

/// Holds a conversation; the first time counts. One that is being erased can't be held any more.
pub const HOLD_SET: &str = "
UPDATE conversation
SET held_at = coalesce(held_at, ?3)
  , held_reason = ?4
WHERE id = ?1
  AND business = ?2
  AND NOT EXISTS (
      SELECT 1
      FROM seal_key
      WHERE seal_key.slab = conversation.key_slab
        AND seal_key.slot = conversation.key_slot
        AND seal_key.state <> 0
  )
RETURNING id
";

/// The statement that holds a conversation; it returns a row where it does.
pub fn hold_set(scope: &ThreadScope, reason: HoldReason, now: Millis) -> Statement {
    let (id, business) = (scope.conversation.into(), scope.business.business().into());
    Statement::new(HOLD_SET, [id, business, now.into(), reason.as_str().into()])
}

/// Lets go of a conversation.
pub const HOLD_LIFT: &str = "
UPDATE conversation
SET held_at = NULL
  , held_reason = NULL
WHERE id = ?1
  AND business = ?2
  AND held_at IS NOT NULL
RETURNING id
";

/// The statement that lets go of a conversation; it returns a row where it was held. An erasure that waited for it begins
/// with the next run of its job, which settles the request.
pub fn hold_lift(scope: &ThreadScope) -> Statement {
    Statement::new(HOLD_LIFT, [scope.conversation.into(), scope.business.business().into()])
}

/// Finds since when a conversation is held.
pub const HELD_AT: &str = "
SELECT held_at
FROM conversation
WHERE id = ?1
  AND business = ?2
  AND held_at IS NOT NULL
";

/// Whether a conversation is held for a legal claim.
pub async fn is_held(shard: &Db, scope: &ThreadScope) -> Result<bool, DbFault> {
    let values = [scope.conversation.into(), scope.business.business().into()];
    Ok(shard.row::<serde_json::Value>(Statement::new(HELD_AT, values)).await?.is_some())
}

/// Holds a conversation again, or lets go of it, after a restore.
pub const HOLD_PUT: &str = "
UPDATE conversation
SET held_at = ?2
  , held_reason = ?3
WHERE id = ?1
";

/// The statement that does an act of the journal again.
pub fn hold_put(
    _scope: &OperatorScope,
    conversation: shared::id::ConversationId,
    held: Option<(Millis, HoldReason)>,
) -> Statement {
    let (at, reason) = held.unzip();
    Statement::new(HOLD_PUT, [conversation.into(), at.into(), reason.map(HoldReason::as_str).into()])
}
