//! Files of a conversation: uploaded first, then sent with a message.
//!
//! Below `/v1/widget/conversations/{conversation}`, by the conversation's token:
//!
//! | call | request | answer |
//! |---|---|---|
//! | `POST /files` | the bytes of the file; its name in [`NAME_HEADER`] | `Attachment` |
//! | `DELETE /files/{file}` | | 204: it was not sent, and is gone |
//! | `GET /files/{file}`, `?inline` for pictures | | the bytes |
//!
//! The pages show pictures and offer the rest by `blob:` addresses of what they fetched with their token.

use serde::{Deserialize, Serialize};

use crate::id::FileId;
use crate::privacy::Personal;
use crate::time::Millis;

/// Carries the name of an uploaded file: UTF-8, percent-encoded.
pub const NAME_HEADER: &str = "x-loquet-file-name";

/// A file of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Attachment {
    /// The file.
    pub id: FileId,
    /// What it is called; its ending says what it is.
    pub name: Personal<String>,
    /// What it is, by its content.
    pub media_type: String,
    /// How large it is.
    pub bytes: u64,
    /// How wide it is, where it is a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// How high it is, where it is a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// When it goes: with its message, or a day after the upload where it was not sent.
    pub until: Millis,
}
