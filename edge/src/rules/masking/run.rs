//! Runs of digits, as people write them: in groups, with spaces, dots, dashes, slashes or brackets between.

use std::ops::Range;

/// Digits without anything between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// Where it stands, in characters.
    pub range: Range<usize>,
    /// Its digits, as ASCII.
    pub digits: String,
    /// What stands between it and the next group; empty after the last.
    pub separator: String,
}

/// Groups that may be one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Never empty.
    pub groups: Vec<Group>,
    /// Where a plus sign stands that makes it international.
    pub plus: Option<usize>,
    /// Where a bracket opens before the first group.
    pub bracket: Option<usize>,
}

impl Run {
    /// All digits, in order.
    pub fn digits(&self) -> String {
        digits_of(&self.groups)
    }
}

/// All digits of groups, in order.
pub(super) fn digits_of(groups: &[Group]) -> String {
    groups.iter().map(|group| group.digits.as_str()).collect()
}

/// The value of a digit, in Western, Arabic, Persian or full-width shape.
pub(super) fn digit(letter: char) -> Option<char> {
    let base = match letter {
        '0'..='9' => return Some(letter),
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return None,
    };
    char::from_digit(u32::from(letter).checked_sub(base)?, 10)
}

/// Finds every run. Groups that belong to a word, a time or a decimal fraction are not part of one.
pub(super) fn digit_runs(letters: &[char]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open: Option<Run> = None;
    for mut group in groups(letters) {
        let before = letters.get(..group.range.start).unwrap_or_default();
        let after = letters.get(group.range.end..).unwrap_or_default();
        if is_part_of_something(before, after) {
            runs.extend(open.take());
            continue;
        }
        group.separator = separator(after);
        let ends = group.separator.is_empty();
        match &mut open {
            Some(run) => run.groups.push(group),
            None => {
                let bracket = before.last().filter(|letter| **letter == '(').map(|_| before.len());
                let inner = if bracket.is_some() {
                    before.split_last().map_or(before, |(_, rest)| rest)
                } else {
                    before
                };
                let plus = [before, inner].into_iter().find_map(|text| {
                    text.last().filter(|letter| matches!(letter, '+' | '\u{ff0b}')).map(|_| text.len())
                });
                let place = |length: usize| length.checked_sub(1);
                open = Some(Run {
                    groups: vec![group],
                    plus: plus.and_then(place),
                    bracket: bracket.and_then(place),
                });
            }
        }
        if ends {
            runs.extend(open.take());
        }
    }
    runs.extend(open);
    runs
}

fn groups(letters: &[char]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let Some(digit) = digit(*letter) else { continue };
        let end = at.saturating_add(1);
        match groups.last_mut().filter(|last| last.range.end == at) {
            Some(last) => {
                last.range.end = end;
                last.digits.push(digit);
            }
            None => {
                groups.push(Group { range: at..end, digits: digit.to_string(), separator: String::new() });
            }
        }
    }
    groups
}

/// Letters at its side make it part of a word, a colon or comma with another digit behind it part of a time or price.
fn is_part_of_something(before: &[char], after: &[char]) -> bool {
    // Arabic and Hebrew put their prepositions right before a number.
    let is_prefix = |letter: char| matches!(letter, '\u{5d0}'..='\u{5ea}' | '\u{621}'..='\u{64a}');
    let is_word = |letter: Option<&char>| {
        letter.is_some_and(|letter| *letter == '_' || (letter.is_alphabetic() && !is_prefix(*letter)))
    };
    let joins = |near: Option<&char>, far: Option<&char>| {
        near.is_some_and(|letter| matches!(letter, ':' | ',')) && far.is_some_and(|far| digit(*far).is_some())
    };
    let mut back = before.iter().rev();
    let mut on = after.iter();
    is_word(before.last())
        || is_word(after.first())
        || joins(back.next(), back.next())
        || joins(on.next(), on.next())
}

/// What stands between two groups of one number: one sign, or one with a space or bracket around it. Empty where
/// the next digit is not part of the number.
fn separator(after: &[char]) -> String {
    let between: String =
        after.iter().take_while(|letter| digit(**letter).is_none()).take(4).map(plain).collect();
    let follows = after.get(between.chars().count()).is_some_and(|letter| digit(*letter).is_some());
    let fits = matches!(
        between.as_str(),
        " " | "."
            | "-"
            | "/"
            | " - "
            | " / "
            | ")"
            | ") "
            | " ("
            | "("
            | ")-"
            | ")."
            | ") -"
            | ") - "
            | "-("
            | ".("
    );
    if follows && fits { between } else { String::new() }
}

/// The plain form of the spaces and dashes that typography knows.
const fn plain(letter: &char) -> char {
    match *letter {
        '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}
