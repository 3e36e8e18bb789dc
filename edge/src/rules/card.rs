//! A conversation's card: the newest words for the list, and each word that occurs for a search. It is sealed like the
//! messages that it is made of.

use serde::{Deserialize, Serialize};
use shared::limits::{CARD_BYTES, PREVIEW_CHARACTERS};
use shared::time::Millis;
use shared::wire::message::Origin;

use super::answer::folded_words;

/// What a card says. It has no `Debug`: it is what people wrote.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Card {
    /// Who said the newest words.
    origin: Option<Origin>,
    /// They, on one line and cut short.
    preview: String,
    /// When they were written.
    at: i64,
    /// Each folded word once, the newest first.
    words: Vec<String>,
}

impl Card {
    /// Puts a message on the card. Where there is no room for all words, those go that were said longest ago.
    pub fn add(&mut self, origin: Origin, at: Millis, text: &str) {
        self.origin = Some(origin);
        self.preview = preview(text);
        self.at = at.as_i64();
        let mut words: Vec<String> = Vec::new();
        for word in folded_words(text).into_iter().chain(std::mem::take(&mut self.words)) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let mut room = CARD_BYTES;
        words.retain(|word| {
            let needed = word.len().saturating_add(1);
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        });
        self.words = words;
    }

    /// The newest words: who said them, what, when.
    pub fn newest(&self) -> Option<(Origin, &str, Millis)> {
        Some((self.origin?, self.preview.as_str(), Millis::new(self.at)))
    }

    /// Every sought word begins a word of the card.
    pub fn has_all(&self, sought: &[String]) -> bool {
        sought.iter().all(|sought| self.words.iter().any(|word| word.starts_with(sought.as_str())))
    }
}

/// What a search looks for: folded words, each once.
pub fn sought(text: &str) -> Vec<String> {
    let mut words = folded_words(text);
    words.sort_unstable();
    words.dedup();
    words
}

/// The beginning of a text on one line.
fn preview(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = line.chars();
    let cut: String = letters.by_ref().take(PREVIEW_CHARACTERS).collect();
    if letters.next().is_none() { cut } else { format!("{}…", cut.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AT: Millis = Millis::new(1_800_000_000_000);

    fn finds(card: &Card, text: &str) -> bool {
        card.has_all(&sought(text))
    }

    #[test]
    fn words_are_found_by_their_beginning_whatever_their_accents_and_capitals() {
        let mut card = Card::default();
        card.add(Origin::Visitor, AT, "À quelle heure est le petit-déjeuner ?");
        card.add(Origin::Human, AT.plus_ms(1), "Von 7 bis 10, außer sonntags.");
        assert!(finds(&card, "HEURE dej") || finds(&card, "heure petitdej"));
        assert!(finds(&card, "ausser sonn"));
        assert!(finds(&card, "quelle sonntags"));
        assert!(!finds(&card, "quelle samstags"));
        assert!(!finds(&card, "ejeuner"));
        assert_eq!(card.newest(), Some((Origin::Human, "Von 7 bis 10, außer sonntags.", AT.plus_ms(1))));
    }

    #[test]
    fn a_preview_is_one_short_line() {
        let mut card = Card::default();
        card.add(Origin::Visitor, AT, &format!("a\n\n b\t{}", "ü".repeat(500)));
        let (_, text, _) = card.newest().unwrap();
        assert!(text.starts_with("a b üü") && text.ends_with('…'));
        assert_eq!(text.chars().count(), PREVIEW_CHARACTERS + 1);
    }

    proptest! {
        #[test]
        fn a_card_never_outgrows_its_room_and_keeps_the_newest(
            texts in prop::collection::vec("[a-zé ]{0,400}", 1..40)
        ) {
            let mut card = Card::default();
            for text in &texts {
                card.add(Origin::Visitor, AT, text);
            }
            prop_assert!(card.words.iter().map(|word| word.len() + 1).sum::<usize>() <= CARD_BYTES);
            let newest: Vec<String> = sought(texts.last().unwrap());
            prop_assert!(card.has_all(&newest));
        }
    }
}
