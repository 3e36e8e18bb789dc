//! WebP (RFC 9649): what draws the picture stays. Its length stands in front, so that Exif and XMP are not left out but
//! overwritten with zeros under a name that every reader passes over.

use super::Refusal;
use super::walk::{Fate, Format, Step, keep, little, part, read};

/// Chunks that draw the picture, still or moving.
const KEPT: [&[u8; 4]; 4] = [b"ICCP", b"ANIM", b"ANMF", b"ALPH"];

/// A picture on its way through.
#[derive(Default)]
pub(super) struct Webp {
    next: Next,
    left: u64,
    size: Option<(u32, u32)>,
    has_image: bool,
}

#[derive(Default, Clone, Copy)]
enum Next {
    #[default]
    Start,
    Chunk,
    /// The first bytes of a chunk that say how large the picture is, and how many bytes follow them.
    Size([u8; 4], u64),
}

fn side(bytes: &[u8], mask: u64) -> u32 {
    u32::try_from(little(bytes) & mask).unwrap_or_default()
}

impl Format for Webp {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        match self.next {
            Next::Start => {
                self.left = little(part(bytes, 4, 4)).checked_sub(4).ok_or(Refusal::Broken)?;
                out.extend_from_slice(bytes);
                self.next = Next::Chunk;
                Ok(read(8))
            }
            Next::Chunk => self.chunk(bytes, out),
            Next::Size(kind, rest) => self.sized(kind, bytes, rest, out),
        }
    }

    fn may_end(&self) -> bool {
        self.left == 0 && self.has_image
    }

    fn size(&self) -> Option<(u32, u32)> {
        self.size
    }
}

impl Webp {
    fn chunk(&mut self, header: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        let kind = *header.first_chunk::<4>().ok_or(Refusal::Broken)?;
        let length = little(part(header, 4, 4));
        let padded = length.saturating_add(length & 1);
        // Behind the last chunk nothing is left, so that whatever follows is refused here.
        self.left = self.left.checked_sub(padded.saturating_add(8)).ok_or(Refusal::Type)?;
        let first = match &kind {
            b"VP8X" | b"VP8 " => 10,
            b"VP8L" => 5,
            _ => 0,
        };
        if first > 0 {
            out.extend_from_slice(header);
            self.next = Next::Size(kind, padded.checked_sub(first).ok_or(Refusal::Broken)?);
            return Ok(read(usize::try_from(first).unwrap_or_default()));
        }
        if self.size.is_none() {
            return Err(Refusal::Broken);
        }
        if KEPT.iter().any(|kept| **kept == kind) {
            self.has_image |= &kind == b"ANMF";
            out.extend_from_slice(header);
            return Ok(keep(padded, 8));
        }
        out.extend_from_slice(b"JUNK");
        out.extend_from_slice(part(header, 4, 4));
        Ok(Step::Pass { fate: Fate::Blank, bytes: padded, read: 8 })
    }

    fn sized(&mut self, kind: [u8; 4], bytes: &[u8], rest: u64, out: &mut Vec<u8>) -> Result<Step, Refusal> {
        let size = match &kind {
            b"VP8X" => {
                let more = |from| side(part(bytes, from, 3), 0xff_ffff).saturating_add(1);
                Some((more(4), more(7)))
            }
            b"VP8 " => {
                let starts = part(bytes, 3, 3) == b"\x9d\x01\x2a";
                starts.then(|| (side(part(bytes, 6, 2), 0x3fff), side(part(bytes, 8, 2), 0x3fff)))
            }
            _ => {
                let bits = little(part(bytes, 1, 4));
                let more = |bits: u64| u32::try_from(bits & 0x3fff).unwrap_or_default().saturating_add(1);
                (bytes.first() == Some(&0x2f)).then(|| (more(bits), more(bits >> 14)))
            }
        };
        let (width, height) = size.ok_or(Refusal::Broken)?;
        if width == 0 || height == 0 {
            return Err(Refusal::Broken);
        }
        self.size.get_or_insert((width, height));
        self.has_image |= &kind != b"VP8X";
        let mut bytes = bytes.to_vec();
        if let (b"VP8X", Some(flags)) = (&kind, bytes.first_mut()) {
            // There is no Exif and no XMP any more.
            *flags &= !0x0c;
        }
        out.extend_from_slice(&bytes);
        self.next = Next::Chunk;
        Ok(keep(rest, 8))
    }
}
