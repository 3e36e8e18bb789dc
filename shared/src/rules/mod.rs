//! Decisions that browser and edge must take alike, as functions from values to a value.

pub mod file;
pub mod language;
pub mod markdown;
pub mod message;
pub mod person;
pub mod retention;
pub mod subject;
