//! `cargo xtask bench`: sizes, the rules over SQLite (`tests/benches`), then every benchmark below `tests/bench`; each prints
//! ratios of its own.
//!
//! Timings belong here and never into a test: a busy machine must not turn a build red.

use std::path::Path;
use std::process::Command;

use crate::build::{self, Audience};
use crate::command::{Run, program, shown};
use crate::failure::{Explain, Failure};
use crate::files;
use crate::tools::{Need, Tools};
use crate::workshop::Workshop;

use super::size;

/// Runs the benchmarks one after the other.
pub fn bench(shop: &Workshop) -> Result<(), Failure> {
    let tools = Tools::ready(shop, Need::BuildAndBrowser)?;
    let folder = shop.path("dist");
    build::everything(shop, &tools, &folder, Audience::Developers)?;
    size::gate(shop, &tools, &folder)?;
    native(shop)?;
    let home = shop.path("tests/bench");
    peers(shop, &tools, &home)?;
    // One that misses its mark keeps no other from telling.
    let mut failed = Ok(());
    for file in files::with_ending(&home, ".bench.mjs")? {
        shop.board.say(&format!("\n{}", files::name(&file)));
        let mut node = tools.program("node");
        node.current_dir(&shop.root).arg(&file);
        tools.name_browser(&mut node);
        failed = failed.and(shown_run(&mut node));
    }
    failed
}

/// Runs a benchmark that prints for itself.
fn shown_run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().explain("a benchmark could not be started")?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new("a benchmark failed").command(shown(command))),
    }
}

/// Runs what is measured in a plain process, over SQLite: the privacy engine.
fn native(shop: &Workshop) -> Result<(), Failure> {
    shop.board.say("\nprivacy, over SQLite");
    let mut cargo = program("cargo");
    cargo.current_dir(&shop.root).args([
        "bench",
        "--package",
        "tests",
        "--bench",
        "privacy",
        "--bench",
        "export",
    ]);
    shown_run(&mut cargo)
}

/// Installs the widgets of others that ours is measured beside. No other command needs them.
fn peers(shop: &Workshop, tools: &Tools, home: &Path) -> Result<(), Failure> {
    let wanted = files::read(&home.join("package-lock.json"))?;
    let mark = home.join("node_modules/.loquet-lock");
    if std::fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    shop.board.step("npm packages of the peers", || {
        let mut npm = tools.program("npm");
        npm.current_dir(home).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        let advice = "Is npm installed, and its registry reachable?";
        Run::new("npm-bench", "npm could not install the peers", advice).go(shop, &mut npm)
    })?;
    files::write(&mark, wanted)
}
