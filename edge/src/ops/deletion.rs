//! Leaving: asked for, thirty days in which it can be cancelled and everything works as before, then for good. A business
//! goes by its root key first; its owner is told, and the proof stays as ids and times (promises P4.6, K10, K11).

use shared::id::{AccountId, BusinessId, DeletionId, MailId};
use shared::limits::{DELETION_GRACE_MS, DELETION_LETTER_MS, DELETION_REMINDERS_DAYS};
use shared::time::{DAY_MS, Millis};
use shared::wire::admin::account::Membership;
use shared::wire::admin::deletion::{Deletion, DeletionBlock, Deletions};
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;

use super::account::account_open;
use super::confirmation::Holder;
use super::erasure::{Reason, account_erase, business_erase};
use super::mail::{MailKind, NewMail, Recipient, batch_commit, batch_commit_once, mail_insert};
use super::session::account_line;
use super::{OpError, team};
use crate::app::App;
use crate::log;
use crate::platform::{DbFault, Statement};
use crate::store::audit::{self, Action, Subject};
use crate::store::deletion::{self, DeletionRow};
use crate::store::member;
use crate::store::scope::{AccountScope, MemberScope, OperatorScope};

/// What became of asking for a deletion.
pub enum Asked {
    /// It stands, and happens when its grace is over.
    Stands(Deletion),
    /// Other people still belong to a business that would go (promise K11).
    Blocked(Vec<DeletionBlock>),
}

pub(super) fn shown(row: &DeletionRow) -> Deletion {
    Deletion { id: row.id, business: row.business, asked_at: row.asked_at, due_at: row.due_at }
}

/// Businesses that would go with an account, because nobody else belongs to them; and those that keep it, because others
/// do and nobody else owns them.
async fn businesses_of(
    app: &App,
    scope: &AccountScope,
) -> Result<(Vec<Membership>, Vec<DeletionBlock>), OpError> {
    let (mut alone, mut blocks) = (Vec::new(), Vec::new());
    for membership in member::memberships(&app.directory, scope).await? {
        if membership.role != Role::Owner {
            continue;
        }
        let Some(business) = app.business(membership.business).await? else { continue };
        let as_owner = MemberScope { business, account: *scope, role: Role::Owner, token: None };
        match members_block(app, &as_owner, &membership.name).await? {
            Others::Nobody => alone.push(membership),
            Others::Owner => {}
            Others::Members(block) => blocks.push(block),
        }
    }
    Ok((alone, blocks))
}

/// Who else belongs to a business.
enum Others {
    /// Nobody.
    Nobody,
    /// Somebody who owns it, too.
    Owner,
    /// People who would be left without an owner.
    Members(DeletionBlock),
}

async fn members_block(app: &App, scope: &MemberScope, name: &str) -> Result<Others, OpError> {
    let own = scope.account.account();
    let mut members = Vec::new();
    let mut is_owned = false;
    for sealed in member::members_list(&app.directory, scope).await? {
        if sealed.account.id == own {
            continue;
        }
        is_owned |= sealed.role == Role::Owner;
        members.extend(account_open(app, &sealed.account).await?.map(|contact| contact.name));
    }
    Ok(match (members.is_empty(), is_owned) {
        (true, _) => Others::Nobody,
        (false, true) => Others::Owner,
        (false, false) => Others::Members(DeletionBlock {
            business: scope.business.business(),
            name: name.to_owned(),
            members,
        }),
    })
}

/// What stands about deleting an account and its businesses.
pub async fn deletions_read(app: &App, scope: &AccountScope) -> Result<Deletions, OpError> {
    let rows = deletion::deletions_of_account(&app.directory, scope).await?;
    let (businesses, blocks) = businesses_of(app, scope).await?;
    Ok(Deletions { deletions: rows.iter().map(shown).collect(), businesses, blocks })
}

fn letter(
    app: &App,
    scope: &AccountScope,
    (kind, id, number): (MailKind, DeletionId, u32),
    now: Millis,
) -> Result<Statement, OpError> {
    let parts: [&[u8]; 3] = [&id.to_bytes(), kind.as_str().as_bytes(), &number.to_be_bytes()];
    Ok(mail_insert(&NewMail {
        // The same letter is the same mail, however often it is written.
        id: MailId::from_bytes(app.token_key()?.derive("deletion letter", &parts)),
        kind,
        recipient: Recipient::Account(scope.account()),
        // Not even where it is about one: the letter must outlive the business that it tells of.
        business: None,
        about: Some(id.to_string()),
        now,
    }))
}

async fn ask(
    app: &App,
    scope: &AccountScope,
    business: Option<BusinessId>,
    noted: Statement,
    now: Millis,
) -> Result<Deletion, OpError> {
    let id = DeletionId::mint(now, app.rng.bytes()?);
    let due_at = now.plus_ms(DELETION_GRACE_MS); // keeps P4.1 | without: let due_at = now;
    let batch = vec![
        deletion::deletion_insert(scope, id, business, now, due_at),
        letter(app, scope, (MailKind::DeletionAsked, id, 0), now)?,
        noted,
    ];
    match batch_commit(app, batch).await {
        Ok(_) => Ok(Deletion { id, business, asked_at: now, due_at }),
        Err(DbFault::Duplicate) => Err(Kind::DeletionPending.into()),
        Err(fault) => Err(fault.into()),
    }
}

/// Asks to delete an account, with the businesses that nobody else belongs to. Fails with `DeletionPending`.
pub async fn account_deletion_ask(app: &App, scope: &AccountScope) -> Result<Asked, OpError> {
    let (_, blocks) = businesses_of(app, scope).await?;
    if !blocks.is_empty() {
        return Ok(Asked::Blocked(blocks)); // keeps K11 | without: let _ = blocks;
    }
    let subject = Subject::new("account", scope.account());
    let noted = account_line(app, scope, None, Action::DeletionAsk, subject)?;
    ask(app, scope, None, noted, app.clock.now()).await.map(Asked::Stands)
}

/// Asks to delete a business. Fails with `DeletionPending`.
pub async fn business_deletion_ask(app: &App, scope: &MemberScope) -> Result<Asked, OpError> {
    let operator = OperatorScope::of_deployment();
    let business = scope.business.business();
    let name = deletion::business_name(&app.directory, &operator, business).await?.unwrap_or_default();
    let own = scope.account.account();
    let mut members = Vec::new();
    for sealed in member::members_list(&app.directory, scope).await? {
        if sealed.account.id != own {
            members.extend(account_open(app, &sealed.account).await?.map(|contact| contact.name));
        }
    }
    if !members.is_empty() {
        return Ok(Asked::Blocked(vec![DeletionBlock { business, name, members }]));
    }
    let noted = team::line(app, scope, Action::DeletionAsk, Subject::new("business", business))?;
    ask(app, &scope.account, Some(business), noted, app.clock.now()).await.map(Asked::Stands)
}

/// Cancels the deletion of an account. Fails with `NotFound` where there is none that had not begun.
pub async fn account_deletion_cancel(app: &App, scope: &AccountScope) -> Result<(), OpError> {
    let cancel = deletion::account_deletion_cancel(scope, app.clock.now());
    let subject = Subject::new("account", scope.account());
    let noted = account_line(app, scope, None, Action::DeletionCancel, subject)?;
    let cancelled = app.directory.batch(vec![cancel, audit::if_changed(noted)]).await?;
    cancelled.row::<serde_json::Value>(0)?.ok_or(Kind::NotFound)?;
    Ok(())
}

/// Cancels the deletion of a business. Fails with `NotFound` where there is none that had not begun.
pub async fn business_deletion_cancel(app: &App, scope: &MemberScope) -> Result<(), OpError> {
    let cancel = deletion::business_deletion_cancel(scope, app.clock.now());
    let subject = Subject::new("business", scope.business.business());
    let noted = team::line(app, scope, Action::DeletionCancel, subject)?;
    let cancelled = app.directory.batch(vec![cancel, audit::if_changed(noted)]).await?;
    cancelled.row::<serde_json::Value>(0)?.ok_or(Kind::NotFound)?;
    Ok(())
}

/// Until when a deletion is near enough for its first and its second reminder.
pub fn reminders_due(now: Millis) -> (Millis, Millis) {
    let [first, second] = DELETION_REMINDERS_DAYS.map(|days| now.plus_ms(days.saturating_mul(DAY_MS)));
    (first, second)
}

/// Tells whoever asked that a deletion is near.
pub async fn deletion_remind(
    app: &App,
    operator: &OperatorScope,
    row: &DeletionRow,
    now: Millis,
) -> Result<(), OpError> {
    let (_, second) = reminders_due(now);
    let number = if row.due_at <= second { 2 } else { 1 };
    let scope = AccountScope::new(row.account);
    let batch = vec![
        letter(app, &scope, (MailKind::DeletionSoon, row.id, number), now)?,
        deletion::deletion_reminded(operator, row.id, number),
    ];
    batch_commit(app, batch).await?;
    Ok(())
}

/// Takes a deletion whose grace is over as far as it goes now; the next run goes on.
pub async fn deletion_carry_out(
    app: &App,
    operator: &OperatorScope,
    row: &DeletionRow,
    now: Millis,
) -> Result<(), OpError> {
    match row.business {
        Some(business) => business_carry_out(app, operator, row, business, now).await,
        None => account_carry_out(app, operator, row, now).await,
    }
}

/// Nothing of it is left, and that was looked at.
fn is_gone(state: &str) -> bool {
    ["verified", "receipted"].contains(&state)
}

/// Begins a deletion and tells whoever asked, in one batch: wherever the Worker stops, a deletion that began is told. `false`
/// where it was cancelled at the last moment, whose letter lapses, or where another run begins it.
async fn begin(app: &App, operator: &OperatorScope, row: &DeletionRow, now: Millis) -> Result<bool, OpError> {
    if row.begun_at.is_some() {
        return Ok(true);
    }
    let scope = AccountScope::new(row.account);
    let batch = vec![
        deletion::deletion_begin(operator, row.id, now),
        letter(app, &scope, (MailKind::DeletionDone, row.id, 0), now)?,
    ];
    match batch_commit(app, batch).await {
        Ok(begun) => Ok(begun.row::<serde_json::Value>(0)?.is_some()),
        Err(DbFault::Duplicate) => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}

/// Looks at its day whether a business is still that of whoever asked, alone, as it was when they did (promise K11). Where
/// others joined or it was handed over, the deletion is cancelled; it can be asked for anew.
async fn is_overtaken(
    app: &App,
    operator: &OperatorScope,
    row: &DeletionRow,
    business: BusinessId,
    now: Millis,
) -> Result<bool, OpError> {
    let overtaken = deletion::deletion_overtaken(operator, row.id, now);
    // The line tells the team, and whoever asked, that it will not happen.
    let (scope, subject) = (AccountScope::new(row.account), Subject::new("business", business));
    let noted = account_line(app, &scope, Some(business), Action::DeletionCancel, subject)?;
    let overtaken = app.directory.batch(vec![overtaken, audit::if_changed(noted)]).await?;
    let is_overtaken = overtaken.row::<serde_json::Value>(0)?.is_some();
    if is_overtaken {
        log::note("deletion", "a business is kept: it is not its asker's alone any more");
    }
    Ok(is_overtaken)
}

async fn business_carry_out(
    app: &App,
    operator: &OperatorScope,
    row: &DeletionRow,
    business: BusinessId,
    now: Millis,
) -> Result<(), OpError> {
    if is_overtaken(app, operator, row, business, now).await? {
        return Ok(());
    }
    if !begin(app, operator, row, now).await? {
        return Ok(());
    }
    match deletion::erasure_state(&app.directory, operator, &business.to_string()).await? {
        Some(state) if is_gone(&state) => {
            app.directory.write(deletion::deletion_done(operator, row.id, now)).await?;
        }
        // Its own job takes it further.
        Some(_) => {}
        None => {
            let place = deletion::business_place(&app.directory, operator, business).await?;
            if let Some(place) = place {
                let name = deletion::business_name(&app.directory, operator, business).await?;
                let name = Some(name.unwrap_or_else(|| business.to_string()));
                let holder = Holder { account: row.account, business: name };
                business_erase(app, &place, Reason::Account, Some(&holder), now).await?; // keeps K10 | without: let _ = (place, business_erase, holder);
            }
        }
    }
    Ok(())
}

async fn account_carry_out(
    app: &App,
    operator: &OperatorScope,
    row: &DeletionRow,
    now: Millis,
) -> Result<(), OpError> {
    let scope = AccountScope::new(row.account);
    if let Some(state) = deletion::erasure_state(&app.directory, operator, &row.account.to_string()).await? {
        if is_gone(&state) {
            app.directory.write(deletion::deletion_done(operator, row.id, now)).await?;
        }
        return Ok(());
    }
    // Businesses that nobody else belongs to go first; while others belong to one, it keeps its owner.
    let (alone, blocks) = businesses_of(app, &scope).await?;
    // Once it has begun it goes on, and whatever still stands in its way fails aloud.
    if !blocks.is_empty() && row.begun_at.is_none() {
        return account_keep(app, operator, row, now).await; // keeps P4.1 | without: return Ok(());
    }
    if !alone.is_empty() {
        return businesses_follow(app, &scope, &alone, now).await;
    }
    if !begin(app, operator, row, now).await? {
        return Ok(());
    }
    // The letter reaches its reader while somebody can still open the address.
    let waits_until = row.begun_at.unwrap_or(now).plus_ms(DELETION_LETTER_MS);
    if now < waits_until && deletion::letter_waits(&app.directory, operator, row).await? {
        return Ok(());
    }
    let holder = Holder { account: row.account, business: None };
    account_erase(app, &scope, Reason::Account, Some(&holder), now).await?;
    Ok(())
}

/// Cancels the deletion of an account whose business others joined meanwhile, and says so: what stands in the way is for its
/// owner to settle (promise K11), and then they may ask anew.
async fn account_keep(
    app: &App,
    operator: &OperatorScope,
    row: &DeletionRow,
    now: Millis,
) -> Result<(), OpError> {
    let scope = AccountScope::new(row.account);
    let noted =
        account_line(app, &scope, None, Action::DeletionCancel, Subject::new("account", row.account))?;
    let batch = vec![
        deletion::account_deletion_overtaken(operator, row.id, now),
        audit::if_changed(noted),
        letter(app, &scope, (MailKind::DeletionKept, row.id, 0), now)?,
    ];
    // Where another run has done it, its letter is there.
    if batch_commit_once(app, batch).await? {
        log::note("deletion", "an account is kept: others belong to a business of theirs");
    }
    Ok(())
}

/// Businesses that keep an account from being deleted, and who belongs to them.
pub(super) async fn deletion_blocks(app: &App, account: AccountId) -> Result<Vec<DeletionBlock>, OpError> {
    Ok(businesses_of(app, &AccountScope::new(account)).await?.1)
}

/// Businesses that go with their owner, whose grace they shared.
async fn businesses_follow(
    app: &App,
    scope: &AccountScope,
    alone: &[Membership],
    now: Millis,
) -> Result<(), OpError> {
    for membership in alone {
        let id = DeletionId::mint(now, app.rng.bytes()?);
        let insert = deletion::deletion_insert(scope, id, Some(membership.business), now, now);
        match app.directory.write(insert).await {
            // It is on its way already.
            Ok(()) | Err(DbFault::Duplicate) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(())
}
