//! What a receipt of an erasure says, how it is signed, and how it is tied to whoever holds it. It claims no more than
//! was done.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::id::{BusinessId, ErasureId};
use shared::limits::HISTORY_MS;
use shared::privacy::Secret;
use shared::rules::subject::SubjectKind;
use shared::time::{HOUR_MS, MINUTE_MS, Millis, civil_from_day};
use shared::wire::admin::request::Processor;
use shared::wire::receipt::SignedReceipt;
use zeroize::Zeroizing;

use super::credential::hex;

/// What stands in a receipt for the subject: the holder, who has the nonce, can show that it is theirs; nobody else can
/// tell whom it is about.
pub fn commitment(nonce: &str, id: ErasureId) -> String {
    hex(&Sha256::new().chain_update(nonce.as_bytes()).chain_update(id.to_string().as_bytes()).finalize())
}

/// The key that signs receipts: 32 bytes, of which the public key follows.
#[derive(Clone)]
pub struct ReceiptSigner(Secret<Zeroizing<[u8; 32]>>);

impl ReceiptSigner {
    /// Wraps key material.
    pub const fn new(seed: Zeroizing<[u8; 32]>) -> Self {
        Self(Secret::new(seed))
    }

    /// Reads 32 bytes in base64. `None` where it is something else.
    pub fn parse(text: &Secret<String>) -> Option<Self> {
        let bytes = STANDARD.decode(text.expose().trim()).map(Zeroizing::new).ok()?;
        let seed: [u8; 32] = bytes.as_slice().try_into().ok()?;
        (seed != [0; 32]).then(|| Self::new(Zeroizing::new(seed)))
    }

    fn key(&self) -> SigningKey {
        SigningKey::from_bytes(self.0.expose())
    }

    /// The public key.
    pub fn public_key(&self) -> [u8; 32] {
        self.key().verifying_key().to_bytes()
    }

    /// Signs a text.
    pub fn sign(&self, receipt: String) -> SignedReceipt {
        let signature = self.key().sign(receipt.as_bytes());
        SignedReceipt {
            signature: STANDARD.encode(signature.to_bytes()),
            key: key_id(&self.public_key()),
            receipt,
        }
    }
}

/// What a public key is called.
pub fn key_id(public_key: &[u8; 32]) -> String {
    hex(Sha256::digest(public_key).get(..8).unwrap_or_default())
}

/// A public key in PEM.
pub fn key_pem(public_key: &[u8; 32]) -> String {
    // SubjectPublicKeyInfo of RFC 8410: a fixed beginning, then the key.
    const BEGINNING: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let body = STANDARD.encode([BEGINNING.as_slice(), public_key].concat());
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}

/// The key signed exactly these words.
pub fn is_signed(receipt: &SignedReceipt, public_key: &[u8; 32]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(public_key) else { return false };
    let signature =
        STANDARD.decode(&receipt.signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    signature.is_some_and(|signature| key.verify_strict(receipt.receipt.as_bytes(), &signature).is_ok())
}

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The edition of this document's shape.
    pub version: u32,
    /// Who says it.
    pub origin: String,
    /// Which erasure.
    pub erasure: ErasureId,
    /// SHA-256 of the holder's nonce and the erasure's id, in hex.
    pub subject: String,
    /// What kind of subject it was.
    pub about: SubjectKind,
    /// The business that was responsible; absent for an account.
    pub business: Option<BusinessId>,
    /// Why.
    pub reason: String,
    /// When it was asked for, to the minute, UTC.
    pub requested_at: String,
    /// When every key was gone.
    pub keys_destroyed_at: String,
    /// When a second look found nothing.
    pub verified_at: String,
    /// Rows found when it began, by table.
    pub found: BTreeMap<String, u32>,
    /// Rows and objects deleted, by table.
    pub deleted: BTreeMap<String, u32>,
    /// What the second look found, by table.
    pub left: BTreeMap<String, u32>,
    /// The slabs that keys were destroyed in, with how often keys of them were.
    pub slabs: BTreeMap<String, u32>,
    /// Until then the history of the databases holds what `states` says.
    pub history_until: String,
    /// What was done, in words.
    pub states: Vec<String>,
    /// What this receipt does not speak of.
    pub not_covered: Vec<String>,
    /// The key that signs it.
    pub key: String,
}

/// What a receipt is made from.
#[derive(Debug, Clone)]
pub struct Facts {
    /// See [`Receipt`].
    pub origin: String,
    /// See [`Receipt`].
    pub erasure: ErasureId,
    /// See [`Receipt`].
    pub subject: String,
    /// See [`Receipt`].
    pub about: SubjectKind,
    /// See [`Receipt`].
    pub business: Option<BusinessId>,
    /// See [`Receipt`].
    pub reason: String,
    /// See [`Receipt`].
    pub requested_at: Millis,
    /// See [`Receipt`].
    pub keyless_at: Millis,
    /// See [`Receipt`].
    pub verified_at: Millis,
    /// See [`Receipt`].
    pub found: BTreeMap<String, u32>,
    /// See [`Receipt`].
    pub deleted: BTreeMap<String, u32>,
    /// See [`Receipt`].
    pub left: BTreeMap<String, u32>,
    /// See [`Receipt`].
    pub slabs: BTreeMap<String, u32>,
    /// Who may have been handed something of it, with the deployment's keys or with those of the business.
    pub vendors: Vec<Processor>,
    /// See [`Receipt`].
    pub key: String,
}

/// Composes a receipt, as the text that is signed.
pub fn compose(facts: Facts) -> Result<String, serde_json::Error> {
    let is_visitor = matches!(facts.about, SubjectKind::Conversation | SubjectKind::Visitor);
    let mut not_covered = Vec::new();
    if !facts.vendors.is_empty() {
        let kept = |vendor: &Processor| format!("{}: {}", vendor.name, vendor.retention);
        let kept: Vec<String> = facts.vendors.iter().map(kept).collect();
        not_covered.push(format!(
            "What others were handed in order to answer, to write and to host, and keep for periods of their own. {}.",
            kept.join("; ")
        ));
    }
    if is_visitor {
        not_covered.push(
            "An IP address in the history of the database: its key is shared by all of its day and is destroyed on \
             day 30. The language, the kind of browser and the score there: they were never sealed."
                .to_owned(),
        );
        not_covered.push(
            "Requests about the data, also the one that asked for this: kept for 24 months after they were settled, with \
             the conversation's id, to show that they were answered. What was said in them opens no more."
                .to_owned(),
        );
        not_covered.push(
            "Where an e-mail address was left: the keyed hash by which an address that wants no mail is known, for 12 \
             months."
                .to_owned(),
        );
    }
    not_covered.push("Mail that was sent, the log of it (kind, time and ids) for 30 days, and copies that were downloaded.".to_owned());
    not_covered.push("The record of this erasure, ids, times and counts, for 24 months.".to_owned());
    if facts.about == SubjectKind::Account {
        not_covered.push(
            "The keyed hash by which an address that wants no mail is known, and the ids in logs of who did what."
                .to_owned(),
        );
    }
    if facts.about == SubjectKind::Business {
        not_covered.push("Billing records, which the law keeps for seven years.".to_owned());
    }
    let receipt = Receipt {
        version: 1,
        origin: facts.origin,
        erasure: facts.erasure,
        subject: facts.subject,
        about: facts.about,
        business: facts.business,
        reason: facts.reason,
        requested_at: minute(facts.requested_at),
        keys_destroyed_at: minute(facts.keyless_at),
        verified_at: minute(facts.verified_at),
        found: facts.found,
        deleted: facts.deleted,
        left: facts.left,
        slabs: facts.slabs,
        history_until: minute(facts.keyless_at.plus_ms(HISTORY_MS)),
        states: vec![
            "The keys of what was sealed for the subject were overwritten or deleted outside the databases, and read \
             back absent."
                .to_owned(),
            "Rows were deleted wherever the inventory of the schema says that something of the subject can stand; a \
             second look found none."
                .to_owned(),
            "Until history_until the databases' own history holds ciphertext whose key is gone, and pseudonymous \
             metadata: ids, times and lengths."
                .to_owned(),
        ],
        not_covered,
        key: facts.key,
    };
    serde_json::to_string_pretty(&receipt)
}

/// A time to the minute, as in `2026-11-22T05:10Z`.
fn minute(at: Millis) -> String {
    let (year, month, day) = civil_from_day(at.day());
    let of_day = at.as_i64().rem_euclid(24 * HOUR_MS);
    let (hours, minutes) = (of_day.div_euclid(HOUR_MS), of_day.rem_euclid(HOUR_MS).div_euclid(MINUTE_MS));
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::processor::{HOSTING, MAIL, processors};

    fn signer(byte: u8) -> ReceiptSigner {
        ReceiptSigner::new(Zeroizing::new([byte; 32]))
    }

    #[test]
    fn a_signature_holds_for_exactly_these_words_and_this_key() {
        let receipt = signer(7).sign("{\"left\": 0}".into());
        assert!(is_signed(&receipt, &signer(7).public_key()));
        assert!(!is_signed(&receipt, &signer(8).public_key()));
        let other = SignedReceipt { receipt: "{\"left\": 1}".into(), ..receipt };
        assert!(!is_signed(&other, &signer(7).public_key()));
    }

    #[test]
    fn it_signs_as_rfc_8032_says() {
        // RFC 8032, 7.1, test 1: the empty message.
        let seed = STANDARD.decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").unwrap();
        let seed: [u8; 32] = seed.try_into().unwrap();
        let signed = ReceiptSigner::new(Zeroizing::new(seed)).sign(String::new());
        let bytes = STANDARD.decode(signed.signature).unwrap();
        assert!(
            hex(&bytes).starts_with(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
            )
        );
    }

    #[test]
    fn times_are_told_to_the_minute() {
        assert_eq!(minute(Millis::new(1_795_284_059_999)), "2026-11-21T18:00Z");
    }

    fn facts(about: SubjectKind) -> Facts {
        Facts {
            origin: "https://chat.example.eu".into(),
            erasure: ErasureId::mint(Millis::new(1), [1; 10]),
            subject: "x".into(),
            about,
            business: None,
            reason: "request".into(),
            requested_at: Millis::new(0),
            keyless_at: Millis::new(0),
            verified_at: Millis::new(0),
            found: BTreeMap::new(),
            deleted: BTreeMap::new(),
            left: BTreeMap::new(),
            slabs: BTreeMap::new(),
            vendors: processors(&["openai", MAIL, HOSTING], None, Millis::new(0)).unwrap(),
            key: "k".into(),
        }
    }

    #[test]
    fn a_receipt_never_says_that_no_copy_exists_or_that_something_is_anonymous() {
        let text = compose(facts(SubjectKind::Visitor)).unwrap().to_lowercase();
        assert!(!text.contains("no copy") && !text.contains("anonymous"), "{text}");
        assert!(text.contains("openai") && text.contains("1970-01-31t00:00z"));
    }

    #[test]
    fn b5_a_visitors_receipt_names_all_that_stays_and_for_how_long() {
        let receipt: Receipt =
            serde_json::from_str(&compose(facts(SubjectKind::Conversation)).unwrap()).unwrap();
        let said = |words: &[&str]| {
            receipt.not_covered.iter().any(|line| words.iter().all(|word| line.contains(word)))
        };
        assert!(said(&["Requests about the data", "24 months", "conversation's id"]));
        assert!(said(&["e-mail address was left", "keyed hash", "12 months"]));
        assert!(said(&["OpenAI", "up to 30 days", "Resend", "Cloudflare", "history for 30 days"]), "vendors");
        assert!(said(&["IP address", "language", "browser", "never sealed"]));
        assert!(said(&["record of this erasure", "24 months"]));
        let receipt: Receipt = serde_json::from_str(&compose(facts(SubjectKind::Account)).unwrap()).unwrap();
        assert!(
            !receipt.not_covered.iter().any(|line| line.contains("IP address")),
            "which an account has none of"
        );
    }

    #[test]
    fn nothing_random_is_a_key() {
        assert!(ReceiptSigner::parse(&Secret::new("AAAA".into())).is_none());
        assert!(ReceiptSigner::parse(&Secret::new(STANDARD.encode([0; 32]))).is_none());
        assert!(ReceiptSigner::parse(&Secret::new(STANDARD.encode([9; 32]))).is_some());
    }
}
