//! Promise, the line of code that keeps it, and the test that would notice: read from the sources themselves.
//!
//! A line says so at its end, in a comment of its language: `// keeps P4.2`, `-- keeps P4.2 K8`. Taken away, the rest must
//! still compile, or the failure proves nothing; where a line can't simply go, it says what stands there instead:
//! `// keeps P4.1 | without: let due_at = now;`. This file knows no crate, so that a house test can include it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A line that keeps promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The file, from the root of the repository.
    pub file: String,
    /// Its place in it, from nought.
    pub line: usize,
    /// The line itself, without its mark.
    pub code: String,
    /// The promises.
    pub ids: Vec<String>,
    /// What stands there once it is taken away; nothing where it simply goes.
    pub without: Option<String>,
}

/// The folders in which lines and tests are looked for.
const FOLDERS: [&str; 9] = [
    "edge/src",
    "shared/src",
    "widget/src",
    "dashboard/src",
    "xtask/src",
    "migrations",
    "tests/tests",
    "tests/workerd",
    "tests/browser",
];

/// Every source below those folders.
fn sources(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ["rs", "sql", "js", "mjs"].iter().any(|known| ending == *known))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn named(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The text is an id of a promise: `P4.2`, `K11`, `B9`.
fn is_id(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| ['P', 'K', 'B'].contains(&first))
        && text.len() > 1
        && letters.all(|letter| letter.is_ascii_digit() || letter == '.')
}

/// Every line that says that it keeps a promise.
pub fn kept(root: &Path) -> Vec<Kept> {
    let mut found = Vec::new();
    for path in sources(root) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for (line, whole) in text.lines().enumerate() {
            let mark = ["// keeps ", "-- keeps "].iter().find_map(|mark| whole.split_once(mark));
            let Some((code, mark)) = mark.filter(|(code, _)| !code.trim().is_empty() && !code.contains("//"))
            else {
                continue;
            };
            let (ids, without) =
                mark.split_once(" | without: ").map_or((mark, None), |(ids, rest)| (ids, Some(rest)));
            let ids: Vec<String> = ids.split_whitespace().map(str::to_owned).collect();
            if ids.iter().all(|id| is_id(id)) && !ids.is_empty() {
                found.push(Kept {
                    file: named(root, &path),
                    line,
                    code: code.trim().to_owned(),
                    ids,
                    without: without.map(str::to_owned),
                });
            }
        }
    }
    found
}

/// What a test of a promise has in its name: `p4_2_`.
pub fn prefix(id: &str) -> String {
    format!("{}_", id.to_lowercase().replace('.', "_"))
}

/// The name of a test in JavaScript, whichever quotes it stands in. A name that goes on in the next line is not seen.
fn sentence(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("test(")?;
    let quote = rest.chars().next().filter(|quote| ['"', '\'', '`'].contains(quote))?;
    let rest = rest.strip_prefix(quote)?;
    Some(rest.split_once(quote)?.0)
}

/// Tests in JavaScript are sentences that begin with the ids that they are about: `P7.1 K7: no cookie but …`.
fn carries(name: &str, id: &str) -> bool {
    let Some((ids, _)) = name.split_once(':') else { return false };
    let ids: Vec<&str> = ids.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    ids.iter().all(|word| is_id(word)) && ids.contains(&id)
}

/// Tests that carry the id of a promise in their name: file and name.
pub fn tests(root: &Path, id: &str) -> Vec<(String, String)> {
    let prefix = prefix(id);
    let mut found = Vec::new();
    for path in sources(root) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let mut is_test = false;
        for line in text.lines() {
            let line = line.trim_start();
            is_test |= line.starts_with("#[test") || line.starts_with("#[tokio::test");
            let function = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "));
            if let Some(name) = function.and_then(|rest| rest.split('(').next()) {
                // The id begins the name, or follows another id.
                if is_test && (name.starts_with(&prefix) || name.contains(&format!("_{prefix}"))) {
                    found.push((named(root, &path), name.to_owned()));
                }
                is_test = false;
            }
            if let Some(name) = sentence(line)
                && carries(name, id)
            {
                found.push((named(root, &path), name.to_owned()));
            }
        }
    }
    found
}

/// The promises in the house's own words, from `docs/promises.toml`, in its order.
pub fn promises(root: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root.join("docs/promises.toml")).unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let (id, words) = line.trim().strip_prefix('"')?.split_once("\" = \"")?;
            Some((id.to_owned(), words.strip_suffix('"')?.to_owned()))
        })
        .collect()
}

/// The page `docs/promises.md`.
pub fn page(root: &Path) -> String {
    let mut by_id: BTreeMap<String, Vec<Kept>> = BTreeMap::new();
    for line in kept(root) {
        for id in &line.ids {
            by_id.entry(id.clone()).or_default().push(line.clone());
        }
    }
    let mut page = String::from(
        "# Promises\n\nWhat the published policies say of the system, the line of code that keeps it, and the tests that \
         carry its id. Written by\n`cargo xtask promises` from `docs/promises.toml` and the sources; a house test compares. \
         `cargo xtask prove <id>` takes each\nline away in a scratch copy and shows that a test fails.\n",
    );
    for (id, words) in promises(root) {
        // Writing to a String can't fail.
        let _ = write!(page, "\n## {id}\n\n{words}\n\n");
        for line in by_id.get(&id).into_iter().flatten() {
            let _ = writeln!(page, "- line: `{}` in `{}`", line.code, line.file);
        }
        let tests = tests(root, &id);
        for (file, name) in &tests {
            let _ = writeln!(page, "- test: `{name}` in `{file}`");
        }
        if tests.is_empty() {
            page.push_str("- no test carries this id\n");
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::{carries, is_id, prefix, sentence};

    #[test]
    fn a_test_in_javascript_is_found_in_any_quotes_and_under_each_of_its_ids() {
        assert_eq!(sentence("test(\"B1: nothing\", async () => {"), Some("B1: nothing"));
        assert_eq!(sentence("test('B1: nothing', () => {"), Some("B1: nothing"));
        assert_eq!(
            sentence("test(`P5.6: ${name}: a redirect`, async () => {"),
            Some("P5.6: ${name}: a redirect")
        );
        assert_eq!(sentence("test(name, async () => {"), None);
        assert!(carries("P7.1 K7: no cookie", "P7.1") && carries("P7.1 K7: no cookie", "K7"));
        assert!(carries("P5.7, P11: who is responsible", "P11"));
        assert!(!carries("P11: mailed", "P1") && !carries("the main job: open", "P1"));
    }

    #[test]
    fn an_id_of_one_promise_is_no_part_of_anothers() {
        assert!(is_id("P4.2") && is_id("K11") && !is_id("Price") && !is_id("P"));
        assert!(
            !"p11_a_material_change".contains(&prefix("P1")) && !"b13_without_a_key".contains(&prefix("B1"))
        );
    }
}
