//! The dashboard's API, and what programs with a token may use of it: a file per resource.

pub mod account;
pub mod business;
pub mod door;
pub mod file;
pub mod install;
pub mod knowledge;
pub mod numbers;
pub mod operator;
pub mod passkey;
pub mod site;
pub mod team;
pub mod token;
pub mod vendor;
pub mod webhook;
