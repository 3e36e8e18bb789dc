//! Builds what is served: the Worker, the frame, the dashboard, the loader, and the folder they go into.

mod dashboard;
mod dist;
mod frame;
mod headers;
mod html;
mod loader;
mod page;
mod worker;

use std::path::Path;

use crate::failure::Failure;
use crate::tools::Tools;
use crate::workshop::Workshop;

pub use dashboard::{ASKED_FOR, PARTS};
pub use dist::Audience;
pub use frame::LATER;

/// Builds everything that changed and lays the served files into `folder`. One cargo call a package: built
/// together, the Worker's features of shared crates would end up in the visitor's download.
pub fn everything(shop: &Workshop, tools: &Tools, folder: &Path, audience: Audience) -> Result<(), Failure> {
    let rust = tools.wasm.describe();
    let frame = frame::build(shop, tools, &rust)?;
    let dashboard = dashboard::build(shop, tools, &rust)?;
    worker::build(shop, tools, &rust)?;
    let loader = loader::build(shop, tools)?;
    dist::assemble(shop, folder, audience, &dist::Parts { frame, dashboard, loader })
}
