//! `cargo xtask check`: format, lints and house rules; the fast gate before a commit.

use crate::command::{Run, program};
use crate::failure::Failure;
use crate::tools::{Need, Tools};
use crate::workshop::Workshop;

/// The packages that are compiled to wasm, each in its own cargo call.
const WASM_PACKAGES: [&str; 3] = ["edge", "widget", "dashboard"];

/// Runs the gate.
pub fn check(shop: &Workshop) -> Result<(), Failure> {
    native(shop)?;
    let tools = Tools::ready(shop, Need::Build)?;
    wasm(shop, &tools)?;
    shop.board.step("house rules", || {
        let mut cargo = program("cargo");
        cargo.current_dir(&shop.root).args(["test", "--quiet", "--package", "tests", "--test", "house"]);
        Run::new("house", "a house rule is broken", "Each rule's message says what it wants.")
            .go(shop, &mut cargo)
    })?;
    shop.board.say("check passed");
    Ok(())
}

/// Format and lints with the compiler of this machine.
pub fn native(shop: &Workshop) -> Result<(), Failure> {
    shop.board.step("format", || {
        let mut cargo = program("cargo");
        cargo.current_dir(&shop.root).args(["fmt", "--all", "--check"]);
        Run::new("format", "the code is not formatted", "Run: cargo fmt --all").go(shop, &mut cargo)
    })?;
    shop.board.step("lints", || {
        let mut cargo = program("cargo");
        cargo.current_dir(&shop.root).args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]);
        Run::new("lints", "clippy has objections", "").go(shop, &mut cargo).map(drop)
    })
}

/// Lints of what only exists on wasm.
pub fn wasm(shop: &Workshop, tools: &Tools) -> Result<(), Failure> {
    shop.board.step("lints on wasm32", || {
        WASM_PACKAGES.iter().try_for_each(|package| {
            let mut cargo = tools.wasm_program("cargo");
            // Not with --release: linted without the pages' own settings, their crates would be compiled anew
            // for whoever builds them next.
            cargo.current_dir(&shop.root).args(["clippy", "--target", "wasm32-unknown-unknown"]);
            cargo.args(["--package", package, "--", "-D", "warnings"]);
            let failed = format!("clippy has objections to {package} on wasm32");
            let log = format!("lints-{package}");
            Run::new(&log, &failed, "Without clippy: rustup component add clippy")
                .go(shop, &mut cargo)
                .map(drop)
        })
    })
}
