//! What members do with conversations, as statements. Each names the states in which it may happen, so that of two people
//! at once one is late, and the database says which.

use serde::Deserialize;
use shared::id::AccountId;
use shared::time::Millis;

use super::message::NewMessage;
use super::scope::ThreadScope;
use crate::platform::{Db, DbFault, Statement};

/// From whom a conversation may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeFrom {
    /// From a colleague who has it.
    pub colleague: bool,
    /// From its end: a closed one opens.
    pub end: bool,
}

/// Says in the thread who joined, where the take-over below will happen.
pub const JOIN_NOTICE_INSERT: &str = "
INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body, author)
SELECT ?1
     , ?2
     , ?3
     , (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
     , ?4, ?5, ?6, ?7, ?8, ?9
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
  AND (conversation.state IN ('ai', 'requested')
       OR (?10 = 1 AND conversation.state = 'human' AND conversation.person IS NOT ?9)
       OR (?11 = 1 AND conversation.state = 'closed'))
RETURNING sequence
";

/// The statement that says who joined; it returns the place where the member may take the conversation over.
pub fn join_notice_insert(scope: &ThreadScope, new: NewMessage, from: TakeFrom) -> Statement {
    Statement::new(
        JOIN_NOTICE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.origin.as_str().into(),
            new.created_at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
            new.author.into(),
            from.colleague.into(),
            from.end.into(),
        ],
    )
}

/// Takes a conversation over. The turn that may be writing may write no more.
pub const CONVERSATION_TAKE: &str = "
UPDATE conversation
SET state = 'human'
  , person = ?3
  , assignee = ?3
  , turn = NULL
  , misses = 0
  , closed_at = NULL
  , snoozed_until = NULL
  , nobody_due_at = NULL
WHERE id = ?1
  AND business = ?2
  AND (state IN ('ai', 'requested')
       OR (?4 = 1 AND state = 'human' AND person IS NOT ?3)
       OR (?5 = 1 AND state = 'closed'))
RETURNING id
";

/// The statement that takes a conversation over; it returns a row where it did.
pub fn conversation_take(scope: &ThreadScope, account: AccountId, from: TakeFrom) -> Statement {
    let values = [
        scope.conversation.into(),
        scope.business.business().into(),
        account.into(),
        from.colleague.into(),
        from.end.into(),
    ];
    Statement::new(CONVERSATION_TAKE, values)
}

/// Says in the thread that the person leaves it to the machine.
pub const LEAVE_NOTICE_INSERT: &str = "
INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body, author)
SELECT ?1
     , ?2
     , ?3
     , (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
     , ?4, ?5, ?6, ?7, ?8, ?9
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
  AND conversation.state = 'human'
RETURNING sequence
";

/// The statement that says that the person leaves; it returns the place where one had the conversation.
pub fn leave_notice_insert(scope: &ThreadScope, new: NewMessage) -> Statement {
    Statement::new(
        LEAVE_NOTICE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.origin.as_str().into(),
            new.created_at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
            new.author.into(),
        ],
    )
}

/// Gives a conversation back to the machine.
pub const CONVERSATION_GIVE_BACK: &str = "
UPDATE conversation
SET state = 'ai'
  , assignee = CASE WHEN assignee = person THEN NULL ELSE assignee END
  , person = NULL
  , requested_at = NULL
  , nobody_due_at = NULL
WHERE id = ?1
  AND business = ?2
  AND state = 'human'
RETURNING id
";

/// The statement that gives a conversation back; it returns a row where a person had it.
pub fn conversation_give_back(scope: &ThreadScope) -> Statement {
    Statement::new(CONVERSATION_GIVE_BACK, [scope.conversation.into(), scope.business.business().into()])
}

/// Adds a person's message to a conversation that a person has.
pub const HUMAN_MESSAGE_INSERT: &str = "
INSERT INTO message (id, business, conversation, sequence, draft, origin, created_at, slab, slot, body, author)
SELECT ?1
     , ?2
     , ?3
     , (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
     , ?4, ?5, ?6, ?7, ?8, ?9, ?10
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
  AND conversation.state = 'human'
RETURNING sequence
";

/// The statement that adds a person's message. No row comes back where no person has the conversation.
pub fn human_message_insert(scope: &ThreadScope, new: NewMessage) -> Statement {
    Statement::new(
        HUMAN_MESSAGE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.draft.into(),
            new.origin.as_str().into(),
            new.created_at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
            new.author.into(),
        ],
    )
}

/// Notes a person's answer: nobody has to be told that none came. It reached the visitor, or a mail may have to go.
pub const ANSWER_NOTE: &str = "
UPDATE conversation
SET nobody_due_at = NULL
  , delivered_sequence = CASE WHEN ?3 = 1 THEN human_sequence ELSE delivered_sequence END
  , mail_due_at = CASE WHEN ?3 = 1 THEN NULL ELSE coalesce(mail_due_at, ?4) END
WHERE id = ?1
  AND business = ?2
";

/// The statement that notes a person's answer. `is_there`: the visitor has a socket open; otherwise a mail is due then.
pub fn answer_note(scope: &ThreadScope, is_there: bool, mail_due_at: Option<Millis>) -> Statement {
    let values =
        [scope.conversation.into(), scope.business.business().into(), is_there.into(), mail_due_at.into()];
    Statement::new(ANSWER_NOTE, values)
}

/// Ends a conversation.
pub const CONVERSATION_CLOSE: &str = "
UPDATE conversation
SET state = 'closed'
  , closed_at = ?3
  , person = NULL
  , turn = NULL
  , misses = 0
  , waiting_since = NULL
  , snoozed_until = NULL
  , nobody_due_at = NULL
WHERE id = ?1
  AND business = ?2
  AND state <> 'closed'
RETURNING id
";

/// The statement that ends a conversation; it returns a row where it was open.
pub fn conversation_close(scope: &ThreadScope, now: Millis) -> Statement {
    Statement::new(
        CONVERSATION_CLOSE,
        [scope.conversation.into(), scope.business.business().into(), now.into()],
    )
}

/// Puts a conversation off, or takes it up again.
pub const CONVERSATION_SNOOZE: &str = "
UPDATE conversation
SET snoozed_until = ?3
WHERE id = ?1
  AND business = ?2
  AND state <> 'closed'
RETURNING id
";

/// The statement that puts a conversation off until a time, or takes it up again; it returns a row unless it is closed.
pub fn conversation_snooze(scope: &ThreadScope, until: Option<Millis>) -> Statement {
    Statement::new(
        CONVERSATION_SNOOZE,
        [scope.conversation.into(), scope.business.business().into(), until.into()],
    )
}

/// Takes up conversations whose time has come.
pub const SNOOZE_END: &str = "
UPDATE conversation
SET snoozed_until = NULL
WHERE id = ?1
  AND business = ?2
  AND snoozed_until <= ?3
RETURNING id
";

/// The statement that takes a conversation up again if its time has come; it returns a row where it has.
pub fn snooze_end(scope: &ThreadScope, now: Millis) -> Statement {
    Statement::new(SNOOZE_END, [scope.conversation.into(), scope.business.business().into(), now.into()])
}

/// Says in the thread that nobody has come yet, where that is due.
pub const NOBODY_NOTICE_INSERT: &str = "
INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body)
SELECT ?1
     , ?2
     , ?3
     , (SELECT coalesce(max(sequence), 0) + 1 FROM message WHERE conversation = ?3)
     , ?4, ?5, ?6, ?7, ?8
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
  AND conversation.state IN ('requested', 'human')
  AND conversation.nobody_due_at <= ?5
RETURNING sequence
";

/// The statement that says that nobody has come yet; it returns the place where that was due.
pub fn nobody_notice_insert(scope: &ThreadScope, new: NewMessage) -> Statement {
    Statement::new(
        NOBODY_NOTICE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.origin.as_str().into(),
            new.created_at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
        ],
    )
}

/// Forgets that somebody has to be told that nobody has come.
pub const NOBODY_DONE: &str = "
UPDATE conversation
SET nobody_due_at = NULL
WHERE id = ?1
  AND business = ?2
  AND nobody_due_at <= ?3
";

/// The statement after the visitor was told.
pub fn nobody_done(scope: &ThreadScope, now: Millis) -> Statement {
    Statement::new(NOBODY_DONE, [scope.conversation.into(), scope.business.business().into(), now.into()])
}

/// Keeps a visitor from writing, or lets them again, in all of their conversations.
pub const VISITOR_BLOCK: &str = "
UPDATE conversation
SET is_blocked = ?3
  , snoozed_until = NULL
WHERE visitor = ?1
  AND +business = ?2
";

/// The statement that keeps the visitor of a conversation from writing, or lets them again.
pub fn visitor_block(scope: &ThreadScope, is_blocked: bool) -> Statement {
    Statement::new(VISITOR_BLOCK, [scope.visitor.into(), scope.business.business().into(), is_blocked.into()])
}

/// Looks whether a visitor is kept from writing.
pub const VISITOR_BLOCKED: &str = "
SELECT id
FROM conversation
WHERE visitor = ?1
  AND +business = ?2
  AND is_blocked = 1
LIMIT 1
";

/// Whether the visitor of a thread may not write to the business.
pub async fn visitor_is_blocked(shard: &Db, scope: &ThreadScope) -> Result<bool, DbFault> {
    let values = [scope.visitor.into(), scope.business.business().into()];
    let row: Option<serde_json::Value> = shard.row(Statement::new(VISITOR_BLOCKED, values)).await?;
    Ok(row.is_some())
}

/// Notes how far the visitor's client has got, and that it is there. What reached it needs no mail.
pub const VISITOR_MARK: &str = "
UPDATE conversation
SET delivered_sequence = max(delivered_sequence, ?3, ?4)
  , seen_sequence = max(seen_sequence, ?4)
  , present_at = max(present_at, ?5)
  , mail_due_at = CASE WHEN max(delivered_sequence, ?3, ?4) >= human_sequence THEN NULL ELSE mail_due_at END
WHERE id = ?1
  AND business = ?2
  AND ?3 <= (SELECT coalesce(max(sequence), 0) FROM message WHERE conversation = ?1)
  AND ?4 <= (SELECT coalesce(max(sequence), 0) FROM message WHERE conversation = ?1)
RETURNING delivered_sequence, seen_sequence
";

/// How far the visitor's client has got.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct VisitorMarks {
    /// What reached it.
    pub delivered_sequence: u32,
    /// What was before the visitor's eyes.
    pub seen_sequence: u32,
}

/// The statement that notes how far the visitor's client has got; it returns where it is then. A place that the thread
/// does not have changes nothing.
pub fn visitor_mark(scope: &ThreadScope, delivered: u32, seen: u32, now: Millis) -> Statement {
    Statement::new(
        VISITOR_MARK,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            delivered.into(),
            seen.into(),
            now.into(),
        ],
    )
}
