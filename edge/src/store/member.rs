//! Who belongs to which business.

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, SlabId};
use shared::limits::MEMBERS;
use shared::time::Millis;
use shared::wire::admin::account::Membership;
use shared::wire::admin::team::Role;

use super::account::SealedAccount;
use super::scope::{AccountScope, BusinessScope, MemberScope};
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

/// Finds an active business that has no other owner.
pub const LAST_OWNER: &str = "
SELECT membership.business
FROM membership
JOIN business ON business.id = membership.business
WHERE membership.account = ?1
  AND membership.role = 'owner'
  AND business.state = 'active'
  AND NOT EXISTS (
      SELECT 1
      FROM membership AS other
      WHERE other.business = membership.business
        AND other.role = 'owner'
        AND other.account <> ?1
  )
LIMIT 1
";

/// Whether an active business would be left without an owner.
pub async fn is_last_owner(directory: &Db, scope: &AccountScope) -> Result<bool, DbFault> {
    let found = directory.row::<serde_json::Value>(Statement::new(LAST_OWNER, [scope.account().into()]));
    Ok(found.await?.is_some())
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

#[derive(Deserialize)]
struct MemberRow {
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

impl From<MemberRow> for SealedMember {
    fn from(row: MemberRow) -> Self {
        Self {
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
        }
    }
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
    let rows: Vec<MemberRow> = directory
        .rows(Statement::new(MEMBERS_LIST, [scope.business.business().into(), MEMBERS.into()]))
        .await?;
    Ok(rows.into_iter().map(SealedMember::from).collect())
}

/// Reads members by their ids.
pub const MEMBERS_BY_ID: &str = "
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
FROM json_each(?2) AS wanted
JOIN membership ON membership.business = ?1 AND membership.account = wanted.value
JOIN account ON account.id = membership.account
JOIN seal_key ON seal_key.slab = account.slab AND seal_key.slot = account.slot
WHERE account.state <> 'deleting'
";

/// Those of the accounts that are members of a business. Whoever has left is nobody here any more.
pub async fn members_by_id(
    directory: &Db,
    scope: &BusinessScope,
    accounts: &[AccountId],
) -> Result<Vec<SealedMember>, DbFault> {
    let accounts = serde_json::to_string(accounts).map_err(|fault| DbFault::Failed(fault.to_string()))?;
    let values = [scope.business().into(), accounts.into()];
    let rows: Vec<MemberRow> = directory.rows(Statement::new(MEMBERS_BY_ID, values)).await?;
    Ok(rows.into_iter().map(SealedMember::from).collect())
}

/// Lists who leads a business.
pub const LEADERS_LIST: &str = "
SELECT account
FROM membership
WHERE business = ?1
  AND role IN ('owner', 'admin')
ORDER BY created_at
LIMIT 20
";

/// Owners and admins of a business: who is told what must not be missed.
pub async fn leaders_list(directory: &Db, scope: &BusinessScope) -> Result<Vec<AccountId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        account: AccountId,
    }
    let rows: Vec<Row> = directory.rows(Statement::new(LEADERS_LIST, [scope.business().into()])).await?;
    Ok(rows.into_iter().map(|row| row.account).collect())
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
