//! The business's own words: the sentences of an entry that answer best, whole and in their order.

use super::Entry;
use super::language_of;
use super::question::{Question, Weight};
use super::rank::shows;
use super::synonyms::Asks;
use super::terms::{keys, words};

/// An entry up to this long is quoted whole.
const WHOLE_CHARACTERS: usize = 280;

/// Abbreviations that end in a dot and end no sentence, lower case.
const ABBREVIATIONS: &str = "mr mrs ms dr st prof no nr tel ca approx incl excl min max etc env av bd bzw inkl z.b d.h \
    u.a e.g i.e vs ul al ok str hr std p.m a.m p.ex resp sr sra sig";

/// The best sentences of an entry, `most` characters at most. What the title names needs not stand in a sentence
/// again.
pub(super) fn quote(question: &Question, entry: &Entry<'_>, most: usize) -> String {
    let body = entry.body.trim();
    if body.chars().count() <= WHOLE_CHARACTERS.min(most) {
        return body.to_owned();
    }
    let sentences = sentences(body);
    let scores: Vec<f64> = sentences.iter().map(|sentence| score(question, entry, sentence)).collect();
    let best = scores.iter().fold(0.0_f64, |best, score| best.max(*score));
    // Best first; where nothing tells them apart, the way the business wrote them.
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by(|a, b| {
        let of = |place: &usize| scores.get(*place).copied().unwrap_or(0.0);
        of(b).total_cmp(&of(a))
    });
    let mut chosen: Vec<usize> = Vec::new();
    let mut left = most;
    let length = |place: usize| sentences.get(place).map_or(0, |one| one.chars().count().saturating_add(1));
    for place in order.iter().copied() {
        let length = length(place);
        let fits = scores.get(place).is_some_and(|score| *score >= best / 2.0);
        if fits && length <= left {
            left = left.saturating_sub(length);
            chosen.push(place);
        }
    }
    // What follows the best one often says what else holds: "After that we keep the price of the first night."
    let mut short = WHOLE_CHARACTERS.min(most).saturating_sub(most.saturating_sub(left));
    let after = order.first().map_or(0, |best| best.saturating_add(1));
    for place in (after..sentences.len()).filter(|_| !chosen.is_empty()).collect::<Vec<_>>() {
        let Some(rest) = short.checked_sub(length(place)) else { break };
        if !chosen.contains(&place) {
            short = rest;
            chosen.push(place);
        }
    }
    chosen.sort_unstable();
    // A question of the business's own leads to the sentence behind it; alone at the end it would ask the visitor.
    let last = chosen.last().and_then(|place| sentences.get(*place));
    if chosen.len() > 1 && last.is_some_and(|sentence| sentence.trim_end().ends_with(['?', '؟'])) {
        chosen.pop();
    }
    if chosen.is_empty() {
        return shortened(body, most);
    }
    let mut text = String::new();
    let mut before: Option<&str> = None;
    for sentence in chosen.iter().filter_map(|place| sentences.get(*place)) {
        if let Some(before) = before {
            text.push_str(if before.ends_with('\n') { "\n" } else { " " });
        }
        text.push_str(sentence.trim());
        before = Some(sentence);
    }
    text
}

fn score(question: &Question, entry: &Entry<'_>, sentence: &str) -> f64 {
    let language = language_of(entry.locale);
    let held: Vec<String> = words(sentence).iter().flat_map(|word| keys(word, language)).collect();
    let mut score = 0.0;
    for concept in &question.concepts {
        let forms = concept.forms(language);
        let is_held = forms.exact.iter().chain(&forms.alike).any(|key| held.contains(key));
        score += match concept.weight {
            Weight::Subject if is_held => 1.0,
            Weight::Little if is_held => 0.4,
            Weight::Aspect(asks) => {
                f64::from(u8::from(is_held)) * 0.4
                    + f64::from(u8::from(shows(asks, sentence) && asks != Asks::Place)) * 0.8
            }
            Weight::Subject | Weight::Little => 0.0,
        };
    }
    score
}

/// The sentences of a text. Those that end a line keep their line feed.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(end) = sentence_end(rest) {
        let Some((sentence, after)) = rest.split_at_checked(end) else { break };
        found.push(sentence);
        rest = after;
    }
    found.push(rest);
    found.retain(|sentence| !sentence.trim().is_empty());
    found
}

/// Where the first sentence ends, with the white space behind it.
fn sentence_end(text: &str) -> Option<usize> {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let after = at.saturating_add(letter.len_utf8());
        if letter == '\n' {
            return Some(after);
        }
        let is_end =
            matches!(letter, '.' | '!' | '?' | '…' | '؟' | '。') && next.is_some_and(char::is_whitespace);
        if is_end && next != Some('\n') && !is_abbreviation(text.get(..at).unwrap_or_default(), letter) {
            return Some(after.saturating_add(next.map_or(0, char::len_utf8)));
        }
    }
    None
}

fn is_abbreviation(before: &str, sign: char) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_start_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let is_letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    sign == '.' && (is_letter || ABBREVIATIONS.split_whitespace().any(|known| known == word))
}

/// The beginning of a text, up to a word's end.
fn shortened(text: &str, most: usize) -> String {
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = kept.rsplit_once(char::is_whitespace).map_or(kept.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end())
}
