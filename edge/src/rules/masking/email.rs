//! E-mail addresses: something, an at sign, and a domain with a dot in it.

use super::{Finding, Kind};

/// Finds e-mail addresses, internationalised ones too.
pub(super) fn emails(letters: &[char]) -> Vec<Finding> {
    let ats = letters.iter().enumerate().filter(|(_, letter)| matches!(letter, '@' | '\u{ff20}'));
    ats.filter_map(|(at, _)| {
        let before = letters.get(..at)?;
        let name = before.iter().rev().take_while(|letter| is_name(**letter)).count();
        let start = before.len().checked_sub(name)?;
        // Quotes and dots in front belong to the sentence.
        let loose = letters.get(start..at)?.iter().take_while(|letter| is_loose(**letter)).count();
        let start = start.checked_add(loose)?;
        let first = at.checked_add(1)?;
        let after = letters.get(first..)?;
        let reach = after.iter().take_while(|letter| is_domain(**letter)).count();
        let domain = after.get(..reach)?;
        // A dot or hyphen at the end belongs to the sentence.
        let tail = domain.iter().rev().take_while(|letter| matches!(letter, '.' | '-' | '_')).count();
        let domain = domain.get(..reach.checked_sub(tail)?)?;
        let mut labels = domain.rsplit(|letter| *letter == '.');
        let top = labels.next()?;
        let is_address = start < at
            && top.len() >= 2
            && top.iter().all(|letter| letter.is_alphanumeric() || *letter == '-')
            && top.iter().any(|letter| letter.is_alphabetic())
            && labels.next().is_some_and(|label| !label.is_empty());
        is_address.then_some(Finding { range: start..first.checked_add(domain.len())?, kind: Kind::Email })
    })
    .collect()
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(letter)
}

const fn is_loose(letter: char) -> bool {
    matches!(letter, '.' | '\'' | '`' | '*' | '/' | '=' | '?' | '!' | '&' | '#' | '|' | '{')
}

fn is_domain(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_')
}
