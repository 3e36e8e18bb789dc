//! Words that a business keeps at hand for its inbox: canned replies, labels and saved views. In the directory.

use serde::Deserialize;
use shared::id::{AccountId, CannedReplyId, LabelId, ViewId};
use shared::time::Millis;
use shared::wire::admin::inbox::words::{
    CannedReply, Label, LabelColor, PutCannedReply, PutLabel, PutView, View,
};

use super::scope::MemberScope;
use crate::platform::{Db, DbFault, Statement};

/// Lists canned replies.
pub const CANNED_REPLIES_LIST: &str = "
SELECT id
     , shortcut
     , title
     , text
     , locale
FROM canned_reply
WHERE business = ?1
ORDER BY shortcut
LIMIT ?2
";

/// The canned replies of a business, by shortcut.
pub async fn canned_replies_list(
    directory: &Db,
    scope: &MemberScope,
    limit: u32,
) -> Result<Vec<CannedReply>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: CannedReplyId,
        shortcut: String,
        title: String,
        text: String,
        locale: Option<String>,
    }
    let values = [scope.business.business().into(), limit.into()];
    let rows: Vec<Row> = directory.rows(Statement::new(CANNED_REPLIES_LIST, values)).await?;
    let reply_of = |row: Row| CannedReply {
        id: row.id,
        reply: PutCannedReply {
            shortcut: row.shortcut,
            title: row.title,
            text: row.text,
            locale: row.locale,
        },
    };
    Ok(rows.into_iter().map(reply_of).collect())
}

/// Adds a canned reply where there is room for one more.
pub const CANNED_REPLY_INSERT: &str = "
INSERT INTO canned_reply (id, business, shortcut, title, text, locale, created_at, updated_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7
WHERE (SELECT count(*) FROM canned_reply WHERE business = ?2) < ?8
RETURNING id
";

/// The statement that adds a canned reply; it returns a row unless there are too many. Fails with `Duplicate` where the
/// shortcut is taken.
pub fn canned_reply_insert(
    scope: &MemberScope,
    id: CannedReplyId,
    put: &PutCannedReply,
    (now, most): (Millis, u32),
) -> Statement {
    Statement::new(
        CANNED_REPLY_INSERT,
        [
            id.into(),
            scope.business.business().into(),
            put.shortcut.as_str().into(),
            put.title.as_str().into(),
            put.text.as_str().into(),
            put.locale.clone().into(),
            now.into(),
            most.into(),
        ],
    )
}

/// Changes a canned reply.
pub const CANNED_REPLY_CHANGE: &str = "
UPDATE canned_reply
SET shortcut = ?3
  , title = ?4
  , text = ?5
  , locale = ?6
  , updated_at = ?7
WHERE id = ?1
  AND business = ?2
RETURNING id
";

/// The statement that changes a canned reply; it returns a row where there is one. Fails with `Duplicate`.
pub fn canned_reply_change(
    scope: &MemberScope,
    id: CannedReplyId,
    put: &PutCannedReply,
    now: Millis,
) -> Statement {
    Statement::new(
        CANNED_REPLY_CHANGE,
        [
            id.into(),
            scope.business.business().into(),
            put.shortcut.as_str().into(),
            put.title.as_str().into(),
            put.text.as_str().into(),
            put.locale.clone().into(),
            now.into(),
        ],
    )
}

/// Deletes a canned reply.
pub const CANNED_REPLY_DELETE: &str = "
DELETE FROM canned_reply
WHERE id = ?1
  AND business = ?2
RETURNING id
";

/// The statement that deletes a canned reply; it returns a row where there was one.
pub fn canned_reply_delete(scope: &MemberScope, id: CannedReplyId) -> Statement {
    Statement::new(CANNED_REPLY_DELETE, [id.into(), scope.business.business().into()])
}

/// Lists labels.
pub const LABELS_LIST: &str = "
SELECT id
     , name
     , color
FROM label
WHERE business = ?1
ORDER BY name
LIMIT ?2
";

/// The labels of a business, by name. A colour that this version does not know is grey.
pub async fn labels_list(directory: &Db, scope: &MemberScope, limit: u32) -> Result<Vec<Label>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: LabelId,
        name: String,
        color: String,
    }
    let values = [scope.business.business().into(), limit.into()];
    let rows: Vec<Row> = directory.rows(Statement::new(LABELS_LIST, values)).await?;
    let label_of = |row: Row| {
        let color = LabelColor::ALL.into_iter().find(|color| color.as_str() == row.color).unwrap_or_default();
        Label { id: row.id, label: PutLabel { name: row.name, color } }
    };
    Ok(rows.into_iter().map(label_of).collect())
}

/// Counts which of some labels are a business's.
pub const LABELS_KNOWN: &str = "
SELECT count(*) AS known
FROM label
WHERE business = ?1
  AND id IN (SELECT value FROM json_each(?2))
";

/// Every one of the labels is the business's.
pub async fn labels_known(directory: &Db, scope: &MemberScope, labels: &[LabelId]) -> Result<bool, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        known: usize,
    }
    let text = serde_json::to_string(labels).map_err(|fault| DbFault::Failed(fault.to_string()))?;
    let values = [scope.business.business().into(), text.into()];
    let row: Option<Row> = directory.row(Statement::new(LABELS_KNOWN, values)).await?;
    Ok(row.is_some_and(|row| row.known == labels.len()))
}

/// Adds a label where there is room for one more.
pub const LABEL_INSERT: &str = "
INSERT INTO label (id, business, name, color, created_at)
SELECT ?1, ?2, ?3, ?4, ?5
WHERE (SELECT count(*) FROM label WHERE business = ?2) < ?6
RETURNING id
";

/// The statement that adds a label; it returns a row unless there are too many. Fails with `Duplicate` where the name
/// is taken.
pub fn label_insert(
    scope: &MemberScope,
    id: LabelId,
    put: &PutLabel,
    (now, most): (Millis, u32),
) -> Statement {
    Statement::new(
        LABEL_INSERT,
        [
            id.into(),
            scope.business.business().into(),
            put.name.as_str().into(),
            put.color.as_str().into(),
            now.into(),
            most.into(),
        ],
    )
}

/// Changes a label.
pub const LABEL_CHANGE: &str = "
UPDATE label
SET name = ?3
  , color = ?4
WHERE id = ?1
  AND business = ?2
RETURNING id
";

/// The statement that changes a label; it returns a row where there is one. Fails with `Duplicate`.
pub fn label_change(scope: &MemberScope, id: LabelId, put: &PutLabel) -> Statement {
    let values =
        [id.into(), scope.business.business().into(), put.name.as_str().into(), put.color.as_str().into()];
    Statement::new(LABEL_CHANGE, values)
}

/// Deletes a label.
pub const LABEL_DELETE: &str = "
DELETE FROM label
WHERE id = ?1
  AND business = ?2
RETURNING id
";

/// The statement that deletes a label; it returns a row where there was one.
pub fn label_delete(scope: &MemberScope, id: LabelId) -> Statement {
    Statement::new(LABEL_DELETE, [id.into(), scope.business.business().into()])
}

/// Lists the team's views and one member's own.
pub const VIEWS_LIST: &str = "
SELECT id
     , owner
     , name
     , filter
FROM saved_view
WHERE business = ?1
  AND (owner IS NULL OR owner = ?2)
ORDER BY name, id
LIMIT ?3
";

/// The team's views and the member's own, by name. One whose filter this version can't read is left out.
pub async fn views_list(directory: &Db, scope: &MemberScope, limit: u32) -> Result<Vec<View>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ViewId,
        owner: Option<AccountId>,
        name: String,
        filter: String,
    }
    let values = [scope.business.business().into(), scope.account.account().into(), limit.into()];
    let rows: Vec<Row> = directory.rows(Statement::new(VIEWS_LIST, values)).await?;
    let view_of = |row: Row| {
        let filter = serde_json::from_str(&row.filter).ok()?;
        let view = PutView { name: row.name, filter, shared: row.owner.is_none() };
        Some(View { id: row.id, owner: row.owner, view })
    };
    Ok(rows.into_iter().filter_map(view_of).collect())
}

/// Adds a view where there is room for one more.
pub const VIEW_INSERT: &str = "
INSERT INTO saved_view (id, business, owner, name, filter, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6
WHERE (SELECT count(*) FROM saved_view WHERE business = ?2) < ?7
RETURNING id
";

/// The statement that adds a view; it returns a row unless there are too many.
pub fn view_insert(
    scope: &MemberScope,
    id: ViewId,
    put: &PutView,
    filter: String,
    (now, most): (Millis, u32),
) -> Statement {
    let owner = (!put.shared).then(|| scope.account.account());
    Statement::new(
        VIEW_INSERT,
        [
            id.into(),
            scope.business.business().into(),
            owner.into(),
            put.name.as_str().into(),
            filter.into(),
            now.into(),
            most.into(),
        ],
    )
}

/// Changes a view that is the member's own, or the team's where they may.
pub const VIEW_CHANGE: &str = "
UPDATE saved_view
SET name = ?3
  , filter = ?4
  , owner = ?5
WHERE id = ?1
  AND business = ?2
  AND (owner = ?6 OR (owner IS NULL AND ?7 = 1))
RETURNING id
";

/// The statement that changes a view; it returns a row where the member may change it. `is_admin` may change the team's.
pub fn view_change(
    scope: &MemberScope,
    id: ViewId,
    put: &PutView,
    filter: String,
    is_admin: bool,
) -> Statement {
    let own = scope.account.account();
    Statement::new(
        VIEW_CHANGE,
        [
            id.into(),
            scope.business.business().into(),
            put.name.as_str().into(),
            filter.into(),
            (!put.shared).then_some(own).into(),
            own.into(),
            is_admin.into(),
        ],
    )
}

/// Deletes a view that is the member's own, or the team's where they may.
pub const VIEW_DELETE: &str = "
DELETE FROM saved_view
WHERE id = ?1
  AND business = ?2
  AND (owner = ?3 OR (owner IS NULL AND ?4 = 1))
RETURNING id
";

/// The statement that deletes a view; it returns a row where the member may delete it.
pub fn view_delete(scope: &MemberScope, id: ViewId, is_admin: bool) -> Statement {
    let values =
        [id.into(), scope.business.business().into(), scope.account.account().into(), is_admin.into()];
    Statement::new(VIEW_DELETE, values)
}

/// Deletes what only one member saw, because they leave.
pub const VIEWS_OF_DELETE: &str = "
DELETE FROM saved_view
WHERE business = ?1
  AND owner = ?2
";

/// The statement that deletes the views of somebody, for the batch in which they leave the team.
pub fn views_of_delete(scope: &MemberScope, account: AccountId) -> Statement {
    Statement::new(VIEWS_OF_DELETE, [scope.business.business().into(), account.into()])
}
