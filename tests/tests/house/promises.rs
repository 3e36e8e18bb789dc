//! `docs/promises.md` says what the sources say, and every mark names a promise that exists.

use tests::repository;

#[path = "../../../xtask/src/promises.rs"]
mod sources;

#[test]
fn the_page_of_promises_says_what_the_sources_say() {
    let root = repository();
    let written = std::fs::read_to_string(root.join("docs/promises.md")).unwrap_or_default();
    let page = sources::page(&root);
    for line in page.lines().filter(|line| line.starts_with("- line: ") || line.starts_with("## ")) {
        assert!(
            written.lines().any(|known| known == line),
            "docs/promises.md lacks {line}: cargo xtask promises"
        );
    }
    // A test that came since is on the page the next time that it is written; what is on it must be there.
    for line in written.lines().filter(|line| *line != "- no test carries this id") {
        assert!(
            page.lines().any(|known| known == line),
            "docs/promises.md is out of date: cargo xtask promises: {line}"
        );
    }
}

#[test]
fn every_mark_names_a_promise_that_exists_and_that_a_test_carries() {
    let root = repository();
    let known = sources::promises(&root);
    assert!(known.len() > 40);
    let lines = sources::kept(&root);
    assert!(lines.len() > 10);
    for line in lines {
        for id in &line.ids {
            assert!(known.iter().any(|(promise, _)| promise == id), "{}: {id}", line.file);
            assert!(!sources::tests(&root, id).is_empty(), "{id} has no test");
        }
    }
}
