//! Who belongs to which business, and who is invited.

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, InvitationId, SlabId};
use shared::limits::{INVITATION_MS, INVITATIONS, MEMBERS};
use shared::time::Millis;
use shared::wire::admin::account::Membership;
use shared::wire::admin::team::Role;

use super::account::{SealedAccount, SealedContact};
use super::scope::{AccountScope, BusinessScope, MemberScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// Lists somebody's businesses.
pub const MEMBERSHIPS: &str = "
SELECT membership.business
     , business.name
     , membership.role
FROM membership
JOIN business ON business.id = membership.business
WHERE membership.account = ?1
  AND business.state = 'active'
ORDER BY membership.created_at, membership.business
LIMIT 200
";

/// The businesses of an account, oldest first.
pub async fn memberships(directory: &Db, scope: &AccountScope) -> Result<Vec<Membership>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        business: BusinessId,
        name: String,
        role: Role,
    }
    let rows: Vec<Row> = directory.rows(Statement::new(MEMBERSHIPS, [scope.account().into()])).await?;
    Ok(rows
        .into_iter()
        .map(|row| Membership { business: row.business, name: row.name, role: row.role })
        .collect())
}

/// A member, sealed.
#[derive(Debug, Clone)]
pub struct SealedMember {
    /// Who.
    pub account: SealedAccount,
    /// What they are.
    pub role: Role,
    /// Since when.
    pub since: Millis,
}

/// Lists members.
pub const MEMBERS_LIST: &str = "
SELECT account.id
     , account.locale
     , account.email_finder
     , account.slab
     , account.slot
     , seal_key.commit16
     , account.name
     , account.email
     , account.analytics
     , membership.role
     , membership.created_at AS since
FROM membership
JOIN account ON account.id = membership.account
JOIN seal_key ON seal_key.slab = account.slab AND seal_key.slot = account.slot
WHERE membership.business = ?1
ORDER BY membership.created_at, membership.account
LIMIT ?2
";

/// The members of a business, by how long they have been there.
pub async fn members_list(directory: &Db, scope: &MemberScope) -> Result<Vec<SealedMember>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: AccountId,
        locale: String,
        email_finder: String,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        name: Vec<u8>,
        email: Vec<u8>,
        analytics: i64,
        role: Role,
        since: Millis,
    }
    let rows: Vec<Row> = directory
        .rows(Statement::new(MEMBERS_LIST, [scope.business.business().into(), MEMBERS.into()]))
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| SealedMember {
            account: SealedAccount {
                id: row.id,
                locale: row.locale,
                email_finder: row.email_finder,
                key: KeyRef { slab: row.slab, slot: row.slot },
                key_commit: row.commit16,
                name: row.name,
                email: row.email,
                analytics: row.analytics != 0,
            },
            role: row.role,
            since: row.since,
        })
        .collect())
}

/// Finds a member's role.
pub const MEMBER_ROLE: &str = "
SELECT role
FROM membership
WHERE business = ?1
  AND account = ?2
";

/// What somebody is in the caller's business. `None` where they do not belong to it.
pub async fn member_role(
    directory: &Db,
    scope: &MemberScope,
    account: AccountId,
) -> Result<Option<Role>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        role: Role,
    }
    let row: Option<Row> = directory
        .row(Statement::new(MEMBER_ROLE, [scope.business.business().into(), account.into()]))
        .await?;
    Ok(row.map(|row| row.role))
}

/// Adds a member.
pub const MEMBER_INSERT: &str = "
INSERT INTO membership (business, account, role, created_at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (business, account) DO NOTHING
";

/// The statement that makes an account a member of a business that it opens.
pub fn member_insert(scope: &AccountScope, business: &BusinessScope, role: Role, now: Millis) -> Statement {
    Statement::new(
        MEMBER_INSERT,
        [business.business().into(), scope.account().into(), role.as_str().into(), now.into()],
    )
}

/// Changes a role.
pub const ROLE_CHANGE: &str = "
UPDATE membership
SET role = ?3
WHERE business = ?1
  AND account = ?2
";

/// The statement that changes a member's role. Fails with `last_owner` where the last owner would become less.
pub fn role_change(scope: &MemberScope, account: AccountId, role: Role) -> Statement {
    Statement::new(ROLE_CHANGE, [scope.business.business().into(), account.into(), role.as_str().into()])
}

/// Removes a member.
pub const MEMBER_DELETE: &str = "
DELETE FROM membership
WHERE business = ?1
  AND account = ?2
";

/// The statement that removes a member. Fails with `last_owner` where nobody would own the business.
pub fn member_delete(scope: &MemberScope, account: AccountId) -> Statement {
    Statement::new(MEMBER_DELETE, [scope.business.business().into(), account.into()])
}

/// An invitation, as the team sees it, sealed.
#[derive(Debug, Clone)]
pub struct SealedInvitation {
    /// Which.
    pub id: InvitationId,
    /// The role that is offered.
    pub role: Role,
    /// Who invited.
    pub invited_by: AccountId,
    /// Until when it can be accepted.
    pub expires_at: Millis,
    /// The address.
    pub contact: SealedContact,
}

#[derive(Deserialize)]
struct InvitationRow {
    id: InvitationId,
    business: BusinessId,
    shard: u32,
    role: Role,
    invited_by: AccountId,
    expires_at: Millis,
    locale: String,
    email_finder: String,
    slab: SlabId,
    slot: u16,
    commit16: Vec<u8>,
    email: Vec<u8>,
    business_name: String,
}

impl From<InvitationRow> for SealedInvitation {
    fn from(row: InvitationRow) -> Self {
        Self {
            id: row.id,
            role: row.role,
            invited_by: row.invited_by,
            expires_at: row.expires_at,
            contact: SealedContact {
                business: BusinessScope::new(row.business, row.shard as usize),
                locale: row.locale,
                email_finder: row.email_finder,
                key: KeyRef { slab: row.slab, slot: row.slot },
                key_commit: row.commit16,
                email: row.email,
            },
        }
    }
}

/// Lists open invitations.
pub const INVITATIONS_LIST: &str = "
SELECT invitation.id
     , invitation.business
     , business.shard
     , invitation.role
     , invitation.invited_by
     , invitation.expires_at
     , invitation.locale
     , invitation.email_finder
     , invitation.slab
     , invitation.slot
     , seal_key.commit16
     , invitation.email
     , business.name AS business_name
FROM invitation
JOIN business ON business.id = invitation.business
JOIN seal_key ON seal_key.slab = invitation.slab AND seal_key.slot = invitation.slot
WHERE invitation.business = ?1
  AND invitation.accepted_at IS NULL
  AND invitation.revoked_at IS NULL
  AND invitation.expires_at > ?2
ORDER BY invitation.created_at
LIMIT ?3
";

/// The open invitations of a business, oldest first.
pub async fn invitations_list(
    directory: &Db,
    scope: &MemberScope,
    now: Millis,
) -> Result<Vec<SealedInvitation>, DbFault> {
    let rows: Vec<InvitationRow> = directory
        .rows(Statement::new(
            INVITATIONS_LIST,
            [scope.business.business().into(), now.into(), INVITATIONS.into()],
        ))
        .await?;
    Ok(rows.into_iter().map(SealedInvitation::from).collect())
}

/// Finds an open invitation.
pub const INVITATION_OPEN: &str = "
SELECT invitation.id
     , invitation.business
     , business.shard
     , invitation.role
     , invitation.invited_by
     , invitation.expires_at
     , invitation.locale
     , invitation.email_finder
     , invitation.slab
     , invitation.slot
     , seal_key.commit16
     , invitation.email
     , business.name AS business_name
FROM invitation
JOIN business ON business.id = invitation.business
JOIN seal_key ON seal_key.slab = invitation.slab AND seal_key.slot = invitation.slot
WHERE invitation.id = ?1
  AND invitation.accepted_at IS NULL
  AND invitation.revoked_at IS NULL
  AND invitation.expires_at > ?2
  AND business.state = 'active'
";

/// An open invitation with the business's name. The caller has checked the token of its link.
pub async fn invitation_open(
    directory: &Db,
    _scope: &OperatorScope,
    id: InvitationId,
    now: Millis,
) -> Result<Option<(SealedInvitation, String)>, DbFault> {
    let row: Option<InvitationRow> =
        directory.row(Statement::new(INVITATION_OPEN, [id.into(), now.into()])).await?;
    Ok(row.map(|row| {
        let name = row.business_name.clone();
        (row.into(), name)
    }))
}

/// Counts who is there and who is invited.
pub const TEAM_COUNT: &str = "
SELECT (SELECT count(*) FROM membership WHERE business = ?1) AS members
     , (SELECT count(*) FROM invitation
        WHERE business = ?1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?2) AS invited
     , EXISTS (
           SELECT 1
           FROM membership
           JOIN account ON account.id = membership.account
           WHERE membership.business = ?1 AND account.email_finder = ?3
       ) AS is_member
";

/// How large a team is.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct TeamCount {
    /// Its members.
    pub members: u32,
    /// Its open invitations.
    pub invited: u32,
    /// Somebody with the address in question belongs to it (0 or 1).
    pub is_member: u32,
}

/// How large the team is, and whether somebody with an address belongs to it.
pub async fn team_count(
    directory: &Db,
    scope: &MemberScope,
    email_finder: &str,
    now: Millis,
) -> Result<TeamCount, DbFault> {
    let count: Option<TeamCount> = directory
        .row(Statement::new(TEAM_COUNT, [scope.business.business().into(), now.into(), email_finder.into()]))
        .await?;
    count.ok_or_else(|| DbFault::Failed("a count returned nothing".into()))
}

/// Adds an invitation.
pub const INVITATION_INSERT: &str = "
INSERT INTO invitation (id, business, email_finder, role, locale, invited_by, slab, slot, email, created_at
                      , expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
";

/// The statement that adds an invitation, for seven days. What was sealed comes as `contact`.
pub fn invitation_insert(
    scope: &MemberScope,
    id: InvitationId,
    role: Role,
    contact: &SealedContact,
    now: Millis,
) -> Statement {
    Statement::new(
        INVITATION_INSERT,
        [
            id.into(),
            scope.business.business().into(),
            contact.email_finder.as_str().into(),
            role.as_str().into(),
            contact.locale.as_str().into(),
            scope.account.account().into(),
            contact.key.slab.into(),
            contact.key.slot.into(),
            contact.email.clone().into(),
            now.into(),
            now.plus_ms(INVITATION_MS).into(),
        ],
    )
}

/// Takes back older invitations of an address.
pub const INVITATIONS_SUPERSEDE: &str = "
UPDATE invitation
SET revoked_at = ?3
WHERE business = ?1
  AND email_finder = ?2
  AND accepted_at IS NULL
  AND revoked_at IS NULL
";

/// The statement that takes back what an address was offered before: one invitation at a time.
pub fn invitations_supersede(scope: &MemberScope, email_finder: &str, now: Millis) -> Statement {
    Statement::new(INVITATIONS_SUPERSEDE, [scope.business.business().into(), email_finder.into(), now.into()])
}

/// Takes an invitation back.
pub const INVITATION_REVOKE: &str = "
UPDATE invitation
SET revoked_at = ?3
WHERE id = ?1
  AND business = ?2
  AND accepted_at IS NULL
  AND revoked_at IS NULL
RETURNING id
";

/// The statement that takes an invitation back; returns a row where there was one.
pub fn invitation_revoke(scope: &MemberScope, id: InvitationId, now: Millis) -> Statement {
    Statement::new(INVITATION_REVOKE, [id.into(), scope.business.business().into(), now.into()])
}

/// Accepts an invitation.
pub const INVITATION_ACCEPT: &str = "
UPDATE invitation
SET accepted_at = ?2
WHERE id = ?1
  AND accepted_at IS NULL
  AND revoked_at IS NULL
  AND expires_at > ?2
RETURNING id
";

/// Makes whoever accepted a member.
pub const INVITATION_JOIN: &str = "
INSERT INTO membership (business, account, role, created_at)
SELECT business, ?2, role, ?3
FROM invitation
WHERE id = ?1
  AND accepted_at = ?3
  AND revoked_at IS NULL
ON CONFLICT (business, account) DO NOTHING
";

/// Accepts an invitation. `false` where it was accepted, revoked or over by then.
pub async fn invitation_accept(
    directory: &Db,
    _scope: &AccountScope,
    id: InvitationId,
    now: Millis,
) -> Result<bool, DbFault> {
    #[derive(Deserialize)]
    struct Row {}
    let row: Option<Row> = directory.row(Statement::new(INVITATION_ACCEPT, [id.into(), now.into()])).await?;
    Ok(row.is_some())
}

/// The statement that makes an account a member as the invitation, accepted at this very time, offered.
pub fn invitation_join(scope: &AccountScope, id: InvitationId, now: Millis) -> Statement {
    Statement::new(INVITATION_JOIN, [id.into(), scope.account().into(), now.into()])
}

/// Forgets invitations.
pub const INVITATIONS_FORGET: &str = "
DELETE FROM invitation
WHERE id IN (SELECT id FROM invitation WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)
RETURNING id
";

/// The statement that forgets up to `limit` invitations that ended until `before`.
pub fn invitations_forget(_scope: &OperatorScope, before: Millis, limit: u32) -> Statement {
    Statement::new(INVITATIONS_FORGET, [before.into(), limit.into()])
}
