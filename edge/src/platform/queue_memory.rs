//! The host's body of `Queue`: messages lie in memory until a test delivers them.

use std::sync::{Arc, Mutex};

use super::QueueFault;

#[derive(Default)]
struct Inner {
    messages: Vec<(String, u32)>,
    broken: bool,
}

/// A queue, to send to.
#[derive(Clone, Default)]
pub struct Queue(Arc<Mutex<Inner>>);

impl Queue {
    /// Sends a message that arrives after `delay_s` seconds.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub async fn send(&self, text: String, delay_s: u32) -> Result<(), QueueFault> {
        let mut inner = self.0.lock().map_err(|_| QueueFault("poisoned".into()))?;
        if inner.broken {
            return Err(QueueFault("out of order".into()));
        }
        inner.messages.push((text, delay_s));
        Ok(())
    }

    /// Takes every message that was sent so far, with its delay in seconds.
    pub fn take(&self) -> Vec<(String, u32)> {
        self.0.lock().map(|mut inner| std::mem::take(&mut inner.messages)).unwrap_or_default()
    }

    /// From now on nothing is taken, or it is again.
    pub fn set_broken(&self, broken: bool) {
        if let Ok(mut inner) = self.0.lock() {
            inner.broken = broken;
        }
    }
}
