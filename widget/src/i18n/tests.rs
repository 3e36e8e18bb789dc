//! Every language says everything: same keys, same placeholders, the plural forms it has, and nothing left in English.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::rules::language::LANGUAGES;

use super::Key;

/// The program's sentences, and those of the forms that are loaded later.
const FOLDERS: [&str; 2] = ["locales", "later/locales"];

/// What the document says by itself, filled in by the edge or used by `start.js`.
const DOCUMENT: [&str; 2] = ["start_failed", "reload"];

/// The forms that a language has for whole numbers below a million (Unicode CLDR).
const FORMS: [(&str, &[&str]); 10] = [
    ("en", &["one", "other"]),
    ("fr", &["one", "other"]),
    ("de", &["one", "other"]),
    ("es", &["one", "other"]),
    ("it", &["one", "other"]),
    ("nl", &["one", "other"]),
    ("pt", &["one", "other"]),
    ("pl", &["few", "many", "one", "other"]),
    ("ar", &["few", "many", "one", "other", "two", "zero"]),
    ("he", &["one", "other", "two"]),
];

/// Values that are rightly the same as in English, with the reason.
const SAME_AS_ENGLISH: [(&str, &str, &str); 7] = [
    ("de", "said_business", "a name and a colon"),
    ("es", "said_business", "a name and a colon"),
    ("it", "said_business", "a name and a colon"),
    ("pt", "said_business", "a name and a colon"),
    ("fr", "conversation", "the French word is the same"),
    ("fr", "message", "the French word is the same"),
    ("fr", "sources", "the French word is the same"),
];

fn file(folder: &str, language: &str) -> BTreeMap<String, Value> {
    let path = format!("{}/{folder}/{language}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every sentence of a value, with its form.
fn sentences(value: &Value) -> Vec<(String, String)> {
    match value {
        Value::String(text) => vec![(String::new(), text.clone())],
        Value::Object(forms) => forms
            .iter()
            .map(|(form, text)| (form.clone(), text.as_str().expect("a form is a sentence").to_owned()))
            .collect(),
        other => panic!("neither a sentence nor forms: {other}"),
    }
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn there_is_a_file_for_every_language_and_no_other() {
    for folder in FOLDERS {
        let folder = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
        let found: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder of languages")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().replace(".json", ""))
            .collect();
        assert_eq!(found, LANGUAGES.iter().map(|language| (*language).to_owned()).collect());
    }
}

#[test]
fn english_has_every_key_that_is_asked_for_and_no_other() {
    let asked: BTreeSet<String> =
        Key::ALL.iter().map(|key| key.as_str()).chain(DOCUMENT).map(str::to_owned).collect();
    assert_eq!(asked, file("locales", "en").into_keys().collect());
}

#[test]
fn the_forms_ask_for_every_sentence_that_they_have() {
    let path = format!("{}/later/later.js", env!("CARGO_MANIFEST_DIR"));
    let script = std::fs::read_to_string(&path).expect(&path);
    for key in file("later/locales", "en").into_keys() {
        // `rating_1` and `rating_5` are put together.
        assert!(script.contains(&format!("\"{key}\"")) || key.starts_with("rating_"), "{key}");
    }
}

#[test]
fn every_language_has_the_keys_and_placeholders_of_english() {
    for (folder, language) in
        FOLDERS.into_iter().flat_map(|folder| LANGUAGES.map(|language| (folder, language)))
    {
        let english = file(folder, "en");
        let other = file(folder, language);
        let keys: Vec<&String> = other.keys().collect();
        assert_eq!(keys, english.keys().collect::<Vec<_>>(), "{folder} {language}");
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
fn every_language_has_the_plural_forms_it_needs() {
    let english = file("locales", "en");
    for (language, needed) in FORMS {
        for (key, value) in file("locales", language) {
            if english[&key].is_object() {
                let forms: Vec<String> = sentences(&value).into_iter().map(|(form, _)| form).collect();
                assert_eq!(forms, needed, "{language} {key}");
            } else {
                assert!(value.is_string(), "{language} {key} has forms and English has none");
            }
        }
    }
}

#[test]
fn nothing_is_left_in_english() {
    for folder in FOLDERS {
        let english = file(folder, "en");
        for language in LANGUAGES.iter().skip(1) {
            for (key, value) in file(folder, language) {
                let same = sentences(&value)
                    .iter()
                    .any(|(_, text)| sentences(&english[&key]).iter().any(|(_, en)| en == text));
                let excused =
                    SAME_AS_ENGLISH.iter().any(|(tongue, name, _)| tongue == language && *name == key);
                assert_eq!(same, excused, "{language} {key}: {value}");
            }
        }
    }
}

#[test]
fn right_to_left_languages_carry_no_invisible_direction_marks() {
    for (folder, language) in
        FOLDERS.into_iter().flat_map(|folder| LANGUAGES.map(|language| (folder, language)))
    {
        for (key, value) in file(folder, language) {
            for (_, text) in sentences(&value) {
                assert!(
                    !text.contains(|letter| matches!(
                        letter,
                        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                    )),
                    "{language} {key}"
                );
            }
        }
    }
}
