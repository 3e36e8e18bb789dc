//! What the frame calls. No cookies; a token in the `Authorization` header.

pub mod address;
pub mod consent;
pub mod conversation;
pub mod file;
pub mod frame;
pub mod satisfaction;
pub mod site;
