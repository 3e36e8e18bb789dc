//! One file a command.

pub mod advisories;
pub mod bench;
pub mod check;
pub mod deploy;
pub mod prove;
pub mod run;
pub mod size;
pub mod test;

mod plan;
mod server;
mod settings;
mod tally;
