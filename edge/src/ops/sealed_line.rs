//! One line about a conversation's visitor beside their words, sealed with the conversation and bound to its time: whom the
//! business calls them, and where they began.

use shared::id::ConversationId;
use shared::privacy::Personal;
use shared::time::Millis;

use super::{Fault, OpError};
use crate::app::App;
use crate::sealing::{Cell, Column, KeyOwner, SealFault, SealingKey};
use crate::store::scope::BusinessScope;
use crate::store::secret::SealedSecret;

/// Hands a line its place in its table.
fn with_cell<T>(
    scope: &BusinessScope,
    conversation: ConversationId,
    (column, at): (Column, Millis),
    use_cell: impl FnOnce(Cell<'_>) -> T,
) -> T {
    let (row, at) = (conversation.to_string(), at.as_i64().to_be_bytes());
    let bound: [&[u8]; 1] = [&at];
    use_cell(Cell { column, scope: scope.into(), row: row.as_bytes(), bound: &bound })
}

/// Seals a line of a column under a key of its conversation.
pub(super) fn line_seal(
    app: &App,
    scope: &BusinessScope,
    (conversation, key): (ConversationId, &SealingKey),
    (column, at): (Column, Millis),
    text: &Personal<String>,
) -> Result<Vec<u8>, OpError> {
    let text = text.expose().as_bytes();
    Ok(with_cell(scope, conversation, (column, at), |cell| key.seal(cell, text, &app.rng))?)
}

/// Opens a line. `None` where its key was destroyed.
pub(super) async fn line_open(
    app: &App,
    scope: &BusinessScope,
    conversation: ConversationId,
    (column, at): (Column, Millis),
    sealed: &SealedSecret,
) -> Result<Option<Personal<String>>, OpError> {
    let owner = KeyOwner::Conversation(conversation);
    let key = app.keyring.key_open(app.shard(scope)?, scope, sealed.key, &owner, &sealed.commit).await;
    let key = match key {
        Err(SealFault::Destroyed) => return Ok(None),
        key => key?,
    };
    let plain = with_cell(scope, conversation, (column, at), |cell| key.open(cell, &sealed.secret))?;
    let text = String::from_utf8(plain.to_vec());
    Ok(Some(Personal::new(text.map_err(|_| Fault::Platform("a sealed line is no text".into()))?)))
}
