//! Everything about somebody, wherever the inventory says that it stands: the statements that find it, count it and
//! delete it are made from there, so that a table nobody thought of is not forgotten.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::id::{AccountId, BusinessId, ConversationId, VisitorId};
use shared::rules::subject::SubjectKind;

use crate::platform::{Db, DbFault, Statement};
use crate::rules::inventory::Place;

/// Whose rows are meant: the ids of each kind. It travels as JSON, one parameter of each statement.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Subjects {
    /// The business in whose shard they are; absent in the directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<BusinessId>,
    /// Conversations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conversation: Vec<ConversationId>,
    /// Visitors. Unless `whole`, one who has another conversation is left alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub visitor: Vec<VisitorId>,
    /// The visitor is meant, not only the conversations that are named.
    pub whole: bool,
    /// People who sign in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub account: Vec<AccountId>,
    /// Businesses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub business: Vec<BusinessId>,
    /// The number of the shard in which a business lived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<usize>,
}

impl Subjects {
    /// As JSON.
    pub fn to_json(&self) -> Result<String, DbFault> {
        serde_json::to_string(self).map_err(|fault| DbFault::Failed(fault.to_string()))
    }
}

/// What a table's rows must fulfil. `ids` is the SQL of the JSON of [`Subjects`].
fn predicate(place: &Place<'_>, ids: &str) -> String {
    let each: Vec<String> =
        place.columns.iter().map(|(kind, column)| of_kind(place, *kind, column, ids)).collect();
    let any = if each.len() == 1 { each.concat() } else { format!("({})", each.join(" OR ")) };
    let by_business = place.columns.iter().any(|(kind, _)| *kind == SubjectKind::Business);
    if place.entry.columns.contains_key("business") && !by_business {
        // The sign keeps the planner from walking through everything of the business.
        format!("{any} AND ({ids} ->> '$.scope' IS NULL OR +{}.business = {ids} ->> '$.scope')", place.table)
    } else {
        any
    }
}

fn of_kind(place: &Place<'_>, kind: SubjectKind, column: &str, ids: &str) -> String {
    let (table, name) = (place.table, kind.as_str());
    let listed = format!("SELECT value FROM json_each({ids}, '$.{name}')");
    if place.entry.full_text {
        return format!("{table} MATCH '{column} : \"' || ({ids} ->> '$.{name}[0]') || '\"'");
    }
    if kind == SubjectKind::Visitor {
        return format!(
            "({table}.{column} IN ({listed}) AND ({ids} ->> '$.whole' OR NOT EXISTS (\
             SELECT 1 FROM conversation AS other WHERE other.visitor = {table}.{column} \
             AND other.id NOT IN (SELECT value FROM json_each({ids}, '$.conversation')))))"
        );
    }
    format!("{table}.{column} IN ({listed})")
}

/// The text that deletes up to `?2` rows of a place and returns a row for each. `?1` is the JSON of [`Subjects`]. Of a
/// full-text index all rows go at once, and none is returned: SQLite can't.
pub fn delete_sql(place: &Place<'_>) -> String {
    let (table, key) = (place.table, place.entry.key.join(", "));
    let rows = predicate(place, "?1");
    if place.entry.full_text {
        return format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {rows})");
    }
    format!(
        "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {rows} LIMIT ?2) RETURNING 1 AS gone"
    )
}

/// The text that counts the rows of a place. `ids` is the SQL of the JSON of [`Subjects`].
pub fn count_sql(place: &Place<'_>, ids: &str) -> String {
    format!("SELECT count(*) AS rows_found FROM {} WHERE {}", place.table, predicate(place, ids))
}

/// Deletes up to `limit` rows of a place; how many went. Of a full-text index all of them go.
pub async fn place_delete(db: &Db, subjects: &str, place: &Place<'_>, limit: u32) -> Result<u32, DbFault> {
    if place.entry.full_text {
        let found = places_count(db, subjects, std::slice::from_ref(place)).await?;
        db.write(Statement::new(delete_sql(place), [subjects.into()])).await?;
        return Ok(found.into_iter().sum());
    }
    let gone: Vec<serde_json::Value> =
        db.rows(Statement::new(delete_sql(place), [subjects.into(), limit.into()])).await?;
    Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
}

/// The text that counts the rows of each place at once, in columns `n0`, `n1`, …: one statement, however many tables there are.
pub fn counts_sql(places: &[Place<'_>]) -> String {
    let counts: Vec<String> = places
        .iter()
        .enumerate()
        .map(|(index, place)| format!("({}) AS n{index}", count_sql(place, "?1")))
        .collect();
    format!("SELECT {}", counts.join(", "))
}

/// How many rows each place holds, in the order of `places`: as of one moment.
pub async fn places_count(db: &Db, subjects: &str, places: &[Place<'_>]) -> Result<Vec<u32>, DbFault> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let row: Option<BTreeMap<String, u32>> =
        db.row(Statement::new(counts_sql(places), [subjects.into()])).await?;
    let row = row.unwrap_or_default();
    Ok((0..places.len()).map(|index| row.get(&format!("n{index}")).copied().unwrap_or(0)).collect())
}
