//! Privacy codes: what a visitor comes back with to their own data, read out, typed or copied.

use shared::privacy::Secret;

/// The letters of a privacy code: Crockford's base 32, which has no I, L, O or U to be misread.
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 26 letters of five bits carry 128.
const CODE_LENGTH: usize = 26;

/// Mints a privacy code: 128 random bits in letters that can be read out, without their grouping.
pub fn privacy_code_mint(random: [u8; 16]) -> Secret<String> {
    let bits = u128::from_be_bytes(random);
    let letters = (0..CODE_LENGTH).rev().map(|place| {
        let shift = u32::try_from(place.saturating_mul(5)).unwrap_or(0);
        let index = usize::try_from(bits.checked_shr(shift).unwrap_or(0) & 31).unwrap_or(0);
        char::from(CODE_LETTERS.get(index).copied().unwrap_or(b'0'))
    });
    Secret::new(letters.collect())
}

/// A privacy code as people copy it: in groups of up to five.
pub fn privacy_code_grouped(code: &Secret<String>) -> Secret<String> {
    let mut text = String::with_capacity(CODE_LENGTH.saturating_add(6));
    for (place, letter) in code.expose().chars().enumerate() {
        if place > 0 && place % 5 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    Secret::new(text)
}

/// A privacy code as it was typed, in the form in which it is hashed. `None` where it can be none.
pub fn privacy_code_read(text: &str) -> Option<Secret<String>> {
    let mut code = String::with_capacity(CODE_LENGTH);
    for letter in text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
        if code.len() >= CODE_LENGTH {
            return None;
        }
        // What people mistake for one another is the same letter (Crockford).
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        };
        let known = u8::try_from(letter).is_ok_and(|letter| CODE_LETTERS.contains(&letter));
        code.push(known.then_some(letter)?);
    }
    (code.len() == CODE_LENGTH).then(|| Secret::new(code))
}

#[cfg(test)]
mod tests {
    use super::{privacy_code_grouped, privacy_code_mint, privacy_code_read};

    #[test]
    fn a_privacy_code_reads_back_however_it_is_typed_and_carries_every_bit() {
        let code = privacy_code_mint([0xff; 16]);
        assert_eq!(code.expose(), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        let code = privacy_code_mint([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        let grouped = privacy_code_grouped(&code);
        assert_eq!(grouped.expose().split('-').count(), 6);
        for typed in [
            grouped.expose().clone(),
            grouped.expose().to_lowercase(),
            format!(" {} ", grouped.expose().replace('-', " ")),
            grouped.expose().replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(privacy_code_read(&typed), Some(code.clone()), "{typed}");
        }
        for wrong in ["", "7ZZZ", "7ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "7ZZZZZZZZZZZZZZZZZZZZZZZZ!"] {
            assert_eq!(privacy_code_read(wrong), None, "{wrong}");
        }
    }
}
