//! The API over a whole deployment in this process: real SQLite, real migrations, real sealing.

#[path = "api/answers.rs"]
mod answers;
#[path = "api/consents.rs"]
mod consents;
#[path = "api/conversations.rs"]
mod conversations;
#[path = "api/frames.rs"]
mod frames;
#[path = "api/mails.rs"]
mod mails;
#[path = "api/tenancy.rs"]
mod tenancy;
