//! The visitor's privacy centre: its page, and the rights behind it; and what the deployment says of itself.

mod notice;
pub mod page;
pub mod platform;
pub mod receipts;
pub mod rights;
mod words;
