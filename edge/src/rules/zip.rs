//! A ZIP written piece by piece: entries are stored, not compressed, so that nothing of the whole is held in memory but
//! a list of names. Every size is known before its entry begins, so that every reader reads it.

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
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        let index = usize::from(crc.to_le_bytes().first().copied().unwrap_or(0) ^ byte);
        CRC_TABLE.get(index).copied().unwrap_or(0) ^ (crc >> 8)
    })
}

/// 1 January 1980, midnight: the earliest time of the format. When something was made stands in it, not on it.
const TIME: [u8; 4] = [0, 0, 0x21, 0];
/// Stored, with names in UTF-8, by the oldest version that can.
const HOW: [u8; 6] = [20, 0, 0, 8, 0, 0];

impl Zip {
    /// The bytes of one more entry, header and contents.
    pub fn entry(&mut self, name: &str, contents: &[u8]) -> Result<Vec<u8>, ZipFull> {
        let size = u32::try_from(contents.len()).map_err(|_| ZipFull)?;
        let name_size = u16::try_from(name.len()).map_err(|_| ZipFull)?;
        let mut about = HOW.to_vec();
        about.extend_from_slice(&TIME);
        about.extend_from_slice(&crc32(contents).to_le_bytes());
        about.extend_from_slice(&size.to_le_bytes());
        about.extend_from_slice(&size.to_le_bytes());
        about.extend_from_slice(&name_size.to_le_bytes());
        about.extend_from_slice(&[0, 0]);
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend_from_slice(&about);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(contents);
        self.directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        self.directory.extend_from_slice(&about);
        // No comment, first disk, no attributes, then where the entry begins.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&self.written.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.written =
            u32::try_from(bytes.len()).ok().and_then(|more| self.written.checked_add(more)).ok_or(ZipFull)?;
        self.entries = self.entries.checked_add(1).ok_or(ZipFull)?;
        Ok(bytes)
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

#[cfg(test)]
mod tests {
    use super::*;

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
