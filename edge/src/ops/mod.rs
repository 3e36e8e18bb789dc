//! What a person (or the clock) does, one function each, named noun_verb. Operations orchestrate: rules decide,
//! stores write, the platform is handed in.

pub mod account;
pub mod api_token;
pub mod business;
pub mod consent;
pub mod conversation;
pub mod demo;
pub mod email;
pub mod erasure;
pub mod fault;
pub mod file;
pub mod frame;
pub mod identity;
pub mod incoming;
pub mod install;
pub mod journal;
pub mod knowledge;
mod letter;
pub mod mail;
pub mod message;
pub mod numbers;
pub mod passkey;
pub mod preview;
pub mod question;
pub mod receipt;
pub mod replay;
pub mod satisfaction;
mod sealed_message;
mod secret;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod team;
pub mod turn;
pub mod vendor;
pub mod visitor;
pub mod webhook;

pub use fault::{Denial, Fault, OpError};
