//! Which of the languages that are there fits what a person asked for.

/// The languages that the interface speaks, as BCP 47 primary subtags; English first, it is the fallback.
pub const LANGUAGES: [&str; 10] = ["en", "fr", "de", "es", "it", "nl", "pt", "pl", "ar", "he"];

/// The primary subtag of a language tag, in lower case: `pt-BR` becomes `pt`. `None` where it is no tag.
pub fn language_primary(tag: &str) -> Option<String> {
    let primary = tag.trim().split(['-', '_', ';']).next()?.trim();
    ((2..=3).contains(&primary.len()) && primary.bytes().all(|letter| letter.is_ascii_alphabetic()))
        .then(|| primary.to_ascii_lowercase())
}

/// The first of `wanted` (best first) that is among `offered`, else the first offered, else English.
pub fn language_choose<'a>(wanted: &[&str], offered: &[&'a str]) -> &'a str {
    wanted
        .iter()
        .filter_map(|tag| language_primary(tag))
        .find_map(|primary| offered.iter().copied().find(|language| *language == primary))
        .or_else(|| offered.first().copied())
        .unwrap_or("en")
}

/// The text runs from right to left.
pub fn language_is_rtl(language: &str) -> bool {
    matches!(language, "ar" | "he" | "fa" | "ur")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_falls_back_to_its_language_and_an_unknown_one_to_the_first() {
        assert_eq!(language_choose(&["pt-BR", "en"], &LANGUAGES), "pt");
        assert_eq!(language_choose(&["xx", "<script>"], &["fr", "en"]), "fr");
        assert_eq!(language_choose(&[], &[]), "en");
    }
}
