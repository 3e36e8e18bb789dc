//! Conversations found by something exact that is held of their visitor: by keyed hash, so that nothing of it can be read here.

use serde::Deserialize;
use shared::id::ConversationId;
use shared::limits::INBOX_ROWS;

use super::scope::BusinessScope;
use crate::platform::{Db, DbFault, Statement};

/// Finds conversations by the address that their visitor confirmed, or by what the business calls them; none that is held
/// still.
pub const CONVERSATIONS_FOUND: &str = "
SELECT conversation.id
FROM conversation
WHERE conversation.id IN (
          SELECT contact.conversation
          FROM contact
          WHERE contact.finder = ?2
            AND contact.business = ?1
            AND contact.confirmed_at IS NOT NULL
          UNION
          SELECT visitor_identity.conversation
          FROM visitor_identity
          WHERE visitor_identity.finder = ?3
            AND visitor_identity.business = ?1
      )
  AND +conversation.business = ?1
  AND conversation.restricted_at IS NULL
ORDER BY conversation.last_message_at DESC, conversation.id DESC
LIMIT ?4
";

/// The newest conversations, a page at most, whose visitor is found by the hash of an address or of a name.
pub async fn conversations_found(
    shard: &Db,
    scope: &BusinessScope,
    address: Option<String>,
    name: Option<String>,
) -> Result<Vec<ConversationId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ConversationId,
    }
    let values = [scope.business().into(), address.into(), name.into(), INBOX_ROWS.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(CONVERSATIONS_FOUND, values)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
