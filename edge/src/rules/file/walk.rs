//! Walking through a file as it comes in, without holding it: a format says what it wants to look at and what becomes of
//! the bytes between.

use super::Refusal;

/// What becomes of bytes that a format does not look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// They go on as they are.
    Keep,
    /// They are left out.
    Drop,
    /// As many zeros go on in their place: the format counts from its beginning.
    Blank,
}

/// What a format wants next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// So many bytes are passed over; then `read` bytes, one at least, are looked at together.
    Pass {
        /// What becomes of those that are passed over.
        fate: Fate,
        /// How many those are.
        bytes: u64,
        /// How many are looked at.
        read: usize,
    },
    /// Everything before the next byte of this value is kept and the byte itself left out; then one byte is looked at.
    KeepTo(u8),
    /// Nothing may follow.
    End,
    /// Whatever follows is kept, or left out.
    Rest(Fate),
}

/// Looks at `read` bytes next.
pub(super) const fn read(read: usize) -> Step {
    Step::Pass { fate: Fate::Keep, bytes: 0, read }
}

/// Keeps so many bytes, then looks at `read` more.
pub(super) const fn keep(bytes: u64, read: usize) -> Step {
    Step::Pass { fate: Fate::Keep, bytes, read }
}

/// Leaves so many bytes out, then looks at `read` more.
pub(super) const fn skip(bytes: u64, read: usize) -> Step {
    Step::Pass { fate: Fate::Drop, bytes, read }
}

/// A format, as far as a file of it was read.
pub(super) trait Format {
    /// Looks at the bytes that it asked for, writes what is kept of them, and says what it wants next.
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<Step, Refusal>;

    /// Looks at bytes that are kept to the end of the file.
    fn see(&mut self, _bytes: &[u8]) -> Result<(), Refusal> {
        Ok(())
    }

    /// Whether the file may end where the next look would begin.
    fn may_end(&self) -> bool {
        false
    }

    /// Width and height, where it is a picture.
    fn size(&self) -> Option<(u32, u32)> {
        None
    }
}

/// A walk through one file.
pub(super) struct Walk {
    format: Box<dyn Format>,
    step: Step,
    held: Vec<u8>,
    /// The beginning of what follows the end that the format knows.
    after: Vec<u8>,
}

/// How much of what follows the end is remembered.
const AFTER_BYTES: usize = 1_024;

impl Walk {
    /// Begins; the format looks at the first `first` bytes together.
    pub(super) fn new(format: Box<dyn Format>, first: usize) -> Self {
        Self { format, step: read(first), held: Vec::new(), after: Vec::new() }
    }

    /// Takes more of the file.
    pub(super) fn push(&mut self, mut input: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        while !input.is_empty() {
            match &mut self.step {
                Step::Pass { fate, bytes, .. } if *bytes > 0 => {
                    let now = usize::try_from(*bytes).unwrap_or(usize::MAX).min(input.len());
                    let (now, later) = input.split_at_checked(now).unwrap_or((input, &[]));
                    match fate {
                        Fate::Keep => out.extend_from_slice(now),
                        Fate::Drop => {}
                        Fate::Blank => out.resize(out.len().saturating_add(now.len()), 0),
                    }
                    *bytes = bytes.saturating_sub(now.len() as u64);
                    input = later;
                }
                Step::Pass { read, .. } => {
                    let wanted = read.saturating_sub(self.held.len()).min(input.len());
                    let (now, later) = input.split_at_checked(wanted).unwrap_or((input, &[]));
                    self.held.extend_from_slice(now);
                    input = later;
                    if self.held.len() >= *read {
                        let held = std::mem::take(&mut self.held);
                        self.step = self.format.take(&held, out)?;
                    }
                }
                Step::KeepTo(byte) => match input.iter().position(|other| other == byte) {
                    Some(place) => {
                        let (before, found) = input.split_at_checked(place).unwrap_or((input, &[]));
                        out.extend_from_slice(before);
                        input = found.get(1..).unwrap_or_default();
                        self.step = read(1);
                    }
                    None => {
                        out.extend_from_slice(input);
                        input = &[];
                    }
                },
                Step::End => return Err(Refusal::Type),
                Step::Rest(fate) => {
                    if *fate == Fate::Keep {
                        self.format.see(input)?;
                        out.extend_from_slice(input);
                    } else {
                        let room = AFTER_BYTES.saturating_sub(self.after.len());
                        self.after.extend(input.iter().take(room));
                    }
                    input = &[];
                }
            }
        }
        Ok(())
    }

    /// The file is over. Fails with `Broken` where the format says that more of it must follow.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        let over = match self.step {
            Step::End | Step::Rest(_) => true,
            Step::Pass { bytes, .. } => bytes == 0 && self.held.is_empty() && self.format.may_end(),
            Step::KeepTo(_) => false,
        };
        if over { Ok(()) } else { Err(Refusal::Broken) }
    }

    /// The beginning of what was left out behind the end.
    pub(super) fn after(&self) -> &[u8] {
        &self.after
    }

    /// Width and height, where it is a picture.
    pub(super) fn size(&self) -> Option<(u32, u32)> {
        self.format.size()
    }
}

/// A big-endian number of up to eight bytes.
pub(super) fn big(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// A little-endian number of up to eight bytes.
pub(super) fn little(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// Some of the bytes; none where there are not that many.
pub(super) fn part(bytes: &[u8], from: usize, length: usize) -> &[u8] {
    from.checked_add(length).and_then(|to| bytes.get(from..to)).unwrap_or_default()
}
