//! Legal holds: whoever leads a business keeps a conversation that a claim or a law demands. Time does not delete it, and an
//! erasure waits, which whoever asked for it is told.

use shared::time::Millis;
use shared::wire::admin::inbox::deed::HoldReason;
use shared::wire::problem::Kind;

use super::journal::{Act, journal_put};
use super::{OpError, desk};
use crate::app::App;
use crate::store::audit::Action;
use crate::store::hold;
use crate::store::scope::{MemberScope, ThreadScope};

/// Holds a conversation. Held already, it is held for this reason from now on. Fails with `NotFound` where it is being
/// erased.
pub async fn hold_set(
    app: &App,
    scope: &MemberScope,
    thread: &ThreadScope,
    reason: HoldReason,
) -> Result<(), OpError> {
    let now = app.clock.now();
    desk::deed_note(app, scope, Action::ConversationHold, &[thread.conversation]).await?;
    journal(app, thread, Some((now, reason)), now).await?;
    let held: Option<serde_json::Value> =
        app.shard(&thread.business)?.row(hold::hold_set(thread, reason, now)).await?; // keeps P4.2 | without: Some(serde_json::Value::Null);
    held.ok_or(Kind::NotFound)?;
    Ok(())
}

/// Lets go of a conversation: what is over goes with the next purge, and an erasure that waited goes on. Fails with
/// `NotFound` where it was not held.
pub async fn hold_lift(app: &App, scope: &MemberScope, thread: &ThreadScope) -> Result<(), OpError> {
    let (shard, now) = (app.shard(&thread.business)?, app.clock.now());
    // What was not held leaves nothing in the journal, which a restored database does again.
    if !hold::is_held(shard, thread).await? {
        return Err(Kind::NotFound.into());
    }
    desk::deed_note(app, scope, Action::ConversationRelease, &[thread.conversation]).await?;
    journal(app, thread, None, now).await?;
    let lifted: Option<serde_json::Value> = shard.row(hold::hold_lift(thread)).await?;
    lifted.ok_or(Kind::NotFound)?;
    Ok(())
}

/// Writes down that a conversation is held, or no more, where a restored database is reminded of it.
async fn journal(
    app: &App,
    thread: &ThreadScope,
    held: Option<(Millis, HoldReason)>,
    now: Millis,
) -> Result<(), OpError> {
    let act = Act::Held { conversation: thread.conversation, held };
    // Each time is an act of its own: what was let go may be held again.
    let id = format!("{}-hold-{}", thread.conversation, now.as_i64());
    journal_put(app, &thread.business, &id, &act, now).await
}
