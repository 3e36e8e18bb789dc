//! The harness of the first ring: a whole deployment in a plain process, over real SQLite with the real migrations,
//! a clock that tests wind, seeded randomness, and vendors that tests script.

mod authenticator;
mod deployment;
mod desk;
mod person;
mod trouble;
mod visitor;

pub use authenticator::{Authenticator, encoded};
pub use deployment::{
    Deployment, NOW, Options, business_id, directory_migrations, repository, seed, shard_migrations, site_id,
};
pub use desk::Desk;
pub use person::{Person, agreement};
pub use trouble::{Trouble, troubled};
pub use visitor::{Answer, Visitor, jwt};
