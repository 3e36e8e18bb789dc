//! Typed ids, one registry: a site's id can't be handed over where a conversation's is asked for.
//!
//! An id is 128 bits: 48 bits of creation time (epoch milliseconds, so that rows sort by age) and 80 random
//! bits. It is written as a three-letter prefix, an underscore and 26 characters of Crockford's base 32 in
//! lower case, like `cnv_01jd3k8v6q4w9x2t7y5z0abcde`. The prefix makes a mixed-up id visible in a log.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

use crate::time::Millis;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BODY_LENGTH: usize = 26;

/// The text is not an id of the kind that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id of this kind")
    }
}

impl std::error::Error for IdError {}

fn encode(bits: u128) -> [u8; BODY_LENGTH] {
    let mut text = [b'0'; BODY_LENGTH];
    let mut rest = bits;
    for place in text.iter_mut().rev() {
        *place = ALPHABET.get((rest & 31) as usize).copied().unwrap_or(b'0');
        rest >>= 5;
    }
    text
}

fn decode(text: &str) -> Option<u128> {
    if text.len() != BODY_LENGTH {
        return None;
    }
    let mut bits: u128 = 0;
    for (index, letter) in text.bytes().enumerate() {
        let value = ALPHABET.iter().position(|candidate| *candidate == letter)?;
        // 26 characters carry 130 bits: the first may only hold three.
        if index == 0 && value > 7 {
            return None;
        }
        bits = (bits << 5) | value as u128;
    }
    Some(bits)
}

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident = $prefix:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// What every id of this kind starts with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Makes an id from the time and ten random bytes, both handed in.
            pub fn mint(now: Millis, random: [u8; 10]) -> Self {
                let time = (now.as_i64().max(0) as u128) & 0xffff_ffff_ffff;
                let mut dice: u128 = 0;
                for byte in random {
                    dice = (dice << 8) | u128::from(byte);
                }
                Self((time << 80) | dice)
            }

            /// The id behind 16 bytes, as `to_bytes` gave them.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(u128::from_be_bytes(bytes))
            }

            /// When it was made: an id carries its time.
            pub const fn minted_at(self) -> Millis {
                Millis::new((self.0 >> 80) as i64)
            }

            /// The 16 bytes behind the text, for key derivation and associated data.
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, "_"))?;
                let text = encode(self.0);
                f.write_str(std::str::from_utf8(&text).unwrap_or_default())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_")).and_then(decode).map(Self).ok_or(IdError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$")
                })
            }
        }
    )+};
}

ids! {
    /// A business: the controller of everything below it.
    BusinessId = "biz";
    /// A place where a business embeds the chat.
    SiteId = "sit";
    /// A person at a site, as far as one document of the frame knows.
    VisitorId = "vis";
    /// A thread between a visitor and a business.
    ConversationId = "cnv";
    /// One message of a thread.
    MessageId = "msg";
    /// What a client calls a message before the edge has it; sending again with the same draft is safe.
    DraftId = "drf";
    /// One run of an answerer over a thread.
    TurnId = "trn";
    /// One recorded choice.
    ConsentId = "cns";
    /// One entry of a business's knowledge.
    KnowledgeId = "knw";
    /// One erasure, from request to receipt.
    ErasureId = "era";
    /// One run of a job.
    JobRunId = "run";
    /// One slab of keys.
    SlabId = "slb";
    /// Somebody who signs in.
    AccountId = "acc";
    /// One invitation into a business.
    InvitationId = "inv";
    /// One device that is signed in.
    SessionId = "ses";
    /// One token for the API.
    ApiTokenId = "tok";
    /// One passkey.
    PasskeyId = "pky";
    /// One request for a one-time code, or one challenge of a passkey.
    CodeId = "cod";
    /// One line of the audit log.
    AuditId = "aud";
    /// One door of a business's own systems.
    WebhookId = "whk";
    /// One secret that names visitors of a site.
    IdentitySecretId = "ids";
    /// One mail.
    MailId = "mai";
    /// One file of a conversation.
    FileId = "fil";
    /// A note of colleagues in a conversation.
    NoteId = "not";
    /// A label of a business's conversations.
    LabelId = "lbl";
    /// An answer that a business gives often.
    CannedReplyId = "can";
    /// A saved view of the inbox.
    ViewId = "viw";
    /// An address that a visitor left in a conversation.
    ContactId = "con";
    /// One payment, as the books have it.
    BillingId = "bil";
    /// One request of a person about their data.
    RequestId = "req";
    /// One correction of something that a person said or that was said of them.
    RectificationId = "rct";
    /// One request to delete an account or a business.
    DeletionId = "del";
    /// One edition of the notice.
    NoticeId = "ntc";
    /// What a person quotes when they report an error.
    ReferenceId = "ref";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_reads_back_as_it_was_written(time in 0i64..1 << 47, random: [u8; 10]) {
            let id = ConversationId::mint(Millis::new(time), random);
            prop_assert_eq!(id.to_string().parse::<ConversationId>(), Ok(id));
        }

        #[test]
        fn a_later_id_sorts_after_an_earlier_one(time in 0i64..1 << 46, a: [u8; 10], b: [u8; 10]) {
            let earlier = MessageId::mint(Millis::new(time), a).to_string();
            let later = MessageId::mint(Millis::new(time + 1), b).to_string();
            prop_assert!(earlier < later);
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC*") {
            let _ = text.parse::<SiteId>();
        }
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let site = SiteId::mint(Millis::new(1), [7; 10]).to_string();
        assert_eq!(site.parse::<BusinessId>(), Err(IdError));
        assert_eq!("sit_zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<SiteId>(), Err(IdError));
    }
}
