//! A team: inviting, joining, changing roles, leaving, handing over. A business always has an owner.

use shared::id::{AccountId, AuditId, InvitationId, MailId};
use shared::limits::{AUDIT_EXPORT, INVITATION_MS, INVITATIONS, MEMBERS};
use shared::privacy::{Personal, Secret};
use shared::wire::admin::audit::AuditPage;
use shared::wire::admin::sign_in::{InvitationJoin, InvitationLink, InvitationOffer};
use shared::wire::admin::team::{Invitation, Invite, Invited, Member, Role, Team};
use shared::wire::problem::Kind;

use super::OpError;
use super::account::{
    account_compose, account_open, address_take, invitation_open, invitation_seal, locale_take, name_take,
};
use super::journal::{Act, journal_put};
use super::mail::{MailKind, NewMail, Recipient, batch_commit, mail_insert};
use super::secret::business_key;
use super::session::{Browser, account_line, session_begin};
use crate::app::App;
use crate::platform::db::NO_INVITATION;
use crate::platform::{DbFault, Statement};
use crate::rules::csv::{Cell, csv_write};
use crate::rules::permission::{Op, is_allowed, may_give};
use crate::rules::{change, credential};
use crate::sealing::KeyScope;
use crate::store::account::{self, AccountState};
use crate::store::audit::{self, Action, Detail, Subject};
use crate::store::invitation::{self, SealedContact, SealedInvitation};
use crate::store::scope::{AccountScope, MemberScope, OperatorScope};
use crate::store::session::OpenedSession;
use crate::store::{api_token, member};

/// A line of the audit log about what a member does.
pub(super) fn line(
    app: &App,
    scope: &MemberScope,
    action: Action,
    subject: Subject,
) -> Result<Statement, OpError> {
    line_about(app, scope, action, subject, Detail::default())
}

/// The same, with why it was done or what changed.
pub(super) fn line_about(
    app: &App,
    scope: &MemberScope,
    action: Action,
    subject: Subject,
    detail: Detail,
) -> Result<Statement, OpError> {
    let now = app.clock.now();
    Ok(audit::member_line(scope, AuditId::mint(now, app.rng.bytes()?), action, subject, detail, now))
}

/// A batch that must leave the business an owner. Fails with `LastOwner`.
async fn owned_batch(app: &App, batch: Vec<Statement>) -> Result<(), OpError> {
    match batch_commit(app, batch).await {
        Ok(_) => Ok(()),
        Err(DbFault::Refused("last_owner")) => Err(Kind::LastOwner.into()),
        Err(fault) => Err(fault.into()),
    }
}

/// The team, with its open invitations for those who may invite.
pub async fn team_read(app: &App, scope: &MemberScope) -> Result<Team, OpError> {
    let mut members = Vec::new();
    for sealed in member::members_list(&app.directory, scope).await? {
        let Some(contact) = account_open(app, &sealed.account).await? else { continue };
        members.push(Member {
            account: sealed.account.id,
            name: contact.name,
            email: contact.email,
            role: sealed.role,
            since: sealed.since,
        });
    }
    let mut invitations = Vec::new();
    if is_allowed(Op::Invite, scope.role) && scope.token.is_none() {
        for sealed in invitation::invitations_list(&app.directory, scope, app.clock.now()).await? {
            let Some(email) = invitation_open(app, &scope.business, sealed.id, &sealed.contact).await? else {
                continue;
            };
            invitations.push(Invitation {
                id: sealed.id,
                email,
                role: sealed.role,
                invited_by: sealed.invited_by,
                expires_at: sealed.expires_at,
            });
        }
    }
    Ok(Team { members, invitations })
}

/// Invites somebody. An older invitation of the same address is taken back.
///
/// Fails with `RoleTooLow` where the role is above the inviter's, `AlreadyMember`, `TooMany`, `ValueRefused`.
pub async fn invite(app: &App, scope: &MemberScope, request: &Invite) -> Result<Invited, OpError> {
    let now = app.clock.now();
    if !may_give(scope.role, Role::Viewer, request.role) {
        return Err(Kind::RoleTooLow.into());
    }
    let address = address_take(app, &request.email).await?;
    let count = member::team_count(&app.directory, scope, &address.finder, now).await?;
    if count.is_member != 0 {
        return Err(Kind::AlreadyMember.into());
    }
    if count.invited >= INVITATIONS || count.members.saturating_add(count.invited) >= MEMBERS {
        return Err(Kind::TooMany.into());
    }
    let id = InvitationId::mint(now, app.rng.bytes()?);
    let (key, key_insert) = business_key(app, &scope.business, &app.directory).await?;
    let contact = SealedContact {
        business: scope.business,
        locale: locale_take(&request.locale).to_owned(),
        email_finder: address.finder.clone(),
        key: key.reference(),
        key_commit: Vec::new(),
        email: invitation_seal(app, &key, &scope.business, id, &address)?,
    };
    let mut batch: Vec<Statement> = key_insert.into_iter().collect();
    batch.push(invitation::invitations_supersede(scope, &address.finder, now));
    batch.push(invitation::invitation_insert(scope, id, request.role, &contact, now));
    let role = Detail::what(request.role.as_str().to_owned());
    batch.push(line_about(app, scope, Action::Invite, Subject::new("invitation", id), role)?);
    batch.push(mail_insert(&NewMail {
        id: MailId::mint(now, app.rng.bytes()?),
        kind: MailKind::Invitation,
        recipient: Recipient::Invitation(id),
        business: Some(scope.business.business()),
        about: Some(id.to_string()),
        now,
    }));
    batch_commit(app, batch).await?;
    Ok(Invited { invitation: id, expires_at: now.plus_ms(INVITATION_MS) })
}

/// Takes an invitation back. Fails with `NotFound`.
pub async fn invitation_revoke(app: &App, scope: &MemberScope, id: InvitationId) -> Result<(), OpError> {
    let revoke = invitation::invitation_revoke(scope, id, app.clock.now());
    let found: Option<serde_json::Value> = app.directory.row(revoke).await?;
    found.ok_or(Kind::NotFound)?;
    let noted = line(app, scope, Action::InvitationRevoke, Subject::new("invitation", id))?;
    app.directory.write(noted).await?;
    Ok(())
}

/// The open invitation behind a link. Fails with `InvitationRefused`, whatever is wrong with it.
async fn link_open(app: &App, link: &InvitationLink) -> Result<(SealedInvitation, String), OpError> {
    let token = credential::invitation_token_derive(app.token_key()?, link.invitation);
    if !credential::same(token.expose(), link.token.expose()) {
        return Err(Kind::InvitationRefused.into());
    }
    let operator = OperatorScope::of_deployment();
    let found =
        invitation::invitation_open(&app.directory, &operator, link.invitation, app.clock.now()).await?;
    Ok(found.ok_or(Kind::InvitationRefused)?)
}

/// What an invitation offers, for whoever holds its link. Fails with `InvitationRefused`.
pub async fn invitation_look(app: &App, link: &InvitationLink) -> Result<InvitationOffer, OpError> {
    let (invitation, business) = link_open(app, link).await?;
    let contact = &invitation.contact;
    let email = invitation_open(app, &contact.business, invitation.id, contact).await?;
    let operator = OperatorScope::of_deployment();
    let known = account::account_by_email(&app.directory, &operator, &contact.email_finder).await?;
    Ok(InvitationOffer {
        business,
        role: invitation.role, // keeps K1 | without: role: Role::Viewer,
        email: email.ok_or(Kind::InvitationRefused)?,
        has_account: known.is_some(),
    })
}

/// Accepts an invitation for whoever is signed in; it must have been sent to their address. Fails with
/// `InvitationRefused`.
pub async fn invitation_accept(
    app: &App,
    opened: &OpenedSession,
    link: &InvitationLink,
) -> Result<(), OpError> {
    let (invitation, _) = link_open(app, link).await?;
    if invitation.contact.email_finder != opened.email_finder {
        return Err(Kind::InvitationRefused.into());
    }
    let batch = joining(app, &opened.account, &invitation)?;
    match app.directory.batch(batch).await {
        Err(DbFault::Refused(NO_INVITATION)) => Err(Kind::InvitationRefused.into()),
        done => Ok(done.map(drop)?),
    }
}

/// The statements by which somebody joins. Of two that accept at once, one is refused.
fn joining(
    app: &App,
    scope: &AccountScope,
    invitation: &SealedInvitation,
) -> Result<Vec<Statement>, OpError> {
    let business = Some(invitation.contact.business.business());
    let subject = Subject::new("invitation", invitation.id);
    let [accept, join] = invitation::invitation_join(scope, invitation.id, app.clock.now());
    Ok(vec![accept, join, account_line(app, scope, business, Action::MemberJoin, subject)?])
}

/// Joins a team as somebody new: the link proves the address. Gives what goes into the session's cookie.
///
/// Fails with `InvitationRefused`, with `AccountExists` where the address has an account, and with `ValueRefused`.
pub async fn invitation_join(
    app: &App,
    browser: &Browser,
    request: &InvitationJoin,
) -> Result<Secret<String>, OpError> {
    let name = name_take(&request.name)?;
    let (invitation, _) = link_open(app, &request.link).await?;
    let contact = &invitation.contact;
    let operator = OperatorScope::of_deployment();
    if account::account_by_email(&app.directory, &operator, &contact.email_finder).await?.is_some() {
        return Err(Kind::AccountExists.into());
    }
    let email: Personal<String> = invitation_open(app, &contact.business, invitation.id, contact)
        .await?
        .ok_or(Kind::InvitationRefused)?;
    let address = address_take(app, &email).await?;
    let (sealed, key_insert) = account_compose(app, &name, &address, locale_take(&request.locale)).await?;
    let scope = AccountScope::new(sealed.id);
    let mut batch = vec![key_insert, account::account_insert(&sealed, AccountState::Active, app.clock.now())];
    batch.extend(joining(app, &scope, &invitation)?);
    let (cookie, session) = session_begin(app, &scope, browser).await?;
    batch.extend(session);
    match batch_commit(app, batch).await {
        Ok(_) => Ok(cookie),
        Err(DbFault::Duplicate) => Err(Kind::AccountExists.into()),
        Err(DbFault::Refused(NO_INVITATION)) => Err(Kind::InvitationRefused.into()),
        Err(fault) => Err(fault.into()),
    }
}

/// Changes a member's role. Fails with `NotFound`, `RoleTooLow` where an owner is touched or made by somebody who is
/// none, and `LastOwner`.
pub async fn role_change(
    app: &App,
    scope: &MemberScope,
    account: AccountId,
    role: Role,
) -> Result<(), OpError> {
    let held = member::member_role(&app.directory, scope, account).await?.ok_or(Kind::NotFound)?;
    if !may_give(scope.role, held, role) {
        return Err(Kind::RoleTooLow.into());
    }
    let change = Detail::what(change::from_to(held.as_str(), role.as_str()));
    let noted = line_about(app, scope, Action::MemberRole, Subject::new("account", account), change)?;
    owned_batch(app, vec![member::role_change(scope, account, role), noted]).await?;
    let (business, now) = (scope.business.business(), app.clock.now());
    let act = Act::RoleChanged { business, account, role, at: now };
    // In the order of their times: the last one stays.
    let id = format!("{business}-{account}-role-{}", now.as_i64());
    journal_put(app, KeyScope::Accounts, &id, &act, now).await
}

/// Sends a member away; their tokens go with them. Fails with `NotFound`, `RoleTooLow`, `LastOwner`.
pub async fn member_remove(app: &App, scope: &MemberScope, account: AccountId) -> Result<(), OpError> {
    let held = member::member_role(&app.directory, scope, account).await?.ok_or(Kind::NotFound)?;
    if !may_give(scope.role, held, Role::Viewer) {
        return Err(Kind::RoleTooLow.into());
    }
    member_go(app, scope, (account, held), Action::MemberRemove).await
}

/// Leaves the team. Fails with `LastOwner` where nobody would own the business.
pub async fn member_leave(app: &App, scope: &MemberScope) -> Result<(), OpError> {
    member_go(app, scope, (scope.account.account(), scope.role), Action::MemberLeave).await
}

async fn member_go(
    app: &App,
    scope: &MemberScope,
    (account, held): (AccountId, Role),
    action: Action,
) -> Result<(), OpError> {
    let tokens = api_token::tokens_revoke(scope, account, app.clock.now());
    let role = Detail::what(held.as_str().to_owned());
    let noted = line_about(app, scope, action, Subject::new("account", account), role)?;
    let (business, now) = (scope.business.business(), app.clock.now());
    let act = Act::MemberRemoved { business, account, at: Some(now) };
    owned_batch(app, vec![member::member_delete(scope, account), tokens, noted]).await?;
    // Each time is an act of its own: who was sent away may have joined again.
    let id = format!("{business}-{account}-{}", now.as_i64());
    journal_put(app, KeyScope::Accounts, &id, &act, now).await
}

/// Hands the business over to a member, who becomes owner; the caller becomes admin. Fails with `NotFound` where
/// they do not belong to it, or are the caller.
pub async fn ownership_transfer(app: &App, scope: &MemberScope, account: AccountId) -> Result<(), OpError> {
    let own = scope.account.account();
    let known = member::member_role(&app.directory, scope, account).await?;
    known.filter(|_| account != own).ok_or(Kind::NotFound)?;
    let now = app.clock.now();
    let mut batch = vec![
        member::role_change(scope, account, Role::Owner),
        // Refused by the schema where the other one left meanwhile: then nobody would own the business.
        member::role_change(scope, own, Role::Admin),
        line(app, scope, Action::OwnershipTransfer, Subject::new("account", account))?,
    ];
    for recipient in [own, account] {
        batch.push(mail_insert(&NewMail {
            id: MailId::mint(now, app.rng.bytes()?),
            kind: MailKind::OwnershipTransferred,
            recipient: Recipient::Account(recipient),
            business: Some(scope.business.business()),
            about: None,
            now,
        }));
    }
    owned_batch(app, batch).await
}

/// A page of the audit log.
pub async fn audit_read(
    app: &App,
    scope: &MemberScope,
    before: Option<AuditId>,
    deed: Option<&str>,
) -> Result<AuditPage, OpError> {
    Ok(audit::audit_page(&app.directory, scope, before, deed).await?)
}

/// The audit log as a table, newest first: of all deeds or of one. People have their names where they are in the team.
pub async fn audit_csv(app: &App, scope: &MemberScope, deed: Option<&str>) -> Result<String, OpError> {
    let entries = audit::audit_rows(&app.directory, scope, (None, deed), AUDIT_EXPORT).await?;
    // A token that opens the log opens nobody's name by it.
    let members = if scope.token.is_none() { team_read(app, scope).await?.members } else { Vec::new() };
    let name_of = |account: AccountId| {
        let member = members.iter().find(|member| member.account == account);
        member.map_or(Cell::Empty, |member| Cell::Text(member.name.expose().clone()))
    };
    let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
    let rows: Vec<Vec<Cell>> = entries
        .into_iter()
        .map(|entry| {
            vec![
                Cell::Text(super::record::second(entry.at)),
                name_of(entry.account),
                Cell::Text(entry.account.to_string()),
                text(entry.token.map(|token| token.to_string())),
                Cell::Text(entry.action),
                Cell::Text(entry.subject_kind),
                Cell::Text(entry.subject),
                text(entry.reason),
                text(entry.change),
            ]
        })
        .collect();
    let head = ["at", "name", "account", "token", "deed", "kind", "subject", "reason", "change"];
    Ok(csv_write(&head, &rows))
}
