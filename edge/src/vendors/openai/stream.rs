//! The stream: `chat.completion.chunk` objects, then `[DONE]`.

use serde::Deserialize;

use super::errors::fault_of_type;
use crate::vendors::{Decoder, EndReason, StreamEvent, VendorFault};

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<Error>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}

#[derive(Deserialize)]
struct Error {
    #[serde(rename = "type")]
    kind: Option<String>,
}

struct ChunkDecoder {
    reason: EndReason,
}

/// Begins to read a stream.
pub(super) fn decoder() -> Box<dyn Decoder> {
    // A stream that says `[DONE]` without having given a reason is taken at its word.
    Box::new(ChunkDecoder { reason: EndReason::Complete })
}

impl Decoder for ChunkDecoder {
    fn event(&mut self, _name: &str, data: &str, events: &mut Vec<StreamEvent>) -> Result<(), VendorFault> {
        if data.trim() == "[DONE]" {
            events.push(StreamEvent::End(self.reason));
            return Ok(());
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|_| VendorFault::Broken)?;
        if let Some(error) = chunk.error {
            return Err(fault_of_type(error.kind.as_deref().unwrap_or_default()));
        }
        // One answer is asked for; a second choice would be an answer to nobody.
        if let Some(choice) = chunk.choices.into_iter().next() {
            let (content, refusal) =
                choice.delta.map_or((None, None), |delta| (delta.content, delta.refusal));
            for text in [content, refusal].into_iter().flatten().filter(|text| !text.is_empty()) {
                events.push(StreamEvent::Text(text));
            }
            if let Some(reason) = choice.finish_reason {
                self.reason = match reason.as_str() {
                    "stop" => EndReason::Complete,
                    "length" => EndReason::TooLong,
                    "content_filter" => EndReason::Filtered,
                    _ => EndReason::Strange,
                };
            }
        }
        if let Some(usage) = chunk.usage {
            events.push(StreamEvent::Usage {
                tokens_in: usage.prompt_tokens,
                tokens_out: usage.completion_tokens,
            });
        }
        Ok(())
    }
}
