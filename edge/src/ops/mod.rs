//! What a person (or the clock) does, one function each, named noun_verb. Operations orchestrate: rules decide,
//! stores write, the platform is handed in.

pub mod account;
pub mod account_copy;
pub mod account_request;
pub mod api_token;
pub mod billing;
pub mod business;
pub mod card;
pub mod confirmation;
pub mod consent;
pub mod contact;
pub mod conversation;
pub mod copy;
pub mod deletion;
pub mod demo;
pub mod desk;
pub mod desk_word;
pub mod digest;
pub mod email;
pub mod erasure;
pub mod fault;
pub mod file;
pub mod frame;
pub mod hold;
pub mod identity;
pub mod inbox;
pub mod incoming;
pub mod install;
pub mod journal;
pub mod knowledge;
mod letter;
pub mod mail;
pub mod message;
mod names;
pub mod note;
pub mod notice;
pub mod numbers;
pub mod page;
pub mod passkey;
pub mod preview;
pub mod privacy_code;
pub mod question;
pub mod receipt;
pub mod record;
pub mod replay;
pub mod request;
pub mod retention;
pub mod right;
pub mod satisfaction;
mod sealed_line;
mod sealed_message;
mod secret;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod suggest;
pub mod team;
pub mod turn;
pub mod vendor;
pub mod visitor;
pub mod webhook;

pub use fault::{Denial, Fault, OpError};

// What jobs go by: how many statements are left to them.
pub use crate::platform::meter;
