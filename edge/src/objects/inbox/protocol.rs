//! What conversations and the Worker tell an inbox: ids, never content.

use serde::{Deserialize, Serialize};
use shared::id::{AccountId, BusinessId, ConversationId};

use crate::store::scope::BusinessScope;

/// Something that members who have the inbox open hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// A conversation changed.
    Changed(ConversationId),
    /// A conversation changed and wants somebody: everybody, or the member whom a note mentions.
    Call(ConversationId, Option<AccountId>),
    /// A conversation was given to a member by somebody else: they are called.
    Assigned(ConversationId, AccountId),
    /// A conversation is being erased.
    Gone(ConversationId),
    /// A member may not see this any longer, or was signed out on some device: their sockets close, and whoever may asks for
    /// a fresh ticket.
    SendOut(AccountId),
}

impl News {
    /// A conversation changed.
    pub const fn changed(conversation: ConversationId) -> Self {
        Self::Changed(conversation)
    }

    /// A conversation wants somebody.
    pub const fn call(conversation: ConversationId, mentioned: Option<AccountId>) -> Self {
        Self::Call(conversation, mentioned)
    }
}

/// News with the business whose inbox it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The business.
    pub business: BusinessId,
    /// Its shard.
    pub shard: usize,
    /// The news.
    pub news: News,
}

impl Envelope {
    /// News for the inbox of a business.
    pub const fn new(business: &BusinessScope, news: News) -> Self {
        Self { business: business.business(), shard: business.shard(), news }
    }

    /// The business, as it was checked where the news come from.
    pub const fn scope(&self) -> BusinessScope {
        BusinessScope::new(self.business, self.shard)
    }
}
