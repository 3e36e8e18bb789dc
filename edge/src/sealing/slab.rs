//! A slab: 512 keys of one family of one scope in one object, sealed as a whole. Pure: bytes in, bytes out.
//!
//! A slot is living (a random key, no tombstone) or gone (zeros, and the time when). There is no way back.

use shared::id::SlabId;
use shared::limits::SLAB_SLOTS;
use shared::time::Millis;
use zeroize::Zeroizing;

use super::cipher::{Cipher, NONCE_OF_SINGLE_USE, TAG_BYTES};
use super::derive::{Key, derived_key};
use super::fault::SealFault;
use super::owner::{Family, KeyScope};
use super::root::scope_prefix;

const MAGIC: &[u8; 4] = b"LQS1";
/// Where the epoch stands: after magic, family letter and slab.
const EPOCH_AT: usize = 21;
const SALT_BYTES: usize = 32;
const SLOTS: usize = SLAB_SLOTS as usize;
const KEY_BYTES: usize = 32;
const GONE: [u8; KEY_BYTES] = [0; KEY_BYTES];
const KEYS_BYTES: usize = SLOTS * KEY_BYTES;
const TOMBSTONES_BYTES: usize = SLOTS * 8;

const UNREADABLE: SealFault = SealFault::Unreadable("slab");

/// Which slab it is: part of its object's name and of what it is sealed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SlabName {
    pub(super) scope: KeyScope,
    pub(super) family: Family,
    pub(super) slab: SlabId,
}

impl SlabName {
    pub(super) fn object(&self) -> String {
        format!("{}{}/{}", scope_prefix(self.scope), self.family.letter(), self.slab)
    }

    fn header(&self, epoch: u32, salt: &[u8; SALT_BYTES]) -> Vec<u8> {
        let scope = self.scope.to_string();
        let mut header = MAGIC.to_vec();
        header.extend_from_slice(self.family.letter().as_bytes());
        header.extend_from_slice(&self.slab.to_bytes());
        header.extend_from_slice(&epoch.to_be_bytes());
        header.extend_from_slice(salt);
        header.push(u8::try_from(scope.len()).unwrap_or(u8::MAX));
        header.extend_from_slice(scope.as_bytes());
        header
    }
}

/// An opened slab.
pub(super) struct Slab {
    name: SlabName,
    epoch: u32,
    keys: Zeroizing<Vec<[u8; KEY_BYTES]>>,
    tombstones: Vec<i64>,
}

impl std::fmt::Debug for Slab {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slab({}, epoch {}, …)", self.name.slab, self.epoch)
    }
}

impl Slab {
    /// A new slab of the random keys that are handed in.
    pub(super) fn minted(name: SlabName, keys: Zeroizing<Vec<[u8; KEY_BYTES]>>) -> Result<Self, SealFault> {
        if keys.len() != SLOTS || keys.contains(&GONE) {
            return Err(SealFault::Misbound("a slab is minted of 512 random keys"));
        }
        Ok(Self { name, epoch: 0, keys, tombstones: vec![0; SLOTS] })
    }

    /// How often keys of it were destroyed.
    pub(super) const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The key of a slot. Fails with `Destroyed` where it is gone.
    pub(super) fn key(&self, slot: u16) -> Result<&[u8; KEY_BYTES], SealFault> {
        let key = self.keys.get(usize::from(slot)).ok_or(SealFault::Misbound("no such slot"))?;
        if self.is_gone(slot) { Err(SealFault::Destroyed) } else { Ok(key) }
    }

    /// Whether a slot's key was destroyed.
    pub(super) fn is_gone(&self, slot: u16) -> bool {
        self.tombstones.get(usize::from(slot)).is_some_and(|time| *time != 0)
    }

    /// The same slab with more slots gone, one epoch on.
    pub(super) fn without(&self, slots: &[u16], now: Millis) -> Self {
        let mut next = Self {
            name: self.name,
            epoch: self.epoch.saturating_add(1),
            keys: self.keys.clone(),
            tombstones: self.tombstones.clone(),
        };
        for slot in slots.iter().copied().map(usize::from) {
            let pair = (next.keys.get_mut(slot), next.tombstones.get_mut(slot));
            if let (Some(key), Some(tombstone @ 0)) = pair {
                *key = GONE;
                *tombstone = now.as_i64().max(1);
            }
        }
        next
    }

    /// The slots that are gone here and were living in `earlier`, in order. `None` where anything else changed: a key
    /// that differs or came back, a tombstone that moved, an epoch that went down.
    pub(super) fn gone_since(&self, earlier: &Self) -> Option<Vec<u16>> {
        if self.name != earlier.name || self.epoch < earlier.epoch {
            return None;
        }
        let mut gone = Vec::new();
        for slot in 0..SLAB_SLOTS {
            let at = usize::from(slot);
            let unchanged = self.keys.get(at) == earlier.keys.get(at)
                && self.tombstones.get(at) == earlier.tombstones.get(at);
            if unchanged {
                continue;
            }
            if !self.is_gone(slot) || earlier.is_gone(slot) {
                return None;
            }
            gone.push(slot);
        }
        Some(gone)
    }

    /// The object's bytes under a fresh salt.
    pub(super) fn sealed(&self, root: &Key, salt: &[u8; SALT_BYTES]) -> Result<Vec<u8>, SealFault> {
        let mut body = Zeroizing::new(Vec::with_capacity(KEYS_BYTES.saturating_add(TOMBSTONES_BYTES)));
        body.extend_from_slice(self.keys.as_flattened());
        for time in &self.tombstones {
            body.extend_from_slice(&time.to_be_bytes());
        }
        let mut bytes = self.name.header(self.epoch, salt);
        let header = bytes.clone();
        let cipher = Cipher::new(&derived_key(root, Some(salt), &[&header])?);
        cipher.seal_onto(&mut bytes, &NONCE_OF_SINGLE_USE, &header, body)?;
        Ok(bytes)
    }

    /// Opens an object's bytes, which must be the slab that is asked for.
    pub(super) fn opened(name: SlabName, root: &Key, bytes: &[u8]) -> Result<Self, SealFault> {
        let (epoch, rest) =
            bytes.get(EPOCH_AT..).and_then(<[u8]>::split_first_chunk::<4>).ok_or(UNREADABLE)?;
        let salt = rest.first_chunk::<SALT_BYTES>().ok_or(UNREADABLE)?;
        let epoch = u32::from_be_bytes(*epoch);
        let header = name.header(epoch, salt);
        let ciphertext = bytes.strip_prefix(header.as_slice()).ok_or(UNREADABLE)?;
        if ciphertext.len() != KEYS_BYTES.saturating_add(TOMBSTONES_BYTES).saturating_add(TAG_BYTES) {
            return Err(UNREADABLE);
        }
        let cipher = Cipher::new(&derived_key(root, Some(salt), &[&header])?);
        let body = cipher.open(&NONCE_OF_SINGLE_USE, &header, ciphertext).ok_or(UNREADABLE)?;
        let (keys, tombstones) = body.split_at_checked(KEYS_BYTES).ok_or(UNREADABLE)?;
        let slab = Self {
            name,
            epoch,
            keys: Zeroizing::new(keys.as_chunks::<KEY_BYTES>().0.to_vec()),
            tombstones: tombstones.as_chunks::<8>().0.iter().map(|time| i64::from_be_bytes(*time)).collect(),
        };
        // A slot is living or gone, never half of each.
        let whole = slab.keys.iter().zip(&slab.tombstones).all(|(key, time)| (*key == GONE) == (*time != 0));
        if whole { Ok(slab) } else { Err(UNREADABLE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::id::BusinessId;
    use shared::privacy::Secret;

    const NOW: Millis = Millis::new(1_790_000_000_000);

    fn name() -> SlabName {
        SlabName {
            scope: BusinessId::mint(NOW, [1; 10]).into(),
            family: Family::Conversation,
            slab: SlabId::mint(NOW, [2; 10]),
        }
    }

    fn slab() -> Slab {
        let key = |slot: u16| -> [u8; 32] {
            let mut key = [7; 32];
            key[..2].copy_from_slice(&slot.to_be_bytes());
            key
        };
        Slab::minted(name(), Zeroizing::new((0..512).map(key).collect())).unwrap()
    }

    fn root(byte: u8) -> Key {
        Secret::new(Zeroizing::new([byte; 32]))
    }

    #[test]
    fn a_slab_is_20_584_bytes_and_reads_back() {
        let bytes = slab().sealed(&root(1), &[9; 32]).unwrap();
        assert_eq!(bytes.len(), 88 + 512 * 40 + 16);
        let read = Slab::opened(name(), &root(1), &bytes).unwrap();
        assert_eq!(read.gone_since(&slab()), Some(vec![]));
        assert_eq!(read.epoch(), 0);
    }

    #[test]
    fn a_slab_opens_only_whole_under_its_root_and_by_its_name() {
        let bytes = slab().sealed(&root(1), &[9; 32]).unwrap();
        assert!(Slab::opened(name(), &root(2), &bytes).is_err());
        for other in [
            SlabName { scope: BusinessId::mint(NOW, [8; 10]).into(), ..name() },
            SlabName { scope: KeyScope::Accounts, ..name() },
            SlabName { family: Family::Day, ..name() },
            SlabName { slab: SlabId::mint(NOW, [8; 10]), ..name() },
        ] {
            assert!(Slab::opened(other, &root(1), &bytes).is_err());
        }
        for length in [0, 3, 20, 24, 57, 87, 88, 104, bytes.len() - 1] {
            assert!(Slab::opened(name(), &root(1), &bytes[..length]).is_err(), "cut to {length}");
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert!(Slab::opened(name(), &root(1), &longer).is_err());
    }

    #[test]
    fn no_two_writings_of_a_slab_share_bytes_beyond_the_header() {
        let first = slab().sealed(&root(1), &[1; 32]).unwrap();
        let second = slab().sealed(&root(1), &[2; 32]).unwrap();
        let same = first[88..].iter().zip(&second[88..]).filter(|(a, b)| a == b).count();
        assert!(same < 300, "{same} of 20,496 bytes agree; chance makes about 80");
    }

    #[test]
    fn debug_output_of_a_slab_holds_no_key() {
        let shown = format!("{:?}", slab());
        assert!(shown.ends_with("epoch 0, …)"), "{shown}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_flipped_bit_is_noticed(at in 0usize..20_584, bit in 0u8..8) {
            let mut bytes = slab().sealed(&root(1), &[9; 32]).unwrap();
            bytes[at] ^= 1 << bit;
            prop_assert!(Slab::opened(name(), &root(1), &bytes).is_err());
        }

        #[test]
        fn i1_keys_disappear_and_never_change_or_return(
            rounds in proptest::collection::vec(proptest::collection::btree_set(0u16..512, 0..40), 1..6),
        ) {
            let first = slab();
            let mut now = slab();
            let mut gone = std::collections::BTreeSet::new();
            for (round, condemned) in rounds.into_iter().enumerate() {
                let condemned: Vec<u16> = condemned.into_iter().collect();
                let next = now.without(&condemned, NOW.plus_ms(round as i64));
                let bytes = next.sealed(&root(1), &[round as u8; 32]).unwrap();
                let read = Slab::opened(name(), &root(1), &bytes).unwrap();
                let fresh: Vec<u16> = condemned.into_iter().filter(|slot| gone.insert(*slot)).collect();
                prop_assert_eq!(read.gone_since(&now), Some(fresh.clone()));
                // Going back is noticed.
                prop_assert_eq!(now.gone_since(&read), None);
                now = read;
            }
            for slot in 0..512u16 {
                match now.key(slot) {
                    Ok(key) => prop_assert!(!gone.contains(&slot) && key == first.key(slot).unwrap()),
                    Err(fault) => prop_assert!(gone.contains(&slot) && matches!(fault, SealFault::Destroyed)),
                }
            }
        }
    }

    #[test]
    fn a_changed_or_returned_key_is_noticed() {
        let before = slab().without(&[3], NOW);
        let mut changed = slab().without(&[3], NOW);
        changed.keys[5] = [1; 32];
        assert_eq!(changed.gone_since(&before), None);
        let mut returned = slab().without(&[3], NOW);
        returned.keys[3] = [1; 32];
        returned.tombstones[3] = 0;
        assert_eq!(returned.gone_since(&before), None);
        let mut later = slab().without(&[3], NOW);
        later.tombstones[3] += 1;
        assert_eq!(later.gone_since(&before), None);
    }

    #[test]
    fn half_a_tombstone_does_not_open() {
        let mut half = slab();
        half.keys[3] = GONE;
        let bytes = half.sealed(&root(1), &[9; 32]).unwrap();
        assert!(Slab::opened(name(), &root(1), &bytes).is_err());
        let mut half = slab();
        half.tombstones[3] = 1;
        let bytes = half.sealed(&root(1), &[9; 32]).unwrap();
        assert!(Slab::opened(name(), &root(1), &bytes).is_err());
    }
}
