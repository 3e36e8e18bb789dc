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
    let program = dashboard::compile(shop, tools)?;
    // Making the dashboard small takes one core for minutes, and the Worker's compiler has little use for the second.
    let (dashboard, worker) = std::thread::scope(|scope| {
        let dashboard = scope.spawn(|| dashboard::bundle(shop, tools, &rust, &program));
        let worker = worker::build(shop, tools, &rust);
        let broken = || Err(Failure::new("the bundling of the dashboard broke off"));
        (dashboard.join().unwrap_or_else(|_| broken()), worker)
    });
    let dashboard = match (dashboard, worker) {
        (Ok(dashboard), Ok(())) => dashboard,
        (Err(failure), Ok(())) | (Ok(_), Err(failure)) => return Err(failure),
        (Err(failure), Err(other)) => return Err(failure.and(&other)),
    };
    let loader = loader::build(shop, tools)?;
    dist::assemble(shop, folder, audience, &dist::Parts { frame, dashboard, loader })
}
