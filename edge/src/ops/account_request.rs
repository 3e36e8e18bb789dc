//! Rights of people who sign in, for their own data (promises P6.1 to P6.8). What a machine can do is done at once; the rest
//! waits for whoever runs the deployment, who answers for accounts, under the clock of a visitor's request.
//!
//! Restriction: the account is kept and serves its owner, and nothing optional processes it. No use is counted, and no mail
//! sums up what waits. Signing in, alerts about security, letters that a law demands and what the person does go on.

use shared::id::{AccountId, MailId, RequestId};
use shared::limits::REQUESTS_OPEN;
use shared::privacy::Personal;
use shared::rules::request::{request_days_left, request_due, request_reminders};
use shared::time::Millis;
use shared::wire::admin::account_request::{
    MakeOwnRequest, OwnPurpose, OwnRequest, OwnRequestKind, OwnRequests,
};
use shared::wire::privacy::{ExtensionReason, RefusalReason, RequestState};
use shared::wire::problem::Kind;

use super::account::account_key;
use super::journal::{Act, journal_put};
use super::mail::{MailKind, NewMail, Recipient, batch_commit_once, mail_insert};
use super::request::authority_of;
use super::right::words_take;
use super::session::account_line;
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::Statement;
use crate::sealing::{Cell, Column, KeyOwner, KeyScope, SealFault};
use crate::store::account;
use crate::store::account_request::{self, OwnRequestClock, SealedOwnRequest};
use crate::store::audit::{Action, Subject};
use crate::store::request::SealedWords;
use crate::store::scope::{AccountScope, OperatorScope};

fn words_cell<T>(request: &SealedOwnRequest, use_cell: impl FnOnce(Cell<'_>) -> T) -> T {
    let (row, asked_at) = (request.id.to_string(), request.asked_at.as_i64().to_be_bytes());
    let bound: [&[u8]; 2] = [request.kind.as_str().as_bytes(), &asked_at];
    use_cell(Cell {
        column: Column::AccountRequestWords,
        scope: KeyScope::Accounts,
        row: row.as_bytes(),
        bound: &bound,
    })
}

async fn words_open(app: &App, request: &SealedOwnRequest) -> Result<Option<Personal<String>>, OpError> {
    let Some(words) = &request.words else { return Ok(None) };
    let owner = KeyOwner::Account(request.account);
    let key = app.keyring.key_open(&app.directory, KeyScope::Accounts, words.key, &owner, &words.key_commit);
    let key = match key.await {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let plain = words_cell(request, |cell| key.open(cell, &words.bytes))?;
    let text = String::from_utf8(plain.to_vec());
    Ok(Some(Personal::new(text.map_err(|_| Fault::Platform("a sealed text is no text".into()))?)))
}

/// A request as it is shown.
async fn shown(
    app: &App,
    request: &SealedOwnRequest,
    words: Option<Personal<String>>,
    now: Millis,
) -> Result<OwnRequest, OpError> {
    let authority = match request.refusal {
        // Who is refused is told where to complain (GDPR Art. 12(4)).
        Some(_) => {
            let scope = AccountScope::new(request.account);
            Some(authority_of(&account_request::account_country(&app.directory, &scope).await?))
        }
        None => None,
    };
    Ok(OwnRequest {
        id: request.id,
        account: request.account,
        kind: request.kind,
        state: request.state,
        purpose: request.purpose,
        asked_at: request.asked_at,
        due_at: request.due_at,
        days_left: request_days_left(request.due_at, now),
        extension: request.extension,
        settled_at: request.settled_at,
        refusal: request.refusal,
        authority,
        words,
    })
}

async fn opened(app: &App, sealed: Vec<SealedOwnRequest>) -> Result<Vec<OwnRequest>, OpError> {
    let now = app.clock.now();
    let mut requests = Vec::with_capacity(sealed.len());
    for request in sealed {
        let words = words_open(app, &request).await?;
        requests.push(shown(app, &request, words, now).await?);
    }
    Ok(requests)
}

/// What somebody asked for about their own data, and whether they are restricted.
pub async fn own_requests_list(app: &App, scope: &AccountScope) -> Result<OwnRequests, OpError> {
    let sealed = account_request::own_requests(&app.directory, scope).await?;
    Ok(OwnRequests {
        restricted_at: account_request::account_restricted(&app.directory, scope).await?,
        requests: opened(app, sealed).await?,
    })
}

/// What a machine does about a request at once. `None` where somebody must look at it.
fn meeting(scope: &AccountScope, make: &MakeOwnRequest, now: Millis) -> Option<Statement> {
    match (make.kind, make.purpose) {
        (OwnRequestKind::Restriction, _) => Some(account_request::account_restriction_put(scope, Some(now))), // keeps P6.4 | without: (OwnRequestKind::Restriction, _) => None,
        (OwnRequestKind::Objection, Some(OwnPurpose::Statistics)) => {
            Some(account::analytics_change(scope, false, now))
        }
        (OwnRequestKind::Objection, Some(OwnPurpose::Digests)) => Some(account_request::digests_end(scope)),
        (OwnRequestKind::Objection, None) | (OwnRequestKind::Rectification | OwnRequestKind::Other, _) => {
            None
        }
    }
}

/// Makes a request, and meets it where a machine can. Fails with `ValueRefused` where it needs words and has none, and
/// with `TooMany`: then nothing was done.
pub async fn own_request_make(
    app: &App,
    scope: &AccountScope,
    make: &MakeOwnRequest,
) -> Result<OwnRequest, OpError> {
    let now = app.clock.now();
    let met = meeting(scope, make, now);
    let mut new = SealedOwnRequest {
        id: RequestId::mint(now, app.rng.bytes()?),
        account: scope.account(),
        kind: make.kind,
        state: RequestState::Open,
        purpose: make.purpose.filter(|_| make.kind == OwnRequestKind::Objection),
        asked_at: now,
        due_at: request_due(now, false),
        extension: None,
        settled_at: None,
        refusal: None,
        words: None,
    };
    let mut words = None;
    if met.is_none() {
        let said = words_take(make.words.as_ref().ok_or(Kind::ValueRefused)?)?;
        let sealed = account::account_find(&app.directory, scope).await?.ok_or(Kind::SessionMissing)?;
        let key = account_key(app, sealed.id, sealed.key, &sealed.key_commit).await?;
        let bytes = words_cell(&new, |cell| key.seal(cell, said.expose().as_bytes(), &app.rng))?;
        new.words = Some(SealedWords { key: key.reference(), key_commit: Vec::new(), bytes });
        words = Some(said);
    }
    // The request first: were the worker stopped in between, whoever runs the deployment sees that it was asked.
    let subject = Subject::new("request", new.id);
    let noted = account_line(app, scope, None, Action::RequestEnter, subject)?;
    let insert = account_request::own_request_insert(scope, &new, REQUESTS_OPEN);
    app.directory.row::<serde_json::Value>(insert).await?.ok_or(Kind::TooMany)?;
    let mut batch = vec![noted];
    if let Some(met) = met {
        if make.kind == OwnRequestKind::Restriction {
            restriction_note(app, scope, Some(now), now).await?;
        } else if let Some(purpose) = new.purpose {
            objection_note(app, scope, purpose, now).await?;
        }
        (new.state, new.settled_at) = (RequestState::Met, Some(now));
        batch.extend([met, account_request::own_request_meet(&OperatorScope::of_deployment(), new.id, now)]);
    }
    app.directory.batch(batch).await?;
    shown(app, &new, words, now).await
}

/// Writes down that an account is restricted, or no more, where a restored database is reminded of it.
async fn restriction_note(
    app: &App,
    scope: &AccountScope,
    at: Option<Millis>,
    now: Millis,
) -> Result<(), OpError> {
    let act = Act::AccountRestricted { account: scope.account(), at };
    // Each time is an act of its own: what was lifted may be restricted again.
    let id = format!("{}-{}", scope.account(), now.as_i64());
    journal_put(app, KeyScope::Accounts, &id, &act, now).await
}

/// Writes down that somebody objects to a purpose, or took their consent to it back, where a restored directory is reminded
/// of it.
pub(super) async fn objection_note(
    app: &App,
    scope: &AccountScope,
    purpose: OwnPurpose,
    now: Millis,
) -> Result<(), OpError> {
    let act = Act::AccountObjected { account: scope.account(), purpose, at: now };
    let id = format!("{}-object_{}-{}", scope.account(), purpose.as_str(), now.as_i64());
    journal_put(app, KeyScope::Accounts, &id, &act, now).await
}

/// Lifts the restriction of one's own account. Fails with `NotFound` where there is none.
pub async fn own_restriction_lift(app: &App, scope: &AccountScope) -> Result<(), OpError> {
    let now = app.clock.now();
    // What was not restricted leaves nothing in the journal, which a restored database does again.
    account_request::account_restricted(&app.directory, scope).await?.ok_or(Kind::NotFound)?;
    restriction_note(app, scope, None, now).await?;
    let subject = Subject::new("account", scope.account());
    let noted = account_line(app, scope, None, Action::PreferenceChange, subject)?;
    app.directory.batch(vec![account_request::account_restriction_put(scope, None), noted]).await?;
    Ok(())
}

/// Requests that wait for whoever runs the deployment: their own words, and of the account no more than its id.
pub async fn operated_requests_list(app: &App, scope: &OperatorScope) -> Result<OwnRequests, OpError> {
    let sealed = account_request::own_requests_open(&app.directory, scope).await?;
    Ok(OwnRequests { restricted_at: None, requests: opened(app, sealed).await? })
}

/// Whoever runs the deployment, as themselves.
pub struct Operator {
    /// What they may do.
    pub scope: OperatorScope,
    /// Who they are, for the log.
    pub account: AccountScope,
}

/// The open request that somebody works on. Fails with `NotFound` and `RequestSettled`.
async fn open_one(app: &App, operator: &Operator, id: RequestId) -> Result<OwnRequestClock, OpError> {
    let found = account_request::own_request_clock(&app.directory, &operator.scope, id).await?;
    let found = found.ok_or(Kind::NotFound)?;
    if found.state == RequestState::Open { Ok(found) } else { Err(Kind::RequestSettled.into()) }
}

/// Makes a change of a request, notes it, and writes to whoever asked (GDPR Art. 12(3) and (4)), all or nothing.
async fn changed(
    app: &App,
    operator: &Operator,
    found: &OwnRequestClock,
    (statement, refusal, action): (Statement, Kind, Action),
) -> Result<(), OpError> {
    let noted = account_line(app, &operator.account, None, action, Subject::new("request", found.id))?;
    // A request is extended once and settled once: of two who press at the same time, the second's letter exists already.
    let which: &[u8] = if action == Action::RequestExtend { b"extended" } else { b"settled" };
    let mail = mail_insert(&NewMail {
        id: MailId::from_bytes(
            app.token_key()?.derive("own request answered", &[&found.id.to_bytes(), which]),
        ),
        kind: MailKind::OwnRequestAnswered,
        recipient: Recipient::Account(found.account),
        business: None,
        about: Some(found.id.to_string()),
        now: app.clock.now(),
    });
    match batch_commit_once(app, vec![statement, mail, noted]).await? {
        true => Ok(()),
        false => Err(refusal.into()),
    }
}

/// Extends a request, once, with the reason. Fails with `NotFound`, `RequestSettled` and `RequestExtended`.
pub async fn operated_request_extend(
    app: &App,
    operator: &Operator,
    id: RequestId,
    reason: ExtensionReason,
) -> Result<(), OpError> {
    let found = open_one(app, operator, id).await?;
    let due_at = request_due(found.asked_at, true);
    let extend = account_request::own_request_extend(&operator.scope, id, reason, due_at);
    changed(app, operator, &found, (extend, Kind::RequestExtended, Action::RequestExtend)).await
}

/// Refuses a request, with the reason. Fails with `NotFound` and `RequestSettled`.
pub async fn operated_request_refuse(
    app: &App,
    operator: &Operator,
    id: RequestId,
    reason: RefusalReason,
) -> Result<(), OpError> {
    let found = open_one(app, operator, id).await?;
    let refuse = account_request::own_request_refuse(&operator.scope, id, reason, app.clock.now());
    changed(app, operator, &found, (refuse, Kind::RequestSettled, Action::RequestRefuse)).await
}

/// Says that a request is met. Fails with `NotFound` and `RequestSettled`.
pub async fn operated_request_meet(app: &App, operator: &Operator, id: RequestId) -> Result<(), OpError> {
    let found = open_one(app, operator, id).await?;
    let meet = account_request::own_request_meet(&operator.scope, id, app.clock.now());
    changed(app, operator, &found, (meet, Kind::RequestSettled, Action::RequestMeet)).await
}

/// Reminds whoever runs the deployment of a request that is due soon. Told again, it reminds nobody twice.
pub async fn operated_request_remind(
    app: &App,
    scope: &OperatorScope,
    due: &OwnRequestClock,
    now: Millis,
) -> Result<(), OpError> {
    let reminders = request_reminders(due.due_at, now);
    let parts: [&[u8]; 2] = [&due.id.to_bytes(), &reminders.to_be_bytes()];
    let mail = mail_insert(&NewMail {
        // The same reminder is the same mail, however often it is written.
        id: MailId::from_bytes(app.token_key()?.derive("own request reminder", &parts)),
        kind: MailKind::OwnRequestDue,
        recipient: Recipient::Operator,
        business: None,
        about: Some(due.id.to_string()),
        now,
    });
    // A run that was cut off after this batch wrote this very mail.
    batch_commit_once(app, vec![mail]).await?;
    Ok(app.directory.write(account_request::own_request_reminded(scope, due.id, reminders)).await?)
}

/// Whether nothing optional may process an account.
pub(super) async fn is_restricted(app: &App, account: AccountId) -> Result<bool, OpError> {
    let scope = AccountScope::new(account);
    Ok(account_request::account_restricted(&app.directory, &scope).await?.is_some())
}
