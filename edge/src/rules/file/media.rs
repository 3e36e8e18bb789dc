//! Sound and film: walked from box to box, so that nothing is missing and nothing follows. Where a film says who took it
//! and where, zeros stand afterwards.

use super::Refusal;
use super::walk::{Fate, Format, Step, big, keep, little, part, read};

/// WAV: one piece whose length stands in front.
#[derive(Default)]
pub(super) struct Wav {
    begun: bool,
}

impl Format for Wav {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        if self.begun {
            // Behind the end.
            return Err(Refusal::Type);
        }
        self.begun = true;
        out.extend_from_slice(bytes);
        Ok(keep(little(part(bytes, 4, 4)).checked_sub(4).ok_or(Refusal::Broken)?, 1))
    }

    fn may_end(&self) -> bool {
        self.begun
    }
}

/// Ogg (RFC 3533): page after page.
#[derive(Default)]
pub(super) struct Ogg {
    next: OggNext,
}

#[derive(Default, Clone, Copy)]
enum OggNext {
    #[default]
    Start,
    Page,
    Lengths,
}

impl Format for Ogg {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        out.extend_from_slice(bytes);
        if matches!(self.next, OggNext::Lengths) {
            self.next = OggNext::Page;
            return Ok(keep(bytes.iter().map(|length| u64::from(*length)).sum(), 27));
        }
        if !bytes.starts_with(b"OggS\0") {
            return Err(Refusal::Type);
        }
        let lengths = bytes.get(26).copied().unwrap_or_default();
        self.next = if lengths == 0 { OggNext::Page } else { OggNext::Lengths };
        Ok(read(if lengths == 0 { 27 } else { usize::from(lengths) }))
    }

    fn may_end(&self) -> bool {
        matches!(self.next, OggNext::Page)
    }
}

/// MP3: perhaps a tag whose length stands in front, then frames to the end.
#[derive(Default)]
pub(super) struct Mp3 {
    tagged: bool,
}

impl Format for Mp3 {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        out.extend_from_slice(bytes);
        if !self.tagged && bytes.starts_with(b"ID3") {
            self.tagged = true;
            let length =
                part(bytes, 6, 4).iter().fold(0_u64, |all, byte| (all << 7) | u64::from(byte & 0x7f));
            let foot = if bytes.get(5).is_some_and(|flags| flags & 0x10 != 0) { 10 } else { 0 };
            return Ok(keep(length.saturating_add(foot), 4));
        }
        if is_frame(bytes) { Ok(Step::Rest(Fate::Keep)) } else { Err(Refusal::Broken) }
    }
}

/// Whether an MPEG audio frame of layer III begins here.
pub(super) fn is_frame(bytes: &[u8]) -> bool {
    let (second, third) =
        (bytes.get(1).copied().unwrap_or_default(), bytes.get(2).copied().unwrap_or_default());
    bytes.first() == Some(&0xff)
        && second & 0xe6 == 0xe2
        && second & 0x18 != 0x08
        && third & 0xf0 != 0xf0
        && third & 0x0c != 0x0c
}

/// MP4 and M4A (ISO/IEC 14496-12): box after box.
#[derive(Default)]
pub(super) struct Mp4 {
    next: Mp4Next,
    /// Where the box begins that is looked at.
    at: u64,
    /// Where the last of the boxes that were seen ends.
    ends_at: u64,
    has_movie: bool,
}

#[derive(Default, Clone, Copy)]
enum Mp4Next {
    #[default]
    Box,
    /// A length that needs eight bytes.
    Length([u8; 4]),
}

/// The sorts of file that browsers play.
const BRANDS: [&[u8; 4]; 13] = [
    b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4A ", b"M4B ",
    b"M4V ", b"MSNV",
];

/// Whether a film or sound of a known sort begins here; `true` inside where it is sound alone.
pub(super) fn mp4_sound(head: &[u8]) -> Option<bool> {
    let brand = part(head, 8, 4);
    let known = part(head, 4, 4) == b"ftyp" && BRANDS.iter().any(|known| *known == brand);
    known.then_some(matches!(brand, b"M4A " | b"M4B "))
}

impl Format for Mp4 {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        match self.next {
            Mp4Next::Box => {
                let kind: [u8; 4] = part(bytes, 4, 4).try_into().map_err(|_| Refusal::Broken)?;
                match big(part(bytes, 0, 4)) {
                    1 => {
                        out.extend_from_slice(&1_u32.to_be_bytes());
                        out.extend_from_slice(name(&kind));
                        self.next = Mp4Next::Length(kind);
                        Ok(read(8))
                    }
                    length => {
                        out.extend_from_slice(part(bytes, 0, 4));
                        out.extend_from_slice(name(&kind));
                        self.pass(&kind, length, 8)
                    }
                }
            }
            Mp4Next::Length(kind) => {
                out.extend_from_slice(bytes);
                self.next = Mp4Next::Box;
                self.pass(&kind, big(bytes), 16)
            }
        }
    }

    fn may_end(&self) -> bool {
        matches!(self.next, Mp4Next::Box) && self.has_movie && self.at == self.ends_at
    }
}

const fn is_told(kind: &[u8; 4]) -> bool {
    matches!(kind, b"udta" | b"meta" | b"uuid")
}

/// What a box is called afterwards: what tells of people and places becomes free room.
const fn name(kind: &[u8; 4]) -> &[u8; 4] {
    if is_told(kind) { b"free" } else { kind }
}

impl Mp4 {
    fn pass(&mut self, kind: &[u8; 4], length: u64, header: u64) -> Result<Step, Refusal> {
        let content = length.checked_sub(header).ok_or(Refusal::Broken)?;
        if !kind.iter().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b' ' | b'-' | b'_')) {
            return Err(Refusal::Type);
        }
        self.has_movie |= kind == b"moov";
        self.ends_at = self.ends_at.max(self.at.saturating_add(length));
        // These hold nothing but boxes: they are walked into.
        if matches!(kind, b"moov" | b"trak") {
            self.at = self.at.saturating_add(header);
            return Ok(read(8));
        }
        self.at = self.at.saturating_add(length);
        let fate = if is_told(kind) { Fate::Blank } else { Fate::Keep };
        Ok(Step::Pass { fate, bytes: content, read: 8 })
    }
}
