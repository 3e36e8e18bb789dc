//! What signing in leaves behind: sign-ups that nobody confirmed, codes, challenges, ended sessions, old invitations,
//! changes of address and lines of the audit log. And the changes of address whose two days are over.
//!
//! Idempotent: what is gone is not found again, and a change that was applied says so.

use shared::limits::{
    AUDIT_KEPT_MS, CODE_KEPT_MS, DELETE_ROWS, INVITATION_KEPT_MS, SESSION_KEPT_MS, SIGN_UP_MS,
};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::{OpError, email};
use crate::store::scope::OperatorScope;
use crate::store::{account, audit, code, member, passkey, session};

/// Changes of address that one run applies.
const CHANGES: u32 = 100;

/// Applies what is due and forgets what is over.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut rows = email::email_changes_apply(app, scope, now, CHANGES).await?;
    let mut more = rows >= CHANGES;
    let mut batch = account::pending_forget(scope, now.minus_ms(SIGN_UP_MS), DELETE_ROWS);
    let first = batch.len().saturating_sub(1);
    batch.extend([
        code::codes_forget(scope, now.minus_ms(CODE_KEPT_MS), DELETE_ROWS),
        passkey::challenges_forget(scope, now.minus_ms(CODE_KEPT_MS), DELETE_ROWS),
        session::sessions_forget(scope, now.minus_ms(SESSION_KEPT_MS), DELETE_ROWS),
        member::invitations_forget(scope, now.minus_ms(INVITATION_KEPT_MS), DELETE_ROWS),
        account::email_changes_forget(scope, now.minus_ms(INVITATION_KEPT_MS), DELETE_ROWS),
        audit::audit_forget(scope, now.minus_ms(AUDIT_KEPT_MS), DELETE_ROWS),
    ]);
    let statements = batch.len();
    let done = app.directory.batch(batch).await?;
    for index in first..statements {
        let gone = done.rows::<serde_json::Value>(index)?.len();
        let gone = u32::try_from(gone).unwrap_or(u32::MAX);
        rows = rows.saturating_add(gone);
        more |= gone >= DELETE_ROWS;
    }
    Ok(Done { cut_off: now, rows, objects: 0, more })
}
