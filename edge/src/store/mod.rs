//! SQL, one file per table family. Every function takes the database handle and then a scope; every statement
//! filters on it. Rows are private: what leaves this room is a type of the house.

pub mod account;
pub mod address;
pub mod api_token;
pub mod audit;
pub mod budget;
pub mod business;
pub mod code;
pub mod consent;
pub mod conversation;
pub mod email_change;
pub mod erasure;
pub mod health;
pub mod identity_secret;
pub mod invitation;
pub mod job_run;
pub mod key;
pub mod knowledge;
pub mod knowledge_edit;
pub mod letter;
pub mod mail;
pub mod member;
pub mod message;
pub mod passkey;
pub mod retention;
pub mod scope;
pub mod secret;
pub mod session;
pub mod site;
pub mod site_settings;
pub mod subject;
pub mod thread;
pub mod token;
pub mod vendor_key;
pub mod visitor_identity;
pub mod webhook;
