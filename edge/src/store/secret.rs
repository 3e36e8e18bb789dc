//! A secret as it stands in its row: sealed, with what finds and proves its key.

use serde::Deserialize;
use shared::id::SlabId;

use crate::sealing::KeyRef;

/// A sealed secret.
#[derive(Debug, Clone)]
pub struct SealedSecret {
    /// Its key.
    pub key: KeyRef,
    /// What proves the key.
    pub commit: Vec<u8>,
    /// The ciphertext.
    pub secret: Vec<u8>,
}

/// The columns that a row of any such table has.
#[derive(Deserialize)]
pub(super) struct SecretRow {
    slab: SlabId,
    slot: u16,
    commit16: Vec<u8>,
    secret: Vec<u8>,
}

impl From<SecretRow> for SealedSecret {
    fn from(row: SecretRow) -> Self {
        Self { key: KeyRef { slab: row.slab, slot: row.slot }, commit: row.commit16, secret: row.secret }
    }
}
