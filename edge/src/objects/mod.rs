//! Durable Objects: a pure state machine inside, a thin shell outside.

pub mod conversation;
pub mod inbox;
