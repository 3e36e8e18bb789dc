//! Codes that prove whose conversation it is, without an account and without a cookie: the way from the chat to its
//! privacy centre, and the way back into the chat. A code is looked up by its hash, and nothing that was guessed tells
//! how near it came.

use serde::{Deserialize, Serialize};
use shared::id::{ContactId, MailId, SiteId};
use shared::limits::{CODE_MAILS_DAY, HAND_OVER_MS, MAILED_CODE_MS};
use shared::privacy::{Personal, Secret};
use shared::time::Millis;
use shared::wire::privacy::{HandOver, OpenedByCode, ResumeCode};
use shared::wire::problem::Kind;

use super::contact::{day_mail_id, email_open, visitor_finder};
use super::mail::{MailKind, NewMail, Recipient, mail_insert, mail_wake};
use super::visitor::token_mint;
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::DbFault;
use crate::rules::credential::token_hash;
use crate::rules::privacy_code::{privacy_code_grouped, privacy_code_mint, privacy_code_read};
use crate::store::privacy_code::{self, CodeKind};
use crate::store::scope::ThreadScope;
use crate::store::{contact, token};

/// A code that hands the conversation over to its privacy centre: once, within two minutes. The newest one counts.
pub async fn hand_over_make(app: &App, scope: &ThreadScope) -> Result<HandOver, OpError> {
    let now = app.clock.now();
    let code = privacy_code_mint(app.rng.bytes()?);
    let expires_at = now.plus_ms(HAND_OVER_MS);
    let put = privacy_code::code_put(scope, CodeKind::HandOver, &token_hash(code.expose()), now, expires_at);
    app.shard(&scope.business)?.batch(put.into()).await?;
    let path = Secret::new(format!("/privacy/{}#{}", scope.site, code.expose()));
    Ok(HandOver { path, expires_at })
}

/// A code that leads back into the conversation for as long as a message of today is kept. A new one replaces the one
/// before.
pub async fn resume_make(app: &App, scope: &ThreadScope) -> Result<ResumeCode, OpError> {
    let now = app.clock.now();
    let code = privacy_code_mint(app.rng.bytes()?);
    let until = app.site(scope.site).await?.limit().until(now);
    let put = privacy_code::code_put(scope, CodeKind::Resume, &token_hash(code.expose()), now, until);
    app.shard(&scope.business)?.batch(put.into()).await?;
    Ok(ResumeCode { code: privacy_code_grouped(&code), until })
}

/// What a code opens. Fails with `CodeRefused`, whatever is wrong with it.
pub async fn code_open(app: &App, site: SiteId, text: &str) -> Result<OpenedByCode, OpError> {
    let now = app.clock.now();
    let site = app.site(site).await?;
    let code = privacy_code_read(text).ok_or(Kind::CodeRefused)?;
    let shard = app.shard(&site.business)?;
    let hash = token_hash(code.expose());
    let opened = privacy_code::code_use(shard, &site.business, site.id, &hash, now).await?;
    let scope = opened.ok_or(Kind::CodeRefused)?;
    let (token, hash) = token_mint(app, &scope.business)?;
    let added = shard.write(token::token_insert(&scope, &hash, now)).await;
    added.map_err(|fault| OpError::Fault(Fault::Db(fault)))?;
    Ok(OpenedByCode { conversation: scope.conversation, token })
}

/// What a message of the queue says: somebody asked for a code to an address, of which it holds the keyed hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeWake {
    /// The keyed hash.
    pub code_to: String,
    /// The site.
    pub site: SiteId,
}

/// Asks for a code to an address. Whether it is known is looked up later and elsewhere, so neither the answer nor the time
/// that it takes tells anything. Fails with `ValueRefused` where mail could not reach it.
pub async fn code_ask(app: &App, site: SiteId, email: &Personal<String>) -> Result<(), OpError> {
    let site = app.site(site).await?;
    let finder = visitor_finder(app, &site.business, email).await?;
    let text = serde_json::to_string(&CodeWake { code_to: finder, site: site.id });
    let text = text.map_err(|fault| Fault::Platform(fault.to_string()))?;
    Ok(app.outbound.send(text, 0).await?)
}

/// Mails a code for each of the latest conversations in which an address was confirmed. An address that somebody merely
/// typed opens nothing.
pub async fn codes_mail(app: &App, wake: &CodeWake) -> Result<(), OpError> {
    let now = app.clock.now();
    let site = match app.site(wake.site).await {
        // It went meanwhile.
        Err(OpError::Denied(_)) => return Ok(()),
        other => other?,
    };
    let shard = app.shard(&site.business)?;
    let most = u32::from(CODE_MAILS_DAY);
    let found = contact::contacts_confirmed(shard, &site.business, site.id, &wake.code_to, most).await?;
    for (scope, contact) in found {
        let until = now.plus_ms(MAILED_CODE_MS);
        let to = (contact, wake.code_to.as_str());
        if !code_mail(app, &scope, (CodeKind::Mailed, MailKind::VisitorCode), to, (now, until)).await? {
            break;
        }
    }
    Ok(())
}

/// Mails the code to come back with to the address that the visitor confirmed in this conversation. Fails with `NotFound`
/// where there is none, and with `TooMany` where enough went there today.
pub async fn resume_mail(app: &App, scope: &ThreadScope) -> Result<(), OpError> {
    let now = app.clock.now();
    let left = contact::contact_find(app.shard(&scope.business)?, scope).await?;
    let left = left.filter(|left| left.confirmed_at.is_some()).ok_or(Kind::NotFound)?;
    let email = email_open(app, scope, &left).await?.ok_or(Kind::NotFound)?;
    let finder = visitor_finder(app, &scope.business, &email).await?;
    let until = app.site(scope.site).await?.limit().until(now);
    let kinds = (CodeKind::Resume, MailKind::VisitorResume);
    let is_mailed = code_mail(app, scope, kinds, (left.id, &finder), (now, until)).await?;
    if is_mailed { Ok(()) } else { Err(Kind::TooMany.into()) }
}

/// Adds a letter with a code, and the code. `false` where enough went to the address today: the outbox takes each id of a day
/// once, so nobody's mailbox is filled, and no count by address has to be kept.
async fn code_mail(
    app: &App,
    scope: &ThreadScope,
    (code_kind, kind): (CodeKind, MailKind),
    (contact, finder): (ContactId, &str),
    (now, until): (Millis, Millis),
) -> Result<bool, OpError> {
    for number in 0..CODE_MAILS_DAY {
        let id = day_mail_id(app, "code mail", (finder, number), now)?;
        let mail = NewMail {
            id,
            kind,
            recipient: Recipient::Contact(contact),
            business: Some(scope.business.business()),
            about: Some(scope.conversation.to_string()),
            now,
        };
        match app.directory.write(mail_insert(&mail)).await {
            Ok(()) => {}
            Err(DbFault::Duplicate) => continue,
            Err(fault) => return Err(fault.into()),
        }
        let hash = token_hash(mailed_code(app, id)?.expose());
        let put = privacy_code::code_put(scope, code_kind, &hash, now, until);
        app.shard(&scope.business)?.batch(put.into()).await?;
        // Not before the code is there: a letter about none would lapse.
        mail_wake(app, id, 0).await?;
        return Ok(true);
    }
    Ok(false)
}

/// The code of a letter: made anew from the letter's id whenever it is written, and kept nowhere but as a hash.
pub(super) fn mailed_code(app: &App, mail: MailId) -> Result<Secret<String>, OpError> {
    Ok(privacy_code_mint(app.token_key()?.derive("mailed code", &[&mail.to_bytes()])))
}
