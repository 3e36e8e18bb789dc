//! The visitor's privacy centre.

pub mod notice;
pub mod page;
pub mod receipts;
