//! One-time codes: asked for, tried, used. Their digits stand nowhere.

use serde::Deserialize;
use shared::id::{AccountId, CodeId};
use shared::limits::{CODE_MS, CODE_TRIES};
use shared::time::{DAY_MS, HOUR_MS, Millis};

use super::scope::{AccountScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Confirming a sign-up.
    SignUp,
    /// Signing in.
    SignIn,
    /// Proving a new address.
    ChangeEmail,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
            Self::ChangeEmail => "change_email",
        }
    }
}

/// A code that is asked for.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// Its id, from which the digits follow.
    pub id: CodeId,
    /// What for.
    pub purpose: Purpose,
    /// Whose; `None` where nobody has that address.
    pub account: Option<AccountId>,
    /// The keyed hash of the address that it goes to.
    pub email_finder: String,
    /// The hash of the cookie of the browser that asks.
    pub nonce_hash: String,
    /// The keyed hash of the IP address that asks.
    pub asker: String,
}

/// How many codes were asked for lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct CodeCounts {
    /// For the address, within an hour.
    pub hour: u32,
    /// For the address, within a day.
    pub day: u32,
    /// By the IP address, within an hour.
    pub asker_hour: u32,
}

/// Counts codes.
pub const CODES_COUNT: &str = "
SELECT (SELECT count(*) FROM sign_in_code WHERE email_finder = ?1 AND created_at > ?3) AS hour
     , (SELECT count(*) FROM sign_in_code WHERE email_finder = ?1 AND created_at > ?4) AS day
     , (SELECT count(*) FROM sign_in_code WHERE asker = ?2 AND created_at > ?3) AS asker_hour
";

/// How many codes were asked for lately, for this address and by this IP address.
pub async fn codes_count(
    directory: &Db,
    _scope: &OperatorScope,
    email_finder: &str,
    asker: &str,
    now: Millis,
) -> Result<CodeCounts, DbFault> {
    let counts: Option<CodeCounts> = directory
        .row(Statement::new(
            CODES_COUNT,
            [email_finder.into(), asker.into(), now.minus_ms(HOUR_MS).into(), now.minus_ms(DAY_MS).into()],
        ))
        .await?;
    counts.ok_or_else(|| DbFault::Failed("a count returned nothing".into()))
}

/// Adds a code.
pub const CODE_INSERT: &str = "
INSERT INTO sign_in_code (id, purpose, account, email_finder, nonce_hash, asker, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
";

/// The statement that adds a code, for ten minutes.
pub fn code_insert(_scope: &OperatorScope, new: &NewCode, now: Millis) -> Statement {
    Statement::new(
        CODE_INSERT,
        [
            new.id.into(),
            new.purpose.as_str().into(),
            new.account.into(),
            new.email_finder.as_str().into(),
            new.nonce_hash.as_str().into(),
            new.asker.as_str().into(),
            now.into(),
            now.plus_ms(CODE_MS).into(),
        ],
    )
}

/// Takes one try of a code.
pub const CODE_TRY: &str = "
UPDATE sign_in_code
SET tries = tries + 1
WHERE id = ?1
  AND nonce_hash = ?2
  AND used_at IS NULL
  AND expires_at > ?3
  AND tries < ?4
RETURNING purpose, account
";

/// A code that may be compared once more.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct TriedCode {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub account: Option<AccountId>,
}

/// Takes one of the five tries of a code: counted before the digits are compared, so that guesses side by side count
/// too. `None` where it is unknown, used, over, out of tries, or asked for by another browser.
pub async fn code_try(
    directory: &Db,
    _scope: &OperatorScope,
    id: CodeId,
    nonce_hash: &str,
    now: Millis,
) -> Result<Option<TriedCode>, DbFault> {
    directory
        .row(Statement::new(CODE_TRY, [id.into(), nonce_hash.into(), now.into(), CODE_TRIES.into()]))
        .await
}

/// Uses a code.
pub const CODE_USE: &str = "
UPDATE sign_in_code
SET used_at = ?3
WHERE id = ?1
  AND account = ?2
  AND used_at IS NULL
RETURNING id
";

/// Uses a code up. `false` where a rival was first.
pub async fn code_use(
    directory: &Db,
    scope: &AccountScope,
    id: CodeId,
    now: Millis,
) -> Result<bool, DbFault> {
    #[derive(Deserialize)]
    struct Row {}
    let row: Option<Row> =
        directory.row(Statement::new(CODE_USE, [id.into(), scope.account().into(), now.into()])).await?;
    Ok(row.is_some())
}
