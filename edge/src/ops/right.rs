//! A visitor's rights, exercised by themselves: what a machine can do is done at once, what needs a person waits as a
//! request with a clock. Each leaves a row, so that both sides can show what was asked and what became of it.

use shared::id::{MessageId, RectificationId, RequestId};
use shared::limits::{CORRECTIONS, REQUEST_CHARACTERS, REQUESTS_OPEN};
use shared::privacy::Personal;
use shared::rules::message::message_text;
use shared::rules::request::request_due;
use shared::time::Millis;
use shared::wire::consent::{Choice, Purpose, RecordConsent, Way};
use shared::wire::message::Body;
use shared::wire::privacy::{
    MadeRequest, MakeRequest, ObjectionPurpose, ReceiptOpener, RequestKind, RequestState, RequestWay,
};
use shared::wire::problem::Kind;

use super::card::card_renew;
use super::consent::{consent_withdraw_note, consent_words};
use super::erasure::{Reason, Rooms, Subject, erasure_begin, rooms_leave};
use super::journal::{Act, journal_put};
use super::request::{authority_of, request_open, words_seal};
use super::sealed_message::{Said, message_key, said_open, said_reseal};
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::Statement;
use crate::rules::consent_text;
use crate::sealing::{Cell, Column, KeyOwner, SealFault, SealingKey};
use crate::store::held::SealedRectification;
use crate::store::request::{self, SealedRequest};
use crate::store::rights::{self, NewRectification};
use crate::store::scope::{ThreadScope, VisitorScope};
use crate::store::{card, consent, conversation};

/// A fresh request of the person in a conversation.
fn own_request(
    app: &App,
    scope: &ThreadScope,
    kind: RequestKind,
    now: Millis,
) -> Result<SealedRequest, OpError> {
    Ok(SealedRequest {
        id: RequestId::mint(now, app.rng.bytes()?),
        kind,
        way: RequestWay::Page,
        state: RequestState::Open,
        site: Some(scope.site),
        conversation: Some(scope.conversation),
        purpose: None,
        asked_at: now,
        due_at: request_due(now, false),
        extension: None,
        settled_at: None,
        refusal: None,
        erasure: None,
        words: None,
    })
}

/// Makes a request, and meets it where a machine can.
///
/// Fails with `NotFound` where the conversation is not there any more, `ValueRefused` where something is missing that the
/// kind needs, and `TooMany`.
pub async fn request_make(
    app: &App,
    rooms: &dyn Rooms,
    scope: &ThreadScope,
    make: &MakeRequest,
) -> Result<MadeRequest, OpError> {
    let now = app.clock.now();
    let mut new = own_request(app, scope, make.kind, now)?;
    new.purpose = make.purpose.filter(|_| make.kind == RequestKind::Objection);
    let mut receipt = None;
    match (make.kind, &make.words) {
        (RequestKind::Access | RequestKind::Portability, _) => {
            met(app, scope, &mut new, Vec::new(), now).await?;
        }
        (RequestKind::Rectification, Some(words)) => match make.message {
            Some(message) => {
                let statements = message_rectify(app, scope, message, words, now).await?;
                met(app, scope, &mut new, statements, now).await?;
                // It is corrected, also where this fails: then the next message makes the card.
                if let Err(fault) = card_renew(app, &scope.business, scope.conversation, now).await {
                    log::failed(app, "right", &fault);
                }
            }
            None => wait(app, scope, &mut new, words).await?, // keeps P6.7 | without: None => met(app, scope, &mut new, Vec::new(), now).await?,
        },
        (RequestKind::Rectification, None) => return Err(Kind::ValueRefused.into()),
        (RequestKind::Erasure | RequestKind::Child, _) => {
            // The request first: were the worker stopped in between, somebody sees that it was asked.
            insert(app, scope, &new, Vec::new()).await?;
            receipt = Some(erase(app, scope, &mut new, now).await?); // keeps P6.3 | without: let _ = erase;
            if let Some(erasure) = new.erasure {
                rooms_leave(app, rooms, &scope.business, erasure).await;
            }
        }
        (RequestKind::Restriction, _) => {
            restriction_note(app, scope, Some(now), now).await?;
            met(app, scope, &mut new, vec![rights::restrict(scope, now)], now).await?;
            // Whoever is in the room is sent out, and an answer that is being written stops.
            rooms.room_hold(scope.business, scope.conversation).await?;
        }
        (RequestKind::Objection, _) => {
            let purpose = make.purpose.ok_or(Kind::ValueRefused)?;
            // First the objection: what fails behind it is asked for again, and does no harm twice.
            object(app, scope, purpose, now).await?;
            met(app, scope, &mut new, Vec::new(), now).await?;
        }
    }
    let site = app.site(scope.site).await?;
    let mut request = request_open(app, &scope.business, new, &authority_of(&site.country), now).await?;
    if receipt.is_some() {
        request.words = None;
    }
    Ok(MadeRequest { request, receipt })
}

async fn insert(
    app: &App,
    scope: &ThreadScope,
    new: &SealedRequest,
    mut before: Vec<Statement>,
) -> Result<(), OpError> {
    let insert_at = before.len();
    before.push(request::request_insert(&scope.business, new, REQUESTS_OPEN));
    let batch = app.shard(&scope.business)?.batch(before).await?;
    batch.row::<serde_json::Value>(insert_at)?.ok_or(Kind::TooMany)?;
    Ok(())
}

/// Records a request that is met by `statements`, in one batch with them.
async fn met(
    app: &App,
    scope: &ThreadScope,
    new: &mut SealedRequest,
    statements: Vec<Statement>,
    now: Millis,
) -> Result<(), OpError> {
    new.state = RequestState::Met;
    new.settled_at = Some(now);
    insert(app, scope, new, statements).await
}

/// Records a request that waits for a person, with the words that it was made in.
async fn wait(
    app: &App,
    scope: &ThreadScope,
    new: &mut SealedRequest,
    words: &Personal<String>,
) -> Result<(), OpError> {
    let words = words_take(words)?;
    let (key, statements) = thread_key(app, scope).await?;
    new.words = Some(words_seal(app, &scope.business, &key, new, &words)?);
    insert(app, scope, new, statements).await
}

/// Takes the words of a request. Fails with `ValueRefused` where there are none, or too many.
pub(super) fn words_take(words: &Personal<String>) -> Result<Personal<String>, OpError> {
    let text = words.expose().trim();
    if text.is_empty() || text.chars().count() > REQUEST_CHARACTERS {
        return Err(Kind::ValueRefused.into());
    }
    Ok(Personal::new(text.to_owned()))
}

/// The key that seals what is written about a conversation now, with the statements that come first.
pub(super) async fn thread_key(
    app: &App,
    scope: &ThreadScope,
) -> Result<(SealingKey, Vec<Statement>), OpError> {
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    message_key(app, &found.ok_or(Kind::NotFound)?, site.limit(), app.clock.now()).await
}

/// Begins an erasure for a request that stands, and says so in it.
async fn erase(
    app: &App,
    scope: &ThreadScope,
    new: &mut SealedRequest,
    now: Millis,
) -> Result<ReceiptOpener, OpError> {
    let reason = if new.kind == RequestKind::Child { Reason::Child } else { Reason::Request }; // keeps P10 | without: let reason = Reason::Request;
    let subject = Subject::Conversation(scope.conversation);
    let begun = erasure_begin(app, &scope.business, subject, reason, now).await?;
    let shard = app.shard(&scope.business)?;
    new.erasure = Some(begun.id);
    if begun.condemned {
        shard.write(request::request_meet(&scope.business, new.id, Some(begun.id), now)).await?;
        (new.state, new.settled_at) = (RequestState::Met, Some(now));
    } else {
        // A legal claim keeps it, or a database or bucket failed: the request stays open until the erasure is begun, and
        // whoever asked reads why beside the receipt that they wait for.
        shard.write(request::request_waits(&scope.business, new.id, begun.id)).await?;
    }
    Ok(ReceiptOpener { erasure: begun.id, nonce: begun.nonce })
}

/// What an objection does at once, and what keeps to it later. Safe to repeat.
pub(super) async fn object(
    app: &App,
    scope: &ThreadScope,
    purpose: ObjectionPurpose,
    now: Millis,
) -> Result<(), OpError> {
    objection_note(app, scope, purpose, Some(now), now).await?;
    let mut statements = vec![rights::objection_insert(scope, purpose, now)];
    match purpose {
        // The address goes now instead of on its thirtieth day, and none is kept again.
        ObjectionPurpose::Address => statements.push(rights::address_forget(scope)), // keeps P6.6 | without: ObjectionPurpose::Address => {}
        ObjectionPurpose::Statistics => {
            let visitor = VisitorScope { business: scope.business, site: scope.site, visitor: scope.visitor };
            let found = conversation::conversation_find(
                app.shard(&scope.business)?,
                &scope.business,
                scope.conversation,
            );
            let locale = found.await?.ok_or(Kind::NotFound)?.locale;
            let text = consent_words(&app.site(scope.site).await?.settings, &locale);
            let words = consent_text::joined(&text.question, &text.detail);
            let record = RecordConsent {
                id: shared::id::ConsentId::mint(now, app.rng.bytes()?),
                purpose: Purpose::Statistics,
                choice: Choice::Declined,
                way: Way::Settings,
                version: text.version,
                hash: text.hash,
                locale: locale.clone(),
            };
            statements.push(consent::consent_insert(&visitor, &record, &locale, now));
            statements.push(consent::words_keep(&scope.business, &record.hash, &words, now));
            consent_withdraw_note(app, &visitor, &record, (&locale, &words), now).await?;
        }
        // A reply that waits for its mail waits no more; letters that stand in the outbox lapse when they are written.
        ObjectionPurpose::FollowUp => statements.push(rights::reply_mail_forget(scope)),
        // Nothing scores yet; whatever will must ask for objections first.
        ObjectionPurpose::Scoring => {}
    }
    app.shard(&scope.business)?.batch(statements).await?;
    Ok(())
}

/// Writes down that somebody objects to a purpose, or no more, where a restored database is reminded of it.
pub(super) async fn objection_note(
    app: &App,
    scope: &ThreadScope,
    purpose: ObjectionPurpose,
    at: Option<Millis>,
    now: Millis,
) -> Result<(), OpError> {
    let act = Act::Objected {
        site: scope.site,
        visitor: scope.visitor,
        conversation: scope.conversation,
        purpose,
        at,
    };
    // Each time is an act of its own: of what was taken back and said again the last word counts.
    let id = format!("{}-object_{}-{}", scope.conversation, purpose.as_str(), now.as_i64());
    journal_put(app, &scope.business, &id, &act, now).await // keeps B4 | without: { let _ = (id, act); Ok(()) }
}

/// Lets a conversation go on that was held still. Fails with `NotFound` where it was not.
pub async fn restriction_lift(app: &App, rooms: &dyn Rooms, scope: &ThreadScope) -> Result<(), OpError> {
    let (shard, now) = (app.shard(&scope.business)?, app.clock.now());
    // What was not restricted leaves nothing in the journal, which a restored database does again.
    if !rights::is_restricted(shard, scope).await? {
        return Err(Kind::NotFound.into());
    }
    restriction_note(app, scope, None, now).await?;
    let lifted: Option<serde_json::Value> = shard.row(rights::restriction_lift(scope)).await?;
    lifted.ok_or(Kind::NotFound)?;
    // Whoever is in the room comes in anew and hears that it goes on: the chat takes words again. It does, also where this
    // fails: then they hear it with their next connection.
    if let Err(fault) = rooms.room_hold(scope.business, scope.conversation).await {
        log::failed(app, "right", &fault);
    }
    Ok(())
}

/// Writes down that a conversation is held still, or no more, where a restored database is reminded of it.
pub(super) async fn restriction_note(
    app: &App,
    scope: &ThreadScope,
    at: Option<Millis>,
    now: Millis,
) -> Result<(), OpError> {
    let act = Act::Restricted { conversation: scope.conversation, at };
    // Each time is an act of its own: what was lifted may be restricted again.
    let id = format!("{}-{}", scope.conversation, now.as_i64());
    journal_put(app, &scope.business, &id, &act, now).await
}

/// Whether a conversation is held still at its visitor's request.
pub async fn restriction_holds(app: &App, scope: &ThreadScope) -> Result<bool, OpError> {
    Ok(rights::is_restricted(app.shard(&scope.business)?, scope).await?)
}

fn correction_cell<T>(
    scope: &ThreadScope,
    id: RectificationId,
    (message, at): (MessageId, Millis),
    use_cell: impl FnOnce(Cell<'_>) -> T,
) -> T {
    let (row, at) = (id.to_string(), at.as_i64().to_be_bytes());
    let (conversation, message) = (scope.conversation.to_bytes(), message.to_bytes());
    let bound: [&[u8]; 3] = [&conversation, &message, &at];
    use_cell(Cell {
        column: Column::RectificationBody,
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// The statements that put `words` in the place of what a message of the visitor's own says, and keep what stood there.
async fn message_rectify(
    app: &App,
    scope: &ThreadScope,
    message: MessageId,
    words: &Personal<String>,
    now: Millis,
) -> Result<Vec<Statement>, OpError> {
    let text = message_text(words.expose())?;
    let shard = app.shard(&scope.business)?;
    let limit = app.site(scope.site).await?.limit();
    let own =
        rights::own_message(shard, scope, message, limit.kept_from(now)).await?.ok_or(Kind::NotFound)?;
    if own.corrections >= CORRECTIONS {
        return Err(Kind::TooMany.into());
    }
    let owner = KeyOwner::Conversation(scope.conversation);
    let held = app.keyring.key_open(shard, &scope.business, own.key, &owner, &own.key_commit).await?;
    let place = (own.id, own.origin, own.created_at);
    let Said { body: before, attachments } = said_open(scope, &held, place, &own.body)?;
    let (key, mut statements) = thread_key(app, scope).await?;
    let body = Body::Text { text: Personal::new(text), sources: Vec::new() };
    // The words change, and nothing else: its files stay with the message.
    let after = Said { body, attachments };
    let after = said_reseal(app, scope, &key, place, &after)?;
    let id = RectificationId::mint(now, app.rng.bytes()?);
    let plain = serde_json::to_vec(&before).map(zeroize::Zeroizing::new);
    let plain = plain.map_err(|_| Fault::Platform("a body did not serialise".into()))?;
    let before = correction_cell(scope, id, (own.id, now), |cell| key.seal(cell, &plain, &app.rng))?;
    let new = NewRectification {
        id,
        message: own,
        before: (key.reference(), before),
        after: (key.reference(), after),
    };
    statements.extend(rights::message_correct(scope, new, now));
    // The wrong words stood on the card, too, where lists and searches read them.
    statements.push(card::card_drop(&scope.business, scope.conversation));
    Ok(statements)
}

/// Opens what a message said before it was corrected. `None` where its key was destroyed.
pub(super) async fn rectification_open(
    app: &App,
    scope: &ThreadScope,
    sealed: &SealedRectification,
) -> Result<Option<Body>, OpError> {
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    let key = app.keyring.key_open(shard, &scope.business, sealed.key, &owner, &sealed.key_commit).await;
    let key = match key {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let place = (sealed.message, sealed.corrected_at);
    let plain = correction_cell(scope, sealed.id, place, |cell| key.open(cell, &sealed.body))?;
    let body = serde_json::from_slice(&plain);
    Ok(Some(body.map_err(|_| Fault::Platform("a sealed body has an unknown shape".into()))?))
}
