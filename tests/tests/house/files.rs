//! Each file says why it exists, and keeps to what belongs in its room.

use std::path::{Path, PathBuf};

use tests::repository;

/// Source files of a kind below a folder, without what is built or fetched.
pub fn sources(below: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![below.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let built = ["target", "node_modules", "build", "dist", "published"].contains(&name.as_str());
            if name.starts_with('.') || built {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// A file's shipped lines: without comments, and without the tests at its foot.
pub fn shipped(path: &Path) -> String {
    let text = read(path);
    // Not at the attribute: files whose tests stand in another one name that at their head.
    let (shipped, _) = text.split_once("\nmod tests {").unwrap_or((&text, ""));
    let lines = shipped.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.fold(String::new(), |all, line| all + line + "\n")
}

/// A path from the root of the repository.
pub fn named(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap_or(path).to_string_lossy().into_owned()
}

#[test]
fn every_rust_file_opens_by_saying_why_it_exists() {
    let files = sources(&repository(), &[".rs"]);
    assert!(files.len() > 50);
    for file in files {
        assert!(read(&file).starts_with("//! "), "{}", named(&file));
    }
}

#[test]
fn every_script_and_style_sheet_opens_with_a_comment() {
    for file in sources(&repository(), &[".js", ".mjs", ".css"]) {
        let text = read(&file);
        assert!(text.starts_with("//") || text.starts_with("/*"), "{}", named(&file));
    }
}

#[test]
fn nothing_is_left_for_later_in_the_code() {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("#[ig", "nore"),
        concat!("test.sk", "ip"),
        concat!("describe.sk", "ip"),
    ];
    for file in sources(&repository(), &[".rs", ".js", ".mjs", ".css", ".html", ".sql"]) {
        let text = read(&file);
        for mark in marks {
            assert!(!text.contains(mark), "{}: {mark}", named(&file));
        }
    }
}

#[test]
fn no_committed_file_carries_a_path_of_one_machine() {
    let marks = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/bash")];
    for file in
        sources(&repository(), &[".rs", ".js", ".mjs", ".css", ".html", ".sql", ".md", ".toml", ".json"])
    {
        let text = read(&file);
        for mark in marks {
            assert!(!text.contains(mark), "{}: {mark}", named(&file));
        }
    }
}

#[test]
fn b1_the_widget_touches_no_storage_but_its_one_entry() {
    let api = [
        "localStorage",
        "local_storage",
        "indexedDB",
        "indexed_db",
        "document.cookie",
        "set_cookie",
        "serviceWorker",
        "service_worker",
        "caches.",
        "window.name",
    ];
    for file in sources(&repository().join("widget"), &[".rs", ".js"]) {
        let text = shipped(&file);
        for name in api {
            assert!(!text.contains(name), "{}: {name}", named(&file));
        }
        let storage = text.contains("session_storage") || text.contains("sessionStorage");
        match named(&file).as_str() {
            "widget/src/browser.rs" => {}
            // It looks whether there is an entry, and leaves the rest to the program.
            "widget/start.js" => assert_eq!(
                text.matches("sessionStorage").count(),
                text.matches("sessionStorage.getItem(\"loquet\")").count()
            ),
            // A link in a mail leads back to a conversation: the tab remembers it as if it had been there.
            "widget/later/later.js" => assert_eq!(
                text.matches("sessionStorage").count(),
                text.matches("sessionStorage.setItem(\"loquet\"").count()
            ),
            other => assert!(!storage, "{other}"),
        }
    }
}

#[test]
fn no_markup_is_written_as_text_in_the_browser() {
    for file in sources(&repository().join("widget"), &[".rs", ".js"])
        .into_iter()
        .chain(sources(&repository().join("dashboard"), &[".rs", ".js"]))
    {
        let text = read(&file);
        for name in ["innerHTML =", "inner_html=", "set_inner_html", "insertAdjacentHTML", "document.write"] {
            assert!(!text.contains(name), "{}: {name}", named(&file));
        }
    }
}

/// Where a vendor's name may stand outside its own folder, each with the reason.
const VENDORS_NAMED: [(&str, &str, &str); 8] = [
    ("edge/src/mailer.rs", "resend", "its configuration: the variables are called like it"),
    ("edge/src/ops/mail.rs", "resend", "the operation that hands letters to it: there is one mail vendor"),
    ("edge/src/http/routes.rs", "resend", "the address that it tells of bounces"),
    ("edge/src/http/hooks/mod.rs", "resend", "the door behind that address"),
    ("edge/src/http/privacy/page.js", "openai", "a visitor's copy names who wrote an answer"),
    ("edge/src/http/privacy/page.js", "anthropic", "a visitor's copy names who wrote an answer"),
    ("edge/src/rules/processor.rs", "resend", "the register of sub-processors"),
    (
        "dashboard/src/pages/site/answers.rs",
        "",
        "where a person chooses a vendor, by the name that they know",
    ),
];

#[test]
fn a_vendors_name_stands_in_its_own_folder_and_where_a_list_says_why() {
    let mut used = Vec::new();
    let folders = ["edge/src", "shared/src", "widget", "dashboard"];
    for file in folders.iter().flat_map(|folder| sources(&repository().join(folder), &[".rs", ".js"])) {
        let name = named(&file);
        // Tests of the dashboard's states stand in files of their own.
        if name.starts_with("edge/src/vendors/") || name.split('/').any(|part| part == "tests") {
            continue;
        }
        for line in shipped(&file).lines() {
            let lower = line.to_lowercase();
            for vendor in
                ["openai", "anthropic", "resend"].into_iter().filter(|vendor| lower.contains(vendor))
            {
                let listed = VENDORS_NAMED
                    .iter()
                    .find(|(place, known, _)| *place == name && (known.is_empty() || *known == vendor));
                assert!(listed.is_some_and(|(.., reason)| !reason.is_empty()), "{name}: {line}");
                used.extend(listed.map(|(place, ..)| *place));
            }
        }
    }
    for (place, ..) in VENDORS_NAMED {
        assert!(used.contains(&place), "{place} names no vendor any more: off the list with it");
    }
}

#[test]
fn the_address_of_a_vendors_door_stands_in_its_own_folder() {
    let folders = ["edge/src", "shared/src", "widget", "dashboard"];
    let mut doors = 0;
    for file in folders
        .iter()
        .flat_map(|folder| sources(&repository().join(folder), &[".rs", ".js", ".html", ".toml"]))
    {
        let (name, text) = (named(&file), shipped(&file));
        let found = text.match_indices("https://api.").filter(|(at, _)| {
            // `example.com` is nobody's (RFC 2606).
            !text[*at..].starts_with("https://api.example.")
        });
        let found = found.count();
        let is_vendors = name.starts_with("edge/src/vendors/");
        assert!(is_vendors || found == 0, "{name}");
        doors += found;
    }
    assert!(doors >= 3, "the doors are not found any more: {doors}");
}
