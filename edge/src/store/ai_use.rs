//! What a conversation used of which model on which day: exact, also where nothing of it was written into the thread.

use shared::time::Millis;

use super::scope::ThreadScope;
use crate::platform::Statement;

/// Adds to what a conversation used. One that is being erased uses nothing any more.
pub const AI_USE_ADD: &str = "
INSERT INTO ai_use (conversation, day, provider, model, business, site, calls, tokens_in, tokens_out)
SELECT conversation.id, ?3, ?4, ?5, conversation.business, conversation.site, 1, ?6, ?7
FROM conversation
JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
WHERE conversation.id = ?1
  AND conversation.business = ?2
  AND seal_key.state = 0
ON CONFLICT (conversation, day, provider, model) DO UPDATE
SET calls = calls + 1
  , tokens_in = tokens_in + excluded.tokens_in
  , tokens_out = tokens_out + excluded.tokens_out
";

/// The statement that adds a call of a model and its tokens.
pub fn ai_use_add(
    scope: &ThreadScope,
    provider: &str,
    model: &str,
    (tokens_in, tokens_out): (u32, u32),
    now: Millis,
) -> Statement {
    Statement::new(
        AI_USE_ADD,
        [
            scope.conversation.into(),
            scope.business.business().into(),
            now.day().into(),
            provider.into(),
            model.into(),
            tokens_in.into(),
            tokens_out.into(),
        ],
    )
}
