//! What a copy reads besides words: how a conversation was sorted, and what is counted of it.

use serde::Deserialize;
use shared::id::LabelId;
use shared::time::Millis;
use shared::wire::privacy::{CopyAiUse, CopyMarks, CopyNumbers};

use super::scope::{BusinessScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement, Value};

/// Reads how a conversation was sorted.
pub const COPIED_MARKS: &str = "
SELECT state
     , priority
     , is_spam
     , is_blocked
     , requested_at
     , closed_at
     , present_at
     , seen_sequence
FROM conversation
WHERE id = ?1
  AND business = ?2
";

/// Lists the labels of a conversation.
pub const COPIED_LABELS: &str = "
SELECT label
FROM conversation_label
WHERE conversation = ?1
  AND +business = ?2
LIMIT 100
";

/// Reads what is counted of a conversation.
pub const COPIED_NUMBERS: &str = "
SELECT day
     , is_counted
     , by_ai
     , handed_over
     , has_unanswered
     , answer_ms
     , person_ms
     , score
FROM conversation_numbers
WHERE conversation = ?1
  AND +business = ?2
";

/// Lists what a machine used in a conversation.
pub const COPIED_AI_USE: &str = "
SELECT day
     , provider
     , model
     , calls
     , tokens_in
     , tokens_out
FROM ai_use
WHERE conversation = ?1
  AND +business = ?2
ORDER BY day
LIMIT 500
";

/// What a copy holds besides words.
pub struct Copied {
    /// How it was sorted.
    pub marks: Option<CopyMarks>,
    /// Its labels.
    pub labels: Vec<LabelId>,
    /// What is counted.
    pub numbers: Option<CopyNumbers>,
    /// What a machine used.
    pub ai_use: Vec<CopyAiUse>,
}

#[derive(Deserialize)]
struct Marks {
    state: String,
    priority: u8,
    is_spam: i64,
    is_blocked: i64,
    requested_at: Option<Millis>,
    closed_at: Option<Millis>,
    present_at: Millis,
    seen_sequence: u32,
}

#[derive(Deserialize)]
struct Numbers {
    day: i64,
    is_counted: i64,
    by_ai: i64,
    handed_over: i64,
    has_unanswered: i64,
    answer_ms: Option<i64>,
    person_ms: Option<i64>,
    score: Option<u8>,
}

#[derive(Deserialize)]
struct Label {
    label: LabelId,
}

/// Reads what a copy of a conversation holds besides words.
pub async fn copied_read(shard: &Db, scope: &ThreadScope) -> Result<Copied, DbFault> {
    let two = || -> [Value; 2] { [scope.conversation.into(), scope.business.business().into()] };
    let texts = [COPIED_MARKS, COPIED_LABELS, COPIED_NUMBERS, COPIED_AI_USE];
    let batch = shard.batch(texts.map(|text| Statement::new(text, two())).into()).await?;
    let labels: Vec<Label> = batch.rows(1)?;
    Ok(Copied {
        marks: batch.row::<Marks>(0)?.map(|row| CopyMarks {
            state: row.state,
            priority: row.priority,
            is_spam: row.is_spam != 0,
            is_blocked: row.is_blocked != 0,
            requested_at: row.requested_at,
            closed_at: row.closed_at,
            present_at: row.present_at,
            seen_sequence: row.seen_sequence,
        }),
        labels: labels.into_iter().map(|row| row.label).collect(),
        numbers: batch.row::<Numbers>(2)?.map(|row| CopyNumbers {
            day: row.day,
            is_counted: row.is_counted != 0,
            by_ai: row.by_ai != 0,
            handed_over: row.handed_over != 0,
            has_unanswered: row.has_unanswered != 0,
            answer_ms: row.answer_ms,
            person_ms: row.person_ms,
            score: row.score,
        }),
        ai_use: batch.rows(3)?,
    })
}

/// Reads the names of labels.
pub const LABELS_NAMED: &str = "
SELECT name
FROM label
WHERE business = ?1
  AND id IN (SELECT value FROM json_each(?2))
ORDER BY name
";

/// The names of labels of a business.
pub async fn labels_named(
    directory: &Db,
    scope: &BusinessScope,
    labels: &[LabelId],
) -> Result<Vec<String>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    if labels.is_empty() {
        return Ok(Vec::new());
    }
    let text = serde_json::to_string(labels).map_err(|fault| DbFault::Failed(fault.to_string()))?;
    let values = [scope.business().into(), text.into()];
    let rows: Vec<Row> = directory.rows(Statement::new(LABELS_NAMED, values)).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
