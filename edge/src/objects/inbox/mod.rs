//! One object a business: it holds the sockets of members who have the inbox open, and tells each of them what changed, as
//! they read it. It keeps nothing: conversations tell it ids, rows are read from the shard, sockets remember who they are.

pub mod caller;
pub mod protocol;
#[cfg(target_arch = "wasm32")]
pub mod shell;
