//! Sealing: erasure that holds against backups. Content is sealed under keys that live outside every database,
//! and erasing overwrites the key. `docs/sealing.md` is the specification, byte by byte.
//!
//! Pure rooms: `owner`, `column` (what is named), `derive`, `cipher` (the primitives), `slab`, `value`, `file` (the
//! formats). Rooms with effects: `root`, `keyring` (mint, lease, open), `destroy`.

mod cache;
mod census;
mod cipher;
mod column;
mod derive;
mod destroy;
mod fault;
mod file;
mod journal;
mod key;
mod keyring;
mod master;
mod owner;
mod root;
mod slab;
#[cfg(test)]
mod tests;
mod tick;
mod value;

pub use census::{ListedSlab, SlabCensus};
pub use column::{Cell, Column};
pub use destroy::Destruction;
pub use fault::{Health, SealFault};
pub use file::{FileName, FileOpener, FileSealer, file_reference, files_prefix};
pub use key::SealingKey;
pub use keyring::Keyring;
pub use master::{MasterFault, MasterKeys};
pub use owner::{Family, KeyOwner, KeyRef, KeyScope};
