//! What may be attached, recognised by what it holds and never by what it is called. A file is walked through as it
//! comes in: what is cut short, what is two things at once and what a browser or a machine would run is refused, and
//! what pictures tell of place, person and device is left out on the way.
//!
//! No format is decoded and nothing is unpacked here. Each walk holds a segment at most, never the file.

mod document;
mod gif;
mod jpeg;
mod media;
mod name;
mod png;
#[cfg(test)]
mod tests;
mod walk;
mod webp;

use shared::limits::FILE_PIXELS;
use shared::rules::file::FileKind;
use shared::wire::problem::Kind;

pub use name::file_name;

use document::TAIL_BYTES;
use walk::{Format, Walk};

/// How much of a file is looked at before anything is decided.
const HEAD_BYTES: usize = 4 * 1_024;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is none of the kinds that are taken, or it is that and something else.
    Type,
    /// It is cut short or damaged.
    Broken,
}

impl From<Refusal> for Kind {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Type => Self::FileTypeRefused,
            Refusal::Broken => Self::FileBroken,
        }
    }
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Its kind.
    pub kind: FileKind,
    /// Width and height as it is shown, where it is a picture.
    pub size: Option<(u32, u32)>,
}

/// What the beginning of a file says that it is.
#[derive(Clone, Copy)]
enum Shape {
    Of(FileKind),
    /// An archive: only its end says of what.
    Office,
}

/// Walks through one file as it comes in.
pub struct FileSieve {
    given: String,
    head: Vec<u8>,
    tail: Vec<u8>,
    total: u64,
    walk: Option<(Shape, Walk)>,
}

impl FileSieve {
    /// Begins. The name only tells a table from other text, and text that is run from text that is read.
    pub fn new(given: &str) -> Self {
        Self { given: given.to_owned(), head: Vec::new(), tail: Vec::new(), total: 0, walk: None }
    }

    /// Takes more of the file and appends what is kept of it.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        self.total = self.total.saturating_add(bytes.len() as u64);
        self.tail.extend_from_slice(bytes);
        if self.tail.len() > TAIL_BYTES.saturating_mul(2) {
            let old = self.tail.len().saturating_sub(TAIL_BYTES);
            self.tail.drain(..old);
        }
        if let Some((_, walk)) = &mut self.walk {
            return walk.push(bytes, out);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() < HEAD_BYTES { Ok(()) } else { self.begin(out) }
    }

    /// The file is over: what it is, if it is whole.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<Checked, Refusal> {
        if self.walk.is_none() {
            self.begin(out)?;
        }
        let Some((shape, walk)) = &self.walk else { return Err(Refusal::Broken) };
        walk.finish()?;
        let tail = self.tail.get(self.tail.len().saturating_sub(TAIL_BYTES)..).unwrap_or_default();
        let kind = match shape {
            Shape::Office => document::office(&self.head, tail, self.total)?,
            Shape::Of(_) if document::is_archive(tail, self.total) => return Err(Refusal::Type),
            Shape::Of(FileKind::Pdf) if !document::pdf_ends(tail) => return Err(Refusal::Broken),
            Shape::Of(kind) => *kind,
        };
        if document::is_markup(walk.after()) {
            return Err(Refusal::Type);
        }
        let size = walk.size();
        if size.is_some_and(|(width, height)| u64::from(width).saturating_mul(height.into()) > FILE_PIXELS) {
            return Err(Refusal::Type);
        }
        Ok(Checked { kind, size })
    }

    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let (shape, format, first) = self.recognise()?;
        if let Shape::Of(kind) = shape
            && !kind.is_picture()
            && document::is_markup(self.head.get(..1_024).unwrap_or(&self.head))
        {
            return Err(Refusal::Type);
        }
        let mut walk = Walk::new(format, first);
        walk.push(&self.head, out)?;
        self.walk = Some((shape, walk));
        Ok(())
    }

    /// The shape, its walk, and how many bytes the walk looks at first.
    fn recognise(&self) -> Result<(Shape, Box<dyn Format>, usize), Refusal> {
        let head = self.head.as_slice();
        let of = Shape::Of;
        Ok(match head {
            [] => return Err(Refusal::Broken),
            [0xff, 0xd8, 0xff, ..] => (of(FileKind::Jpeg), Box::new(jpeg::Jpeg::default()), 2),
            [0x89, b'P', b'N', b'G', ..] => (of(FileKind::Png), Box::new(png::Png::default()), 8),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => {
                (of(FileKind::Gif), Box::new(gif::Gif::default()), 13)
            }
            [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', ..] => {
                (of(FileKind::Pdf), Box::new(document::Whole), 8)
            }
            [b'P', b'K', 3, 4, ..] => (Shape::Office, Box::new(document::Whole), 30),
            [b'O', b'g', b'g', b'S', ..] if is_sound(head) => {
                (of(FileKind::Ogg), Box::new(media::Ogg::default()), 27)
            }
            [b'I', b'D', b'3', 2..=4, ..] => (of(FileKind::Mp3), Box::new(media::Mp3::default()), 10),
            [0xff, ..] if media::is_frame(head) => (of(FileKind::Mp3), Box::new(media::Mp3::default()), 10),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                (of(FileKind::Webp), Box::new(webp::Webp::default()), 12)
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => {
                (of(FileKind::Wav), Box::new(media::Wav::default()), 12)
            }
            _ => match media::mp4_sound(head) {
                Some(true) => (of(FileKind::M4a), Box::new(media::Mp4::default()), 8),
                Some(false) => (of(FileKind::Mp4), Box::new(media::Mp4::default()), 8),
                None => (of(self.text()?), Box::new(document::Plain), 1),
            },
        })
    }

    fn text(&self) -> Result<FileKind, Refusal> {
        let is_read = document::is_text(&self.head)
            && !document::is_program(&self.head)
            && !name::is_program_name(&self.given);
        if !is_read {
            return Err(Refusal::Type);
        }
        Ok(if name::is_table_name(&self.given) { FileKind::Csv } else { FileKind::Text })
    }
}

/// Whether the first packet of an Ogg file is sound.
fn is_sound(head: &[u8]) -> bool {
    let packet = head.get(28..).unwrap_or_default();
    let codecs: [&[u8]; 4] = [b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   "];
    codecs.iter().any(|codec| packet.starts_with(codec))
}
