//! The person who is signed in: their own data, devices and businesses.

use serde::{Deserialize, Serialize};

use super::sign_in::CodeAsked;
use super::team::Role;
use crate::id::{AccountId, BusinessId, CodeId, SessionId};
use crate::privacy::{Personal, Secret};
use crate::time::Millis;

/// Who is signed in, and where they may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Me {
    /// The account.
    pub account: AccountId,
    /// Their name.
    pub name: Personal<String>,
    /// Their address.
    pub email: Personal<String>,
    /// Their language.
    pub locale: String,
    /// They agreed to statistics of use, and their browser does not say otherwise (promises P7.1, K7).
    pub analytics: bool,
    /// The browser sent Global Privacy Control or Do Not Track.
    pub opted_out: bool,
    /// They run this deployment.
    pub operator: bool,
    /// Their businesses, oldest first.
    pub memberships: Vec<Membership>,
    /// An address that is about to replace `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_change: Option<PendingEmail>,
    /// What goes into `X-Loquet-Csrf`.
    pub csrf: Secret<String>,
    /// This session.
    pub session: SessionId,
}

/// A business that somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Membership {
    /// The business.
    pub business: BusinessId,
    /// Its name.
    pub name: String,
    /// What they are in it.
    pub role: Role,
}

/// A new address that was proved and waits, so that the old one can stop it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PendingEmail {
    /// Which change.
    pub change: CodeId,
    /// The new address.
    pub email: Personal<String>,
    /// When it replaces the old one.
    pub effective_at: Millis,
}

/// Changing one's own name and language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChangeAccount {
    /// The name.
    pub name: Personal<String>,
    /// The language.
    pub locale: String,
}

/// Choosing whether use may be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChangePreferences {
    /// Yes or no; no is where everybody begins.
    pub analytics: bool,
}

/// Counting a use of the dashboard, by somebody who agreed to be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CountUse {
    /// A page or a feature, from the list in `shared::rules::usage`.
    pub name: String,
}

/// A device that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Browser and system, without a place.
    pub device: String,
    /// Since when.
    pub created_at: Millis,
    /// When it was last used, to about ten minutes.
    pub last_used_at: Millis,
    /// It is the one that asks.
    pub current: bool,
}

/// Devices that are signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Sessions {
    /// Each of them, newest first.
    pub sessions: Vec<Session>,
}

/// Asking to change one's address: a code goes to the new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChangeEmail {
    /// The new address.
    pub email: Personal<String>,
}

/// The code is on its way to the new address.
pub type EmailCodeAsked = CodeAsked;

/// The new address is proved; it replaces the old one later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EmailConfirmed {
    /// When.
    pub effective_at: Millis,
}

/// Stopping a change of address, by the link in the mail to the old one. All devices are signed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StopEmailChange {
    /// Which change.
    pub change: CodeId,
    /// What proves that the mail was read.
    pub token: Secret<String>,
}
