//! GIF (89a): pictures and their timing stay; comments, texts and what programs left for themselves go.

use super::Refusal;
use super::walk::{Fate, Format, Step, keep, little, part, read};

/// A picture on its way through.
#[derive(Default)]
pub(super) struct Gif {
    next: Next,
    size: Option<(u32, u32)>,
    has_image: bool,
}

#[derive(Default, Clone, Copy)]
enum Next {
    #[default]
    Start,
    /// What the next block is.
    Block,
    /// Which extension it is.
    Label,
    /// Whose extension it is.
    Application,
    /// An image's place and size.
    Image,
    /// How an image's codes begin; its data follow.
    Codes,
    /// The length of the next piece of data.
    Data(Fate),
}

fn table(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7).saturating_add(1)) }
}

impl Format for Gif {
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal> {
        let first = bytes.first().copied().unwrap_or_default();
        match self.next {
            Next::Start => {
                let number = |from| u32::try_from(little(part(bytes, from, 2))).ok().filter(|side| *side > 0);
                self.size = Some(number(6).zip(number(8)).ok_or(Refusal::Broken)?);
                out.extend_from_slice(bytes);
                self.next = Next::Block;
                Ok(keep(table(bytes.get(10).copied().unwrap_or_default()), 1))
            }
            Next::Block => match first {
                0x2c => {
                    self.next = Next::Image;
                    Ok(read(9))
                }
                0x21 => {
                    self.next = Next::Label;
                    Ok(read(1))
                }
                0x3b if self.has_image => {
                    out.push(0x3b);
                    Ok(Step::End)
                }
                _ => Err(Refusal::Broken),
            },
            Next::Label => {
                if first == 0xff {
                    self.next = Next::Application;
                    return Ok(read(12));
                }
                let fate = if first == 0xf9 { Fate::Keep } else { Fate::Drop };
                if fate == Fate::Keep {
                    out.extend_from_slice(&[0x21, first]);
                }
                self.next = Next::Data(fate);
                Ok(read(1))
            }
            Next::Application => {
                let repeats = [b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0"].iter().any(|name| *name == bytes);
                if first != 11 {
                    return Err(Refusal::Broken);
                }
                if repeats {
                    out.extend_from_slice(&[0x21, 0xff]);
                    out.extend_from_slice(bytes);
                }
                self.next = Next::Data(if repeats { Fate::Keep } else { Fate::Drop });
                Ok(read(1))
            }
            Next::Image => {
                self.has_image = true;
                out.push(0x2c);
                out.extend_from_slice(bytes);
                self.next = Next::Codes;
                Ok(keep(table(bytes.get(8).copied().unwrap_or_default()), 1))
            }
            Next::Codes => {
                out.push(first);
                self.next = Next::Data(Fate::Keep);
                Ok(read(1))
            }
            Next::Data(fate) => {
                if fate == Fate::Keep {
                    out.push(first);
                }
                if first == 0 {
                    self.next = Next::Block;
                }
                Ok(Step::Pass { fate, bytes: u64::from(first), read: 1 })
            }
        }
    }

    fn size(&self) -> Option<(u32, u32)> {
        self.size
    }
}
