//! What counts as a message: the composer counts with it, the edge refuses with it.

use crate::limits::MESSAGE_CHARACTERS;
use crate::wire::problem::Kind;

/// Takes the words of a message as they will be kept: outer white space is gone and so are control characters but
/// line feed and tab. Direction marks stay (Arabic and Hebrew need them); overrides and isolates, which can make a
/// text read as another one, go.
///
/// Fails with `MessageEmpty` or `MessageTooLong`.
pub fn message_text(text: &str) -> Result<String, Kind> {
    let kept: String = text.chars().filter(|letter| is_kept(*letter)).collect();
    let trimmed = kept.trim();
    if !trimmed.chars().any(is_visible) {
        return Err(Kind::MessageEmpty);
    }
    // The count is taken lazily: a text far over the limit is not walked to its end.
    if trimmed.chars().nth(MESSAGE_CHARACTERS).is_some() {
        return Err(Kind::MessageTooLong);
    }
    Ok(trimmed.to_owned())
}

/// The words that a saved reply fills in when it is used.
pub const REPLY_VARIABLES: [&str; 4] = ["{visitor_name}", "{agent_name}", "{business_name}", "{site_name}"];

/// Whether everything in braces is one of the words that are filled in: nobody is to read a bare variable.
pub fn reply_is_fillable(text: &str) -> bool {
    let bare = REPLY_VARIABLES.iter().fold(text.to_owned(), |text, variable| text.replace(variable, ""));
    !bare.contains(['{', '}'])
}

/// Unicode's explicit overrides, embeddings and isolates (UAX #9), and controls other than tab and line feed.
fn is_kept(letter: char) -> bool {
    !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        && (!letter.is_control() || matches!(letter, '\n' | '\t'))
}

fn is_visible(letter: char) -> bool {
    !letter.is_whitespace()
        && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_its_words_and_loses_its_edges() {
        assert_eq!(message_text("  Bonsoir,\nun lit bébé ?\u{0} ").as_deref(), Ok("Bonsoir,\nun lit bébé ?"));
    }

    #[test]
    fn nothing_visible_is_no_message() {
        for text in ["", "  \n", "\u{200b}\u{feff}", "\u{202e}"] {
            assert_eq!(message_text(text), Err(Kind::MessageEmpty), "{text:?}");
        }
    }

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert!(message_text(&"é".repeat(MESSAGE_CHARACTERS)).is_ok());
        assert_eq!(message_text(&"é".repeat(MESSAGE_CHARACTERS + 1)), Err(Kind::MessageTooLong));
    }

    #[test]
    fn a_direction_override_does_not_survive() {
        assert_eq!(message_text("abc\u{202e}fdp.exe").as_deref(), Ok("abcfdp.exe"));
        assert_eq!(message_text("שלום\u{200f}!").as_deref(), Ok("שלום\u{200f}!"));
    }
}
