//! Codes that prove whose conversation it is. Only their hash is kept.

use serde::Deserialize;
use shared::id::{ConversationId, SiteId, VisitorId};
use shared::time::Millis;

use super::scope::{BusinessScope, OperatorScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// The way from the chat to its privacy centre; once.
    HandOver,
    /// The way from a mailbox to the privacy centre; once.
    Mailed,
    /// The way back into the conversation.
    Resume,
}

impl CodeKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::HandOver => "hand_over",
            Self::Mailed => "mailed",
            Self::Resume => "resume",
        }
    }
}

/// Takes back the codes of a kind.
pub const CODES_DROP: &str = "
DELETE FROM privacy_code
WHERE conversation = ?1
  AND kind = ?2
  AND business = ?3
";

/// Adds a code.
pub const CODE_INSERT: &str = "
INSERT INTO privacy_code (hash, business, conversation, kind, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
";

/// The statements that make a code the only one of its kind.
pub fn code_put(
    scope: &ThreadScope,
    kind: CodeKind,
    hash: &str,
    now: Millis,
    expires_at: Millis,
) -> [Statement; 2] {
    let (conversation, business) = (scope.conversation, scope.business.business());
    [
        Statement::new(CODES_DROP, [conversation.into(), kind.as_str().into(), business.into()]),
        Statement::new(
            CODE_INSERT,
            [
                hash.into(),
                business.into(),
                conversation.into(),
                kind.as_str().into(),
                now.into(),
                expires_at.into(),
            ],
        ),
    ]
}

/// Uses a code: a hand-over that was used before, or anything past its time, is none.
pub const CODE_USE: &str = "
UPDATE privacy_code
SET used_at = ?3
WHERE hash = ?1
  AND business = ?2
  AND expires_at > ?3
  AND (kind = 'resume' OR used_at IS NULL) -- keeps B9
RETURNING conversation
";

/// Finds the thread of a conversation whose key lives.
pub const CODE_THREAD: &str = "
SELECT conversation.id
     , conversation.site
     , conversation.visitor
FROM conversation
JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
WHERE conversation.id = ?1
  AND conversation.business = ?2
  AND conversation.site = ?3
  AND seal_key.state = 0
";

/// The thread that a code opens, where it is one of this site's. `None` where it opens nothing.
pub async fn code_use(
    shard: &Db,
    scope: &BusinessScope,
    site: SiteId,
    hash: &str,
    now: Millis,
) -> Result<Option<ThreadScope>, DbFault> {
    #[derive(Deserialize)]
    struct Used {
        conversation: ConversationId,
    }
    #[derive(Deserialize)]
    struct Row {
        id: ConversationId,
        site: SiteId,
        visitor: VisitorId,
    }
    let used: Option<Used> =
        shard.row(Statement::new(CODE_USE, [hash.into(), scope.business().into(), now.into()])).await?;
    let Some(used) = used else { return Ok(None) };
    let values = [used.conversation.into(), scope.business().into(), site.into()];
    let row: Option<Row> = shard.row(Statement::new(CODE_THREAD, values)).await?;
    Ok(row.map(|row| ThreadScope {
        business: *scope,
        site: row.site,
        visitor: row.visitor,
        conversation: row.id,
    }))
}

/// Finds until when a code opens something.
pub const CODE_UNTIL: &str = "
SELECT expires_at
FROM privacy_code
WHERE hash = ?1
  AND conversation = ?2
  AND business = ?3
  AND expires_at > ?4
  AND (kind = 'resume' OR used_at IS NULL)
";

/// Until when a code opens its conversation. `None` where it does not any more.
pub async fn code_until(
    shard: &Db,
    scope: &ThreadScope,
    hash: &str,
    now: Millis,
) -> Result<Option<Millis>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        expires_at: Millis,
    }
    let values = [hash.into(), scope.conversation.into(), scope.business.business().into(), now.into()];
    let row: Option<Row> = shard.row(Statement::new(CODE_UNTIL, values)).await?;
    Ok(row.map(|row| row.expires_at))
}

/// A code, as far as anything of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CodeMark {
    /// `hand_over`, `mailed`, `resume` or `token`.
    pub kind: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it stops opening anything.
    pub until: Millis,
}

/// Lists what opens a conversation.
pub const KEYS_OF_CONVERSATION: &str = "
SELECT kind
     , created_at
     , expires_at AS until
FROM privacy_code
WHERE conversation = ?1
  AND +business = ?2
  AND expires_at > ?3
UNION ALL
SELECT 'token' AS kind
     , created_at
     , last_used_at + ?4 AS until
FROM conversation_token
WHERE conversation = ?1
  AND +business = ?2
  AND revoked_at IS NULL
  AND last_used_at + ?4 > ?3
LIMIT 100
";

/// What opens a conversation, tokens included.
pub async fn keys_of_conversation(
    shard: &Db,
    scope: &ThreadScope,
    now: Millis,
) -> Result<Vec<CodeMark>, DbFault> {
    let values = [
        scope.conversation.into(),
        scope.business.business().into(),
        now.into(),
        shared::limits::CONVERSATION_TOKEN_MS.into(),
    ];
    shard.rows(Statement::new(KEYS_OF_CONVERSATION, values)).await
}

/// Deletes codes that open nothing any more.
pub const CODES_FORGET: &str = "
DELETE FROM privacy_code
WHERE hash IN (SELECT hash FROM privacy_code WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)
RETURNING hash
";

/// The statement that deletes up to `limit` codes that ended by `now`.
pub fn codes_forget(_scope: &OperatorScope, now: Millis, limit: u32) -> Statement {
    Statement::new(CODES_FORGET, [now.into(), limit.into()])
}
