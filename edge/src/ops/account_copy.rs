//! A copy of what is held about somebody who signs in, as JSON and as a ZIP (promises P6.1, P6.5).

use shared::limits::{COPY_AUDIT_LINES, COPY_MAILS, VIEWS};
use shared::wire::admin::account::{Me, Membership};
use shared::wire::admin::deletion::{AccountCopy, AccountExport, CopyDevice, CopyMember};

use super::account_request::own_requests_list;
use super::deletion::shown;
use super::{Fault, OpError};
use crate::app::App;
use crate::rules::zip::Zip;
use crate::store::scope::{AccountScope, MemberScope};
use crate::store::session::OpenedSession;
use crate::store::{audit, deletion, desk_word, inbox_setting, mail, passkey, session};

/// What the archive says about itself to whoever opens it.
const READ_ME: &str = "This is a copy of everything that is held about you as somebody who signs in.\n\n\
    data.json   name, address, businesses and roles, devices, passkeys, settings, saved views, mails (kind and time),\n\
    \x20           what the log says you did, deletions and everything else that you asked for about your data\n\n\
    The format is described at docs/export-schema.md of Loquet; its name stands in data.json as \"schema\".\n\
    Times are milliseconds since 1 January 1970, UTC.\n";

/// A copy of everything that is held about somebody who signs in.
pub async fn account_copy(app: &App, opened: &OpenedSession, me: Me) -> Result<AccountExport, OpError> {
    let (now, scope) = (app.clock.now(), &opened.account);
    let mut copy = AccountCopy::of(me, now);
    let sessions = session::sessions_list(&app.directory, scope, opened.id, now).await?;
    copy.sessions = sessions
        .into_iter()
        .map(|one| CopyDevice {
            device: one.device,
            created_at: one.created_at,
            last_used_at: Some(one.last_used_at),
        })
        .collect();
    copy.passkeys = passkey::passkeys_list(&app.directory, scope)
        .await?
        .into_iter()
        .map(|(one, _)| CopyDevice {
            device: one.device,
            created_at: one.created_at,
            last_used_at: one.last_used_at,
        })
        .collect();
    copy.audit = audit::audit_of_account(&app.directory, scope, COPY_AUDIT_LINES).await?;
    let rows = deletion::deletions_of_account(&app.directory, scope).await?;
    copy.deletions = rows.iter().map(shown).collect();
    let mut settings = Vec::new();
    for membership in &copy.memberships {
        settings.extend(settings_of(app, scope, membership).await?);
    }
    let mails = mail::mails_of_account(&app.directory, scope, COPY_MAILS).await?;
    let rights = own_requests_list(app, scope).await?;
    Ok(AccountExport { copy, settings, mails, rights })
}

/// What somebody set up for themselves in a business. `None` where it is being deleted.
async fn settings_of(
    app: &App,
    scope: &AccountScope,
    membership: &Membership,
) -> Result<Option<CopyMember>, OpError> {
    let Some(business) = app.business(membership.business).await? else { return Ok(None) };
    let member = MemberScope { business, account: *scope, role: membership.role, token: None };
    let mut views = desk_word::views_list(&app.directory, &member, VIEWS).await?;
    // The team's views are the business's.
    views.retain(|view| view.owner == Some(scope.account()));
    let notifications = inbox_setting::notifications_find(&app.directory, &member).await?;
    Ok(Some(CopyMember { business: membership.business, notifications, views }))
}

/// The copy as a ZIP: small enough to be written at once.
pub async fn account_archive(app: &App, opened: &OpenedSession, me: Me) -> Result<Vec<u8>, OpError> {
    let copy = account_copy(app, opened, me).await?;
    let data = serde_json::to_vec_pretty(&copy).map_err(|fault| Fault::Platform(fault.to_string()))?;
    let full = |fault: crate::rules::zip::ZipFull| OpError::from(Fault::Platform(fault.to_string()));
    let mut zip = Zip::default();
    let mut bytes = zip.entry("README.txt", READ_ME.as_bytes()).map_err(full)?;
    bytes.extend(zip.entry("data.json", &data).map_err(full)?); // keeps P6.5
    bytes.extend(zip.finish().map_err(full)?);
    Ok(bytes)
}
