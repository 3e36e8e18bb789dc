//! Requests of people who sign in about their own data. Their words leave here as they stand: sealed. The clock, the states
//! and their words are those of a visitor's request; the rows stand in the directory, as everything of an account does.

use serde::Deserialize;
use shared::id::{AccountId, RequestId, SlabId};
use shared::limits::REQUESTS_PAGE;
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::account_request::{OwnPurpose, OwnRequestKind};
use shared::wire::privacy::{ExtensionReason, RefusalReason, RequestState};

use super::request::SealedWords;
use super::scope::{AccountScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// A request, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedOwnRequest {
    /// Which.
    pub id: RequestId,
    /// Whose.
    pub account: AccountId,
    /// What is asked for.
    pub kind: OwnRequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// What is objected to.
    pub purpose: Option<OwnPurpose>,
    /// When it was asked.
    pub asked_at: Millis,
    /// When it must be answered.
    pub due_at: Millis,
    /// Why it takes longer.
    pub extension: Option<ExtensionReason>,
    /// When it was settled.
    pub settled_at: Option<Millis>,
    /// Why it was refused.
    pub refusal: Option<RefusalReason>,
    /// What was said about it.
    pub words: Option<SealedWords>,
}

#[derive(Deserialize)]
struct Row {
    id: RequestId,
    account: AccountId,
    kind: OwnRequestKind,
    state: RequestState,
    purpose: Option<OwnPurpose>,
    asked_at: Millis,
    due_at: Millis,
    extension: Option<ExtensionReason>,
    settled_at: Option<Millis>,
    refusal: Option<RefusalReason>,
    slab: Option<SlabId>,
    slot: Option<u16>,
    commit16: Option<Vec<u8>>,
    words: Option<Vec<u8>>,
}

impl From<Row> for SealedOwnRequest {
    fn from(row: Row) -> Self {
        let key = row.slab.zip(row.slot).map(|(slab, slot)| KeyRef { slab, slot });
        // Without a living key there are no words any more.
        let words = key.zip(row.commit16).zip(row.words);
        Self {
            id: row.id,
            account: row.account,
            kind: row.kind,
            state: row.state,
            purpose: row.purpose,
            asked_at: row.asked_at,
            due_at: row.due_at,
            extension: row.extension,
            settled_at: row.settled_at,
            refusal: row.refusal,
            words: words.map(|((key, key_commit), bytes)| SealedWords { key, key_commit, bytes }),
        }
    }
}

/// Adds a request, unless as many are open, or were made within a day, as somebody may have. Those with words, which wait
/// for a person, and those that a machine meets are counted apart: neither keeps the other from being asked.
pub const OWN_REQUEST_INSERT: &str = "
INSERT INTO account_request (id, account, kind, state, purpose, asked_at, due_at, settled_at, slab, slot, words)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
WHERE (
    SELECT count(*)
    FROM account_request
    WHERE account = ?2
      AND asked_at >= 0
      AND (slab IS NULL) = (?9 IS NULL)
      AND (state = 'open' OR asked_at > ?12)
) < ?13
RETURNING id
";

/// The statement that adds a request; it returns a row where it did.
pub fn own_request_insert(_scope: &AccountScope, new: &SealedOwnRequest, most: u32) -> Statement {
    let words = new.words.as_ref();
    Statement::new(
        OWN_REQUEST_INSERT,
        [
            new.id.into(),
            new.account.into(),
            new.kind.as_str().into(),
            new.state.as_str().into(),
            new.purpose.map(OwnPurpose::as_str).into(),
            new.asked_at.into(),
            new.due_at.into(),
            new.settled_at.into(),
            words.map(|words| words.key.slab).into(),
            words.map(|words| words.key.slot).into(),
            words.map(|words| words.bytes.clone()).into(),
            new.asked_at.minus_ms(DAY_MS).into(),
            most.into(),
        ],
    )
}

/// Lists somebody's own requests.
pub const OWN_REQUESTS: &str = "
SELECT account_request.id
     , account_request.account
     , account_request.kind
     , account_request.state
     , account_request.purpose
     , account_request.asked_at
     , account_request.due_at
     , account_request.extension
     , account_request.settled_at
     , account_request.refusal
     , account_request.slab
     , account_request.slot
     , seal_key.commit16
     , account_request.words
FROM account_request
LEFT JOIN seal_key ON seal_key.slab = account_request.slab AND seal_key.slot = account_request.slot
                  AND seal_key.state = 0
WHERE account_request.account = ?1
ORDER BY account_request.asked_at DESC
LIMIT ?2
";

/// Somebody's own requests, newest first.
pub async fn own_requests(directory: &Db, scope: &AccountScope) -> Result<Vec<SealedOwnRequest>, DbFault> {
    let statement = Statement::new(OWN_REQUESTS, [scope.account().into(), REQUESTS_PAGE.into()]);
    let rows: Vec<Row> = directory.rows(statement).await?;
    Ok(rows.into_iter().map(SealedOwnRequest::from).collect())
}

/// Lists requests that wait for an answer.
pub const OWN_REQUESTS_OPEN: &str = "
SELECT account_request.id
     , account_request.account
     , account_request.kind
     , account_request.state
     , account_request.purpose
     , account_request.asked_at
     , account_request.due_at
     , account_request.extension
     , account_request.settled_at
     , account_request.refusal
     , account_request.slab
     , account_request.slot
     , seal_key.commit16
     , account_request.words
FROM account_request
LEFT JOIN seal_key ON seal_key.slab = account_request.slab AND seal_key.slot = account_request.slot
                  AND seal_key.state = 0
WHERE account_request.state = 'open'
ORDER BY account_request.due_at
LIMIT ?1
";

/// Requests that wait for whoever runs the deployment, by what is left of their time.
pub async fn own_requests_open(
    directory: &Db,
    _scope: &OperatorScope,
) -> Result<Vec<SealedOwnRequest>, DbFault> {
    let rows: Vec<Row> = directory.rows(Statement::new(OWN_REQUESTS_OPEN, [REQUESTS_PAGE.into()])).await?;
    Ok(rows.into_iter().map(SealedOwnRequest::from).collect())
}

/// What whoever answers a request, or is reminded of it, must know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct OwnRequestClock {
    /// Which.
    pub id: RequestId,
    /// Whose.
    pub account: AccountId,
    /// Where it stands.
    pub state: RequestState,
    /// When it was asked.
    pub asked_at: Millis,
    /// When it must be answered.
    pub due_at: Millis,
}

/// Finds the clock of one request.
pub const OWN_REQUEST_CLOCK: &str = "
SELECT id
     , account
     , state
     , asked_at
     , due_at
FROM account_request
WHERE id = ?1
";

/// The clock of one request.
pub async fn own_request_clock(
    directory: &Db,
    _scope: &OperatorScope,
    id: RequestId,
) -> Result<Option<OwnRequestClock>, DbFault> {
    directory.row(Statement::new(OWN_REQUEST_CLOCK, [id.into()])).await
}

/// Settles a request as met.
pub const OWN_REQUEST_MEET: &str = "
UPDATE account_request
SET state = 'met'
  , settled_at = ?2
WHERE id = ?1
  AND state = 'open'
RETURNING id
";

/// The statement that settles a request as met; it returns a row where it was open.
pub fn own_request_meet(_scope: &OperatorScope, id: RequestId, now: Millis) -> Statement {
    Statement::new(OWN_REQUEST_MEET, [id.into(), now.into()])
}

/// Settles a request as refused.
pub const OWN_REQUEST_REFUSE: &str = "
UPDATE account_request
SET state = 'refused'
  , settled_at = ?2
  , refusal = ?3
WHERE id = ?1
  AND state = 'open'
RETURNING id
";

/// The statement that settles a request as refused; it returns a row where it was open.
pub fn own_request_refuse(
    _scope: &OperatorScope,
    id: RequestId,
    reason: RefusalReason,
    now: Millis,
) -> Statement {
    Statement::new(OWN_REQUEST_REFUSE, [id.into(), now.into(), reason.as_str().into()])
}

/// Extends a request, once.
pub const OWN_REQUEST_EXTEND: &str = "
UPDATE account_request
SET extension = ?2
  , due_at = ?3
  , reminded = 0
WHERE id = ?1
  AND state = 'open'
  AND extension IS NULL
RETURNING id
";

/// The statement that extends a request; it returns a row where it was open and not extended yet.
pub fn own_request_extend(
    _scope: &OperatorScope,
    id: RequestId,
    reason: ExtensionReason,
    due_at: Millis,
) -> Statement {
    Statement::new(OWN_REQUEST_EXTEND, [id.into(), reason.as_str().into(), due_at.into()])
}

/// Lists open requests that are due soon and have not had as many reminders as they should.
pub const OWN_REQUESTS_TO_REMIND: &str = "
SELECT id
     , account
     , state
     , asked_at
     , due_at
FROM account_request
WHERE state = 'open'
  AND due_at <= ?1
  AND reminded < CASE WHEN due_at <= ?2 THEN 2 ELSE 1 END
ORDER BY due_at
LIMIT ?3
";

/// Open requests due by `first`, without their first reminder, or by `second`, without their second.
pub async fn own_requests_to_remind(
    directory: &Db,
    _scope: &OperatorScope,
    first: Millis,
    second: Millis,
) -> Result<Vec<OwnRequestClock>, DbFault> {
    let values = [first.into(), second.into(), REQUESTS_PAGE.into()];
    directory.rows(Statement::new(OWN_REQUESTS_TO_REMIND, values)).await
}

/// Notes how many reminders went out.
pub const OWN_REQUEST_REMINDED: &str = "
UPDATE account_request
SET reminded = ?2
WHERE id = ?1
  AND reminded < ?2
";

/// The statement that notes how many reminders went out.
pub fn own_request_reminded(_scope: &OperatorScope, id: RequestId, reminded: u32) -> Statement {
    Statement::new(OWN_REQUEST_REMINDED, [id.into(), reminded.into()])
}

/// Finds since when an account is restricted.
pub const ACCOUNT_RESTRICTED: &str = "
SELECT restricted_at
FROM account
WHERE id = ?1
";

/// Since when an account is restricted; `None` where it is not.
pub async fn account_restricted(directory: &Db, scope: &AccountScope) -> Result<Option<Millis>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        restricted_at: Option<Millis>,
    }
    let row: Option<Row> =
        directory.row(Statement::new(ACCOUNT_RESTRICTED, [scope.account().into()])).await?;
    Ok(row.and_then(|row| row.restricted_at))
}

/// Restricts an account, or lifts its restriction.
pub const ACCOUNT_RESTRICTION_PUT: &str = "
UPDATE account
SET restricted_at = ?2
WHERE id = ?1
";

/// The statement that restricts an account from `at` on, or lifts its restriction.
pub fn account_restriction_put(scope: &AccountScope, at: Option<Millis>) -> Statement {
    Statement::new(ACCOUNT_RESTRICTION_PUT, [scope.account().into(), at.into()])
}

/// Ends the mails that sum up what waits, in every business.
pub const DIGESTS_END: &str = "
UPDATE notification_setting
SET digest = 'never'
WHERE account = ?1
";

/// The statement that ends the mails that sum up what waits for somebody.
pub fn digests_end(scope: &AccountScope) -> Statement {
    Statement::new(DIGESTS_END, [scope.account().into()])
}

/// Finds where somebody works.
pub const ACCOUNT_COUNTRY: &str = "
SELECT business.country
FROM membership
JOIN business ON business.id = membership.business
WHERE membership.account = ?1
ORDER BY membership.created_at, membership.business
LIMIT 1
";

/// The country of the first business that somebody belongs to: there they may complain (GDPR Art. 77: the place of work).
/// Empty where they belong to none.
pub async fn account_country(directory: &Db, scope: &AccountScope) -> Result<String, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        country: String,
    }
    let row: Option<Row> = directory.row(Statement::new(ACCOUNT_COUNTRY, [scope.account().into()])).await?;
    Ok(row.map_or_else(String::new, |row| row.country))
}
