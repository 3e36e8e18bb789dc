//! From text to terms: words, folded and stemmed, so that "Les animaux ?" finds "animal".

use rust_stemmers::{Algorithm, Stemmer};
use shared::rules::language::LANGUAGES;

use super::stop_words;

/// A longer word than any that people search for. Stemming one costs time for nothing.
const WORD_CHARACTERS: usize = 40;
/// A stem of so few letters says too little.
const SHORT_STEM: usize = 3;
/// From this length on, a word may be the beginning of another: `Frühstück`, `Frühstückszeiten`.
pub(super) const PREFIX_CHARACTERS: usize = 5;

/// Words that mean something else together than apart.
const PAIRS: [(&str, &str); 14] = [
    ("check", "in"),
    ("check", "out"),
    ("wi", "fi"),
    ("e", "mail"),
    ("petit", "dejeuner"),
    ("petits", "dejeuners"),
    ("pequeno", "almoco"),
    ("mini", "bar"),
    ("room", "service"),
    ("table", "tennis"),
    ("rez", "chaussee"),
    ("self", "service"),
    ("late", "checkout"),
    ("early", "checkin"),
];

/// The words of a text, in lower case, accents kept. Pairs that belong together are one word.
pub(super) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let single = lower
        .split(|letter: char| !letter.is_alphanumeric() && !is_mark(letter))
        .filter(|word| !word.is_empty() && word.chars().count() <= WORD_CHARACTERS);
    let mut words: Vec<String> = Vec::new();
    for word in single {
        let joined = words.last().is_some_and(|last| {
            let (last, word) = (fold(last), fold(word));
            PAIRS.iter().any(|(first, second)| *first == last && *second == word)
        });
        match words.last_mut().filter(|_| joined) {
            Some(last) => last.push_str(word),
            None => words.push(word.to_owned()),
        }
    }
    words
}

/// Marks that stand inside words: combining accents, Arabic and Hebrew vowels.
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// A word without what people leave out when they type: accents, ligatures, vowel marks, variants of a letter.
pub(super) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for letter in word.chars().filter(|letter| !is_mark(*letter)) {
        let plain = match letter {
            'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
            'ç' | 'ć' | 'č' => 'c',
            'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
            'ì'..='ï' | 'ī' | 'ı' => 'i',
            'ñ' | 'ń' | 'ň' => 'n',
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
            'ý' | 'ÿ' => 'y',
            'ł' => 'l',
            'ś' | 'š' | 'ş' | 'ș' => 's',
            'ź' | 'ż' | 'ž' => 'z',
            'ď' | 'đ' => 'd',
            'ţ' | 'ț' | 'ť' => 't',
            'ř' => 'r',
            'ğ' => 'g',
            'أ' | 'إ' | 'آ' => 'ا',
            'ى' => 'ي',
            'ة' => 'ه',
            'ß' => {
                folded.push('s');
                's'
            }
            'æ' => {
                folded.push('a');
                'e'
            }
            'œ' => {
                folded.push('o');
                'e'
            }
            other => other,
        };
        folded.push(plain);
    }
    folded
}

/// What a word is looked up by, in one language. Two forms where accents change the stem: people type without them.
pub(super) fn keys(word: &str, language: &str) -> Vec<String> {
    let folded = fold(word);
    let mut keys = vec![key(word, &folded, language)];
    if folded != word {
        keys.push(key(&folded, &folded, language));
    }
    if language == "he" {
        keys.extend(hebrew_without_prefix(&folded));
    }
    keys.retain(|key| !key.is_empty());
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The folded stem, unless so little is left of the word that another word could share it: French `taxi` and `taxe`.
fn key(word: &str, folded: &str, language: &str) -> String {
    let stemmed = fold(&stem(word, language));
    if folded.is_ascii() && folded.len() > SHORT_STEM && stemmed.len() <= SHORT_STEM {
        folded.strip_suffix('s').unwrap_or(folded).to_owned()
    } else {
        stemmed
    }
}

fn stem(word: &str, language: &str) -> String {
    let algorithm = match language {
        "en" => Algorithm::English,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "es" => Algorithm::Spanish,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "pt" => Algorithm::Portuguese,
        "ar" => Algorithm::Arabic,
        // Polish and Hebrew have no Snowball stemmer. Polish bends the ends of its words: the beginning serves.
        "pl" => return word.chars().take(6).collect(),
        _ => return word.to_owned(),
    };
    Stemmer::create(algorithm).stem(word).into_owned()
}

/// Hebrew writes "in", "the", "and" and their like as the first letter of a word.
fn hebrew_without_prefix(word: &str) -> Option<String> {
    let mut letters = word.chars();
    let is_prefix = matches!(letters.next(), Some('ה' | 'ו' | 'ב' | 'ל' | 'מ' | 'ש' | 'כ'));
    (is_prefix && word.chars().count() >= 4).then(|| letters.collect())
}

/// The languages in which a question may be meant: the one that its small words speak, then the visitor's own.
pub(super) fn languages_of(words: &[String], locale: &str) -> Vec<&'static str> {
    let own = LANGUAGES.iter().copied().find(|language| *language == locale).unwrap_or("en");
    let spoken =
        |language: &str| words.iter().filter(|word| stop_words::speaks(language, &fold(word))).count();
    let best =
        LANGUAGES.iter().copied().max_by_key(|language| (spoken(language), *language == own)).unwrap_or(own);
    if best == own { vec![own] } else { vec![best, own] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_are_one_word_and_elisions_are_two() {
        assert_eq!(words("Check-in, l’hôtel & Wi-Fi"), ["checkin", "l", "hôtel", "wifi"]);
        assert_eq!(words("le petit déjeuner"), ["le", "petitdéjeuner"]);
    }

    #[test]
    fn a_word_is_found_with_and_without_its_accents_and_endings() {
        for (language, one, other) in [
            ("fr", "réservation", "reservations"),
            ("fr", "déjeuner", "dejeuner"),
            ("en", "dogs", "dog"),
            ("de", "Hunde", "hunden"),
            ("es", "habitación", "habitaciones"),
            ("pl", "śniadanie", "sniadania"),
            ("he", "הכלב", "כלב"),
            ("ar", "كلاب", "كِلاب"),
        ] {
            let (one, other) = (keys(&one.to_lowercase(), language), keys(other, language));
            assert!(one.iter().any(|key| other.contains(key)), "{language}: {one:?} {other:?}");
        }
    }

    #[test]
    fn small_words_say_which_language_is_spoken() {
        let spoken = |text: &str, locale: &str| languages_of(&words(text), locale);
        assert_eq!(spoken("Peut-on venir avec un chien ?", "en"), ["fr", "en"]);
        assert_eq!(spoken("What time is breakfast?", "fr"), ["en", "fr"]);
        assert_eq!(spoken("Parking", "de"), ["de"]);
        assert_eq!(spoken("", "xx"), ["en"]);
    }

    proptest! {
        #[test]
        fn no_word_makes_a_stemmer_panic(text in "\\PC{0,60}", foreign in "[a-zäéèœßłقبتהוב']{0,50}") {
            for word in words(&text).iter().chain(&words(&foreign)) {
                for language in LANGUAGES {
                    keys(word, language);
                }
            }
        }
    }
}
