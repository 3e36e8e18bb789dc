//! What a business knows about itself, and the index over it.
//!
//! The index holds folded and stemmed terms that the caller made (`rules::answer`), and the business's id as a term of
//! its own. Every search names it, and no rank of the index is used (that one counts other businesses' texts too): so
//! another business's text changes neither what is found nor in which order.

use serde::Deserialize;
use shared::id::KnowledgeId;
use shared::time::Millis;

use super::scope::BusinessScope;
use crate::platform::{Db, DbFault, Statement, Value};

/// Most entries that a search brings back to be ranked.
pub const CANDIDATES: u32 = 40;
/// Most terms that one search looks up.
const TERMS: usize = 1_500;

/// An entry as a business writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKnowledge {
    /// The id, if it is new: an entry is known by its language and title.
    pub id: KnowledgeId,
    /// Its language, as a BCP 47 tag.
    pub locale: String,
    /// Its title, one of a kind within its language.
    pub title: String,
    /// The words that an answer may quote.
    pub body: String,
    /// The page it stands on.
    pub url: Option<String>,
    /// What it is found by: `rules::answer::index_terms`.
    pub terms: String,
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Knowledge {
    /// The entry.
    pub id: KnowledgeId,
    /// Its language, as a BCP 47 tag.
    pub locale: String,
    /// Its title.
    pub title: String,
    /// Its words.
    pub body: String,
    /// The page it stands on.
    pub url: Option<String>,
}

/// What a search brings back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Entries that hold at least one of the terms, those with most of them first.
    pub entries: Vec<Knowledge>,
    /// How many entries the business has.
    pub total: usize,
}

/// Adds an entry where the business has none of that language and title.
pub const KNOWLEDGE_INSERT: &str = "
INSERT INTO knowledge (id, business, locale, title, body, url, created_at, updated_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7
WHERE NOT EXISTS (
    SELECT 1
    FROM knowledge
    WHERE business = ?2
      AND locale = ?3
      AND title = ?4
)
";

/// Brings the entry of that language and title up to date.
pub const KNOWLEDGE_UPDATE: &str = "
UPDATE knowledge
SET body = ?4
  , url = ?5
  , updated_at = ?6
WHERE business = ?1
  AND locale = ?2
  AND title = ?3
";

/// Takes the entry's terms out of the index.
pub const KNOWLEDGE_TERMS_DELETE: &str = "
DELETE FROM knowledge_terms
WHERE rowid IN (
    SELECT number
    FROM knowledge
    WHERE business = ?1
      AND locale = ?2
      AND title = ?3
)
";

/// Puts the entry's terms into the index.
pub const KNOWLEDGE_TERMS_INSERT: &str = "
INSERT INTO knowledge_terms (rowid, business, terms)
SELECT number
     , business
     , ?4
FROM knowledge
WHERE business = ?1
  AND locale = ?2
  AND title = ?3
";

/// Adds an entry, or replaces the business's own entry of that language and title. Safe to repeat.
pub async fn knowledge_put(
    shard: &Db,
    scope: &BusinessScope,
    new: &NewKnowledge,
    now: Millis,
) -> Result<(), DbFault> {
    let key =
        || -> [Value; 3] { [scope.business().into(), new.locale.as_str().into(), new.title.as_str().into()] };
    let with = |more: Vec<Value>| -> Vec<Value> { key().into_iter().chain(more).collect() };
    let insert: Vec<Value> = std::iter::once(new.id.into())
        .chain(with(vec![new.body.as_str().into(), new.url.clone().into(), now.into()]))
        .collect();
    let update = with(vec![new.body.as_str().into(), new.url.clone().into(), now.into()]);
    shard
        .batch(vec![
            Statement::new(KNOWLEDGE_INSERT, insert),
            Statement::new(KNOWLEDGE_UPDATE, update),
            Statement::new(KNOWLEDGE_TERMS_DELETE, key()),
            Statement::new(KNOWLEDGE_TERMS_INSERT, with(vec![new.terms.as_str().into()])),
        ])
        .await
        .map(drop)
}

/// Takes one entry out of the index.
pub const KNOWLEDGE_TERMS_FORGET: &str = "
DELETE FROM knowledge_terms
WHERE rowid IN (
    SELECT number
    FROM knowledge
    WHERE id = ?2
      AND business = ?1
)
";

/// Deletes one entry.
pub const KNOWLEDGE_DELETE: &str = "
DELETE FROM knowledge
WHERE id = ?2
  AND business = ?1
";

/// Deletes an entry of the business. One that is not there, or another's, is left alone.
pub async fn knowledge_delete(shard: &Db, scope: &BusinessScope, id: KnowledgeId) -> Result<(), DbFault> {
    let values = || -> [Value; 2] { [scope.business().into(), id.into()] };
    shard
        .batch(vec![
            Statement::new(KNOWLEDGE_TERMS_FORGET, values()),
            Statement::new(KNOWLEDGE_DELETE, values()),
        ])
        .await
        .map(drop)
}

/// Finds entries by terms: `?1` is a JSON array of full-text expressions, each naming the business.
pub const KNOWLEDGE_SEARCH: &str = "
SELECT knowledge.id
     , knowledge.locale
     , knowledge.title
     , knowledge.body
     , knowledge.url
FROM json_each(?1) AS asked
CROSS JOIN knowledge_terms ON knowledge_terms MATCH asked.value
CROSS JOIN knowledge ON knowledge.number = knowledge_terms.rowid
WHERE knowledge.business = ?2
GROUP BY knowledge.number
ORDER BY count(*) DESC, knowledge.number
LIMIT ?3
";

/// Counts the entries of a business.
pub const KNOWLEDGE_COUNT: &str = "
SELECT count(*) AS total
FROM knowledge
WHERE business = ?1
";

/// Finds the business's entries that hold any of `terms` (`rules::answer::question_terms`); a star at the end of one
/// stands for any ending. Terms are always quoted: no text of a visitor is read as an expression.
pub async fn knowledge_search(shard: &Db, scope: &BusinessScope, terms: &[String]) -> Result<Found, DbFault> {
    #[derive(Deserialize)]
    struct Count {
        total: usize,
    }
    if terms.is_empty() {
        return Ok(Found::default());
    }
    let business = quoted(&scope.business().to_string());
    let asked: Vec<String> = terms
        .iter()
        .take(TERMS)
        .map(|term| format!("business : {business} AND terms : {}", quoted(term)))
        .collect();
    let batch = shard
        .batch(vec![
            Statement::new(
                KNOWLEDGE_SEARCH,
                [serde_json::json!(asked).to_string().into(), scope.business().into(), CANDIDATES.into()],
            ),
            Statement::new(KNOWLEDGE_COUNT, [scope.business().into()]),
        ])
        .await?;
    let count: Option<Count> = batch.row(1)?;
    Ok(Found { entries: batch.rows(0)?, total: count.map_or(0, |count| count.total) })
}

/// A full-text string: quotes are doubled, and nothing in it is an operator but a star at its end.
fn quoted(text: &str) -> String {
    let (text, star) = text.strip_suffix('*').map_or((text, ""), |text| (text, "*"));
    // A NUL would end the expression in the middle of its string.
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    format!("\"{}\"{star}", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::answer::{Entry, answer_quote, index_terms, question_terms};
    use shared::id::BusinessId;

    const NOW: Millis = Millis::new(1_800_000_000_000);

    fn shard() -> Db {
        Db::in_memory(&[include_str!("../../../migrations/shard/0003_knowledge.sql")]).unwrap()
    }

    fn scope(number: u8) -> BusinessScope {
        BusinessScope::new(BusinessId::mint(NOW, [number; 10]), 0)
    }

    fn new(number: u8, locale: &str, title: &str, body: &str) -> NewKnowledge {
        NewKnowledge {
            id: KnowledgeId::mint(NOW, [number; 10]),
            locale: locale.to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            url: None,
            terms: index_terms(locale, title, body),
        }
    }

    async fn titles(shard: &Db, scope: &BusinessScope, question: &str) -> Vec<String> {
        let found = knowledge_search(shard, scope, &question_terms(question, "en")).await.unwrap();
        found.entries.into_iter().map(|entry| entry.title).collect()
    }

    #[tokio::test]
    async fn an_entry_is_found_and_replaced_and_deleted() {
        let (shard, scope) = (shard(), scope(1));
        knowledge_put(&shard, &scope, &new(1, "en", "Pets", "Dogs are welcome."), NOW).await.unwrap();
        knowledge_put(&shard, &scope, &new(2, "en", "Pets", "Only parrots are welcome."), NOW).await.unwrap();
        let found = knowledge_search(&shard, &scope, &question_terms("parrots?", "en")).await.unwrap();
        assert_eq!((found.total, found.entries.len()), (1, 1));
        assert_eq!(found.entries[0].body, "Only parrots are welcome.");
        assert_eq!(found.entries[0].id, KnowledgeId::mint(NOW, [1; 10]), "the first id stays");
        assert!(titles(&shard, &scope, "welcoming dogged").await.contains(&"Pets".to_owned()));
        knowledge_delete(&shard, &scope, found.entries[0].id).await.unwrap();
        assert_eq!(
            knowledge_search(&shard, &scope, &question_terms("parrots?", "en")).await.unwrap(),
            Found { entries: Vec::new(), total: 0 }
        );
        let left: i64 = shard
            .with_connection(|connection| {
                connection.query_row("SELECT count(*) FROM knowledge_terms", [], |row| row.get(0)).unwrap()
            })
            .unwrap();
        assert_eq!(left, 0);
    }

    #[tokio::test]
    async fn another_business_changes_neither_result_nor_order() {
        let question = "Where is the zorblat and when does it open?";
        let entries = [
            new(1, "en", "Zorblat", "The zorblat opens at 7:30."),
            new(2, "en", "House", "The zorblat stands in the hall. It opens with a key."),
            new(3, "en", "Garden", "Roses."),
        ];
        let (alone, crowded) = (shard(), shard());
        let noise = "zorblat zorblat open open where when ".repeat(30);
        for number in 10..40 {
            let other = new(number, "en", &format!("Zorblat {number}"), &noise);
            knowledge_put(&crowded, &scope(2), &other, NOW).await.unwrap();
        }
        for entry in &entries {
            knowledge_put(&alone, &scope(1), entry, NOW).await.unwrap();
            knowledge_put(&crowded, &scope(1), entry, NOW).await.unwrap();
        }
        for number in 40..70 {
            let other = new(number, "en", &format!("Zorblat {number}"), &noise);
            knowledge_put(&crowded, &scope(2), &other, NOW).await.unwrap();
        }
        let terms = question_terms(question, "en");
        let found = knowledge_search(&alone, &scope(1), &terms).await.unwrap();
        assert_eq!(knowledge_search(&crowded, &scope(1), &terms).await.unwrap(), found);
        assert_eq!(found.total, 3);
        let asked: Vec<Entry<'_>> = found
            .entries
            .iter()
            .map(|entry| Entry { locale: &entry.locale, title: &entry.title, body: &entry.body, url: None })
            .collect();
        let quote = answer_quote(question, "en", &asked, found.total).unwrap();
        assert_eq!(quote.sources[0].title, "Zorblat");
        knowledge_delete(&crowded, &scope(2), entries[0].id).await.unwrap();
        assert_eq!(
            knowledge_search(&crowded, &scope(1), &terms).await.unwrap(),
            found,
            "not theirs to delete"
        );
    }

    #[tokio::test]
    async fn no_text_is_read_as_an_expression() {
        let (shard, scope) = (shard(), scope(1));
        knowledge_put(&shard, &scope, &new(1, "en", "Pets", "Dogs."), NOW).await.unwrap();
        for text in
            ["dog", "\"", "a\" OR b", "dog*", "*", "NEAR(a b)", "business:x", "-dog", "^dog", "", "(", "\0"]
        {
            let found = knowledge_search(&shard, &scope, &[text.to_owned()]).await;
            assert!(found.is_ok(), "{text} {found:?}");
        }
        assert!(titles(&shard, &scope, "\"dogs\" OR business:*").await.contains(&"Pets".to_owned()));
    }

    #[tokio::test]
    async fn a_search_uses_the_index() {
        let shard = shard();
        let plan: Vec<String> = shard
            .with_connection(|connection| {
                let mut statement =
                    connection.prepare(&format!("EXPLAIN QUERY PLAN {KNOWLEDGE_SEARCH}")).unwrap();
                statement.query_map(["[]", "b", "1"], |row| row.get(3)).unwrap().map(Result::unwrap).collect()
            })
            .unwrap();
        let plan = plan.join("; ");
        assert!(plan.contains("knowledge_terms VIRTUAL TABLE INDEX 0:M"), "{plan}");
        assert!(plan.contains("SEARCH knowledge USING INTEGER PRIMARY KEY"), "{plan}");
    }
}
