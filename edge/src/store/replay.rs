//! What a replay changes in a restored database: slabs are closed, keys that are gone elsewhere are condemned, acts of
//! the journal are written down again.

use serde::Deserialize;
use shared::id::{AccountId, ApiTokenId, BusinessId, ConversationId, ErasureId, SlabId};
use shared::time::Millis;
use shared::wire::admin::team::Role;
use shared::wire::privacy::ObjectionPurpose;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement, Value};
use crate::sealing::{Family, KeyScope};

/// Closes every slab: a slot that the database calls unused may have been used since.
pub const SLABS_CLOSE: &str = "
UPDATE key_slab
SET closed = 1
WHERE slab > ''
  AND closed = 0
";

/// The statement that closes every slab; leases come from new ones.
pub fn slabs_close(_scope: &OperatorScope) -> Statement {
    Statement::new(SLABS_CLOSE, [])
}

/// A slab that the database knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownSlab {
    /// Which.
    pub slab: SlabId,
    /// Whose.
    pub scope: KeyScope,
    /// Of which family.
    pub family: Family,
}

/// Lists slabs in the order of their ids.
pub const SLABS_AFTER: &str = "
SELECT slab
     , business
     , family
FROM key_slab
WHERE slab > ?1
ORDER BY slab
LIMIT ?2
";

/// Up to `limit` slabs after `after`. One of a family that this version does not know is left out.
pub async fn slabs_after(
    db: &Db,
    _scope: &OperatorScope,
    after: Option<SlabId>,
    limit: u32,
) -> Result<Vec<KnownSlab>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        slab: SlabId,
        business: KeyScope,
        family: String,
    }
    let after = after.map_or_else(String::new, |slab| slab.to_string());
    let rows: Vec<Row> = db.rows(Statement::new(SLABS_AFTER, [after.into(), limit.into()])).await?;
    let known = |row: Row| {
        let family = Family::from_letter(&row.family)?;
        Some(KnownSlab { slab: row.slab, scope: row.business, family })
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// The owner of a key that is gone although the database does not say so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LostOwner {
    /// `conversation`, `day`, `business`, `account` or `erasure`.
    pub owner_kind: String,
    /// Its id.
    pub owner: String,
}

/// Lists the owners of keys that are gone although the database does not say so.
pub const LOST_OWNERS: &str = "
SELECT DISTINCT owner_kind
     , owner
FROM seal_key
WHERE slab = ?1
  AND state <> 2
  AND slot IN (SELECT value FROM json_each(?2))
";

/// Condemns those keys.
pub const LOST_CONDEMN: &str = "
UPDATE seal_key
SET state = 1
WHERE slab = ?1
  AND state = 0
  AND slot IN (SELECT value FROM json_each(?2))
";

/// The owners of those keys of a slab that are gone although the database does not say so; the keys are condemned.
pub async fn lost_owners(
    db: &Db,
    _scope: &OperatorScope,
    slab: SlabId,
    gone: &[u16],
) -> Result<Vec<LostOwner>, DbFault> {
    let gone = serde_json::to_string(gone).map_err(|fault| DbFault::Failed(fault.to_string()))?;
    let values = || -> [Value; 2] { [slab.into(), gone.clone().into()] };
    let batch =
        db.batch(vec![Statement::new(LOST_OWNERS, values()), Statement::new(LOST_CONDEMN, values())]).await?;
    batch.rows(0)
}

/// Erases a conversation whose key is gone, unless its erasure is written down. One whose present key is there rolled away
/// from the key that is gone, and lives: what that key sealed was past its limit, and goes by itself.
pub const LOST_ERASE: &str = "
INSERT INTO erasure (id, business, subject_kind, subject, reason, state, subjects, requested_at)
SELECT ?1, ?2, 'conversation', ?3, 'retention', 'requested', '{}', ?4
WHERE NOT EXISTS (
    SELECT 1
    FROM erasure
    WHERE subject = ?3
)
  AND NOT EXISTS (
      SELECT 1
      FROM conversation
      JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
      WHERE conversation.id = ?3
        AND seal_key.state = 0
  )
";

/// The statement that erases a conversation whose key is gone already.
pub fn lost_erase(
    _scope: &OperatorScope,
    id: ErasureId,
    business: BusinessId,
    conversation: &str,
    now: Millis,
) -> Statement {
    Statement::new(LOST_ERASE, [id.into(), business.into(), conversation.into(), now.into()])
}

/// Restricts a conversation, or lifts its restriction.
pub const RESTRICTION_PUT: &str = "
UPDATE conversation
SET restricted_at = ?2
WHERE id = ?1
";

/// The statement that restricts a conversation, or lifts its restriction.
pub fn restriction_put(
    _scope: &OperatorScope,
    conversation: ConversationId,
    restricted_at: Option<Millis>,
) -> Statement {
    Statement::new(RESTRICTION_PUT, [conversation.into(), restricted_at.into()])
}

/// Records an objection again, in a conversation that is there.
pub const OBJECT_AGAIN: &str = "
INSERT INTO objection (conversation, business, purpose, objected_at)
SELECT id, business, ?2, ?3
FROM conversation
WHERE id = ?1
ON CONFLICT (conversation, purpose) DO NOTHING
";

/// The statement that records an objection again.
pub fn object_again(
    _scope: &OperatorScope,
    conversation: ConversationId,
    purpose: ObjectionPurpose,
    at: Millis,
) -> Statement {
    Statement::new(OBJECT_AGAIN, [conversation.into(), purpose.as_str().into(), at.into()])
}

/// Takes the choice about statistics back again, unless it was made later.
pub const ANALYTICS_END_AGAIN: &str = "
UPDATE account
SET analytics = 0
  , analytics_at = ?2
WHERE id = ?1
  AND (analytics_at IS NULL OR analytics_at <= ?2)
";

/// The statement that takes the choice about statistics of use back again.
pub fn analytics_end_again(_scope: &OperatorScope, account: AccountId, at: Millis) -> Statement {
    Statement::new(ANALYTICS_END_AGAIN, [account.into(), at.into()])
}

/// Changes the role of a member again who had not joined again since.
pub const ROLE_CHANGE_AGAIN: &str = "
UPDATE membership
SET role = ?3
WHERE business = ?1
  AND account = ?2
  AND created_at <= ?4
";

/// The statement that gives a member the role again that they were given then.
pub fn role_change_again(
    _scope: &OperatorScope,
    (business, account): (BusinessId, AccountId),
    role: Role,
    at: Millis,
) -> Statement {
    let values = [business.into(), account.into(), role.as_str().into(), at.into()];
    Statement::new(ROLE_CHANGE_AGAIN, values)
}

/// Revokes a token.
pub const TOKEN_REVOKE_AGAIN: &str = "
UPDATE api_token
SET revoked_at = ?2
WHERE id = ?1
  AND revoked_at IS NULL
";

/// The statement that revokes an API token again.
pub fn token_revoke_again(_scope: &OperatorScope, token: ApiTokenId, at: Millis) -> Statement {
    Statement::new(TOKEN_REVOKE_AGAIN, [token.into(), at.into()])
}

/// Sends a member away who had not joined again since.
pub const MEMBER_REMOVE_AGAIN: &str = "
DELETE FROM membership
WHERE business = ?1
  AND account = ?2
  AND (?3 IS NULL OR created_at <= ?3)
";

/// The statement that sends a member away again who went at that time.
pub fn member_remove_again(
    _scope: &OperatorScope,
    business: BusinessId,
    account: AccountId,
    at: Option<Millis>,
) -> Statement {
    Statement::new(MEMBER_REMOVE_AGAIN, [business.into(), account.into(), at.into()])
}

/// Ends every session: those that were ended since the backup would live again.
pub const SESSIONS_END: &str = "
UPDATE session
SET revoked_at = ?1
WHERE expires_at > ?1
  AND revoked_at IS NULL
";

/// The statement that signs everybody out.
pub fn sessions_end(_scope: &OperatorScope, now: Millis) -> Statement {
    Statement::new(SESSIONS_END, [now.into()])
}
