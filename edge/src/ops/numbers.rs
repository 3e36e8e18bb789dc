//! What a business counts: gathered from rows and from the sums of gone days, put together by rule.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use shared::id::SiteId;
use shared::limits::{CELL_LEAST, NUMBERS_DAYS, PAGE_ENTRIES};
use shared::time::{DAY_MS, Millis, civil_from_day, day_from_civil};
use shared::wire::admin::numbers::{DayFigures, Figures, Median, ModelUse, Numbers, SiteFigures, Tally};
use shared::wire::problem::Kind;

use super::OpError;
use crate::app::App;
use crate::rules::csv::{Cell, csv_write};
use crate::rules::numbers::{GoneDay, Steps, scores_of, steps_median, tally_add};
use crate::rules::permission::{Op, is_allowed};
use crate::rules::prices::use_price;
use crate::store::business;
use crate::store::numbers::{self, CellMedian, Counted, DayUse, Span};
use crate::store::scope::MemberScope;
use crate::store::unanswered;
use crate::vendors;

/// What is asked for: days from the first to the last, of a site or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first UTC day.
    pub from: i64,
    /// The last one.
    pub to: i64,
    /// One site; absent for all.
    pub site: Option<SiteId>,
}

/// A table that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// By day.
    Days,
    /// By site.
    Sites,
    /// By provider and model.
    Models,
}

impl Table {
    /// The table of a name.
    pub fn find(name: &str) -> Option<Self> {
        [Self::Days, Self::Sites, Self::Models].into_iter().find(|table| table.as_str() == name)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Sites => "sites",
            Self::Models => "models",
        }
    }
}

/// A day as it is written: `2026-11-22`.
pub fn day_text(day: i64) -> String {
    let (year, month, day) = civil_from_day(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// What adds up: a day, a site, or everything.
#[derive(Default)]
struct Sum {
    figures: Figures,
    points: u32,
    answers: Steps,
    persons: Steps,
}

impl Sum {
    fn add(&mut self, part: &Sum) {
        let (sum, more) = (&mut self.figures, &part.figures);
        sum.conversations = tally_add(sum.conversations, more.conversations);
        sum.by_ai = tally_add(sum.by_ai, more.by_ai);
        sum.handed_over = tally_add(sum.handed_over, more.handed_over);
        sum.unanswered = tally_add(sum.unanswered, more.unanswered);
        sum.scores.given = tally_add(sum.scores.given, more.scores.given);
        self.points = self.points.saturating_add(part.points);
        for (mine, theirs) in
            self.answers.iter_mut().chain(&mut self.persons).zip(part.answers.iter().chain(&part.persons))
        {
            *mine = mine.saturating_add(*theirs);
        }
    }

    /// The figures, with the medians of the living; where none of them answers for it, those of the gone.
    fn figures(&self, answer: Option<i64>, person: Option<i64>) -> Figures {
        let exact = |ms| Median { ms, is_step: false };
        Figures {
            answer: answer.map(exact).or_else(|| steps_median(&self.answers)),
            person: person.map(exact).or_else(|| steps_median(&self.persons)),
            scores: scores_of(self.figures.scores.given, self.points),
            ..self.figures
        }
    }
}

fn exact(count: u32) -> Tally {
    Tally { count, hidden: false }
}

/// Every day of every site that has one: from its living conversations, or as a whole that is gone.
fn parts(counted: &Counted) -> Vec<(i64, SiteId, Sum)> {
    let mut parts: Vec<(i64, SiteId, Sum)> = Vec::with_capacity(counted.living.len());
    for day in &counted.living {
        let mut sum = Sum { points: day.points, ..Sum::default() };
        sum.figures.conversations = exact(day.conversations);
        sum.figures.by_ai = exact(day.by_ai);
        sum.figures.handed_over = exact(day.handed_over);
        sum.figures.unanswered = exact(day.unanswered);
        sum.figures.scores.given = exact(day.scored);
        parts.push((day.day, day.site, sum));
    }
    let mut gone: BTreeMap<(i64, SiteId), GoneDay> = BTreeMap::new();
    for measure in &counted.gone {
        gone.entry((measure.day, measure.site)).or_default().measure_take(&measure.measure, measure.count);
    }
    for ((day, site), cell) in gone {
        let (given, points) = cell.scores();
        let mut sum = Sum { points, ..Sum::default() };
        sum.figures.conversations = cell.all();
        sum.figures.by_ai = cell.part(cell.by_ai);
        sum.figures.handed_over = cell.part(cell.handed_over);
        sum.figures.unanswered = cell.part(cell.unanswered);
        sum.figures.scores.given = given;
        if cell.is_shown() {
            sum.answers = cell.answers;
            sum.persons = cell.persons;
        }
        parts.push((day, site, sum));
    }
    parts
}

fn median_of(medians: &[CellMedian], cell: &str) -> Option<i64> {
    medians.iter().find(|median| median.cell == cell).map(|median| median.median)
}

/// The numbers of a period. Fails with `ValueRefused` where it is longer than a year, or ends before it begins, and with
/// `NotFound` where the site is not the business's.
pub async fn numbers_read(app: &App, scope: &MemberScope, period: Period) -> Result<Numbers, OpError> {
    let days = period.to.saturating_sub(period.from).saturating_add(1);
    if !(1..=NUMBERS_DAYS).contains(&days) || period.from < 0 {
        return Err(Kind::ValueRefused.into());
    }
    let profile = business::profile_read(&app.directory, scope).await?;
    let (_, sites, _) = profile.ok_or(Kind::NotFound)?;
    if period.site.is_some_and(|asked| !sites.iter().any(|site| site.id == asked)) {
        return Err(Kind::NotFound.into());
    }
    let shard = app.shard(&scope.business)?;
    let span = Span { from: period.from, to: period.to, site: period.site, today: app.clock.now().day() };
    let counted = numbers::numbers_count(shard, scope, &span).await?;
    let open_questions = if is_allowed(Op::QuestionsRead, scope.role) && scope.token.is_none() {
        Some(unanswered::questions_count(shard, scope, PAGE_ENTRIES.saturating_mul(20)).await?)
    } else {
        None
    };

    let (mut total, mut by_day, mut by_site) = (Sum::default(), BTreeMap::new(), BTreeMap::new());
    for (day, site, sum) in &parts(&counted) {
        total.add(sum);
        by_day.entry(*day).or_insert_with(Sum::default).add(sum);
        by_site.entry(*site).or_insert_with(Sum::default).add(sum);
    }
    let (models, used, models_hidden) = uses(&counted);
    let [answers_day, answers_site, answers_all] = &counted.answers;
    let [persons_day, persons_site, persons_all] = &counted.persons;
    let days = (period.from..=period.to)
        .map(|day| {
            let cell = day.to_string();
            let sum = by_day.remove(&day).unwrap_or_default();
            let figures = sum.figures(median_of(answers_day, &cell), median_of(persons_day, &cell));
            let used = used.get(&day).copied().unwrap_or_default();
            DayFigures { day: day_text(day), figures, tokens: used.tokens, microcents: used.microcents }
        })
        .collect();
    let sites = sites
        .into_iter()
        .filter(|site| period.site.is_none_or(|asked| asked == site.id))
        .map(|site| {
            let cell = site.id.to_string();
            let sum = by_site.remove(&site.id).unwrap_or_default();
            let figures = sum.figures(median_of(answers_site, &cell), median_of(persons_site, &cell));
            SiteFigures { site: site.id, name: site.name, figures }
        })
        .collect();
    Ok(Numbers {
        from: day_text(period.from),
        to: day_text(period.to),
        total: total.figures(median_of(answers_all, ""), median_of(persons_all, "")),
        days,
        sites,
        models,
        models_hidden,
        open_questions,
    })
}

/// What all models used on a day, and what of it has a price.
#[derive(Debug, Clone, Copy, Default)]
struct DayCost {
    tokens: u64,
    microcents: Option<u64>,
}

/// What a model used, not priced yet.
fn use_of(used: &DayUse) -> ModelUse {
    ModelUse {
        provider: used.provider.clone(),
        model: used.model.clone(),
        calls: used.calls,
        tokens_in: used.tokens_in,
        tokens_out: used.tokens_out,
        microcents: None,
        listed_on: None,
    }
}

fn priced(mut model: ModelUse) -> ModelUse {
    let prices = vendors::provider_find(&model.provider).map(|provider| &provider.prices);
    use_price(&mut model, prices);
    model
}

/// What each model used, what all of them used by day, and whether small cells were left out.
fn uses(counted: &Counted) -> (Vec<ModelUse>, BTreeMap<i64, DayCost>, bool) {
    let is_shown = |used: &&DayUse| used.conversations >= CELL_LEAST;
    let gone = counted.gone_use.iter().filter(is_shown);
    let hidden = counted.gone_use.iter().any(|used| !is_shown(&used));
    let mut models: BTreeMap<(&str, &str), ModelUse> = BTreeMap::new();
    let mut days: BTreeMap<i64, DayCost> = BTreeMap::new();
    for used in counted.living_use.iter().chain(gone) {
        let more = use_of(used);
        let day = days.entry(used.day).or_default();
        day.tokens = day.tokens.saturating_add(used.tokens_in).saturating_add(used.tokens_out);
        if let Some(cost) = priced(more.clone()).microcents {
            day.microcents = Some(day.microcents.unwrap_or(0).saturating_add(cost));
        }
        match models.entry((&used.provider, &used.model)) {
            Entry::Vacant(place) => {
                place.insert(more);
            }
            Entry::Occupied(mut place) => {
                let model = place.get_mut();
                model.calls = model.calls.saturating_add(more.calls);
                model.tokens_in = model.tokens_in.saturating_add(more.tokens_in);
                model.tokens_out = model.tokens_out.saturating_add(more.tokens_out);
            }
        }
    }
    let mut models: Vec<ModelUse> = models.into_values().map(priced).collect();
    models.sort_by_key(|model| std::cmp::Reverse(model.tokens_in.saturating_add(model.tokens_out)));
    (models, days, hidden)
}

/// A table of the numbers as CSV. A cell that is too small to be said is empty, and a word beside it says so.
pub fn numbers_csv(numbers: &Numbers, table: Table) -> String {
    let figure_heads = [
        "conversations",
        "answered_by_ai",
        "handed_over",
        "unanswered",
        "median_answer_ms",
        "median_person_ms",
        "ratings",
        "mean_rating_hundredths",
        "fewer_than_5_left_out",
    ];
    let with = |heads: &[&'static str], last: &[&'static str]| -> Vec<&'static str> {
        heads.iter().chain(&figure_heads).chain(last).copied().collect()
    };
    match table {
        Table::Days => {
            let rows: Vec<Vec<Cell>> = numbers
                .days
                .iter()
                .map(|day| {
                    row(
                        [Cell::Text(day.day.clone())],
                        &day.figures,
                        [Cell::Number(day.tokens), day.microcents.map_or(Cell::Empty, Cell::Number)],
                    )
                })
                .collect();
            csv_write(&with(&["day_utc"], &["tokens", "usd_cent_millionths"]), &rows)
        }
        Table::Sites => {
            let rows: Vec<Vec<Cell>> = numbers
                .sites
                .iter()
                .map(|site| {
                    let heads = [Cell::Text(site.site.to_string()), Cell::Text(site.name.clone())];
                    row(heads, &site.figures, [])
                })
                .collect();
            csv_write(&with(&["site", "name"], &[]), &rows)
        }
        Table::Models => {
            let rows: Vec<Vec<Cell>> = numbers
                .models
                .iter()
                .map(|model| {
                    vec![
                        Cell::Text(model.provider.clone()),
                        Cell::Text(model.model.clone()),
                        Cell::Number(model.calls),
                        Cell::Number(model.tokens_in),
                        Cell::Number(model.tokens_out),
                        model.microcents.map_or(Cell::Empty, Cell::Number),
                        model.listed_on.clone().map_or(Cell::Empty, Cell::Text),
                    ]
                })
                .collect();
            let heads =
                ["provider", "model", "calls", "tokens_in", "tokens_out", "usd_cent_millionths", "listed_on"];
            csv_write(&heads, &rows)
        }
    }
}

fn row<const HEADS: usize, const LAST: usize>(
    heads: [Cell; HEADS],
    figures: &Figures,
    last: [Cell; LAST],
) -> Vec<Cell> {
    let tallies =
        [figures.conversations, figures.by_ai, figures.handed_over, figures.unanswered, figures.scores.given];
    let tally = |tally: Tally| {
        if tally.hidden && tally.count == 0 { Cell::Empty } else { Cell::Number(tally.count.into()) }
    };
    let median = |median: Option<Median>| {
        median.and_then(|median| u64::try_from(median.ms).ok()).map_or(Cell::Empty, Cell::Number)
    };
    let [conversations, by_ai, handed_over, unanswered, given] = tallies.map(tally);
    let hidden = tallies.iter().any(|tally| tally.hidden);
    heads
        .into_iter()
        .chain([
            conversations,
            by_ai,
            handed_over,
            unanswered,
            median(figures.answer),
            median(figures.person),
            given,
            figures.scores.mean_hundredths.map_or(Cell::Empty, |mean| Cell::Number(mean.into())),
            Cell::Text(if hidden { "yes" } else { "no" }.to_owned()),
        ])
        .chain(last)
        .collect()
}

/// The UTC day on which a point in time lies, from its text.
pub fn day_read(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    if !(1970..3000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let number = day_from_civil(year, month, day);
    // What the calendar does not have, like 31 November, names another day.
    (civil_from_day(number) == (year, month, day)).then_some(number)
}

/// The last days up to `now`.
pub const fn days_until(now: Millis, days: i64) -> (i64, i64) {
    let to = now.day();
    let from = now.minus_ms(days.saturating_sub(1).saturating_mul(DAY_MS)).day();
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written_alike_and_what_no_calendar_has_is_refused() {
        for text in ["2026-11-22", "2028-02-29", "1970-01-01"] {
            assert_eq!(day_read(text).map(day_text).as_deref(), Some(text));
        }
        for text in [
            "2026-11-31",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "22.11.2026",
            "",
            "x",
            "99999-01-01",
            "-1-1-1",
        ] {
            assert_eq!(day_read(text), None, "{text}");
        }
        assert_eq!(days_until(Millis::new(40 * DAY_MS), 30), (11, 40));
    }
}
