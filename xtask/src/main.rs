//! The one way into the project: `cargo xtask run` and its siblings.
//!
//! Someone who has only Rust, npm and apt types one command and gets a running deployment. This crate
//! therefore brings every other tool itself, says what it waits for, and explains what failed.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks through its output")]
#![expect(clippy::arithmetic_side_effects, reason = "counts and seconds of a build; it never ships")]

mod build;
mod command;
mod commands;
mod cron;
mod failure;
mod files;
mod http;
mod lock;
mod progress;
mod promises;
mod stamp;
mod tools;
mod workshop;

use std::process::ExitCode;

use workshop::Workshop;

const USAGE: &str = "\
cargo xtask run                 everything up to a running deployment on http://localhost:8787 (PORT moves it)
cargo xtask test                every test: Rust, workerd, Chromium, and a deployment's dry run
cargo xtask check               format, lints and house rules: the fast gate
cargo xtask size                what a visitor downloads, against its bounds
cargo xtask bench               sizes and the benchmarks
cargo xtask advisories          asks the registries what is known against the locked dependencies; weekly
cargo xtask promises            writes docs/promises.md: promise, line of code, test
cargo xtask prove <id> …        takes promises' lines away in a scratch copy and shows that a test fails
cargo xtask deploy [--dry-run]  creates what is missing in the EU, migrates, deploys";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let shop = Workshop::open();
    let done = match words.as_slice() {
        ["run"] => commands::run::run(&shop),
        ["test"] => commands::test::test(&shop),
        ["check"] => commands::check::check(&shop),
        ["size"] => commands::size::size(&shop),
        ["advisories"] => commands::advisories::advisories(&shop),
        ["promises"] => commands::prove::promises(&shop),
        ["prove", ids @ ..] if !ids.is_empty() => commands::prove::prove(&shop, ids),
        ["bench"] => commands::bench::bench(&shop),
        ["deploy"] => commands::deploy::deploy(&shop),
        ["deploy", "--dry-run"] => commands::deploy::rehearse(&shop),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprintln!("There is no command \"{}\".\n\n{USAGE}", other.join(" "));
            return ExitCode::from(2);
        }
    };
    shop.board.close();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}
