//! What keys are called: the family they belong to, who owns one, and where it lies.

use std::fmt;

use serde::{Deserialize, Deserializer};
use shared::id::{AccountId, BusinessId, ConversationId, ErasureId, IdError, SlabId};

use crate::store::scope::{AccountScope, BusinessScope};

const ACCOUNTS: &str = "_accounts";

/// Under whose root keys lie: a business's own, or the one that all account users share. Its text is part of the names
/// of objects and of what slabs and roots are sealed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyScope {
    /// One business.
    Business(BusinessId),
    /// The people who sign in, who may belong to several businesses or to none.
    Accounts,
}

impl KeyScope {
    /// What ciphertext is bound to: the 16 bytes of a business, or the nine letters of `_accounts`.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Business(business) => business.to_bytes().to_vec(),
            Self::Accounts => ACCOUNTS.as_bytes().to_vec(),
        }
    }
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Business(business) => business.fmt(f),
            Self::Accounts => f.write_str(ACCOUNTS),
        }
    }
}

impl std::str::FromStr for KeyScope {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text == ACCOUNTS { Ok(Self::Accounts) } else { text.parse().map(Self::Business) }
    }
}

impl<'de> Deserialize<'de> for KeyScope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl From<BusinessId> for KeyScope {
    fn from(business: BusinessId) -> Self {
        Self::Business(business)
    }
}

impl From<&BusinessScope> for KeyScope {
    fn from(scope: &BusinessScope) -> Self {
        Self::Business(scope.business())
    }
}

impl From<&AccountScope> for KeyScope {
    fn from(_: &AccountScope) -> Self {
        Self::Accounts
    }
}

/// Which kind of content a slab's keys seal. A slab holds one family of one scope.
///
/// Reserved letters of families to come: `p` person, `x` export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// What is said in conversations.
    Conversation,
    /// Full IP addresses of visitors, a key a day; among all accounts, billing addresses.
    Day,
    /// Secrets of a business and what it keeps of people who are not its visitors: a vendor's key, an invited address.
    Business,
    /// Name and address of somebody who signs in.
    Account,
    /// The address that a receipt goes to once its owner is erased.
    Erasure,
}

impl Family {
    /// The letter in object names, in slab headers and in `key_slab.family`.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Conversation => "c",
            Self::Day => "d",
            Self::Business => "b",
            Self::Account => "u",
            Self::Erasure => "e",
        }
    }

    /// The family of a letter.
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Self::Conversation, Self::Day, Self::Business, Self::Account, Self::Erasure]
            .into_iter()
            .find(|family| family.letter() == letter)
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
    /// Somebody who signs in.
    Account(AccountId),
    /// The confirmation of an erasure.
    Erasure(ErasureId),
}

impl KeyOwner {
    /// The family its keys come from.
    pub const fn family(&self) -> Family {
        match self {
            Self::Conversation(_) => Family::Conversation,
            Self::Day(_) => Family::Day,
            Self::Business(_) => Family::Business,
            Self::Account(_) => Family::Account,
            Self::Erasure(_) => Family::Erasure,
        }
    }

    /// What `seal_key.owner_kind` says.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Conversation(_) => "conversation",
            Self::Day(_) => "day",
            Self::Business(_) => "business",
            Self::Account(_) => "account",
            Self::Erasure(_) => "erasure",
        }
    }

    /// What `seal_key.owner` says.
    pub fn text(&self) -> String {
        match self {
            Self::Conversation(id) => id.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Business(id) => id.to_string(),
            Self::Account(id) => id.to_string(),
            Self::Erasure(id) => id.to_string(),
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
