//! What the desk sees of a visitor beside a conversation: no more than is held, with until when.

use serde::Deserialize;
use shared::id::SlabId;
use shared::time::Millis;
use shared::wire::admin::inbox::deed::HoldReason;

use super::contact::SealedEmail;
use super::scope::ThreadScope;
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// Reads what is held of the visitor of a conversation.
pub const HELD_FIND: &str = "
SELECT visitor.locale
     , visitor.browser
     , visitor.created_at
     , conversation.present_at
     , conversation.is_blocked
     , EXISTS (
           SELECT 1 FROM objection
           WHERE objection.conversation = conversation.id AND objection.purpose = 'follow_up'
       ) AS objects_to_mail
     , conversation.held_reason
     , visitor_address.day
     , visitor_address.seen_at
     , visitor_address.slab AS address_slab
     , visitor_address.slot AS address_slot
     , address_key.commit16 AS address_commit
     , visitor_address.address
     , (SELECT consent_event.choice FROM consent_event
        WHERE consent_event.visitor = visitor.id AND consent_event.purpose = 'statistics'
        ORDER BY consent_event.created_at DESC LIMIT 1) AS choice
     , (SELECT consent_event.created_at FROM consent_event
        WHERE consent_event.visitor = visitor.id AND consent_event.purpose = 'statistics'
        ORDER BY consent_event.created_at DESC LIMIT 1) AS chosen_at
     , (SELECT message.created_at FROM message
        WHERE message.conversation = conversation.id AND message.created_at > ?3
        ORDER BY message.sequence LIMIT 1) AS oldest_at
     , (SELECT message.created_at FROM message
        WHERE message.conversation = conversation.id
        ORDER BY message.sequence DESC LIMIT 1) AS newest_at
FROM conversation
JOIN visitor ON visitor.id = conversation.visitor
LEFT JOIN visitor_address ON visitor_address.conversation = conversation.id
LEFT JOIN seal_key AS address_key
       ON address_key.slab = visitor_address.slab AND address_key.slot = visitor_address.slot AND address_key.state = 0
WHERE conversation.id = ?1
  AND conversation.business = ?2
";

/// A sealed IP address.
#[derive(Debug, Clone)]
pub struct SealedIp {
    /// The day whose key seals it.
    pub day: i64,
    /// When it was seen.
    pub seen_at: Millis,
    /// The key.
    pub key: KeyRef,
    /// What proves that key.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub address: Vec<u8>,
}

/// What is held of a visitor; words and addresses are ciphertext.
#[derive(Debug, Clone)]
pub struct HeldOf {
    /// What they read.
    pub locale: String,
    /// "Firefox, phone".
    pub browser: String,
    /// Since when they are known.
    pub created_at: Millis,
    /// When their client was last heard.
    pub present_at: Millis,
    /// They may not write.
    pub is_blocked: bool,
    /// They objected to being written to.
    pub objects_to_mail: bool,
    /// Why the conversation is held.
    pub on_hold: Option<HoldReason>,
    /// The IP address of their first message.
    pub ip: Option<SealedIp>,
    /// What they chose about statistics, and when.
    pub choice: Option<(String, Millis)>,
    /// When the oldest message that is kept was written.
    pub oldest_at: Option<Millis>,
    /// When the newest one was.
    pub newest_at: Option<Millis>,
    /// The address that they left.
    pub contact: Option<SealedEmail>,
}

/// What is held of the visitor of a conversation. Messages written at or before `kept_from` are gone.
pub async fn held_find(
    shard: &Db,
    scope: &ThreadScope,
    kept_from: Millis,
) -> Result<Option<HeldOf>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        locale: String,
        browser: String,
        created_at: Millis,
        present_at: Millis,
        is_blocked: i64,
        objects_to_mail: i64,
        held_reason: Option<HoldReason>,
        day: Option<i64>,
        seen_at: Option<Millis>,
        address_slab: Option<SlabId>,
        address_slot: Option<u16>,
        address_commit: Option<Vec<u8>>,
        address: Option<Vec<u8>>,
        choice: Option<String>,
        chosen_at: Option<Millis>,
        oldest_at: Option<Millis>,
        newest_at: Option<Millis>,
    }
    let values = [scope.conversation.into(), scope.business.business().into(), kept_from.into()];
    let batch = shard.batch(vec![Statement::new(HELD_FIND, values), super::contact::find(scope)]).await?;
    let Some(row) = batch.row::<Row>(0)? else { return Ok(None) };
    let contact = super::contact::found(&batch, 1)?;
    let ip = match (row.day, row.seen_at, row.address_slab, row.address_slot, row.address_commit, row.address)
    {
        (Some(day), Some(seen_at), Some(slab), Some(slot), Some(key_commit), Some(address)) => {
            Some(SealedIp { day, seen_at, key: KeyRef { slab, slot }, key_commit, address })
        }
        _ => None,
    };
    Ok(Some(HeldOf {
        locale: row.locale,
        browser: row.browser,
        created_at: row.created_at,
        present_at: row.present_at,
        is_blocked: row.is_blocked != 0,
        objects_to_mail: row.objects_to_mail != 0,
        on_hold: row.held_reason,
        ip,
        choice: row.choice.zip(row.chosen_at),
        oldest_at: row.oldest_at,
        newest_at: row.newest_at,
        contact,
    }))
}
