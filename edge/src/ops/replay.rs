//! A database that was restored from a backup: recognised by a count that is behind the one in the bucket, kept from
//! leasing keys and from sending, and brought up to what it must not have forgotten.

use shared::id::{BusinessId, ErasureId};
use shared::limits::PURGE_SITES;
use shared::time::Millis;

use super::erasure::{Reason, business_erase};
use super::journal::Act;
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::{Db, DbFault};
use crate::sealing::{Family, KeyScope};
use crate::store::erasure::{self, NewErasure};
use crate::store::replay::{self, KnownSlab};
use crate::store::scope::{BusinessScope, OperatorScope, VisitorScope};
use crate::store::tick::{self, Tick};
use crate::store::{consent, hold, mail, site};

const PART: &str = "replay";

/// The databases of a deployment by their names.
fn databases<'a>(app: &'a App, scope: &OperatorScope) -> Vec<(String, Option<usize>, &'a Db)> {
    let shards = app.shards(scope).iter().enumerate();
    std::iter::once(("directory".to_owned(), None, &app.directory))
        .chain(shards.map(|(number, db)| (format!("shard-{number}"), Some(number), db)))
        .collect()
}

fn own(ticks: Vec<Tick>, database: &str) -> Option<Tick> {
    ticks.into_iter().find(|tick| tick.database == database)
}

/// Counts every database, there and in the bucket. One that is behind the bucket was restored: it is marked, and marked in
/// the directory too. How many are behind.
pub async fn ticks_count(app: &App, scope: &OperatorScope, now: Millis) -> Result<u32, OpError> {
    let mut behind: u32 = 0;
    for (name, _, db) in databases(app, scope) {
        let kept = app.keyring.tick_read(&name).await?;
        let known = own(tick::ticks(db, scope).await?, &name).map_or(0, |tick| tick.count);
        if kept > known {
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

/// Brings a restored database up to what it must not have forgotten: closes every slab, writes the acts of the journal down
/// again, and erases the owners of keys that are gone, but for conversations that rolled away from them. Safe to repeat. What it begins, the other jobs carry out.
pub async fn replay(app: &App, scope: &OperatorScope, database: &str, now: Millis) -> Result<(), OpError> {
    let found = databases(app, scope).into_iter().find(|(name, ..)| name == database);
    let (_, shard, db) = found.ok_or(Fault::Config("a tick names a database that is not bound"))?;
    db.write(replay::slabs_close(scope)).await?;
    match shard {
        None => {
            db.write(replay::sessions_end(scope, now)).await?;
            acts_again(app, scope, db, None).await?;
            businesses_without_root(app, scope, now).await?;
        }
        Some(number) => {
            let mut after = None;
            loop {
                let businesses = site::businesses_after(&app.directory, scope, after, PURGE_SITES).await?;
                for business in businesses.iter().filter(|business| business.shard() == number) {
                    acts_again(app, scope, db, Some(business)).await?;
                }
                after = businesses.last().map(BusinessScope::business);
                if businesses.len() < PURGE_SITES as usize {
                    break;
                }
            }
        }
    }
    keys_again(app, scope, db, now).await
}

/// Ends the replay of a database: it counts on from where the bucket is.
pub async fn replay_done(app: &App, scope: &OperatorScope, database: &str) -> Result<(), OpError> {
    let count = app.keyring.tick_read(database).await?;
    for (name, _, db) in databases(app, scope) {
        if name == database {
            db.write(tick::replay_done(scope, database, count)).await?;
        }
    }
    app.directory.write(tick::replay_done(scope, database, count)).await?;
    log::note(PART, &format!("{database} is replayed"));
    Ok(())
}

/// Does the acts of the journal again.
async fn acts_again(
    app: &App,
    scope: &OperatorScope,
    db: &Db,
    business: Option<&BusinessScope>,
) -> Result<(), OpError> {
    let keys: KeyScope = business.map_or(KeyScope::Accounts, KeyScope::from);
    if !app.keyring.root_exists(keys).await? {
        // Nobody wrote anything yet, or the business is erased: then its root is gone, and with it its journal.
        return Ok(());
    }
    for entry in app.keyring.journal_read(keys).await? {
        let act: Act = serde_json::from_slice(&entry)
            .map_err(|fault| Fault::Platform(format!("an entry of the journal: {fault}")))?;
        act_again(scope, db, business, act).await?;
    }
    Ok(())
}

async fn act_again(
    scope: &OperatorScope,
    db: &Db,
    business: Option<&BusinessScope>,
    act: Act,
) -> Result<(), OpError> {
    let statement = match (act, business) {
        (Act::Erased { id, business, kind, subject, reason, subjects, commitment, requested_at }, _) => {
            let Some(reason) = Reason::from_name(&reason) else { return Ok(()) };
            let commitment = commitment.unwrap_or_default();
            let reason = reason.as_str();
            erasure::erasure_restore(&NewErasure {
                id,
                business,
                kind,
                subject,
                reason,
                subjects,
                commitment,
                now: requested_at,
            })?
        }
        (Act::Suppressed { finder, reason, at }, _) => mail::suppression_put(scope, &finder, &reason, at),
        (Act::Withdrawn { site, visitor, record, locale, words, at }, Some(business)) => {
            if let Some(words) = words {
                db.write(consent::words_keep(business, &record.hash, &words, at)).await?;
            }
            let visitor = VisitorScope { business: *business, site, visitor };
            consent::consent_insert(&visitor, &record, &locale, at)
        }
        (Act::Withdrawn { .. }, None) => return Ok(()),
        (Act::Restricted { conversation, at }, _) => replay::restriction_put(scope, conversation, at),
        (Act::Held { conversation, held }, _) => hold::hold_put(scope, conversation, held),
        (Act::TokenRevoked { token, at }, _) => replay::token_revoke_again(scope, token, at),
        (Act::MemberRemoved { business, account }, _) => {
            replay::member_remove_again(scope, business, account)
        }
    };
    match db.write(statement).await {
        // Whoever is erased by now, or owns a business alone in the older state, is told to the log and not lost: the
        // erasure, or the business's own, follows.
        Err(DbFault::Refused(why)) => {
            log::note(PART, &format!("an act was refused: {why}"));
            Ok(())
        }
        done => Ok(done?),
    }
}

/// Businesses whose root is gone were erased after the backup: they are erased again.
async fn businesses_without_root(app: &App, scope: &OperatorScope, now: Millis) -> Result<(), OpError> {
    let mut after: Option<BusinessId> = None;
    loop {
        let businesses = site::businesses_after(&app.directory, scope, after, PURGE_SITES).await?;
        for business in &businesses {
            if !app.keyring.root_exists(business).await? {
                business_erase(app, business, Reason::Account, None, now).await?;
            }
        }
        after = businesses.last().map(BusinessScope::business);
        if businesses.len() < PURGE_SITES as usize {
            return Ok(());
        }
    }
}

/// Looks into every slab: keys that are gone there and not here are condemned, and their owners erased again.
async fn keys_again(app: &App, scope: &OperatorScope, db: &Db, now: Millis) -> Result<(), OpError> {
    let mut after = None;
    loop {
        let slabs = replay::slabs_after(db, scope, after, PURGE_SITES).await?;
        for slab in &slabs {
            if app.keyring.root_exists(slab.scope).await? {
                slab_again(app, scope, db, slab, now).await?;
            }
        }
        after = slabs.last().map(|slab| slab.slab);
        if slabs.len() < PURGE_SITES as usize {
            return Ok(());
        }
    }
}

async fn slab_again(
    app: &App,
    scope: &OperatorScope,
    db: &Db,
    slab: &KnownSlab,
    now: Millis,
) -> Result<(), OpError> {
    let Some(census) = app.keyring.slab_census(slab.scope, slab.family, slab.slab).await? else {
        return Err(Fault::Platform("a slab that a restored database names is gone".into()).into());
    };
    for owner in replay::lost_owners(db, scope, slab.slab, &census.gone).await? {
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
    }
    Ok(())
}
