//! Requests as the business works on them: seen with what is left of their time, entered where they came by mail or
//! phone, extended, met and refused with a reason; and the reminders that keep them from being forgotten.

use shared::id::{AccountId, ConversationId, ErasureId, MailId, RequestId};
use shared::limits::{REPORTS_WAIT_S, REQUEST_REMINDERS_DAYS, REQUESTS_OPEN};
use shared::privacy::Personal;
use shared::rules::request::{request_days_left, request_due, request_reminders};
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::request::{EnterRequest, Requests};
use shared::wire::privacy::{
    Authority, ExtensionReason, RefusalReason, ReportChild, Request, RequestKind, RequestState, RequestWay,
};
use shared::wire::problem::Kind;

use super::erasure::{self, Reason, Rooms, erasure_press, rooms_leave};
use super::mail::{MailKind, NewMail, Recipient, mail_insert};
use super::right::{object, words_take};
use super::{Fault, OpError, team};
use crate::app::App;
use crate::platform::{Db, DbFault};
use crate::rules::authority::authority;
use crate::sealing::{Cell, Column, KeyOwner, SealFault, SealingKey};
use crate::store::audit::{Action, Detail, Subject};
use crate::store::request::{self, RequestToRemind, SealedRequest, SealedWords};
use crate::store::scope::{BusinessScope, MemberScope, OperatorScope, ThreadScope};
use crate::store::site::Site;
use crate::store::{business, key, member, rights};

/// The authority of a country, for answers.
pub(super) fn authority_of(country: &str) -> Authority {
    let (name, url) = authority(country);
    Authority { name: name.to_owned(), url: url.to_owned() }
}

fn words_cell<T>(
    scope: &BusinessScope,
    id: RequestId,
    (kind, asked_at): (RequestKind, Millis),
    use_cell: impl FnOnce(Cell<'_>) -> T,
) -> T {
    let (row, asked_at) = (id.to_string(), asked_at.as_i64().to_be_bytes());
    let bound: [&[u8]; 2] = [kind.as_str().as_bytes(), &asked_at];
    use_cell(Cell {
        column: Column::PrivacyRequestWords,
        scope: scope.into(),
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Seals the words of a request.
pub(super) fn words_seal(
    app: &App,
    scope: &BusinessScope,
    key: &SealingKey,
    request: &SealedRequest,
    words: &Personal<String>,
) -> Result<SealedWords, OpError> {
    let (place, plain) = ((request.kind, request.asked_at), words.expose().as_bytes());
    let bytes = words_cell(scope, request.id, place, |cell| key.seal(cell, plain, &app.rng))?;
    Ok(SealedWords { key: key.reference(), key_commit: Vec::new(), bytes })
}

async fn words_open(
    app: &App,
    scope: &BusinessScope,
    request: &SealedRequest,
) -> Result<Option<Personal<String>>, OpError> {
    // Words that were sealed a moment ago carry no commitment: whoever made them knows them.
    let Some(words) = request.words.as_ref().filter(|words| !words.key_commit.is_empty()) else {
        return Ok(None);
    };
    let owner =
        request.conversation.map_or_else(|| KeyOwner::Business(scope.business()), KeyOwner::Conversation);
    let shard = app.shard(scope)?;
    let key = match app.keyring.key_open(shard, scope, words.key, &owner, &words.key_commit).await {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let place = (request.kind, request.asked_at);
    let plain = words_cell(scope, request.id, place, |cell| key.open(cell, &words.bytes))?;
    let text = String::from_utf8(plain.to_vec());
    Ok(Some(Personal::new(text.map_err(|_| Fault::Platform("a sealed text is no text".into()))?)))
}

/// A request as it is shown.
pub(super) async fn request_open(
    app: &App,
    scope: &BusinessScope,
    sealed: SealedRequest,
    authority: &Authority,
    now: Millis,
) -> Result<Request, OpError> {
    let words = words_open(app, scope, &sealed).await?;
    Ok(Request {
        id: sealed.id,
        kind: sealed.kind,
        way: sealed.way,
        state: sealed.state,
        purpose: sealed.purpose,
        conversation: sealed.conversation,
        asked_at: sealed.asked_at,
        due_at: sealed.due_at,
        days_left: request_days_left(sealed.due_at, now),
        extension: sealed.extension,
        settled_at: sealed.settled_at,
        refusal: sealed.refusal,
        // Who is refused is told where to complain (GDPR Art. 12(4)).
        authority: sealed.refusal.map(|_| authority.clone()), // keeps P6.8 | without: authority: None,
        erasure: sealed.erasure,
        words,
    })
}

/// Requests as they are shown, in their order.
pub(super) async fn requests_open(
    app: &App,
    scope: &BusinessScope,
    sealed: Vec<SealedRequest>,
    authority: &Authority,
    now: Millis,
) -> Result<Vec<Request>, OpError> {
    let mut requests = Vec::with_capacity(sealed.len());
    for request in sealed {
        requests.push(request_open(app, scope, request, authority, now).await?);
    }
    Ok(requests)
}

async fn member_authority(app: &App, scope: &MemberScope) -> Result<Authority, OpError> {
    let found = business::profile_read(&app.directory, scope).await?;
    let (profile, _, _) = found.ok_or(Kind::NotFound)?;
    Ok(authority_of(&profile.country))
}

/// The requests of a business; or those about one of its conversations, newest first. Fails with `NotFound` where it has no such
/// conversation.
pub async fn requests_list(
    app: &App,
    scope: &MemberScope,
    about: Option<ConversationId>,
) -> Result<Requests, OpError> {
    let (shard, business) = (app.shard(&scope.business)?, &scope.business);
    let sealed = match about {
        Some(about) => {
            let thread = rights::thread_of(shard, business, about).await?.ok_or(Kind::NotFound)?;
            request::requests_of_conversation(shard, &thread).await?
        }
        None => request::requests_of_business(shard, business).await?,
    };
    let authority = member_authority(app, scope).await?;
    let requests = requests_open(app, &scope.business, sealed, &authority, app.clock.now()).await?;
    Ok(Requests { requests })
}

/// The key of a business in its shard: for words that belong to no conversation.
async fn business_key(
    app: &App,
    scope: &BusinessScope,
) -> Result<(SealingKey, Option<crate::platform::Statement>), OpError> {
    let (shard, owner) = (app.shard(scope)?, KeyOwner::Business(scope.business()));
    if let Some(live) = key::key_live(shard, scope, &owner).await? {
        let opened = app.keyring.key_open(shard, scope, live.reference, &owner, &live.commit16).await?;
        return Ok((opened, None));
    }
    let (leased, insert) = app.keyring.key_lease(shard, scope, &owner).await?;
    Ok((leased, Some(key::key_insert_in_shard(insert))))
}

/// Enters a request that came by mail, phone, letter or in person. Its clock begins when the person asked.
///
/// Fails with `NotFound` where the conversation is not the business's, and with `ValueRefused`.
pub async fn request_enter(app: &App, scope: &MemberScope, enter: &EnterRequest) -> Result<Request, OpError> {
    let now = app.clock.now();
    if enter.way == RequestWay::Page || enter.asked_at > now {
        return Err(Kind::ValueRefused.into());
    }
    let words = enter.words.as_ref().map(words_take).transpose()?;
    let shard = app.shard(&scope.business)?;
    let thread = match enter.conversation {
        Some(id) => Some(rights::thread_of(shard, &scope.business, id).await?.ok_or(Kind::NotFound)?),
        None => None,
    };
    let mut new = SealedRequest {
        id: RequestId::mint(now, app.rng.bytes()?),
        kind: enter.kind,
        way: enter.way,
        state: RequestState::Open,
        site: thread.map(|thread| thread.site),
        conversation: enter.conversation,
        purpose: enter.purpose.filter(|_| enter.kind == RequestKind::Objection),
        asked_at: enter.asked_at,
        due_at: request_due(enter.asked_at, false),
        extension: None,
        settled_at: None,
        refusal: None,
        erasure: None,
        words: None,
    };
    let mut statements = Vec::new();
    if let Some(words) = &words {
        let key = match &thread {
            Some(thread) => {
                let (key, first) = super::right::thread_key(app, thread).await?;
                statements.extend(first);
                key
            }
            None => {
                let (key, first) = business_key(app, &scope.business).await?;
                statements.extend(first);
                key
            }
        };
        new.words = Some(words_seal(app, &scope.business, &key, &new, words)?);
    }
    let insert_at = statements.len();
    statements.push(request::request_insert(&scope.business, &new, REQUESTS_OPEN));
    let batch = shard.batch(statements).await?;
    batch.row::<serde_json::Value>(insert_at)?.ok_or(Kind::TooMany)?;
    let noted = team::line(app, scope, Action::RequestEnter, Subject::new("request", new.id))?;
    app.directory.write(noted).await?;
    let authority = member_authority(app, scope).await?;
    let request = request_open(app, &scope.business, new, &authority, now).await?;
    Ok(Request { words, ..request })
}

/// Reports a child's data: an open request of the business, whoever reports it. Fails with `ValueRefused`, and with
/// `RateLimited` where a site had too many within a day: nobody can bury what others ask of a business.
pub async fn child_report(app: &App, site: &Site, report: &ReportChild) -> Result<(), OpError> {
    let now = app.clock.now();
    let words = words_take(&report.words)?;
    let shard = app.shard(&site.business)?;
    let (key, first) = business_key(app, &site.business).await?;
    let mut new = SealedRequest {
        id: RequestId::mint(now, app.rng.bytes()?),
        kind: RequestKind::Child,
        way: RequestWay::Page,
        state: RequestState::Open,
        site: Some(site.id),
        conversation: None,
        purpose: None,
        asked_at: now,
        due_at: request_due(now, false),
        extension: None,
        settled_at: None,
        refusal: None,
        erasure: None,
        words: None,
    };
    new.words = Some(words_seal(app, &site.business, &key, &new, &words)?);
    let mut statements: Vec<_> = first.into_iter().collect();
    let insert_at = statements.len();
    statements.push(request::request_insert(&site.business, &new, REQUESTS_OPEN));
    let batch = shard.batch(statements).await?;
    let kept: Option<serde_json::Value> = batch.row(insert_at)?;
    kept.ok_or_else(|| OpError::rate_limited(REPORTS_WAIT_S))?;
    Ok(())
}

/// The open request that somebody works on. Fails with `NotFound` and `RequestSettled`.
async fn open_one(shard: &Db, scope: &MemberScope, id: RequestId) -> Result<SealedRequest, OpError> {
    let found = request::request_find(shard, &scope.business, id).await?.ok_or(Kind::NotFound)?;
    if found.state == RequestState::Open { Ok(found) } else { Err(Kind::RequestSettled.into()) }
}

async fn changed(
    app: &App,
    scope: &MemberScope,
    id: RequestId,
    (statement, refusal, action): (crate::platform::Statement, Kind, Action),
    why: Detail,
) -> Result<(), OpError> {
    let done: Option<serde_json::Value> = app.shard(&scope.business)?.row(statement).await?;
    done.ok_or(refusal)?;
    noted(app, scope, id, action, why).await
}

async fn noted(
    app: &App,
    scope: &MemberScope,
    id: RequestId,
    action: Action,
    why: Detail,
) -> Result<(), OpError> {
    let noted = team::line_about(app, scope, action, Subject::new("request", id), why)?;
    Ok(app.directory.write(noted).await?)
}

/// Extends a request, once, with the reason. Fails with `NotFound`, `RequestSettled` and `RequestExtended`.
pub async fn request_extend(
    app: &App,
    scope: &MemberScope,
    id: RequestId,
    reason: ExtensionReason,
) -> Result<(), OpError> {
    let found = open_one(app.shard(&scope.business)?, scope, id).await?;
    let due_at = request_due(found.asked_at, true);
    let extend = request::request_extend(&scope.business, id, reason, due_at);
    changed(
        app,
        scope,
        id,
        (extend, Kind::RequestExtended, Action::RequestExtend),
        Detail::why(reason.as_str()),
    )
    .await
}

/// Refuses a request, with the reason. Fails with `NotFound` and `RequestSettled`.
pub async fn request_refuse(
    app: &App,
    scope: &MemberScope,
    id: RequestId,
    reason: RefusalReason,
) -> Result<(), OpError> {
    open_one(app.shard(&scope.business)?, scope, id).await?;
    let refuse = request::request_refuse(&scope.business, id, reason, app.clock.now());
    changed(
        app,
        scope,
        id,
        (refuse, Kind::RequestSettled, Action::RequestRefuse),
        Detail::why(reason.as_str()),
    )
    .await
}

/// Meets a request: one for erasure that names a conversation erases it now, one for restriction holds it still, an objection
/// that says to what is kept to from now on; for all others the business says that it has done what was asked. Fails with `NotFound` and `RequestSettled`, and where the erasure
/// can't begin, with `ErasureWaits`: then it stays asked for, and the request open until it is begun.
pub async fn request_meet(
    app: &App,
    rooms: &dyn Rooms,
    scope: &MemberScope,
    id: RequestId,
) -> Result<(), OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let found = open_one(shard, scope, id).await?;
    let mut erasure = None;
    if let Some(conversation) = found.conversation {
        let thread = rights::thread_of(shard, &scope.business, conversation).await?;
        match (found.kind, thread) {
            (RequestKind::Erasure | RequestKind::Child, Some(thread)) => {
                let is_child = found.kind == RequestKind::Child;
                let reason = if is_child { Reason::Child } else { Reason::Request };
                let begun = begun(app, &found, &thread, reason, now).await?; // keeps K6 | without: let begun = { let _ = (&thread, reason, begun); (shared::id::ErasureId::mint(now, [0; 10]), true) };
                if !begun.1 {
                    shard.write(request::request_waits(&scope.business, id, begun.0)).await?;
                    return Err(Kind::ErasureWaits.into());
                }
                erasure = Some(begun.0);
                rooms_leave(app, rooms, &scope.business, begun.0).await;
                if found.erasure.is_some() {
                    // It was met when the erasure that it waited for began.
                    return noted(app, scope, id, Action::RequestMeet, Detail::why(found.kind.as_str()))
                        .await;
                }
            }
            (RequestKind::Restriction, Some(thread)) => {
                super::right::restriction_note(app, &thread, Some(now), now).await?;
                shard.write(rights::restrict(&thread, now)).await?;
                // As where the person does it: whoever is in the room is sent out, and an answer in the making stops.
                rooms.room_hold(scope.business, conversation).await?;
            }
            (RequestKind::Objection, Some(thread)) => {
                if let Some(purpose) = found.purpose {
                    object(app, &thread, purpose, now).await?; // keeps P6.6 | without: let _ = (&thread, purpose, object);
                }
            }
            _ => {}
        }
    }
    let meet = request::request_meet(&scope.business, id, erasure, now);
    changed(
        app,
        scope,
        id,
        (meet, Kind::RequestSettled, Action::RequestMeet),
        Detail::why(found.kind.as_str()),
    )
    .await
}

/// The erasure that meets a request, and whether it is past its commit point: the one that the request waits for already, or
/// a new one.
async fn begun(
    app: &App,
    found: &SealedRequest,
    thread: &ThreadScope,
    reason: Reason,
    now: Millis,
) -> Result<(ErasureId, bool), OpError> {
    if let Some(waiting) = found.erasure {
        return Ok((waiting, erasure_press(app, &thread.business, waiting, now).await?));
    }
    let subject = erasure::Subject::Conversation(thread.conversation);
    let begun = erasure::erasure_begin(app, &thread.business, subject, reason, now).await?;
    Ok((begun.id, begun.condemned))
}

/// Reminds those who lead a business of a request that is due soon. Told again, it reminds nobody twice.
pub async fn request_remind(
    app: &App,
    _operator: &OperatorScope,
    scope: &BusinessScope,
    due: &RequestToRemind,
    now: Millis,
) -> Result<(), OpError> {
    let reminders = request_reminders(due.due_at, now);
    let mails = leaders_mail(app, scope, due, reminders, now).await?;
    match super::mail::batch_commit(app, mails).await {
        // A run that was cut off after this batch wrote these very mails.
        Ok(_) | Err(DbFault::Duplicate) => {}
        Err(fault) => return Err(fault.into()),
    }
    let shard = app.shard(scope)?;
    Ok(shard.write(request::request_reminded(scope, due.id, reminders)).await?)
}

async fn leaders_mail(
    app: &App,
    scope: &BusinessScope,
    due: &RequestToRemind,
    reminders: u32,
    now: Millis,
) -> Result<Vec<crate::platform::Statement>, OpError> {
    let leaders: Vec<AccountId> = member::leaders_list(&app.directory, scope).await?;
    let mut mails = Vec::with_capacity(leaders.len());
    for account in leaders {
        let parts: [&[u8]; 3] = [&due.id.to_bytes(), &account.to_bytes(), &reminders.to_be_bytes()];
        mails.push(mail_insert(&NewMail {
            // The same reminder is the same mail, however often it is written.
            id: MailId::from_bytes(app.token_key()?.derive("request reminder", &parts)),
            kind: MailKind::RequestDue,
            recipient: Recipient::Account(account),
            business: Some(scope.business()),
            about: Some(due.id.to_string()),
            now,
        }));
    }
    Ok(mails)
}

/// Until when a request is due soon enough for its first and its second reminder.
pub fn reminders_due(now: Millis) -> (Millis, Millis) {
    let [first, second] = REQUEST_REMINDERS_DAYS.map(|days| now.plus_ms(days.saturating_mul(DAY_MS)));
    (first, second)
}
