//! What the dashboard says, in the reader's language: typed keys, a file a language, numbers and dates by `Intl`.
//!
//! `dashboard/locales/en.json` is the catalogue; the tests compare the others with it.

mod key;

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, Date, Function, Intl, JSON, Number, Object, Reflect};
use serde::Deserialize;
use shared::time::Millis;

use wasm_bindgen::{JsCast, JsValue};

use crate::json;

pub use key::Key;

/// The languages that are there; English first, it is the fallback.
pub const LANGUAGES: [&str; 4] = ["en", "fr", "de", "es"];

/// Each language by its own name.
pub const NAMES: [(&str, &str); 4] =
    [("en", "English"), ("fr", "Français"), ("de", "Deutsch"), ("es", "Español")];

/// The languages that a chat can speak, each by its own name.
pub const SITE_LANGUAGES: [(&str, &str); 10] = [
    ("en", "English"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pt", "Português"),
    ("pl", "Polski"),
    ("ar", "العربية"),
    ("he", "עברית"),
];

/// The name of a language of a chat by its tag; one that is none of them by the tag itself.
pub fn site_language(tag: &str) -> String {
    let known = SITE_LANGUAGES.iter().find(|(language, _)| *language == tag);
    known.map_or_else(|| tag.to_owned(), |(_, name)| (*name).to_owned())
}

/// A sentence, or its forms by number.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Sentence {
    Plain(String),
    Forms(BTreeMap<String, String>),
}

/// How a point in time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// 21 Nov 2027
    Date,
    /// 8:00
    Time,
    /// 21 Nov 2027, 8:00
    Moment,
    /// 21 Nov
    Short,
    /// Sunday 21 November
    Day,
}

thread_local! {
    static WORDS: RefCell<Vec<Sentence>> = const { RefCell::new(Vec::new()) };
    static TAG: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Takes the words of a language as they stand in the file that is served, in the order of the keys, and the tag that `Intl` gets. `false` where the file holds
/// something else.
pub fn words_set(file: &str, tag: String) -> bool {
    let Some(words) = json::read(file) else { return false };
    WORDS.set(words);
    TAG.set(tag);
    true
}

/// The sentence as it stands in the file.
pub fn text(key: Key) -> String {
    WORDS.with_borrow(|words| match words.get(key as usize) {
        Some(Sentence::Plain(text)) => text.clone(),
        _ => String::new(),
    })
}

/// The sentence with its placeholders filled.
pub fn text_with(key: Key, values: &[(&str, &str)]) -> String {
    filled(text(key), values)
}

/// The sentence in the form that goes with a number, which fills `{count}`.
pub fn text_counted(key: Key, count: u32) -> String {
    let form = TAG.with_borrow(|tag| {
        Intl::PluralRules::new(&Array::of1(&tag.into()), &Object::new()).select(count.into())
    });
    let text = WORDS.with_borrow(|words| match words.get(key as usize) {
        Some(Sentence::Forms(forms)) => {
            form.as_string().and_then(|form| forms.get(&form)).or_else(|| forms.get("other")).cloned()
        }
        Some(Sentence::Plain(text)) => Some(text.clone()),
        None => None,
    });
    filled(text.unwrap_or_default(), &[("count", &number(count))])
}

/// A number as the language writes it.
pub fn number(value: u32) -> String {
    TAG.with_borrow(|tag| Number::from(value).to_locale_string(tag)).into()
}

/// A point in time as the language writes it, by the reader's own clock.
pub fn moment(at: Millis, style: Style) -> String {
    let options = match style {
        Style::Date => r#"{"dateStyle":"medium"}"#,
        Style::Time => r#"{"timeStyle":"short"}"#,
        Style::Short => r#"{"day":"numeric","month":"short"}"#,
        Style::Day => r#"{"weekday":"long","day":"numeric","month":"long"}"#,
        Style::Moment => r#"{"dateStyle":"medium","timeStyle":"short"}"#,
    };
    let options = JSON::parse(options).unwrap_or_default();
    let date = Date::new(&JsValue::from_f64(at.as_i64() as f64));
    TAG.with_borrow(|tag| date.to_locale_string(tag, &options)).into()
}

/// A language as the reader calls it, like "French"; its tag where the browser has no name for it.
pub fn language_name(tag: &str) -> String {
    display_name(tag, r#"{"type":"language"}"#)
}

/// A country as the reader calls it, likewise.
pub fn country_name(code: &str) -> String {
    display_name(code, r#"{"type":"region"}"#)
}

fn display_name(tag: &str, options: &str) -> String {
    let named = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let class: Function = Reflect::get(&intl, &"DisplayNames".into()).ok()?.dyn_into().ok()?;
        let options = JSON::parse(options).ok()?;
        let own = TAG.with_borrow(|own| Array::of2(&Array::of1(&own.into()), &options));
        let names = Reflect::construct(&class, &own).ok()?;
        let of: Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
        of.call1(&names, &tag.into()).ok()?.as_string()
    };
    named().unwrap_or_else(|| tag.to_owned())
}

/// Which of two words comes first in the reader's language.
pub fn compare(one: &str, other: &str) -> std::cmp::Ordering {
    let one = js_sys::JsString::from(one);
    TAG.with_borrow(|tag| one.locale_compare(other, &Array::of1(&tag.into()), &Object::new())).cmp(&0)
}

/// A number as the language writes it, with what `Intl.NumberFormat` is told about it.
fn formatted(value: f64, options: &str) -> String {
    let options: Object = JSON::parse(options).unwrap_or_default().into();
    TAG.with_borrow(|tag| {
        let format = Intl::NumberFormat::new(&Array::of1(&tag.into()), &options).format();
        format.call1(&JsValue::NULL, &value.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
    })
}

/// A large number, shortened where its last digits say nothing: 1.2M.
pub fn amount(value: u64) -> String {
    let options = if value < 100_000 { "{}" } else { r#"{"notation":"compact","maximumFractionDigits":1}"# };
    formatted(value as f64, options)
}

/// Hundredths, as a number with one digit behind the point.
pub fn tenths(hundredths: u32) -> String {
    let options = r#"{"minimumFractionDigits":1,"maximumFractionDigits":1}"#;
    formatted(f64::from(hundredths) / 100.0, options)
}

/// Millionths of a US cent, as dollars: to the cent where there are dollars, finer where there are none.
pub fn dollars(microcents: u64) -> String {
    let digits = if microcents < 100_000_000 { 4 } else { 2 };
    let options = format!(
        r#"{{"style":"currency","currency":"USD","minimumFractionDigits":2,"maximumFractionDigits":{digits}}}"#
    );
    formatted(microcents as f64 / 100_000_000.0, &options)
}

/// How large a file is, in whole kilobytes.
pub fn size(bytes: u64) -> String {
    let options = r#"{"style":"unit","unit":"kilobyte","maximumFractionDigits":0}"#;
    formatted((bytes as f64 / 1_000.0).ceil(), options)
}

/// A part of one, as a percentage.
pub fn percent(part: f64) -> String {
    formatted(part, r#"{"style":"percent","maximumFractionDigits":0}"#)
}

/// How long something took, in the unit that fits.
pub fn duration(ms: i64) -> String {
    let (value, unit, digits) = match ms {
        ..10_000 => (ms as f64 / 1_000.0, "second", 1),
        10_000..120_000 => (ms as f64 / 1_000.0, "second", 0),
        120_000..7_200_000 => (ms as f64 / 60_000.0, "minute", 0),
        7_200_000..172_800_000 => (ms as f64 / 3_600_000.0, "hour", 1),
        _ => (ms as f64 / 86_400_000.0, "day", 0),
    };
    let options = format!(r#"{{"style":"unit","unit":"{unit}","maximumFractionDigits":{digits}}}"#);
    formatted(value, &options)
}

/// A UTC day, from `2026-11-22`: 22 Nov.
pub fn day(text: &str) -> String {
    utc(text, r#"{"day":"numeric","month":"short","timeZone":"UTC"}"#)
}

/// A UTC day with its year: 22 Nov 2026.
pub fn date(text: &str) -> String {
    utc(text, r#"{"dateStyle":"medium","timeZone":"UTC"}"#)
}

fn utc(text: &str, options: &str) -> String {
    let options = JSON::parse(options).unwrap_or_default();
    let date = Date::new(&text.into());
    TAG.with_borrow(|tag| date.to_locale_date_string(tag, &options)).into()
}

fn filled(text: String, values: &[(&str, &str)]) -> String {
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests;
