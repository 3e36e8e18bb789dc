//! Names in letters. A person chose them, and another person reads them in a letter that has our name on it.

/// Longest name in a letter, in characters.
const NAME_CHARACTERS: usize = 80;

/// A name as it may stand in a subject or a sentence: one line, no control or direction characters, not endless, and
/// nothing in it that a mail program would turn into a link.
pub(super) fn name_clean(name: &str) -> String {
    let mut clean = String::new();
    for word in name.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        let word: String = word.chars().filter(|letter| !is_hidden(*letter)).collect();
        if word.is_empty() {
            continue;
        }
        if !clean.is_empty() {
            clean.push(' ');
        }
        clean.push_str(&unlinked(&word));
    }
    if clean.chars().count() > NAME_CHARACTERS {
        clean = clean.chars().take(NAME_CHARACTERS).chain(['…']).collect();
    }
    clean
}

/// Characters that nobody sees and that can turn the order of those that one does.
const fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// A word that looks like an address loses its looks: its dots and slashes become middle dots.
fn unlinked(word: &str) -> String {
    let mut letters = word.chars().peekable();
    let mut unlinked = String::with_capacity(word.len());
    let mut before = None;
    while let Some(letter) = letters.next() {
        let between_letters = before.is_some_and(char::is_alphanumeric)
            && letters.peek().is_some_and(|next| next.is_alphanumeric());
        let beside_slash = letter == '/' && (before == Some('/') || letters.peek() == Some(&'/'));
        let marked = letter == '@' || beside_slash || (letter == '.' && between_letters);
        unlinked.push(if marked { '·' } else { letter });
        before = Some(letter);
    }
    unlinked
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in
            ["Ada Lovelace", "Hôtel de la Plage", "Müller & Söhne GmbH", "St. Georg", "A/B", "李雷", "Dr. No"]
        {
            assert_eq!(name_clean(name), name);
        }
    }

    #[test]
    fn a_name_brings_neither_a_line_nor_a_link_nor_another_direction() {
        assert_eq!(name_clean("Ada\r\nBcc: all@example.org"), "Ada Bcc: all·example·org");
        assert_eq!(name_clean("Win at https://evil.example/now"), "Win at https:··evil·example/now");
        assert_eq!(name_clean("\u{202e}gro\u{200b} \u{2066}"), "gro");
        assert_eq!(name_clean(" \t\u{0} "), "");
        assert_eq!(name_clean(&"x".repeat(500)).chars().count(), NAME_CHARACTERS + 1);
    }

    proptest! {
        #[test]
        fn whatever_a_name_is_it_stays_one_line(name in "\\PC*|[\\x00-\\x7f]*") {
            let clean = name_clean(&name);
            prop_assert!(!clean.chars().any(char::is_control));
            prop_assert!(!clean.contains("//") && !clean.contains('@'));
        }
    }
}
