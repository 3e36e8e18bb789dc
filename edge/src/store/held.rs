//! What is held about a visitor and their conversation, as a person who asks for it is shown: the conversation's own facts,
//! the address, objections, choices and corrections, in one batch.

use serde::Deserialize;
use shared::id::{ConsentId, MessageId, RectificationId, SlabId};
use shared::time::Millis;
use shared::wire::consent::{Choice, Way};
use shared::wire::privacy::ObjectionPurpose;

use super::scope::ThreadScope;
use crate::platform::{Batch, Db, DbFault, Statement, Value};
use crate::sealing::KeyRef;

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
