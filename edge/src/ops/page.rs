//! The page that a conversation began on, where the business keeps that (promise P2.4): sealed with the conversation.

use shared::privacy::Personal;
use shared::time::Millis;

use super::OpError;
use super::sealed_line::{line_open, line_seal};
use crate::app::App;
use crate::platform::Statement;
use crate::sealing::{Column, SealingKey};
use crate::store::scope::ThreadScope;
use crate::store::visitor_page::{visitor_page_find, visitor_page_insert};

/// The statement that keeps the page with the conversation that begins there.
pub(super) fn page_keep(
    app: &App,
    scope: &ThreadScope,
    key: &SealingKey,
    path: &Personal<String>,
) -> Result<Statement, OpError> {
    let now = app.clock.now();
    let place = (Column::VisitorPage, now);
    let sealed = line_seal(app, &scope.business, (scope.conversation, key), place, path)?;
    Ok(visitor_page_insert(scope, key.reference(), sealed, now))
}

/// The page that a conversation began on, and when. `None` where none is kept, or it was erased.
pub async fn page_read(
    app: &App,
    scope: &ThreadScope,
) -> Result<Option<(Personal<String>, Millis)>, OpError> {
    let found = visitor_page_find(app.shard(&scope.business)?, &scope.business, scope.conversation).await?;
    let Some((sealed, at)) = found else { return Ok(None) };
    let place = (Column::VisitorPage, at);
    let path = line_open(app, &scope.business, scope.conversation, place, &sealed).await?;
    Ok(path.map(|path| (path, at)))
}
