//! Requests and answers of `/v1/widget`: JSON over HTTPS, bearer tokens, no cookies.
//!
//! | call | token | request | answer |
//! |---|---|---|---|
//! | `GET /v1/widget/sites/{site}?locale=fr` | none | | `Frame` without token |
//! | `POST /v1/widget/sites/{site}/visitors` | none | `MintVisitor` | `MintedVisitor` |
//! | `POST /v1/widget/sites/{site}/consents` | visitor | `RecordConsent` | 204 |
//! | `POST /v1/widget/sites/{site}/conversations` | visitor | `OpenConversation` | `OpenedConversation` |
//! | `POST /v1/widget/conversations/{id}/messages` | conversation | `SendMessage` | `SentMessage` |
//! | `GET /v1/widget/conversations/{id}/messages?after=0` | conversation | | `Catchup` |
//! | `POST /v1/widget/conversations/{id}/person` | conversation | | 204; the notice comes as a message |
//! | `POST /v1/widget/conversations/{id}/tickets` | conversation | | `Ticket` |
//! | `POST /v1/widget/conversations/{id}/leave` | conversation | | 204 |
//! | `POST /v1/widget/conversations/{id}/address` | conversation | `LeaveAddress` | 204; a link goes to the address |
//! | `POST /v1/widget/addresses/confirm` | the link's, in the body | `MailedLink` | `ConfirmedAddress` |
//! | `POST /v1/widget/return` | the link's, in the body, once | `MailedLink` | `ReturnedConversation` |
//! | `GET /v1/widget/conversations/{id}/live` | ticket, in `Sec-WebSocket-Protocol: loquet.v1, <ticket>` | `LiveCommand` frames | `LiveEvent` frames |

use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, DraftId, FileId, TurnId, VisitorId};
use crate::privacy::{Personal, Secret};
use crate::time::Millis;
use crate::wire::message::Message;

/// The first protocol name of the socket; the ticket is the second.
pub const LIVE_PROTOCOL: &str = "loquet.v1";

/// Asks for a visitor's token where the document carried none (no Referer) or it expired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MintVisitor {
    /// The host page's origin, as the loader's hello gave it (`event.origin`).
    pub origin: String,
}

/// A fresh visitor and their token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MintedVisitor {
    /// The visitor, known to nobody yet: no row exists before the first message.
    pub visitor: VisitorId,
    /// Opens consent and the first message, for an hour.
    pub token: Secret<String>,
}

/// The first message: it creates visitor and conversation. Sending the same draft again returns the same ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenConversation {
    /// What the client calls the message.
    pub draft: DraftId,
    /// The words: 1 to 4,000 characters.
    pub text: Personal<String>,
    /// The language the visitor reads.
    pub locale: String,
    /// The path of the page that the chat stands on, without query and fragment; only where the frame's settings say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Personal<String>>,
}

/// A new conversation, with the token that opens it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenedConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// Opens it, for 12 hours after its last use.
    pub token: Secret<String>,
    /// The first message as it was kept.
    pub message: Message,
    /// Opens one socket.
    pub ticket: Secret<String>,
}

/// A further message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SendMessage {
    /// What the client calls it.
    pub draft: DraftId,
    /// The words: 1 to 4,000 characters; none where files go with it.
    pub text: Personal<String>,
    /// The language the visitor reads.
    pub locale: String,
    /// Files that were uploaded to this conversation and not sent yet, 5 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
}

/// A message as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SentMessage {
    /// It.
    pub message: Message,
}

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// A machine answers.
    Ai,
    /// A machine answers, and a person was asked for.
    Requested,
    /// A person answers; no AI message gets in.
    Human,
    /// Nobody answers any more.
    Closed,
}

/// An answer that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunningTurn {
    /// The turn.
    pub turn: TurnId,
    /// Everything written so far.
    pub text: Personal<String>,
}

/// What follows a cursor: none lost, none doubled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Catchup {
    /// Messages after the cursor, oldest first, 100 at most.
    pub messages: Vec<Message>,
    /// There are more: ask again from the last one's sequence.
    pub more: bool,
    /// Where the conversation stands.
    pub state: State,
    /// The answer that is being written, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<RunningTurn>,
    /// The name of the person who answers, while one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Personal<String>>,
    /// What became of the address that the visitor left; absent where they left none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<AddressState>,
    /// It is held still at the visitor's request: nothing is taken and nobody answers until they lift that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_held: bool,
}

/// What became of an address that a visitor left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AddressState {
    /// A mail with a link went there; nobody has opened the link yet.
    Waiting,
    /// The link was opened: answers go there while the visitor is away.
    Confirmed,
}

/// Leaving an address, for answers that come while the visitor is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LeaveAddress {
    /// The address.
    pub email: Personal<String>,
    /// The language of the mail.
    pub locale: String,
}

/// What stands in the fragment of a link that was mailed to a visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MailedLink {
    /// The secret: everything behind the last `/` of the fragment.
    pub token: Secret<String>,
}

/// An address that was proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConfirmedAddress {
    /// The business that will write there.
    pub business: String,
}

/// A conversation that was opened again by the link in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReturnedConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// Opens it, for 12 hours after its last use.
    pub token: Secret<String>,
    /// Opens one socket.
    pub ticket: Secret<String>,
}

/// Opens one socket, once, for 30 seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Ticket {
    /// The second protocol name of the handshake.
    pub ticket: Secret<String>,
    /// When it stops opening anything.
    pub expires_at: Millis,
}
