//! What a visitor's rights leave in the database: restriction, objections and corrections.

use serde::Deserialize;
use shared::id::{ConversationId, MessageId, RectificationId, SiteId, SlabId, VisitorId};
use shared::time::Millis;
use shared::wire::message::Origin;
use shared::wire::privacy::ObjectionPurpose;

use super::scope::{BusinessScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// Holds a conversation still, and takes the right to write from a turn that runs.
pub const RESTRICT: &str = "
UPDATE conversation
SET restricted_at = ?3
  , turn = NULL
WHERE id = ?1
  AND business = ?2
  AND restricted_at IS NULL
";

/// The statement that restricts the processing of a conversation.
pub fn restrict(scope: &ThreadScope, now: Millis) -> Statement {
    Statement::new(RESTRICT, [scope.conversation.into(), scope.business.business().into(), now.into()])
}

/// Lets a conversation go on.
pub const RESTRICTION_LIFT: &str = "
UPDATE conversation
SET restricted_at = NULL
WHERE id = ?1
  AND business = ?2
  AND restricted_at IS NOT NULL
RETURNING id
";

/// The statement that lifts a restriction; it returns a row where there was one.
pub fn restriction_lift(scope: &ThreadScope) -> Statement {
    Statement::new(RESTRICTION_LIFT, [scope.conversation.into(), scope.business.business().into()])
}

/// Finds since when a conversation is held still.
pub const RESTRICTED_AT: &str = "
SELECT restricted_at
FROM conversation
WHERE id = ?1
  AND business = ?2
  AND restricted_at IS NOT NULL
";

/// Whether a conversation is held still.
pub async fn is_restricted(shard: &Db, scope: &ThreadScope) -> Result<bool, DbFault> {
    let values = [scope.conversation.into(), scope.business.business().into()];
    let row: Option<serde_json::Value> = shard.row(Statement::new(RESTRICTED_AT, values)).await?;
    Ok(row.is_some())
}

/// Records an objection; the first one counts.
pub const OBJECTION_INSERT: &str = "
INSERT INTO objection (conversation, business, purpose, objected_at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (conversation, purpose) DO NOTHING
";

/// Forgets the address that a conversation was opened from.
pub const ADDRESS_FORGET: &str = "
DELETE FROM visitor_address
WHERE conversation = ?1
  AND business = ?2
";

/// The statement that records an objection.
pub fn objection_insert(scope: &ThreadScope, purpose: ObjectionPurpose, now: Millis) -> Statement {
    Statement::new(
        OBJECTION_INSERT,
        [scope.conversation.into(), scope.business.business().into(), purpose.as_str().into(), now.into()],
    )
}

/// Finds an objection.
pub const OBJECTION_FIND: &str = "
SELECT objected_at
FROM objection
WHERE conversation = ?1
  AND purpose = ?2
  AND business = ?3
";

/// Whether an objection to a purpose stands.
pub async fn is_objected(
    shard: &Db,
    scope: &ThreadScope,
    purpose: ObjectionPurpose,
) -> Result<bool, DbFault> {
    let values = [scope.conversation.into(), purpose.as_str().into(), scope.business.business().into()];
    let row: Option<serde_json::Value> = shard.row(Statement::new(OBJECTION_FIND, values)).await?;
    Ok(row.is_some())
}

/// Takes an objection back.
pub const OBJECTION_WITHDRAW: &str = "
DELETE FROM objection
WHERE conversation = ?1
  AND purpose = ?2
  AND business = ?3
";

/// The statement that takes an objection back, where there is one.
pub fn objection_withdraw(scope: &ThreadScope, purpose: ObjectionPurpose) -> Statement {
    Statement::new(
        OBJECTION_WITHDRAW,
        [scope.conversation.into(), purpose.as_str().into(), scope.business.business().into()],
    )
}

/// Forgets that a reply is due by mail.
pub const REPLY_MAIL_FORGET: &str = "
UPDATE conversation
SET mail_due_at = NULL
WHERE id = ?1
  AND business = ?2
  AND mail_due_at IS NOT NULL
";

/// The statement that forgets that a reply is due by mail.
pub fn reply_mail_forget(scope: &ThreadScope) -> Statement {
    Statement::new(REPLY_MAIL_FORGET, [scope.conversation.into(), scope.business.business().into()])
}

/// The statement that forgets the IP address of a conversation.
pub fn address_forget(scope: &ThreadScope) -> Statement {
    Statement::new(ADDRESS_FORGET, [scope.conversation.into(), scope.business.business().into()])
}

/// Finds a message of the visitor's own.
pub const OWN_MESSAGE: &str = "
SELECT message.id
     , message.created_at
     , message.slab
     , message.slot
     , seal_key.commit16
     , message.body
     , (SELECT count(*) FROM rectification WHERE rectification.message = ?1) AS corrections
FROM message
JOIN seal_key ON seal_key.slab = message.slab AND seal_key.slot = message.slot
WHERE message.id = ?1
  AND message.conversation = ?2
  AND message.business = ?3
  AND message.origin = 'visitor' -- keeps P6.2
  AND message.created_at > ?4
  AND seal_key.state = 0
";

/// A message that may be corrected.
#[derive(Debug, Clone)]
pub struct OwnMessage {
    /// It.
    pub id: MessageId,
    /// Who spoke: the visitor.
    pub origin: Origin,
    /// When it was written.
    pub created_at: Millis,
    /// Its key.
    pub key: KeyRef,
    /// What proves that.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub body: Vec<u8>,
    /// How often it was corrected.
    pub corrections: u32,
}

/// A message that the visitor wrote and that is not past its limit.
pub async fn own_message(
    shard: &Db,
    scope: &ThreadScope,
    message: MessageId,
    kept_from: Millis,
) -> Result<Option<OwnMessage>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: MessageId,
        created_at: Millis,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        body: Vec<u8>,
        corrections: u32,
    }
    let values =
        [message.into(), scope.conversation.into(), scope.business.business().into(), kept_from.into()];
    let row: Option<Row> = shard.row(Statement::new(OWN_MESSAGE, values)).await?;
    Ok(row.map(|row| OwnMessage {
        id: row.id,
        origin: Origin::Visitor,
        created_at: row.created_at,
        key: KeyRef { slab: row.slab, slot: row.slot },
        key_commit: row.commit16,
        body: row.body,
        corrections: row.corrections,
    }))
}

/// Keeps what stood in a message, unless somebody corrected it meanwhile.
pub const RECTIFICATION_INSERT: &str = "
INSERT INTO rectification (id, business, conversation, message, corrected_at, slab, slot, body)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
FROM message
WHERE message.id = ?4
  AND message.conversation = ?3
  AND message.business = ?2
  AND message.body = ?9
RETURNING id
";

/// Puts corrected words in the place of those that stood there.
pub const MESSAGE_CORRECT: &str = "
UPDATE message
SET slab = ?4
  , slot = ?5
  , body = ?6
WHERE id = ?1
  AND conversation = ?2
  AND business = ?3
  AND body = ?7
";

/// What stood in a message, sealed for its place in the history.
pub struct NewRectification {
    /// The correction.
    pub id: RectificationId,
    /// The message as it was read.
    pub message: OwnMessage,
    /// What stood there, sealed once more for the history.
    pub before: (KeyRef, Vec<u8>),
    /// What stands there from now on.
    pub after: (KeyRef, Vec<u8>),
}

/// The statements that correct a message and keep what stood there; the first returns a row where nothing changed since
/// it was read.
pub fn message_correct(scope: &ThreadScope, new: NewRectification, now: Millis) -> [Statement; 2] {
    let (business, conversation) = (scope.business.business(), scope.conversation);
    let NewRectification { id, message, before, after } = new;
    [
        Statement::new(
            RECTIFICATION_INSERT,
            [
                id.into(),
                business.into(),
                conversation.into(),
                message.id.into(),
                now.into(),
                before.0.slab.into(),
                before.0.slot.into(),
                before.1.into(),
                message.body.clone().into(),
            ],
        ),
        Statement::new(
            MESSAGE_CORRECT,
            [
                message.id.into(),
                conversation.into(),
                business.into(),
                after.0.slab.into(),
                after.0.slot.into(),
                after.1.into(),
                message.body.into(),
            ],
        ),
    ]
}

/// Finds a thread of a business.
pub const THREAD_OF: &str = "
SELECT conversation.site
     , conversation.visitor
FROM conversation
JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
WHERE conversation.id = ?1
  AND conversation.business = ?2
  AND seal_key.state = 0
";

/// The thread of a conversation of the business. `None` where it is not there, or is being erased.
pub async fn thread_of(
    shard: &Db,
    scope: &BusinessScope,
    conversation: ConversationId,
) -> Result<Option<ThreadScope>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        site: SiteId,
        visitor: VisitorId,
    }
    let row: Option<Row> =
        shard.row(Statement::new(THREAD_OF, [conversation.into(), scope.business().into()])).await?;
    Ok(row.map(|row| ThreadScope { business: *scope, site: row.site, visitor: row.visitor, conversation }))
}
