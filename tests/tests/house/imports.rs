//! Who may import whom: the arrows of `ARCHITECTURE.md`, checked.

use tests::repository;

use super::files::{named, shipped, sources};

/// Rooms of the edge and the rooms they may import.
const ROOMS: [(&str, &[&str]); 9] = [
    ("platform", &["platform"]),
    ("rules", &["rules"]),
    ("sealing", &["sealing", "platform", "rules", "store"]),
    ("store", &["store", "platform", "rules", "sealing"]),
    ("vendors", &["vendors", "platform", "rules"]),
    ("ops", &["ops", "rules", "store", "platform", "vendors", "sealing", "app", "log"]),
    ("objects", &["objects", "ops", "app", "store", "log"]),
    ("jobs", &["jobs", "ops", "app", "store", "log"]),
    ("http", &["http", "ops", "app", "store", "objects", "rules", "platform", "jobs", "log"]),
];

fn imported(text: &str) -> Vec<String> {
    text.lines()
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|after| {
            after.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect()
        })
        .filter(|room: &String| !room.is_empty())
        .collect()
}

#[test]
fn rooms_of_the_edge_import_only_what_they_may() {
    for (room, allowed) in ROOMS {
        for file in sources(&repository().join("edge/src").join(room), &[".rs"]) {
            let text = shipped(&file);
            for other in imported(&text) {
                assert!(allowed.contains(&other.as_str()), "{} imports {other}", named(&file));
            }
        }
    }
}

#[test]
fn the_platform_crate_appears_only_in_the_shell() {
    let shell = [
        "platform/",
        "objects/conversation/shell.rs",
        "objects/conversation/caller.rs",
        "objects/inbox/shell.rs",
        "objects/inbox/caller.rs",
        "http/",
        "app.rs",
        "log.rs",
        "lib.rs",
    ];
    for file in sources(&repository().join("edge/src"), &[".rs"]) {
        let text = shipped(&file);
        let name = named(&file);
        let inside = name.strip_prefix("edge/src/").unwrap_or(&name);
        assert!(!text.contains("worker::") || shell.iter().any(|place| inside.starts_with(place)), "{name}");
    }
}

#[test]
fn the_browser_is_reached_through_few_doors() {
    for crate_name in ["widget", "dashboard"] {
        for file in sources(&repository().join(crate_name).join("src"), &[".rs"]) {
            let text = shipped(&file);
            let name = named(&file);
            let door = ["browser.rs", "api.rs", "lib.rs", "main.rs"].iter().any(|end| name.ends_with(end))
                || name.contains("/src/api/");
            assert!(door || !text.contains("web_sys::"), "{name}");
        }
    }
}

#[test]
fn shared_imports_nothing_of_ours_and_no_platform() {
    for file in sources(&repository().join("shared/src"), &[".rs"]) {
        let text = shipped(&file);
        for name in
            ["use edge", "use widget", "worker::", "web_sys", "js_sys", "async fn", "std::time", "getrandom"]
        {
            assert!(!text.contains(name), "{}: {name}", named(&file));
        }
    }
}
