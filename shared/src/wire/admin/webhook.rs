//! Doors of a business's own systems to which events are told, after the Standard Webhooks scheme. Events carry ids and
//! times, never a word of anybody.

use serde::{Deserialize, Serialize};

use crate::id::WebhookId;
use crate::privacy::Secret;
use crate::time::Millis;

/// What can be told.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum HookEvent {
    /// A visitor opened a conversation.
    #[serde(rename = "conversation.opened")]
    ConversationOpened,
    /// A conversation was closed.
    #[serde(rename = "conversation.closed")]
    ConversationClosed,
    /// A visitor wrote.
    #[serde(rename = "message.received")]
    MessageReceived,
    /// A person was asked for.
    #[serde(rename = "person.requested")]
    PersonRequested,
}

impl HookEvent {
    /// Every event.
    pub const ALL: [Self; 4] =
        [Self::ConversationOpened, Self::ConversationClosed, Self::MessageReceived, Self::PersonRequested];

    /// The name, as it is told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConversationOpened => "conversation.opened",
            Self::ConversationClosed => "conversation.closed",
            Self::MessageReceived => "message.received",
            Self::PersonRequested => "person.requested",
        }
    }
}

/// A door, without what it is told with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Webhook {
    /// Which.
    pub id: WebhookId,
    /// Where it is and what it hears.
    #[serde(flatten)]
    pub about: WriteWebhook,
    /// Since when.
    pub created_at: Millis,
}

/// What a team sets for a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WriteWebhook {
    /// Where it is: https, on the public web.
    pub url: String,
    /// What it hears.
    pub events: Vec<HookEvent>,
    /// It is told at present.
    pub is_active: bool,
}

/// Every door of a business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Webhooks {
    /// Each of them, oldest first.
    pub webhooks: Vec<Webhook>,
}

/// A door that was made, or whose secret was. This is the only time that it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MadeWebhook {
    /// Which.
    pub id: WebhookId,
    /// What deliveries are signed with: `whsec_…`.
    pub secret: Secret<String>,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits for its first or next try.
    Queued,
    /// A try holds it.
    Sending,
    /// The door took it.
    Delivered,
    /// It was tried too often.
    GivenUp,
}

/// One event told to one door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HookDelivery {
    /// What `webhook-id` says: the same at every try.
    pub event: String,
    /// What happened.
    pub kind: String,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: u32,
    /// What the door answered last; absent where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// When it happened.
    pub created_at: Millis,
    /// When it is tried next, while it waits.
    pub due_at: Millis,
}

/// The newest deliveries of a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HookDeliveries {
    /// Each of them, newest first.
    pub deliveries: Vec<HookDelivery>,
}
