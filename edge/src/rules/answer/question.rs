//! What a question asks for: a handful of concepts, each a word with everything that means the same.

use std::collections::HashSet;
use std::sync::LazyLock;

use shared::rules::language::LANGUAGES;

use super::stop_words::{says_little, says_nothing};
use super::synonyms::{Asks, GROUPS};
use super::terms::{PREFIX_CHARACTERS, fold, keys, languages_of, words};

/// Concepts of one question; a question with more is a letter.
const CONCEPTS: usize = 16;

/// How much a concept says about what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// What the question is about.
    Subject,
    /// A verb of wishing or doing, a day: it helps to choose.
    Little,
    /// When, how much, where.
    Aspect(Asks),
}

/// One thing that a question asks for.
#[derive(Debug, Clone)]
pub(super) struct Concept {
    pub weight: Weight,
    /// The visitor's own words, lower case.
    words: Vec<String>,
    /// Indexes into `GROUPS`.
    groups: Vec<usize>,
}

/// A question, understood as far as words go.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// In which languages it may be meant, best first.
    pub languages: Vec<&'static str>,
    pub concepts: Vec<Concept>,
}

/// How a concept may be written in a text of one language.
pub(super) struct Forms {
    /// The visitor's own words.
    pub exact: Vec<String>,
    /// Words of the same meaning.
    pub alike: Vec<String>,
}

/// The keys of every group in every language, made once: stemming the table takes milliseconds.
static GROUP_KEYS: LazyLock<Vec<Vec<Vec<String>>>> = LazyLock::new(|| {
    let of_language = |(language, text): &(&str, &str)| {
        let mut all: Vec<String> = words(text).iter().flat_map(|word| keys(word, language)).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    GROUPS.iter().map(|group| group.words.iter().map(of_language).collect()).collect()
});

fn group_keys(group: usize, language: &str) -> &'static [String] {
    let place = LANGUAGES.iter().position(|known| *known == language);
    let keys = GROUP_KEYS.get(group).zip(place).and_then(|(group, place)| group.get(place));
    keys.map_or(&[], Vec::as_slice)
}

impl Question {
    /// Reads a question of a visitor whose interface is in `locale`.
    pub fn read(text: &str, locale: &str) -> Self {
        let primary = shared::rules::language::language_primary(locale).unwrap_or_default();
        let words = words(text);
        let languages = languages_of(&words, &primary);
        let mut concepts: Vec<Concept> = Vec::new();
        for word in words {
            let folded = fold(&word);
            // "où" asks, "ou" does not.
            let is_nothing =
                word != "où" && languages.iter().take(1).any(|language| says_nothing(language, &folded));
            let is_letter = word.chars().count() < 2 && !word.chars().all(char::is_numeric);
            if is_nothing || is_letter || concepts.len() >= CONCEPTS {
                continue;
            }
            let is_number = word.chars().all(char::is_numeric);
            let groups = groups_of(&word, &languages);
            let weight = weight_of(
                &groups,
                is_number || languages.iter().any(|language| says_little(language, &folded)),
            );
            let same = concepts.iter_mut().find(|concept| {
                concept.words.contains(&word) || (!groups.is_empty() && concept.groups == groups)
            });
            match same {
                Some(concept) => concept.words.push(word),
                None => concepts.push(Concept { weight, words: vec![word], groups }),
            }
        }
        // "Pay" is a subject of its own, unless the question names what is paid for.
        let is_named = |concept: &Concept| concept.weight == Weight::Subject && concept.aspect().is_none();
        if concepts.iter().any(is_named) {
            for concept in &mut concepts {
                concept.weight = concept.aspect().map_or(concept.weight, Weight::Aspect);
            }
        }
        Self { languages, concepts }
    }
}

impl Question {
    /// Whether it says what it is about.
    pub fn names_subject(&self) -> bool {
        self.concepts.iter().any(|concept| concept.weight == Weight::Subject)
    }
}

fn asks_of(groups: &[usize]) -> impl Iterator<Item = Asks> {
    groups.iter().filter_map(|group| GROUPS.get(*group)).map(|group| group.asks)
}

fn weight_of(groups: &[usize], is_little: bool) -> Weight {
    match asks_of(groups).find(|asks| *asks != Asks::Subject) {
        Some(aspect) if asks_of(groups).all(|asks| asks != Asks::Subject) => Weight::Aspect(aspect),
        None if groups.is_empty() && is_little => Weight::Little,
        _ => Weight::Subject,
    }
}

/// The groups that hold a word, in the languages of the question; a longer word may be foreign to both.
fn groups_of(word: &str, languages: &[&str]) -> Vec<usize> {
    let within = |language: &str| -> Vec<usize> {
        let keys = keys(word, language);
        let all = 0..GROUPS.len();
        all.filter(|group| keys.iter().any(|key| group_keys(*group, language).contains(key))).collect()
    };
    let own = languages.iter().map(|language| within(language)).find(|groups| !groups.is_empty());
    let foreign = || {
        let is_long = word.chars().count() >= PREFIX_CHARACTERS;
        LANGUAGES
            .iter()
            .filter(|_| is_long)
            .map(|language| within(language))
            .find(|groups| !groups.is_empty())
    };
    own.or_else(foreign).unwrap_or_default()
}

impl Concept {
    /// When, how much or where, if one of its groups asks so.
    fn aspect(&self) -> Option<Asks> {
        asks_of(&self.groups).find(|asks| *asks != Asks::Subject)
    }

    /// How the concept is written in `language`. English words count everywhere: "parking" and "check-in" do.
    pub fn forms(&self, language: &str) -> Forms {
        let mut exact: Vec<String> = self.words.iter().flat_map(|word| keys(word, language)).collect();
        exact.sort_unstable();
        exact.dedup();
        let alike = self
            .groups
            .iter()
            .flat_map(|group| [language, "en"].map(|language| group_keys(*group, language)))
            .flatten()
            .filter(|key| !exact.contains(key))
            .cloned()
            .collect();
        Forms { exact, alike }
    }
}

/// What to look up in the index of terms, whatever language an entry is in: the visitor's own words first. A star at
/// the end asks for every word that begins so.
pub(super) fn lookups(question: &Question) -> Vec<String> {
    let has_subject = question.concepts.iter().any(|concept| concept.weight == Weight::Subject);
    // "When" alone finds nothing that a subject would not find better.
    let asked = question.concepts.iter().filter(|concept| concept.weight == Weight::Subject || !has_subject);
    let (mut exact, mut alike) = (Vec::new(), Vec::new());
    for concept in asked {
        for language in LANGUAGES {
            let forms = concept.forms(language);
            exact.extend(forms.exact.iter().flat_map(|key| beginnings(key)));
            alike.extend(forms.alike);
        }
    }
    let mut known = HashSet::new();
    exact.into_iter().chain(alike).filter(|term| known.insert(term.clone())).collect()
}

/// A key, and what a long one may begin with: `Frühstück` is found in `Frühstücksraum`, `Frühstückszeiten` finds it.
fn beginnings(key: &str) -> Vec<String> {
    let letters: Vec<char> = key.chars().collect();
    if letters.len() <= PREFIX_CHARACTERS {
        return vec![key.to_owned()];
    }
    let longest = letters.len().saturating_sub(2);
    let shorter = (PREFIX_CHARACTERS.saturating_add(1)..=longest)
        .filter_map(|count| Some(letters.get(..count)?.iter().collect::<String>()));
    std::iter::once(format!("{key}*")).chain(shorter).collect()
}
