//! What travels between the dashboard (or a program with a token) and the edge, under `/v1/admin`.

pub mod account;
pub mod account_request;
pub mod audit;
pub mod business;
pub mod deletion;
pub mod inbox;
pub mod install;
pub mod knowledge;
pub mod numbers;
pub mod operator;
pub mod passkey;
pub mod proof;
pub mod request;
pub mod retention;
pub mod sign_in;
pub mod site;
pub mod team;
pub mod token;
pub mod vendor;
pub mod webhook;
