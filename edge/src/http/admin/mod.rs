//! The dashboard's API, and what programs with a token may use of it: a file per resource.

pub mod account;
pub mod account_request;
pub mod business;
pub mod deletion;
pub mod desk;
pub mod door;
pub mod file;
pub mod inbox;
pub mod inbox_live;
pub mod inbox_word;
pub mod install;
pub mod knowledge;
pub mod limit;
pub mod numbers;
pub mod operator;
pub mod passkey;
pub mod proof;
pub mod request;
pub mod site;
pub mod team;
pub mod token;
pub mod vendor;
pub mod webhook;
