//! What keys are called: the family they belong to, who owns one, and where it lies.

use shared::id::{BusinessId, ConversationId, SlabId};

/// Which kind of content a slab's keys seal. A slab holds one family of one business.
///
/// Reserved letters of families to come: `p` person, `x` export, `e` erasure mail, `u` account user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// What is said in conversations.
    Conversation,
    /// Full IP addresses of visitors, a key a day.
    Day,
    /// Secrets of a business, like a vendor's key.
    Business,
}

impl Family {
    /// The letter in object names, in slab headers and in `key_slab.family`.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Conversation => "c",
            Self::Day => "d",
            Self::Business => "b",
        }
    }

    /// The family of a letter.
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Self::Conversation, Self::Day, Self::Business].into_iter().find(|family| family.letter() == letter)
    }
}

/// Whose content a key seals. Erasing an owner destroys all of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyOwner {
    /// A conversation.
    Conversation(ConversationId),
    /// A UTC day, counted from 1 January 1970.
    Day(i64),
    /// A business.
    Business(BusinessId),
}

impl KeyOwner {
    /// The family its keys come from.
    pub const fn family(&self) -> Family {
        match self {
            Self::Conversation(_) => Family::Conversation,
            Self::Day(_) => Family::Day,
            Self::Business(_) => Family::Business,
        }
    }

    /// What `seal_key.owner_kind` says.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Conversation(_) => "conversation",
            Self::Day(_) => "day",
            Self::Business(_) => "business",
        }
    }

    /// What `seal_key.owner` says.
    pub fn text(&self) -> String {
        match self {
            Self::Conversation(id) => id.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Business(id) => id.to_string(),
        }
    }
}

/// Where a key lies: a slot (0 to 511) of a slab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyRef {
    /// The slab.
    pub slab: SlabId,
    /// The slot.
    pub slot: u16,
}

impl KeyRef {
    /// 18 bytes: the slab's 16, then the slot, big endian.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.slab.to_bytes().to_vec();
        bytes.extend_from_slice(&self.slot.to_be_bytes());
        bytes
    }
}
