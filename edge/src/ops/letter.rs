//! Putting a letter together at the moment of sending: whom it reaches, whether what it tells of still holds, and what
//! it says then.

use std::str::FromStr;

use shared::id::{AccountId, CodeId, ContactId, ErasureId, InvitationId};
use shared::limits::{CODE_MS, MAILED_LINK_MS};
use shared::privacy::Personal;
use shared::rules::request::request_days_left;
use shared::time::{MINUTE_MS, Millis};
use shared::wire::privacy::RequestState;

use super::account::{self, Contact};
use super::confirmation::confirmation_find;
use super::contact::{self, VisitorMail};
use super::deletion::deletion_blocks;
use super::privacy_code::mailed_code;
use super::{Fault, OpError};
use crate::app::App;
use crate::rules::credential::{self, MailedFor, MailedProof, token_hash};
use crate::rules::mail::{House, Letter, Reader, Rendered, letter_render};
use crate::rules::privacy_code::privacy_code_grouped;
use crate::store::mail::{Mail, MailKind, Recipient};
use crate::store::privacy_code::code_until;
use crate::store::scope::OperatorScope;
use crate::store::{account_request, deletion, letter, receipt, request};

/// Whom a mail reaches. `None` where there is nobody any more: the account is gone, the invitation was revoked.
pub(super) async fn contact_find(app: &App, mail: &Mail) -> Result<Option<Contact>, OpError> {
    match mail.recipient {
        Recipient::Account(id) => account::account_contact(app, id).await,
        Recipient::Invitation(id) => account::invitation_contact(app, id).await,
        Recipient::EmailChange(id) => account::email_change_contact(app, id).await,
        Recipient::Contact(id) => {
            let found = visitor_mail(app, mail, id).await?;
            // Nobody asked for the visitor's name, so nobody greets them by one.
            Ok(found.map(|found| Contact {
                email: found.email,
                name: Personal::default(),
                locale: found.locale,
            }))
        }
        Recipient::Erasure(id) => Ok(confirmation_find(app, id).await?.map(|found| found.contact)),
        Recipient::Operator => Ok(app.config.operator_email.clone().map(|email| Contact {
            email,
            name: Personal::new(String::new()),
            locale: "en".to_owned(),
        })),
    }
}

/// What a mail to a visitor needs. `None` where the conversation is gone, or another address was left since.
async fn visitor_mail(app: &App, mail: &Mail, id: ContactId) -> Result<Option<VisitorMail>, OpError> {
    let business = mail.business.ok_or_else(lacks)?;
    contact::visitor_mail_find(app, business, about_id(mail)?, id).await
}

/// A link that opens something of a visitor's: the frame itself, on its own, with the secret in the fragment.
fn visitor_link(
    app: &App,
    found: &VisitorMail,
    what: MailedFor,
    (subject, until): ([u8; 16], Millis),
) -> Result<String, OpError> {
    let proof = MailedProof {
        business: found.scope.business.business(),
        conversation: found.scope.conversation,
        subject,
        expires_at: until,
    };
    let token = credential::mailed_link_mint(app.token_key()?, what, &proof);
    let place = match what {
        MailedFor::Address => "address",
        MailedFor::Return => "return",
    };
    Ok(format!("{}/widget/{}#{place}/{}", app.config.public_origin, found.scope.site, token.expose()))
}

/// The letter, as it stands now. `None` where what it tells of is over: a code was used, an invitation accepted.
pub(super) async fn letter_compose(
    app: &App,
    mail: &Mail,
    contact: &Contact,
    now: Millis,
) -> Result<Option<Rendered>, OpError> {
    let Some(letter) = letter_resolve(app, mail, now).await? else { return Ok(None) };
    // A name that a stranger typed beside somebody's address is no greeting: only proved addresses are greeted by it.
    let is_proved = matches!(mail.recipient, Recipient::Account(_) | Recipient::Erasure(_))
        && mail.kind != MailKind::SignUpCode;
    let reader = Reader {
        language: &contact.locale,
        name: is_proved.then(|| contact.name.expose().as_str()).filter(|name| !name.is_empty()),
    };
    let house = House { origin: &app.config.app_origin, contact: app.config.mail_contact() };
    Ok(Some(letter_render(&letter, &reader, &house)))
}

async fn letter_resolve(app: &App, mail: &Mail, now: Millis) -> Result<Option<Letter>, OpError> {
    let (directory, scope) = (&app.directory, OperatorScope::of_deployment());
    let about = mail.about.as_deref().unwrap_or_default();
    let at = mail.created_at;
    Ok(match mail.kind {
        MailKind::SignInCode => {
            code_resolve(app, mail, now).await?.map(|(code, minutes)| Letter::SignInCode { code, minutes })
        }
        MailKind::SignUpCode => {
            code_resolve(app, mail, now).await?.map(|(code, minutes)| Letter::SignUpCode { code, minutes })
        }
        MailKind::AlreadySignedUp => code_resolve(app, mail, now)
            .await?
            .map(|(code, minutes)| Letter::AlreadySignedUp { code, minutes }),
        MailKind::EmailChangeCode => code_resolve(app, mail, now)
            .await?
            .map(|(code, minutes)| Letter::EmailChangeCode { code, minutes }),
        MailKind::EmailChanging => {
            let until = letter::email_change_stoppable(directory, &scope, about).await?;
            let Some(until) = until else { return Ok(None) };
            let change: CodeId = about_id(mail)?;
            let token = credential::email_stop_token_derive(app.token_key()?, change);
            let link = format!("{}/app/#/stop/{change}/{}", app.config.app_origin, token.expose());
            Some(Letter::EmailChanging { link, until })
        }
        MailKind::EmailChanged => Some(Letter::EmailChanged { at }),
        MailKind::Invitation => {
            let found = letter::invitation_about(directory, &scope, about, now).await?;
            let Some(found) = found else { return Ok(None) };
            let id: InvitationId = about_id(mail)?;
            let Some(inviter) = name_of(app, found.invited_by).await? else { return Ok(None) };
            let token = credential::invitation_token_derive(app.token_key()?, id);
            Some(Letter::Invitation {
                business: found.business,
                inviter,
                role: found.role,
                link: format!("{}/app/#/invitation/{id}/{}", app.config.app_origin, token.expose()),
                until: found.expires_at,
            })
        }
        MailKind::NewDevice => letter::session_about(directory, &scope, about)
            .await?
            .map(|found| Letter::NewDevice { device: found.device, at: found.created_at }),
        MailKind::NewPasskey => letter::passkey_about(directory, &scope, about)
            .await?
            .map(|found| Letter::NewPasskey { device: found.device, at: found.created_at }),
        MailKind::NewToken => letter::api_token_about(directory, &scope, about).await?.map(|found| {
            Letter::NewToken { name: found.name, business: found.business, at: found.created_at }
        }),
        MailKind::JobAlarm => Some(Letter::JobAlarm { jobs: about.to_owned() }),
        MailKind::OwnershipTransferred => {
            let business = mail.business.ok_or_else(lacks)?;
            letter::business_name(directory, &scope, business)
                .await?
                .map(|business| Letter::OwnershipTransferred { business, at })
        }
        MailKind::VisitorAddress => {
            let Recipient::Contact(id) = mail.recipient else { return Err(lacks().into()) };
            let found = visitor_mail(app, mail, id).await?;
            let found = found.filter(|found| !found.is_confirmed && !found.is_held);
            let Some(found) = found else { return Ok(None) };
            let until = at.plus_ms(MAILED_LINK_MS);
            let business = app.site(found.scope.site).await?.business_name.clone();
            let link = visitor_link(app, &found, MailedFor::Address, (id.to_bytes(), until))?;
            (now < until).then_some(Letter::VisitorAddress { business, link, until })
        }
        MailKind::VisitorReply => {
            let Recipient::Contact(id) = mail.recipient else { return Err(lacks().into()) };
            let found = visitor_mail(app, mail, id).await?;
            // Whoever read the answer meanwhile needs no mail, and whoever objected gets none.
            let found = found
                .filter(|found| found.is_confirmed && found.is_unread && !found.objects && !found.is_held);
            let Some(found) = found else { return Ok(None) };
            let until = at.plus_ms(MAILED_LINK_MS);
            let business = app.site(found.scope.site).await?.business_name.clone();
            let author = contact::answerer_name(app, &found.scope).await?;
            let author = author.map_or_else(|| business.clone(), Personal::into_exposed);
            let link = visitor_link(app, &found, MailedFor::Return, (mail.id.to_bytes(), until))?;
            (now < until).then_some(Letter::VisitorReply { business, author, link, until })
        }
        MailKind::VisitorCode | MailKind::VisitorResume => mailed_code_resolve(app, mail, now).await?,
        MailKind::InboxDigest => {
            let (Recipient::Account(account), Some(business)) = (mail.recipient, mail.business) else {
                return Err(lacks().into());
            };
            super::digest::digest_compose(app, account, business, at).await?
        }
        MailKind::RequestDue => request_resolve(app, mail, now).await?,
        MailKind::OwnRequestDue => {
            let found = account_request::own_request_clock(directory, &scope, about_id(mail)?).await?;
            found.filter(|found| found.state == RequestState::Open).map(|found| Letter::OwnRequestDue {
                days: request_days_left(found.due_at, now),
                until: found.due_at,
            })
        }
        MailKind::OwnRequestAnswered => {
            let found = account_request::own_request_clock(directory, &scope, about_id(mail)?).await?;
            found.map(|found| Letter::OwnRequestAnswered { at: found.asked_at })
        }
        MailKind::DeletionAsked | MailKind::DeletionSoon | MailKind::DeletionDone => {
            deletion_resolve(app, mail, now).await?
        }
        MailKind::DeletionReceipt => receipt_resolve(app, about_id(mail)?).await?,
        MailKind::DeletionKept => kept_resolve(app, mail).await?,
        MailKind::NoticeChanging => super::notice::letter_of(app, about).await?,
    })
}

/// A code that a visitor asked to be mailed, while it opens something. The person's own right goes on under restriction.
async fn mailed_code_resolve(app: &App, mail: &Mail, now: Millis) -> Result<Option<Letter>, OpError> {
    let Recipient::Contact(id) = mail.recipient else { return Err(lacks().into()) };
    let found = visitor_mail(app, mail, id).await?.filter(|found| found.is_confirmed);
    let Some(found) = found else { return Ok(None) };
    let code = mailed_code(app, mail.id)?;
    let shard = app.shard(&found.scope.business)?;
    let until = code_until(shard, &found.scope, &token_hash(code.expose()), now).await?;
    let Some(until) = until else { return Ok(None) };
    let business = app.site(found.scope.site).await?.business_name.clone();
    let page = format!("{}/privacy/{}", app.config.public_origin, found.scope.site);
    let grouped = privacy_code_grouped(&code).into_exposed();
    Ok(Some(match mail.kind {
        MailKind::VisitorCode => {
            let link = format!("{page}#{}", code.expose());
            Letter::VisitorCode { business, code: grouped, link, until }
        }
        _ => Letter::VisitorResume { business, code: grouped, link: page, until },
    }))
}

/// A request that is still open, as its reminder tells of it.
async fn request_resolve(app: &App, mail: &Mail, now: Millis) -> Result<Option<Letter>, OpError> {
    let business = mail.business.ok_or_else(lacks)?;
    let scope = OperatorScope::of_deployment();
    let Some(name) = letter::business_name(&app.directory, &scope, business).await? else { return Ok(None) };
    let Some(place) = app.business(business).await? else { return Ok(None) };
    let found = request::request_find(app.shard(&place)?, &place, about_id(mail)?).await?;
    Ok(found.filter(|found| found.state == RequestState::Open).map(|found| Letter::RequestDue {
        business: name,
        kind: found.kind,
        days: request_days_left(found.due_at, now),
        until: found.due_at,
    }))
}

/// A deletion that was not cancelled, as the mail about it tells.
async fn deletion_resolve(app: &App, mail: &Mail, now: Millis) -> Result<Option<Letter>, OpError> {
    let scope = OperatorScope::of_deployment();
    let found = deletion::deletion_find(&app.directory, &scope, about_id(mail)?).await?;
    let Some(found) = found.filter(|found| found.cancelled_at.is_none()) else { return Ok(None) };
    let business = match found.business {
        // Once it is gone, so is its name: the id that its owner knows says which.
        Some(business) => {
            let name = deletion::business_name(&app.directory, &scope, business).await?;
            Some(name.unwrap_or_else(|| business.to_string()))
        }
        None => None,
    };
    let until = found.due_at;
    Ok(match mail.kind {
        MailKind::DeletionAsked => Some(Letter::DeletionAsked { business, at: found.asked_at, until }),
        MailKind::DeletionSoon if found.begun_at.is_none() => {
            Some(Letter::DeletionSoon { business, days: request_days_left(until, now), until })
        }
        MailKind::DeletionDone => {
            let at = found.begun_at.unwrap_or(now);
            Some(Letter::DeletionDone { business, at, receipt: found.id.to_string() })
        }
        _ => None,
    })
}

/// The signed receipt of an erasure, with what shows that it is its reader's.
async fn receipt_resolve(app: &App, erasure: ErasureId) -> Result<Option<Letter>, OpError> {
    let Some(kept) = confirmation_find(app, erasure).await? else { return Ok(None) };
    let found = receipt::receipt_find(&app.directory, &OperatorScope::of_deployment(), erasure).await?;
    let Some(receipt) = found.and_then(|found| found.receipt) else { return Ok(None) };
    Ok(Some(Letter::DeletionReceipt {
        business: kept.business,
        erasure: erasure.to_string(),
        nonce: kept.nonce.into_exposed(),
        receipt,
    }))
}

/// Why an account was not deleted: the businesses that would be left without an owner, and who belongs to them.
async fn kept_resolve(app: &App, mail: &Mail) -> Result<Option<Letter>, OpError> {
    let Recipient::Account(account) = mail.recipient else { return Err(lacks().into()) };
    let blocks = deletion_blocks(app, account).await?;
    let others: Vec<String> =
        blocks.iter().map(|block| format!("{} ({})", block.name, names(&block.members))).collect();
    Ok((!others.is_empty()).then(|| Letter::DeletionKept { others: others.join("; ") }))
}

fn names(members: &[Personal<String>]) -> String {
    members.iter().map(|name| name.expose().as_str()).collect::<Vec<_>>().join(", ")
}

/// The digits of a code that can still be entered, and how many minutes it was good for.
async fn code_resolve(app: &App, mail: &Mail, now: Millis) -> Result<Option<(String, i64)>, OpError> {
    let code: CodeId = about_id(mail)?;
    let scope = OperatorScope::of_deployment();
    if !letter::code_enterable(&app.directory, &scope, &code.to_string(), now).await? {
        return Ok(None);
    }
    let digits = credential::code_derive(app.token_key()?, code).into_exposed();
    Ok(Some((digits, CODE_MS.div_euclid(MINUTE_MS))))
}

async fn name_of(app: &App, account: AccountId) -> Result<Option<String>, OpError> {
    Ok(account::account_contact(app, account).await?.map(|contact| contact.name.into_exposed()))
}

fn lacks() -> Fault {
    Fault::Platform("a mail lacks the id that its kind needs".into())
}

fn about_id<T: FromStr>(mail: &Mail) -> Result<T, OpError> {
    mail.about.as_deref().and_then(|about| about.parse().ok()).ok_or_else(|| lacks().into())
}
