//! Knowledge as its team edits it: by id, in pages, looked through for words as they stand there.

use serde::Deserialize;
use shared::id::KnowledgeId;
use shared::limits::PAGE_ENTRIES;
use shared::time::Millis;
use shared::wire::admin::knowledge::{KnowledgeEntry, WriteKnowledge};

use super::knowledge::NewKnowledge;
use super::scope::MemberScope;
use crate::platform::{Db, DbFault, Statement, Value};

/// Which entries are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnowledgeFilter {
    /// Words that title or text hold, as they stand there.
    pub words: String,
    /// Only in this language.
    pub locale: Option<String>,
    /// Only those before this one.
    pub before: Option<KnowledgeId>,
}

/// Reads a page.
pub const KNOWLEDGE_PAGE: &str = "
SELECT id
     , locale
     , title
     , body
     , url
     , updated_at
FROM knowledge
WHERE business = ?1
  AND id < ?2
  AND (?3 = '' OR title LIKE ?3 ESCAPE '\\' OR body LIKE ?3 ESCAPE '\\')
  AND (?4 IS NULL OR locale = ?4)
ORDER BY id DESC
LIMIT ?5
";

/// Counts the entries of a business.
pub const KNOWLEDGE_TOTAL: &str = "
SELECT count(*) AS total
FROM knowledge
WHERE business = ?1
";

#[derive(Deserialize)]
struct Total {
    total: u32,
}

/// A pattern that finds `words` anywhere; empty for none.
fn pattern(words: &str) -> String {
    let words = words.trim();
    if words.is_empty() {
        return String::new();
    }
    let escaped: String = words
        .chars()
        .flat_map(|letter| ['%', '_', '\\'].contains(&letter).then_some('\\').into_iter().chain([letter]))
        .collect();
    format!("%{escaped}%")
}

/// A page of entries, newest first, how many there are in all, and what to ask for next.
pub async fn knowledge_page(
    shard: &Db,
    scope: &MemberScope,
    filter: &KnowledgeFilter,
) -> Result<(Vec<KnowledgeEntry>, u32, Option<KnowledgeId>), DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: KnowledgeId,
        locale: String,
        title: String,
        body: String,
        url: Option<String>,
        updated_at: Millis,
    }
    // A tilde sorts after every id.
    let before = filter.before.map_or_else(|| Value::Text("~".into()), Into::into);
    let business = scope.business.business();
    let batch = shard
        .batch(vec![
            Statement::new(
                KNOWLEDGE_PAGE,
                [
                    business.into(),
                    before,
                    pattern(&filter.words).into(),
                    filter.locale.clone().into(),
                    PAGE_ENTRIES.into(),
                ],
            ),
            Statement::new(KNOWLEDGE_TOTAL, [business.into()]),
        ])
        .await?;
    let rows: Vec<Row> = batch.rows(0)?;
    let total: Option<Total> = batch.row(1)?;
    let before = rows.last().filter(|_| rows.len() >= PAGE_ENTRIES as usize).map(|last| last.id);
    let entry = |row: Row| KnowledgeEntry {
        id: row.id,
        text: WriteKnowledge { locale: row.locale, title: row.title, body: row.body, url: row.url },
        updated_at: row.updated_at,
    };
    Ok((rows.into_iter().map(entry).collect(), total.map_or(0, |row| row.total), before))
}

/// How many entries a business has.
pub async fn knowledge_total(shard: &Db, scope: &MemberScope) -> Result<u32, DbFault> {
    let row: Option<Total> =
        shard.row(Statement::new(KNOWLEDGE_TOTAL, [scope.business.business().into()])).await?;
    Ok(row.map_or(0, |row| row.total))
}

/// Finds an entry.
pub const KNOWLEDGE_FIND: &str = "
SELECT id
FROM knowledge
WHERE id = ?1
  AND business = ?2
";

/// An entry of that id is the business's.
pub async fn knowledge_exists(shard: &Db, scope: &MemberScope, id: KnowledgeId) -> Result<bool, DbFault> {
    let values = [id.into(), scope.business.business().into()];
    let row: Option<serde_json::Value> = shard.row(Statement::new(KNOWLEDGE_FIND, values)).await?;
    Ok(row.is_some())
}

/// Finds another entry of the same language and title.
pub const TITLE_FIND: &str = "
SELECT id
FROM knowledge
WHERE business = ?1
  AND locale = ?2
  AND title = ?3
  AND id <> ?4
LIMIT 1
";

/// Another entry has that title in that language.
pub async fn title_taken(shard: &Db, scope: &MemberScope, new: &NewKnowledge) -> Result<bool, DbFault> {
    let values = [
        scope.business.business().into(),
        new.locale.as_str().into(),
        new.title.as_str().into(),
        new.id.into(),
    ];
    let row: Option<serde_json::Value> = shard.row(Statement::new(TITLE_FIND, values)).await?;
    Ok(row.is_some())
}

/// Adds an entry.
pub const KNOWLEDGE_ADD: &str = "
INSERT INTO knowledge (id, business, locale, title, body, url, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
";

/// Rewrites an entry.
pub const KNOWLEDGE_REWRITE: &str = "
UPDATE knowledge
SET locale = ?3
  , title = ?4
  , body = ?5
  , url = ?6
  , updated_at = ?7
WHERE id = ?1
  AND business = ?2
";

/// Takes an entry's terms out of the index.
pub const TERMS_DELETE: &str = "
DELETE FROM knowledge_terms
WHERE rowid IN (
    SELECT number
    FROM knowledge
    WHERE id = ?1
      AND business = ?2
)
";

/// Puts an entry's terms into the index.
pub const TERMS_INSERT: &str = "
INSERT INTO knowledge_terms (rowid, business, terms)
SELECT number
     , business
     , ?3
FROM knowledge
WHERE id = ?1
  AND business = ?2
";

fn values(scope: &MemberScope, new: &NewKnowledge, now: Millis) -> [Value; 7] {
    [
        new.id.into(),
        scope.business.business().into(),
        new.locale.as_str().into(),
        new.title.as_str().into(),
        new.body.as_str().into(),
        new.url.clone().into(),
        now.into(),
    ]
}

fn terms_insert(scope: &MemberScope, new: &NewKnowledge) -> Statement {
    let values = [new.id.into(), scope.business.business().into(), new.terms.as_str().into()];
    Statement::new(TERMS_INSERT, values)
}

/// Adds an entry with what it is found by.
pub async fn knowledge_add(
    shard: &Db,
    scope: &MemberScope,
    new: &NewKnowledge,
    now: Millis,
) -> Result<(), DbFault> {
    let add = Statement::new(KNOWLEDGE_ADD, values(scope, new, now));
    shard.batch(vec![add, terms_insert(scope, new)]).await.map(drop)
}

/// Rewrites an entry and what it is found by.
pub async fn knowledge_change(
    shard: &Db,
    scope: &MemberScope,
    new: &NewKnowledge,
    now: Millis,
) -> Result<(), DbFault> {
    let forget = Statement::new(TERMS_DELETE, [new.id.into(), scope.business.business().into()]);
    let write = Statement::new(KNOWLEDGE_REWRITE, values(scope, new, now));
    shard.batch(vec![forget, write, terms_insert(scope, new)]).await.map(drop)
}
