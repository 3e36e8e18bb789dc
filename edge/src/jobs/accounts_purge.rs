//! What signing in leaves behind: sign-ups that nobody confirmed, codes, challenges, ended sessions, old invitations,
//! changes of address and lines of the audit log. And the changes of address whose two days are over.
//!
//! Idempotent: what is gone is not found again, and a change that was applied says so.

use shared::limits::{
    AUDIT_KEPT_MS, CODE_KEPT_MS, DELETE_ROWS, EMAIL_CHANGES, INVITATION_KEPT_MS, SESSION_KEPT_MS, SIGN_UP_MS,
};
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::log;
use crate::ops::{OpError, email};
use crate::store::scope::OperatorScope;
use crate::store::{account, audit, code, email_change, invitation, passkey, session};

/// Applies what is due and forgets what is over. A change that fails is logged and tried again by the next run; it stops
/// no other.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    let changes = email_change::email_changes_due(&app.directory, scope, now, EMAIL_CHANGES).await?;
    done.more = changes.len() >= EMAIL_CHANGES as usize;
    for change in changes {
        if let Err(fault) = email::email_change_apply(app, &change, now).await {
            log::failed(app, "accounts_purge", &fault);
            done.failed = done.failed.saturating_add(1);
        }
        done.count(1);
    }
    let mut batch = account::pending_forget(scope, now.minus_ms(SIGN_UP_MS), DELETE_ROWS);
    let first = batch.len().saturating_sub(1);
    batch.extend([
        code::codes_forget(scope, now.minus_ms(CODE_KEPT_MS), DELETE_ROWS),
        passkey::challenges_forget(scope, now.minus_ms(CODE_KEPT_MS), DELETE_ROWS),
        session::sessions_forget(scope, now.minus_ms(SESSION_KEPT_MS), DELETE_ROWS),
        invitation::invitations_forget(scope, now.minus_ms(INVITATION_KEPT_MS), DELETE_ROWS),
        email_change::email_changes_forget(scope, now.minus_ms(INVITATION_KEPT_MS), DELETE_ROWS),
        audit::audit_forget(scope, now.minus_ms(AUDIT_KEPT_MS), DELETE_ROWS),
    ]);
    let statements = batch.len();
    let gone = app.directory.batch(batch).await?;
    for index in first..statements {
        let rows = gone.rows::<serde_json::Value>(index)?.len();
        done.more |= rows >= DELETE_ROWS as usize;
        done.count(rows);
    }
    Ok(done)
}
