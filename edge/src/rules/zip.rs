//! A ZIP written piece by piece: entries are stored, not compressed, so that nothing of the whole is held in memory but
//! a list of names. Of a small entry size and checksum stand before it; of a file they follow it, in a descriptor, and in the
//! directory at the end, where readers look.

/// What a ZIP of this kind can hold, by its format: 65,535 entries of 4 GiB together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a ZIP of this kind can't hold that much")]
pub struct ZipFull;

/// A ZIP that is being written.
#[derive(Debug, Default)]
pub struct Zip {
    /// The central directory so far.
    directory: Vec<u8>,
    /// Bytes written so far.
    written: u32,
    entries: u16,
    open: Option<OpenEntry>,
}

/// An entry whose contents come in pieces.
#[derive(Debug)]
struct OpenEntry {
    name: String,
    at: u32,
    size: u32,
    crc: u32,
}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the loops end at the table's length and a byte's bits; it runs while compiling"
)]
const fn crc_table() -> [u32; 256] {
    let mut table = [0_u32; 256];
    let mut index = 0_usize;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
}

const CRC_TABLE: [u32; 256] = crc_table();

/// The checksum that a ZIP keeps of an entry (CRC-32, IEEE 802.3).
pub fn crc32(bytes: &[u8]) -> u32 {
    crc32_on(0, bytes)
}

/// The checksum of what `crc` is the checksum of, followed by `bytes`.
fn crc32_on(crc: u32, bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!crc, |crc, byte| {
        let index = usize::from(crc.to_le_bytes().first().copied().unwrap_or(0) ^ byte);
        CRC_TABLE.get(index).copied().unwrap_or(0) ^ (crc >> 8)
    })
}

/// 1 January 1980, midnight: the earliest time of the format. When something was made stands in it, not on it.
const TIME: [u8; 4] = [0, 0, 0x21, 0];
/// Stored, with names in UTF-8, by the oldest version that can.
const HOW: [u8; 6] = [20, 0, 0, 8, 0, 0];
/// The same, with size and checksum behind the contents.
const HOW_FOLLOWED: [u8; 6] = [20, 0, 8, 8, 0, 0];

impl Zip {
    /// The bytes of one more entry, header and contents.
    pub fn entry(&mut self, name: &str, contents: &[u8]) -> Result<Vec<u8>, ZipFull> {
        let size = u32::try_from(contents.len()).map_err(|_| ZipFull)?;
        let about = about(HOW, crc32(contents), size, name)?;
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend_from_slice(&about);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(contents);
        self.listed(&about, self.written, name)?;
        self.count(bytes.len())?;
        Ok(bytes)
    }

    /// The bytes that begin an entry whose contents come in pieces.
    pub fn begin(&mut self, name: &str) -> Result<Vec<u8>, ZipFull> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend_from_slice(&about(HOW_FOLLOWED, 0, 0, name)?);
        bytes.extend_from_slice(name.as_bytes());
        self.open = Some(OpenEntry { name: name.to_owned(), at: self.written, size: 0, crc: 0 });
        self.count(bytes.len())?;
        Ok(bytes)
    }

    /// Counts a piece of the entry that was begun. Its bytes stand in the archive as they are.
    pub fn piece(&mut self, bytes: &[u8]) -> Result<(), ZipFull> {
        let open = self.open.as_mut().ok_or(ZipFull)?;
        open.crc = crc32_on(open.crc, bytes);
        let size = u32::try_from(bytes.len()).map_err(|_| ZipFull)?;
        open.size = open.size.checked_add(size).ok_or(ZipFull)?;
        self.count(bytes.len())
    }

    /// The bytes that end the entry that was begun.
    pub fn end(&mut self) -> Result<Vec<u8>, ZipFull> {
        let OpenEntry { name, at, size, crc } = self.open.take().ok_or(ZipFull)?;
        let mut bytes = b"PK\x07\x08".to_vec();
        bytes.extend_from_slice(&crc.to_le_bytes());
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(&size.to_le_bytes());
        self.listed(&about(HOW_FOLLOWED, crc, size, &name)?, at, &name)?;
        self.count(bytes.len())?;
        Ok(bytes)
    }

    /// Writes an entry into the directory.
    fn listed(&mut self, about: &[u8], at: u32, name: &str) -> Result<(), ZipFull> {
        self.directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        self.directory.extend_from_slice(about);
        // No comment, first disk, no attributes, then where the entry begins.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&at.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.entries = self.entries.checked_add(1).ok_or(ZipFull)?;
        Ok(())
    }

    fn count(&mut self, bytes: usize) -> Result<(), ZipFull> {
        let bytes = u32::try_from(bytes).map_err(|_| ZipFull)?;
        self.written = self.written.checked_add(bytes).ok_or(ZipFull)?;
        Ok(())
    }

    /// The bytes that end it.
    pub fn finish(self) -> Result<Vec<u8>, ZipFull> {
        let size = u32::try_from(self.directory.len()).map_err(|_| ZipFull)?;
        let mut bytes = self.directory;
        bytes.extend_from_slice(b"PK\x05\x06\x00\x00\x00\x00");
        bytes.extend_from_slice(&self.entries.to_le_bytes());
        bytes.extend_from_slice(&self.entries.to_le_bytes());
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(&self.written.to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        Ok(bytes)
    }
}

/// What both headers of an entry say of it.
fn about(how: [u8; 6], crc: u32, size: u32, name: &str) -> Result<Vec<u8>, ZipFull> {
    let name_size = u16::try_from(name.len()).map_err(|_| ZipFull)?;
    let mut about = how.to_vec();
    about.extend_from_slice(&TIME);
    about.extend_from_slice(&crc.to_le_bytes());
    about.extend_from_slice(&size.to_le_bytes());
    about.extend_from_slice(&size.to_le_bytes());
    about.extend_from_slice(&name_size.to_le_bytes());
    about.extend_from_slice(&[0, 0]);
    Ok(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_in_pieces_is_followed_by_what_it_came_to() {
        let mut zip = Zip::default();
        let mut bytes = zip.begin("files/a.bin").unwrap();
        for piece in [b"12345".as_slice(), b"", b"6789"] {
            zip.piece(piece).unwrap();
            bytes.extend_from_slice(piece);
        }
        let descriptor = bytes.len();
        bytes.extend(zip.end().unwrap());
        assert_eq!(&bytes[descriptor..descriptor + 4], b"PK\x07\x08");
        assert_eq!(&bytes[descriptor + 4..descriptor + 8], &0xCBF4_3926_u32.to_le_bytes());
        assert_eq!(&bytes[descriptor + 8..], [9_u32.to_le_bytes(), 9_u32.to_le_bytes()].concat());
        let directory = bytes.len();
        bytes.extend(zip.finish().unwrap());
        assert_eq!(&bytes[directory + 16..directory + 20], &0xCBF4_3926_u32.to_le_bytes());
        assert_eq!(&bytes[directory + 20..directory + 24], &9_u32.to_le_bytes());
        assert_eq!(&bytes[directory + 42..directory + 46], &[0; 4], "it begins at the beginning");
        assert_eq!(Zip::default().piece(b"1"), Err(ZipFull), "nothing was begun");
    }

    #[test]
    fn the_checksum_is_the_one_that_everybody_uses() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn an_archive_has_its_entries_and_its_directory_in_place() {
        let mut zip = Zip::default();
        let mut bytes = zip.entry("data.json", b"{}").unwrap();
        let second = bytes.len();
        bytes.extend(zip.entry("messages/0001.json", b"[1]").unwrap());
        let directory = bytes.len();
        bytes.extend(zip.finish().unwrap());
        assert!(bytes[..directory].windows(2).any(|two| two == b"{}"));
        let end = &bytes[bytes.len() - 22..];
        assert_eq!(&end[..4], b"PK\x05\x06");
        assert_eq!(u16::from_le_bytes([end[10], end[11]]), 2);
        assert_eq!(u32::from_le_bytes(end[16..20].try_into().unwrap()) as usize, directory);
        let at = bytes[directory..].windows(4).rposition(|four| four == b"PK\x01\x02").unwrap() + directory;
        assert_eq!(u32::from_le_bytes(bytes[at + 42..at + 46].try_into().unwrap()) as usize, second);
    }
}
