//! A sealed file: what stands in the bucket FILES. Frames of 64 KiB, so that neither sealing nor opening holds more than
//! one of them; each frame says which one it is and whether it is the last, so that a file that was cut, reordered or
//! put together from two does not open.

use shared::id::{ConversationId, FileId};
use shared::limits::{FILE_FRAME_BYTES, SLAB_CACHE_MS};
use shared::privacy::Secret;
use shared::time::Millis;
use zeroize::Zeroizing;

use super::cipher::{Cipher, NONCE_BYTES, TAG_BYTES};
use super::derive::{Key, derived, derived_key, framed};
use super::fault::{SealFault, Watch};
use super::key::SealingKey;
use super::owner::{KeyOwner, KeyRef, KeyScope};
use super::value::owned;
use crate::platform::Rng;

const MAGIC: &[u8; 4] = b"LQF1";
/// Random bytes in front of the frame's number: together they are a nonce.
const PREFIX_BYTES: usize = 8;
/// Magic, slab, slot, prefix.
const HEADER_BYTES: usize = 4 + 16 + 2 + PREFIX_BYTES;
const SEALED_FRAME_BYTES: usize = FILE_FRAME_BYTES + TAG_BYTES;
/// What the derived key is for.
const PURPOSE: &[u8] = b"file";

const UNREADABLE: SealFault = SealFault::Unreadable("file");

/// The key from which the keys of an owner's files follow.
pub(super) fn files_key(slot_key: &[u8; 32], owner: &KeyOwner) -> Result<Key, SealFault> {
    derived(slot_key, None, &[&owned(b"lq/dek", PURPOSE, owner)]).map(Secret::new)
}

/// Which file it is. Its ciphertext opens under this very name only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileName {
    /// The business.
    pub scope: KeyScope,
    /// The conversation.
    pub conversation: ConversationId,
    /// The file.
    pub file: FileId,
}

impl FileName {
    /// The object's name.
    pub fn object(&self) -> String {
        format!("{}{}", files_prefix(self.scope, Some(self.conversation)), self.file)
    }
}

/// What the names of all files of a conversation, or of a business, begin with.
pub fn files_prefix(scope: KeyScope, conversation: Option<ConversationId>) -> String {
    conversation.map_or_else(|| format!("f/{scope}/"), |conversation| format!("f/{scope}/{conversation}/"))
}

/// What both directions share: the file's own key, and what its frames are bound to.
struct Frames {
    cipher: Cipher,
    header: [u8; HEADER_BYTES],
    bound: Vec<u8>,
    number: u32,
}

impl Frames {
    fn new(key: &SealingKey, name: &FileName, header: [u8; HEADER_BYTES]) -> Result<Self, SealFault> {
        if name.scope != key.scope {
            return Err(SealFault::Misbound("another scope"));
        }
        let named = framed(&[&name.scope.to_bytes(), &name.conversation.to_bytes(), &name.file.to_bytes()]);
        let cipher = Cipher::new(&derived_key(&key.files, None, &[b"lq/file", &named])?);
        let bound = [header.as_slice(), &named].concat();
        Ok(Self { cipher, header, bound, number: 0 })
    }

    /// The next frame's nonce and associated data.
    fn next(&mut self, is_last: bool) -> Result<([u8; NONCE_BYTES], Vec<u8>), SealFault> {
        let number = self.number.to_be_bytes();
        self.number = self.number.checked_add(1).ok_or(SealFault::Misbound("too long to seal"))?;
        let (_, prefix) = self.header.split_last_chunk::<PREFIX_BYTES>().ok_or(UNREADABLE)?;
        let mut nonce = [0; NONCE_BYTES];
        for (byte, from) in nonce.iter_mut().zip(prefix.iter().chain(&number)) {
            *byte = *from;
        }
        Ok((nonce, [self.bound.as_slice(), &number, &[u8::from(is_last)]].concat()))
    }
}

fn header(reference: KeyRef, prefix: [u8; PREFIX_BYTES]) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    let parts = MAGIC.iter().copied().chain(reference.to_bytes()).chain(prefix);
    for (byte, from) in header.iter_mut().zip(parts) {
        *byte = from;
    }
    header
}

/// Which key opens a file: what its first bytes say. `None` where they are no header.
pub fn file_reference(start: &[u8]) -> Option<KeyRef> {
    let (slab, rest) = start.strip_prefix(MAGIC)?.split_first_chunk::<16>()?;
    let (slot, _) = rest.split_first_chunk::<2>()?;
    Some(KeyRef { slab: shared::id::SlabId::from_bytes(*slab), slot: u16::from_be_bytes(*slot) })
}

/// Seals a file as it comes in.
pub struct FileSealer {
    frames: Frames,
    held: Zeroizing<Vec<u8>>,
    begun: bool,
}

impl FileSealer {
    /// Begins to seal a file under a conversation's key. Each file has a key of its own, so a name is used once.
    pub fn new(key: &SealingKey, name: &FileName, rng: &Rng) -> Result<Self, SealFault> {
        let frames = Frames::new(key, name, header(key.reference(), rng.bytes()?))?;
        Ok(Self { frames, held: Zeroizing::new(Vec::with_capacity(FILE_FRAME_BYTES)), begun: false })
    }

    /// Takes more plaintext and appends what it makes of it. One frame at most is held back: only what follows says
    /// whether it is the last.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), SealFault> {
        while !bytes.is_empty() {
            if self.held.len() >= FILE_FRAME_BYTES {
                self.seal(false, out)?;
            }
            let room = FILE_FRAME_BYTES.saturating_sub(self.held.len());
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.held.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Seals the last frame.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), SealFault> {
        self.seal(true, out)
    }

    fn seal(&mut self, is_last: bool, out: &mut Vec<u8>) -> Result<(), SealFault> {
        if !std::mem::replace(&mut self.begun, true) {
            out.extend_from_slice(&self.frames.header);
        }
        let fresh = Zeroizing::new(Vec::with_capacity(FILE_FRAME_BYTES));
        let plain = std::mem::replace(&mut self.held, fresh);
        let (nonce, associated) = self.frames.next(is_last)?;
        self.frames.cipher.seal_onto(out, &nonce, &associated, plain)
    }
}

/// Opens a file as it is read.
pub struct FileOpener {
    frames: Frames,
    held: Vec<u8>,
    headed: bool,
    read_at: Millis,
    watch: Watch,
}

impl FileOpener {
    /// How many of the first bytes say which key opens it.
    pub const START_BYTES: usize = HEADER_BYTES;

    /// Begins to open a file. `start` are the bytes that [`file_reference`] was asked with; they come in again by `push`.
    pub fn new(key: &SealingKey, name: &FileName, start: &[u8]) -> Result<Self, SealFault> {
        let header: &[u8; HEADER_BYTES] = start.first_chunk().ok_or(UNREADABLE)?;
        if file_reference(start) != Some(key.reference()) {
            return Err(SealFault::Misbound("another key"));
        }
        let frames = Frames::new(key, name, *header)?;
        Ok(Self { frames, held: Vec::new(), headed: false, read_at: key.read_at, watch: key.watch.clone() })
    }

    /// Whether its key was read too long ago to open more. [`FileOpener::renew`] with one that was asked for anew helps:
    /// an erasure that came meanwhile ends the reading there.
    pub fn is_stale(&self) -> bool {
        !(0..SLAB_CACHE_MS).contains(&self.watch.now().since_ms(self.read_at))
    }

    /// Goes on under the same key, read again.
    pub fn renew(&mut self, key: &SealingKey) -> Result<(), SealFault> {
        if file_reference(&self.frames.header) != Some(key.reference()) {
            return Err(SealFault::Misbound("another key"));
        }
        self.read_at = key.read_at;
        Ok(())
    }

    /// Takes more of the object and appends the frames that are proved by it.
    ///
    /// Fails with `Unreadable` where a frame is not the one that belongs here, and with `Expired`.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), SealFault> {
        while !bytes.is_empty() {
            let wanted = if self.headed { SEALED_FRAME_BYTES } else { HEADER_BYTES };
            if self.held.len() >= wanted {
                if self.headed {
                    self.open(false, out)?;
                } else {
                    self.header_take()?;
                }
                continue;
            }
            let room = wanted.saturating_sub(self.held.len());
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.held.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Opens the last frame. Without it nobody may take what was opened for the whole file.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), SealFault> {
        if !self.headed {
            return self.watch.noted(Err(UNREADABLE));
        }
        self.open(true, out)
    }

    fn header_take(&mut self) -> Result<(), SealFault> {
        let held = std::mem::take(&mut self.held);
        self.headed = true;
        self.watch.noted(if held == self.frames.header { Ok(()) } else { Err(UNREADABLE) })
    }

    fn open(&mut self, is_last: bool, out: &mut Vec<u8>) -> Result<(), SealFault> {
        if self.is_stale() {
            return Err(SealFault::Expired);
        }
        let (nonce, associated) = self.frames.next(is_last)?;
        let opened = self.frames.cipher.open(&nonce, &associated, &self.held).ok_or(UNREADABLE);
        out.extend_from_slice(&self.watch.noted(opened)?);
        self.held.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{Clock, Rng};
    use crate::sealing::value::value_cipher;
    use proptest::prelude::*;
    use shared::id::{BusinessId, SlabId};

    const NOW: Millis = Millis::new(1_790_000_000_000);

    fn business(byte: u8) -> KeyScope {
        BusinessId::mint(NOW, [byte; 10]).into()
    }

    fn conversation(byte: u8) -> ConversationId {
        ConversationId::mint(NOW, [byte; 10])
    }

    fn name(file: u8) -> FileName {
        FileName { scope: business(1), conversation: conversation(2), file: FileId::mint(NOW, [file; 10]) }
    }

    fn key_of(slot_key: u8, name: &FileName) -> SealingKey {
        let owner = KeyOwner::Conversation(name.conversation);
        SealingKey {
            reference: KeyRef { slab: SlabId::mint(NOW, [3; 10]), slot: 258 },
            scope: name.scope,
            cipher: value_cipher(&[slot_key; 32], &owner).unwrap(),
            files: files_key(&[slot_key; 32], &owner).unwrap(),
            read_at: NOW,
            watch: Watch::new(Clock::at(NOW)),
        }
    }

    fn sealed(name: &FileName, plain: &[u8], chunk: usize) -> Vec<u8> {
        let mut sealer = FileSealer::new(&key_of(7, name), name, &Rng::seeded(1)).unwrap();
        let mut out = Vec::new();
        for chunk in plain.chunks(chunk) {
            sealer.push(chunk, &mut out).unwrap();
        }
        sealer.finish(&mut out).unwrap();
        out
    }

    /// What came out before the end, and whether the whole file opened.
    fn opened_under(key: &SealingKey, name: &FileName, bytes: &[u8], chunk: usize) -> (Vec<u8>, bool) {
        let mut out = Vec::new();
        let Ok(mut opener) = FileOpener::new(key, name, bytes) else { return (out, false) };
        for chunk in bytes.chunks(chunk) {
            if opener.push(chunk, &mut out).is_err() {
                return (out, false);
            }
        }
        let whole = opener.finish(&mut out).is_ok();
        (out, whole)
    }

    fn opened(name: &FileName, bytes: &[u8]) -> Option<Vec<u8>> {
        let (plain, whole) = opened_under(&key_of(7, name), name, bytes, 10_000);
        whole.then_some(plain)
    }

    fn plain(frames: usize, rest: usize) -> Vec<u8> {
        (0..frames * FILE_FRAME_BYTES + rest).map(|index| (index % 251) as u8).collect()
    }

    #[test]
    fn a_file_is_laid_out_as_the_specification_says() {
        let bytes = sealed(&name(1), &plain(2, 5), 1_000);
        assert_eq!(bytes[..4], *b"LQF1");
        assert_eq!(bytes[4..20], SlabId::mint(NOW, [3; 10]).to_bytes());
        assert_eq!(bytes[20..22], [1, 2]);
        assert_eq!(bytes.len(), 30 + 2 * (65_536 + 16) + 5 + 16);
        assert_eq!(file_reference(&bytes).map(|reference| reference.slot), Some(258));
    }

    #[test]
    fn a_file_that_fills_its_frames_exactly_comes_back() {
        for (frames, rest) in [(0, 0), (0, 1), (1, 0), (2, 0), (2, FILE_FRAME_BYTES - 1)] {
            let plain = plain(frames, rest);
            assert_eq!(opened(&name(1), &sealed(&name(1), &plain, 65_000)), Some(plain));
        }
    }

    #[test]
    fn a_file_that_was_cut_anywhere_never_opens_as_whole() {
        let bytes = sealed(&name(1), &plain(2, 100), 65_000);
        let frame = SEALED_FRAME_BYTES;
        let cuts = [0, 1, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 1, HEADER_BYTES + frame];
        let late = [HEADER_BYTES + 2 * frame, HEADER_BYTES + 2 * frame + 16, bytes.len() - 1];
        for cut in cuts.into_iter().chain(late) {
            assert_eq!(opened(&name(1), &bytes[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn frames_that_were_reordered_repeated_left_out_or_added_do_not_open() {
        let bytes = sealed(&name(1), &plain(3, 100), 65_000);
        let (head, frames) = bytes.split_at(HEADER_BYTES);
        let frames: Vec<&[u8]> = frames.chunks(SEALED_FRAME_BYTES).collect();
        let put = |order: &[usize]| {
            let chosen: Vec<&[u8]> = order.iter().map(|index| frames[*index]).collect();
            [head, &chosen.concat()].concat()
        };
        assert!(opened(&name(1), &put(&[0, 1, 2, 3])).is_some());
        for order in [&[1, 0, 2, 3][..], &[0, 0, 1, 2, 3], &[0, 2, 3], &[0, 1, 2], &[3], &[0, 1, 2, 3, 3]] {
            assert_eq!(opened(&name(1), &put(order)), None, "{order:?}");
        }
    }

    #[test]
    fn a_file_of_another_name_conversation_business_or_key_does_not_open() {
        let bytes = sealed(&name(1), b"the menu", 4);
        let moved = [
            name(2),
            FileName { conversation: conversation(9), ..name(1) },
            FileName { scope: business(9), ..name(1) },
        ];
        for other in moved {
            // Even under the key of the conversation that it was sealed for.
            let key = SealingKey { scope: other.scope, ..key_of(7, &name(1)) };
            assert_eq!(opened_under(&key, &other, &bytes, 10), (Vec::new(), false), "{other:?}");
            assert_eq!(opened(&other, &bytes), None, "{other:?}");
        }
        assert_eq!(opened_under(&key_of(8, &name(1)), &name(1), &bytes, 10), (Vec::new(), false));
    }

    #[test]
    fn frames_of_two_files_do_not_make_a_third() {
        let (one, two) = (sealed(&name(1), &plain(1, 9), 100), sealed(&name(2), &plain(1, 9), 100));
        let cut = HEADER_BYTES + SEALED_FRAME_BYTES;
        let mixed = [&one[..cut], &two[cut..]].concat();
        let (out, whole) = opened_under(&key_of(7, &name(1)), &name(1), &mixed, 1_000);
        assert!(!whole && out.len() <= FILE_FRAME_BYTES);
    }

    #[test]
    fn a_key_that_was_read_too_long_ago_opens_no_further_frame() {
        let bytes = sealed(&name(1), &plain(2, 1), 100_000);
        let clock = Clock::at(NOW);
        let key = SealingKey { watch: Watch::new(clock.clone()), ..key_of(7, &name(1)) };
        let mut opener = FileOpener::new(&key, &name(1), &bytes).unwrap();
        let mut out = Vec::new();
        opener.push(&bytes[..HEADER_BYTES + SEALED_FRAME_BYTES + 1], &mut out).unwrap();
        assert_eq!(out.len(), FILE_FRAME_BYTES);
        clock.wind(NOW.plus_ms(SLAB_CACHE_MS));
        assert!(opener.is_stale());
        let rest = &bytes[HEADER_BYTES + SEALED_FRAME_BYTES + 1..];
        assert!(matches!(opener.push(rest, &mut out), Err(SealFault::Expired)));
        assert_eq!(out.len(), FILE_FRAME_BYTES);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn any_file_comes_back_however_it_arrives(
            length in 0usize..200_000, chunk in 1usize..100_000, again in 1usize..100_000
        ) {
            let plain = plain(0, length);
            let bytes = sealed(&name(1), &plain, chunk);
            let (out, whole) = opened_under(&key_of(7, &name(1)), &name(1), &bytes, again);
            prop_assert!(whole);
            prop_assert_eq!(out, plain);
        }

        #[test]
        fn one_flipped_bit_is_noticed_before_its_frame_is_handed_on(place in 0usize..140_000, bit in 0u8..8) {
            let plain = plain(2, 1_000);
            let mut bytes = sealed(&name(1), &plain, 100_000);
            let place = place % bytes.len();
            bytes[place] ^= 1 << bit;
            let (out, whole) = opened_under(&key_of(7, &name(1)), &name(1), &bytes, 100_000);
            prop_assert!(!whole);
            prop_assert!(plain.starts_with(&out));
            let frame = place.saturating_sub(HEADER_BYTES) / SEALED_FRAME_BYTES;
            prop_assert!(out.len() <= frame * FILE_FRAME_BYTES);
        }

        #[test]
        fn no_bytes_make_the_opener_panic(bytes: Vec<u8>) {
            let (out, whole) = opened_under(&key_of(7, &name(1)), &name(1), &bytes, 7);
            prop_assert!(!whole && out.is_empty());
            let _ = file_reference(&bytes);
        }
    }
}
