//! `docs/promises.md` says what the sources say; every mark names a promise that exists, and every promise that software
//! keeps has a line and a test.

use tests::repository;

use super::files;

#[path = "../../../xtask/src/promises.rs"]
mod sources;

/// Promises without a line that could be taken away, each with its reason.
const WITHOUT_A_LINE: [(&str, &str); 0] = [];

/// Every id of the two policies and of what goes beyond them, in their own order: none is left out unsaid.
const NUMBERING: [&str; 79] = [
    "P1", "P2.1", "P2.2", "P2.3", "P2.4", "P2.5", "P3.1", "P3.2", "P3.3", "P3.4", "P3.5", "P4.1", "P4.2",
    "P4.3", "P4.4", "P4.5", "P4.6", "P5.1", "P5.2", "P5.3", "P5.4", "P5.5", "P5.6", "P5.7", "P6.1", "P6.2",
    "P6.3", "P6.4", "P6.5", "P6.6", "P6.7", "P6.8", "P7.1", "P7.2", "P8.1", "P8.2", "P8.3", "P8.4", "P8.5",
    "P9", "P10", "P11", "P12", "K0", "K1", "K2", "K3", "K4.1", "K4.2", "K4.3", "K4.4", "K4.5", "K4.6",
    "K5.1", "K5.2", "K5.3", "K5.4", "K6", "K7", "K8", "K9", "K10", "K11", "K12", "B1", "B2", "B3", "B4",
    "B5", "B6", "B7", "B8", "B9", "B10", "B11", "B12", "B13", "B14", "B15",
];

/// Promises that nothing here keeps yet, each with what it waits for.
const LATER: [(&str, &str); 16] = [
    ("P2.5", "nothing is paid for here yet: card numbers come with payments"),
    ("P3.1", "reservations come with bookings; conversations are P2.2 and B13"),
    ("P5.2", "no voice is heard or spoken yet"),
    ("P5.3", "nothing is paid for here yet"),
    ("K2", "prospects are not imported yet"),
    ("K3", "no SMS and no Messenger yet; mail is P5.4"),
    ("K4.1", "nobody is scored yet"),
    ("K4.2", "nothing is sent to prospects yet"),
    ("K4.3", "there are no campaigns yet"),
    ("K4.4", "there are no prospects yet"),
    ("K4.5", "there are no follow-ups yet"),
    ("K5.1", "there are no prospects yet"),
    ("K5.2", "no conversation is read for qualification yet"),
    ("K5.3", "no facts are drawn from a conversation yet"),
    ("K5.4", "no next step is proposed yet"),
    ("B15", "nobody is scored yet"),
];

#[test]
fn every_id_of_the_numbering_is_promised_or_waits_for_something_that_is_said() {
    let known: Vec<String> = sources::promises(&repository()).into_iter().map(|(id, _)| id).collect();
    for id in NUMBERING {
        let later = LATER.iter().any(|(promise, reason)| *promise == id && !reason.is_empty());
        let promised = known.iter().any(|promise| promise == id);
        assert!(promised != later, "{id}: in docs/promises.toml, or a reason why not, and not both");
    }
    for id in known.iter().map(String::as_str).chain(LATER.map(|(id, _)| id)) {
        assert!(NUMBERING.contains(&id), "{id} is no promise of ours");
    }
}

/// Whether a word is an id of a promise; `P256` and the like are none.
fn is_id(word: &str) -> bool {
    let numbers = word.strip_prefix(['P', 'K', 'B']).unwrap_or_default();
    let mut parts = numbers.split('.');
    !numbers.is_empty()
        && parts.all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit()))
}

#[test]
fn what_documents_and_comments_claim_by_its_id_is_promised() {
    let root = repository();
    let known: Vec<String> = sources::promises(&root).into_iter().map(|(id, _)| id).collect();
    let mut claims = 0;
    for file in files::sources(&root, &[".md", ".rs"]) {
        let (name, text) = (files::named(&file), std::fs::read_to_string(&file).unwrap());
        // Documents claim by the id alone, comments by the word before it; a test may be about any id.
        let is_document = name.ends_with(".md") && name != "CHANGELOG.md";
        let is_shipped = ["edge/src/", "shared/src/", "widget/src/", "dashboard/src/"]
            .iter()
            .any(|it| name.starts_with(it));
        if !is_document && !is_shipped {
            continue;
        }
        let mut before = "";
        for word in text
            .split(|sign: char| sign.is_whitespace() || "()[]`,;:*".contains(sign))
            .filter(|word| !word.is_empty())
        {
            let id = word.trim_end_matches('.');
            if is_id(id) && (is_document || before.trim_start_matches("//").starts_with("promise")) {
                claims += 1;
                assert!(
                    known.iter().any(|promise| promise == id),
                    "{name} claims {id}, which docs/promises.toml lacks"
                );
            }
            before = word;
        }
    }
    assert!(claims > 20, "claims are not found any more: {claims}");
}

#[test]
fn the_page_of_promises_says_what_the_sources_say() {
    let root = repository();
    let written = std::fs::read_to_string(root.join("docs/promises.md")).unwrap_or_default();
    let page = sources::page(&root);
    let lacks = page.lines().find(|line| !written.lines().any(|known| known == *line));
    assert_eq!(lacks, None, "docs/promises.md lacks a line or a test: cargo xtask promises");
    let old = written.lines().find(|line| !page.lines().any(|known| known == *line));
    assert_eq!(old, None, "docs/promises.md names what is not there any more: cargo xtask promises");
    assert!(written == page, "docs/promises.md is in another order: cargo xtask promises");
}

#[test]
fn every_mark_names_a_promise_that_exists_and_that_a_test_carries() {
    let root = repository();
    let known = sources::promises(&root);
    assert!(known.len() > 40);
    for line in sources::kept(&root) {
        for id in &line.ids {
            assert!(known.iter().any(|(promise, _)| promise == id), "{}: {id}", line.file);
        }
    }
}

#[test]
fn every_promise_has_a_test_and_a_line_whose_absence_it_would_notice() {
    let root = repository();
    let lines = sources::kept(&root);
    for (id, _) in sources::promises(&root) {
        assert!(!sources::tests(&root, &id).is_empty(), "{id} has no test");
        let has_line = lines.iter().any(|line| line.ids.contains(&id));
        let excepted = WITHOUT_A_LINE.iter().any(|(promise, reason)| *promise == id && !reason.is_empty());
        assert!(has_line != excepted, "{id}: a line, or a reason why there is none, and not both");
    }
}
