//! The notice over time: which edition is in force, which is coming, and since when it says what it says. A material
//! change is mailed to everybody with an account and waits thirty days from the last mail (promise P11).

use std::collections::BTreeMap;

use shared::id::{MailId, NoticeId};
use shared::limits::{NOTICE_AHEAD_MS, NOTICE_MAILS, PURGE_SITES};
use shared::time::Millis;
use shared::wire::admin::proof::{NoticeEdition, NoticeEditions, SiteNotice};
use shared::wire::problem::Kind;

use super::mail::{MailKind, NewMail, Recipient, mail_insert};
use super::record::inventory;
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::{DbFault, meter};
use crate::rules::notice::{self as rule, Edition, Entry};
use crate::store::business;
use crate::store::notice::{self, EditionRow};
use crate::store::scope::{BusinessScope, MemberScope, OperatorScope, PublicScope};
use crate::store::site::Site;

/// An edition, opened.
pub struct Opened {
    /// Its entries by language.
    pub texts: BTreeMap<String, Vec<Entry>>,
    /// When it took or takes effect.
    pub effective_at: Option<Millis>,
}

/// What the page of a site says.
pub struct Notice {
    /// The edition in force.
    pub current: Opened,
    /// The edition that is coming.
    pub coming: Option<Opened>,
    /// When the notice last changed, where that was noted.
    pub revised_at: Option<Millis>,
}

fn generated() -> Result<Edition, OpError> {
    Ok(rule::edition(&inventory()?).map_err(|fault| Fault::Platform(format!("notice: {fault}")))?)
}

fn opened(row: &EditionRow) -> Result<Opened, OpError> {
    let texts = serde_json::from_str(&row.texts);
    let texts = texts.map_err(|fault| Fault::Platform(format!("notice: {fault}")))?;
    Ok(Opened { texts, effective_at: row.effective_at })
}

/// The deployment's editions: the one in force, and the one that is coming.
pub async fn editions_read(app: &App) -> Result<(Opened, Option<Opened>), OpError> {
    let (current, coming) = notice::editions_now(&app.directory, app.clock.now()).await?;
    let current = match current {
        Some(row) => opened(&row)?,
        // The first hour of a deployment: nothing was noted yet, and nothing older can be in force.
        None => Opened { texts: generated()?.texts, effective_at: None },
    };
    Ok((current, coming.as_ref().map(opened).transpose()?))
}

/// The notice of a site, as it is now.
pub async fn notice_read(app: &App, site: &Site) -> Result<Notice, OpError> {
    let (current, coming) = editions_read(app).await?;
    let since = notice::site_since(&app.directory, &PublicScope::new(site.id)).await?;
    let revised_at = since.max(current.effective_at);
    Ok(Notice { current, coming, revised_at })
}

/// The editions of the notice and since when it says what it says of a business's sites, for those who answer for them.
pub async fn editions_list(app: &App, scope: &MemberScope) -> Result<NoticeEditions, OpError> {
    let (current, _) = notice::editions_now(&app.directory, app.clock.now()).await?;
    let in_force = current.map(|edition| edition.id);
    let editions = notice::editions_list(&app.directory, scope).await?.into_iter();
    let since = notice::sites_since(&app.directory, scope).await?;
    let found = business::profile_read(&app.directory, scope).await?;
    let (_, sites, _) = found.ok_or(Kind::NotFound)?;
    let site = |id| {
        let noted = since.iter().find(|(site, _)| *site == id);
        SiteNotice { id, revised_at: noted.map(|(_, at)| *at) }
    };
    Ok(NoticeEditions {
        editions: editions
            .map(|line| NoticeEdition {
                id: line.id,
                is_material: line.material != 0,
                is_in_force: in_force == Some(line.id),
                found_at: line.found_at,
                told_at: line.told_at,
                effective_at: line.effective_at,
            })
            .collect(),
        sites: sites.into_iter().map(|entry| site(entry.id)).collect(),
    })
}

/// Looks whether the software says something else than before, and announces it. Returns how many mails it wrote, and
/// whether there are more to write.
pub async fn edition_revise(app: &App, scope: &OperatorScope, now: Millis) -> Result<(usize, bool), OpError> {
    let edition = generated()?;
    let texts = serde_json::to_string(&edition.texts).map_err(|fault| Fault::Platform(fault.to_string()))?;
    let newest = notice::edition_newest(&app.directory, scope).await?;
    let id = NoticeId::mint(now, app.rng.bytes()?);
    let waiting = match newest {
        // The first edition of a deployment takes effect at once: there is nobody to tell yet.
        None => {
            let insert = notice::edition_insert(scope, id, (&edition.hash, texts), Some(now), now);
            app.directory.write(insert).await?;
            return Ok((0, false));
        }
        Some(newest) if newest.texts == texts => newest,
        Some(newest) => {
            let is_material = newest.hash != edition.hash;
            let effective_at = (!is_material).then_some(now.max(newest.effective_at.unwrap_or(now)));
            let mut batch = Vec::new();
            if newest.effective_at.is_none() {
                // Overtaken before everybody had heard of it: the announcement begins again with what is true now.
                batch.push(notice::edition_drop(scope, newest.id));
            }
            let is_material = is_material || newest.effective_at.is_none();
            let effective_at = effective_at.filter(|_| !is_material);
            batch.push(notice::edition_insert(scope, id, (&edition.hash, texts), effective_at, now));
            app.directory.batch(batch).await?;
            let found = notice::edition_newest(&app.directory, scope).await?;
            found.ok_or_else(|| Fault::Platform("an edition was not kept".into()))?
        }
    };
    if waiting.effective_at.is_some() {
        return Ok((0, false));
    }
    edition_announce(app, scope, &waiting, now).await
}

async fn edition_announce(
    app: &App,
    scope: &OperatorScope,
    edition: &EditionRow,
    now: Millis,
) -> Result<(usize, bool), OpError> {
    let most = NOTICE_MAILS.min(meter::left().saturating_sub(NOTED_BESIDE));
    let accounts = notice::accounts_after(&app.directory, scope, &edition.told_until, most).await?;
    let more = accounts.len() >= most as usize;
    let told_until =
        accounts.last().map_or_else(|| edition.told_until.clone(), |account| account.to_string());
    // The thirty days begin when the last mail was written.
    let effective_at = (!more).then_some(now.plus_ms(NOTICE_AHEAD_MS)); // keeps P11 | without: let effective_at = (!more).then_some(now);
    let mut batch = Vec::with_capacity(accounts.len().saturating_add(1));
    for account in &accounts {
        let parts: [&[u8]; 2] = [&edition.id.to_bytes(), &account.to_bytes()];
        batch.push(mail_insert(&NewMail {
            id: MailId::from_bytes(app.token_key()?.derive("notice", &parts)),
            kind: MailKind::NoticeChanging,
            recipient: Recipient::Account(*account),
            business: None,
            about: Some(edition.id.to_string()),
            now,
        }));
    }
    batch.push(notice::edition_told(scope, edition.id, &told_until, effective_at, now));
    match super::mail::batch_commit(app, batch).await {
        // Another run wrote these very mails at the same time, and noted so.
        Ok(_) | Err(DbFault::Duplicate) => Ok((accounts.len(), more)),
        Err(fault) => Err(fault.into()),
    }
}

/// Statements that are kept for what stands beside a batch as large as a run may make it.
const NOTED_BESIDE: u32 = 10;

/// Notes what the notices of sites say, where that changed. Returns how many did, and whether there are more to note.
pub async fn sites_revise(app: &App, scope: &OperatorScope, now: Millis) -> Result<(usize, bool), OpError> {
    let (mut after, mut changed) = (None, 0_usize);
    loop {
        let sites = notice::sites_facts(&app.directory, scope, after, PURGE_SITES).await?;
        let mut batch = Vec::new();
        for site in &sites {
            let mut facts = serde_json::json!({
                "controller": site.controller,
                "contact": site.contact,
                "officer": site.officer,
                "country": site.country,
                "retention_days": site.retention_days,
                "answerers": site.answerers,
            });
            // Only where there are any: what was noted before keys could be handed over stays as it was.
            if let (Some(own), Some(facts)) = (&site.own_vendors, facts.as_object_mut()) {
                facts.insert("own_vendors".to_owned(), own.as_str().into());
            }
            let facts = facts.to_string();
            let hash = rule::hash(&facts);
            if site.noted.as_deref() != Some(hash.as_str()) {
                let business = BusinessScope::new(site.business, site.shard);
                batch.push(notice::site_note(&business, site.id, (&hash, &facts), now));
            }
        }
        // What does not fit is found by the next run, since it is not noted yet.
        let most = meter::left().saturating_sub(NOTED_BESIDE) as usize;
        let is_full = batch.len() > most;
        batch.truncate(most);
        changed = changed.saturating_add(batch.len());
        if !batch.is_empty() {
            app.directory.batch(batch).await?;
        }
        after = sites.last().map(|site| site.id);
        if is_full || sites.len() < PURGE_SITES as usize {
            return Ok((changed, is_full));
        }
    }
}
