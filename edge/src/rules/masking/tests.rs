//! Masking, tried with numbers that are generated from the shapes in which people write them.

#![expect(clippy::arithmetic_side_effects, clippy::string_slice, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

/// A small generator: the tests need variety, not secrecy.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// Fills a shape: `#` is any digit, `N` one from 2 to 9, `P` one from 6 to 9; the rest stands for itself.
    fn fill(&mut self, shape: &str) -> String {
        let mut digit = |from: u64| char::from_digit((from + self.roll(10 - from)) as u32, 10).unwrap();
        shape
            .chars()
            .map(|letter| match letter {
                '#' => digit(0),
                'N' => digit(2),
                'P' => digit(6),
                other => other,
            })
            .collect()
    }
}

const PHONES: [&str; 66] = [
    "+33 6 ## ## ## ##",
    "+33P########",
    "+33 (0)6 ## ## ## ##",
    "0033 6 ## ## ## ##",
    "06 ## ## ## ##",
    "07########",
    "01.##.##.##.##",
    "06-##-##-##-##",
    "04 ## ## ## ##",
    "+49 151 ########",
    "+49 (0) 30 #######",
    "0151 ########",
    "0171/#######",
    "030 1######",
    "030/########",
    "(089) ######",
    "(030) ### ### ##",
    "+34 6## ## ## ##",
    "+34 91# ### ###",
    "612 ### ###",
    "6########",
    "91 ### ## ##",
    "7## ## ## ##",
    "+39 347 ### ####",
    "347 ### ####",
    "347#######",
    "06 #### ####",
    "02 ########",
    "+31 6 ########",
    "06-########",
    "020 ### ####",
    "010-### ## ##",
    "+351 91# ### ###",
    "912 ### ###",
    "21 ### ####",
    "+48 5## ### ###",
    "512-###-###",
    "22 ### ## ##",
    "5########",
    "+44 20 #### ####",
    "+44 (0)20 #### ####",
    "020 #### ####",
    "07### ######",
    "(0161) ### ####",
    "+1 N## N## ####",
    "(N##) N##-####",
    "N##-N##-####",
    "N##.N##.####",
    "1-N##-N##-####",
    "+1N##N######",
    "+972 54-###-####",
    "054-###-####",
    "03-###-####",
    "054#######",
    "+971 50 ### ####",
    "050 ### ####",
    "04 ### ####",
    "00971 50 ### ####",
    "+32 470 ## ## ##",
    "0470 ## ## ##",
    "+41 44 ### ## ##",
    "+43 664 #######",
    "+55 11 9####-####",
    "(11) 9####-####",
    "+91 P#### #####",
    "+46 70-### ## ##",
];

fn luhn(mut digits: String) -> String {
    let sum: u32 = digits
        .chars()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = digit.to_digit(10).unwrap() * if place % 2 == 0 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    digits.push(char::from_digit((10 - sum % 10) % 10, 10).unwrap());
    digits
}

fn grouped(text: &str, by: usize, sign: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(by).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(sign)
}

fn iban(country: &str, account: &str) -> String {
    let rest = format!("{account}{country}00").chars().fold(0_u32, |rest, letter| {
        let value = letter.to_digit(36).unwrap();
        (rest * if value < 10 { 10 } else { 100 } + value) % 97
    });
    format!("{country}{:02}{account}", 98 - rest)
}

fn cards(dice: &mut Dice) -> Vec<String> {
    let shapes =
        ["4##############", "51#############", "2221###########", "37############", "6011###########"];
    let mut all = Vec::new();
    for shape in shapes {
        for sign in ["", " ", "-"] {
            let card = luhn(dice.fill(shape));
            all.push(if sign.is_empty() { card } else { grouped(&card, 4, sign) });
        }
    }
    all
}

fn ibans(dice: &mut Dice) -> Vec<String> {
    let shapes = [
        ("FR", "#######################"),
        ("DE", "##################"),
        ("ES", "####################"),
        ("IT", "X######################"),
        ("NL", "ABNA##########"),
        ("PT", "#####################"),
        ("PL", "########################"),
        ("GB", "NWBK##############"),
        ("IL", "###################"),
        ("AE", "###################"),
        ("CH", "#################"),
        ("BE", "############"),
    ];
    let mut all = Vec::new();
    for (country, account) in shapes {
        // NL and GB hold letters that `fill` would read as a shape.
        let account: String = account
            .chars()
            .map(|letter| if letter == '#' { dice.fill("#").remove(0) } else { letter })
            .collect();
        let whole = iban(country, &account);
        all.push(grouped(&whole, 4, " "));
        all.push(whole.to_lowercase());
        all.push(whole);
    }
    all
}

/// Two hundred and more numbers that are somebody's.
fn true_numbers() -> Vec<(Kind, String)> {
    let mut dice = Dice(2_026);
    let mut all = Vec::new();
    for _ in 0..3 {
        all.extend(PHONES.iter().map(|shape| (Kind::Phone, dice.fill(shape))));
    }
    all.extend(cards(&mut dice).into_iter().map(|card| (Kind::Card, card)));
    all.extend(ibans(&mut dice).into_iter().map(|iban| (Kind::Iban, iban)));
    all
}

#[test]
fn two_hundred_true_numbers_are_masked_whole() {
    let numbers = true_numbers();
    assert!(numbers.len() >= 200, "{}", numbers.len());
    for (kind, number) in numbers {
        for text in [
            number.clone(),
            format!("It is {number}."),
            format!("« {number}, merci »"),
            format!("a\n{number}\nb"),
        ] {
            let mut masks = Masks::default();
            let masked = masks.mask(&text);
            let expected = text.replace(&number, &format!("\u{27e6}{}-1\u{27e7}", kind.as_str()));
            // The bracket of "(+33)" may stay outside: it says nothing.
            assert_eq!(masked, expected, "{text}");
            assert_eq!(masks.unmask(&masked), text);
        }
    }
}

const LOOKALIKES: [&str; 67] = [
    "### €",
    "€ 1 2##",
    "1 ### ###,## €",
    "1.###.###,## EUR",
    "$1,###,###.##",
    "12,5##.00",
    "£ 9##.99",
    "612 ### ### €",
    "USD 612 ### ###",
    "9## ### ### PLN",
    "##%",
    "12.05.2026",
    "05/06/2026",
    "2026-11-2#",
    "2026-11-21 14:##",
    "2026-11-21T14:##:##Z",
    "12.05.2026-18.05.2026",
    "12.05.2026 - 18.05.2026",
    "05/06/2026 09/06/2026",
    "1#-11-2026",
    "12 May 2026",
    "14:##",
    "7:3#-10:30",
    "08.00-12.30",
    "08.00-12.30 14.00-18.30",
    "09:00 12:30 14:00 19:00",
    "18h3#",
    "10am-1#pm",
    "room 2##",
    "rooms 201, 2##, 203",
    "chambre 4##",
    "Zimmer 1##-120",
    "201-2##",
    "2024-2025",
    "2024 2025 2026",
    "1998/1999",
    "since 19##",
    "750##",
    "75008 Paris",
    "0213# Boston",
    "02134-1###",
    "1234-5##",
    "SW1A 1AA",
    "1012 AB Amsterdam",
    "12### orders",
    "1 2## ### visitors",
    "order 1########",
    "order #6########",
    "booking 612345###",
    "commande 6########",
    "facture 2026-00##",
    "ref. 4#######",
    "invoice 91#-###-###",
    "3.14159265",
    "0.12345678#",
    "48.85661#, 2.352222",
    "192.168.100.20#",
    "v1.28.##",
    "2 x 1## g",
    "1#0 m² / 12#0 sq ft",
    "+ 15 %",
    "+10 to +2#",
    "978-2-07-036822-#",
    "1 000 000 000",
    "A1234567#",
    "12 345 678 900 123",
    "4111 1111 1111 1112",
];

#[test]
fn two_hundred_lookalikes_are_left_alone() {
    let mut dice = Dice(4_711);
    let mut count = 0;
    for _ in 0..3 {
        for shape in LOOKALIKES {
            // `N` and `P` are letters here.
            let number: String =
                shape.chars().map(|l| if l == '#' { dice.fill("#").remove(0) } else { l }).collect();
            for text in [number.clone(), format!("We say {number}, thank you."), format!("({number})")] {
                assert_eq!(Masks::default().mask(&text), text);
            }
            count += 1;
        }
    }
    assert!(count >= 200, "{count}");
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
