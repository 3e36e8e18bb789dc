//! What both pages need: the settings that make a program small, and the bundler of their scripts.
//!
//! Every byte is waited for by somebody, so the standard library is compiled anew for size and panics end the program at
//! once. The pages share those settings, and with them the compiled crates.

use std::path::Path;
use std::process::Command;

use crate::command::Run;
use crate::failure::Failure;
use crate::tools::Tools;
use crate::workshop::Workshop;

/// Erased components share their code: one kind of view instead of one for every tag with every child.
pub const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none --cfg=erase_components";

/// The settings that make a page small. Unstable ones are allowed for this build alone.
pub fn small(command: &mut Command) -> &mut Command {
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
        .env("RUSTFLAGS", RUSTFLAGS)
}

/// Makes one script or style sheet of a file and all that it names.
pub fn esbuild(
    shop: &Workshop,
    tools: &Tools,
    from: &Path,
    to: &Path,
    arguments: &[&str],
) -> Result<(), Failure> {
    let mut esbuild = tools.program("esbuild");
    esbuild.arg(from).args(arguments).args(["--charset=utf8", "--log-level=warning"]);
    esbuild.arg(format!("--outfile={}", to.display()));
    let failed = format!("esbuild could not bundle {}", from.display());
    Run::new("esbuild", &failed, "").go(shop, &mut esbuild).map(drop)
}
