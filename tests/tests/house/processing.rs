//! P6.4: every operation that processes a person says what a restriction does to it. That it does so is shown, entry by entry, by
//! `tests/tests/policy/held_still.rs`.

use edge::rules::processing::{OPERATIONS, under_restriction};
use tests::repository;

use super::files::{shipped, sources};

/// Files of `ops` that read what visitors said and did: there a business's own scope reaches persons, too.
const OF_PERSONS: [&str; 10] = [
    "contact",
    "erasure",
    "inbox",
    "numbers",
    "question",
    "receipt",
    "record",
    "request",
    "satisfaction",
    "suggest",
];

/// Files of `ops` about people who sign in: their sessions, their devices, their address, their rights.
const OF_ACCOUNTS: [&str; 8] =
    ["account", "account_copy", "account_request", "deletion", "digest", "email", "passkey", "session"];

/// Functions of the operations that process a person, whoever may call them: those whose signature names a person's thread,
/// visitor or conversation, and in files about persons those that are handed a business or one of its members, in those about
/// people who sign in those that are handed one of these.
fn processing() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let ops = repository().join("edge/src/ops");
    for file in sources(&ops, &[".rs"]) {
        let name = file.strip_prefix(&ops).unwrap().to_string_lossy().replace('/', "::");
        let name = name.trim_end_matches(".rs").trim_end_matches("::mod").to_owned();
        // Steps of an erasure end processing, whatever they are handed.
        if name == "erasure::steps" {
            continue;
        }
        let text = shipped(&file);
        for line in ["\npub ", "\npub(super) ", "\npub(crate) "] {
            for after in text.split(line).skip(1) {
                let after = after.strip_prefix("async ").unwrap_or(after);
                let Some(after) = after.strip_prefix("fn ") else { continue };
                let (signature, _) = after.split_once(" {\n").unwrap_or((after, ""));
                let (function, arguments) = signature.split_once('(').unwrap_or((signature, ""));
                let function = function.split('<').next().unwrap_or(function);
                let (arguments, answer) = arguments.split_once(") ->").unwrap_or((arguments, ""));
                let names = |kinds: &[&str]| kinds.iter().any(|kind| arguments.contains(kind));
                let is_person =
                    names(&["ThreadScope", "VisitorScope", "ConversationId", "VisitorId", "&Conversation"])
                        || OF_PERSONS.contains(&name.as_str()) && names(&["MemberScope", "BusinessScope"])
                        || OF_ACCOUNTS.contains(&name.as_str())
                            && names(&[
                                "AccountScope",
                                "AccountId",
                                "SealedAccount",
                                "OpenedSession",
                                "Operator",
                            ])
                        || (function == "token_open" || function == "visitor_open")
                            && answer.contains("Scope");
                if is_person {
                    found.push((name.clone(), function.to_owned()));
                }
            }
        }
    }
    found
}

#[test]
fn p6_4_every_operation_that_processes_a_person_says_what_restriction_does_to_it() {
    let found = processing();
    assert!(found.len() > 80, "the operations are not found any more: {}", found.len());
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
