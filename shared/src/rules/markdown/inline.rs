//! What stands within a line: bold, italic, code, links, and addresses that are written out.

use super::Inline;
use super::link::{address_checked, hides};

/// Bold in a link in italics is as deep as it gets; deeper marks are words.
const DEPTH: u8 = 4;

/// Reads the pieces of a line, or of several that belong together.
pub fn inlines(text: &str) -> Vec<Inline> {
    Scanner { rest: text, before: None, depth: 0, in_link: false }.read()
}

struct Scanner<'a> {
    rest: &'a str,
    /// The letter before `rest`: marks inside a word are no marks.
    before: Option<char>,
    depth: u8,
    in_link: bool,
}

impl<'a> Scanner<'a> {
    fn read(mut self) -> Vec<Inline> {
        let mut found = Vec::new();
        let mut words = String::new();
        while !self.rest.is_empty() {
            if let Some((piece, rest)) = self.piece() {
                flush(&mut words, &mut found);
                found.push(piece);
                self.before = Some(' ');
                self.rest = rest;
            } else {
                let mut letters = self.rest.chars();
                let letter = letters.next();
                self.rest = letters.as_str();
                // A backslash lets a mark be a letter.
                let letter = match letter {
                    Some('\\') => match letters.next() {
                        Some(mark) if mark.is_ascii_punctuation() => {
                            self.rest = letters.as_str();
                            Some(mark)
                        }
                        _ => letter,
                    },
                    // `![words](address)`: the words, and no image.
                    Some('!') if self.rest.starts_with('[') => None,
                    // Overrides of direction can make a text read as another one.
                    Some('\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => None,
                    _ => letter,
                };
                words.extend(letter);
                self.before = letter;
            }
        }
        flush(&mut words, &mut found);
        found
    }

    fn piece(&self) -> Option<(Inline, &'a str)> {
        let letter = self.rest.chars().next()?;
        match letter {
            '\n' => Some((Inline::Break, self.rest.strip_prefix('\n')?)),
            '`' => {
                let (code, rest) = self.rest.strip_prefix('`')?.split_once('`')?;
                (!code.is_empty()).then(|| (Inline::Code(code.to_owned()), rest))
            }
            '*' | '_' => {
                self.marked("**", Inline::Strong).or_else(|| self.marked("__", Inline::Strong)).or_else(
                    || self.marked("*", Inline::Emphasis).or_else(|| self.marked("_", Inline::Emphasis)),
                )
            }
            '[' => self.link(),
            '<' => self.angled(),
            'h' | 'H' if !self.in_link => self.bare(),
            _ => None,
        }
    }

    /// `**words**`: the marks touch the words, and underscores do not work inside a word.
    fn marked(&self, mark: &str, piece: fn(Vec<Inline>) -> Inline) -> Option<(Inline, &'a str)> {
        let inner = self.rest.strip_prefix(mark)?;
        let in_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        if self.depth >= DEPTH
            || inner.starts_with([' ', '\n'])
            || (mark.starts_with('_') && in_word(self.before))
        {
            return None;
        }
        let mut places = inner.match_indices(mark);
        let (place, _) = places.find(|(place, _)| {
            let (words, rest) = inner.split_at_checked(*place).unwrap_or_default();
            let after = rest.strip_prefix(mark).unwrap_or_default();
            let touches = !words.is_empty() && !words.ends_with([' ', '\n', '\\']);
            let ends_word = !mark.starts_with('_') || !in_word(after.chars().next());
            // `*` does not end at the first star of `**`.
            let whole = mark.len() > 1 || !(after.starts_with(mark) || words.ends_with(mark));
            touches && ends_word && whole
        })?;
        let (words, rest) = inner.split_at_checked(place)?;
        Some((piece(self.within(words, self.in_link)), rest.strip_prefix(mark)?))
    }

    /// `[words](address)`.
    fn link(&self) -> Option<(Inline, &'a str)> {
        let (words, rest) = self.rest.strip_prefix('[')?.split_once("](")?;
        let (address, rest) = rest.split_once(')')?;
        if self.in_link || self.depth >= DEPTH || words.contains('\n') {
            return None;
        }
        // `[words](address "title")`: the title goes.
        let address = address.split_whitespace().next().unwrap_or_default();
        let words = self.within(words, true);
        // A link that is not allowed loses its address and keeps its words.
        let Some(address) = address_checked(address) else { return Some((Inline::Emphasis(words), rest)) };
        let shown = hides(&plain(&words), &address);
        Some((Inline::Link { address, shown, words }, rest))
    }

    /// `<https://example.org>`.
    fn angled(&self) -> Option<(Inline, &'a str)> {
        let (inner, rest) = self.rest.strip_prefix('<')?.split_once('>')?;
        let address = address_checked(inner)?;
        Some((Inline::Link { shown: None, words: vec![Inline::Text(inner.to_owned())], address }, rest))
    }

    /// An address that is written out. Punctuation at its end belongs to the sentence.
    fn bare(&self) -> Option<(Inline, &'a str)> {
        if self.before.is_some_and(char::is_alphanumeric) {
            return None;
        }
        let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '*' | '`');
        let whole = self.rest.split(is_end).next()?;
        let written = whole.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '_']);
        if !written.contains("://") {
            return None;
        }
        let address = address_checked(written)?;
        let rest = self.rest.strip_prefix(written)?;
        Some((Inline::Link { shown: None, words: vec![Inline::Text(written.to_owned())], address }, rest))
    }

    fn within(&self, text: &str, in_link: bool) -> Vec<Inline> {
        Scanner { rest: text, before: None, depth: self.depth.saturating_add(1), in_link }.read()
    }
}

fn flush(words: &mut String, found: &mut Vec<Inline>) {
    if !words.is_empty() {
        found.push(Inline::Text(std::mem::take(words)));
    }
}

/// The words alone.
fn plain(pieces: &[Inline]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Inline::Text(text) | Inline::Code(text) => text.clone(),
            Inline::Break => " ".to_owned(),
            Inline::Strong(words) | Inline::Emphasis(words) | Inline::Link { words, .. } => plain(words),
        })
        .collect()
}
