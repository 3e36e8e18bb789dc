//! Conversations past their limit (promise P4.2): whole ones are erased with their keys, single messages deleted, and
//! keys that were rolled and seal nothing any more are condemned. Limits that were changed a day ago take effect first.
//!
//! The clock of a message is its own time. Reads stop at the limit already; this makes the rows follow within the hour.
//! What is restricted or held for a legal claim is passed by, and the log says how much that was.
//!
//! One statement looks at many sites and says in which of them anything is due; only those are gone into. A run that comes to the
//! end of its share keeps the last site it was in, and the next one goes on behind it: each site has its turn.

use shared::id::SiteId;
use shared::limits::{
    CONDEMN_STATEMENTS, DELETE_ROWS, PURGE_BATCHES, PURGE_CONVERSATIONS, PURGE_SITES, SITE_STATEMENTS,
};
use shared::time::Millis;

use super::{Done, Hands};
use crate::app::App;
use crate::log;
use crate::ops::OpError;
use crate::ops::card::card_renew;
use crate::ops::erasure::{Reason, conversation_erase, rooms_leave};
use crate::ops::meter;
use crate::store::job_run::{job_cursor, job_cursor_keep};
use crate::store::retention::{self, CardGone, SiteLimit};
use crate::store::scope::OperatorScope;
use crate::store::site_due::{SiteDue, SiteLook, sites_look};

const NAME: &str = "conversations_purge";

/// Deletes what is due at `now` in every site, as far as the run's share of statements goes.
pub(super) async fn run(hands: &Hands<'_>, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let app = hands.app;
    app.directory.batch(retention::limits_apply(scope, now)).await?;
    let mut done = Done::at(now);
    // Once around: from where the last run stopped to the end, and from the beginning to there.
    let cursor = job_cursor(&app.directory, scope, NAME).await?;
    let begun: Option<SiteId> = cursor.as_deref().and_then(|cursor| cursor.parse().ok());
    let (mut after, mut is_second) = (begun, begun.is_none());
    loop {
        let mut sites = retention::site_limits(&app.directory, scope, after, PURGE_SITES).await?;
        let is_last = sites.len() < PURGE_SITES as usize;
        after = sites.last().map(|site| site.site);
        if is_second && let Some(begun) = begun {
            sites.retain(|site| site.site <= begun);
        }
        let is_around = is_second && (is_last || begun.is_some_and(|begun| after >= Some(begun)));
        if let Some(stopped) = sites_purge(hands, scope, &sites, now, &mut done).await? {
            let cursor = stopped.map_or_else(String::new, |site| site.to_string());
            job_cursor_keep(&app.directory, scope, NAME, &cursor, now).await?;
            return Ok(done);
        }
        if is_around {
            break;
        }
        if is_last {
            (after, is_second) = (None, true);
        }
    }
    if begun.is_some() {
        job_cursor_keep(&app.directory, scope, NAME, "", now).await?;
    }
    Ok(done)
}

/// Purges those of some sites where anything is due. Where the share is used up, the last site that had its turn.
async fn sites_purge(
    hands: &Hands<'_>,
    scope: &OperatorScope,
    sites: &[SiteLimit],
    now: Millis,
    done: &mut Done,
) -> Result<Option<Option<SiteId>>, OpError> {
    let app = hands.app;
    let mut due = Vec::new();
    for (number, shard) in app.shards(scope).iter().enumerate() {
        let of_shard = sites.iter().filter(|site| site.business.shard() == number);
        let asked: Vec<(SiteLimit, Millis)> =
            of_shard.map(|site| (*site, site.limit.kept_from(now))).collect();
        if asked.is_empty() {
            continue;
        }
        for look in sites_look(shard, scope, &asked).await? {
            done.spared = done.spared.saturating_add(look.spared);
            let site = asked.iter().find(|(site, _)| site.site == look.site);
            due.extend(site.filter(|_| look.is_due()).map(|(site, cut_off)| (*site, *cut_off, look)));
        }
    }
    // In the order in which they were listed, which is the one that the cursor knows.
    due.sort_by_key(|(site, ..)| site.site);
    for (index, (site, cut_off, look)) in due.iter().enumerate() {
        if !meter::has(SITE_STATEMENTS) {
            let waiting = u32::try_from(due.len().saturating_sub(index)).unwrap_or(u32::MAX);
            done.left = done.left.saturating_add(waiting);
            done.more = true;
            let before = index.checked_sub(1).and_then(|index| due.get(index)).map(|(site, ..)| site.site);
            // None of these had its turn: the next run begins with the first of them.
            let before = before.or_else(|| sites.iter().map(|site| site.site).rfind(|id| *id < site.site));
            return Ok(Some(before));
        }
        // One site that fails does not keep the others' words alive.
        if let Err(fault) = site_purge(hands, site, (*cut_off, look), now, done).await {
            log::failed(app, NAME, &fault);
            done.failed = done.failed.saturating_add(1);
        }
    }
    Ok(None)
}

async fn site_purge(
    hands: &Hands<'_>,
    site: &SiteLimit,
    (cut_off, look): (Millis, &SiteLook),
    now: Millis,
    done: &mut Done,
) -> Result<(), OpError> {
    let app = hands.app;
    let shard = app.shard(&site.business)?;
    let mut more = false;
    if look.conversations != 0 {
        let due = retention::conversations_due(shard, site, cut_off, PURGE_CONVERSATIONS).await?;
        more |= due.len() >= PURGE_CONVERSATIONS as usize;
        for thread in due {
            // The rest of the site has its turn too.
            if !meter::has(SITE_STATEMENTS.saturating_add(CONDEMN_STATEMENTS)) {
                more = true;
                break;
            }
            let erasure = conversation_erase(app, &thread, Reason::Retention, now).await?;
            rooms_leave(app, hands.rooms, &site.business, erasure).await;
            done.count(1);
        }
    }
    // Comments, notes and cards first: what they are sealed under goes below, once nothing is left under it.
    let mut batch = Vec::new();
    if look.notes != 0 {
        batch.push(retention::mentions_due_delete(site, cut_off, DELETE_ROWS));
    }
    let kinds = [(SiteDue::Card, look.cards), (SiteDue::Comment, look.comments), (SiteDue::Note, look.notes)];
    let wanted: Vec<SiteDue> = kinds.into_iter().filter(|(_, due)| *due != 0).map(|(kind, _)| kind).collect();
    let first = batch.len();
    batch.extend(wanted.iter().filter_map(|kind| retention::due_delete(*kind, site, cut_off, DELETE_ROWS)));
    let mut cards: Vec<CardGone> = Vec::new();
    if !batch.is_empty() {
        let gone = shard.batch(batch).await?;
        for (index, kind) in wanted.iter().enumerate() {
            let index = index.saturating_add(first);
            if *kind == SiteDue::Card {
                cards = gone.rows(index)?;
            }
            let rows = gone.rows::<serde_json::Value>(index)?.len();
            more |= rows >= DELETE_ROWS as usize;
            done.count(rows);
        }
    }
    if look.messages != 0 {
        more |= messages_purge(app, site, cut_off, done).await?;
    }
    // Whatever was deleted may have been the last under a rolled key.
    let condemned: Vec<serde_json::Value> =
        shard.rows(retention::rolled_keys_condemn(&site.business, cut_off)).await?;
    done.count(condemned.len());
    // What is left of a conversation gets a card of its own, so that lists and searches still find it. Last, since it opens
    // messages: one that does not open keeps nothing from going. Where the share is used up, the next message makes it.
    for CardGone { conversation } in cards {
        if !meter::has(CONDEMN_STATEMENTS) {
            break;
        }
        if let Err(fault) = card_renew(app, &site.business, conversation, now).await {
            log::failed(app, NAME, &fault);
            done.failed = done.failed.saturating_add(1);
        }
    }
    if more {
        done.left = done.left.saturating_add(1);
        done.more = true;
    }
    Ok(())
}

/// Deletes messages that are due, some at a time. Tells whether some are left.
async fn messages_purge(
    app: &App,
    site: &SiteLimit,
    cut_off: Millis,
    done: &mut Done,
) -> Result<bool, OpError> {
    let shard = app.shard(&site.business)?;
    let mut batches: u32 = 0;
    while let Some(delete) = retention::due_delete(SiteDue::Message, site, cut_off, DELETE_ROWS) {
        let deleted = shard.rows::<serde_json::Value>(delete).await?.len();
        done.count(deleted);
        batches = batches.saturating_add(1);
        if deleted < DELETE_ROWS as usize {
            break;
        }
        if batches >= PURGE_BATCHES || !meter::has(SITE_STATEMENTS) {
            return Ok(true);
        }
    }
    Ok(false)
}
