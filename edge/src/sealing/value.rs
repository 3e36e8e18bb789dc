//! A sealed value: what stands in a sealed column. Pure: the nonce is handed in.

use shared::limits::SEAL_PADDING_BYTES;
use shared::privacy::Secret;
use zeroize::Zeroizing;

use super::cipher::{Cipher, NONCE_BYTES};
use super::column::Cell;
use super::derive::{derived, framed};
use super::fault::SealFault;
use super::owner::{KeyOwner, KeyRef};

const VERSION: u8 = 1;
/// What the derived key is for: values in columns. Files get a purpose of their own.
const PURPOSE: &[u8] = b"cell";
/// Ends the plaintext; zeros follow.
const PADDING_MARK: u8 = 0x80;

const UNREADABLE: SealFault = SealFault::Unreadable("value");

pub(super) fn owned(label: &[u8], purpose: &[u8], owner: &KeyOwner) -> Vec<u8> {
    let parts = framed(&[purpose, owner.kind().as_bytes(), owner.text().as_bytes()]);
    [label, parts.as_slice()].concat()
}

/// The cipher for an owner's values.
pub(super) fn value_cipher(slot_key: &[u8; 32], owner: &KeyOwner) -> Result<Cipher, SealFault> {
    let key = derived(slot_key, None, &[&owned(b"lq/dek", PURPOSE, owner)])?;
    Ok(Cipher::new(&Secret::new(key)))
}

/// What the database keeps to recognise the key: GCM alone opens a blob under more than one key if somebody crafts
/// it so.
pub(super) fn commit16(slot_key: &[u8; 32], owner: &KeyOwner) -> Result<[u8; 16], SealFault> {
    derived::<16>(slot_key, None, &[&owned(b"lq/commit", b"", owner)]).map(|commit| *commit)
}

fn key_header(key: KeyRef) -> Vec<u8> {
    [&[VERSION], key.to_bytes().as_slice()].concat()
}

fn associated(key: KeyRef, cell: &Cell<'_>) -> Result<Vec<u8>, SealFault> {
    if cell.bound.len() != cell.column.bound().len() {
        return Err(SealFault::Misbound("bound columns"));
    }
    let key = key.to_bytes();
    let mut bytes = b"LQ1".to_vec();
    bytes.extend_from_slice(&cell.column.number().to_be_bytes());
    bytes.extend_from_slice(&framed(&[&cell.scope.to_bytes(), cell.row, &key]));
    bytes.extend_from_slice(&framed(cell.bound));
    Ok(bytes)
}

fn padded(plaintext: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = plaintext.len().saturating_add(1).next_multiple_of(SEAL_PADDING_BYTES);
    // The whole capacity at once: growing would leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    bytes.extend_from_slice(plaintext);
    bytes.push(PADDING_MARK);
    bytes.resize(length, 0);
    bytes
}

fn unpad(bytes: &mut Vec<u8>) -> Option<()> {
    let end = bytes.iter().rposition(|byte| *byte != 0)?;
    (*bytes.get(end)? == PADDING_MARK).then(|| bytes.truncate(end))
}

/// Seals a value for its cell.
pub(super) fn value_seal(
    cipher: &Cipher,
    key: KeyRef,
    cell: &Cell<'_>,
    plaintext: &[u8],
    nonce: [u8; NONCE_BYTES],
) -> Result<Vec<u8>, SealFault> {
    let mut blob = key_header(key);
    blob.extend_from_slice(&nonce);
    cipher.seal_onto(&mut blob, &nonce, &associated(key, cell)?, padded(plaintext))?;
    Ok(blob)
}

/// Opens a value in its cell.
pub(super) fn value_open(
    cipher: &Cipher,
    key: KeyRef,
    cell: &Cell<'_>,
    blob: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealFault> {
    let rest = blob.strip_prefix(key_header(key).as_slice()).ok_or(UNREADABLE)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(UNREADABLE)?;
    let mut plaintext = cipher.open(nonce, &associated(key, cell)?, sealed).ok_or(UNREADABLE)?;
    unpad(&mut plaintext).ok_or(UNREADABLE)?;
    Ok(plaintext)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealing::Column;
    use proptest::prelude::*;
    use shared::id::{BusinessId, ConversationId, SlabId};
    use shared::time::Millis;

    const NOW: Millis = Millis::new(1_790_000_000_000);

    fn key() -> KeyRef {
        KeyRef { slab: SlabId::mint(NOW, [3; 10]), slot: 258 }
    }

    fn owner(byte: u8) -> KeyOwner {
        KeyOwner::Conversation(ConversationId::mint(NOW, [byte; 10]))
    }

    fn cell<'a>(row: &'a [u8], bound: &'a [&'a [u8]]) -> Cell<'a> {
        Cell { column: Column::MessageBody, scope: BusinessId::mint(NOW, [1; 10]).into(), row, bound }
    }

    #[test]
    fn a_blob_is_laid_out_as_the_specification_says() {
        let cipher = value_cipher(&[7; 32], &owner(1)).unwrap();
        let bound: [&[u8]; 3] = [b"c", b"visitor", b"t"];
        let blob = value_seal(&cipher, key(), &cell(b"msg", &bound), b"hello", [9; 12]).unwrap();
        assert_eq!(blob[0], 1);
        assert_eq!(blob[1..17], key().slab.to_bytes());
        assert_eq!(blob[17..19], [1, 2]);
        assert_eq!(blob[19..31], [9; 12]);
        assert_eq!(blob.len(), 31 + 64 + 16);
    }

    #[test]
    fn a_length_says_no_more_than_its_64_bytes() {
        let cipher = value_cipher(&[7; 32], &owner(1)).unwrap();
        let bound: [&[u8]; 3] = [b"c", b"visitor", b"t"];
        let length = |plain: usize| {
            value_seal(&cipher, key(), &cell(b"msg", &bound), &vec![b'x'; plain], [9; 12]).unwrap().len()
        };
        assert_eq!([0, 1, 63, 64, 127, 128].map(length), [111, 111, 111, 175, 175, 239]);
    }

    #[test]
    fn a_commitment_belongs_to_one_key_and_one_owner() {
        let commit = commit16(&[7; 32], &owner(1)).unwrap();
        assert_eq!(commit, commit16(&[7; 32], &owner(1)).unwrap());
        assert_ne!(commit, commit16(&[8; 32], &owner(1)).unwrap());
        assert_ne!(commit, commit16(&[7; 32], &owner(2)).unwrap());
    }

    proptest! {
        #[test]
        fn any_bytes_come_back_as_they_were(plain: Vec<u8>, slot_key: [u8; 32], nonce: [u8; 12]) {
            let cipher = value_cipher(&slot_key, &owner(1)).unwrap();
            let bound: [&[u8]; 3] = [b"c", b"visitor", b"t"];
            let blob = value_seal(&cipher, key(), &cell(b"msg", &bound), &plain, nonce).unwrap();
            let opened = value_open(&cipher, key(), &cell(b"msg", &bound), &blob).unwrap();
            prop_assert_eq!(&*opened, &plain);
        }

        #[test]
        fn no_bytes_make_the_opener_panic(blob: Vec<u8>, cut in 0usize..111, flip in 0usize..111) {
            let cipher = value_cipher(&[7; 32], &owner(1)).unwrap();
            let bound: [&[u8]; 3] = [b"c", b"visitor", b"t"];
            prop_assert!(value_open(&cipher, key(), &cell(b"msg", &bound), &blob).is_err());
            let mut sealed = value_seal(&cipher, key(), &cell(b"msg", &bound), b"hello", [9; 12]).unwrap();
            prop_assert!(value_open(&cipher, key(), &cell(b"msg", &bound), &sealed[..cut]).is_err());
            sealed[flip] ^= 1;
            prop_assert!(value_open(&cipher, key(), &cell(b"msg", &bound), &sealed).is_err());
        }
    }
}
