//! What time is over for. A site's limit for conversations: shown with what another one would delete, changed after a day in which that can be
//! undone (promises P4.2, B6).

use shared::id::SiteId;
use shared::limits::LIMIT_CHANGE_MS;
use shared::rules::retention::{Class, limit_take};
use shared::time::Millis;
use shared::wire::admin::operator::{DueClass, DueClasses};
use shared::wire::admin::retention::{ChangeLimit, NextLimit, SiteLimit as Shown};
use shared::wire::problem::Kind;

use super::OpError;
use super::team::{line, line_about};
use crate::app::App;
use crate::rules::change;
use crate::store::audit::{Action, Detail, Subject};
use crate::store::due::{Where, due_count, due_of};
use crate::store::retention::{self, LimitRow, SiteLimit};
use crate::store::scope::{MemberScope, OperatorScope};

/// The limit of a site, a change that is on its way, and what `days` would delete if it were in force now. Fails with
/// `NotFound`, and with `ValueRefused` for a limit under a day or beyond the promise.
pub async fn limit_read(
    app: &App,
    scope: &MemberScope,
    site: SiteId,
    days: Option<i64>,
) -> Result<Shown, OpError> {
    let row = retention::limit_find(&app.directory, scope, site).await?.ok_or(Kind::NotFound)?;
    shown(app, scope, site, row, days).await
}

/// Asks for another limit. It takes effect after a day; until then it can be undone. The answer shows what will go. Fails
/// like [`limit_read`].
pub async fn limit_change(
    app: &App,
    scope: &MemberScope,
    site: SiteId,
    asked: &ChangeLimit,
) -> Result<Shown, OpError> {
    limit_take(asked.days).map_err(|_| Kind::ValueRefused)?;
    let found = retention::limit_find(&app.directory, scope, site).await?.ok_or(Kind::NotFound)?;
    let days = |days: Option<i64>| days.map_or_else(|| "12 months".to_owned(), |days| format!("{days} days"));
    let change = Detail::what(change::from_to(&days(found.days), &days(asked.days)));
    let now = app.clock.now();
    let effective_at = now.plus_ms(LIMIT_CHANGE_MS); // keeps B6 | without: let effective_at = now;
    app.directory
        .batch(vec![
            retention::limit_ask(scope, site, asked.days, now, effective_at),
            line_about(app, scope, Action::LimitChange, Subject::new("site", site), change)?,
        ])
        .await?;
    limit_read(app, scope, site, asked.days).await
}

/// Takes a change back that has not taken effect. Fails with `NotFound` where there is none.
pub async fn limit_undo(app: &App, scope: &MemberScope, site: SiteId) -> Result<(), OpError> {
    let undo = retention::limit_undo(scope, site, app.clock.now());
    let undone: Option<serde_json::Value> = app.directory.row(undo).await?;
    undone.ok_or(Kind::NotFound)?;
    let noted = line(app, scope, Action::LimitUndo, Subject::new("site", site))?;
    Ok(app.directory.write(noted).await?)
}

/// What of each class is over at `at` (now, where nobody says when): counted with the query that its purge deletes with
/// (promise B6).
pub async fn classes_due(
    app: &App,
    scope: &OperatorScope,
    at: Option<Millis>,
) -> Result<DueClasses, OpError> {
    let at = at.unwrap_or_else(|| app.clock.now());
    let mut classes = Vec::with_capacity(Class::ALL.len());
    for class in Class::ALL {
        let query = due_of(*class);
        let databases = match query.place {
            Where::Directory => std::slice::from_ref(&app.directory),
            Where::Shard => app.shards(scope),
        };
        let mut found = DueClass { class: class.as_str().to_owned(), rows: 0, oldest: None };
        for db in databases {
            let counted = due_count(db, scope, &query, class.limit().kept_from(at)).await?;
            found.rows = found.rows.saturating_add(counted.rows_due);
            let oldest = counted.oldest.map(|oldest| query.time_of(oldest));
            found.oldest = found.oldest.into_iter().chain(oldest).min();
        }
        classes.push(found);
    }
    Ok(DueClasses { at, classes })
}

async fn shown(
    app: &App,
    scope: &MemberScope,
    site: SiteId,
    row: LimitRow,
    days: Option<i64>,
) -> Result<Shown, OpError> {
    let limit = limit_take(days).map_err(|_| Kind::ValueRefused)?;
    let site = SiteLimit { site, business: scope.business, limit };
    let shard = app.shard(&scope.business)?;
    // What is due when the change takes effect, not what is due today.
    let cut_off = limit.kept_from(app.clock.now().plus_ms(LIMIT_CHANGE_MS));
    let preview = retention::limit_preview(shard, &site, cut_off).await?;
    Ok(Shown {
        days: row.days,
        next: row.next.map(|(days, effective_at)| NextLimit { days, effective_at }),
        conversations: preview.conversations,
        messages: preview.messages,
        files: preview.files,
        notes: preview.notes,
        comments: preview.comments,
        oldest: preview.oldest,
        spared: retention::conversations_spared(shard, &site, cut_off).await?,
    })
}
