//! Cards: what lists and searches read of a conversation. A card that lags behind its messages is made anew, so nothing
//! has to be locked: whoever writes says from where the words are, and a rival's words are never overwritten.

use serde::Deserialize;
use shared::id::{ConversationId, MessageId, SiteId, SlabId, VisitorId};
use shared::time::Millis;

use super::inbox::SealedCard;
use super::scope::{BusinessScope, ThreadScope};
use crate::platform::{Batch, Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// Finds a conversation's card, and the place of its newest words.
pub const CARD_FIND: &str = "
SELECT coalesce((
           SELECT message.sequence FROM message
           WHERE message.conversation = conversation.id AND message.origin <> 'system'
           ORDER BY message.sequence DESC LIMIT 1
       ), 0) AS latest
     , conversation_card.covers_from
     , conversation_card.through
     , conversation_card.slab
     , conversation_card.slot
     , seal_key.commit16
     , conversation_card.card
FROM conversation
LEFT JOIN conversation_card ON conversation_card.conversation = conversation.id
LEFT JOIN seal_key
       ON seal_key.slab = conversation_card.slab AND seal_key.slot = conversation_card.slot AND seal_key.state = 0
WHERE conversation.id = ?1
  AND conversation.business = ?2
";

/// What is known of a conversation's card before it is written anew.
#[derive(Debug, Clone, Default)]
pub struct CardBefore {
    /// The place of the newest words in the thread.
    pub latest: u32,
    /// The place of the newest words on the card; 0 where there is none.
    pub through: u32,
    /// The card.
    pub card: Option<SealedCard>,
}

#[derive(Deserialize)]
struct Row {
    latest: u32,
    covers_from: Option<Millis>,
    through: Option<u32>,
    slab: Option<SlabId>,
    slot: Option<u16>,
    commit16: Option<Vec<u8>>,
    card: Option<Vec<u8>>,
}

impl From<Row> for CardBefore {
    fn from(row: Row) -> Self {
        let card = match (row.covers_from, row.slab, row.slot, row.commit16, row.card) {
            (Some(covers_from), Some(slab), Some(slot), Some(key_commit), Some(card)) => {
                Some(SealedCard { covers_from, key: KeyRef { slab, slot }, key_commit, card })
            }
            _ => None,
        };
        Self { latest: row.latest, through: row.through.unwrap_or_default(), card }
    }
}

/// The statement that finds a card; [`card_of`] reads what it found.
pub fn card_find(scope: &ThreadScope) -> Statement {
    Statement::new(CARD_FIND, [scope.conversation.into(), scope.business.business().into()])
}

/// What statement `index` of a batch found of a card.
pub fn card_of(batch: &Batch, index: usize) -> Result<CardBefore, DbFault> {
    Ok(batch.row::<Row>(index)?.map(CardBefore::from).unwrap_or_default())
}

/// Writes a card, if the newest words of the thread are those that it was made for, and they follow on the words that it
/// was made from.
pub const CARD_PUT: &str = "
INSERT INTO conversation_card (conversation, business, covers_from, through, slab, slot, card)
SELECT ?1, ?2, ?3, message.sequence, ?4, ?5, ?6
FROM message
WHERE message.id = ?7
  AND message.conversation = ?1
  AND message.id = (
      SELECT newest.id FROM message AS newest
      WHERE newest.conversation = ?1 AND newest.origin <> 'system'
      ORDER BY newest.sequence DESC LIMIT 1
  )
  AND ?8 = coalesce((
      SELECT before.sequence FROM message AS before
      WHERE before.conversation = ?1 AND before.origin <> 'system'
      ORDER BY before.sequence DESC LIMIT 1 OFFSET 1
  ), 0)
ON CONFLICT (conversation) DO UPDATE
SET covers_from = excluded.covers_from
  , through = excluded.through
  , slab = excluded.slab
  , slot = excluded.slot
  , card = excluded.card
WHERE conversation_card.through = ?9
";

/// A card that was made for a new message.
pub struct NewCard {
    /// When the oldest message was written whose words are in it.
    pub covers_from: Millis,
    /// The key it is sealed under.
    pub key: KeyRef,
    /// The ciphertext.
    pub card: Vec<u8>,
    /// The message whose words are new.
    pub message: MessageId,
    /// The place of the newest words before it.
    pub latest: u32,
    /// The place of the newest words on the card that it replaces.
    pub through: u32,
}

/// The statement that writes a card. It follows the statement of the message in the same batch.
pub fn card_put(scope: &ThreadScope, new: NewCard) -> Statement {
    Statement::new(
        CARD_PUT,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            new.covers_from.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.card.into(),
            new.message.into(),
            new.latest.into(),
            new.through.into(),
        ],
    )
}

/// Deletes a card, for it to be made anew with the next message.
pub const CARD_DROP: &str = "
DELETE FROM conversation_card
WHERE conversation = ?1
  AND business = ?2
";

/// The statement that deletes a card.
pub fn card_drop(scope: &BusinessScope, conversation: ConversationId) -> Statement {
    Statement::new(CARD_DROP, [conversation.into(), scope.business().into()])
}

/// A card to look at.
pub struct CardToOpen {
    /// The conversation.
    pub conversation: ConversationId,
    /// Where its visitor wrote.
    pub site: SiteId,
    /// Who.
    pub visitor: VisitorId,
    /// Its card.
    pub card: SealedCard,
}

/// Reads cards by their conversations, but for those that are held still.
pub const CARDS_BY_ID: &str = "
SELECT conversation_card.conversation
     , conversation.site
     , conversation.visitor
     , conversation_card.covers_from
     , conversation_card.slab
     , conversation_card.slot
     , seal_key.commit16
     , conversation_card.card
FROM json_each(?2) AS wanted
CROSS JOIN conversation_card ON conversation_card.conversation = wanted.value
JOIN conversation ON conversation.id = wanted.value
JOIN seal_key ON seal_key.slab = conversation_card.slab AND seal_key.slot = conversation_card.slot
WHERE conversation_card.business = ?1
  AND conversation.restricted_at IS NULL
  AND seal_key.state = 0
";

/// Cards of conversations, in no order.
pub async fn cards_by_id(
    shard: &Db,
    scope: &BusinessScope,
    ids: &[ConversationId],
) -> Result<Vec<CardToOpen>, DbFault> {
    #[derive(Deserialize)]
    struct Found {
        conversation: ConversationId,
        site: SiteId,
        visitor: VisitorId,
        covers_from: Millis,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        card: Vec<u8>,
    }
    let ids = serde_json::to_string(ids).map_err(|fault| DbFault::Failed(fault.to_string()))?;
    let rows: Vec<Found> =
        shard.rows(Statement::new(CARDS_BY_ID, [scope.business().into(), ids.into()])).await?;
    let card_of = |row: Found| CardToOpen {
        conversation: row.conversation,
        site: row.site,
        visitor: row.visitor,
        card: SealedCard {
            covers_from: row.covers_from,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            card: row.card,
        },
    };
    Ok(rows.into_iter().map(card_of).collect())
}
