//! JPEG (ITU T.81): tables, frames and scans stay; what tells of place, person and device goes. Of Exif only the
//! orientation is kept, in a segment of our own making.

use super::Refusal;
use super::walk::{Fate, Format, Step, big, keep, little, part, read, skip};

/// A photo on its way through.
#[derive(Default)]
pub(super) struct Jpeg {
    next: Next,
    orientation: u8,
    size: Option<(u32, u32)>,
    has_scan: bool,
}

#[derive(Default, Clone, Copy)]
enum Next {
    #[default]
    Start,
    /// A marker: FF and its code.
    Marker,
    /// The code alone, behind bytes of filling or in the middle of a scan.
    Code { in_scan: bool },
    /// The length of a segment.
    Length(u8),
    /// The content of a segment that is looked into.
    Content(u8),
}

impl Format for Jpeg {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        match self.next {
            Next::Start => {
                out.extend_from_slice(bytes);
                self.marker_next()
            }
            Next::Marker => match bytes {
                [0xff, code] => self.code(*code, false, out),
                _ => Err(Refusal::Broken),
            },
            Next::Code { in_scan } => self.code(bytes.first().copied().unwrap_or_default(), in_scan, out),
            Next::Length(code) => self.length(code, bytes, out),
            Next::Content(code) => self.content(code, bytes, out),
        }
    }

    fn size(&self) -> Option<(u32, u32)> {
        // Five to eight lie on their side.
        self.size.map(|(width, height)| if self.orientation > 4 { (height, width) } else { (width, height) })
    }
}

impl Jpeg {
    #[expect(clippy::unnecessary_wraps, reason = "it stands where steps are answered")]
    fn marker_next(&mut self) -> Result<Step, Refusal> {
        self.next = Next::Marker;
        Ok(read(2))
    }

    fn code(&mut self, code: u8, in_scan: bool, out: &mut Vec<u8>) -> Result<Step, Refusal> {
        match code {
            // A byte of the picture that looks like a marker, or a mark inside the scan.
            0x00 | 0xd0..=0xd7 if in_scan => {
                out.extend_from_slice(&[0xff, code]);
                self.next = Next::Code { in_scan };
                Ok(Step::KeepTo(0xff))
            }
            0xff => {
                self.next = Next::Code { in_scan };
                Ok(read(1))
            }
            0xd9 if self.has_scan && self.size.is_some() => {
                out.extend_from_slice(&[0xff, 0xd9]);
                // Phones put further pictures and films behind the end: they are left out.
                Ok(Step::Rest(Fate::Drop))
            }
            0xc0..=0xcf | 0xda..=0xfe => {
                self.next = Next::Length(code);
                Ok(read(2))
            }
            _ => Err(Refusal::Broken),
        }
    }

    fn length(&mut self, code: u8, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        let content = big(bytes).checked_sub(2).ok_or(Refusal::Broken)?;
        let is_frame = matches!(code, 0xc0..=0xcf) && !matches!(code, 0xc4 | 0xc8 | 0xcc);
        if is_frame || matches!(code, 0xda | 0xe0 | 0xe1 | 0xe2 | 0xee) {
            let content = usize::try_from(content).unwrap_or_default();
            if content == 0 {
                return Err(Refusal::Broken);
            }
            self.next = Next::Content(code);
            return Ok(read(content));
        }
        self.next = Next::Marker;
        // Tables of quantisation and of codes, restarts, lines: the picture needs them.
        if matches!(code, 0xc4 | 0xcc | 0xdb | 0xdc | 0xdd) {
            out.extend_from_slice(&[0xff, code]);
            out.extend_from_slice(bytes);
            return Ok(keep(content, 2));
        }
        Ok(skip(content, 2))
    }

    fn content(&mut self, code: u8, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        match code {
            0xe0 => {
                // Without the small picture that may follow the 12 bytes.
                if bytes.starts_with(b"JFIF\0") && bytes.len() >= 14 {
                    segment(0xe0, &[part(bytes, 0, 12), &[0, 0]].concat(), out);
                }
            }
            0xe1 => {
                if let Some(orientation) = orientation(bytes).filter(|_| self.orientation == 0) {
                    self.orientation = orientation;
                    segment(0xe1, &orientation_only(orientation), out);
                }
            }
            0xe2 => {
                if bytes.starts_with(b"ICC_PROFILE\0") {
                    segment(0xe2, bytes, out);
                }
            }
            0xee => {
                if bytes.starts_with(b"Adobe") && bytes.len() >= 12 {
                    segment(0xee, part(bytes, 0, 12), out);
                }
            }
            0xda => {
                self.has_scan = true;
                segment(0xda, bytes, out);
                self.next = Next::Code { in_scan: true };
                return Ok(Step::KeepTo(0xff));
            }
            _ => {
                let (height, width) = (big(part(bytes, 1, 2)), big(part(bytes, 3, 2)));
                let number = |side: u64| u32::try_from(side).ok().filter(|side| *side > 0);
                let (width, height) = number(width).zip(number(height)).ok_or(Refusal::Broken)?;
                self.size = Some((width, height));
                segment(code, bytes, out);
            }
        }
        self.marker_next()
    }
}

fn segment(code: u8, content: &[u8], out: &mut Vec<u8>) {
    let length = u16::try_from(content.len().saturating_add(2)).unwrap_or(u16::MAX);
    out.extend_from_slice(&[0xff, code]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
}

/// Which way the picture is turned (Exif 2.3, tag 0112), where it says so and it is not upright.
fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let number = match part(tiff, 0, 4) {
        b"II*\0" => little,
        b"MM\0*" => big,
        _ => return None,
    };
    let directory = usize::try_from(number(part(tiff, 4, 4))).ok()?;
    let count = usize::try_from(number(part(tiff, directory, 2))).ok()?;
    for entry in 0..count {
        let place = directory.checked_add(2)?.checked_add(entry.checked_mul(12)?)?;
        let entry = part(tiff, place, 12);
        if entry.is_empty() {
            return None;
        }
        if number(part(entry, 0, 2)) == 0x0112 && number(part(entry, 2, 2)) == 3 {
            let turned = u8::try_from(number(part(entry, 8, 2))).ok()?;
            return (2..=8).contains(&turned).then_some(turned);
        }
    }
    None
}

fn orientation_only(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.push(orientation);
    exif.extend_from_slice(&[0; 6]);
    exif
}
