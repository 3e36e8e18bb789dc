//! From chunks of bytes to events. Chunks may end anywhere, in the middle of a character too.

use std::num::NonZeroUsize;

use shared::limits::STREAM_LINE_BYTES;
use sse_core::{SseDecoder, SseEvent};

use super::{Decoder, StreamEvent, VendorFault};

const LINE_BYTES: NonZeroUsize = match NonZeroUsize::new(STREAM_LINE_BYTES) {
    Some(bytes) => bytes,
    None => NonZeroUsize::MIN,
};

/// Decodes one provider's stream.
pub(super) struct StreamDecoder {
    lines: SseDecoder,
    provider: Box<dyn Decoder>,
    ended: bool,
}

impl StreamDecoder {
    pub(super) fn new(provider: Box<dyn Decoder>) -> Self {
        Self { lines: SseDecoder::with_limit(LINE_BYTES), provider, ended: false }
    }

    /// Takes a chunk and appends what it completes to `events`. Nothing counts after an `End`.
    pub(super) fn chunk(&mut self, chunk: &[u8], events: &mut Vec<StreamEvent>) -> Result<(), VendorFault> {
        let mut rest = chunk;
        while !self.ended
            && let Some(event) = self.lines.next(&mut rest)
        {
            match event {
                Ok(SseEvent::Message(message)) => {
                    let from = events.len();
                    self.provider.event(&message.event, &message.data, events)?;
                    self.ended = events.iter().skip(from).any(|event| matches!(event, StreamEvent::End(_)));
                }
                Ok(SseEvent::Retry(_)) => {}
                Err(_) => return Err(VendorFault::Broken),
            }
        }
        Ok(())
    }

    /// Says that no chunk follows. A last event without its blank line still counts; a half one was cut off.
    pub(super) fn finish(&mut self, events: &mut Vec<StreamEvent>) -> Result<(), VendorFault> {
        let last = self.chunk(b"\n\n", events);
        if self.ended && last.is_ok() { Ok(()) } else { Err(VendorFault::Truncated) }
    }
}
