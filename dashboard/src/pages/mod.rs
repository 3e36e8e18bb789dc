//! What a person sees at an address, a file each.

pub mod welcome;
