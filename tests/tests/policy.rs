//! The promises, each by its id: a test here fails if the software stops keeping one.

#[path = "policy/accounts.rs"]
mod accounts;
#[path = "policy/canaries.rs"]
mod canaries;
#[path = "policy/erasure.rs"]
mod erasure;
#[path = "policy/numbers.rs"]
mod numbers;
#[path = "policy/retention.rs"]
mod retention;
