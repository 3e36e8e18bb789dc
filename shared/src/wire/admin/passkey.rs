//! Passkeys (WebAuthn), as far as both sides must agree. Bytes travel in base64url without padding.

use serde::{Deserialize, Serialize};

use crate::id::{CodeId, PasskeyId};
use crate::time::Millis;

/// What `navigator.credentials.create` needs to make a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PasskeyOffer {
    /// Which challenge; goes back with the answer. It works once, for five minutes.
    pub challenge: CodeId,
    /// The challenge's bytes.
    pub challenge_bytes: String,
    /// The relying party: a host name.
    pub rp_id: String,
    /// The user handle: bytes that say nothing about the person.
    pub user_handle: String,
    /// COSE algorithms that are accepted: -7 (ES256) and -257 (RS256).
    pub algorithms: Vec<i32>,
    /// Credentials that the person has already.
    pub exclude: Vec<String>,
    /// How long the browser may wait.
    pub timeout_ms: u32,
}

/// A passkey that was made. `AuthenticatorAttestationResponse` has a getter for each part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PasskeyMade {
    /// Which challenge it answers.
    pub challenge: CodeId,
    /// What the authenticator calls the credential.
    pub credential: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `getAuthenticatorData()`.
    pub authenticator_data: String,
    /// `getPublicKey()`: SubjectPublicKeyInfo.
    pub public_key: String,
    /// `getPublicKeyAlgorithm()`.
    pub algorithm: i32,
}

/// What `navigator.credentials.get` needs to sign in. No credential is named: the authenticator knows who it serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PasskeyChallenge {
    /// Which challenge; goes back with the answer. It works once, for five minutes.
    pub challenge: CodeId,
    /// The challenge's bytes.
    pub challenge_bytes: String,
    /// The relying party: a host name.
    pub rp_id: String,
    /// How long the browser may wait.
    pub timeout_ms: u32,
}

/// A challenge that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PasskeySigned {
    /// Which challenge it answers.
    pub challenge: CodeId,
    /// Which credential signed.
    pub credential: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `authenticatorData`.
    pub authenticator_data: String,
    /// `signature`.
    pub signature: String,
}

/// A passkey of the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Passkey {
    /// Which.
    pub id: PasskeyId,
    /// What it was made on.
    pub device: String,
    /// When.
    pub created_at: Millis,
    /// When it last signed somebody in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Millis>,
}

/// The passkeys of the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Passkeys {
    /// Each of them, oldest first.
    pub passkeys: Vec<Passkey>,
}
