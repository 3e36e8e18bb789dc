//! One object a thread: it holds the sockets, decides who may speak, runs the AI turn and writes to the shard.
//!
//! `machine` decides, `room` performs on either target, `shell` is the Durable Object around it, `caller` is how the
//! Worker reaches it. The object's own storage holds ids and timers, never content: it has a history too.

pub mod caller;
pub mod machine;
pub mod protocol;
pub mod room;
#[cfg(target_arch = "wasm32")]
pub mod shell;
pub mod told;
