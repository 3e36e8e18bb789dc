//! Every language says everything: same keys, same placeholders, both forms, and nothing left in English.

use std::collections::{BTreeMap, BTreeSet};

use super::{Key, LANGUAGES, NAMES, Sentence};

/// Values that are rightly the same as in English, with the reason.
const SAME_AS_ENGLISH: [(&str, &str, &str); 18] = [
    ("fr", "menu", "French has the same word"),
    ("fr", "conversation", "French has the same word"),
    ("fr", "conversations", "French has the same word"),
    ("fr", "figure_conversations", "French has the same word"),
    ("fr", "figure_scores", "French has the same word"),
    ("de", "team", "German took the word over"),
    ("de", "role_manager", "German took the word over"),
    ("de", "role_admin", "German took the word over"),
    ("de", "passkeys_title", "the name that browsers give the thing"),
    ("fr", "ago_seconds", "the sign of a unit, the same everywhere"),
    ("fr", "ago_minutes", "the sign of a unit, the same everywhere"),
    ("fr", "ago_hours", "the sign of a unit, the same everywhere"),
    ("de", "ago_seconds", "the sign of a unit, the same everywhere"),
    ("de", "ago_minutes", "the sign of a unit, the same everywhere"),
    ("de", "ago_hours", "the sign of a unit, the same everywhere"),
    ("es", "ago_seconds", "the sign of a unit, the same everywhere"),
    ("es", "ago_minutes", "the sign of a unit, the same everywhere"),
    ("es", "ago_hours", "the sign of a unit, the same everywhere"),
];

fn file(language: &str) -> BTreeMap<String, Sentence> {
    let path = format!("{}/locales/{language}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every sentence of a value, with its form.
fn sentences(value: &Sentence) -> Vec<(String, String)> {
    match value {
        Sentence::Plain(text) => vec![(String::new(), text.clone())],
        Sentence::Forms(forms) => forms.clone().into_iter().collect(),
    }
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn there_is_a_file_and_a_name_for_every_language_and_no_other() {
    let folder = format!("{}/locales", env!("CARGO_MANIFEST_DIR"));
    let found: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the folder of languages")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().replace(".json", ""))
        .collect();
    assert_eq!(found, LANGUAGES.iter().map(|language| (*language).to_owned()).collect());
    assert_eq!(NAMES.map(|(language, _)| language), LANGUAGES);
}

#[test]
fn english_has_every_key_that_is_asked_for_and_no_other() {
    let asked: BTreeSet<String> = Key::ALL.iter().map(|key| key.as_str().to_owned()).collect();
    assert_eq!(asked, file("en").into_keys().collect());
}

#[test]
fn every_language_has_the_keys_and_placeholders_of_english() {
    let english = file("en");
    for language in LANGUAGES {
        let other = file(language);
        assert_eq!(other.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{language}");
        for (key, value) in &english {
            let wanted = placeholders(&sentences(value)[0].1);
            for (form, text) in sentences(&other[key]) {
                assert_eq!(placeholders(&text), wanted, "{language} {key} {form}");
                assert!(!text.trim().is_empty(), "{language} {key} {form}");
            }
        }
    }
}

#[test]
fn every_language_has_both_forms_where_english_has() {
    let english = file("en");
    for language in LANGUAGES {
        for (key, value) in file(language) {
            let forms: Vec<String> = sentences(&value).into_iter().map(|(form, _)| form).collect();
            let wanted: Vec<String> = sentences(&english[&key]).into_iter().map(|(form, _)| form).collect();
            assert_eq!(forms, wanted, "{language} {key}");
        }
    }
}

#[test]
fn nothing_is_left_in_english() {
    let english = file("en");
    for language in LANGUAGES.iter().skip(1) {
        for (key, value) in file(language) {
            let same = sentences(&value)
                .iter()
                .any(|(_, text)| sentences(&english[&key]).iter().any(|(_, en)| en == text));
            let excused = SAME_AS_ENGLISH
                .iter()
                .any(|(of, value, reason)| (of, *value) == (language, key.as_str()) && !reason.is_empty());
            assert_eq!(same, excused, "{language} {key}: {value:?}");
        }
    }
}
