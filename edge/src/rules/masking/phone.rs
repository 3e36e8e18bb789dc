//! Phone numbers. They carry no check sum, so shape and neighbourhood decide.
//!
//! Sure shapes count wherever they stand: a plus sign, two zeros and a country, a zero in front as most of Europe
//! and the Gulf write it, an area code in brackets. Unsure shapes (nine or ten digits without any of these, as in
//! Spain, Portugal, Poland, Italy and North America) count unless something beside them says otherwise: a currency, or
//! a word like "order" or "room". A word like "call" makes any shape sure. Where it is unclear, the number is
//! masked: a masked price comes back in the answer, a phone number that left does not.

use super::run::{Group, Run, digits_of};
use super::{Finding, Kind};

/// How far back a word still speaks about a number, in characters.
const CONTEXT_CHARACTERS: usize = 40;

/// After these, digits are somebody's number.
const PHONE_WORDS: &str = "phone telephone tel telefon telefono teléfono telefone telefoon téléphone tél mobile mobil móvil \
    movil telemóvel telemovel cell cellphone cellulare handy whatsapp signal sms fax gsm portable call dial ring reach \
    appeler appelez rappeler rappelez joindre anrufen rückruf llamar llame chiamare chiami bellen ligar zadzwoń \
    zadzwonić komórka komórkowy kom nummer هاتف هاتفي جوال موبايل واتساب اتصل טלפון נייד סלולרי וואטסאפ";

/// After these, digits are something else's number.
const OTHER_WORDS: &str = "order orders booking bookings reservation reservations room rooms invoice ref reference ticket \
    confirmation code zip postcode postal id isbn ean sku serial article item version vat siren siret iban year page \
    commande réservation chambre chambres facture référence dossier billet tva bestellung buchung rechnung zimmer \
    auftrag bestellnummer buchungsnummer rechnungsnummer zimmernummer reservierungsnummer bestelnummer pedido reserva factura habitación ordine prenotazione fattura camera boeking factuur kamer bestelling encomenda \
    fatura quarto zamówienie rezerwacja faktura pokój طلب حجز غرفة فاتورة הזמנה חדר חשבונית";

/// Finds phone numbers.
pub(super) fn phones(letters: &[char], runs: &[Run]) -> Vec<Finding> {
    runs.iter().flat_map(without_dates).flat_map(|run| phones_of(letters, &run)).collect()
}

fn phones_of(letters: &[char], run: &Run) -> Vec<Finding> {
    let found = |groups: &[Group], start: usize| {
        groups.last().map(|last| Finding { range: start..last.range.end, kind: Kind::Phone })
    };
    let Some(first) = run.groups.first() else { return Vec::new() };
    let start = run.plus.into_iter().chain(run.bracket).min().unwrap_or(first.range.start);
    let count = run.digits().len();
    if run.plus.is_some() {
        // The longest start that is not too long: what follows a number may be another one.
        let international = (1..=run.groups.len())
            .rev()
            .filter_map(|count| run.groups.get(..count))
            .find(|groups| is_international(&digits_of(groups)) && !is_amount(letters, run));
        return international.and_then(|groups| found(groups, start)).into_iter().collect();
    }
    let context = context(letters, start);
    let has_area = run.bracket.is_some() && first.separator.starts_with(')') && first.digits.len() <= 5;
    let is_whole = is_double_zero(run)
        || (has_area && (8..=12).contains(&count))
        || (context == Context::Phone && (8..=15).contains(&count))
        || (context == Context::None && is_unsure_shape(run) && !is_amount(letters, run));
    if is_whole {
        return found(&run.groups, start).into_iter().collect();
    }
    trunk_numbers(run).iter().filter_map(|groups| found(groups, groups.first()?.range.start)).collect()
}

/// E.164: a country code, and 15 digits at most. A zero in brackets is for callers from inside.
fn is_international(digits: &str) -> bool {
    (8..=16).contains(&digits.len()) && !digits.starts_with('0')
}

fn is_double_zero(run: &Run) -> bool {
    let digits = run.digits();
    let begins = run.groups.first().is_some_and(|group| group.digits.len() != 1);
    digits.strip_prefix("00").is_some_and(|rest| begins && is_international(rest) && rest.len() >= 9)
}

/// Numbers with a zero in front, at the start of a run or after a space: not in the middle of a book's number.
fn trunk_numbers(run: &Run) -> Vec<&[Group]> {
    let mut numbers: Vec<&[Group]> = Vec::new();
    let mut rest = run.groups.as_slice();
    let mut may_begin = true;
    while let Some((first, others)) = rest.split_first() {
        let mut fits = (1..=rest.len()).rev().filter_map(|count| rest.split_at_checked(count));
        match fits.find(|(groups, _)| may_begin && is_trunk_shape(groups)) {
            Some((groups, after)) => {
                numbers.push(groups);
                rest = after;
                may_begin = true;
            }
            None => {
                may_begin = first.separator == " ";
                rest = others;
            }
        }
    }
    numbers
}

fn is_trunk_shape(groups: &[Group]) -> bool {
    let digits = digits_of(groups);
    let lengths: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
    let inner = groups.split_last().map_or(&[][..], |(_, inner)| inner);
    let signs: Vec<&str> = inner.iter().map(|group| group.separator.trim()).collect();
    let is_uniform = signs.windows(2).all(|pair| pair.first() == pair.last());
    let mut second = digits.bytes().skip(1);
    let begins = digits.starts_with('0')
        && second.next().is_some_and(|letter| letter != b'0')
        && lengths.first() != Some(&1);
    let fits = match lengths.as_slice() {
        // A postal code with its extension.
        [5, 4] if signs == ["-"] => false,
        // Pairs: five of them, all alike. Times and lists of days are not.
        _ if lengths.iter().all(|length| *length == 2) => lengths.len() == 5 && is_uniform,
        _ => (9..=12).contains(&digits.len()),
    };
    // Dots go with dots only: 08.00-12.30 is a time.
    begins && fits && (is_uniform || !signs.contains(&"."))
}

/// Shapes of countries that dial without a zero.
fn is_unsure_shape(run: &Run) -> bool {
    let digits = run.digits();
    let lengths: Vec<usize> = run.groups.iter().map(|group| group.digits.len()).collect();
    let first = digits.chars().next().unwrap_or('0');
    let any_of = |set: &str| set.contains(first);
    match lengths.as_slice() {
        // North America: neither area nor exchange begins with 0 or 1. Italy's mobiles, India's too.
        [3, 3, 4] | [10] => {
            is_north_american(&digits) || any_of("3") || (lengths.len() == 1 && any_of("6789"))
        }
        [1, 3, 3, 4] | [11] => digits.strip_prefix('1').is_some_and(is_north_american),
        [3, 7] | [3, 6] => any_of("3"),
        [5, 5] => any_of("6789"),
        // Spain, Portugal, Poland.
        [3, 3, 3] => any_of("23456789"),
        [3, 2, 2, 2] => any_of("6789"),
        [2, 3, 2, 2] => any_of("123456789"),
        [2, 3, 4] => any_of("23456789"),
        [9] => any_of("256789"),
        // Brazil's mobiles.
        [2, 5, 4] => digits.chars().nth(2) == Some('9'),
        _ => false,
    }
}

fn is_north_american(digits: &str) -> bool {
    let opens = |place: usize| digits.chars().nth(place).is_some_and(|digit| ('2'..='9').contains(&digit));
    opens(0) && opens(3)
}

/// A currency or a percent sign at its side.
fn is_amount(letters: &[char], run: &Run) -> bool {
    let (Some(first), Some(last)) = (run.groups.first(), run.groups.last()) else { return false };
    let before = letters.get(..first.range.start).unwrap_or_default();
    let after = letters.get(last.range.end..).unwrap_or_default();
    let is_sign = |letter: &char| matches!(letter, '€' | '$' | '£' | '¥' | '₪' | '%' | '‰');
    let unit: String = after
        .iter()
        .skip_while(|letter| letter.is_whitespace())
        .take_while(|letter| letter.is_alphabetic())
        .collect();
    let code: Vec<char> = before
        .iter()
        .rev()
        .skip_while(|letter| letter.is_whitespace())
        .take_while(|l| l.is_alphabetic())
        .copied()
        .collect();
    let code: String = code.into_iter().rev().collect();
    let is_unit = |word: &str| {
        ["eur", "euro", "euros", "usd", "gbp", "chf", "pln", "zł", "aed", "ils", "dollars", "km", "kg"]
            .contains(&word.to_lowercase().as_str())
    };
    before.iter().rev().find(|letter| !letter.is_whitespace()).is_some_and(is_sign)
        || after.iter().find(|letter| !letter.is_whitespace()).is_some_and(is_sign)
        || is_unit(&unit)
        || (code.chars().all(char::is_uppercase) && is_unit(&code))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Phone,
    Other,
    None,
}

/// What the nearest telling word before a number says, within its line.
fn context(letters: &[char], start: usize) -> Context {
    let before = letters.get(..start).unwrap_or_default();
    if before.iter().rev().find(|letter| **letter != ' ').is_some_and(|letter| matches!(letter, '#' | '№'))
    {
        return Context::Other;
    }
    let near: Vec<char> =
        before.iter().rev().take(CONTEXT_CHARACTERS).take_while(|letter| **letter != '\n').copied().collect();
    let near: String = near.into_iter().rev().collect::<String>().to_lowercase();
    let has = |words: &str, word: &str| words.split_whitespace().any(|known| known == word);
    near.split(|letter: char| !letter.is_alphabetic())
        .rev()
        .find_map(|word| match word {
            _ if has(OTHER_WORDS, word) => Some(Context::Other),
            _ if has(PHONE_WORDS, word) => Some(Context::Phone),
            _ => None,
        })
        .unwrap_or(Context::None)
}

/// Cuts a run where a date or a span of years stands in it.
fn without_dates(run: &Run) -> Vec<Run> {
    let mut parts = Vec::new();
    let mut open = Run { groups: Vec::new(), ..run.clone() };
    let mut rest = run.groups.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let dated = date_groups(rest);
        if run.plus.is_none() && dated > 0 {
            let next = Run { groups: Vec::new(), plus: None, bracket: None };
            parts.push(std::mem::replace(&mut open, next));
            rest = rest.get(dated..).unwrap_or_default();
        } else {
            open.groups.push(first.clone());
            rest = after;
        }
    }
    parts.push(open);
    parts.retain(|part| !part.groups.is_empty());
    parts
}

/// How many groups at the start are a date or a span of years; 0 where they are neither.
fn date_groups(groups: &[Group]) -> usize {
    let number = |at: usize| groups.get(at).and_then(|group| group.digits.parse::<u32>().ok()).unwrap_or(0);
    let length = |at: usize| groups.get(at).map_or(0, |group| group.digits.len());
    let sign = |at: usize| groups.get(at).map_or("", |group| group.separator.as_str());
    let is_year = |at: usize| length(at) == 4 && (1900..=2100).contains(&number(at));
    let is_day = |a: usize, b: usize| {
        let (a, b) = (number(a), number(b));
        (1..=31).contains(&a) && (1..=31).contains(&b) && a.min(b) <= 12
    };
    let joined = matches!(sign(0), "." | "-" | "/") && sign(0) == sign(1);
    let ends_in_year = length(0) <= 2 && length(1) <= 2 && is_day(0, 1) && is_year(2);
    let begins_with_year = is_year(0) && length(1) == 2 && length(2) == 2 && is_day(1, 2);
    if joined && (ends_in_year || begins_with_year) {
        3
    } else if is_year(0) && is_year(1) {
        2
    } else {
        0
    }
}
