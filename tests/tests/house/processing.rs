//! P6.4: every operation that processes a person says what a restriction does to it.

use edge::rules::processing::{OPERATIONS, under_restriction};
use tests::repository;

use super::files::{shipped, sources};

/// Functions of the operations whose signature names a person's thread, visitor or conversation.
fn processing() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let ops = repository().join("edge/src/ops");
    for file in sources(&ops, &[".rs"]) {
        let name = file.strip_prefix(&ops).unwrap().to_string_lossy().replace('/', "::");
        let name = name.trim_end_matches(".rs").trim_end_matches("::mod").to_owned();
        let text = shipped(&file);
        for after in text.split("\npub async fn ").skip(1).chain(text.split("\npub fn ").skip(1)) {
            let (signature, _) = after.split_once(" {\n").unwrap_or((after, ""));
            let (function, arguments) = signature.split_once('(').unwrap_or((signature, ""));
            let person = ["ThreadScope", "VisitorScope", "ConversationId"];
            let (arguments, answer) = arguments.split_once(") ->").unwrap_or((arguments, ""));
            let is_person = person.iter().any(|kind| arguments.contains(kind))
                || (function == "token_open" || function == "visitor_open") && answer.contains("Scope");
            if is_person {
                found.push((name.clone(), function.to_owned()));
            }
        }
    }
    found
}

#[test]
fn p6_4_every_operation_that_processes_a_person_says_what_restriction_does_to_it() {
    let found = processing();
    assert!(found.len() > 12, "the operations are not found any more: {}", found.len());
    for (file, function) in &found {
        assert!(
            under_restriction(file, function).is_some(),
            "edge/src/ops/{file}.rs: {function} processes a person; say in edge/src/rules/processing.rs what a restriction does to it"
        );
    }
    let names: std::collections::BTreeSet<_> =
        OPERATIONS.iter().map(|(file, name, _)| (file, name)).collect();
    assert_eq!(names.len(), OPERATIONS.len(), "an operation stands here twice");
}
