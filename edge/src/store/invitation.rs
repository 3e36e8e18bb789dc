//! Invitations into a business. Addresses leave here as they stand: sealed.

use serde::Deserialize;
use shared::id::{AccountId, BusinessId, InvitationId, SlabId};
use shared::limits::{INVITATION_MS, INVITATIONS};
use shared::time::Millis;
use shared::wire::admin::team::Role;

use super::scope::{AccountScope, BusinessScope, MemberScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// An invitation's address, sealed.
#[derive(Debug, Clone)]
pub struct SealedContact {
    /// Whose key it is under.
    pub business: BusinessScope,
    /// The language of the mail.
    pub locale: String,
    /// The keyed hash of the address.
    pub email_finder: String,
    /// The key.
    pub key: KeyRef,
    /// What proves the key.
    pub key_commit: Vec<u8>,
    /// The address, sealed.
    pub email: Vec<u8>,
}

/// Finds the address behind an open invitation.
pub const INVITATION_CONTACT: &str = "
SELECT invitation.business
     , business.shard
     , invitation.locale
     , invitation.email_finder
     , invitation.slab
     , invitation.slot
     , seal_key.commit16
     , invitation.email
FROM invitation
JOIN business ON business.id = invitation.business
JOIN seal_key ON seal_key.slab = invitation.slab AND seal_key.slot = invitation.slot
WHERE invitation.id = ?1
  AND invitation.revoked_at IS NULL
  AND business.state = 'active'
";

/// The address behind an invitation that was not revoked.
pub async fn invitation_contact(
    directory: &Db,
    _scope: &OperatorScope,
    id: InvitationId,
) -> Result<Option<SealedContact>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        business: shared::id::BusinessId,
        shard: u32,
        locale: String,
        email_finder: String,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        email: Vec<u8>,
    }
    let row: Option<Row> = directory.row(Statement::new(INVITATION_CONTACT, [id.into()])).await?;
    Ok(row.map(|row| SealedContact {
        business: BusinessScope::new(row.business, row.shard as usize),
        locale: row.locale,
        email_finder: row.email_finder,
        key: KeyRef { slab: row.slab, slot: row.slot },
        key_commit: row.commit16,
        email: row.email,
    }))
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
";

/// Makes whoever accepted a member. It stands right behind [`INVITATION_ACCEPT`] in its batch: where that changed
/// nothing there is no business to join, the row is refused, and nothing of the batch is written.
pub const INVITATION_JOIN: &str = "
INSERT INTO membership (business, account, role, created_at)
VALUES (
    (SELECT business FROM invitation WHERE id = ?1 AND accepted_at = ?3 AND changes() = 1)
  , ?2
  , (SELECT role FROM invitation WHERE id = ?1)
  , ?3
)
ON CONFLICT (business, account) DO NOTHING
";

/// The statements that accept an invitation and make the account a member as it offered. Their batch fails with
/// [`crate::platform::db::NO_INVITATION`] where it was accepted, revoked or over by then.
pub fn invitation_join(scope: &AccountScope, id: InvitationId, now: Millis) -> [Statement; 2] {
    [
        Statement::new(INVITATION_ACCEPT, [id.into(), now.into()]),
        Statement::new(INVITATION_JOIN, [id.into(), scope.account().into(), now.into()]),
    ]
}
