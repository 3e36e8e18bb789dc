//! Decisions that browser and edge must take alike, as functions from values to a value.

pub mod address;
pub mod color;
pub mod file;
pub mod hours;
pub mod language;
pub mod markdown;
pub mod message;
pub mod page;
pub mod person;
pub mod request;
pub mod retention;
pub mod subject;
pub mod usage;
