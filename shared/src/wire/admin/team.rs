//! A team: members, their roles, and who is invited.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, InvitationId};
use crate::privacy::Personal;
use crate::time::Millis;

/// What somebody is in a business. Each may do what those before it may.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Answers visitors.
    Manager,
    /// Runs settings and team.
    Admin,
    /// Answers for the business.
    Owner,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Manager, Self::Admin, Self::Owner];

    /// The lower-case name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Manager => "manager",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Member {
    /// Who.
    pub account: AccountId,
    /// Their name.
    pub name: Personal<String>,
    /// Their address.
    pub email: Personal<String>,
    /// What they are.
    pub role: Role,
    /// Since when.
    pub since: Millis,
}

/// An invitation that is still open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Invitation {
    /// Which.
    pub id: InvitationId,
    /// To whom.
    pub email: Personal<String>,
    /// The role that is offered.
    pub role: Role,
    /// Who invited.
    pub invited_by: AccountId,
    /// Until when it can be accepted.
    pub expires_at: Millis,
}

/// The team of a business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Team {
    /// Its members, by how long they have been there.
    pub members: Vec<Member>,
    /// Open invitations, for those who may invite; empty for others.
    pub invitations: Vec<Invitation>,
}

/// Inviting somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Invite {
    /// Whom.
    pub email: Personal<String>,
    /// As what; never more than the inviter is.
    pub role: Role,
    /// The language of the mail.
    pub locale: String,
}

/// An invitation that is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Invited {
    /// Which.
    pub invitation: InvitationId,
    /// Until when it can be accepted.
    pub expires_at: Millis,
}

/// A member's new role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChangeRole {
    /// What they become.
    pub role: Role,
}

/// Handing a business over: the member becomes owner, the caller becomes admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TransferOwnership {
    /// To whom.
    pub account: AccountId,
}
