//! Numbers that carry a check sum: IBANs (ISO 13616, mod 97) and cards (ISO 7812, Luhn).

use super::run::{Run, digit, digits_of};
use super::{Finding, Kind};

/// Length of an IBAN by country, from the registry of ISO 13616.
const IBAN_LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 \
    DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 \
    IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MA28 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 \
    NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 \
    TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// Finds IBANs, written together, in groups, or with dashes.
pub(super) fn ibans(letters: &[char]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut free_from = 0;
    for start in 0..letters.len() {
        let follows_word = start
            .checked_sub(1)
            .and_then(|at| letters.get(at))
            .is_some_and(|letter| letter.is_alphanumeric());
        if start < free_from || follows_word {
            continue;
        }
        if let Some(end) = iban_end(letters, start) {
            found.push(Finding { range: start..end, kind: Kind::Iban });
            free_from = end;
        }
    }
    found
}

/// Where the IBAN ends that begins at `start`.
fn iban_end(letters: &[char], start: usize) -> Option<usize> {
    let mut compact = String::new();
    let mut wanted = None;
    let mut was_separator = false;
    for (offset, letter) in letters.get(start..)?.iter().enumerate() {
        let plain = digit(*letter).unwrap_or(*letter).to_ascii_uppercase();
        if plain.is_ascii_alphanumeric() {
            was_separator = false;
            compact.push(plain);
        } else if !was_separator
            && compact.len() >= 4
            && matches!(plain, ' ' | '\u{a0}' | '\u{202f}' | '-' | '.')
        {
            was_separator = true;
            continue;
        } else {
            return None;
        }
        if compact.len() == 4 {
            wanted = Some(iban_length(&compact)?);
        }
        if Some(compact.len()) == wanted {
            let end = start.checked_add(offset)?.checked_add(1)?;
            let ends = !letters.get(end).is_some_and(|letter| letter.is_alphanumeric());
            return (ends && iban_holds(&compact)).then_some(end);
        }
    }
    None
}

/// The length that a country's IBANs have, from country and check digits.
fn iban_length(head: &str) -> Option<usize> {
    let (country, check) = head.split_at_checked(2)?;
    let is_head = country.bytes().all(|letter| letter.is_ascii_uppercase())
        && check.bytes().all(|letter| letter.is_ascii_digit());
    let entry = IBAN_LENGTHS.split_whitespace().find(|entry| entry.starts_with(country))?;
    is_head.then(|| entry.get(2..)?.parse().ok()).flatten()
}

/// The check digits hold: the number, country last and letters counted from ten, leaves 1 when divided by 97.
fn iban_holds(compact: &str) -> bool {
    let Some((head, tail)) = compact.split_at_checked(4) else { return false };
    let rest = tail.chars().chain(head.chars()).try_fold(0_u32, |rest, letter| {
        let value = letter.to_digit(36)?;
        let scale = if value < 10 { 10 } else { 100 };
        rest.checked_mul(scale)?.checked_add(value)?.checked_rem(97)
    });
    rest == Some(1)
}

/// Finds card numbers: 13 to 19 digits that an issuer could have given out and whose last digit holds.
pub(super) fn cards(runs: &[Run]) -> Vec<Finding> {
    runs.iter().filter(|run| run.plus.is_none()).flat_map(cards_of).collect()
}

fn cards_of(run: &Run) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for from in 0..run.groups.len() {
        let Some(rest) = run.groups.get(from..) else { break };
        let Some(first) = rest.first() else { break };
        if found.last().is_some_and(|finding| first.range.start < finding.range.end) {
            continue;
        }
        // The longest fit: an expiry date behind it is not part of it, and does not hide it.
        let fit = (1..=rest.len()).rev().filter_map(|count| rest.get(..count)).find(|groups| {
            let joined = groups.split_last().map_or(&[][..], |(_, inner)| inner);
            joined.iter().all(|group| matches!(group.separator.as_str(), " " | "-" | "."))
                && card_holds(&digits_of(groups))
        });
        if let Some(last) = fit.and_then(|groups| groups.last()) {
            found.push(Finding { range: first.range.start..last.range.end, kind: Kind::Card });
        }
    }
    found
}

fn card_holds(digits: &str) -> bool {
    let issued = digits.starts_with(['4', '6', '5'])
        || ["22", "23", "24", "25", "26", "27", "30", "34", "35", "36", "37", "38", "39"]
            .iter()
            .any(|range| digits.starts_with(range));
    let sum = digits.bytes().rev().enumerate().try_fold(0_u32, |sum, (place, letter)| {
        let value = u32::from(letter.checked_sub(b'0')?);
        let value = if place % 2 == 0 { value } else { value.checked_mul(2)? };
        sum.checked_add(if value > 9 { value.checked_sub(9)? } else { value })
    });
    (13..=19).contains(&digits.len()) && issued && sum.is_some_and(|sum| sum % 10 == 0)
}
