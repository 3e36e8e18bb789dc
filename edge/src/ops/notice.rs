//! The notice over time: which edition is in force, which is coming, and since when it says what it says. A material
//! change is mailed to everybody with an account and waits thirty days from the last mail (promise P11); so does a
//! sub-processor that the deployment is newly set up with, and until then it is handed nothing (promise P5.7).

use std::collections::BTreeMap;

use shared::id::{MailId, NoticeId};
use shared::limits::{NOTICE_AHEAD_MS, NOTICE_MAILS, PURGE_SITES};
use shared::time::Millis;
use shared::wire::admin::proof::{NoticeEdition, NoticeEditions, SiteNotice};
use shared::wire::problem::Kind;

use super::account::email_finder;
use super::mail::{MailKind, NewMail, Recipient, mail_insert};
use super::record::{self, inventory};
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::{DbFault, meter};
use crate::rules::mail::Letter;
use crate::rules::notice::{self as rule, Edition, Entry};
use crate::rules::processor::{Register, register_news, register_next};
use crate::store::notice::{self, EditionRow};
use crate::store::scope::{BusinessScope, MemberScope, OperatorScope, PublicScope};
use crate::store::site::Site;
use crate::store::{account, business};

/// An edition, opened.
pub struct Opened {
    /// Its entries by language.
    pub texts: BTreeMap<String, Vec<Entry>>,
    /// When it took or takes effect.
    pub effective_at: Option<Millis>,
    /// Its register of sub-processors; `None` where none was noted yet.
    pub register: Option<Register>,
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
    Ok(Opened { texts, effective_at: row.effective_at, register: register_read(row.register.as_deref())? })
}

/// A register as an edition has it.
pub fn register_read(register: Option<&str>) -> Result<Option<Register>, OpError> {
    let read = register.map(serde_json::from_str).transpose();
    Ok(read.map_err(|fault| Fault::Platform(format!("register: {fault}")))?)
}

/// What is coming and may not be used yet: new companies, and those on other terms, with when that takes effect; `None`
/// while it is still being announced.
pub async fn register_coming(
    app: &App,
    scope: &OperatorScope,
) -> Result<Option<(Register, Option<Millis>)>, OpError> {
    let Some(newest) = notice::edition_newest(&app.directory, scope).await? else { return Ok(None) };
    let now = app.clock.now();
    if newest.effective_at.is_some_and(|at| at <= now) {
        return Ok(None);
    }
    let in_force = register_read(notice::register_in_force(&app.directory, now).await?.as_deref())?;
    let coming = register_read(newest.register.as_deref())?.unwrap_or_default();
    let news = register_news(in_force.as_ref(), &coming);
    Ok((!news.is_empty()).then_some((news, newest.effective_at)))
}

/// The letter about an edition that is coming: by the names of new sub-processors, where it brings any.
pub(super) async fn letter_of(app: &App, edition: &str) -> Result<Option<Letter>, OpError> {
    let scope = OperatorScope::of_deployment();
    let found = notice::edition_effective(&app.directory, &scope, edition).await?;
    let Some((until, register)) = found else { return Ok(None) };
    let in_force = notice::register_in_force(&app.directory, app.clock.now()).await?;
    let in_force = register_read(in_force.as_deref())?;
    let register = register_read(register.as_deref())?.unwrap_or_default();
    let names: Vec<String> =
        register_news(in_force.as_ref(), &register).into_values().map(|line| line.name).collect();
    Ok(Some(if names.is_empty() {
        Letter::NoticeChanging { until }
    } else {
        Letter::ProcessorComing { names: names.join(", "), until }
    }))
}

/// The deployment's editions: the one in force, and the one that is coming.
pub async fn editions_read(app: &App) -> Result<(Opened, Option<Opened>), OpError> {
    let (current, coming) = notice::editions_now(&app.directory, app.clock.now()).await?;
    let current = match current {
        Some(row) => opened(&row)?,
        // The first hour of a deployment: nothing was noted yet, and nothing older can be in force.
        None => Opened { texts: generated()?.texts, effective_at: None, register: None },
    };
    Ok((current, coming.as_ref().map(opened).transpose()?))
}

/// One edition, also one that is over. Fails with `NotFound`.
pub async fn edition_read(app: &App, id: NoticeId) -> Result<Opened, OpError> {
    opened(&notice::edition_find(&app.directory, id).await?.ok_or(Kind::NotFound)?)
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
    let announced = register_read(notice::register_announced(&app.directory, scope).await?.as_deref())?;
    let register = register_next(announced.as_ref(), &record::configured(app))
        .map_err(|fault| Fault::Platform(format!("processors: {fault}")))?;
    let register_text =
        serde_json::to_string(&register).map_err(|fault| Fault::Platform(fault.to_string()))?;
    let id = NoticeId::mint(now, app.rng.bytes()?);
    let waiting = match newest {
        // The first edition of a deployment takes effect at once: there is nobody to tell yet.
        None => {
            let said = (edition.hash.as_str(), texts, register_text);
            app.directory.write(notice::edition_insert(scope, id, said, Some(now), now)).await?;
            return Ok((0, false));
        }
        Some(newest) if newest.texts == texts && newest.register.as_ref() == Some(&register_text) => newest,
        Some(newest) => {
            // A developer's machine has nobody to tell, and neither has one on which nobody but its operator has an account.
            let is_told = !app.config.dev
                && !register_news(announced.as_ref(), &register).is_empty()
                && others_exist(app, scope).await?;
            let is_material = newest.hash != edition.hash || is_told;
            let effective_at = (!is_material).then_some(now.max(newest.effective_at.unwrap_or(now)));
            let mut batch = Vec::new();
            if newest.effective_at.is_none() {
                // Overtaken before everybody had heard of it: the announcement begins again with what is true now.
                batch.push(notice::edition_drop(scope, newest.id));
            }
            let is_material = is_material || newest.effective_at.is_none();
            let effective_at = effective_at.filter(|_| !is_material);
            let said = (edition.hash.as_str(), texts, register_text);
            batch.push(notice::edition_insert(scope, id, said, effective_at, now));
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

/// Whether anybody but the operator has an account.
async fn others_exist(app: &App, scope: &OperatorScope) -> Result<bool, OpError> {
    let accounts = notice::accounts_after(&app.directory, scope, "", 2).await?;
    let operator = match &app.config.operator_email {
        Some(email) if !accounts.is_empty() => {
            let finder = email_finder(app, email.expose()).await?;
            account::account_by_email(&app.directory, scope, &finder).await?
        }
        _ => None,
    };
    Ok(accounts.iter().any(|account| Some(*account) != operator))
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
