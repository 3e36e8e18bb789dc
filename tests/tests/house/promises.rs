//! `docs/promises.md` says what the sources say; every mark names a promise that exists, and every promise that software
//! keeps has a line and a test.

use tests::repository;

#[path = "../../../xtask/src/promises.rs"]
mod sources;

/// Promises without a line that could be taken away, each with its reason.
const WITHOUT_A_LINE: [(&str, &str); 0] = [];

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
