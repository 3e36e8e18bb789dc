//! Mails: a row of the outbox in the batch of what they tell of, sent afterwards. Address and words are put in at
//! sending; `docs/mail.md` tells the whole way.

use serde::{Deserialize, Serialize};
use shared::id::MailId;
use shared::limits::{DEV_OUTBOX_ROWS, MAIL_LEASE_MS, MAIL_TRIES};
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::problem::Kind;

use super::account::{self, Contact};
use super::confirmation::confirmation_forget;
use super::journal::{Act, journal_put};
use super::letter::{contact_find, letter_compose};
use super::privacy_code::{CodeWake, codes_mail};
use super::webhook::{HookWake, hooks_send};
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::{Batch, DbFault, Statement};
use crate::rules::mail::Rendered;
use crate::rules::mail::retry::retry_after_ms;
use crate::rules::mail::suppression::{Reason, is_kept_back};
use crate::sealing::KeyScope;
use crate::store::mail::{self, Mail, Settled};
use crate::store::scope::OperatorScope;
use crate::vendors::resend::{self, Email, MailFault};

pub use crate::store::mail::{MailKind, NewMail, Recipient, mail_insert, suppression_lift};

/// What a message of the queue says: in which database which mail waits. Never whom it is for, or what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wake {
    /// `directory`: the only database with an outbox so far.
    pub database: String,
    /// The mail.
    pub id: MailId,
}

/// Wakes the consumer for a mail, after `delay_s` seconds.
pub async fn mail_wake(app: &App, id: MailId, delay_s: u32) -> Result<(), OpError> {
    let wake = Wake { database: "directory".to_owned(), id };
    let text = serde_json::to_string(&wake).map_err(|fault| Fault::Platform(fault.to_string()))?;
    Ok(app.outbound.send(text, delay_s).await?)
}

/// Runs a batch on the directory and, once it has committed, notes the mails that it adds (see [`App::mail_note`]).
pub async fn batch_commit(app: &App, batch: Vec<Statement>) -> Result<Batch, DbFault> {
    let mails = mail::mails_in(&batch);
    let done = app.directory.batch(batch).await?;
    mails.into_iter().for_each(|id| app.mail_note(id));
    Ok(done)
}

/// Commits a batch with mails that must be written once. Tells whether it was: `false` where these rows exist already.
pub async fn batch_commit_once(app: &App, batch: Vec<Statement>) -> Result<bool, DbFault> {
    match batch_commit(app, batch).await {
        Ok(_) => Ok(true),
        Err(DbFault::Duplicate) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// Wakes the consumer for every mail that was noted since the last time (see [`App::mail_note`]). What the queue does
/// not take, the cron sweeps.
pub async fn mails_noted_wake(app: &App) {
    for id in app.mails_noted_take() {
        if let Err(failure) = mail_wake(app, id, 0).await {
            log::failed(app, "mail", &failure);
        }
    }
}

/// Does what a message of the queue says. A message that says nothing known is logged and done with.
pub async fn wake_take(app: &App, text: &str) -> Result<(), OpError> {
    if let Ok(wake) = serde_json::from_str::<HookWake>(text) {
        return hooks_send(app, wake.hooks_of).await;
    }
    if let Ok(wake) = serde_json::from_str::<CodeWake>(text) {
        return codes_mail(app, &wake).await;
    }
    match serde_json::from_str::<Wake>(text) {
        Ok(wake) if wake.database == "directory" => mail_send(app, wake.id).await.map(drop),
        _ => {
            log::note("mail", "a message of the queue says nothing that this version knows");
            Ok(())
        }
    }
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// Nothing was done: not due, settled, held by another try, or no mail can be sent from here.
    Nothing,
    /// It came to its end.
    Settled(Settled),
    /// It will be tried again at that time.
    Later(Millis),
}

/// Why a try did not succeed.
enum Failure {
    Vendor(MailFault),
    House(Fault),
}

/// A mail was given up. Names it, never its reader.
#[derive(Debug, thiserror::Error)]
#[error("mail {id} ({kind}) was not sent after {tries} tries: {last}")]
struct NotSent {
    id: MailId,
    kind: &'static str,
    tries: u32,
    last: String,
}

/// Sends one mail, if it is due: takes hold of it, looks whether it still holds, writes it, hands it to the vendor and
/// records what became of it. Safe to call twice and at once.
pub async fn mail_send(app: &App, id: MailId) -> Result<Tried, OpError> {
    // A real deployment without a vendor keeps its mails for the day that it has one; those that are over lapse then.
    if !app.config.sends_mail() {
        return Ok(Tried::Nothing);
    }
    let (directory, scope, now) = (&app.directory, OperatorScope::of_deployment(), app.clock.now());
    let held = mail::mail_lease(directory, &scope, id, now, now.plus_ms(MAIL_LEASE_MS)).await?;
    let Some(held) = held else { return Ok(Tried::Nothing) };
    let outcome = if held.tries > MAIL_TRIES {
        // Tries that were cut off count, too: what stops the Worker each time must not do so for ever.
        Err(Failure::House(Fault::Platform("every try was cut off".into())))
    } else {
        attempt(app, &held, now).await
    };
    let failure = match outcome {
        Ok((settled, vendor_id)) => {
            mail::mail_settle(directory, &scope, &held, settled, vendor_id, app.clock.now()).await?;
            recipient_forget(app, &held).await?;
            return Ok(Tried::Settled(settled));
        }
        Err(failure) => failure,
    };
    let (is_final, asked_to_wait_s, last) = match failure {
        Failure::Vendor(fault) => (fault.is_final(), fault.retry_after_s(), fault.to_string()),
        Failure::House(fault) => (false, None, fault.to_string()),
    };
    let now = app.clock.now();
    let dice = u16::from_be_bytes(app.rng.bytes()?);
    let wait_ms = if is_final { None } else { retry_after_ms(held.tries, asked_to_wait_s, dice) };
    if let Some(wait_ms) = wait_ms {
        let due_at = now.plus_ms(wait_ms);
        mail::mail_postpone(directory, &scope, &held, due_at).await?;
        log::note("mail", &format!("mail {id} waits after try {}: {last}", held.tries));
        // Rounded up, so that it does not come too early and find nothing due.
        let delay_s = u32::try_from(wait_ms.saturating_add(999).div_euclid(1_000)).unwrap_or(u32::MAX);
        if let Err(failure) = mail_wake(app, id, delay_s).await {
            log::failed(app, "mail", &failure);
        }
        return Ok(Tried::Later(due_at));
    }
    let settled = if is_final { Settled::Failed } else { Settled::GivenUp };
    mail::mail_settle(directory, &scope, &held, settled, None, now).await?;
    recipient_forget(app, &held).await?;
    log::fault(app, "mail", &NotSent { id, kind: held.kind.as_str(), tries: held.tries, last });
    Ok(Tried::Settled(settled))
}

/// An address that was kept for this one letter goes with it, however it ended. Where this is cut off, its time ends it.
async fn recipient_forget(app: &App, held: &Mail) -> Result<(), OpError> {
    match held.recipient {
        Recipient::Erasure(id) => confirmation_forget(app, id).await,
        _ => Ok(()),
    }
}

async fn attempt(app: &App, held: &Mail, now: Millis) -> Result<(Settled, Option<String>), Failure> {
    let house = |error: OpError| {
        Failure::House(match error {
            OpError::Fault(fault) => fault,
            OpError::Denied(_) | OpError::Reported(_) => {
                Fault::Platform("a letter could not be written".into())
            }
        })
    };
    let Some(contact) = contact_find(app, held).await.map_err(house)? else {
        return Ok((Settled::Lapsed, None));
    };
    let Some(letter) = letter_compose(app, held, &contact, now).await.map_err(house)? else {
        return Ok((Settled::Lapsed, None));
    };
    if is_suppressed(app, held, &contact, now).await.map_err(house)? {
        return Ok((Settled::Suppressed, None));
    }
    let vendor_id = hand_over(app, held, &contact, &letter).await.map_err(Failure::Vendor)?;
    Ok((Settled::Sent, vendor_id))
}

/// Hands a letter to the vendor; where `ENV=dev` and there is none, nothing leaves.
async fn hand_over(
    app: &App,
    held: &Mail,
    contact: &Contact,
    letter: &Rendered,
) -> Result<Option<String>, MailFault> {
    let Some(mailer) = &app.config.mailer else { return Ok(None) };
    let email = Email {
        from: &mailer.from,
        to: &contact.email,
        subject: &letter.subject,
        text: &letter.text,
        html: &letter.html,
    };
    resend::email_send(&app.http, &app.clock, &mailer.account, &email, &held.id.to_string()).await
}

async fn is_suppressed(app: &App, held: &Mail, contact: &Contact, now: Millis) -> Result<bool, OpError> {
    let finder = account::address_take(app, &contact.email).await?.finder;
    let scope = OperatorScope::of_deployment();
    let found = mail::suppression_find(&app.directory, &scope, &finder).await?;
    Ok(found.is_some_and(|(reason, at)| {
        Reason::from_name(&reason).is_none_or(|reason| is_kept_back(reason, at, held.kind.is_code(), now))
    }))
}

/// Takes a webhook of the vendor whose signature was proved: addresses that bounced or complained get no letters any
/// more. Told again, it changes nothing. Fails with `BodyMalformed`.
pub async fn webhook_take(app: &App, body: &[u8]) -> Result<(), OpError> {
    let Some(event) = resend::webhook_read(body).map_err(|_| Kind::BodyMalformed)? else { return Ok(()) };
    let scope = OperatorScope::of_deployment();
    // An event of tomorrow would outlast every proof that the address lives.
    let at = event.at.min(app.clock.now());
    let mut statements = Vec::new();
    for address in &event.addresses {
        match account::address_take(app, address).await {
            Ok(address) => {
                let reason = event.reason.as_str();
                let act = Act::Suppressed { finder: address.finder.clone(), reason: reason.to_owned(), at };
                let name = format!("mail-{}-{}", at.as_i64(), address.finder);
                journal_put(app, KeyScope::Accounts, &name, &act, app.clock.now()).await?;
                statements.push(mail::suppression_put(&scope, &address.finder, reason, at));
            }
            // What is no address of ours never got a letter.
            Err(OpError::Denied(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if !statements.is_empty() {
        app.directory.batch(statements).await?;
    }
    Ok(())
}

/// A mail of the outbox, as a developer reads it.
#[derive(Debug, Serialize)]
pub struct OutboxMail {
    /// Which.
    pub id: MailId,
    /// What it is about.
    pub kind: &'static str,
    /// Where it stands.
    pub state: String,
    /// When it was asked for.
    pub at: Millis,
    /// Whom it goes to; absent once there is nobody.
    pub to: Option<Personal<String>>,
    /// The subject; absent once what it tells of is over, like text and HTML.
    pub subject: Option<Personal<String>>,
    /// The text.
    pub text: Option<Personal<String>>,
    /// The HTML.
    pub html: Option<Personal<String>>,
}

/// The newest mails, written as they would be sent now. For `ENV=dev` only: the caller checks.
pub async fn outbox_read(app: &App, scope: &OperatorScope) -> Result<Vec<OutboxMail>, OpError> {
    let mut outbox = Vec::new();
    for mail in mail::mails_latest(&app.directory, scope, DEV_OUTBOX_ROWS).await? {
        let contact = contact_find(app, &mail).await?;
        let letter = match &contact {
            Some(contact) => letter_compose(app, &mail, contact, app.clock.now()).await?,
            None => None,
        };
        let (subject, text, html) = match letter {
            Some(letter) => (Some(letter.subject), Some(letter.text), Some(letter.html)),
            None => (None, None, None),
        };
        outbox.push(OutboxMail {
            id: mail.id,
            kind: mail.kind.as_str(),
            state: mail.state,
            at: mail.created_at,
            to: contact.map(|contact| contact.email),
            subject,
            text,
            html,
        });
    }
    Ok(outbox)
}
