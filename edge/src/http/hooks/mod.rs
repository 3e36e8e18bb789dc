//! Where vendors call: a file a vendor. What is not signed is not read.

pub mod resend;
