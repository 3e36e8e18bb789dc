//! Masking, tried with numbers in the shapes in which people write them, and with what only looks like one.

#![expect(clippy::string_slice, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

/// Two hundred and more numbers that are somebody's, in the shapes in which people write them: kind, tab, number. The door is
/// tried with the same ones (`tests/tests/api/masked.rs`).
fn true_numbers() -> Vec<(Kind, &'static str)> {
    let lines = include_str!("numbers.txt").lines().map(|line| line.split_once('\t').unwrap());
    let kind =
        |name: &str| [Kind::Phone, Kind::Card, Kind::Iban].into_iter().find(|kind| kind.as_str() == name);
    lines.map(|(name, number)| (kind(name).unwrap(), number)).collect()
}

#[test]
fn two_hundred_true_numbers_are_masked_whole() {
    let numbers = true_numbers();
    assert!(numbers.len() >= 200, "{}", numbers.len());
    for (kind, number) in numbers {
        for text in [
            number.to_owned(),
            format!("It is {number}."),
            format!("« {number}, merci »"),
            format!("a\n{number}\nb"),
        ] {
            let mut masks = Masks::default();
            let masked = masks.mask(&text);
            let expected = text.replace(number, &format!("\u{27e6}{}-1\u{27e7}", kind.as_str()));
            // The bracket of "(+33)" may stay outside: it says nothing.
            assert_eq!(masked, expected, "{text}");
            assert_eq!(masks.unmask(&masked), text);
        }
    }
}

#[test]
fn two_hundred_lookalikes_are_left_alone() {
    let lookalikes: Vec<&str> = include_str!("lookalikes.txt").lines().collect();
    assert!(lookalikes.len() >= 200, "{}", lookalikes.len());
    for number in lookalikes {
        for text in [number.to_owned(), format!("We say {number}, thank you."), format!("({number})")] {
            assert_eq!(Masks::default().mask(&text), text);
        }
    }
}

#[test]
fn a_number_counts_only_where_its_check_digits_hold() {
    for text in ["4111 1111 1111 1112", "NO93 8601 1117 948", "FR76 3000 6000"] {
        assert_eq!(Masks::default().mask(text), text);
    }
}

#[test]
fn addresses_are_masked_and_their_neighbours_are_not() {
    let cases = [
        ("Write to ada.lovelace+hotel@mail.example.co.uk.", "Write to \u{27e6}email-1\u{27e7}."),
        ("<jürgen@bücher.example>, thanks", "<\u{27e6}email-1\u{27e7}>, thanks"),
        ("(a@b.io)", "(\u{27e6}email-1\u{27e7})"),
        ("[me](mailto:ada@example.org)", "[me](mailto:\u{27e6}email-1\u{27e7})"),
        ("a@b.io a@b.io c@d.io", "\u{27e6}email-1\u{27e7} \u{27e6}email-1\u{27e7} \u{27e6}email-2\u{27e7}"),
        ("2 rooms @ 90 each", "2 rooms @ 90 each"),
        ("see @example", "see @example"),
        ("user@localhost", "user@localhost"),
        ("612345678@example.org", "\u{27e6}email-1\u{27e7}"),
    ];
    for (text, expected) in cases {
        assert_eq!(Masks::default().mask(text), expected, "{text}");
    }
}

#[test]
fn a_word_beside_it_makes_an_odd_number_a_phone_number() {
    assert_eq!(Masks::default().mask("call me: 12 34 56 78"), "call me: \u{27e6}phone-1\u{27e7}");
    assert_eq!(Masks::default().mask("WhatsApp 4512 345678"), "WhatsApp \u{27e6}phone-1\u{27e7}");
    assert_eq!(Masks::default().mask("اتصل ٠٥٠ ١٢٣ ٤٥٦٧"), "اتصل \u{27e6}phone-1\u{27e7}");
    assert_eq!(Masks::default().mask("תתקשרו ל054-1234567"), "תתקשרו ל\u{27e6}phone-1\u{27e7}");
}

#[test]
fn a_date_before_a_number_does_not_hide_it() {
    let text = "Le 12.05.2026 06 12 34 56 78 ou 18:30 07 12 34 56 78";
    assert_eq!(
        Masks::default().mask(text),
        "Le 12.05.2026 \u{27e6}phone-1\u{27e7} ou 18:30 \u{27e6}phone-2\u{27e7}"
    );
}

#[test]
fn nobody_writes_a_mark_by_hand() {
    let mut masks = Masks::default();
    let first = masks.mask("ada@example.org");
    let forged = masks.mask("\u{27e6}email-1\u{27e7}");
    assert_eq!(first, "\u{27e6}email-1\u{27e7}");
    assert_eq!(forged, "[email-1]");
}

#[test]
fn a_mark_that_a_model_invents_says_nothing() {
    let mut masks = Masks::default();
    masks.mask("ada@example.org");
    assert_eq!(
        masks.unmask("To \u{27e6}Email-1\u{27e7} or \u{27e6}email-9\u{27e7}"),
        "To ada@example.org or …"
    );
    assert_eq!(masks.unmask("open \u{27e6}email-1 for ever"), "open \u{27e6}email-1 for ever");
    assert_eq!(masks.unmask("\u{27e6}\u{27e6}email-1\u{27e7}"), "\u{27e6}ada@example.org");
}

#[test]
fn an_answer_cut_anywhere_reads_like_the_whole_one() {
    let mut masks = Masks::default();
    let question = "Ich bin ada@example.org, +49 151 23456789, DE89 3704 0044 0532 0130 00.";
    let answer = format!("Gut: {} — “\u{27e6}email-1\u{27e7}” \u{27e6}phone-1", masks.mask(question));
    let whole = masks.unmask(&answer);
    assert!(whole.starts_with(&format!("Gut: {question}")));
    let ends: Vec<usize> = answer.char_indices().map(|(at, _)| at).collect();
    for first in &ends {
        for second in ends.iter().filter(|second| *second >= first) {
            let mut unmasker = masks.unmasker();
            let mut shown = unmasker.push(&answer[..*first]);
            shown += &unmasker.push(&answer[*first..*second]);
            shown += &unmasker.push(&answer[*second..]);
            shown += &unmasker.finish();
            assert_eq!(shown, whole);
        }
    }
}

#[test]
fn the_unmasker_holds_back_an_open_mark_and_nothing_else() {
    let mut masks = Masks::default();
    masks.mask("ada@example.org");
    let mut unmasker = masks.unmasker();
    assert_eq!(unmasker.push("Dear guest \u{27e6}ema"), "Dear guest ");
    assert_eq!(unmasker.push("il-1\u{27e7}, hello"), "ada@example.org, hello");
    assert_eq!(unmasker.push("\u{27e6}not a mark"), "\u{27e6}not a mark");
}

proptest! {
    #[test]
    fn no_text_breaks_the_masker_and_each_comes_back(text in "[\\PC\n]{0,200}") {
        let mut masks = Masks::default();
        let masked = masks.mask(&text);
        prop_assert_eq!(masks.unmask(&masked), text.replace('\u{27e6}', "[").replace('\u{27e7}', "]"));
    }

    #[test]
    fn digits_in_any_disguise_come_back(text in "[0-9+() ./:,€#a@-]{0,80}") {
        let mut masks = Masks::default();
        let masked = masks.mask(&text);
        prop_assert_eq!(masks.unmask(&masked), text);
    }
}
