//! `docs/promises.md` says what the sources say, and every mark names a promise that exists.

use tests::repository;

#[path = "../../../xtask/src/promises.rs"]
mod promises;

#[test]
fn the_page_of_promises_is_what_the_sources_say() {
    let root = repository();
    let written = std::fs::read_to_string(root.join("docs/promises.md")).unwrap_or_default();
    assert!(written == promises::page(&root), "docs/promises.md is not up to date: cargo xtask promises");
}

#[test]
fn every_mark_names_a_promise_that_exists_and_that_a_test_carries() {
    let root = repository();
    let known = promises::promises(&root);
    assert!(known.len() > 40);
    let lines = promises::kept(&root);
    assert!(lines.len() > 10);
    for line in lines {
        for id in &line.ids {
            assert!(known.iter().any(|(promise, _)| promise == id), "{}: {id}", line.file);
            assert!(!promises::tests(&root, id).is_empty(), "{id} has no test");
        }
    }
}
