//! What a person (or the clock) does, one function each, named noun_verb. Operations orchestrate: rules decide,
//! stores write, the platform is handed in.

pub mod account;
pub mod api_token;
pub mod business;
pub mod card;
pub mod consent;
pub mod contact;
pub mod conversation;
pub mod demo;
pub mod desk;
pub mod desk_word;
pub mod digest;
pub mod email;
pub mod erasure;
pub mod fault;
pub mod frame;
pub mod inbox;
pub mod incoming;
pub mod journal;
mod letter;
pub mod mail;
pub mod message;
mod names;
pub mod note;
pub mod passkey;
pub mod receipt;
pub mod replay;
mod sealed_message;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod team;
pub mod turn;
pub mod visitor;

pub use fault::{Denial, Fault, OpError};
