//! Deleting oneself or a business: asked for, thirty days of grace, then for good. And a copy of one's own data.

use serde::{Deserialize, Serialize};

use super::account::{Me, Membership};
use super::account_request::OwnRequests;
use super::audit::AuditEntry;
use super::inbox::settings::Notifications;
use super::inbox::words::View;
use crate::id::{AccountId, BusinessId, DeletionId};
use crate::privacy::Personal;
use crate::time::Millis;

/// A deletion on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Deletion {
    /// Which.
    pub id: DeletionId,
    /// The business that goes; absent where it is the account itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business: Option<BusinessId>,
    /// When it was asked for.
    pub asked_at: Millis,
    /// When it happens; until then it can be cancelled.
    pub due_at: Millis,
}

/// A business that keeps an account from going: other people still belong to it, and nobody else owns it (promise K11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeletionBlock {
    /// The business.
    pub business: BusinessId,
    /// What it is called.
    pub name: String,
    /// Who else belongs to it.
    pub members: Vec<Personal<String>>,
}

/// What stands about deleting an account and its businesses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Deletions {
    /// What was asked for and has not happened.
    pub deletions: Vec<Deletion>,
    /// Businesses that would go with the account.
    pub businesses: Vec<Membership>,
    /// What is in the way.
    pub blocks: Vec<DeletionBlock>,
}

/// A device in a copy of one's own data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyDevice {
    /// Browser and system.
    pub device: String,
    /// Since when.
    pub created_at: Millis,
    /// When it was last used.
    #[serde(default)]
    pub last_used_at: Option<Millis>,
}

/// What somebody set up for themselves in a business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyMember {
    /// The business.
    pub business: BusinessId,
    /// How they hear of conversations.
    pub notifications: Notifications,
    /// Their own saved views.
    pub views: Vec<View>,
}

/// A mail that went to them, or will; words and address are kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CopyMail {
    /// What it was about.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// When it was asked for.
    pub at: Millis,
}

/// A copy of everything that is held about somebody who signs in (promises P6.1, P6.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AccountCopy {
    /// `loquet-account-1`.
    pub schema: String,
    /// When it was made.
    pub made_at: Millis,
    /// The account.
    pub account: AccountId,
    /// Name.
    pub name: Personal<String>,
    /// Address.
    pub email: Personal<String>,
    /// Language.
    pub locale: String,
    /// Use may be counted.
    pub analytics: bool,
    /// Businesses and roles.
    pub memberships: Vec<Membership>,
    /// Devices that are signed in.
    pub sessions: Vec<CopyDevice>,
    /// Passkeys.
    pub passkeys: Vec<CopyDevice>,
    /// What they did, newest first, 1,000 lines at most.
    pub audit: Vec<AuditEntry>,
    /// Deletions that were asked for.
    pub deletions: Vec<Deletion>,
}

/// The whole copy: what the dashboard shows of it, and what it need not know the shape of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AccountExport {
    /// What the dashboard shows.
    #[serde(flatten)]
    pub copy: AccountCopy,
    /// What they set up for themselves, by business.
    pub settings: Vec<CopyMember>,
    /// Mails of the last thirty days, newest first, 500 at most.
    pub mails: Vec<CopyMail>,
    /// What they asked for about their own data, and since when nothing optional processes it.
    #[serde(default)]
    pub rights: OwnRequests,
}

impl AccountCopy {
    /// The schema's name.
    pub const SCHEMA: &'static str = "loquet-account-1";

    /// A copy that begins with what the dashboard knows of its reader.
    pub fn of(me: Me, made_at: Millis) -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            made_at,
            account: me.account,
            name: me.name,
            email: me.email,
            locale: me.locale,
            analytics: me.analytics,
            memberships: me.memberships,
            sessions: Vec::new(),
            passkeys: Vec::new(),
            audit: Vec::new(),
            deletions: Vec::new(),
        }
    }
}
