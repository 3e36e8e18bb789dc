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
pub mod incoming;
mod letter;
pub mod mail;
pub mod message;
pub mod passkey;
mod sealed_message;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod team;
pub mod turn;
pub mod visitor;

pub use fault::{Denial, Fault, OpError};
