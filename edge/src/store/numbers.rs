//! Counting: living conversations from their rows, gone ones from the sums of their days. Both are read by business and
//! day, so that a month costs what began in that month, however much else there is.

use serde::Deserialize;
use shared::id::SiteId;

use super::scope::{MemberScope, OperatorScope};
use crate::platform::{Db, DbFault, Statement, Value};

/// What is counted: days of a business, of one site or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first UTC day.
    pub from: i64,
    /// The last one.
    pub to: i64,
    /// One site; absent for all.
    pub site: Option<SiteId>,
    /// The day on which it is counted: it is never over yet.
    pub today: i64,
}

/// A day of a site, as its living conversations say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct LivingDay {
    /// The UTC day.
    pub day: i64,
    /// The site.
    pub site: SiteId,
    /// Conversations that began.
    pub conversations: u32,
    /// In which a machine answered.
    pub by_ai: u32,
    /// In which a person was asked for.
    pub handed_over: u32,
    /// With a question to which nothing was found.
    pub unanswered: u32,
    /// Visitors who said how content they were.
    pub scored: u32,
    /// The sum of what they gave.
    pub points: u32,
}

/// A measure of a day of a site whose conversations are all gone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GoneMeasure {
    /// The UTC day.
    pub day: i64,
    /// The site.
    pub site: SiteId,
    /// Which measure.
    pub measure: String,
    /// How many.
    pub count: u32,
}

/// The median of a cell: a day, a site or everything.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CellMedian {
    /// The day's number, the site's id, or nothing.
    pub cell: String,
    /// Milliseconds.
    pub median: i64,
}

/// What a model used on a day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DayUse {
    /// The UTC day.
    pub day: i64,
    /// The provider's name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Conversations, where they are gone; 0 where they live.
    pub conversations: u32,
    /// How often it was asked.
    pub calls: u64,
    /// Tokens read.
    pub tokens_in: u64,
    /// Tokens written.
    pub tokens_out: u64,
}

/// Everything that is counted of a span.
pub struct Counted {
    /// Living conversations, by day and site.
    pub living: Vec<LivingDay>,
    /// Gone ones, by day, site and measure.
    pub gone: Vec<GoneMeasure>,
    /// Medians of the living until the first answer: by day, by site, of all.
    pub answers: [Vec<CellMedian>; 3],
    /// Likewise until a person's first word.
    pub persons: [Vec<CellMedian>; 3],
    /// What models used in living conversations.
    pub living_use: Vec<DayUse>,
    /// And in gone ones.
    pub gone_use: Vec<DayUse>,
}

/// Counts living conversations by day and site.
pub const NUMBERS_LIVING: &str = "
SELECT day
     , site
     , count(*) AS conversations
     , sum(by_ai) AS by_ai
     , sum(handed_over) AS handed_over
     , sum(has_unanswered) AS unanswered
     , count(score) AS scored
     , coalesce(sum(score), 0) AS points
FROM conversation_numbers
WHERE business = ?1
  AND day BETWEEN ?2 AND ?3
  AND (?4 IS NULL OR site = ?4)
  AND is_counted = 1
GROUP BY day, site
";

/// Finds the median time until the first answer, by day, by site or of all.
pub const NUMBERS_ANSWER_MEDIANS: &str = "
SELECT cell
     , CAST(avg(value) AS INTEGER) AS median
FROM (
    SELECT cell
         , value
         , row_number() OVER (PARTITION BY cell ORDER BY value) AS place
         , count(*) OVER (PARTITION BY cell) AS places
    FROM (
        SELECT CASE ?5 WHEN 'day' THEN CAST(day AS TEXT) WHEN 'site' THEN site ELSE '' END AS cell
             , answer_ms AS value
        FROM conversation_numbers
        WHERE business = ?1
          AND day BETWEEN ?2 AND ?3
          AND (?4 IS NULL OR site = ?4)
          AND is_counted = 1
          AND answer_ms IS NOT NULL
    )
)
WHERE place IN ((places + 1) / 2, (places + 2) / 2)
GROUP BY cell
";

/// Finds the median time until a person's first word, likewise.
pub const NUMBERS_PERSON_MEDIANS: &str = "
SELECT cell
     , CAST(avg(value) AS INTEGER) AS median
FROM (
    SELECT cell
         , value
         , row_number() OVER (PARTITION BY cell ORDER BY value) AS place
         , count(*) OVER (PARTITION BY cell) AS places
    FROM (
        SELECT CASE ?5 WHEN 'day' THEN CAST(day AS TEXT) WHEN 'site' THEN site ELSE '' END AS cell
             , person_ms AS value
        FROM conversation_numbers
        WHERE business = ?1
          AND day BETWEEN ?2 AND ?3
          AND (?4 IS NULL OR site = ?4)
          AND is_counted = 1
          AND person_ms IS NOT NULL
    )
)
WHERE place IN ((places + 1) / 2, (places + 2) / 2)
GROUP BY cell
";

/// Reads days of which no conversation is left.
pub const NUMBERS_GONE: &str = "
SELECT gone.day
     , gone.site
     , gone.measure
     , gone.count
FROM numbers_day AS gone
WHERE gone.business = ?1
  AND gone.day BETWEEN ?2 AND ?3
  AND (?4 IS NULL OR gone.site = ?4)
  AND gone.day < ?5
  AND NOT EXISTS (
      SELECT 1
      FROM conversation_numbers AS living
      WHERE living.business = gone.business
        AND living.day = gone.day
        AND living.site = gone.site
        AND living.is_counted = 1
  )
";

/// Counts what models used in living conversations.
pub const NUMBERS_LIVING_USE: &str = "
SELECT day
     , provider
     , model
     , 0 AS conversations
     , sum(calls) AS calls
     , sum(tokens_in) AS tokens_in
     , sum(tokens_out) AS tokens_out
FROM ai_use
WHERE business = ?1
  AND day BETWEEN ?2 AND ?3
  AND (?4 IS NULL OR site = ?4)
  AND conversation NOT IN (SELECT conversation FROM conversation_numbers WHERE business = ?1 AND is_counted = 0)
GROUP BY day, provider, model
";

/// Reads what models used on days of which no conversation that used them is left.
pub const NUMBERS_GONE_USE: &str = "
SELECT gone.day
     , gone.provider
     , gone.model
     , gone.conversations
     , gone.calls
     , gone.tokens_in
     , gone.tokens_out
FROM numbers_ai_day AS gone
WHERE gone.business = ?1
  AND gone.day BETWEEN ?2 AND ?3
  AND (?4 IS NULL OR gone.site = ?4)
  AND gone.day < ?5
  AND NOT EXISTS (
      SELECT 1
      FROM ai_use AS living
      WHERE living.business = gone.business
        AND living.day = gone.day
        AND living.site = gone.site
        AND living.provider = gone.provider
        AND living.model = gone.model
  )
";

/// Counts a span in one round trip. Rows read: eight entries of an index a living conversation of the span at most, and one
/// a measure of a gone day.
pub async fn numbers_count(shard: &Db, scope: &MemberScope, span: &Span) -> Result<Counted, DbFault> {
    let values = |last: Option<Value>| -> Vec<Value> {
        let all: [Value; 4] =
            [scope.business.business().into(), span.from.into(), span.to.into(), span.site.into()];
        all.into_iter().chain(last).collect()
    };
    let today = || Some(span.today.into());
    let cells = |sql| ["day", "site", "all"].map(|cell| Statement::new(sql, values(Some(cell.into()))));
    let batch = shard
        .batch(
            [
                Statement::new(NUMBERS_LIVING, values(None)),
                Statement::new(NUMBERS_GONE, values(today())),
                Statement::new(NUMBERS_LIVING_USE, values(None)),
                Statement::new(NUMBERS_GONE_USE, values(today())),
            ]
            .into_iter()
            .chain(cells(NUMBERS_ANSWER_MEDIANS))
            .chain(cells(NUMBERS_PERSON_MEDIANS))
            .collect(),
        )
        .await?;
    Ok(Counted {
        living: batch.rows(0)?,
        gone: batch.rows(1)?,
        living_use: batch.rows(2)?,
        gone_use: batch.rows(3)?,
        answers: [batch.rows(4)?, batch.rows(5)?, batch.rows(6)?],
        persons: [batch.rows(7)?, batch.rows(8)?, batch.rows(9)?],
    })
}

/// Empties a small day of which nobody is left: what it says of fewer than five is deleted.
pub const NUMBERS_SMALL_DELETE: &str = "
DELETE FROM numbers_day
WHERE measure <> 'conversations'
  AND (business, site, day) IN (
      SELECT small.business, small.site, small.day
      FROM numbers_day AS small
      WHERE small.measure = 'conversations'
        AND small.count BETWEEN 1 AND ?3
        AND small.day < ?1
        AND NOT EXISTS (
            SELECT 1
            FROM conversation_numbers AS living
            WHERE living.business = small.business
              AND living.day = small.day
              AND living.site = small.site
              AND living.is_counted = 1
        )
      ORDER BY small.count, small.business, small.site, small.day
      LIMIT ?2
  )
";

/// Leaves of a small day that it was small, and nothing else.
pub const NUMBERS_SMALL_EMPTY: &str = "
UPDATE numbers_day
SET count = 0
WHERE measure = 'conversations'
  AND (business, site, day) IN (
      SELECT small.business, small.site, small.day
      FROM numbers_day AS small
      WHERE small.measure = 'conversations'
        AND small.count BETWEEN 1 AND ?3
        AND small.day < ?1
        AND NOT EXISTS (
            SELECT 1
            FROM conversation_numbers AS living
            WHERE living.business = small.business
              AND living.day = small.day
              AND living.site = small.site
              AND living.is_counted = 1
        )
      ORDER BY small.count, small.business, small.site, small.day
      LIMIT ?2
  )
RETURNING day
";

/// Deletes what fewer than five conversations used, of whom none is left.
pub const NUMBERS_USE_SMALL_DELETE: &str = "
DELETE FROM numbers_ai_day
WHERE (business, site, day, provider, model) IN (
    SELECT small.business, small.site, small.day, small.provider, small.model
    FROM numbers_ai_day AS small
    WHERE small.conversations BETWEEN 1 AND ?3
      AND small.day < ?1
      AND NOT EXISTS (
          SELECT 1
          FROM ai_use AS living
          WHERE living.business = small.business
            AND living.day = small.day
            AND living.site = small.site
            AND living.provider = small.provider
            AND living.model = small.model
      )
    LIMIT ?2
)
RETURNING day
";

/// Deletes visits of days that are over where fewer than five were alike: language and browser of so few could lead to one.
pub const VISITS_SMALL_DELETE: &str = "
DELETE FROM visit_day
WHERE (business, site, day, locale, browser) IN (
    SELECT small.business, small.site, small.day, small.locale, small.browser
    FROM visit_day AS small
    WHERE small.visits < 5
      AND small.day < ?1
    LIMIT ?2
)
RETURNING day
";

/// Which sums of gone days are too small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallCells {
    /// Today, which can still become larger.
    pub today: i64,
    /// The largest cell that is too small.
    pub most: u32,
}

/// The statements that empty sums that are too small, `limit` a kind. All but the first return a row for each that they
/// touched.
pub fn numbers_empty(_scope: &OperatorScope, small: SmallCells, limit: u32) -> Vec<Statement> {
    let values = || [small.today.into(), limit.into(), small.most.into()];
    vec![
        Statement::new(NUMBERS_SMALL_DELETE, values()),
        Statement::new(NUMBERS_SMALL_EMPTY, values()),
        Statement::new(NUMBERS_USE_SMALL_DELETE, values()),
        Statement::new(VISITS_SMALL_DELETE, [small.today.into(), limit.into()]), // keeps P3.3
    ]
}
