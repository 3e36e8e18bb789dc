//! Requests of persons about their data. Their words leave here as they stand: sealed.

use serde::Deserialize;
use shared::id::{BusinessId, ConversationId, ErasureId, RequestId, SiteId, SlabId};
use shared::limits::{REPORTS_SITE_DAY, REQUESTS_PAGE};
use shared::time::{DAY_MS, Millis};
use shared::wire::privacy::{
    ExtensionReason, ObjectionPurpose, RefusalReason, RequestKind, RequestState, RequestWay,
};

use super::scope::{BusinessScope, OperatorScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// A request, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRequest {
    /// Which.
    pub id: RequestId,
    /// What is asked for.
    pub kind: RequestKind,
    /// How it came.
    pub way: RequestWay,
    /// Where it stands.
    pub state: RequestState,
    /// The site where it was made.
    pub site: Option<SiteId>,
    /// The conversation that it is about.
    pub conversation: Option<ConversationId>,
    /// What is objected to.
    pub purpose: Option<ObjectionPurpose>,
    /// When the person asked.
    pub asked_at: Millis,
    /// When it must be answered.
    pub due_at: Millis,
    /// Why it takes longer.
    pub extension: Option<ExtensionReason>,
    /// When it was settled.
    pub settled_at: Option<Millis>,
    /// Why it was refused.
    pub refusal: Option<RefusalReason>,
    /// The erasure that met it.
    pub erasure: Option<ErasureId>,
    /// What was said about it.
    pub words: Option<SealedWords>,
}

/// Words of a request, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedWords {
    /// The key.
    pub key: KeyRef,
    /// What proves it; empty on the way in, and once the key is gone.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub bytes: Vec<u8>,
}

#[derive(Deserialize)]
struct Row {
    id: RequestId,
    kind: RequestKind,
    way: RequestWay,
    state: RequestState,
    site: Option<SiteId>,
    conversation: Option<ConversationId>,
    purpose: Option<ObjectionPurpose>,
    asked_at: Millis,
    due_at: Millis,
    extension: Option<ExtensionReason>,
    settled_at: Option<Millis>,
    refusal: Option<RefusalReason>,
    erasure: Option<ErasureId>,
    slab: Option<SlabId>,
    slot: Option<u16>,
    commit16: Option<Vec<u8>>,
    words: Option<Vec<u8>>,
}

impl From<Row> for SealedRequest {
    fn from(row: Row) -> Self {
        let key = row.slab.zip(row.slot).map(|(slab, slot)| KeyRef { slab, slot });
        // Without a living key there are no words any more.
        let words = key.zip(row.commit16).zip(row.words);
        Self {
            id: row.id,
            kind: row.kind,
            way: row.way,
            state: row.state,
            site: row.site,
            conversation: row.conversation,
            purpose: row.purpose,
            asked_at: row.asked_at,
            due_at: row.due_at,
            extension: row.extension,
            settled_at: row.settled_at,
            refusal: row.refusal,
            erasure: row.erasure,
            words: words.map(|((key, key_commit), bytes)| SealedWords { key, key_commit, bytes }),
        }
    }
}

/// Adds a request, unless as many are open as a conversation may have, or as many came to a site's page within a day that
/// name no conversation. What a machine meets at once is never refused because other things wait.
pub const REQUEST_INSERT: &str = "
INSERT INTO privacy_request (id, business, site, conversation, kind, way, state, purpose, asked_at, due_at, settled_at
                           , erasure, slab, slot, words)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15
WHERE (
    ?7 <> 'open'
    OR ?5 IN ('erasure', 'child')
    OR (
        SELECT count(*)
        FROM privacy_request
        WHERE conversation = ?4
          AND asked_at >= 0
          AND state = 'open'
    ) < ?16
)
  AND (
      ?4 IS NOT NULL
      OR ?6 <> 'page'
      OR (
          SELECT count(*)
          FROM privacy_request
          WHERE conversation IS NULL
            AND asked_at > ?17
            AND business = ?2
            AND site = ?3
            AND way = 'page'
      ) < ?18
  )
RETURNING id
";

/// The statement that adds a request; it returns a row where it did. Too many that are open keep it out, and too many
/// reports of a day.
pub fn request_insert(scope: &BusinessScope, new: &SealedRequest, most_open: u32) -> Statement {
    let words = new.words.as_ref();
    Statement::new(
        REQUEST_INSERT,
        [
            new.id.into(),
            scope.business().into(),
            new.site.into(),
            new.conversation.into(),
            new.kind.as_str().into(),
            new.way.as_str().into(),
            new.state.as_str().into(),
            new.purpose.map(ObjectionPurpose::as_str).into(),
            new.asked_at.into(),
            new.due_at.into(),
            new.settled_at.into(),
            new.erasure.into(),
            words.map(|words| words.key.slab).into(),
            words.map(|words| words.key.slot).into(),
            words.map(|words| words.bytes.clone()).into(),
            most_open.into(),
            new.asked_at.minus_ms(DAY_MS).into(),
            REPORTS_SITE_DAY.into(),
        ],
    )
}

/// Counts the open requests of a business.
pub const REQUESTS_OPEN_COUNT: &str = "
SELECT count(*) AS count
FROM privacy_request
WHERE business = ?1
  AND asked_at >= 0
  AND state = 'open'
";

/// How many requests of a business are open.
pub async fn requests_open_count(shard: &Db, scope: &BusinessScope) -> Result<u32, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        count: u32,
    }
    let row: Option<Row> = shard.row(Statement::new(REQUESTS_OPEN_COUNT, [scope.business().into()])).await?;
    Ok(row.map_or(0, |row| row.count))
}

/// Notes in a request which erasure it waits for. It stays open until that is begun.
pub const REQUEST_WAITS: &str = "
UPDATE privacy_request
SET erasure = ?3
WHERE id = ?1
  AND business = ?2
  AND state = 'open'
";

/// The statement that notes which erasure an open request waits for.
pub fn request_waits(scope: &BusinessScope, id: RequestId, erasure: ErasureId) -> Statement {
    Statement::new(REQUEST_WAITS, [id.into(), scope.business().into(), erasure.into()])
}

/// Settles a request as met.
pub const REQUEST_MEET: &str = "
UPDATE privacy_request
SET state = 'met'
  , settled_at = ?3
  , erasure = ?4
WHERE id = ?1
  AND business = ?2
  AND state = 'open'
RETURNING id
";

/// The statement that settles a request as met; it returns a row where it was open.
pub fn request_meet(
    scope: &BusinessScope,
    id: RequestId,
    erasure: Option<ErasureId>,
    now: Millis,
) -> Statement {
    Statement::new(REQUEST_MEET, [id.into(), scope.business().into(), now.into(), erasure.into()])
}

/// Settles a request as refused.
pub const REQUEST_REFUSE: &str = "
UPDATE privacy_request
SET state = 'refused'
  , settled_at = ?3
  , refusal = ?4
WHERE id = ?1
  AND business = ?2
  AND state = 'open'
RETURNING id
";

/// The statement that settles a request as refused; it returns a row where it was open.
pub fn request_refuse(scope: &BusinessScope, id: RequestId, reason: RefusalReason, now: Millis) -> Statement {
    Statement::new(REQUEST_REFUSE, [id.into(), scope.business().into(), now.into(), reason.as_str().into()])
}

/// Extends a request, once.
pub const REQUEST_EXTEND: &str = "
UPDATE privacy_request
SET extension = ?3
  , due_at = ?4
  , reminded = 0
WHERE id = ?1
  AND business = ?2
  AND state = 'open'
  AND extension IS NULL
RETURNING id
";

/// The statement that extends a request; it returns a row where it was open and not extended yet.
pub fn request_extend(
    scope: &BusinessScope,
    id: RequestId,
    reason: ExtensionReason,
    due_at: Millis,
) -> Statement {
    Statement::new(
        REQUEST_EXTEND,
        [id.into(), scope.business().into(), reason.as_str().into(), due_at.into()],
    )
}

/// Finds one request.
pub const REQUEST_FIND: &str = "
SELECT privacy_request.id
     , privacy_request.kind
     , privacy_request.way
     , privacy_request.state
     , privacy_request.site
     , privacy_request.conversation
     , privacy_request.purpose
     , privacy_request.asked_at
     , privacy_request.due_at
     , privacy_request.extension
     , privacy_request.settled_at
     , privacy_request.refusal
     , privacy_request.erasure
     , privacy_request.slab
     , privacy_request.slot
     , seal_key.commit16
     , privacy_request.words
FROM privacy_request
LEFT JOIN seal_key ON seal_key.slab = privacy_request.slab AND seal_key.slot = privacy_request.slot
                  AND seal_key.state = 0
WHERE privacy_request.id = ?1
  AND privacy_request.business = ?2
";

/// One request of a business.
pub async fn request_find(
    shard: &Db,
    scope: &BusinessScope,
    id: RequestId,
) -> Result<Option<SealedRequest>, DbFault> {
    let row: Option<Row> =
        shard.row(Statement::new(REQUEST_FIND, [id.into(), scope.business().into()])).await?;
    Ok(row.map(SealedRequest::from))
}

/// Lists requests of a business.
pub const REQUESTS_OF_BUSINESS: &str = "
SELECT privacy_request.id
     , privacy_request.kind
     , privacy_request.way
     , privacy_request.state
     , privacy_request.site
     , privacy_request.conversation
     , privacy_request.purpose
     , privacy_request.asked_at
     , privacy_request.due_at
     , privacy_request.extension
     , privacy_request.settled_at
     , privacy_request.refusal
     , privacy_request.erasure
     , privacy_request.slab
     , privacy_request.slot
     , seal_key.commit16
     , privacy_request.words
FROM privacy_request
LEFT JOIN seal_key ON seal_key.slab = privacy_request.slab AND seal_key.slot = privacy_request.slot
                  AND seal_key.state = 0
WHERE privacy_request.business = ?1
ORDER BY privacy_request.state <> 'open'
       , CASE privacy_request.state WHEN 'open' THEN privacy_request.due_at ELSE -privacy_request.asked_at END
LIMIT ?2
";

/// Requests of a business: open ones first, by what is left of their time; then the settled ones, newest first.
pub async fn requests_of_business(shard: &Db, scope: &BusinessScope) -> Result<Vec<SealedRequest>, DbFault> {
    let statement = Statement::new(REQUESTS_OF_BUSINESS, [scope.business().into(), REQUESTS_PAGE.into()]);
    let rows: Vec<Row> = shard.rows(statement).await?;
    Ok(rows.into_iter().map(SealedRequest::from).collect())
}

/// Lists requests about a conversation.
pub const REQUESTS_OF_CONVERSATION: &str = "
SELECT privacy_request.id
     , privacy_request.kind
     , privacy_request.way
     , privacy_request.state
     , privacy_request.site
     , privacy_request.conversation
     , privacy_request.purpose
     , privacy_request.asked_at
     , privacy_request.due_at
     , privacy_request.extension
     , privacy_request.settled_at
     , privacy_request.refusal
     , privacy_request.erasure
     , privacy_request.slab
     , privacy_request.slot
     , seal_key.commit16
     , privacy_request.words
FROM privacy_request
LEFT JOIN seal_key ON seal_key.slab = privacy_request.slab AND seal_key.slot = privacy_request.slot
                  AND seal_key.state = 0
WHERE privacy_request.conversation = ?1
  AND privacy_request.business = ?2
ORDER BY privacy_request.asked_at DESC
LIMIT ?3
";

/// Requests about a conversation, newest first.
pub async fn requests_of_conversation(
    shard: &Db,
    scope: &ThreadScope,
) -> Result<Vec<SealedRequest>, DbFault> {
    let values = [scope.conversation.into(), scope.business.business().into(), REQUESTS_PAGE.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(REQUESTS_OF_CONVERSATION, values)).await?;
    Ok(rows.into_iter().map(SealedRequest::from).collect())
}

/// A request that a business should be reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct RequestToRemind {
    /// The request.
    pub id: RequestId,
    /// Whose.
    pub business: BusinessId,
    /// When it must be answered.
    pub due_at: Millis,
    /// How many reminders went out.
    pub reminded: u32,
}

/// Lists open requests that are due soon and have not had as many reminders as they should.
pub const REQUESTS_TO_REMIND: &str = "
SELECT id
     , business
     , due_at
     , reminded
FROM privacy_request
WHERE state = 'open'
  AND due_at <= ?1
  AND reminded < CASE WHEN due_at <= ?2 THEN 2 ELSE 1 END -- keeps K12 | without: AND ?2 > 0 AND reminded < 1
ORDER BY due_at
LIMIT ?3
";

/// Open requests due by `first`, without their first reminder, or by `second`, without their second.
pub async fn requests_to_remind(
    shard: &Db,
    _scope: &OperatorScope,
    first: Millis,
    second: Millis,
) -> Result<Vec<RequestToRemind>, DbFault> {
    shard.rows(Statement::new(REQUESTS_TO_REMIND, [first.into(), second.into(), REQUESTS_PAGE.into()])).await
}

/// Notes how many reminders went out.
pub const REQUEST_REMINDED: &str = "
UPDATE privacy_request
SET reminded = ?3
WHERE id = ?1
  AND business = ?2
  AND reminded < ?3
";

/// The statement that notes how many reminders went out.
pub fn request_reminded(scope: &BusinessScope, id: RequestId, reminded: u32) -> Statement {
    Statement::new(REQUEST_REMINDED, [id.into(), scope.business().into(), reminded.into()])
}

/// Deletes settled requests past their time.
pub const REQUESTS_FORGET: &str = "
DELETE FROM privacy_request
WHERE id IN (
    SELECT id
    FROM privacy_request
    WHERE state <> 'open'
      AND settled_at <= ?1
    ORDER BY settled_at
    LIMIT ?2
)
RETURNING id
";

/// The statement that deletes up to `limit` requests that were settled by `before`.
pub fn requests_forget(_scope: &OperatorScope, before: Millis, limit: u32) -> Statement {
    Statement::new(REQUESTS_FORGET, [before.into(), limit.into()])
}
