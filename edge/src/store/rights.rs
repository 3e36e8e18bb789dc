//! What a visitor's rights leave in the database, and what a copy reads of it: restriction, objections, corrections, and
//! what is held.

use serde::Deserialize;
use shared::id::{ConsentId, ConversationId, MessageId, RectificationId, SiteId, SlabId, VisitorId};
use shared::time::Millis;
use shared::wire::consent::{Choice, Way};
use shared::wire::message::Origin;
use shared::wire::privacy::ObjectionPurpose;

use super::scope::{BusinessScope, MemberScope, ThreadScope};
use crate::platform::{Batch, Db, DbFault, Statement, Value};
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

/// What a message said before it was corrected, sealed.
#[derive(Debug, Clone)]
pub struct SealedRectification {
    /// The correction.
    pub id: RectificationId,
    /// The message.
    pub message: MessageId,
    /// When.
    pub corrected_at: Millis,
    /// The key.
    pub key: KeyRef,
    /// What proves it.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub body: Vec<u8>,
}

/// Counts what is held of a conversation.
pub const HELD: &str = "
SELECT conversation.created_at AS began_at
     , conversation.locale
     , conversation.last_message_at
     , conversation.restricted_at
     , coalesce(visitor.browser, '') AS browser
     , (SELECT count(*) FROM message
        WHERE message.conversation = ?1 AND message.created_at > ?3) AS messages
     , (SELECT min(created_at) FROM message
        WHERE message.conversation = ?1 AND message.created_at > ?3) AS first_at
     , (SELECT max(created_at) FROM message
        WHERE message.conversation = ?1 AND message.created_at > ?3) AS last_at
     , (SELECT count(*) FROM file
        WHERE file.conversation = ?1 AND file.gone = 0) AS files
     , (SELECT choice FROM consent_event
        WHERE consent_event.visitor = conversation.visitor AND consent_event.purpose = 'statistics'
        ORDER BY created_at DESC LIMIT 1) AS statistics
     , (SELECT max(expires_at) FROM privacy_code
        WHERE privacy_code.conversation = ?1 AND privacy_code.kind = 'resume'
          AND privacy_code.expires_at > ?4) AS resume_until
FROM conversation
JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
LEFT JOIN visitor ON visitor.id = conversation.visitor
WHERE conversation.id = ?1
  AND conversation.business = ?2
  AND seal_key.state = 0
";

/// Reads the address of a conversation.
pub const HELD_ADDRESS: &str = "
SELECT visitor_address.day
     , visitor_address.seen_at
     , visitor_address.slab
     , visitor_address.slot
     , seal_key.commit16
     , visitor_address.address
FROM visitor_address
JOIN seal_key ON seal_key.slab = visitor_address.slab AND seal_key.slot = visitor_address.slot
WHERE visitor_address.conversation = ?1
  AND visitor_address.business = ?2
  AND seal_key.state = 0
";

/// Lists objections.
pub const HELD_OBJECTIONS: &str = "
SELECT purpose
     , objected_at
FROM objection
WHERE conversation = ?1
  AND business = ?2
ORDER BY objected_at
";

/// Lists the choices of a conversation's visitor.
pub const HELD_CONSENTS: &str = "
SELECT consent_event.id
     , consent_event.purpose
     , consent_event.choice
     , consent_event.way
     , consent_event.version
     , consent_event.text_hash
     , consent_event.locale
     , consent_event.created_at
FROM consent_event
WHERE consent_event.visitor = ?1
  AND consent_event.business = ?2
ORDER BY consent_event.purpose, consent_event.created_at
LIMIT 200
";

/// Lists corrections.
pub const HELD_RECTIFICATIONS: &str = "
SELECT rectification.id
     , rectification.message
     , rectification.corrected_at
     , rectification.slab
     , rectification.slot
     , seal_key.commit16
     , rectification.body
FROM rectification
JOIN seal_key ON seal_key.slab = rectification.slab AND seal_key.slot = rectification.slot
JOIN message ON message.id = rectification.message
WHERE rectification.conversation = ?1
  AND rectification.business = ?2
  AND message.created_at > ?3
  AND seal_key.state = 0
ORDER BY rectification.corrected_at
LIMIT 500
";

/// What is held of a conversation, in numbers and times.
#[derive(Debug, Clone, Deserialize)]
pub struct HeldRow {
    /// When it began.
    pub began_at: Millis,
    /// The language.
    pub locale: String,
    /// When anybody last wrote.
    pub last_message_at: Millis,
    /// Since when it is held still.
    pub restricted_at: Option<Millis>,
    /// The kind of browser.
    pub browser: String,
    /// Messages within their limit.
    pub messages: u32,
    /// When the oldest of them was written.
    pub first_at: Option<Millis>,
    /// When the newest of them was written.
    pub last_at: Option<Millis>,
    /// Files, sent or not.
    pub files: u32,
    /// The last choice about statistics.
    pub statistics: Option<Choice>,
    /// Until when a resume code works.
    pub resume_until: Option<Millis>,
}

/// An address, sealed under the key of its day.
#[derive(Debug, Clone)]
pub struct SealedAddress {
    /// The UTC day.
    pub day: i64,
    /// When it was seen.
    pub seen_at: Millis,
    /// The key.
    pub key: KeyRef,
    /// What proves it.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub address: Vec<u8>,
}

/// A choice of the ledger.
#[derive(Debug, Clone, Deserialize)]
pub struct ConsentRow {
    /// The choice.
    pub id: ConsentId,
    /// What for.
    pub purpose: String,
    /// What was chosen.
    pub choice: Choice,
    /// How.
    pub way: Way,
    /// The edition of the words.
    pub version: u32,
    /// Their hash.
    pub text_hash: String,
    /// Their language.
    pub locale: String,
    /// When.
    pub created_at: Millis,
}

/// Everything that is held of a conversation besides its messages and requests.
pub struct HeldRows {
    /// Numbers and times.
    pub held: HeldRow,
    /// The address, while it is kept.
    pub address: Option<SealedAddress>,
    /// Objections.
    pub objections: Vec<(ObjectionPurpose, Millis)>,
    /// Choices.
    pub consents: Vec<ConsentRow>,
    /// Corrections.
    pub rectifications: Vec<SealedRectification>,
}

/// Reads what is held of a conversation. `None` where it is not there, or is being erased.
pub async fn held_read(
    shard: &Db,
    scope: &ThreadScope,
    kept_from: Millis,
    now: Millis,
) -> Result<Option<HeldRows>, DbFault> {
    let (conversation, business) = (scope.conversation, scope.business.business());
    let two = || -> [Value; 2] { [conversation.into(), business.into()] };
    let batch = shard
        .batch(vec![
            Statement::new(HELD, [conversation.into(), business.into(), kept_from.into(), now.into()]),
            Statement::new(HELD_ADDRESS, two()),
            Statement::new(HELD_OBJECTIONS, two()),
            Statement::new(HELD_CONSENTS, [scope.visitor.into(), business.into()]),
            Statement::new(HELD_RECTIFICATIONS, [conversation.into(), business.into(), kept_from.into()]),
        ])
        .await?;
    let Some(held) = batch.row::<HeldRow>(0)? else { return Ok(None) };
    Ok(Some(HeldRows {
        held,
        address: address_of(&batch)?,
        objections: objections_of(&batch)?,
        consents: batch.rows(3)?,
        rectifications: rectifications_of(&batch)?,
    }))
}

fn address_of(batch: &Batch) -> Result<Option<SealedAddress>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        day: i64,
        seen_at: Millis,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        address: Vec<u8>,
    }
    Ok(batch.row::<Row>(1)?.map(|row| SealedAddress {
        day: row.day,
        seen_at: row.seen_at,
        key: KeyRef { slab: row.slab, slot: row.slot },
        key_commit: row.commit16,
        address: row.address,
    }))
}

fn objections_of(batch: &Batch) -> Result<Vec<(ObjectionPurpose, Millis)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        purpose: ObjectionPurpose,
        objected_at: Millis,
    }
    Ok(batch.rows::<Row>(2)?.into_iter().map(|row| (row.purpose, row.objected_at)).collect())
}

fn rectifications_of(batch: &Batch) -> Result<Vec<SealedRectification>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: RectificationId,
        message: MessageId,
        corrected_at: Millis,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        body: Vec<u8>,
    }
    let rows: Vec<Row> = batch.rows(4)?;
    Ok(rows
        .into_iter()
        .map(|row| SealedRectification {
            id: row.id,
            message: row.message,
            corrected_at: row.corrected_at,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            body: row.body,
        })
        .collect())
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

/// Reads a page of the ledger of a business.
pub const CONSENTS_PAGE: &str = "
SELECT id
     , site
     , visitor
     , purpose
     , choice
     , way
     , version
     , text_hash
     , locale
     , created_at
FROM consent_event
WHERE business = ?1
  AND (?2 = '' OR (created_at, id) < (SELECT created_at, id FROM consent_event WHERE id = ?2 AND business = ?1))
ORDER BY created_at DESC, id DESC
LIMIT ?3
";

/// A page of a business's ledger of consent, newest first, older than `before`; with where and by whom each was made.
pub async fn consents_page(
    shard: &Db,
    scope: &MemberScope,
    before: Option<ConsentId>,
    limit: u32,
) -> Result<Vec<(SiteId, VisitorId, ConsentRow)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ConsentId,
        site: SiteId,
        visitor: VisitorId,
        purpose: String,
        choice: Choice,
        way: Way,
        version: u32,
        text_hash: String,
        locale: String,
        created_at: Millis,
    }
    let before: Value = before.map_or_else(|| Value::Text(String::new()), Into::into);
    let values = [scope.business.business().into(), before, limit.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(CONSENTS_PAGE, values)).await?;
    let choice = |row: Row| {
        let Row { id, purpose, choice, way, version, text_hash, locale, created_at, site, visitor } = row;
        (site, visitor, ConsentRow { id, purpose, choice, way, version, text_hash, locale, created_at })
    };
    Ok(rows.into_iter().map(choice).collect())
}
