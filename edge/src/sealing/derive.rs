//! Deriving keys: HKDF-SHA-256 (RFC 5869) and nothing else, each use under a label of its own.

use hkdf::Hkdf;
use sha2::Sha256;
use shared::privacy::Secret;
use zeroize::Zeroizing;

use super::fault::SealFault;

/// 32 bytes of key: never shown, overwritten when dropped.
pub(super) type Key = Secret<Zeroizing<[u8; 32]>>;

/// `N` bytes from `key`, under `salt` and the concatenation of `info`.
pub(super) fn derived<const N: usize>(
    key: &[u8; 32],
    salt: Option<&[u8]>,
    info: &[&[u8]],
) -> Result<Zeroizing<[u8; N]>, SealFault> {
    let mut bytes = Zeroizing::new([0; N]);
    // HKDF-SHA-256 gives up to 8,160 bytes, far above any N of ours; a key of zeros must still be impossible.
    Hkdf::<Sha256>::new(salt, key)
        .expand_multi_info(info, &mut *bytes)
        .map_err(|_| SealFault::Unreadable("derivation"))?;
    Ok(bytes)
}

/// A key from a key.
pub(super) fn derived_key(key: &Key, salt: Option<&[u8]>, info: &[&[u8]]) -> Result<Key, SealFault> {
    derived(key.expose(), salt, info).map(Secret::new)
}

/// Parts, each after its length (eight bytes, big endian), so that no two lists of parts look alike.
pub(super) fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivation_is_the_rfc_5869_one() {
        // The PRK of RFC 5869's A.1 needs a key of 22 bytes; with 32 bytes of 0x0b the reference is Python's
        // `hmac`: HMAC(HMAC("salt", 0x0b * 32), "lq/test" + 0x01).
        let bytes: Zeroizing<[u8; 32]> = derived(&[0x0b; 32], Some(b"salt"), &[b"lq/", b"test"]).unwrap();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "4ce0c8ba561e4054b1f98acaa866163481a736b461c9be9adc29183b37853ff6");
    }

    #[test]
    fn framed_parts_can_not_be_cut_another_way() {
        assert_ne!(framed(&[b"ab", b"c"]), framed(&[b"a", b"bc"]));
        assert_ne!(framed(&[b"", b"a"]), framed(&[b"a", b""]));
    }
}
