//! What a receipt of an erasure says, and how it is tied to whoever holds it.

use sha2::{Digest, Sha256};
use shared::id::ErasureId;

use super::credential::hex;

/// What stands in a receipt for the subject: the holder, who has the nonce, can show that it is theirs; nobody else can
/// tell whom it is about.
pub fn commitment(nonce: &str, id: ErasureId) -> String {
    hex(&Sha256::new().chain_update(nonce.as_bytes()).chain_update(id.to_string().as_bytes()).finalize())
}
