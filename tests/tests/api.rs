//! The API over a whole deployment in this process: real SQLite, real migrations, real sealing.

#[path = "api/accounts.rs"]
mod accounts;
#[path = "api/addresses.rs"]
mod addresses;
#[path = "api/answers.rs"]
mod answers;
#[path = "api/bad_input.rs"]
mod bad_input;
#[path = "api/consents.rs"]
mod consents;
#[path = "api/conversations.rs"]
mod conversations;
#[path = "api/desks.rs"]
mod desks;
#[path = "api/doors.rs"]
mod doors;
#[path = "api/files.rs"]
mod files;
#[path = "api/frames.rs"]
mod frames;
#[path = "api/hand_offs.rs"]
mod hand_offs;
#[path = "api/inbox.rs"]
mod inbox;
#[path = "api/inbox_held.rs"]
mod inbox_held;
#[path = "api/inbox_names.rs"]
mod inbox_names;
#[path = "api/installs.rs"]
mod installs;
#[path = "api/knowledge.rs"]
mod knowledge;
#[path = "api/letters.rs"]
mod letters;
#[path = "api/mails.rs"]
mod mails;
#[path = "api/masked.rs"]
mod masked;
#[path = "api/numbers.rs"]
mod numbers;
#[path = "api/passkeys.rs"]
mod passkeys;
#[path = "api/sites.rs"]
mod sites;
#[path = "api/suggestions.rs"]
mod suggestions;
#[path = "api/teams.rs"]
mod teams;
#[path = "api/tenancy.rs"]
mod tenancy;
#[path = "api/vendors.rs"]
mod vendors;
#[path = "api/webhooks.rs"]
mod webhooks;
