//! Whom a business says that the visitor of a conversation is. It leaves here as it stands: sealed.

use serde::Deserialize;
use shared::id::ConversationId;
use shared::time::Millis;

use super::scope::{BusinessScope, ThreadScope};
use super::secret::{SealedSecret, SecretRow};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// Names the visitor of a conversation; a later token names them anew.
pub const VISITOR_IDENTITY_PUT: &str = "
INSERT INTO visitor_identity (conversation, business, proved_at, slab, slot, subject, finder)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (conversation) DO UPDATE
SET proved_at = excluded.proved_at
  , slab = excluded.slab
  , slot = excluded.slot
  , subject = excluded.subject
  , finder = excluded.finder
";

/// The statement that names the visitor of a conversation, and says by which keyed hash they are found from now on.
pub fn visitor_identity_put(
    scope: &ThreadScope,
    key: KeyRef,
    (subject, finder): (Vec<u8>, Option<String>),
    now: Millis,
) -> Statement {
    Statement::new(
        VISITOR_IDENTITY_PUT,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            now.into(),
            key.slab.into(),
            key.slot.into(),
            subject.into(),
            finder.into(),
        ],
    )
}

/// Finds whom a conversation's visitor was named.
pub const VISITOR_IDENTITY_FIND: &str = "
SELECT visitor_identity.proved_at
     , visitor_identity.slab
     , visitor_identity.slot
     , seal_key.commit16
     , visitor_identity.subject AS secret
FROM visitor_identity
JOIN seal_key ON seal_key.slab = visitor_identity.slab AND seal_key.slot = visitor_identity.slot
WHERE visitor_identity.conversation = ?1
  AND visitor_identity.business = ?2
";

/// Whom a conversation's visitor was named, sealed, and when.
pub async fn visitor_identity_find(
    shard: &Db,
    scope: &BusinessScope,
    conversation: ConversationId,
) -> Result<Option<(SealedSecret, Millis)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        proved_at: Millis,
        #[serde(flatten)]
        sealed: SecretRow,
    }
    let values = [conversation.into(), scope.business().into()];
    let row: Option<Row> = shard.row(Statement::new(VISITOR_IDENTITY_FIND, values)).await?;
    Ok(row.map(|row| (row.sealed.into(), row.proved_at)))
}
