//! The one entry of the visitor's device (promise B1): what it holds, and how long it serves.

use serde::{Deserialize, Serialize};
use shared::id::{ConversationId, SiteId};
use shared::limits::CONVERSATION_TOKEN_MS;
use shared::privacy::Secret;
use shared::time::Millis;
use shared::wire::consent::Choice;

/// The way back to a conversation, kept in this tab's `sessionStorage` and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The site that it belongs to: pages of one domain share the entry, whichever business they are of.
    pub site: SiteId,
    /// The conversation.
    pub conversation: ConversationId,
    /// What opens it.
    pub token: Secret<String>,
    /// When it was last used.
    pub at: Millis,
    /// What the visitor chose in the strip, so that a next page does not ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

impl Remembered {
    /// It still serves: 12 hours after its last use it does not, and an entry from the future never did.
    pub fn serves(&self, now: Millis) -> bool {
        (0..CONVERSATION_TOKEN_MS).contains(&now.since_ms(self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_serves_for_twelve_hours_after_its_last_use() {
        let at = Millis::new(1_790_000_000_000);
        let entry = Remembered {
            site: SiteId::mint(at, [2; 10]),
            conversation: ConversationId::mint(at, [1; 10]),
            token: Secret::new("t".into()),
            at,
            choice: None,
        };
        assert!(entry.serves(at.plus_ms(CONVERSATION_TOKEN_MS - 1)));
        assert!(!entry.serves(at.plus_ms(CONVERSATION_TOKEN_MS)));
        assert!(!entry.serves(at.minus_ms(1)));
    }
}
