//! What a mail tells of, as the database has it at the moment of sending. Nothing here opens a sealed value.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::id::{AccountId, BusinessId};
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

async fn found<T: DeserializeOwned>(
    directory: &Db,
    sql: &'static str,
    about: &str,
) -> Result<Option<T>, DbFault> {
    directory.row(Statement::new(sql, [about.into()])).await
}

/// Finds a code that can still be entered.
pub const CODE_ENTERABLE: &str = "
SELECT expires_at
FROM sign_in_code
WHERE id = ?1
  AND used_at IS NULL
  AND expires_at > ?2
";

/// Whether a code can still be entered.
pub async fn code_enterable(
    directory: &Db,
    _scope: &OperatorScope,
    code: &str,
    now: Millis,
) -> Result<bool, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "expires_at")]
        _expires_at: Millis,
    }
    let row: Option<Row> = directory.row(Statement::new(CODE_ENTERABLE, [code.into(), now.into()])).await?;
    Ok(row.is_some())
}

/// An open invitation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct InvitationAbout {
    /// The business's name.
    pub business: String,
    /// The role in it.
    pub role: String,
    /// Who invites.
    pub invited_by: AccountId,
    /// Until when it stands.
    pub expires_at: Millis,
}

/// Finds an open invitation.
pub const INVITATION_ABOUT: &str = "
SELECT business.name AS business
     , invitation.role
     , invitation.invited_by
     , invitation.expires_at
FROM invitation
JOIN business ON business.id = invitation.business
WHERE invitation.id = ?1
  AND invitation.accepted_at IS NULL
  AND invitation.revoked_at IS NULL
  AND invitation.expires_at > ?2
  AND business.state = 'active'
";

/// An invitation, if it is open.
pub async fn invitation_about(
    directory: &Db,
    _scope: &OperatorScope,
    invitation: &str,
    now: Millis,
) -> Result<Option<InvitationAbout>, DbFault> {
    directory.row(Statement::new(INVITATION_ABOUT, [invitation.into(), now.into()])).await
}

/// A device, and since when it is known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DeviceAbout {
    /// "Firefox on Linux".
    pub device: String,
    /// Since when.
    pub created_at: Millis,
}

/// Finds the device of a session, also of one that was ended since: who signed in is told all the same.
pub const SESSION_ABOUT: &str = "
SELECT device
     , created_at
FROM session
WHERE id = ?1
";

/// The device of a session.
pub async fn session_about(
    directory: &Db,
    _scope: &OperatorScope,
    session: &str,
) -> Result<Option<DeviceAbout>, DbFault> {
    found(directory, SESSION_ABOUT, session).await
}

/// Finds the device that a passkey was made on.
pub const PASSKEY_ABOUT: &str = "
SELECT device
     , created_at
FROM passkey
WHERE id = ?1
";

/// The device that a passkey was made on.
pub async fn passkey_about(
    directory: &Db,
    _scope: &OperatorScope,
    passkey: &str,
) -> Result<Option<DeviceAbout>, DbFault> {
    found(directory, PASSKEY_ABOUT, passkey).await
}

/// An API token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TokenAbout {
    /// Its name.
    pub name: String,
    /// The name of the business that it opens.
    pub business: String,
    /// When it was made.
    pub created_at: Millis,
}

/// Finds an API token, also one that was revoked since.
pub const API_TOKEN_ABOUT: &str = "
SELECT api_token.name
     , business.name AS business
     , api_token.created_at
FROM api_token
JOIN business ON business.id = api_token.business
WHERE api_token.id = ?1
";

/// An API token's name and business.
pub async fn api_token_about(
    directory: &Db,
    _scope: &OperatorScope,
    token: &str,
) -> Result<Option<TokenAbout>, DbFault> {
    found(directory, API_TOKEN_ABOUT, token).await
}

/// Finds a change of address that can still be stopped.
pub const EMAIL_CHANGE_STOPPABLE: &str = "
SELECT effective_at
FROM email_change
WHERE id = ?1
  AND effective_at IS NOT NULL
  AND stopped_at IS NULL
  AND done_at IS NULL
";

/// When a change of address takes effect, if it can still be stopped.
pub async fn email_change_stoppable(
    directory: &Db,
    _scope: &OperatorScope,
    change: &str,
) -> Result<Option<Millis>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        effective_at: Millis,
    }
    let row: Option<Row> = found(directory, EMAIL_CHANGE_STOPPABLE, change).await?;
    Ok(row.map(|row| row.effective_at))
}

/// Finds the name of an active business.
pub const BUSINESS_NAME: &str = "
SELECT name
FROM business
WHERE id = ?1
  AND state = 'active'
";

/// The name of an active business.
pub async fn business_name(
    directory: &Db,
    _scope: &OperatorScope,
    business: BusinessId,
) -> Result<Option<String>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    let row: Option<Row> = directory.row(Statement::new(BUSINESS_NAME, [business.into()])).await?;
    Ok(row.map(|row| row.name))
}
