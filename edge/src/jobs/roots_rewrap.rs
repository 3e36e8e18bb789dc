//! A rotation of the master key, carried to its end: each business's root, and the one of all
//! account users, is sealed anew under the current key.
//!
//! It runs only while `MASTER_KEY_PREVIOUS` is set. The log says when that variable can go.

use shared::limits::PURGE_SITES;
use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::log;
use crate::ops::OpError;
use crate::store::scope::OperatorScope;
use crate::store::site::businesses_after;

const NAME: &str = "roots_rewrap";

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
    let mut after = None;
    loop {
        let businesses = businesses_after(&app.directory, scope, after, PURGE_SITES).await?;
        for business in &businesses {
            match app.keyring.root_rewrap(business).await {
                Ok(written) => done.objects = done.objects.saturating_add(u32::from(written)),
                Err(fault) => {
                    log::failed(app, NAME, &fault.into());
                    done.failed = done.failed.saturating_add(1);
                }
            }
        }
        after = businesses.last().map(|business| business.business());
        if businesses.len() < PURGE_SITES as usize {
            break;
        }
    }
    if done.objects == 0 && done.failed == 0 {
        log::note(NAME, "every root is sealed under MASTER_KEY; MASTER_KEY_PREVIOUS can go");
    }
    Ok(done)
}
