//! The master key: the one secret of a deployment. It feeds HKDF and nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::privacy::Secret;
use zeroize::Zeroizing;

use super::derive::{Key, derived, derived_key};
use super::fault::SealFault;

/// Which master key a root was sealed under: derived from the key itself, so that nobody has to number them.
pub(super) type MasterId = [u8; 8];

/// Why a configured master key can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MasterFault {
    /// `MASTER_KEY` is not 32 bytes.
    #[error("must be 32 random bytes in base64")]
    Malformed,
    /// `MASTER_KEY_PREVIOUS` is not 32 bytes.
    #[error("MASTER_KEY_PREVIOUS must be 32 random bytes in base64, or absent")]
    PreviousMalformed,
    /// A placeholder like a row of zeros.
    #[error("is a placeholder, not random bytes")]
    Placeholder,
}

#[derive(Clone)]
pub(super) struct Master {
    pub(super) id: MasterId,
    key: Key,
}

impl Master {
    fn parse(text: &Secret<String>, malformed: MasterFault) -> Result<Self, MasterFault> {
        let bytes = STANDARD.decode(text.expose().trim()).map(Zeroizing::new).map_err(|_| malformed)?;
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| malformed)?;
        let key: Key = Secret::new(Zeroizing::new(bytes));
        // 32 random bytes hold fewer than eight different values about once in 10^36.
        let mut values = Zeroizing::new(bytes.to_vec());
        values.sort_unstable();
        values.dedup();
        if values.len() < 8 {
            return Err(MasterFault::Placeholder);
        }
        let id = derived::<8>(key.expose(), None, &[b"lq/kid"]).map_err(|_| malformed)?;
        Ok(Self { id: *id, key })
    }

    /// The key that seals the root of `scope` under `salt`.
    pub(super) fn root_key(&self, salt: &[u8], scope: &str) -> Result<Key, SealFault> {
        derived_key(&self.key, Some(salt), &[b"lq/root", scope.as_bytes()])
    }
}

/// The master key of a deployment, and the one before it while a rotation lasts.
#[derive(Clone)]
pub struct MasterKeys {
    current: Option<Master>,
    previous: Option<Master>,
}

impl std::fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKeys(…)")
    }
}

impl MasterKeys {
    /// Reads `MASTER_KEY` and, where there is one, `MASTER_KEY_PREVIOUS`: 32 bytes each, in base64.
    pub fn parse(current: &Secret<String>, previous: Option<&Secret<String>>) -> Result<Self, MasterFault> {
        let current = Master::parse(current, MasterFault::Malformed)?;
        let previous =
            previous.map(|text| Master::parse(text, MasterFault::PreviousMalformed)).transpose()?;
        Ok(Self { current: Some(current), previous })
    }

    /// No master key: whatever needs one fails with [`SealFault::NoMaster`], and `/readyz` is red.
    pub const fn none() -> Self {
        Self { current: None, previous: None }
    }

    /// A key for a purpose that is not sealing. `purpose` is a label like `lq/token`, none of those in this folder.
    pub fn derive(&self, purpose: &str) -> Result<Zeroizing<[u8; 32]>, SealFault> {
        derived(self.current()?.key.expose(), None, &[purpose.as_bytes()])
    }

    /// A previous key is still there: roots that it seals have to be sealed anew.
    pub const fn is_rotating(&self) -> bool {
        self.previous.is_some()
    }

    pub(super) fn current(&self) -> Result<&Master, SealFault> {
        self.current.as_ref().ok_or(SealFault::NoMaster)
    }

    pub(super) fn by_id(&self, id: MasterId) -> Result<&Master, SealFault> {
        let current = self.current()?;
        [Some(current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|master| master.id == id)
            .ok_or(SealFault::UnknownMaster)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Secret<String> {
        Secret::new(STANDARD.encode(bytes))
    }

    fn random(first: u8) -> Vec<u8> {
        (first..).take(32).collect()
    }

    #[test]
    fn a_master_key_is_32_random_bytes_in_base64() {
        assert!(MasterKeys::parse(&text(&random(1)), None).is_ok());
        assert!(MasterKeys::parse(&text(&random(1)), Some(&text(&random(2)))).is_ok());
        for malformed in ["", "x", "not base64!", "AAAA"] {
            let fault = MasterKeys::parse(&Secret::new(malformed.into()), None).unwrap_err();
            assert_eq!(fault, MasterFault::Malformed);
        }
        let fault = MasterKeys::parse(&text(&random(1)[..31]), None).unwrap_err();
        assert_eq!(fault, MasterFault::Malformed);
        let fault = MasterKeys::parse(&text(&random(1)), Some(&Secret::new("x".into()))).unwrap_err();
        assert_eq!(fault, MasterFault::PreviousMalformed);
    }

    #[test]
    fn a_placeholder_is_no_master_key() {
        assert_eq!(MasterKeys::parse(&text(&[0; 32]), None).unwrap_err(), MasterFault::Placeholder);
        let repeated: Vec<u8> = b"changeme".iter().copied().cycle().take(32).collect();
        assert_eq!(MasterKeys::parse(&text(&repeated), None).unwrap_err(), MasterFault::Placeholder);
    }

    #[test]
    fn nothing_of_a_master_key_shows_in_debug_output() {
        let keys = MasterKeys::parse(&text(&random(65)), None).unwrap();
        assert_eq!(format!("{keys:?}"), "MasterKeys(…)");
        let fault = MasterKeys::parse(&Secret::new("hunter2".into()), None).unwrap_err();
        assert!(!format!("{fault:?} {fault}").contains("hunter2"));
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let keys = MasterKeys::parse(&text(&random(1)), None).unwrap();
        assert_ne!(keys.derive("lq/token").unwrap(), keys.derive("lq/ticket").unwrap());
        assert!(matches!(MasterKeys::none().derive("lq/token"), Err(SealFault::NoMaster)));
    }
}
