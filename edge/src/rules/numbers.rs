//! What may be said of conversations that are gone (promise P3.3): sums of a site's day, and only cells of five or more.
//!
//! A cell is a day of a site. Either it is whole or it says nothing: while one of its conversations lives, the living are
//! counted from their rows and the gone not at all; once none is left, the cell is shown if it had five. What is too small
//! stands in no sum, of whatever period or set of sites, so that no difference of two sums gives it away; and a part of a
//! cell is shown only where the rest of the cell is not small either.

use shared::limits::CELL_LEAST;
use shared::wire::admin::numbers::{Median, Scores, Tally};

/// Upper bounds of the steps in which times outlive conversations, in milliseconds. What takes longer is the last step. The
/// triggers of the schema know the same ones.
pub const STEPS_MS: [i64; 14] = [
    1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000,
    14_400_000, 86_400_000,
];

/// How many conversations took each step of time.
pub type Steps = [u32; 15];

/// A day of a site whose conversations are gone, as it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GoneDay {
    /// Conversations; none where there were fewer than five and the rest was emptied.
    pub conversations: u32,
    /// In which a machine answered.
    pub by_ai: u32,
    /// In which a person was asked for.
    pub handed_over: u32,
    /// With a question to which nothing was found.
    pub unanswered: u32,
    /// How many gave each score.
    pub scores: [u32; 5],
    /// How long until the first answer.
    pub answers: Steps,
    /// How long until a person's first word.
    pub persons: Steps,
}

impl GoneDay {
    /// Takes one measure of the day, by the name that the schema gives it. Unknown names mean nothing.
    pub fn measure_take(&mut self, measure: &str, count: u32) {
        let place = |name: &str| name.rsplit('_').next().and_then(|number| number.parse::<usize>().ok());
        let into = match measure {
            "conversations" => Some(&mut self.conversations),
            "by_ai" => Some(&mut self.by_ai),
            "handed_over" => Some(&mut self.handed_over),
            "unanswered" => Some(&mut self.unanswered),
            _ if measure.starts_with("score_") => {
                place(measure).and_then(|score| self.scores.get_mut(score.checked_sub(1)?))
            }
            _ if measure.starts_with("answer_") => place(measure).and_then(|step| self.answers.get_mut(step)),
            _ if measure.starts_with("person_") => place(measure).and_then(|step| self.persons.get_mut(step)),
            _ => None,
        };
        if let Some(into) = into {
            *into = into.saturating_add(count);
        }
    }

    /// The day is large enough to be shown.
    pub const fn is_shown(&self) -> bool {
        self.conversations >= CELL_LEAST // keeps P3.3 | without: self.conversations > 0
    }

    /// All of it.
    pub const fn all(&self) -> Tally {
        if self.is_shown() {
            Tally { count: self.conversations, hidden: false }
        } else {
            Tally { count: 0, hidden: true }
        }
    }

    /// A part of it.
    pub const fn part(&self, count: u32) -> Tally {
        let rest = self.conversations.saturating_sub(count);
        if self.is_shown() && !is_small(count) && !is_small(rest) {
            Tally { count, hidden: false }
        } else {
            Tally { count: 0, hidden: true }
        }
    }

    /// How content visitors were: how many, and the sum of what they gave.
    pub fn scores(&self) -> (Tally, u32) {
        let given = self.scores.iter().fold(0_u32, |sum, count| sum.saturating_add(*count));
        if !self.is_shown() || is_small(given) {
            return (Tally { count: 0, hidden: true }, 0);
        }
        let points = self
            .scores
            .iter()
            .zip(1_u32..)
            .fold(0_u32, |sum, (count, score)| sum.saturating_add(count.saturating_mul(score)));
        (Tally { count: given, hidden: false }, points)
    }
}

/// One to four: too few not to be somebody.
pub const fn is_small(count: u32) -> bool {
    count > 0 && count < CELL_LEAST
}

/// The median of steps, as the upper bound of its step; `None` under five.
pub fn steps_median(steps: &Steps) -> Option<Median> {
    let all = steps.iter().fold(0_u32, |sum, count| sum.saturating_add(*count));
    if all < CELL_LEAST {
        return None;
    }
    let middle = all.div_ceil(2);
    let mut before = 0_u32;
    for (step, count) in steps.iter().enumerate() {
        before = before.saturating_add(*count);
        if before >= middle {
            // The last step has no upper bound: it is told by its lower one.
            let bound = STEPS_MS.get(step).or(STEPS_MS.last())?;
            return Some(Median { ms: *bound, is_step: true });
        }
    }
    None
}

/// Adds what is shown; what is hidden stays out of the sum, and says so.
pub const fn tally_add(one: Tally, other: Tally) -> Tally {
    Tally { count: one.count.saturating_add(other.count), hidden: one.hidden || other.hidden }
}

/// Scores from how many there are and the sum of their points.
pub fn scores_of(given: Tally, points: u32) -> Scores {
    let hundredths = u64::from(points).saturating_mul(100);
    let half = u64::from(given.count) / 2;
    let mean = hundredths.saturating_add(half).checked_div(u64::from(given.count));
    Scores { given, mean_hundredths: mean.and_then(|mean| u32::try_from(mean).ok()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(conversations: u32) -> GoneDay {
        GoneDay { conversations, ..GoneDay::default() }
    }

    #[test]
    fn p3_3_a_day_of_four_says_nothing_and_one_of_five_its_sum() {
        assert_eq!(day(4).all(), Tally { count: 0, hidden: true });
        assert_eq!(day(0).all(), Tally { count: 0, hidden: true }, "emptied: there were fewer than five");
        assert_eq!(day(5).all(), Tally { count: 5, hidden: false });
    }

    #[test]
    fn p3_3_a_part_is_shown_only_where_neither_it_nor_the_rest_is_small() {
        let day = day(12);
        for (count, hidden) in
            [(0, false), (1, true), (4, true), (5, false), (7, false), (8, true), (11, true), (12, false)]
        {
            assert_eq!(day.part(count).hidden, hidden, "{count} of 12");
        }
    }

    #[test]
    fn p3_3_no_sum_holds_what_is_hidden() {
        // A site with ten, one with two: their sum says ten, and the difference to the first says nothing.
        let sum = tally_add(day(10).all(), day(2).all());
        assert_eq!(sum, Tally { count: 10, hidden: true });
    }

    #[test]
    fn a_median_of_steps_is_told_by_the_upper_bound_of_its_step() {
        let mut steps: Steps = [0; 15];
        steps[3] = 4;
        assert_eq!(steps_median(&steps), None, "four are too few");
        steps[9] = 3;
        assert_eq!(steps_median(&steps), Some(Median { ms: 5_000, is_step: true }));
        steps[14] = 9;
        assert_eq!(steps_median(&steps), Some(Median { ms: 86_400_000, is_step: true }));
    }

    #[test]
    fn scores_are_hidden_below_five_and_rounded_to_the_hundredth() {
        let mut day = day(9);
        day.scores = [0, 0, 1, 0, 3];
        assert_eq!(day.scores(), (Tally { count: 0, hidden: true }, 0));
        day.scores = [1, 0, 0, 2, 3];
        let (given, points) = day.scores();
        assert_eq!(scores_of(given, points).mean_hundredths, Some(400));
        assert_eq!(scores_of(Tally::default(), 0).mean_hundredths, None);
        assert_eq!(scores_of(Tally { count: 3, hidden: false }, 14).mean_hundredths, Some(467));
    }

    #[test]
    fn measures_are_taken_by_their_names_and_unknown_ones_mean_nothing() {
        let mut day = GoneDay::default();
        for measure in
            ["conversations", "by_ai", "handed_over", "unanswered", "score_5", "answer_00", "person_14"]
        {
            day.measure_take(measure, 2);
        }
        for measure in ["score_0", "score_6", "answer_15", "person_x", "", "other"] {
            day.measure_take(measure, 9);
        }
        assert_eq!((day.conversations, day.by_ai, day.handed_over, day.unanswered), (2, 2, 2, 2));
        assert_eq!((day.scores, day.answers[0], day.persons[14]), ([0, 0, 0, 0, 2], 2, 2));
    }
}
