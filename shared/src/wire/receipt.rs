//! Receipts of erasures, as whoever holds one reads and checks it.

use serde::{Deserialize, Serialize};

use crate::id::ErasureId;
use crate::time::Millis;

/// A signed receipt. The signature is over the exact bytes of `receipt`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SignedReceipt {
    /// What is said: a JSON document, as text.
    pub receipt: String,
    /// Ed25519, in base64.
    pub signature: String,
    /// Which key signed it.
    pub key: String,
}

/// Asks for the receipt of an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReadReceipt {
    /// Which erasure.
    pub erasure: ErasureId,
    /// What was handed out when it was asked for.
    pub nonce: String,
}

/// How far an erasure is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ErasureProgress {
    /// `requested`, `condemned`, `keyless`, `emptied`, `verified` or `receipted`.
    pub state: String,
    /// Why it does not go on, where it does not: `hold` or `signing_key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
    /// The receipt, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<SignedReceipt>,
}

/// What looking at a receipt showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CheckedReceipt {
    /// This deployment signed exactly these words.
    pub valid: bool,
    /// The key that it was signed by, where this deployment knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ReceiptKey>,
}

/// A public key that receipts are or were signed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReceiptKey {
    /// The first 16 hex digits of the SHA-256 of the public key.
    pub id: String,
    /// The public key, in PEM: what `openssl pkeyutl -verify` takes.
    pub public_key: String,
    /// When it first signed something.
    pub first_at: Millis,
}

/// Every key of this deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReceiptKeys {
    /// The keys.
    pub keys: Vec<ReceiptKey>,
}
