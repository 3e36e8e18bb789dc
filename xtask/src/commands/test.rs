//! `cargo xtask test`: from a fresh clone to all tests run, in three rings (Rust, workerd, Chromium).
//!
//! Lints and the Rust ring need no tool, so they run while tools are installed and wasm is built.

use std::path::Path;

use crate::build::{self, Audience};
use crate::command::{Run, program};
use crate::failure::Failure;
use crate::files;
use crate::tools::{Need, Tools};
use crate::workshop::Workshop;

use super::tally::{self, Tally};
use super::{check, deploy, size};

/// What failed tests say is why one looks at a log at all.
const FAILED_TEST_LINES: usize = 200;

/// Runs everything; the last line printed is `N passed, 0 failed`.
pub fn test(shop: &Workshop) -> Result<(), Failure> {
    let folder = shop.path("dist");
    let (native, tools) = std::thread::scope(|scope| {
        let native = scope.spawn(|| {
            let linted = check::native(shop);
            let tested = rust(shop);
            match (linted, tested) {
                (Ok(()), tested) => tested,
                (Err(failure), Ok(_)) => Err(failure),
                (Err(failure), Err(other)) => Err(failure.and(&other)),
            }
        });
        let built = Tools::ready(shop, Need::BuildAndBrowser).and_then(|tools| {
            build::everything(shop, &tools, &folder, Audience::Developers)?;
            Ok(tools)
        });
        (native.join().unwrap_or_else(|_| Err(Failure::new("the Rust ring broke off"))), built)
    });
    let (mut sum, tools) = match (native, tools) {
        (Ok(tally), Ok(tools)) => (tally, tools),
        (Err(failure), Ok(_)) | (Ok(_), Err(failure)) => return Err(failure),
        (Err(failure), Err(other)) => return Err(failure.and(&other)),
    };
    check::wasm(shop, &tools)?;
    size::gate(shop, &tools, &folder)?;
    for ring in ["workerd", "browser"] {
        sum = sum.plus(node(shop, &tools, ring)?);
    }
    deploy::rehearse_with(shop, &tools)?;
    shop.board.say(&format!("\n{} passed, {} failed", sum.passed, sum.failed));
    Ok(())
}

fn rust(shop: &Workshop) -> Result<Tally, Failure> {
    shop.board.step("Rust tests", || {
        let mut cargo = program("cargo");
        cargo.current_dir(&shop.root).args(["test", "--workspace", "--no-fail-fast"]);
        let mut run = Run::new("rust-tests", "Rust tests failed", "");
        run.tail = FAILED_TEST_LINES;
        let (status, output) = run.attempt(shop, &mut cargo)?;
        let tally = tally::of_cargo(&output);
        if status.success() {
            return complete(shop, "Rust", tally);
        }
        let told = told_by_cargo(&output);
        Err(run.failure(shop, &cargo, if told.is_empty() { &output } else { &told }))
    })
}

fn node(shop: &Workshop, tools: &Tools, ring: &str) -> Result<Tally, Failure> {
    shop.board.step(&format!("{ring} tests"), || {
        let files = files::with_ending(&shop.path("tests").join(ring), ".test.mjs")?;
        let mut node = tools.program("node");
        node.current_dir(&shop.root).args(["--test", "--test-reporter=spec", "--test-concurrency=1"]);
        node.args(files.iter().map(|file| file.strip_prefix(&shop.root).unwrap_or(Path::new(file))));
        node.env("NO_COLOR", "1");
        tools.name_browser(&mut node);
        if files.is_empty() {
            return complete(shop, ring, Tally::default());
        }
        let log = format!("{ring}-tests");
        let failed = format!("{ring} tests failed");
        let mut run = Run::new(&log, &failed, "");
        run.tail = FAILED_TEST_LINES;
        let (status, output) = run.attempt(shop, &mut node)?;
        if status.success() {
            return complete(shop, ring, tally::of_node(&output));
        }
        let told = output.split_once("failing tests:").map_or(output.as_str(), |(_, told)| told);
        Err(run.failure(shop, &node, told))
    })
}

/// A ring that runs nothing, or leaves something out, has not passed.
fn complete(shop: &Workshop, ring: &str, tally: Tally) -> Result<Tally, Failure> {
    shop.board.say(&format!(
        "  {ring}: {} passed, {} failed, {} skipped",
        tally.passed, tally.failed, tally.skipped
    ));
    if tally.passed == 0 {
        return Err(Failure::new(format!("the {ring} ring holds no test")));
    }
    if tally.failed > 0 || tally.skipped > 0 {
        return Err(Failure::new(format!("{} tests of the {ring} ring were skipped", tally.skipped))
            .advice("A test that can't run here is repaired or removed, not left out."));
    }
    Ok(tally)
}

/// What cargo says of failed tests: the part from the first `failures:` of each binary on, and errors.
fn told_by_cargo(output: &str) -> String {
    let mut told = String::new();
    let mut telling = false;
    for line in output.lines() {
        telling = match line {
            "failures:" => true,
            _ if line.starts_with("test result:") => false,
            _ if line.starts_with("error") => true,
            _ => telling,
        };
        if telling {
            told.push_str(line);
            told.push('\n');
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::told_by_cargo;

    #[test]
    fn a_failed_test_is_told_without_the_hundreds_that_passed() {
        let output = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nleft: 1\n\nfailures:\n    b\n\n\
                      test result: FAILED. 1 passed; 1 failed\nrunning 1 test\ntest c ... ok\n";
        let told = told_by_cargo(output);
        assert!(told.contains("left: 1") && !told.contains("test a") && !told.contains("test c"), "{told}");
    }
}
