//! AES-256-GCM in the one shape that this house uses: plaintext in memory that is overwritten when dropped.

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

use super::derive::Key;
use super::fault::SealFault;

/// Bytes of a nonce.
pub(super) const NONCE_BYTES: usize = 12;
/// Bytes of a tag.
pub(super) const TAG_BYTES: usize = 16;

/// The nonce of a key that is used exactly once: each writing of a root or a slab has a fresh salt, so a fresh key.
pub(super) const NONCE_OF_SINGLE_USE: [u8; NONCE_BYTES] = [0; NONCE_BYTES];

/// An expanded key. The `zeroize` feature of `aes-gcm` overwrites it when dropped.
pub(super) struct Cipher(Aes256Gcm);

impl Cipher {
    pub(super) fn new(key: &Key) -> Self {
        let bytes: &[u8; 32] = key.expose();
        Self(Aes256Gcm::new(bytes.into()))
    }

    /// Appends ciphertext and tag to `out`. The plaintext is encrypted where it lies.
    pub(super) fn seal_onto(
        &self,
        out: &mut Vec<u8>,
        nonce: &[u8; NONCE_BYTES],
        associated: &[u8],
        mut plaintext: Zeroizing<Vec<u8>>,
    ) -> Result<(), SealFault> {
        let tag = self
            .0
            .encrypt_inout_detached(nonce.into(), associated, plaintext.as_mut_slice().into())
            .map_err(|_| SealFault::Misbound("too long to seal"))?;
        out.extend_from_slice(&plaintext);
        out.extend_from_slice(&tag);
        Ok(())
    }

    /// The plaintext of ciphertext and tag. `None` where they are not what was sealed.
    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE_BYTES],
        associated: &[u8],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (ciphertext, tag) = sealed.split_last_chunk::<TAG_BYTES>()?;
        let mut plaintext = Zeroizing::new(ciphertext.to_vec());
        self.0
            .decrypt_inout_detached(nonce.into(), associated, plaintext.as_mut_slice().into(), tag.into())
            .ok()?;
        Some(plaintext)
    }
}
