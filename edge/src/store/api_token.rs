//! Tokens for the API. Only their hash is kept.

use serde::Deserialize;
use shared::id::{AccountId, ApiTokenId, BusinessId};
use shared::limits::{API_TOKENS, SESSION_TOUCH_MS};
use shared::time::Millis;
use shared::wire::admin::team::Role;
use shared::wire::admin::token::{ApiScope, ApiToken};

use super::scope::{AccountScope, BusinessScope, MemberScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};

fn scopes_read(text: &str) -> Result<Vec<ApiScope>, DbFault> {
    serde_json::from_str(text).map_err(|fault| DbFault::Failed(format!("scopes of a token: {fault}")))
}

/// What a token proves, and whether its use wants noting.
#[derive(Debug, Clone)]
pub struct OpenedToken {
    /// The business, whoever made the token, and what they are in it now.
    pub scope: MemberScope,
    /// What it was made for.
    pub scopes: Vec<ApiScope>,
    /// The last recorded use is old enough to be written again.
    pub stale: bool,
}

/// Finds what a token opens.
pub const TOKEN_OPEN: &str = "
SELECT api_token.id
     , api_token.business
     , api_token.scopes
     , api_token.created_by
     , api_token.last_used_at
     , membership.role
     , business.shard
FROM api_token
JOIN membership ON membership.business = api_token.business AND membership.account = api_token.created_by
JOIN business ON business.id = api_token.business
JOIN account ON account.id = api_token.created_by
WHERE api_token.hash = ?1
  AND api_token.revoked_at IS NULL -- keeps P8.5
  AND api_token.expires_at > ?2
  AND business.state = 'active'
  AND account.state = 'active'
";

/// What the token with this hash opens: as much as its scopes and as whoever made it. `None` where it is unknown,
/// revoked or over, or its maker has left.
pub async fn token_open(
    directory: &Db,
    _scope: &OperatorScope,
    hash: &str,
    now: Millis,
) -> Result<Option<OpenedToken>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ApiTokenId,
        business: BusinessId,
        scopes: String,
        created_by: AccountId,
        last_used_at: Option<Millis>,
        role: Role,
        shard: u32,
    }
    let row: Option<Row> = directory.row(Statement::new(TOKEN_OPEN, [hash.into(), now.into()])).await?;
    row.map(|row| {
        Ok(OpenedToken {
            scope: MemberScope {
                business: BusinessScope::new(row.business, row.shard as usize),
                account: AccountScope::new(row.created_by),
                role: row.role,
                token: Some(row.id),
            },
            scopes: scopes_read(&row.scopes)?,
            stale: row.last_used_at.is_none_or(|last| now.since_ms(last) > SESSION_TOUCH_MS),
        })
    })
    .transpose()
}

/// Notes a use.
pub const TOKEN_TOUCH: &str = "
UPDATE api_token
SET last_used_at = ?3
WHERE id = ?1
  AND business = ?2
";

/// The statement that notes a use of a token.
pub fn token_touch(scope: &MemberScope, id: ApiTokenId, now: Millis) -> Statement {
    Statement::new(TOKEN_TOUCH, [id.into(), scope.business.business().into(), now.into()])
}

/// Adds a token.
pub const TOKEN_INSERT: &str = "
INSERT INTO api_token (id, business, hash, name, scopes, created_by, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
";

/// The statement that adds a token by its hash.
pub fn token_insert(scope: &MemberScope, hash: &str, about: &ApiToken) -> Statement {
    Statement::new(
        TOKEN_INSERT,
        [
            about.id.into(),
            scope.business.business().into(),
            hash.into(),
            about.name.as_str().into(),
            serde_json::json!(about.scopes).to_string().into(),
            about.created_by.into(),
            about.created_at.into(),
            about.expires_at.into(),
        ],
    )
}

/// Lists living tokens.
pub const TOKENS_LIST: &str = "
SELECT id
     , name
     , scopes
     , created_by
     , created_at
     , expires_at
     , last_used_at
FROM api_token
WHERE business = ?1
  AND revoked_at IS NULL
  AND expires_at > ?2
ORDER BY created_at DESC
LIMIT ?3
";

/// The living tokens of a business, newest first.
pub async fn tokens_list(directory: &Db, scope: &MemberScope, now: Millis) -> Result<Vec<ApiToken>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ApiTokenId,
        name: String,
        scopes: String,
        created_by: AccountId,
        created_at: Millis,
        expires_at: Millis,
        last_used_at: Option<Millis>,
    }
    let rows: Vec<Row> = directory
        .rows(Statement::new(TOKENS_LIST, [scope.business.business().into(), now.into(), API_TOKENS.into()]))
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ApiToken {
                id: row.id,
                name: row.name,
                scopes: scopes_read(&row.scopes)?,
                created_by: row.created_by,
                created_at: row.created_at,
                expires_at: row.expires_at,
                last_used_at: row.last_used_at,
            })
        })
        .collect()
}

/// Revokes a token.
pub const TOKEN_REVOKE: &str = "
UPDATE api_token
SET revoked_at = ?3
WHERE id = ?1
  AND business = ?2
  AND revoked_at IS NULL
RETURNING id
";

/// The statement that revokes a token; returns a row where there was one.
pub fn token_revoke(scope: &MemberScope, id: ApiTokenId, now: Millis) -> Statement {
    Statement::new(TOKEN_REVOKE, [id.into(), scope.business.business().into(), now.into()])
}

/// Revokes somebody's tokens.
pub const TOKENS_REVOKE: &str = "
UPDATE api_token
SET revoked_at = ?3
WHERE created_by = ?1
  AND business = ?2
  AND revoked_at IS NULL
";

/// The statement that revokes every token that somebody made in the caller's business: they leave with their maker.
pub fn tokens_revoke(scope: &MemberScope, account: AccountId, now: Millis) -> Statement {
    Statement::new(TOKENS_REVOKE, [account.into(), scope.business.business().into(), now.into()])
}
