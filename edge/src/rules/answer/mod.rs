//! The built-in answerer: no provider, no text that leaves, no words but the business's own (promise B13).
//!
//! It reads a question as a handful of concepts (words, folded and stemmed by language, with their synonyms), ranks
//! the business's entries by BM25, and quotes the sentences that fit best with their source. Where nothing fits
//! well enough it says so, which is better than a wrong answer. `docs/answers.md` tells the whole story.

mod question;
mod quote;
mod rank;
mod stop_words;
mod synonyms;
mod terms;
#[cfg(test)]
mod tests;

use shared::rules::language::LANGUAGES;
use shared::wire::message::Source;

use question::{Question, Weight};
use rank::Fit;

/// Most characters that an answer quotes.
const QUOTE_CHARACTERS: usize = 600;
/// An entry in the visitor's language wins where it covers at least this share of what the best one covers.
const OWN_LANGUAGE: f64 = 0.45;
/// The same for English beside other foreign languages: more visitors read it.
const ENGLISH: f64 = 0.7;

/// One entry of a business's knowledge.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its language, as a BCP 47 tag.
    pub locale: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its words.
    pub body: &'a str,
    /// The page it stands on.
    pub url: Option<&'a str>,
}

/// An answer in the business's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// The entries that they stand in.
    pub sources: Vec<Source>,
    /// The language they are in: the visitor's, unless only another one had an answer.
    pub locale: String,
}

/// The words of a text as they are compared where no language is known: in lower case, without accents and marks.
pub fn folded_words(text: &str) -> Vec<String> {
    terms::words(text).iter().map(|word| terms::fold(word)).filter(|word| !word.is_empty()).collect()
}

/// What the index keeps of an entry: its terms, folded and stemmed by the rules of its language.
pub fn index_terms(locale: &str, title: &str, body: &str) -> String {
    let language = language_of(locale);
    let words = terms::words(title).into_iter().chain(terms::words(body));
    let mut all: Vec<String> = words.flat_map(|word| terms::keys(&word, language)).collect();
    all.sort_unstable();
    all.dedup();
    all.join(" ")
}

/// What a visitor asks now, given what they wrote, newest first. A message that names no subject of its own ("And on
/// Sundays?") goes on with the question before it.
pub fn question_in_context<'a>(mut newest_first: impl Iterator<Item = &'a str>, locale: &str) -> String {
    let newest = newest_first.next().unwrap_or_default();
    let question = Question::read(newest, locale);
    let goes_on = !question.concepts.is_empty() && !question.names_subject();
    match newest_first.next() {
        Some(before) if goes_on => format!("{before}\n{newest}"),
        _ => newest.to_owned(),
    }
}

/// Whether anything is asked at all: "Hello", "Thanks" and "Good morning" ask for nothing.
pub fn is_question(text: &str, locale: &str) -> bool {
    let concepts = Question::read(text, locale).concepts;
    let says_more = concepts.len() > 1 || concepts.iter().any(|concept| concept.weight != Weight::Little);
    says_more || text.contains(['?', '؟'])
}

/// What to look up in the index for a question. Empty where the question asks for nothing ("Hello").
pub fn question_terms(question: &str, locale: &str) -> Vec<String> {
    question::lookups(&Question::read(question, locale))
}

/// The entries worth showing to a model, best first: indexes into `entries`. `total` is how many entries the
/// business has; `entries` are those that the index found.
pub fn answer_passages(
    question: &str,
    locale: &str,
    entries: &[Entry<'_>],
    total: usize,
    most: usize,
) -> Vec<usize> {
    let question = Question::read(question, locale);
    let fits = rank::rank(&question, entries, total);
    let related = fits.iter().filter(|fit| fit.is_related);
    // A translation of an entry that is there already says nothing new: the visitor's languages go first.
    let mut order: Vec<&Fit> = related.collect();
    order.sort_by_key(|fit| !speaks(&question, entries, fit));
    order.iter().take(most).map(|fit| fit.index).collect()
}

/// Answers with the business's own words. `None` where nothing fits well enough.
pub fn answer_quote(question: &str, locale: &str, entries: &[Entry<'_>], total: usize) -> Option<Quote> {
    let question = Question::read(question, locale);
    let fits: Vec<Fit> =
        rank::rank(&question, entries, total).into_iter().filter(|fit| fit.is_answer).collect();
    let most = fits.iter().fold(0.0_f64, |most, fit| most.max(fit.cover));
    let own = fits.iter().find(|fit| speaks(&question, entries, fit) && fit.cover >= most * OWN_LANGUAGE);
    let english = || {
        let is_english =
            |fit: &&Fit| entries.get(fit.index).is_some_and(|entry| language_of(entry.locale) == "en");
        fits.iter().filter(is_english).find(|fit| fit.cover >= most * ENGLISH)
    };
    let best = own.or_else(english).or_else(|| fits.first())?;
    let first = entries.get(best.index)?;
    let second = fits.iter().find(|fit| {
        entries.get(fit.index).is_some_and(|entry| entry.locale == first.locale)
            && names_what_is_left(&question, best, fit)
    });
    let chosen: Vec<&Entry<'_>> =
        [Some(best), second].into_iter().flatten().filter_map(|fit| entries.get(fit.index)).collect();
    let share = QUOTE_CHARACTERS.checked_div(chosen.len())?;
    let texts: Vec<String> = chosen.iter().map(|entry| quote::quote(&question, entry, share)).collect();
    let sources = chosen
        .iter()
        .map(|entry| Source { title: entry.title.to_owned(), url: entry.url.map(str::to_owned) })
        .collect();
    Some(Quote { text: texts.join("\n\n"), sources, locale: first.locale.to_owned() })
}

/// An entry is in the language that the question speaks.
fn speaks(question: &Question, entries: &[Entry<'_>], fit: &Fit) -> bool {
    let language = entries.get(fit.index).map(|entry| language_of(entry.locale));
    question.languages.first().copied() == language
}

/// Its title names a subject that the best entry says nothing about: the question asked two things.
fn names_what_is_left(question: &Question, best: &Fit, fit: &Fit) -> bool {
    let places = question.concepts.iter().zip(&best.anywhere).zip(&fit.in_title);
    places.into_iter().any(|((concept, known), named)| concept.weight == Weight::Subject && !known && *named)
}

/// The interface language behind a tag; what is none of them is read without stemming, as Hebrew is.
fn language_of(locale: &str) -> &'static str {
    let primary = shared::rules::language::language_primary(locale).unwrap_or_default();
    LANGUAGES.iter().copied().find(|language| *language == primary).unwrap_or("")
}
