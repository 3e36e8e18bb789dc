//! What the frame calls. No cookies; a token in the `Authorization` header.

pub mod consent;
pub mod conversation;
pub mod file;
pub mod frame;
pub mod site;
