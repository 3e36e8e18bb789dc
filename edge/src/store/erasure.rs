//! Erasures: conversations and visitors in their shard, accounts and businesses in the directory. Both tables have the
//! columns that are used here, so each statement serves both.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, ConversationId, ErasureId};
use shared::rules::subject::SubjectKind;
use shared::time::Millis;

use super::scope::BusinessScope;
use super::subject::{Subjects, count_sql};
use crate::platform::{Db, DbFault, Statement};
use crate::rules::inventory::Place;

/// Numbers by table, or by place outside the databases.
pub type Counts = BTreeMap<String, u32>;

/// How far an erasure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErasureState {
    /// Asked for, and not begun: the next run begins it.
    Requested,
    /// No key may seal any more; reads find nothing.
    Condemned,
    /// Every key of the subject's own is destroyed: what was sealed under them opens in no backup either.
    Keyless,
    /// The rows and objects are gone.
    Emptied,
    /// A second look found nothing.
    Verified,
    /// The receipt is signed.
    Receipted,
}

/// An erasure that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewErasure {
    /// Which.
    pub id: ErasureId,
    /// The business; absent for an account.
    pub business: Option<BusinessId>,
    /// Whom it is about.
    pub kind: SubjectKind,
    /// Their id.
    pub subject: String,
    /// Why, from a closed list.
    pub reason: &'static str,
    /// Where it is known from the start, everybody who is meant.
    pub subjects: Subjects,
    /// What the holder's nonce hashes to.
    pub commitment: String,
    /// When.
    pub now: Millis,
}

/// Asks for an erasure.
pub const ERASURE_INSERT: &str = "
INSERT INTO erasure (id, business, subject_kind, subject, reason, state, subjects, commitment, requested_at)
VALUES (?1, ?2, ?3, ?4, ?5, 'requested', ?6, ?7, ?8)
";

/// Asks for an erasure that may be written down already.
pub const ERASURE_RESTORE: &str = "
INSERT INTO erasure (id, business, subject_kind, subject, reason, state, subjects, commitment, requested_at)
VALUES (?1, ?2, ?3, ?4, ?5, 'requested', ?6, ?7, ?8)
ON CONFLICT (id) DO NOTHING
";

/// The statement that asks for an erasure.
pub fn erasure_insert(new: &NewErasure) -> Result<Statement, DbFault> {
    inserted(ERASURE_INSERT, new)
}

/// The statement that asks for an erasure again, after a restore; one that is written down stays as it is.
pub fn erasure_restore(new: &NewErasure) -> Result<Statement, DbFault> {
    inserted(ERASURE_RESTORE, new)
}

/// Asks for the erasure of something, unless one is written down.
pub const ERASURE_LOST: &str = "
INSERT INTO erasure (id, business, subject_kind, subject, reason, state, subjects, commitment, requested_at)
SELECT ?1, ?2, ?3, ?4, ?5, 'requested', ?6, ?7, ?8
WHERE NOT EXISTS (
    SELECT 1
    FROM erasure
    WHERE subject = ?4
)
";

/// The statement that erases an account whose key is gone already, unless its erasure is written down.
pub fn account_lost(id: ErasureId, account: AccountId, now: Millis) -> Result<Statement, DbFault> {
    let subjects = Subjects { account: vec![account], ..Subjects::default() };
    let new = NewErasure {
        id,
        business: None,
        kind: SubjectKind::Account,
        subject: account.to_string(),
        reason: "request",
        subjects,
        commitment: String::new(),
        now,
    };
    inserted(ERASURE_LOST, &new)
}

fn inserted(sql: &'static str, new: &NewErasure) -> Result<Statement, DbFault> {
    Ok(Statement::new(
        sql,
        [
            new.id.into(),
            new.business.into(),
            new.kind.as_str().into(),
            new.subject.as_str().into(),
            new.reason.into(),
            new.subjects.to_json()?.into(),
            new.commitment.as_str().into(),
            new.now.into(),
        ],
    ))
}

/// Begins the erasure of a conversation or a visitor, and writes down who is meant: with a conversation its visitor, with
/// a visitor all their conversations. One that is held for a legal claim waits.
pub const ERASURE_CONDEMN: &str = "
UPDATE erasure
SET state = 'condemned'
  , condemned_at = ?2
  , waits = NULL
  , subjects = json_object(
        'scope', business,
        'conversation', json((
            SELECT json_group_array(id)
            FROM (
                SELECT erasure.subject AS id WHERE erasure.subject_kind = 'conversation'
                UNION
                SELECT conversation.id FROM conversation WHERE conversation.visitor = erasure.subject
            )
        )),
        'visitor', json((
            SELECT json_group_array(id)
            FROM (
                SELECT erasure.subject AS id WHERE erasure.subject_kind = 'visitor'
                UNION
                SELECT conversation.visitor FROM conversation WHERE conversation.id = erasure.subject
            )
        )),
        'whole', json(iif(subject_kind = 'visitor', 'true', 'false'))
    )
WHERE id = ?1
  AND state = 'requested'
  AND NOT EXISTS (
      SELECT 1 FROM conversation WHERE conversation.visitor = erasure.subject AND conversation.held_at IS NOT NULL
  )
  AND NOT EXISTS (
      SELECT 1 FROM conversation WHERE conversation.id = erasure.subject AND conversation.held_at IS NOT NULL
  )
";

/// Notes that an erasure waits for the end of a legal hold.
pub const ERASURE_HELD: &str = "
UPDATE erasure
SET waits = 'hold'
WHERE id = ?1
  AND state = 'requested'
";

/// Begins the erasure of an account or a business.
pub const ERASURE_CONDEMN_DIRECTORY: &str = "
UPDATE erasure
SET state = 'condemned'
  , condemned_at = ?2
  , waits = NULL
WHERE id = ?1
  AND state = 'requested'
";

/// Closes the account: nothing opens it any more. After a restore its key may be gone already: then its row, which no
/// trigger lets change any more, goes as it is.
pub const ACCOUNT_CLOSE: &str = "
UPDATE account
SET state = 'deleting'
WHERE id IN (SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.account'))
  AND state <> 'deleting'
  AND EXISTS (
      SELECT 1 FROM seal_key WHERE seal_key.slab = account.slab AND seal_key.slot = account.slot AND seal_key.state = 0
  )
";

/// Ends the account's sessions.
pub const SESSIONS_CLOSE: &str = "
UPDATE session
SET revoked_at = ?2
WHERE account IN (
    SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.account')
)
  AND revoked_at IS NULL
";

/// Closes the business: its chat, its pages and its tokens find nothing any more.
pub const BUSINESS_CLOSE: &str = "
UPDATE business
SET state = 'deleting'
WHERE id IN (SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.business'))
  AND state <> 'deleting'
";

/// Settles the requests that this erasure meets, once it is begun and not before: what is not done is not said to be done.
pub const ERASED_REQUESTS_MEET: &str = "
UPDATE privacy_request
SET state = 'met'
  , settled_at = ?2
WHERE state = 'open'
  AND erasure IS NOT NULL
  AND asked_at >= 0
  AND conversation IN (
      SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.conversation')
  )
";

/// Condemns every living key of those who are meant, once the erasure is begun.
pub const KEYS_CONDEMN: &str = "
UPDATE seal_key
SET state = 1
WHERE state = 0
  AND owner_kind IN ('conversation', 'account')
  AND owner IN (
      SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.conversation')
      UNION ALL
      SELECT value FROM json_each((SELECT subjects FROM erasure WHERE id = ?1 AND state <> 'requested'), '$.account')
  )
";

/// Tables that one `json_object` counts: D1 lets a function have 32 arguments.
const COUNTS_AT_ONCE: usize = 15;

/// The statements that begin an erasure, with the counts of what it finds: the commit point. From their batch on, triggers
/// refuse late rows and reads find nothing. Where it was begun before, they change nothing.
pub fn erasure_condemn(
    id: ErasureId,
    kind: SubjectKind,
    places: &[Place<'_>],
    now: Millis,
) -> Vec<Statement> {
    let in_shard = matches!(kind, SubjectKind::Conversation | SubjectKind::Visitor);
    let mut batch = Vec::new();
    if in_shard {
        batch.push(Statement::new(ERASURE_CONDEMN, [id.into(), now.into()]));
        batch.push(Statement::new(ERASURE_HELD, [id.into()]));
        batch.push(Statement::new(ERASED_REQUESTS_MEET, [id.into(), now.into()])); // keeps P6.3 | without: let _ = ERASED_REQUESTS_MEET;
    } else {
        batch.push(Statement::new(ERASURE_CONDEMN_DIRECTORY, [id.into(), now.into()]));
        // The account is closed before its key is condemned: its row may not change afterwards.
        batch.push(Statement::new(ACCOUNT_CLOSE, [id.into()]));
        batch.push(Statement::new(SESSIONS_CLOSE, [id.into(), now.into()]));
        batch.push(Statement::new(BUSINESS_CLOSE, [id.into()]));
    }
    if !places.is_empty() {
        // One statement for all tables: D1 counts statements. A function of SQLite takes so many arguments there.
        let mut counts = "counts".to_owned();
        for some in places.chunks(COUNTS_AT_ONCE) {
            let each: Vec<String> = some
                .iter()
                .map(|place| {
                    let count = count_sql(place, "erasure.subjects").replace(" AS rows_found", "");
                    format!("'{}', ({count})", place.table)
                })
                .collect();
            counts = format!("json_patch({counts}, json_object({}))", each.join(", "));
        }
        let text = format!(
            "UPDATE erasure SET counts = {counts} WHERE id = ?1 AND state = 'condemned' AND condemned_at = ?2"
        );
        batch.push(Statement::new(text, [id.into(), now.into()]));
    }
    batch.push(Statement::new(KEYS_CONDEMN, [id.into()]));
    batch
}

/// The statement that condemns what was recorded for those who are meant since the erasure began.
pub fn keys_condemn(id: ErasureId) -> Statement {
    Statement::new(KEYS_CONDEMN, [id.into()])
}

/// Lists conversations of a business.
pub const BUSINESS_CONVERSATIONS: &str = "
SELECT id
FROM conversation
WHERE business = ?1
LIMIT ?2
";

/// Some conversations of a business that is being erased.
pub async fn business_conversations(
    shard: &Db,
    scope: &BusinessScope,
    limit: u32,
) -> Result<Vec<ConversationId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ConversationId,
    }
    let values = [scope.business().into(), limit.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(BUSINESS_CONVERSATIONS, values)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
