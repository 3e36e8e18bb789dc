//! Objects with conditional writes, and large ones that are written and read in pieces. R2 on workerd, a map on the host.
//!
//! R2 has no history: what is overwritten is gone. That is why keys live here and not in a database.

use std::pin::Pin;

use futures::Stream;

#[cfg(target_arch = "wasm32")]
#[path = "blobs_r2.rs"]
mod body;
#[cfg(not(target_arch = "wasm32"))]
#[path = "blobs_memory.rs"]
mod body;

pub use body::{Blobs, Writing};

/// Pieces of an object as they arrive. An error ends it.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Vec<u8>, BlobFault>>>>;

/// An object as it was read.
#[derive(Clone)]
pub struct Blob {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Which writing of it this is; a conditional put names it.
    pub etag: String,
}

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("object store: {0}")]
pub struct BlobFault(pub String);

/// What became of a conditional put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// Written.
    Written,
    /// Somebody else was first: the object is not (or no longer) as the condition says.
    Refused,
}
