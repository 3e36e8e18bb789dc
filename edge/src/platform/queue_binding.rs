//! The Worker's body of `Queue`: a producer binding.

use std::sync::Arc;

use worker::{QueueContentType, RawMessageBuilder};

use super::QueueFault;

/// A queue, to send to.
#[derive(Clone)]
pub struct Queue(Arc<worker::Queue>);

impl Queue {
    /// Wraps a binding.
    pub fn new(queue: worker::Queue) -> Self {
        Self(Arc::new(queue))
    }

    /// Sends a message that arrives after `delay_s` seconds, a day at most.
    pub async fn send(&self, text: String, delay_s: u32) -> Result<(), QueueFault> {
        let message = RawMessageBuilder::new(text.into())
            .delay_seconds(delay_s)
            .build_with_content_type(QueueContentType::Text);
        self.0.send_raw(message).await.map_err(|error| QueueFault(error.to_string()))
    }
}
