//! Canned replies, labels, saved views and settings of the inbox, as members read and change them.

use shared::id::{CannedReplyId, LabelId, ViewId};
use shared::limits::{
    CANNED_REPLIES, LABELS, LINE_CHARACTERS, MESSAGE_CHARACTERS, NAME_CHARACTERS, SHORTCUT_CHARACTERS, VIEWS,
};
use shared::rules::language::language_primary;
use shared::rules::message::{message_text, reply_is_fillable};
use shared::rules::person::line_text;
use shared::wire::admin::inbox::list::Filter;
use shared::wire::admin::inbox::settings::{HandOff, Notifications};
use shared::wire::admin::inbox::words::{
    CannedReplies, CannedReply, Label, Labels, PutCannedReply, PutLabel, PutView, View, Views,
};
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;

use super::OpError;
use super::team::{line, line_about};
use crate::app::App;
use crate::platform::{DbFault, Statement};
use crate::rules::{change, hand_off};
use crate::store::audit::{Action, Detail, Subject};
use crate::store::scope::MemberScope;
use crate::store::{desk_word, inbox_setting};

/// Commits a deed and its line of the audit log. The first statement returns a row where the deed was done.
async fn done_or(app: &App, deed: Statement, noted: Statement, otherwise: Kind) -> Result<(), OpError> {
    match app.directory.batch(vec![deed, noted]).await {
        Ok(batch) => {
            let row: Option<serde_json::Value> = batch.row(0)?;
            row.map(drop).ok_or_else(|| otherwise.into())
        }
        // A shortcut, or a label's name, that is taken.
        Err(DbFault::Duplicate) => Err(Kind::ValueRefused.into()),
        Err(fault) => Err(fault.into()),
    }
}

/// The canned replies of a business.
pub async fn canned_replies_list(app: &App, scope: &MemberScope) -> Result<CannedReplies, OpError> {
    Ok(CannedReplies {
        replies: desk_word::canned_replies_list(&app.directory, scope, CANNED_REPLIES).await?,
    })
}

fn canned_reply_take(put: &PutCannedReply) -> Result<PutCannedReply, OpError> {
    let is_short = (1..=SHORTCUT_CHARACTERS).contains(&put.shortcut.len());
    let is_plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    let text = message_text(&put.text)?;
    if !is_short
        || !put.shortcut.bytes().all(is_plain)
        || text.chars().count() > MESSAGE_CHARACTERS
        || !reply_is_fillable(&text)
    {
        return Err(Kind::ValueRefused.into());
    }
    let locale = match put.locale.as_deref() {
        Some(locale) => Some(language_primary(locale).ok_or(Kind::ValueRefused)?),
        None => None,
    };
    let title = line_text(&put.title, LINE_CHARACTERS).ok_or(Kind::ValueRefused)?;
    Ok(PutCannedReply { shortcut: put.shortcut.clone(), title, text, locale })
}

/// Adds a canned reply. Fails with `ValueRefused` (also where the shortcut is taken) and `TooMany`.
pub async fn canned_reply_add(
    app: &App,
    scope: &MemberScope,
    put: &PutCannedReply,
) -> Result<CannedReply, OpError> {
    let (reply, now) = (canned_reply_take(put)?, app.clock.now());
    let id = CannedReplyId::mint(now, app.rng.bytes()?);
    let insert = desk_word::canned_reply_insert(scope, id, &reply, (now, CANNED_REPLIES));
    let noted = line(app, scope, Action::CannedReplyPut, Subject::new("canned_reply", id))?;
    done_or(app, insert, noted, Kind::TooMany).await?;
    Ok(CannedReply { id, reply })
}

/// Changes a canned reply. Fails with `NotFound` and `ValueRefused`.
pub async fn canned_reply_change(
    app: &App,
    scope: &MemberScope,
    id: CannedReplyId,
    put: &PutCannedReply,
) -> Result<(), OpError> {
    let reply = canned_reply_take(put)?;
    let change = desk_word::canned_reply_change(scope, id, &reply, app.clock.now());
    let noted = line(app, scope, Action::CannedReplyPut, Subject::new("canned_reply", id))?;
    done_or(app, change, noted, Kind::NotFound).await
}

/// Deletes a canned reply. Fails with `NotFound`.
pub async fn canned_reply_delete(app: &App, scope: &MemberScope, id: CannedReplyId) -> Result<(), OpError> {
    let noted = line(app, scope, Action::CannedReplyDelete, Subject::new("canned_reply", id))?;
    done_or(app, desk_word::canned_reply_delete(scope, id), noted, Kind::NotFound).await
}

/// The labels of a business.
pub async fn labels_list(app: &App, scope: &MemberScope) -> Result<Labels, OpError> {
    Ok(Labels { labels: desk_word::labels_list(&app.directory, scope, LABELS).await? })
}

fn label_take(put: &PutLabel) -> Result<PutLabel, OpError> {
    let name = line_text(&put.name, NAME_CHARACTERS).ok_or(Kind::ValueRefused)?;
    Ok(PutLabel { name, color: put.color })
}

/// Adds a label. Fails with `ValueRefused` (also where the name is taken) and `TooMany`.
pub async fn label_add(app: &App, scope: &MemberScope, put: &PutLabel) -> Result<Label, OpError> {
    let (label, now) = (label_take(put)?, app.clock.now());
    let id = LabelId::mint(now, app.rng.bytes()?);
    let insert = desk_word::label_insert(scope, id, &label, (now, LABELS));
    let noted = line(app, scope, Action::LabelPut, Subject::new("label", id))?;
    done_or(app, insert, noted, Kind::TooMany).await?;
    Ok(Label { id, label })
}

/// Changes a label. Fails with `NotFound` and `ValueRefused`.
pub async fn label_change(
    app: &App,
    scope: &MemberScope,
    id: LabelId,
    put: &PutLabel,
) -> Result<(), OpError> {
    let label = label_take(put)?;
    let noted = line(app, scope, Action::LabelPut, Subject::new("label", id))?;
    done_or(app, desk_word::label_change(scope, id, &label), noted, Kind::NotFound).await
}

/// Deletes a label: conversations that carried it carry it no more. Fails with `NotFound`.
pub async fn label_delete(app: &App, scope: &MemberScope, id: LabelId) -> Result<(), OpError> {
    let noted = line(app, scope, Action::LabelDelete, Subject::new("label", id))?;
    done_or(app, desk_word::label_delete(scope, id), noted, Kind::NotFound).await?;
    // Conversations are in another database: what a stop between the two leaves there names nothing, and lists say so.
    let shard = app.shard(&scope.business)?;
    shard.write(crate::store::mark::label_forget(scope, id)).await?;
    Ok(())
}

/// The team's views and the member's own.
pub async fn views_list(app: &App, scope: &MemberScope) -> Result<Views, OpError> {
    Ok(Views { views: desk_word::views_list(&app.directory, scope, VIEWS).await? })
}

fn view_take(scope: &MemberScope, put: &PutView) -> Result<(PutView, String), OpError> {
    if put.shared && scope.role < Role::Admin {
        return Err(Kind::RoleTooLow.into());
    }
    let name = line_text(&put.name, NAME_CHARACTERS).ok_or(Kind::ValueRefused)?;
    let locale =
        put.filter.locale.as_deref().map(|locale| language_primary(locale).ok_or(Kind::ValueRefused));
    let filter = Filter { locale: locale.transpose()?, ..put.filter.clone() };
    let text = serde_json::to_string(&filter).map_err(|_| Kind::ValueRefused)?;
    Ok((PutView { name, filter, shared: put.shared }, text))
}

/// Saves a view. Fails with `RoleTooLow` where it is for the team and the member is no admin, `ValueRefused`, `TooMany`.
pub async fn view_add(app: &App, scope: &MemberScope, put: &PutView) -> Result<View, OpError> {
    let ((view, filter), now) = (view_take(scope, put)?, app.clock.now());
    let id = ViewId::mint(now, app.rng.bytes()?);
    let insert = desk_word::view_insert(scope, id, &view, filter, (now, VIEWS));
    let noted = line(app, scope, Action::ViewPut, Subject::new("view", id))?;
    done_or(app, insert, noted, Kind::TooMany).await?;
    Ok(View { id, owner: (!view.shared).then(|| scope.account.account()), view })
}

/// Changes a view. Fails with `NotFound` where it is another member's, or the team's and the member is no admin.
pub async fn view_change(app: &App, scope: &MemberScope, id: ViewId, put: &PutView) -> Result<(), OpError> {
    let (view, filter) = view_take(scope, put)?;
    let change = desk_word::view_change(scope, id, &view, filter, scope.role >= Role::Admin);
    let noted = line(app, scope, Action::ViewPut, Subject::new("view", id))?;
    done_or(app, change, noted, Kind::NotFound).await
}

/// Deletes a view. Fails as [`view_change`] does.
pub async fn view_delete(app: &App, scope: &MemberScope, id: ViewId) -> Result<(), OpError> {
    let delete = desk_word::view_delete(scope, id, scope.role >= Role::Admin);
    let noted = line(app, scope, Action::ViewDelete, Subject::new("view", id))?;
    done_or(app, delete, noted, Kind::NotFound).await
}

/// When the machine hands over.
pub async fn hand_off_read(app: &App, scope: &MemberScope) -> Result<HandOff, OpError> {
    Ok(inbox_setting::hand_off_find(&app.directory, &scope.business).await?)
}

/// Says when the machine hands over. Fails with `ValueRefused`.
pub async fn hand_off_change(app: &App, scope: &MemberScope, given: &HandOff) -> Result<(), OpError> {
    let settings = hand_off::settings_take(given).ok_or(Kind::ValueRefused)?;
    let before = inbox_setting::hand_off_find(&app.directory, &scope.business).await?;
    let changed = Detail::what(change::fields(&before, &settings));
    let subject = Subject::new("business", scope.business.business());
    let noted = line_about(app, scope, Action::HandOffChange, subject, changed)?;
    let put = inbox_setting::hand_off_put(scope, &settings, app.clock.now());
    app.directory.batch(vec![put, noted]).await?;
    Ok(())
}

/// How the member hears of things.
pub async fn notifications_read(app: &App, scope: &MemberScope) -> Result<Notifications, OpError> {
    Ok(inbox_setting::notifications_find(&app.directory, scope).await?)
}

/// Says how the member hears of things: their own affair, so no line of the log tells of it.
pub async fn notifications_change(
    app: &App,
    scope: &MemberScope,
    settings: &Notifications,
) -> Result<(), OpError> {
    app.directory.write(inbox_setting::notifications_put(scope, settings, app.clock.now())).await?;
    Ok(())
}
