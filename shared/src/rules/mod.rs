//! Decisions that browser and edge must take alike, as functions from values to a value.

pub mod language;
pub mod message;
pub mod person;
pub mod request;
pub mod retention;
