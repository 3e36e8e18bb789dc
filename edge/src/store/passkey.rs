//! Passkeys and their challenges.

use serde::Deserialize;
use shared::id::{AccountId, CodeId, PasskeyId};
use shared::limits::{CHALLENGE_MS, PASSKEYS};
use shared::time::Millis;
use shared::wire::admin::passkey::Passkey;

use super::scope::{AccountScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};

/// Adds a challenge.
pub const CHALLENGE_INSERT: &str = "
INSERT INTO passkey_challenge (id, account, nonce_hash, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5)
";

/// The statement that adds a challenge for one browser, for five minutes; for somebody who adds a passkey, or for whoever
/// signs in with one.
pub fn challenge_insert(
    _scope: &OperatorScope,
    id: CodeId,
    account: Option<AccountId>,
    nonce_hash: &str,
    now: Millis,
) -> Statement {
    Statement::new(
        CHALLENGE_INSERT,
        [id.into(), account.into(), nonce_hash.into(), now.into(), now.plus_ms(CHALLENGE_MS).into()],
    )
}

/// Uses a challenge.
pub const CHALLENGE_USE: &str = "
UPDATE passkey_challenge
SET used_at = ?4
WHERE id = ?1
  AND nonce_hash = ?2
  AND account IS ?3
  AND used_at IS NULL
  AND expires_at > ?4
RETURNING id
";

/// Uses a challenge up. `false` where it is unknown, used, over, or was made for another browser or person.
pub async fn challenge_use(
    directory: &Db,
    _scope: &OperatorScope,
    id: CodeId,
    account: Option<AccountId>,
    nonce_hash: &str,
    now: Millis,
) -> Result<bool, DbFault> {
    let row: Option<serde_json::Value> = directory
        .row(Statement::new(CHALLENGE_USE, [id.into(), nonce_hash.into(), account.into(), now.into()]))
        .await?;
    Ok(row.is_some())
}

/// A passkey that was made.
#[derive(Debug, Clone)]
pub struct NewPasskey {
    /// Its id.
    pub id: PasskeyId,
    /// What the authenticator calls it, in base64url.
    pub credential: String,
    /// How it signs: a number of COSE.
    pub algorithm: i32,
    /// SubjectPublicKeyInfo.
    pub public_key: Vec<u8>,
    /// How often it has signed.
    pub sign_count: u32,
    /// What it was made on.
    pub device: String,
}

/// Adds a passkey.
pub const PASSKEY_INSERT: &str = "
INSERT INTO passkey (id, account, credential, algorithm, public_key, sign_count, device, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
";

/// The statement that adds a passkey. Fails with `Duplicate` where the credential is known.
pub fn passkey_insert(scope: &AccountScope, new: &NewPasskey, now: Millis) -> Statement {
    Statement::new(
        PASSKEY_INSERT,
        [
            new.id.into(),
            scope.account().into(),
            new.credential.as_str().into(),
            i64::from(new.algorithm).into(),
            new.public_key.clone().into(),
            new.sign_count.into(),
            new.device.as_str().into(),
            now.into(),
        ],
    )
}

/// Lists passkeys.
pub const PASSKEYS_LIST: &str = "
SELECT id
     , credential
     , device
     , created_at
     , last_used_at
FROM passkey
WHERE account = ?1
ORDER BY created_at, id
LIMIT ?2
";

/// The passkeys of an account, oldest first, each with what the authenticator calls it.
pub async fn passkeys_list(directory: &Db, scope: &AccountScope) -> Result<Vec<(Passkey, String)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: PasskeyId,
        credential: String,
        device: String,
        created_at: Millis,
        last_used_at: Option<Millis>,
    }
    let rows: Vec<Row> =
        directory.rows(Statement::new(PASSKEYS_LIST, [scope.account().into(), PASSKEYS.into()])).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let Row { id, credential, device, created_at, last_used_at } = row;
            (Passkey { id, device, created_at, last_used_at }, credential)
        })
        .collect())
}

/// A passkey, as it is needed to check a signature.
#[derive(Debug, Clone)]
pub struct KnownPasskey {
    /// Which.
    pub id: PasskeyId,
    /// Whose.
    pub account: AccountId,
    /// How it signs: a number of COSE.
    pub algorithm: i32,
    /// SubjectPublicKeyInfo.
    pub public_key: Vec<u8>,
    /// How often it had signed.
    pub sign_count: u32,
}

/// Finds a passkey.
pub const PASSKEY_FIND: &str = "
SELECT passkey.id
     , passkey.account
     , passkey.algorithm
     , passkey.public_key
     , passkey.sign_count
FROM passkey
JOIN account ON account.id = passkey.account
WHERE passkey.credential = ?1
  AND account.state = 'active'
";

/// The passkey behind a credential. Naming it proves nothing: the caller checks its signature.
pub async fn passkey_find(
    directory: &Db,
    _scope: &OperatorScope,
    credential: &str,
) -> Result<Option<KnownPasskey>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: PasskeyId,
        account: AccountId,
        algorithm: i32,
        public_key: Vec<u8>,
        sign_count: u32,
    }
    let row: Option<Row> = directory.row(Statement::new(PASSKEY_FIND, [credential.into()])).await?;
    Ok(row.map(|row| KnownPasskey {
        id: row.id,
        account: row.account,
        algorithm: row.algorithm,
        public_key: row.public_key,
        sign_count: row.sign_count,
    }))
}

/// Notes a use.
pub const PASSKEY_TOUCH: &str = "
UPDATE passkey
SET sign_count = ?3
  , last_used_at = ?4
WHERE id = ?1
  AND account = ?2
  AND (sign_count < ?3 OR (sign_count = 0 AND ?3 = 0))
RETURNING id
";

/// Notes a use and where the counter stands. `false` where another use was counted meanwhile.
pub async fn passkey_touch(
    directory: &Db,
    scope: &AccountScope,
    id: PasskeyId,
    sign_count: u32,
    now: Millis,
) -> Result<bool, DbFault> {
    let row: Option<serde_json::Value> = directory
        .row(Statement::new(
            PASSKEY_TOUCH,
            [id.into(), scope.account().into(), sign_count.into(), now.into()],
        ))
        .await?;
    Ok(row.is_some())
}

/// Removes a passkey.
pub const PASSKEY_DELETE: &str = "
DELETE FROM passkey
WHERE id = ?1
  AND account = ?2
RETURNING id
";

/// The statement that removes a passkey; returns a row where there was one.
pub fn passkey_delete(scope: &AccountScope, id: PasskeyId) -> Statement {
    Statement::new(PASSKEY_DELETE, [id.into(), scope.account().into()])
}
