//! Personal numbers and addresses leave no deployment (promise B11): before text goes to a provider they become
//! marks like `⟦email-1⟧`, and in the answer the marks become what they stood for.
//!
//! A mark is stable within one turn, so a model can tell two addresses apart and repeat the right one. Nothing is
//! kept: the table of marks lives as long as the turn.

mod bank;
mod email;
mod phone;
mod run;
#[cfg(test)]
mod tests;

use std::ops::Range;

/// What opens a mark. Text that is masked loses these characters, so that nobody can write a mark by hand.
const OPEN: char = '\u{27e6}';
/// What closes a mark.
const CLOSE: char = '\u{27e7}';
/// Longer than any mark; what is longer is ordinary text.
const MARK_CHARACTERS: usize = 16;

/// What a mark hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Email,
    Phone,
    Card,
    Iban,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::Iban => "iban",
        }
    }
}

/// Something personal in a text, in characters from its start.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    range: Range<usize>,
    kind: Kind,
}

#[derive(Clone)]
struct Mark {
    kind: Kind,
    name: String,
    hidden: String,
}

/// The marks of one turn. It has no `Debug`: it holds what must not be logged.
#[derive(Clone, Default)]
pub struct Masks {
    marks: Vec<Mark>,
}

impl Masks {
    /// Replaces e-mail addresses, phone numbers, card numbers and IBANs by marks.
    pub fn mask(&mut self, text: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for finding in findings(&letters) {
            push_plain(&mut masked, letters.get(at..finding.range.start).unwrap_or_default());
            let hidden: String = letters.get(finding.range.clone()).unwrap_or_default().iter().collect();
            masked.push_str(&self.mark(finding.kind, hidden));
            at = finding.range.end;
        }
        push_plain(&mut masked, letters.get(at..).unwrap_or_default());
        masked
    }

    fn mark(&mut self, kind: Kind, hidden: String) -> String {
        if let Some(mark) = self.marks.iter().find(|mark| mark.kind == kind && mark.hidden == hidden) {
            return mark.name.clone();
        }
        let number = self.marks.iter().filter(|mark| mark.kind == kind).count().saturating_add(1);
        let name = format!("{OPEN}{}-{number}{CLOSE}", kind.as_str());
        self.marks.push(Mark { kind, name: name.clone(), hidden });
        name
    }

    /// Puts back what the marks of a whole text hide.
    pub fn unmask(&self, text: &str) -> String {
        let mut unmasker = self.unmasker();
        let mut whole = unmasker.push(text);
        whole.push_str(&unmasker.finish());
        whole
    }

    /// Begins to put back what marks hide in a text that arrives in pieces.
    pub fn unmasker(&self) -> Unmasker {
        Unmasker { masks: self.clone(), held: String::new() }
    }
}

fn push_plain(masked: &mut String, letters: &[char]) {
    masked.extend(letters.iter().map(|letter| match *letter {
        OPEN => '[',
        CLOSE => ']',
        other => other,
    }));
}

/// Everything personal, in order and without overlap. Addresses come first, since their digits are not numbers; then
/// the two kinds that carry a check sum; phone numbers, which carry none, take what is left.
fn findings(letters: &[char]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let runs = run::digit_runs(letters);
    let of_kinds =
        [email::emails(letters), bank::ibans(letters), bank::cards(&runs), phone::phones(letters, &runs)];
    for finding in of_kinds.into_iter().flatten() {
        let is_free = |other: &Finding| {
            other.range.end <= finding.range.start || finding.range.end <= other.range.start
        };
        if found.iter().all(is_free) {
            found.push(finding);
        }
    }
    found.sort_by_key(|finding| finding.range.start);
    found
}

/// Puts hidden things back while an answer streams: it holds back an open mark and nothing else.
pub struct Unmasker {
    masks: Masks,
    held: String,
}

impl Unmasker {
    /// Takes more of the answer and gives what can be shown of it.
    pub fn push(&mut self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for letter in text.chars() {
            if letter == OPEN {
                shown.push_str(&std::mem::take(&mut self.held));
                self.held.push(letter);
            } else if self.held.is_empty() {
                shown.push(letter);
            } else if letter == CLOSE {
                self.held.push(letter);
                shown.push_str(&self.hidden());
            } else {
                self.held.push(letter);
                let is_mark = (letter.is_ascii_alphanumeric() || letter == '-')
                    && self.held.chars().count() < MARK_CHARACTERS;
                if !is_mark {
                    shown.push_str(&std::mem::take(&mut self.held));
                }
            }
        }
        shown
    }

    /// Gives what is left when the answer is over.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// What the held mark hides. A mark that was never made is a model's invention and says nothing.
    fn hidden(&mut self) -> String {
        let name = std::mem::take(&mut self.held).to_ascii_lowercase();
        let mark = self.masks.marks.iter().find(|mark| mark.name == name);
        mark.map_or_else(|| "\u{2026}".to_owned(), |mark| mark.hidden.clone())
    }
}
