//! What browser and edge must agree on.
//!
//! Pure by rule: no I/O, no async, no clock, no randomness, no JavaScript. Deliberately absent: anything
//! only one side needs (prompts, SQL, markup). `ARCHITECTURE.md` says who may import this crate: everybody.

// Tests may count as they like; shipped code may not overflow.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod id;
pub mod limits;
pub mod privacy;
pub mod rules;
pub mod time;
pub mod wire;
