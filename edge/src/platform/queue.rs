//! The queue that carries what leaves the house: it wakes a consumer, and the row in the database says what to do.
//!
//! A message is JSON text made here, never a value that the platform serialises: its way turns maps into nothing. A
//! message may come twice or never; rows are leased, and a cron sweeps what no message woke.

#[cfg(target_arch = "wasm32")]
#[path = "queue_binding.rs"]
mod body;
#[cfg(not(target_arch = "wasm32"))]
#[path = "queue_memory.rs"]
mod body;

pub use body::Queue;

/// The queue took nothing.
#[derive(Debug, thiserror::Error)]
#[error("queue: {0}")]
pub struct QueueFault(pub String);
