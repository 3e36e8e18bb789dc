//! Which entries fit a question: BM25 over the business's own candidates, and a threshold that knows "nothing fits".
//!
//! Everything that counts comes from the candidates of one business. Another business's text can't move a result.

use std::collections::HashMap;

use super::question::{Concept, Forms, Question, Weight};
use super::stop_words::says_nothing;
use super::synonyms::Asks;
use super::terms::{PREFIX_CHARACTERS, fold, keys, words};
use super::{Entry, language_of};

/// BM25: how soon repetition stops to count.
const SATURATION: f64 = 1.2;
/// BM25: how much a long entry is held back.
const LENGTH: f64 = 0.5;
/// A word of the title counts like this many of the body.
const TITLE: f64 = 3.0;
/// Words of the same meaning count almost like the visitor's own.
const ALIKE: f64 = 0.8;
/// A word that only begins like the visitor's.
const BEGINNING: f64 = 0.6;
/// What an entry gains whose whole title is what the question names.
const FOCUS: f64 = 1.5;
/// What an entry keeps of its score where only its body names the subject.
const BODY_ONLY: f64 = 0.6;
/// Concepts that say little, beside those that the question is about.
const LITTLE: f64 = 0.35;

/// Share of what is asked that an entry must cover, where its title names part of it.
const COVER_TITLE: f64 = 0.3;
/// The same, where only its body does.
const COVER_BODY: f64 = 0.7;
/// Share that makes an entry worth showing to a model, which judges for itself.
const COVER_MODEL: f64 = 0.25;

/// How one entry fits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fit {
    /// Its place among the candidates.
    pub index: usize,
    /// BM25 over all concepts.
    pub score: f64,
    /// Share of the subjects that it covers, 0 to 1.
    pub cover: f64,
    /// It answers well enough to be quoted.
    pub is_answer: bool,
    /// It is worth showing to a model.
    pub is_related: bool,
    /// Which concepts its title names.
    pub in_title: Vec<bool>,
    /// Which concepts it holds anywhere.
    pub anywhere: Vec<bool>,
}

/// Counts of one concept in one entry.
#[derive(Clone, Copy, Default)]
struct Count {
    title: f64,
    body: f64,
}

impl Count {
    fn all(self) -> f64 {
        TITLE * self.title + self.body
    }
}

struct Text {
    title: HashMap<String, f64>,
    body: HashMap<String, f64>,
    length: f64,
    /// Words of the title that say something.
    title_words: usize,
}

/// Reads every entry against the question, best first. `total` is how many entries the business has.
pub(super) fn rank(question: &Question, entries: &[Entry<'_>], total: usize) -> Vec<Fit> {
    let texts: Vec<Text> = entries.iter().map(read).collect();
    let counts: Vec<Vec<Count>> = entries
        .iter()
        .zip(&texts)
        .map(|(entry, text)| {
            let language = language_of(entry.locale);
            question.concepts.iter().map(|concept| count(concept, language, entry, text)).collect()
        })
        .collect();
    let all = real(total.max(entries.len()));
    let average = texts.iter().map(|text| text.length).sum::<f64>() / real(entries.len().max(1));
    let rarity: Vec<f64> = (0..question.concepts.len())
        .map(|place| {
            let holding =
                counts.iter().filter(|entry| entry.get(place).is_some_and(|c| c.all() > 0.0)).count();
            // What stands nowhere weighs as much as what stands once.
            let holding = real(holding.max(1));
            (1.0 + (all - holding + 0.5).max(0.0) / (holding + 0.5)).ln()
        })
        .collect();
    let mut fits: Vec<Fit> = counts
        .iter()
        .zip(&texts)
        .enumerate()
        .map(|(index, (counts, text))| fit(question, index, counts, &rarity, text, average.max(1.0)))
        .filter(|fit| fit.score > 0.0)
        .collect();
    // The sort is stable: equals stay in the order in which the business wrote them.
    fits.sort_by(|a, b| b.score.total_cmp(&a.score));
    fits
}

fn fit(
    question: &Question,
    index: usize,
    counts: &[Count],
    rarity: &[f64],
    text: &Text,
    average: f64,
) -> Fit {
    let length = text.length / average;
    let named = counts.iter().filter(|count| count.title > 0.0).count();
    let focus = (real(named) / real(text.title_words.max(1))).min(1.0);
    let mut score = 0.0;
    let (mut asked, mut covered) = (0.0, 0.0);
    let subjects = question.concepts.iter().filter(|concept| concept.weight == Weight::Subject).count();
    let littles = question.concepts.iter().filter(|concept| concept.weight == Weight::Little).count();
    let mut title_names = false;
    for ((concept, count), rarity) in question.concepts.iter().zip(counts).zip(rarity) {
        let weight = if concept.weight == Weight::Subject { 1.0 } else { LITTLE };
        let often = count.all();
        let held = often * (SATURATION + 1.0) / (often + SATURATION * (1.0 - LENGTH + LENGTH * length));
        score += weight * rarity * (held + FOCUS * focus * count.title.min(1.0));
        // What the question is about decides; without a subject, what else it names.
        let decides = match concept.weight {
            Weight::Subject => true,
            Weight::Little => subjects == 0,
            Weight::Aspect(_) => subjects == 0 && littles == 0,
        };
        if decides {
            asked += rarity;
            covered += rarity * often.min(1.0);
            title_names |= count.title > 0.0;
        }
    }
    let cover = if asked > 0.0 { covered / asked } else { 0.0 };
    if !title_names {
        score *= BODY_ONLY;
    }
    let body_may_decide = subjects > 0 && cover > COVER_BODY;
    Fit {
        index,
        score,
        cover,
        is_answer: (title_names && cover >= COVER_TITLE) || body_may_decide,
        is_related: cover >= COVER_MODEL,
        in_title: counts.iter().map(|count| count.title > 0.0).collect(),
        anywhere: counts.iter().map(|count| count.all() > 0.0).collect(),
    }
}

fn read(entry: &Entry<'_>) -> Text {
    let language = language_of(entry.locale);
    let counted = |text: &str| {
        let mut counts: HashMap<String, f64> = HashMap::new();
        for word in words(text) {
            for key in keys(&word, language) {
                *counts.entry(key).or_default() += 1.0;
            }
        }
        counts
    };
    let (title, body) = (counted(entry.title), counted(entry.body));
    let length = title.values().sum::<f64>() + body.values().sum::<f64>();
    let says = |word: &String| !says_nothing(language, &fold(word));
    let title_words = words(entry.title).iter().filter(|word| says(word)).count();
    Text { title, body, length, title_words }
}

fn count(concept: &Concept, language: &str, entry: &Entry<'_>, text: &Text) -> Count {
    let forms = concept.forms(language);
    let mut count = Count { title: held(&forms, &text.title), body: held(&forms, &text.body) };
    // "From 7:30" answers "when" without the word.
    if let Weight::Aspect(asks) = concept.weight
        && count.all() == 0.0
        && shows(asks, entry.body)
    {
        count.body = 1.0;
    }
    count
}

/// How often a concept stands in a text, by its best kind of match.
fn held(forms: &Forms, text: &HashMap<String, f64>) -> f64 {
    let of =
        |keys: &[String]| keys.iter().filter_map(|key| text.get(key)).fold(0.0, |most: f64, n| most.max(*n));
    let exact = of(&forms.exact);
    let alike = of(&forms.alike) * ALIKE;
    let best = exact.max(alike);
    if best > 0.0 {
        return best;
    }
    let long = |key: &str| key.chars().count() > PREFIX_CHARACTERS;
    let begins = |key: &String| {
        text.keys().any(|word| {
            (long(key) && word.starts_with(key.as_str())) || (long(word) && key.starts_with(word.as_str()))
        })
    };
    if forms.exact.iter().any(begins) { BEGINNING } else { 0.0 }
}

/// A text shows what such a question wants to see: a time, a price.
pub(super) fn shows(asks: Asks, text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let is_digit = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_numeric());
    match asks {
        Asks::Price => letters.iter().any(|letter| matches!(letter, '€' | '$' | '£' | '₪')),
        Asks::Time => letters.windows(3).any(|near| {
            is_digit(near.first())
                && is_digit(near.last())
                && near.get(1).is_some_and(|sign| matches!(sign, ':' | 'h' | 'H'))
        }),
        Asks::Subject | Asks::Place => false,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of entries stay far below 2^52")]
const fn real(count: usize) -> f64 {
    count as f64
}
