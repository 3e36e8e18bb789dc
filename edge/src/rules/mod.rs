//! Pure decisions that must not ship to a browser.

pub mod answer;
pub mod browser;
pub mod color;
pub mod consent_text;
pub mod credential;
pub mod document;
pub mod fallback;
pub mod file;
pub mod first_settings;
pub mod html;
pub mod inventory;
pub mod links;
pub mod mail;
pub mod masking;
pub mod opening;
pub mod origin;
pub mod passkey;
pub mod permission;
pub mod prompt;
pub mod receipt;
pub mod signal;
pub mod webhook;
