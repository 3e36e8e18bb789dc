//! What travels between browser and edge, a file per surface.
//!
//! Enums are externally tagged: internally tagged ones cost the widget four kilobytes of buffering code.
//! A field is added with `#[serde(default)]`, never renamed: an old frame lives as long as its tab.

pub mod admin;
pub mod consent;
pub mod file;
pub mod frame;
pub mod identity;
pub mod live;
pub mod message;
pub mod privacy;
pub mod problem;
pub mod receipt;
pub mod satisfaction;
pub mod widget;
