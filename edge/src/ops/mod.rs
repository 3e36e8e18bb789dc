//! What a person (or the clock) does, one function each, named noun_verb. Operations orchestrate: rules decide,
//! stores write, the platform is handed in.

pub mod account;
pub mod api_token;
pub mod business;
pub mod consent;
pub mod conversation;
pub mod copy;
pub mod deletion;
pub mod demo;
pub mod email;
pub mod erasure;
pub mod fault;
pub mod frame;
pub mod incoming;
pub mod journal;
mod letter;
pub mod mail;
pub mod message;
pub mod notice;
pub mod passkey;
pub mod privacy_code;
pub mod receipt;
pub mod record;
pub mod replay;
pub mod request;
pub mod right;
mod sealed_message;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod team;
pub mod turn;
pub mod visitor;

pub use fault::{Denial, Fault, OpError};
