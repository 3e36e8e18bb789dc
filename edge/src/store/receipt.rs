//! Receipts of erasures, and the public keys that they were signed by.

use serde::Deserialize;
use shared::id::ErasureId;
use shared::limits::REQUESTS_PAGE;
use shared::rules::subject::SubjectKind;
use shared::time::Millis;

use super::scope::{MemberScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement, Value};

/// Ends an erasure with its receipt.
pub const RECEIPT_WRITE: &str = "
UPDATE erasure
SET state = 'receipted'
  , receipted_at = ?2
  , receipt = ?3
  , receipt_hash = ?4
  , waits = NULL
WHERE id = ?1
  AND state = 'verified'
";

/// The statement that ends an erasure with its receipt. One that has a receipt keeps it.
pub fn receipt_write(
    _scope: &OperatorScope,
    id: ErasureId,
    receipt: String,
    hash: String,
    now: Millis,
) -> Statement {
    Statement::new(RECEIPT_WRITE, [id.into(), now.into(), receipt.into(), hash.into()])
}

/// Notes that receipts wait for a key.
pub const RECEIPT_WAITS: &str = "
UPDATE erasure
SET waits = 'signing_key'
WHERE id = ?1
  AND state = 'verified'
  AND waits IS NULL
";

/// The statement that notes that a receipt waits for a key to sign it.
pub fn receipt_waits(_scope: &OperatorScope, id: ErasureId) -> Statement {
    Statement::new(RECEIPT_WAITS, [id.into()])
}

/// A receipt, or how far it is from being one.
#[derive(Debug, Clone, Deserialize)]
pub struct FoundReceipt {
    /// How far the erasure is.
    pub state: String,
    /// Why it does not go on.
    pub waits: Option<String>,
    /// What the holder's nonce hashes to.
    pub commitment: Option<String>,
    /// The signed document, as JSON.
    pub receipt: Option<String>,
}

/// Finds an erasure by its id.
pub const RECEIPT_FIND: &str = "
SELECT state
     , waits
     , commitment
     , receipt
FROM erasure
WHERE id = ?1
";

/// The receipt of an erasure. Knowing its id proves nothing: the caller compares what the holder's nonce hashes to.
pub async fn receipt_find(
    db: &Db,
    _scope: &OperatorScope,
    id: ErasureId,
) -> Result<Option<FoundReceipt>, DbFault> {
    db.row(Statement::new(RECEIPT_FIND, [id.into()])).await
}

/// An erasure of a business's visitors, as it stands.
#[derive(Debug, Clone, Deserialize)]
pub struct AskedErasure {
    /// Which.
    pub id: ErasureId,
    /// What kind of subject it was.
    pub subject_kind: SubjectKind,
    /// Why.
    pub reason: String,
    /// How far it is.
    pub state: String,
    /// Why it does not go on.
    pub waits: Option<String>,
    /// When it was asked for.
    pub requested_at: Millis,
    /// When its keys were gone.
    pub keyless_at: Option<Millis>,
    /// When a second look found nothing.
    pub verified_at: Option<Millis>,
    /// The signed document, as JSON.
    pub receipt: Option<String>,
}

/// Reads a page of the erasures of a business that somebody asked for; never past those that time alone made.
pub const ERASURES_PAGE: &str = "
SELECT id
     , subject_kind
     , reason
     , state
     , waits
     , requested_at
     , keyless_at
     , verified_at
     , receipt
FROM erasure INDEXED BY erasure_asked
WHERE business = ?1
  AND reason <> 'retention'
  AND (?2 = '' OR id < ?2)
ORDER BY id DESC
LIMIT ?3
";

/// A page of the erasures of a business that somebody asked for, newest first, older than `before`. What time alone
/// erased is in the log of runs.
pub async fn erasures_page(
    shard: &Db,
    scope: &MemberScope,
    before: Option<ErasureId>,
) -> Result<Vec<AskedErasure>, DbFault> {
    let before: Value = before.map_or_else(|| Value::Text(String::new()), Into::into);
    let values = [scope.business.business().into(), before, REQUESTS_PAGE.into()];
    shard.rows(Statement::new(ERASURES_PAGE, values)).await
}

/// A public key, as it is kept.
#[derive(Debug, Clone, Deserialize)]
pub struct KnownKey {
    /// Its id.
    pub id: String,
    /// 32 bytes in base64.
    pub public_key: String,
    /// When it first signed something.
    pub first_at: Millis,
}

/// Archives a key.
pub const RECEIPT_KEY_PUT: &str = "
INSERT INTO receipt_key (id, public_key, first_at)
VALUES (?1, ?2, ?3)
ON CONFLICT (id) DO NOTHING
";

/// The statement that archives a public key; it comes before the first receipt that it signs.
pub fn receipt_key_put(_scope: &OperatorScope, id: &str, public_key: String, now: Millis) -> Statement {
    Statement::new(RECEIPT_KEY_PUT, [id.into(), public_key.into(), now.into()])
}

/// Lists every key.
pub const RECEIPT_KEYS: &str = "
SELECT id
     , public_key
     , first_at
FROM receipt_key
ORDER BY id
";

/// Every key that ever signed a receipt.
pub async fn receipt_keys(directory: &Db, _scope: &OperatorScope) -> Result<Vec<KnownKey>, DbFault> {
    directory.rows(Statement::new(RECEIPT_KEYS, [])).await
}
