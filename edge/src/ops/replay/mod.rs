//! A database that was restored from a backup: recognised by a count that is behind the one in the bucket, kept from
//! leasing keys and from sending, and brought up to what it must not have forgotten: in stretches, as one invocation may ask for
//! so much and a journal may be long.

mod acts;
mod progress;

use shared::id::ErasureId;
use shared::limits::{PURGE_SITES, REPLAY_ENTRY_STATEMENTS, REPLAY_ROOT_STATEMENTS};
use shared::time::Millis;

use self::progress::{Progress, Step};
use super::erasure::{Reason, business_erase};
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::{Db, meter};
use crate::sealing::{Family, KeyScope};
use crate::store::deletion::erasure_state;
use crate::store::replay::{self, KnownSlab};
use crate::store::scope::{BusinessScope, OperatorScope};
use crate::store::tick::{self, Tick};
use crate::store::{erasure, site};

const PART: &str = "replay";

/// The databases of a deployment by their names.
fn databases<'a>(app: &'a App, scope: &OperatorScope) -> Vec<(String, Option<usize>, &'a Db)> {
    let shards = app.shards(scope).iter().enumerate();
    std::iter::once(("directory".to_owned(), None, &app.directory))
        .chain(shards.map(|(number, db)| (format!("shard-{number}"), Some(number), db)))
        .collect()
}

fn own<'a>(ticks: &'a [Tick], database: &str) -> Option<&'a Tick> {
    ticks.iter().find(|tick| tick.database == database)
}

/// Counts every database, there and in the bucket. One that is behind the bucket was restored: it is marked, and marked in
/// the directory too. How many are behind.
pub async fn ticks_count(app: &App, scope: &OperatorScope, now: Millis) -> Result<u32, OpError> {
    let mut behind: u32 = 0;
    let listed = tick::ticks(&app.directory, scope).await?;
    for (name, _, db) in databases(app, scope) {
        // An operator asks for replays in the directory, also of a shard that is not known to be behind.
        if own(&listed, &name).is_none() {
            app.directory.write(tick::tick_list(scope, &name, now)).await?;
        }
        let kept = app.keyring.tick_read(&name).await?;
        let (known, was_behind) = own(&tick::ticks(db, scope).await?, &name)
            .map_or((0, false), |tick| (tick.count, tick.needs_replay));
        if kept > known {
            if !was_behind {
                // Restored anew: what was replayed of it before is not in it.
                progress::forget(app, scope, &name, now).await?;
            }
            db.write(tick::tick_behind(scope, &name, now)).await?;
            app.directory.write(tick::tick_behind(scope, &name, now)).await?;
            log::note(PART, &format!("{name} is older than its keys: it was restored and needs a replay"));
            behind = behind.saturating_add(1);
            continue;
        }
        let next = known.saturating_add(1);
        // The database first: stopped in between, it is ahead, which says nothing.
        db.write(tick::tick_count(scope, &name, next, now)).await?;
        app.keyring.tick_write(&name, next).await?;
    }
    Ok(behind)
}

/// The databases that wait for a replay, and whether an operator asked for it.
pub async fn replays_due(app: &App, scope: &OperatorScope) -> Result<Vec<Tick>, OpError> {
    let ticks = tick::ticks(&app.directory, scope).await?;
    Ok(ticks.into_iter().filter(|tick| tick.needs_replay || tick.replay_asked_at.is_some()).collect())
}

/// How far a replay came in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// To its end.
    Whole,
    /// As far as one run may; the next one goes on.
    Partly,
    /// As far as it goes before an operator asks for it: who was erased is erased again.
    Waits,
}

/// Brings a restored database up to what it must not have forgotten, as far as one run may: closes every slab, writes the acts of
/// the journal down again, legal holds and erasures first, and erases the owners of keys that are gone, but for conversations that
/// rolled away from them. Safe to repeat. What it begins, the other jobs carry out. `calls` is what the run may still ask of
/// the bucket.
pub async fn replay(
    app: &App,
    scope: &OperatorScope,
    database: &str,
    calls: &mut u32,
    now: Millis,
) -> Result<Came, OpError> {
    let found = databases(app, scope).into_iter().find(|(name, ..)| name == database);
    let (name, shard, db) = found.ok_or(Fault::Config("a tick names a database that is not bound"))?;
    let asked_at =
        own(&tick::ticks(&app.directory, scope).await?, database).and_then(|tick| tick.replay_asked_at);
    let progress =
        progress::read(app, scope, database).await?.filter(|progress| progress.asked_at == asked_at);
    let progress = progress.unwrap_or_else(|| Progress::beginning(asked_at));
    let mut run = Run { app, scope, name, shard, db, progress, kept: None, calls, now };
    let came = run.go_on().await;
    // Also where it failed: what is done is done.
    run.keep().await?;
    came
}

/// One run of a replay.
struct Run<'a> {
    app: &'a App,
    scope: &'a OperatorScope,
    name: String,
    shard: Option<usize>,
    db: &'a Db,
    progress: Progress,
    /// As it was kept last.
    kept: Option<Progress>,
    calls: &'a mut u32,
    now: Millis,
}

impl Run<'_> {
    async fn go_on(&mut self) -> Result<Came, OpError> {
        loop {
            let is_done = match self.progress.step {
                Step::Close => {
                    self.db.write(replay::slabs_close(self.scope)).await?;
                    if self.shard.is_none() {
                        self.db.write(replay::sessions_end(self.scope, self.now)).await?;
                    }
                    true
                }
                Step::Acts(part) => self.acts(part).await?,
                Step::Roots => self.shard.is_some() || self.roots().await?,
                Step::Keys => self.keys().await?,
                Step::Done => return Ok(Came::Whole),
            };
            if !is_done {
                return Ok(Came::Partly);
            }
            match self.progress.next() {
                Some(next) => self.progress = next,
                None => return Ok(Came::Waits),
            }
            self.keep().await?;
        }
    }

    /// Keeps how far it came, so that a run which is stopped is gone on with from here.
    async fn keep(&mut self) -> Result<(), OpError> {
        if self.kept.as_ref() != Some(&self.progress) {
            progress::keep(self.app, self.scope, &self.name, &self.progress, self.now).await?;
            self.kept = Some(self.progress.clone());
        }
        Ok(())
    }

    /// Takes calls to the bucket from what the run may make, where so many statements may be made, too.
    fn takes(&mut self, calls: u32, statements: u32) -> bool {
        if !meter::has(statements) {
            return false;
        }
        let Some(left) = self.calls.checked_sub(calls) else { return false };
        *self.calls = left;
        true
    }

    /// Businesses whose root is gone were erased after the backup: they are erased again.
    async fn roots(&mut self) -> Result<bool, OpError> {
        loop {
            if !self.takes(0, REPLAY_ENTRY_STATEMENTS) {
                return Ok(false);
            }
            let after = self.progress.business;
            let businesses =
                site::businesses_after(&self.app.directory, self.scope, after, PURGE_SITES).await?;
            let Some(last) = businesses.last() else { return Ok(true) };
            for business in &businesses {
                if !self.takes(1, REPLAY_ROOT_STATEMENTS) {
                    return Ok(false);
                }
                if !self.app.keyring.root_exists(business).await? {
                    self.root_again(business).await?;
                }
                self.progress.business = Some(business.business());
            }
            self.progress.business = Some(last.business());
        }
    }

    async fn root_again(&self, business: &BusinessScope) -> Result<(), OpError> {
        let subject = business.business().to_string();
        if erasure_state(&self.app.directory, self.scope, &subject).await?.is_none() {
            business_erase(self.app, business, Reason::Account, None, self.now).await?;
        }
        Ok(())
    }

    /// Looks into every slab: keys that are gone there and not here are condemned, and their owners erased again.
    async fn keys(&mut self) -> Result<bool, OpError> {
        loop {
            if !self.takes(0, REPLAY_ENTRY_STATEMENTS) {
                return Ok(false);
            }
            let slabs = replay::slabs_after(self.db, self.scope, self.progress.slab, PURGE_SITES).await?;
            if slabs.is_empty() {
                return Ok(true);
            }
            for slab in &slabs {
                // Its root, and the slab twice: whether it is there, and past every cache.
                if !self.takes(3, REPLAY_ENTRY_STATEMENTS) {
                    return Ok(false);
                }
                if self.app.keyring.root_exists(slab.scope).await? && !self.slab(slab).await? {
                    return Ok(false);
                }
                self.progress.slab = Some(slab.slab);
                self.progress.owner = None;
            }
        }
    }

    async fn slab(&mut self, slab: &KnownSlab) -> Result<bool, OpError> {
        let (app, db, scope, now) = (self.app, self.db, self.scope, self.now);
        let Some(census) = app.keyring.slab_census(slab.scope, slab.family, slab.slab).await? else {
            return Err(Fault::Platform("a slab that a restored database names is gone".into()).into());
        };
        if census.gone.is_empty() {
            return Ok(true);
        }
        let mut owners = replay::lost_owners(db, scope, slab.slab, &census.gone).await?;
        owners.sort_by(|one, other| one.owner.cmp(&other.owner));
        for owner in owners {
            if self.progress.owner.as_ref().is_some_and(|done| *done >= owner.owner) {
                continue;
            }
            if !self.takes(0, REPLAY_ENTRY_STATEMENTS) {
                return Ok(false);
            }
            if let (Family::Conversation, KeyScope::Business(business)) = (slab.family, slab.scope) {
                let id = ErasureId::mint(now, app.rng.bytes()?);
                db.write(replay::lost_erase(scope, id, business, &owner.owner, now)).await?;
            }
            if slab.family == Family::Account
                && let Ok(account) = owner.owner.parse()
            {
                let lost = erasure::account_lost(ErasureId::mint(now, app.rng.bytes()?), account, now)?;
                db.write(lost).await?;
            }
            self.progress.owner = Some(owner.owner);
        }
        Ok(true)
    }
}

/// Ends the replay of a database: it counts on from where the bucket is.
pub async fn replay_done(
    app: &App,
    scope: &OperatorScope,
    database: &str,
    now: Millis,
) -> Result<(), OpError> {
    let count = app.keyring.tick_read(database).await?;
    for (name, _, db) in databases(app, scope) {
        if name == database {
            db.write(tick::replay_done(scope, database, count)).await?;
        }
    }
    app.directory.write(tick::replay_done(scope, database, count)).await?;
    progress::forget(app, scope, database, now).await?;
    log::note(PART, &format!("{database} is replayed"));
    Ok(())
}
