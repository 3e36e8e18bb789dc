//! The stream: `message_start`, blocks of deltas, `message_delta`, `message_stop`.

use serde::Deserialize;

use super::errors::fault_of_type;
use crate::vendors::{Decoder, EndReason, StreamEvent, VendorFault};

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: Start,
    },
    ContentBlockDelta {
        delta: Delta,
    },
    MessageDelta {
        delta: Stop,
        usage: Option<Usage>,
    },
    MessageStop,
    Error {
        error: Error,
    },
    /// Pings, starts and stops of blocks, and whatever comes to exist.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Start {
    usage: Option<Usage>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Delta {
    TextDelta {
        text: String,
    },
    /// The input of a tool that nobody offered, thinking that nobody asked for.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Stop {
    stop_reason: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
struct Usage {
    input_tokens: Option<u32>,
    output_tokens: Option<u32>,
}

#[derive(Deserialize)]
struct Error {
    #[serde(rename = "type", default)]
    kind: String,
}

struct EventDecoder {
    reason: EndReason,
    tokens_in: u32,
    tokens_out: u32,
}

/// Begins to read a stream.
pub(super) fn decoder() -> Box<dyn Decoder> {
    Box::new(EventDecoder { reason: EndReason::Complete, tokens_in: 0, tokens_out: 0 })
}

impl EventDecoder {
    /// Counts are running totals; one that is left out stands as it was.
    fn usage(&mut self, usage: Option<Usage>, events: &mut Vec<StreamEvent>) {
        let Some(usage) = usage else { return };
        self.tokens_in = usage.input_tokens.unwrap_or(self.tokens_in);
        self.tokens_out = usage.output_tokens.unwrap_or(self.tokens_out);
        events.push(StreamEvent::Usage { tokens_in: self.tokens_in, tokens_out: self.tokens_out });
    }
}

impl Decoder for EventDecoder {
    fn event(&mut self, _name: &str, data: &str, events: &mut Vec<StreamEvent>) -> Result<(), VendorFault> {
        match serde_json::from_str(data).map_err(|_| VendorFault::Broken)? {
            Event::MessageStart { message } => self.usage(message.usage, events),
            Event::ContentBlockDelta { delta: Delta::TextDelta { text } } if !text.is_empty() => {
                events.push(StreamEvent::Text(text));
            }
            Event::ContentBlockDelta { .. } | Event::Other => {}
            Event::MessageDelta { delta, usage } => {
                if let Some(reason) = delta.stop_reason {
                    self.reason = match reason.as_str() {
                        "end_turn" | "stop_sequence" => EndReason::Complete,
                        "max_tokens" | "model_context_window_exceeded" => EndReason::TooLong,
                        "refusal" => EndReason::Filtered,
                        _ => EndReason::Strange,
                    };
                }
                self.usage(usage, events);
            }
            Event::MessageStop => events.push(StreamEvent::End(self.reason)),
            Event::Error { error } => return Err(fault_of_type(&error.kind)),
        }
        Ok(())
    }
}
