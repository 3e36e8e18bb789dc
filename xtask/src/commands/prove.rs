//! `cargo xtask prove <id>`: takes each line that keeps a promise away, in a scratch copy, and shows that a test which
//! carries the promise's id fails then. What does not compile without the line proves nothing and is said.
//!
//! `cargo xtask promises` writes `docs/promises.md`.

use std::path::Path;

use crate::command::{Run, program};
use crate::failure::{Explain, Failure};
use crate::files;
use crate::promises::{self, Kept};
use crate::workshop::Workshop;

/// What a scratch copy needs to be compiled and tested.
const COPIED: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    "clippy.toml",
    "rustfmt.toml",
    "shared",
    "edge",
    "widget",
    "dashboard",
    "tests",
    "xtask",
    "migrations",
    "docs",
];

/// Writes the page.
pub fn promises(shop: &Workshop) -> Result<(), Failure> {
    files::write(&shop.path("docs/promises.md"), promises::page(&shop.root))?;
    shop.board.say("docs/promises.md is written");
    Ok(())
}

/// Proves one promise.
pub fn prove(shop: &Workshop, id: &str) -> Result<(), Failure> {
    let lines: Vec<Kept> = promises::kept(&shop.root)
        .into_iter()
        .filter(|line| line.ids.iter().any(|known| known == id))
        .collect();
    if lines.is_empty() {
        return Err(Failure::new(format!("no line says that it keeps {id}"))
            .advice("docs/promises.md lists the promises that have one."));
    }
    let scratch = shop.scratch("prove");
    for line in &lines {
        shop.board.step(&format!("{id} without `{}`", line.code), || one(shop, &scratch, id, line))?;
    }
    shop.board.say(&format!(
        "{id}: {} of {} lines are missed by a test when they go",
        lines.len(),
        lines.len()
    ));
    Ok(())
}

fn one(shop: &Workshop, scratch: &Path, id: &str, line: &Kept) -> Result<(), Failure> {
    copy(shop, scratch)?;
    let file = scratch.join(&line.file);
    let text = files::read(&file)?;
    let changed: Vec<&str> = text
        .lines()
        .enumerate()
        .filter_map(|(number, whole)| if number == line.line { line.without.as_deref() } else { Some(whole) })
        .collect();
    files::write(&file, changed.join("\n") + "\n")?;
    let mut built = cargo(shop, scratch, &["--no-run"]);
    Run::new(
        "prove-build",
        "without the line nothing compiles, so nothing is proved",
        "Give the mark a `without:`.",
    )
    .go(shop, &mut built)?;
    // Names of tests are matched whole by the caller's id: `p4_2_` is in no other promise's name.
    let prefix = promises::prefix(id);
    let mut tested = cargo(shop, scratch, &[&prefix]);
    let run = Run::new("prove-test", "the tests could not be run", "");
    let (status, output) = run.attempt(shop, &mut tested)?;
    let failed = output.lines().any(|text| text.contains(&prefix) && text.trim_end().ends_with("FAILED"));
    if status.success() || !failed {
        return Err(Failure::new(format!("no test of {id} misses `{}` in {}", line.code, line.file))
            .tail(&output, 20));
    }
    Ok(())
}

fn cargo(shop: &Workshop, scratch: &Path, more: &[&str]) -> std::process::Command {
    let mut cargo = program("cargo");
    // Optimised as the repository's own tests are, and beside its target: what others build is not built anew.
    cargo.current_dir(scratch).env("CARGO_TARGET_DIR", shop.cargo_target().join("prove"));
    cargo
        .args(["test", "--no-fail-fast", "--package", "shared", "--package", "edge", "--package", "tests"])
        .args(more);
    cargo
}

fn copy(shop: &Workshop, scratch: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(scratch).explain("the scratch copy could not be made")?;
    for name in COPIED {
        for from in files::list(&shop.path(name))? {
            let inside = from.strip_prefix(&shop.root).unwrap_or(&from).to_path_buf();
            copy_changed(&from, &scratch.join(inside))?;
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
