//! The world outside, as small ports: each one API with two bodies, chosen by target.
//!
//! On wasm32 the body is Cloudflare's; on the host it is SQLite, memory and a clock that tests wind. So
//! operations run in plain `cargo test` over the real migrations, and what only the platform can prove (sockets,
//! cron, conditional puts) is left to the workerd ring.

pub mod assets;
pub mod blobs;
pub mod clock;
pub mod db;
pub mod http;
pub mod limiter;
pub mod meter;
pub mod places;
pub mod queue;
pub mod recent;
pub mod rng;
#[cfg(not(target_arch = "wasm32"))]
pub mod stop;
pub mod verify;

pub use assets::Assets;
pub use blobs::Blobs;
pub use clock::Clock;
pub use db::{Batch, Db, DbFault, Statement, Value};
pub use http::Http;
pub use queue::Queue;
pub use recent::Recent;
pub use rng::Rng;
