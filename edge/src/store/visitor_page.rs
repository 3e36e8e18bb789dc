//! The page that a conversation began on. It leaves here as it stands: sealed.

use serde::Deserialize;
use shared::id::ConversationId;
use shared::time::Millis;

use super::scope::{BusinessScope, ThreadScope};
use super::secret::{SealedSecret, SecretRow};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// Keeps the page of a conversation.
pub const VISITOR_PAGE_INSERT: &str = "
INSERT INTO visitor_page (conversation, business, seen_at, slab, slot, path)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
";

/// The statement that keeps the page of a conversation.
pub fn visitor_page_insert(scope: &ThreadScope, key: KeyRef, path: Vec<u8>, now: Millis) -> Statement {
    Statement::new(
        VISITOR_PAGE_INSERT,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            now.into(),
            key.slab.into(),
            key.slot.into(),
            path.into(),
        ],
    )
}

/// Finds the page of a conversation.
pub const VISITOR_PAGE_FIND: &str = "
SELECT visitor_page.seen_at
     , visitor_page.slab
     , visitor_page.slot
     , seal_key.commit16
     , visitor_page.path AS secret
FROM visitor_page
JOIN seal_key ON seal_key.slab = visitor_page.slab AND seal_key.slot = visitor_page.slot
WHERE visitor_page.conversation = ?1
  AND visitor_page.business = ?2
";

/// The page of a conversation, sealed, and when the visitor was there.
pub async fn visitor_page_find(
    shard: &Db,
    scope: &BusinessScope,
    conversation: ConversationId,
) -> Result<Option<(SealedSecret, Millis)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        seen_at: Millis,
        #[serde(flatten)]
        sealed: SecretRow,
    }
    let values = [conversation.into(), scope.business().into()];
    let row: Option<Row> = shard.row(Statement::new(VISITOR_PAGE_FIND, values)).await?;
    Ok(row.map(|row| (row.sealed.into(), row.seen_at)))
}
