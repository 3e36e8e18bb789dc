//! The house rules, as tests: what the lints can't say.

#[path = "house/files.rs"]
mod files;
#[path = "house/imports.rs"]
mod imports;
#[path = "house/processing.rs"]
mod processing;
#[path = "house/promises.rs"]
mod promises;
#[path = "house/schema.rs"]
mod schema;
