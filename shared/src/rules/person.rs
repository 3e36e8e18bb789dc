//! Names and addresses that people type: what is taken, and in which form.

/// A line of text without what could break out of a line, a mail's header or the direction of reading. `None` where
/// nothing visible is left, where it is longer than `most` characters or where it holds a control character.
pub fn line_text(text: &str, most: usize) -> Option<String> {
    let line = text.trim();
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let broken = line.chars().any(|letter| letter.is_control() || turns(letter));
    let fits = !line.is_empty() && line.chars().count() <= most;
    (fits && !broken).then(|| line.to_owned())
}

/// Several lines of text without what could break out of them: lines and tabs stay, other control characters and marks
/// that turn the direction of reading are refused. `None` likewise where it is longer than `most` characters. It may be empty.
pub fn block_text(text: &str, most: usize) -> Option<String> {
    let block = text.replace("\r\n", "\n");
    let block = block.trim();
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let broken =
        block.chars().any(|letter| (letter.is_control() && !"\n\t".contains(letter)) || turns(letter));
    (block.chars().count() <= most && !broken).then(|| block.to_owned())
}

/// An e-mail address in the form in which it is compared: trimmed, in lower case. `None` where mail could not reach it.
pub fn email_normalise(text: &str) -> Option<String> {
    let address = text.trim().to_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    let local_fits = (1..=64).contains(&local.len())
        && local.chars().all(|letter| letter.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(letter))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let domain_fits = domain.contains('.') && domain.split('.').all(label_fits);
    (address.len() <= 254 && local_fits && domain_fits).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_compared_in_one_form() {
        assert_eq!(email_normalise(" Ada.L@Example.ORG "), Some("ada.l@example.org".into()));
        assert_eq!(email_normalise("o'neil+x@mail.example.eu"), Some("o'neil+x@mail.example.eu".into()));
    }

    #[test]
    fn what_mail_could_not_reach_is_no_address() {
        for text in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "a b@example.org",
            "ada@-x.org",
            "ada@x..org",
            "ada@example.org\nbcc: eve@example.org",
            "<ada@example.org>",
            "a..b@example.org",
            "ada,eve@example.org",
        ] {
            assert_eq!(email_normalise(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_line_stays_a_line() {
        assert_eq!(line_text("  Ada Lovelace ", 80), Some("Ada Lovelace".into()));
        for text in ["", "  ", "a\nb", "a\rb", "a\u{0}b", "a\u{202e}b", &"x".repeat(81)] {
            assert_eq!(line_text(text, 80), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_normalised_address_is_its_own_normal_form(text in "\\PC{0,20}@\\PC{0,20}") {
            if let Some(address) = email_normalise(&text) {
                prop_assert_eq!(email_normalise(&address), Some(address.clone()));
                prop_assert!(!address.contains(char::is_whitespace));
            }
        }
    }
}
