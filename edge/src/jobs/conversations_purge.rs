//! Conversations past their limit (promise P4.2): whole ones are erased with their keys, single messages deleted, and
//! keys that were rolled and seal nothing any more are condemned. Limits that were changed a day ago take effect first.
//!
//! The clock of a message is its own time. Reads stop at the limit already; this makes the rows follow within the hour.
//! What is restricted or held for a legal claim is passed by, and the log says how much that was.

use shared::limits::{DELETE_ROWS, PURGE_BATCHES, PURGE_CONVERSATIONS, PURGE_SITES};
use shared::time::Millis;

use super::{Done, Hands};
use crate::log;
use crate::ops::OpError;
use crate::ops::card::card_renew;
use crate::ops::erasure::{Reason, conversation_erase, rooms_leave};
use crate::store::retention::{self, CardGone, SiteLimit};
use crate::store::satisfaction;
use crate::store::scope::OperatorScope;

/// Deletes what is due at `now` in every site.
pub(super) async fn run(hands: &Hands<'_>, scope: &OperatorScope, now: Millis) -> Result<Done, OpError> {
    let app = hands.app;
    app.directory.batch(retention::limits_apply(scope, now)).await?;
    let mut done = Done::at(now);
    let mut after = None;
    loop {
        let sites = retention::site_limits(&app.directory, scope, after, PURGE_SITES).await?;
        for site in &sites {
            // One site that fails does not keep the others' words alive.
            if let Err(fault) = site_purge(hands, site, now, &mut done).await {
                log::failed(app, "conversations_purge", &fault);
                done.failed = done.failed.saturating_add(1);
            }
        }
        after = sites.last().map(|site| site.site);
        if sites.len() < PURGE_SITES as usize {
            return Ok(done);
        }
    }
}

async fn site_purge(
    hands: &Hands<'_>,
    site: &SiteLimit,
    now: Millis,
    done: &mut Done,
) -> Result<(), OpError> {
    let app = hands.app;
    let shard = app.shard(&site.business)?;
    let cut_off = site.limit.kept_from(now);
    let due = retention::conversations_due(shard, site, cut_off, PURGE_CONVERSATIONS).await?;
    done.more |= due.len() >= PURGE_CONVERSATIONS as usize;
    for thread in due {
        let erasure = conversation_erase(app, &thread, Reason::Retention, now).await?;
        rooms_leave(app, hands.rooms, &site.business, erasure).await;
        done.rows = done.rows.saturating_add(1);
    }
    // Comments, notes and cards first: what they are sealed under goes below, once nothing is left under it.
    let comments: Vec<serde_json::Value> =
        shard.rows(satisfaction::comments_due_forget(site, cut_off)).await?;
    done.count(comments.len());
    let desk = shard.batch(retention::desk_due_delete(site, cut_off, DELETE_ROWS).to_vec()).await?;
    let cards: Vec<CardGone> = desk.rows(2)?;
    let notes = desk.rows::<serde_json::Value>(1)?.len();
    done.more |= notes >= DELETE_ROWS as usize || cards.len() >= DELETE_ROWS as usize;
    done.count(notes.saturating_add(cards.len()));
    let mut batches: u32 = 0;
    loop {
        let deleted: Vec<serde_json::Value> =
            shard.rows(retention::messages_due_delete(site, cut_off, DELETE_ROWS)).await?;
        done.count(deleted.len());
        batches = batches.saturating_add(1);
        if deleted.len() < DELETE_ROWS as usize {
            break;
        }
        if batches >= PURGE_BATCHES {
            done.more = true;
            break;
        }
    }
    let condemned: Vec<serde_json::Value> =
        shard.rows(retention::rolled_keys_condemn(&site.business, cut_off)).await?;
    done.count(condemned.len());
    let spared = retention::conversations_spared(shard, site, cut_off).await?;
    done.spared = done.spared.saturating_add(spared);
    // What is left of a conversation gets a card of its own, so that lists and searches still find it. Last, since it opens
    // messages: one that does not open keeps nothing from going.
    for CardGone { conversation } in cards {
        if let Err(fault) = card_renew(app, &site.business, conversation, now).await {
            log::failed(app, "conversations_purge", &fault);
            done.failed = done.failed.saturating_add(1);
        }
    }
    Ok(())
}
