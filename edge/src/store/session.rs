//! Devices that are signed in. Only hashes of their cookies are kept.

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, SessionId};
use shared::limits::{SESSION_IDLE_MS, SESSION_MS, SESSION_TOUCH_MS};
use shared::time::Millis;
use shared::wire::admin::account::Session;
use shared::wire::admin::team::Role;

use super::scope::{AccountScope, BusinessScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};

/// What a session proves.
#[derive(Debug, Clone)]
pub struct OpenedSession {
    /// The session.
    pub id: SessionId,
    /// Who is signed in.
    pub account: AccountScope,
    /// The keyed hash of their address: says whether they run the deployment.
    pub email_finder: String,
    /// What they are in the business that was asked about, and where it lives.
    pub membership: Option<(BusinessScope, Role)>,
    /// The last recorded use is old enough to be written again.
    pub stale: bool,
}

/// Finds what a session opens.
pub const SESSION_OPEN: &str = "
SELECT session.id
     , session.account
     , session.last_used_at
     , account.email_finder
     , membership.role
     , business.shard
FROM session
JOIN account ON account.id = session.account
LEFT JOIN membership ON membership.business = ?2 AND membership.account = session.account
LEFT JOIN business ON business.id = membership.business AND business.state = 'active'
WHERE session.hash = ?1
  AND session.revoked_at IS NULL
  AND session.expires_at > ?3
  AND session.last_used_at > ?4
  AND account.state = 'active'
";

/// What the session with this hash opens. `None` where it is unknown, revoked, over, or was not used for 30 days.
pub async fn session_open(
    directory: &Db,
    _scope: &OperatorScope,
    hash: &str,
    business: Option<BusinessId>,
    now: Millis,
) -> Result<Option<OpenedSession>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: SessionId,
        account: AccountId,
        last_used_at: Millis,
        email_finder: String,
        role: Option<Role>,
        shard: Option<u32>,
    }
    let row: Option<Row> = directory
        .row(Statement::new(
            SESSION_OPEN,
            [hash.into(), business.into(), now.into(), now.minus_ms(SESSION_IDLE_MS).into()],
        ))
        .await?;
    Ok(row.map(|row| OpenedSession {
        id: row.id,
        account: AccountScope::new(row.account),
        email_finder: row.email_finder,
        membership: match (business, row.role, row.shard) {
            (Some(business), Some(role), Some(shard)) => {
                Some((BusinessScope::new(business, shard as usize), role))
            }
            _ => None,
        },
        stale: now.since_ms(row.last_used_at) > SESSION_TOUCH_MS,
    }))
}

/// A session that begins.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// The hash of its cookie.
    pub hash: String,
    /// Browser and system.
    pub device: String,
    /// The hash of the cookie by which the browser is known again.
    pub browser_hash: String,
}

/// Adds a session.
pub const SESSION_INSERT: &str = "
INSERT INTO session (id, hash, account, device, browser_hash, created_at, last_used_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
";

/// The statement that begins a session: 90 days at most.
pub fn session_insert(scope: &AccountScope, new: &NewSession, now: Millis) -> Statement {
    Statement::new(
        SESSION_INSERT,
        [
            new.id.into(),
            new.hash.as_str().into(),
            scope.account().into(),
            new.device.as_str().into(),
            new.browser_hash.as_str().into(),
            now.into(),
            now.plus_ms(SESSION_MS).into(),
        ],
    )
}

/// Notes a use.
pub const SESSION_TOUCH: &str = "
UPDATE session
SET last_used_at = ?3
WHERE id = ?1
  AND account = ?2
";

/// The statement that notes a use of a session.
pub fn session_touch(scope: &AccountScope, id: SessionId, now: Millis) -> Statement {
    Statement::new(SESSION_TOUCH, [id.into(), scope.account().into(), now.into()])
}

/// Ends a session.
pub const SESSION_REVOKE: &str = "
UPDATE session
SET revoked_at = ?3
WHERE id = ?1
  AND account = ?2
  AND revoked_at IS NULL
RETURNING id
";

/// The statement that ends a session of this account; returns a row where there was one to end.
pub fn session_revoke(scope: &AccountScope, id: SessionId, now: Millis) -> Statement {
    Statement::new(SESSION_REVOKE, [id.into(), scope.account().into(), now.into()])
}

/// Ends a session by its cookie.
pub const SESSION_HASH_REVOKE: &str = "
UPDATE session
SET revoked_at = ?2
WHERE hash = ?1
  AND revoked_at IS NULL
";

/// The statement that ends the session that a browser held before it signed in anew, whosesoever it was: who holds
/// the cookie may end it.
pub fn session_hash_revoke(_scope: &AccountScope, hash: &str, now: Millis) -> Statement {
    Statement::new(SESSION_HASH_REVOKE, [hash.into(), now.into()])
}

/// Ends all sessions.
pub const SESSIONS_REVOKE: &str = "
UPDATE session
SET revoked_at = ?2
WHERE account = ?1
  AND revoked_at IS NULL
";

/// The statement that signs an account out everywhere.
pub fn sessions_revoke(scope: &AccountScope, now: Millis) -> Statement {
    Statement::new(SESSIONS_REVOKE, [scope.account().into(), now.into()])
}

/// Lists living sessions.
pub const SESSIONS_LIST: &str = "
SELECT id
     , device
     , created_at
     , last_used_at
FROM session
WHERE account = ?1
  AND revoked_at IS NULL
  AND expires_at > ?2
  AND last_used_at > ?3
ORDER BY created_at DESC
LIMIT 200
";

/// The devices that are signed in, newest first; `current` is the one that asks.
pub async fn sessions_list(
    directory: &Db,
    scope: &AccountScope,
    current: SessionId,
    now: Millis,
) -> Result<Vec<Session>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: SessionId,
        device: String,
        created_at: Millis,
        last_used_at: Millis,
    }
    let rows: Vec<Row> = directory
        .rows(Statement::new(
            SESSIONS_LIST,
            [scope.account().into(), now.into(), now.minus_ms(SESSION_IDLE_MS).into()],
        ))
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Session {
            id: row.id,
            device: row.device,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            current: row.id == current,
        })
        .collect())
}

/// Looks for an earlier session of a browser.
pub const BROWSER_KNOWN: &str = "
SELECT (SELECT count(*) FROM session WHERE account = ?1 AND browser_hash = ?2) AS known
     , EXISTS (SELECT 1 FROM session WHERE account = ?1) AS signed_in_before
";

/// Whether a sign-in from this browser is worth an alert: the account was signed in before, and never from here.
pub async fn browser_is_new(
    directory: &Db,
    scope: &AccountScope,
    browser_hash: &str,
) -> Result<bool, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        known: i64,
        signed_in_before: i64,
    }
    let row: Option<Row> =
        directory.row(Statement::new(BROWSER_KNOWN, [scope.account().into(), browser_hash.into()])).await?;
    Ok(row.is_some_and(|row| row.known == 0 && row.signed_in_before != 0))
}

/// Finds a session's device.
pub const SESSION_DEVICE: &str = "
SELECT device
FROM session
WHERE id = ?1
";

/// What a session runs on, for the alert that tells of it.
pub async fn session_device(
    directory: &Db,
    _scope: &OperatorScope,
    id: SessionId,
) -> Result<Option<String>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        device: String,
    }
    let row: Option<Row> = directory.row(Statement::new(SESSION_DEVICE, [id.into()])).await?;
    Ok(row.map(|row| row.device))
}
