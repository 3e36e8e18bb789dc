//! The page's words, a catalogue a language; the same keys fill the document and its script.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use shared::time::{Millis, civil_from_day};

/// A language's words by key.
pub type Words = BTreeMap<String, String>;

/// The catalogues' languages and files; English first.
const CATALOGUES: [(&str, &str); 4] = [
    ("en", include_str!("words/en.json")),
    ("fr", include_str!("words/fr.json")),
    ("de", include_str!("words/de.json")),
    ("es", include_str!("words/es.json")),
];

/// The language that the page is written in for somebody who reads `language`.
pub fn written_in(language: &str) -> &'static str {
    CATALOGUES.iter().find(|(code, _)| *code == language).map_or("en", |(code, _)| code)
}

/// The file of a language, for the script.
pub fn source(language: &str) -> &'static str {
    CATALOGUES.iter().find(|(code, _)| *code == language).map_or("{}", |(_, file)| file)
}

/// The words of one of the catalogues' languages.
pub fn words(language: &str) -> &'static Words {
    static READ: [OnceLock<Words>; 4] = [const { OnceLock::new() }; 4];
    let place = CATALOGUES.iter().position(|(code, _)| *code == language).unwrap_or_default();
    let empty = || Words::new();
    let [first, ..] = &READ;
    // A file that does not read fails a test, not a visitor.
    READ.get(place).unwrap_or(first).get_or_init(|| {
        CATALOGUES.get(place).and_then(|(_, file)| serde_json::from_str(file).ok()).unwrap_or_else(empty)
    })
}

/// One word, or its key where it is missing.
pub fn word<'a>(words: &'a Words, key: &'a str) -> &'a str {
    words.get(key).map_or(key, String::as_str)
}

/// One word with its gaps filled. What is filled in is never read again.
pub fn filled(words: &Words, key: &str, gaps: &[(&str, &str)]) -> String {
    let (mut text, mut rest) = (String::new(), word(words, key));
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let gap = after
            .split_once('}')
            .and_then(|(name, behind)| Some((gaps.iter().find(|(known, _)| *known == name)?.1, behind)));
        match gap {
            Some((value, behind)) => {
                text.push_str(value);
                rest = behind;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// Months by language, as they stand in dates.
const MONTHS: [(&str, [&str; 12]); 4] = [
    (
        "en",
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    ),
    (
        "fr",
        [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
    ),
    (
        "de",
        [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
    ),
    (
        "es",
        [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
    ),
];

/// A UTC date as people of the language write it.
pub fn date(language: &str, at: Millis) -> String {
    let (year, month, day) = civil_from_day(at.day());
    let place = usize::try_from(month).unwrap_or_default().saturating_sub(1);
    let months = MONTHS.iter().find(|(code, _)| *code == language).or(MONTHS.first());
    let month = months.and_then(|(_, months)| months.get(place)).copied().unwrap_or_default();
    match language {
        "de" => format!("{day}. {month} {year}"),
        "es" => format!("{day} de {month} de {year}"),
        _ => format!("{day} {month} {year}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that are rightly the same as in English, with the reason.
    const SAME_AS_ENGLISH: [(&str, &str, &str); 6] = [
        ("fr", "code_label", "French has the same word"),
        ("fr", "held_messages", "French has the same word"),
        ("fr", "kind_rectification", "French has the same word"),
        ("fr", "contact", "French has the same word"),
        ("fr", "mark_priority_3", "French has the same word"),
        ("de", "code_label", "German took the word over"),
    ];

    fn gaps(text: &str) -> Vec<&str> {
        let mut gaps: Vec<&str> =
            text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        gaps.sort_unstable();
        gaps
    }

    #[test]
    fn every_language_says_everything_with_the_same_gaps() {
        let english: Words = serde_json::from_str(CATALOGUES[0].1).unwrap();
        assert!(english.len() > 140);
        for (language, file) in CATALOGUES {
            let own: Words = serde_json::from_str(file).unwrap();
            assert_eq!(own.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{language}");
            for (key, text) in &own {
                assert!(!text.trim().is_empty(), "{language}: {key}");
                assert_eq!(gaps(text), gaps(&english[key]), "{language}: {key}");
                let excused = SAME_AS_ENGLISH
                    .iter()
                    .any(|(of, value, reason)| (*of, *value) == (language, key) && !reason.is_empty());
                assert_eq!(
                    language != "en" && *text == english[key],
                    excused,
                    "{language}: {key} is left in English, or is excused and is not"
                );
            }
        }
    }

    #[test]
    fn dates_are_written_as_people_write_them() {
        let at = Millis::new(1_795_284_000_000);
        let dates = CATALOGUES.map(|(language, _)| date(language, at));
        assert_eq!(
            dates,
            ["21 November 2026", "21 novembre 2026", "21. November 2026", "21 de noviembre de 2026"]
        );
    }

    #[test]
    fn what_fills_a_gap_brings_none_of_its_own() {
        let words = words("en");
        assert_eq!(filled(words, "until", &[("date", "{date}")]), "until {date}");
    }
}
