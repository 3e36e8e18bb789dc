//! Tokens that open one conversation. Only their hash is kept.

use serde::Deserialize;
use shared::id::{ConversationId, SiteId, VisitorId};
use shared::limits::{CONVERSATION_TOKEN_MS, CONVERSATION_TOKEN_TOUCH_MS};
use shared::time::Millis;

use super::scope::{BusinessScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};

/// Adds a token.
pub const TOKEN_INSERT: &str = "
INSERT INTO conversation_token (hash, business, conversation, created_at, last_used_at)
VALUES (?1, ?2, ?3, ?4, ?4)
";

/// The statement that adds a token by its hash.
pub fn token_insert(scope: &ThreadScope, hash: &str, now: Millis) -> Statement {
    Statement::new(
        TOKEN_INSERT,
        [hash.into(), scope.business.business().into(), scope.conversation.into(), now.into()],
    )
}

/// Adds a token to a conversation that nobody has left.
pub const TOKEN_ADD: &str = "
INSERT INTO conversation_token (hash, business, conversation, created_at, last_used_at)
SELECT ?1, ?2, ?3, ?4, ?4
WHERE NOT EXISTS (
    SELECT 1 FROM conversation_token WHERE conversation = ?3 AND +business = ?2 AND revoked_at IS NOT NULL
)
RETURNING hash
";

/// The statement that adds a token for a first draft that came in again. It returns no row where the visitor has
/// ended the chat: what is ended is not reopened by the words that began it.
pub fn token_add(scope: &ThreadScope, hash: &str, now: Millis) -> Statement {
    Statement::new(
        TOKEN_ADD,
        [hash.into(), scope.business.business().into(), scope.conversation.into(), now.into()],
    )
}

/// What a token proves, and whether its use wants noting.
pub struct OpenedToken {
    /// What it opens.
    pub scope: ThreadScope,
    /// The last recorded use is old enough to be written again.
    pub stale: bool,
}

/// Finds what a token opens.
pub const TOKEN_OPEN: &str = "
SELECT conversation.id
     , conversation.site
     , conversation.visitor
     , conversation_token.last_used_at
FROM conversation_token
JOIN conversation ON conversation.id = conversation_token.conversation
WHERE conversation_token.hash = ?1
  AND conversation_token.business = ?2
  AND conversation_token.conversation = ?3 -- keeps P8.4
  AND conversation_token.revoked_at IS NULL
  AND conversation_token.last_used_at > ?4 -- keeps B1 | without: AND ?4 > 0
";

/// What the token with this hash opens. `None` if nothing: unknown, revoked, expired, or another conversation's.
pub async fn token_open(
    shard: &Db,
    business: &BusinessScope,
    conversation: ConversationId,
    hash: &str,
    now: Millis,
) -> Result<Option<OpenedToken>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ConversationId,
        site: SiteId,
        visitor: VisitorId,
        last_used_at: Millis,
    }
    let row: Option<Row> = shard
        .row(Statement::new(
            TOKEN_OPEN,
            [
                hash.into(),
                business.business().into(),
                conversation.into(),
                now.minus_ms(CONVERSATION_TOKEN_MS).into(),
            ],
        ))
        .await?;
    Ok(row.map(|row| OpenedToken {
        scope: ThreadScope {
            business: *business,
            site: row.site,
            visitor: row.visitor,
            conversation: row.id,
        },
        stale: now.since_ms(row.last_used_at) > CONVERSATION_TOKEN_TOUCH_MS,
    }))
}

/// Notes a use of a token.
pub const TOKEN_TOUCH: &str = "
UPDATE conversation_token
SET last_used_at = ?3
WHERE hash = ?1
  AND business = ?2
";

/// The statement that notes a use of a token.
pub fn token_touch(scope: &ThreadScope, hash: &str, now: Millis) -> Statement {
    Statement::new(TOKEN_TOUCH, [hash.into(), scope.business.business().into(), now.into()])
}

/// Revokes a token.
pub const TOKEN_REVOKE: &str = "
UPDATE conversation_token
SET revoked_at = ?3
WHERE hash = ?1
  AND business = ?2
  AND revoked_at IS NULL
";

/// The statement that revokes a token: what it opened stays, this token opens it no more.
pub fn token_revoke(scope: &ThreadScope, hash: &str, now: Millis) -> Statement {
    Statement::new(TOKEN_REVOKE, [hash.into(), scope.business.business().into(), now.into()])
}
