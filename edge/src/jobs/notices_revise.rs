//! What the notices say, watched: a change of the software is announced before it takes effect, a change of a business's
//! own facts is noted with its time.
//!
//! Idempotent: what was noted is found, and a mail that was written once is the same mail.

use shared::time::Millis;

use super::Done;
use crate::app::App;
use crate::ops::{OpError, notice};
use crate::store::scope::OperatorScope;

/// Looks at the deployment's edition, then at every site.
pub(super) async fn run(app: &App, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let mut done = Done::at(now);
    let (mails, more) = notice::edition_revise(app, scope, now).await?;
    done.count(mails);
    let (noted, more_sites) = notice::sites_revise(app, scope, now).await?;
    done.more = more || more_sites;
    done.count(noted);
    Ok(done)
}
