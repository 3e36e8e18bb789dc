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
pub mod file;
pub mod health;
pub mod invitation;
pub mod job_run;
pub mod key;
pub mod knowledge;
pub mod letter;
pub mod mail;
pub mod member;
pub mod message;
pub mod passkey;
pub mod retention;
pub mod scope;
pub mod session;
pub mod site;
pub mod subject;
pub mod thread;
pub mod token;
