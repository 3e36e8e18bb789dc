//! PNG (ISO/IEC 15948): the chunks that draw the picture stay; text, time and Exif go.

use super::Refusal;
use super::walk::{Format, Step, big, keep, part, read, skip};

/// Chunks that say how the picture looks.
const KEPT: [&[u8; 4]; 16] = [
    b"PLTE", b"IDAT", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"iCCP", b"cICP",
    b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT",
];

/// A picture on its way through.
#[derive(Default)]
pub(super) struct Png {
    next: Next,
    size: Option<(u32, u32)>,
    has_data: bool,
}

#[derive(Default, Clone, Copy)]
enum Next {
    #[default]
    Start,
    Chunk,
    Header,
    End,
}

impl Format for Png {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        match self.next {
            Next::Start => {
                if bytes != b"\x89PNG\r\n\x1a\n" {
                    return Err(Refusal::Broken);
                }
                out.extend_from_slice(bytes);
                self.next = Next::Chunk;
                Ok(read(8))
            }
            Next::Chunk => self.chunk(bytes, out),
            Next::Header => {
                let (width, height) = (big(part(bytes, 0, 4)), big(part(bytes, 4, 4)));
                let number = |side: u64| u32::try_from(side).ok().filter(|side| *side > 0);
                self.size = Some(number(width).zip(number(height)).ok_or(Refusal::Broken)?);
                out.extend_from_slice(bytes);
                self.next = Next::Chunk;
                Ok(read(8))
            }
            Next::End => {
                out.extend_from_slice(bytes);
                Ok(Step::End)
            }
        }
    }

    fn size(&self) -> Option<(u32, u32)> {
        self.size
    }
}

impl Png {
    fn chunk(&mut self, header: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        let (length, kind) = (big(part(header, 0, 4)), part(header, 4, 4));
        let with_sum = length.saturating_add(4);
        match (kind, self.size) {
            (b"IHDR", None) if length == 13 => {
                out.extend_from_slice(header);
                self.next = Next::Header;
                Ok(read(17))
            }
            (_, None) | (b"IHDR", _) => Err(Refusal::Broken),
            (b"IEND", _) if length == 0 && self.has_data => {
                out.extend_from_slice(header);
                self.next = Next::End;
                Ok(read(4))
            }
            (kind, _) if KEPT.iter().any(|kept| *kept == kind) => {
                self.has_data |= kind == b"IDAT";
                out.extend_from_slice(header);
                Ok(keep(with_sum, 8))
            }
            // A small first letter: whoever does not know the chunk may go on without it.
            (kind, _)
                if kind.iter().all(u8::is_ascii_alphabetic)
                    && kind.first().is_some_and(u8::is_ascii_lowercase) =>
            {
                Ok(skip(with_sum, 8))
            }
            _ => Err(Refusal::Broken),
        }
    }
}
