//! Addresses that visitors leave: kept, proved by a link, and written to when a reply would not reach them otherwise.
//!
//! An address is sealed under the key of its conversation, not under one of the person: it was given for the answers to this
//! conversation alone, and so it goes with it, by the same act that erases every word.

use shared::id::{BusinessId, ContactId, ConversationId, MailId};
use shared::limits::{ADDRESS_MAILS_DAY, CONTACT_REST_MS, VISITOR_GONE_MS};
use shared::privacy::{Personal, Secret};
use shared::rules::person::email_normalise;
use shared::time::{DAY_MS, Millis};
use shared::wire::privacy::ObjectionPurpose;
use shared::wire::problem::Kind;
use shared::wire::widget::{ConfirmedAddress, LeaveAddress, MailedLink};

use super::account::{address_take, email_finder, locale_take};
use super::mail::{MailKind, NewMail, Recipient, batch_commit, mail_insert};
use super::names::names_find;
use super::right::objection_note;
use super::sealed_message::message_key;
use super::visitor::token_mint;
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::DbFault;
use crate::rules::credential::{self, MailedFor, MailedProof};
use crate::sealing::{Cell, Column, KeyOwner, KeyRef, SealFault};
use crate::store::contact::{self, NewContact, SealedEmail};
use crate::store::conversation::{self, Conversation};
use crate::store::scope::{BusinessScope, ThreadScope};
use crate::store::{rights, token};

pub(super) fn with_cell<T>(
    scope: &ThreadScope,
    id: shared::id::ContactId,
    use_cell: impl FnOnce(Cell<'_>) -> T,
) -> T {
    let (row, id) = (scope.conversation.to_string(), id.to_bytes());
    let bound: [&[u8]; 1] = [&id];
    use_cell(Cell {
        column: Column::ContactEmail,
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Opens an address. `None` where the conversation was erased meanwhile.
pub(super) async fn email_open(
    app: &App,
    scope: &ThreadScope,
    sealed: &SealedEmail,
) -> Result<Option<Personal<String>>, OpError> {
    address_open(app, scope, sealed.id, (sealed.key, &sealed.key_commit, &sealed.email)).await
}

/// The same, of an address that came with something else: its key, what proves that, and the ciphertext.
pub(super) async fn address_open(
    app: &App,
    scope: &ThreadScope,
    id: ContactId,
    (key, commit, email): (KeyRef, &[u8], &[u8]),
) -> Result<Option<Personal<String>>, OpError> {
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    let key = match app.keyring.key_open(shard, &scope.business, key, &owner, commit).await {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let plain = with_cell(scope, id, |cell| key.open(cell, email))?;
    let text = std::str::from_utf8(&plain).map_err(|_| Fault::Platform("a sealed text is no text".into()))?;
    Ok(Some(Personal::new(text.to_owned())))
}

/// The keyed hash by which the confirmed address of a visitor is found, another one in each business: what two of them hold
/// can't be laid side by side. Fails with `ValueRefused` where mail could not reach it.
pub(super) async fn visitor_finder(
    app: &App,
    business: &BusinessScope,
    email: &Personal<String>,
) -> Result<String, OpError> {
    let normal = email_normalise(email.expose()).ok_or(Kind::ValueRefused)?;
    email_finder(app, &format!("{} {normal}", business.business())).await
}

/// Mails a reply to a visitor who has left, where one is due: they have proved an address, and the reply has not reached
/// them. `due_at` is what the row said; `is_there` that they have a socket open.
pub(super) async fn reply_mail(
    app: &App,
    before: &Conversation,
    (due_at, now): (Millis, Millis),
    is_there: bool,
) -> Result<(), OpError> {
    let scope = &before.scope;
    let shard = app.shard(&scope.business)?;
    if rights::is_restricted(shard, scope).await? {
        // Held still, it goes nowhere. What was due is looked at again, for the visitor may let it go on.
        shard.write(contact::mail_later(scope, due_at, now.plus_ms(DAY_MS))).await?;
        return Ok(());
    }
    let has_arrived = before.desk.delivered_sequence >= before.desk.human_sequence;
    if is_there || has_arrived || before.desk.objects_to_mail() {
        shard.write(contact::mail_done(scope, due_at)).await?;
        return Ok(());
    }
    let gone_at = before.desk.present_at.plus_ms(VISITOR_GONE_MS);
    if gone_at > now {
        shard.write(contact::mail_later(scope, due_at, gone_at)).await?;
        return Ok(());
    }
    let left = contact::contact_find(shard, scope).await?;
    if let Some(left) = left.filter(|left| left.confirmed_at.is_some()) {
        let mail = NewMail {
            // The same due time gives the same mail: told twice, it is written once.
            id: mail_id(app, scope, due_at)?,
            kind: MailKind::VisitorReply,
            recipient: Recipient::Contact(left.id),
            business: Some(scope.business.business()),
            about: Some(scope.conversation.to_string()),
            now,
        };
        match batch_commit(app, vec![mail_insert(&mail)]).await {
            Ok(_) | Err(DbFault::Duplicate) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    shard.write(contact::mail_done(scope, due_at)).await?;
    Ok(())
}

fn mail_id(app: &App, scope: &ThreadScope, due_at: Millis) -> Result<MailId, OpError> {
    let parts: [&[u8]; 2] = [&scope.conversation.to_bytes(), &due_at.as_i64().to_be_bytes()];
    let derived = app.token_key()?.derive("reply mail", &parts);
    let mut random = [0; 10];
    for (byte, from) in random.iter_mut().zip(derived) {
        *byte = from;
    }
    Ok(MailId::mint(due_at, random))
}

/// Keeps an address that a visitor leaves, and mails the link that proves it. Another one takes its place.
///
/// Fails with `ValueRefused` where mail could not reach it, `NotFound`, and `RateLimited` where the last one was left a
/// moment ago.
pub async fn address_leave(app: &App, scope: &ThreadScope, request: &LeaveAddress) -> Result<(), OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let limit = app.site(scope.site).await?.limit();
    let address = address_take(app, &request.email).await?;
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let found = found.ok_or(Kind::NotFound)?;
    if let Some(before) = contact::contact_find(shard, scope).await? {
        let wait_ms = before.created_at.plus_ms(CONTACT_REST_MS).since_ms(now);
        if wait_ms > 0 {
            let wait_s = wait_ms.saturating_add(999).div_euclid(1_000);
            return Err(OpError::rate_limited(u32::try_from(wait_s).unwrap_or(u32::MAX)));
        }
    }
    let (key, mut statements) = message_key(app, &found, limit, now).await?;
    let id = ContactId::mint(now, app.rng.bytes()?);
    let email = with_cell(scope, id, |cell| key.seal(cell, address.email.expose().as_bytes(), &app.rng))?;
    let locale = locale_take(&request.locale).to_owned();
    let new = NewContact { id, locale, at: now, key: key.reference(), email };
    statements.push(contact::contact_put(scope, new));
    // Whoever leaves an address for an answer asks to be written to: what they said against it before is over.
    if rights::is_objected(shard, scope, ObjectionPurpose::FollowUp).await? {
        objection_note(app, scope, ObjectionPurpose::FollowUp, None, now).await?;
    }
    statements.push(rights::objection_withdraw(scope, ObjectionPurpose::FollowUp));
    match shard.batch(statements).await {
        Err(DbFault::Refused(_)) => return Err(Kind::NotFound.into()),
        other => drop(other?),
    }
    for number in 0..ADDRESS_MAILS_DAY {
        let mail = NewMail {
            id: proof_mail_id(app, &address.finder, number, now)?,
            kind: MailKind::VisitorAddress,
            recipient: Recipient::Contact(id),
            business: Some(scope.business.business()),
            about: Some(scope.conversation.to_string()),
            now,
        };
        match batch_commit(app, vec![mail_insert(&mail)]).await {
            Ok(_) => break,
            // This one went out today. After the last one nothing goes, and whoever asked is told nothing of it.
            Err(DbFault::Duplicate) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(())
}

/// The id of a day's mail of this number to an address, whichever conversation it is left in: the outbox takes each id
/// once, so nobody's mailbox is filled by opening conversations, and no count by address has to be kept.
fn proof_mail_id(app: &App, finder: &str, number: u8, now: Millis) -> Result<MailId, OpError> {
    day_mail_id(app, "address mail", (finder, number), now)
}

/// The id of a day's mail of this number and kind to an address.
pub(super) fn day_mail_id(
    app: &App,
    what: &str,
    (finder, number): (&str, u8),
    now: Millis,
) -> Result<MailId, OpError> {
    let day_at = now.minus_ms(now.as_i64().rem_euclid(DAY_MS));
    let parts: [&[u8]; 3] = [finder.as_bytes(), &day_at.as_i64().to_be_bytes(), &[number]];
    let derived = app.token_key()?.derive(what, &parts);
    let mut random = [0; 10];
    for (byte, from) in random.iter_mut().zip(derived) {
        *byte = from;
    }
    Ok(MailId::mint(day_at, random))
}

/// The thread that a link of a mail leads to. Fails with `LinkRefused`, whatever is wrong with it.
async fn link_thread(app: &App, proof: &MailedProof) -> Result<ThreadScope, OpError> {
    if app.clock.now() > proof.expires_at {
        return Err(Kind::LinkRefused.into());
    }
    let business = app.business(proof.business).await?.ok_or(Kind::LinkRefused)?;
    let shard = app.shard(&business)?;
    let found = conversation::conversation_find(shard, &business, proof.conversation).await?;
    Ok(found.ok_or(Kind::LinkRefused)?.scope)
}

/// Proves an address by the link that was mailed there, and says in which thread. Opened twice, it proves the same. Fails with
/// `LinkRefused`, also where another address was left since.
pub async fn address_confirm(
    app: &App,
    link: &MailedLink,
) -> Result<(ThreadScope, ConfirmedAddress), OpError> {
    let proof = credential::mailed_link_open(app.token_key()?, MailedFor::Address, link.token.expose())?;
    let scope = link_thread(app, &proof).await?;
    let shard = app.shard(&scope.business)?;
    let id = ContactId::from_bytes(proof.subject);
    let left = contact::contact_find(shard, &scope).await?.filter(|left| left.id == id);
    let email = email_open(app, &scope, &left.ok_or(Kind::LinkRefused)?).await?.ok_or(Kind::LinkRefused)?;
    let finder = visitor_finder(app, &scope.business, &email).await?;
    let confirm = contact::contact_confirm(&scope, id, &finder, app.clock.now());
    let confirmed: Option<serde_json::Value> = shard.row(confirm).await?;
    confirmed.ok_or(Kind::LinkRefused)?;
    let business = app.site(scope.site).await?.business_name.clone();
    Ok((scope, ConfirmedAddress { business }))
}

/// Opens a conversation again by the link in a mail, once, with a token of its own. Fails with `LinkRefused`.
pub async fn conversation_return(
    app: &App,
    link: &MailedLink,
) -> Result<(ThreadScope, Secret<String>), OpError> {
    let proof = credential::mailed_link_open(app.token_key()?, MailedFor::Return, link.token.expose())?;
    let scope = link_thread(app, &proof).await?;
    let now = app.clock.now();
    let (token, hash) = token_mint(app, &scope.business)?;
    let statements = vec![
        contact::return_use(&scope, MailId::from_bytes(proof.subject), now),
        token::token_insert(&scope, &hash, now),
    ];
    match app.shard(&scope.business)?.batch(statements).await {
        Err(DbFault::Duplicate) => Err(Kind::LinkRefused.into()),
        other => other.map(|_| (scope, token)).map_err(OpError::from),
    }
}

/// What a mail to a visitor needs, opened for the moment of sending.
pub(super) struct VisitorMail {
    /// Where it goes.
    pub email: Personal<String>,
    /// The language to write in.
    pub locale: String,
    /// The thread.
    pub scope: ThreadScope,
    /// The address was proved.
    pub is_confirmed: bool,
    /// A reply has not reached the visitor's client.
    pub is_unread: bool,
    /// They objected to being written to: nothing goes but what they ask for themselves.
    pub objects: bool,
    /// The conversation is held still: nothing goes but what their own rights need.
    pub is_held: bool,
}

/// Whom a mail to a visitor reaches. `None` where the conversation is gone, or another address was left since.
pub(super) async fn visitor_mail_find(
    app: &App,
    business: BusinessId,
    conversation: ConversationId,
    id: ContactId,
) -> Result<Option<VisitorMail>, OpError> {
    let Some(business) = app.business(business).await? else { return Ok(None) };
    let shard = app.shard(&business)?;
    let Some(found) = conversation::conversation_find(shard, &business, conversation).await? else {
        return Ok(None);
    };
    let left = contact::contact_find(shard, &found.scope).await?.filter(|left| left.id == id);
    let Some(left) = left else { return Ok(None) };
    let Some(email) = email_open(app, &found.scope, &left).await? else { return Ok(None) };
    Ok(Some(VisitorMail {
        email,
        locale: left.locale,
        scope: found.scope,
        is_confirmed: left.confirmed_at.is_some(),
        is_unread: found.desk.delivered_sequence < found.desk.human_sequence,
        objects: found.desk.objects_to_mail(),
        is_held: found.desk.restricted_at.is_some(),
    }))
}

/// The name of the member who has the conversation, as the visitor reads it.
pub(super) async fn answerer_name(
    app: &App,
    scope: &ThreadScope,
) -> Result<Option<Personal<String>>, OpError> {
    let shard = app.shard(&scope.business)?;
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let Some(person) = found.and_then(|found| found.desk.person) else { return Ok(None) };
    Ok(names_find(app, &scope.business, [person]).await?.of(person))
}
