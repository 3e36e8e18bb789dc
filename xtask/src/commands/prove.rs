//! `cargo xtask prove <id> …`: takes each line that keeps a promise away, in a scratch copy, and shows that a test which
//! carries the promise's id fails then. Before that, the same tests have to pass with every line in place: what fails
//! anyway proves nothing. What does not compile without the line proves nothing either, and is said.
//!
//! Only what cargo tests on a host is run. Promises that only workerd or a browser can notice have their tests there.
//!
//! `cargo xtask promises` writes `docs/promises.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::command::{Run, ask, program};
use crate::failure::{Explain, Failure};
use crate::files;
use crate::promises::{self, Kept};
use crate::workshop::Workshop;

/// Which tests to run: the arguments of cargo that choose a package and its targets.
type Targets = BTreeMap<Vec<String>, BTreeSet<String>>;

/// Writes the page.
pub fn promises(shop: &Workshop) -> Result<(), Failure> {
    files::write(&shop.path("docs/promises.md"), promises::page(&shop.root))?;
    shop.board.say("docs/promises.md is written");
    Ok(())
}

/// Proves promises, one after the other.
pub fn prove(shop: &Workshop, ids: &[&str]) -> Result<(), Failure> {
    let kept = promises::kept(&shop.root);
    let mut all = Targets::new();
    let mut work: Vec<(&str, Targets, Vec<&Kept>)> = Vec::new();
    for id in ids {
        let lines: Vec<&Kept> = kept.iter().filter(|line| line.ids.iter().any(|known| known == id)).collect();
        if lines.is_empty() {
            return Err(Failure::new(format!("no line says that it keeps {id}"))
                .advice("docs/promises.md lists the promises that have one."));
        }
        let targets = targets(&promises::tests(&shop.root, id));
        if targets.is_empty() {
            return Err(Failure::new(format!("no test that cargo runs on a host carries {id}")));
        }
        for (target, names) in &targets {
            all.entry(target.clone()).or_default().extend(names.iter().cloned());
        }
        work.push((*id, targets, lines));
    }
    let scratch = shop.scratch("prove");
    shop.board.step("the tests with every line in place", || {
        copy(shop, &scratch)?;
        let (failed, output) = tested(shop, &scratch, &all)?;
        if failed.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "fails with every line in place, so nothing is proved: {}",
            failed.join(", ")
        ))
        .tail(&output, 40))
    })?;
    for (id, targets, lines) in work {
        for line in &lines {
            shop.board
                .step(&format!("{id} without `{}`", line.code), || one(shop, &scratch, id, &targets, line))?;
        }
        shop.board.say(&format!("{id}: each of {} lines is missed by a test when it goes", lines.len()));
    }
    Ok(())
}

fn one(shop: &Workshop, scratch: &Path, id: &str, targets: &Targets, line: &Kept) -> Result<(), Failure> {
    copy(shop, scratch)?;
    let file = scratch.join(&line.file);
    let text = files::read(&file)?;
    files::write(&file, without(&text, line))?;
    let (failed, output) = tested(shop, scratch, targets)?;
    if failed.is_empty() {
        return Err(Failure::new(format!("no test of {id} misses `{}` in {}", line.code, line.file))
            .tail(&output, 20));
    }
    shop.board.say(&format!("  missed by {}", failed.join(", ")));
    Ok(())
}

/// The text as it is without a line.
fn without(text: &str, line: &Kept) -> String {
    let changed = text.lines().enumerate().filter_map(|(number, whole)| {
        if number == line.line { line.without.as_deref() } else { Some(whole) }
    });
    changed.collect::<Vec<&str>>().join("\n") + "\n"
}

/// Which targets of cargo have these tests, with the names of the tests. Tests in JavaScript have none.
fn targets(tests: &[(String, String)]) -> Targets {
    let mut found = Targets::new();
    for (file, name) in tests {
        let words: Vec<String> = match file.split('/').collect::<Vec<&str>>().as_slice() {
            ["tests", "tests", suite, ..] => {
                let suite = suite.strip_suffix(".rs").unwrap_or(suite);
                ["--package", "tests", "--test", suite].map(str::to_owned).to_vec()
            }
            ["xtask", ..] => ["--package", "xtask", "--bins"].map(str::to_owned).to_vec(),
            [package @ ("edge" | "shared" | "widget" | "dashboard"), ..] => {
                ["--package", package].map(str::to_owned).to_vec()
            }
            _ => continue,
        };
        found.entry(words).or_default().insert(name.clone());
    }
    found
}

/// Compiles and runs tests; the names of those that failed, and what was printed. Each that was asked for must have run.
fn tested(shop: &Workshop, scratch: &Path, targets: &Targets) -> Result<(Vec<String>, String), Failure> {
    let (mut failed, mut printed) = (Vec::new(), String::new());
    for (target, names) in targets {
        let arguments: Vec<&str> = target.iter().map(String::as_str).collect();
        Run::new(
            "prove-build",
            "it does not compile, so nothing is proved",
            "A line whose place can't be empty gets a `without:` in its mark.",
        )
        .go(shop, cargo(shop, scratch, &arguments).arg("--no-run"))?;
        let mut command = cargo(shop, scratch, &arguments);
        command.arg("--").args(names);
        let run = Run::new("prove-test", "the tests could not be run", "");
        let (_, output) = run.attempt(shop, &mut command)?;
        let (bad, ran) = outcome(&output, names);
        if let Some(missing) = names.iter().find(|name| !ran.contains(*name)) {
            return Err(Failure::new(format!("{missing} was not run")).tail(&output, 40));
        }
        failed.extend(bad);
        printed.push_str(&output);
    }
    Ok((failed, printed))
}

/// Which of the tests failed, and which were run at all: from the lines `test api::x::p4_2_… ... FAILED`.
fn outcome(output: &str, names: &BTreeSet<String>) -> (Vec<String>, BTreeSet<String>) {
    let (mut failed, mut ran) = (Vec::new(), BTreeSet::new());
    for line in output.lines() {
        let Some(line) = line.strip_prefix("test ") else { continue };
        let path = line.split(' ').next().unwrap_or_default();
        let Some(name) = path.rsplit("::").next().filter(|name| names.contains(*name)) else { continue };
        ran.insert(name.to_owned());
        if line.trim_end().ends_with("FAILED") {
            failed.push(name.to_owned());
        }
    }
    (failed, ran)
}

fn cargo(shop: &Workshop, scratch: &Path, more: &[&str]) -> std::process::Command {
    let mut cargo = program("cargo");
    // Optimised as the repository's own tests are, and beside its target: what others build is not built anew.
    cargo.current_dir(scratch).env("CARGO_TARGET_DIR", shop.cargo_target().join("prove"));
    cargo.args(["test", "--no-fail-fast"]).args(more);
    cargo
}

/// Brings the scratch copy up to the repository: everything that git keeps or would keep, and nothing else.
fn copy(shop: &Workshop, scratch: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(scratch).explain("the scratch copy could not be made")?;
    let mut git = program("git");
    git.current_dir(&shop.root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = ask(&mut git).ok_or_else(|| {
        Failure::new("git does not say which files there are")
            .advice("prove works in a clone of the repository.")
    })?;
    let wanted: BTreeSet<PathBuf> =
        listed.split('\0').filter(|name| !name.is_empty()).map(|name| scratch.join(name)).collect();
    for to in &wanted {
        let from = shop.root.join(to.strip_prefix(scratch).unwrap_or(to));
        // What was deleted and not yet committed is listed, too.
        if from.is_file() {
            copy_changed(&from, to)?;
        }
    }
    for old in files::list(scratch)? {
        if !wanted.contains(&old) {
            files::remove(&old)?;
        }
    }
    Ok(())
}

/// Copies a file that differs, and leaves what is the same as it is: its age says what must be compiled anew.
fn copy_changed(from: &Path, to: &Path) -> Result<(), Failure> {
    let wanted = files::bytes(from)?;
    if std::fs::read(to).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    files::write(to, wanted)
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, Kept, copy_changed, outcome, targets, without};
    use crate::files;

    fn line(number: usize, without: Option<&str>) -> Kept {
        Kept {
            file: "edge/src/x.rs".to_owned(),
            line: number,
            code: "b".to_owned(),
            ids: vec!["P1".to_owned()],
            without: without.map(str::to_owned),
        }
    }

    #[test]
    fn a_line_goes_or_gives_its_place_to_what_its_mark_says() {
        assert_eq!(without("a\nb // keeps P1\nc\n", &line(1, None)), "a\nc\n");
        assert_eq!(without("a\nb // keeps P1\nc\n", &line(1, Some("x"))), "a\nx\nc\n");
    }

    #[test]
    fn each_test_is_run_in_its_own_target_and_none_in_javascript() {
        let tests = [
            ("tests/tests/policy/rights.rs", "p6_1_a"),
            ("tests/tests/house/schema.rs", "b7_a"),
            ("edge/src/rules/numbers.rs", "p3_3_a"),
            ("xtask/src/commands/plan.rs", "p5_5_a"),
            ("tests/browser/privacy.test.mjs", "B9: all"),
        ]
        .map(|(file, name)| (file.to_owned(), name.to_owned()));
        let found: Vec<String> = targets(&tests).into_keys().map(|words| words.join(" ")).collect();
        assert_eq!(
            found,
            [
                "--package edge",
                "--package tests --test house",
                "--package tests --test policy",
                "--package xtask --bins"
            ]
        );
    }

    #[test]
    fn what_failed_and_what_ran_is_read_from_what_cargo_prints() {
        let names = BTreeSet::from(["p4_2_a".to_owned(), "p4_2_b".to_owned(), "p4_2_c".to_owned()]);
        let output = "test retention::p4_2_a ... ok\ntest retention::p4_2_b ... FAILED\ntest other::p9_x ... FAILED\n\
                      test result: FAILED. 1 passed; 2 failed\n";
        let (failed, ran) = outcome(output, &names);
        assert_eq!(failed, ["p4_2_b"]);
        assert!(ran.contains("p4_2_a") && !ran.contains("p4_2_c") && !ran.contains("p9_x"));
    }

    #[test]
    fn a_copy_leaves_what_is_the_same_as_it_is() {
        let folder = std::env::temp_dir().join(format!("loquet-prove-{}", std::process::id()));
        let (from, to) = (folder.join("a"), folder.join("b"));
        files::write(&from, "same").unwrap();
        copy_changed(&from, &to).unwrap();
        let age = std::fs::metadata(&to).unwrap().modified().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        copy_changed(&from, &to).unwrap();
        assert_eq!(std::fs::metadata(&to).unwrap().modified().unwrap(), age);
        files::write(&from, "other").unwrap();
        copy_changed(&from, &to).unwrap();
        assert_eq!(files::read(&to).unwrap(), "other");
        files::remove(&folder).unwrap();
    }
}
