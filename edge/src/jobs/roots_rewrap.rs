//! A rotation of the master key, carried to its end: each business's root, and the one of all
//! account users, is sealed anew under the current key.
//!
//! It runs only while `MASTER_KEY_PREVIOUS` is set. A run looks at so many roots and keeps the last; the next one goes on
//! behind it. The log says when the variable can go: after one time around in which nothing was left to do.

use shared::limits::REWRAP_ROOTS;
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::log;
use crate::ops::OpError;
use crate::store::job_run::{job_cursor, job_cursor_keep};
use crate::store::scope::OperatorScope;
use crate::store::site::businesses_after;

const NAME: &str = "roots_rewrap";
/// Stands behind the cursor once this time around something was left to do.
const FOUND: &str = "found";

/// Seals every root that the previous master key still seals.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    if !app.config.is_rotating() {
        return Ok(done);
    }
    match app.keyring.accounts_rewrap().await {
        Ok(written) => done.objects = done.objects.saturating_add(u32::from(written)),
        Err(fault) => {
            log::failed(app, NAME, &fault.into());
            done.failed = done.failed.saturating_add(1);
        }
    }
    let cursor = job_cursor(&app.directory, scope, NAME).await?.unwrap_or_default();
    let (begun, found) = cursor.split_once(' ').unwrap_or((cursor.as_str(), ""));
    let businesses = businesses_after(&app.directory, scope, begun.parse().ok(), REWRAP_ROOTS).await?;
    for business in &businesses {
        match app.keyring.root_rewrap(business).await {
            Ok(written) => done.objects = done.objects.saturating_add(u32::from(written)),
            Err(fault) => {
                log::failed(app, NAME, &fault.into());
                done.failed = done.failed.saturating_add(1);
            }
        }
    }
    let is_clean = found != FOUND && done.objects == 0 && done.failed == 0;
    done.more = businesses.len() >= REWRAP_ROOTS as usize;
    let last = businesses.last().filter(|_| done.more).map(|business| business.business());
    let cursor = match last {
        Some(last) if is_clean => last.to_string(),
        Some(last) => format!("{last} {FOUND}"),
        None => String::new(),
    };
    job_cursor_keep(&app.directory, scope, NAME, &cursor, now).await?;
    if last.is_none() && is_clean {
        log::note(NAME, "every root is sealed under MASTER_KEY; MASTER_KEY_PREVIOUS can go");
    }
    Ok(done)
}
