//! What members mark on many conversations at once: assignee, priority, spam, labels, and how far each member has read.

use shared::id::{AccountId, ConversationId, LabelId};
use shared::time::Millis;

use super::scope::{BusinessScope, MemberScope};
use crate::platform::{Statement, Value};

fn ids_value(ids: &[ConversationId]) -> Value {
    serde_json::json!(ids).to_string().into()
}

/// Says who looks after conversations.
pub const CONVERSATIONS_ASSIGN: &str = "
UPDATE conversation
SET assignee = ?3
WHERE +business = ?1
  AND id IN (SELECT value FROM json_each(?2))
  AND assignee IS NOT ?3
RETURNING id
";

/// The statement that says who looks after conversations; it returns those for which that is news.
pub fn conversations_assign(
    scope: &BusinessScope,
    ids: &[ConversationId],
    account: Option<AccountId>,
) -> Statement {
    Statement::new(CONVERSATIONS_ASSIGN, [scope.business().into(), ids_value(ids), account.into()])
}

/// Says how much conversations matter.
pub const CONVERSATIONS_RANK: &str = "
UPDATE conversation
SET priority = ?3
WHERE +business = ?1
  AND id IN (SELECT value FROM json_each(?2))
";

/// The statement that says how much conversations matter.
pub fn conversations_rank(scope: &BusinessScope, ids: &[ConversationId], rank: u8) -> Statement {
    Statement::new(CONVERSATIONS_RANK, [scope.business().into(), ids_value(ids), i64::from(rank).into()])
}

/// Marks conversations as spam, or not.
pub const CONVERSATIONS_SPAM: &str = "
UPDATE conversation
SET is_spam = ?3
WHERE +business = ?1
  AND id IN (SELECT value FROM json_each(?2))
";

/// The statement that marks conversations as spam, or not.
pub fn conversations_spam(scope: &BusinessScope, ids: &[ConversationId], is_spam: bool) -> Statement {
    Statement::new(CONVERSATIONS_SPAM, [scope.business().into(), ids_value(ids), is_spam.into()])
}

/// Puts labels on conversations.
pub const LABELS_ADD: &str = "
INSERT INTO conversation_label (conversation, label, business)
SELECT conversation.id, label.value, conversation.business
FROM json_each(?2) AS wanted
CROSS JOIN conversation ON conversation.id = wanted.value
JOIN json_each(?3) AS label
WHERE conversation.business = ?1
ON CONFLICT (conversation, label) DO NOTHING
";

/// The statement that puts labels on conversations.
pub fn labels_add(scope: &BusinessScope, ids: &[ConversationId], labels: &[LabelId]) -> Statement {
    let labels = serde_json::json!(labels).to_string();
    Statement::new(LABELS_ADD, [scope.business().into(), ids_value(ids), labels.into()])
}

/// Takes every label but these off a conversation.
pub const LABELS_KEEP: &str = "
DELETE FROM conversation_label
WHERE conversation = ?2
  AND +business = ?1
  AND label NOT IN (SELECT value FROM json_each(?3))
";

/// The statement that takes every label but these off a conversation.
pub fn labels_keep(scope: &BusinessScope, id: ConversationId, labels: &[LabelId]) -> Statement {
    let labels = serde_json::json!(labels).to_string();
    Statement::new(LABELS_KEEP, [scope.business().into(), id.into(), labels.into()])
}

/// Takes a label off conversations.
pub const LABEL_REMOVE: &str = "
DELETE FROM conversation_label
WHERE business = ?1
  AND conversation IN (SELECT value FROM json_each(?2))
  AND label = ?3
";

/// The statement that takes a label off conversations.
pub fn label_remove(scope: &BusinessScope, ids: &[ConversationId], label: LabelId) -> Statement {
    Statement::new(LABEL_REMOVE, [scope.business().into(), ids_value(ids), label.into()])
}

/// Takes a label off every conversation.
pub const LABEL_FORGET: &str = "
DELETE FROM conversation_label
WHERE business = ?1
  AND label = ?2
";

/// The statement that takes a label off every conversation of a business.
pub fn label_forget(scope: &MemberScope, label: LabelId) -> Statement {
    Statement::new(LABEL_FORGET, [scope.business.business().into(), label.into()])
}

/// Notes how far a member has read. It goes back only to nothing.
pub const READ_PUT: &str = "
INSERT INTO member_read (conversation, account, business, sequence, read_at)
SELECT conversation.id
     , ?3
     , conversation.business
     , min(?4, (SELECT coalesce(max(message.sequence), 0) FROM message WHERE message.conversation = conversation.id))
     , ?5
FROM json_each(?2) AS wanted
CROSS JOIN conversation ON conversation.id = wanted.value
WHERE conversation.business = ?1
ON CONFLICT (conversation, account) DO UPDATE
SET sequence = CASE excluded.sequence WHEN 0 THEN 0 ELSE max(member_read.sequence, excluded.sequence) END
  , read_at = excluded.read_at
";

/// The statement that notes how far a member has read conversations.
pub fn read_put(scope: &MemberScope, ids: &[ConversationId], sequence: u32, now: Millis) -> Statement {
    Statement::new(
        READ_PUT,
        [
            scope.business.business().into(),
            ids_value(ids),
            scope.account.account().into(),
            sequence.into(),
            now.into(),
        ],
    )
}
