//! A key in the hand of an operation: it seals and opens the values of one owner.

use shared::limits::SLAB_CACHE_MS;
use shared::time::Millis;
use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::column::Cell;
use super::derive::Key;
use super::fault::{SealFault, Watch};
use super::owner::{KeyRef, KeyScope};
use super::value::{value_open, value_seal};
use crate::platform::Rng;

/// A key of one owner. It lives as long as the operation that asked for it and is never kept: after 60 seconds it
/// opens nothing. It still seals then, because the database refuses rows under a key that is not live.
pub struct SealingKey {
    pub(super) reference: KeyRef,
    pub(super) scope: KeyScope,
    pub(super) cipher: Cipher,
    /// What the keys of files follow from.
    pub(super) files: Key,
    pub(super) read_at: Millis,
    pub(super) watch: Watch,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({}/{}, …)", self.reference.slab, self.reference.slot)
    }
}

impl SealingKey {
    /// Where the key lies: what the row's `slab` and `slot` must say.
    pub const fn reference(&self) -> KeyRef {
        self.reference
    }

    /// Seals a value for its cell, under a fresh nonce. Sealing twice gives two different blobs, so a retry sends the
    /// first one again.
    ///
    /// Fails with `Misbound` where the cell does not fit the key or the column.
    pub fn seal(&self, cell: Cell<'_>, plaintext: &[u8], rng: &Rng) -> Result<Vec<u8>, SealFault> {
        if cell.scope != self.scope {
            return Err(SealFault::Misbound("another scope"));
        }
        value_seal(&self.cipher, self.reference, &cell, plaintext, rng.bytes()?)
    }

    /// Opens a value in its cell.
    ///
    /// Fails with `Unreadable` where the blob was sealed for another cell or key or was damaged, and with `Expired`
    /// where the key was read more than 60 seconds ago.
    pub fn open(&self, cell: Cell<'_>, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealFault> {
        if !(0..SLAB_CACHE_MS).contains(&self.watch.now().since_ms(self.read_at)) {
            return Err(SealFault::Expired);
        }
        self.watch.noted(value_open(&self.cipher, self.reference, &cell, blob))
    }
}
