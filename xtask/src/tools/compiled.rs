//! The four tools that come as Rust sources: wasm-bindgen, worker-build, trunk, wasm-split.
//!
//! They run for seconds and compile for minutes, so they are compiled with little optimisation and
//! without their own TLS, self-update and download code, in one shared target folder.

use std::path::{Path, PathBuf};

use crate::command::{Run, ask, find, program};
use crate::failure::{Explain, Failure};
use crate::lock;
use crate::workshop::Workshop;

use super::apt;

/// One tool and how it is installed.
pub struct Tool {
    /// The name of the program.
    pub name: &'static str,
    package: &'static str,
    version: String,
    arguments: &'static [&'static str],
    needs_openssl: bool,
}

/// The tools that are neither in the tools folder nor, in the right version, on PATH.
pub fn missing(shop: &Workshop) -> Result<Vec<Tool>, Failure> {
    let all = all(shop)?;
    Ok(all.into_iter().filter(|tool| place(shop, tool).is_none()).collect())
}

/// Where a tool lies that `missing` did not name.
pub fn path(shop: &Workshop, name: &str) -> Result<PathBuf, Failure> {
    all(shop)?
        .iter()
        .find(|tool| tool.name == name)
        .and_then(|tool| place(shop, tool))
        .ok_or_else(|| Failure::new(format!("{name} is not installed")))
}

/// Compiles one tool into the tools folder.
pub fn install(shop: &Workshop, tool: &Tool) -> Result<(), Failure> {
    if tool.needs_openssl
        && ask(program("pkg-config").args(["--exists", "openssl"])).is_none()
        && apt::exists()
    {
        apt::install(shop, tool.name, &["pkg-config", "libssl-dev"])?;
    }
    shop.board.step(&format!("{} {}", tool.name, tool.version), || {
        let mut command = program("cargo");
        command
            .args(["install", tool.package, "--version", &tool.version])
            .args(tool.arguments)
            .arg("--force")
            .arg("--root")
            .arg(&shop.tools)
            .current_dir(std::env::temp_dir())
            .env("CARGO_TARGET_DIR", scratch(shop))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
            .env_remove("RUSTFLAGS");
        let failed = format!("{} {} could not be compiled", tool.name, tool.version);
        let advice = "Is the registry of crates reachable, and a C compiler installed?";
        Run::new(tool.name, &failed, advice).go(shop, &mut command)?;
        place(shop, tool)
            .map(drop)
            .ok_or_else(|| Failure::new(format!("{} was compiled, but says another version", tool.name)))
    })
}

/// Removes what compiling left behind; it is larger than the tools by far.
pub fn sweep(shop: &Workshop) -> Result<(), Failure> {
    let scratch = scratch(shop);
    if scratch.exists() { std::fs::remove_dir_all(&scratch).explain(scratch.display()) } else { Ok(()) }
}

fn all(shop: &Workshop) -> Result<[Tool; 4], Failure> {
    Ok([
        Tool {
            name: "wasm-bindgen",
            package: "wasm-bindgen-cli",
            version: lock::of_crate(shop, "wasm-bindgen")?,
            // Its published lock file asks for a crate that is served no more, hence no --locked.
            arguments: &["--no-default-features", "--bin", "wasm-bindgen"],
            needs_openssl: false,
        },
        Tool {
            name: "worker-build",
            package: "worker-build",
            // The builder is released with the library, under one number.
            version: lock::of_crate(shop, "worker")?,
            arguments: &["--bin", "worker-build"],
            needs_openssl: true,
        },
        Tool {
            name: "trunk",
            package: "trunk",
            version: lock::of_trunk(shop)?,
            arguments: &["--locked", "--no-default-features"],
            needs_openssl: false,
        },
        Tool {
            name: "wasm-split-cli",
            package: "wasm_split_cli_support",
            version: lock::of_splitter(shop)?,
            arguments: &["--locked", "--features", "build-binary"],
            needs_openssl: false,
        },
    ])
}

fn place(shop: &Workshop, tool: &Tool) -> Option<PathBuf> {
    let own = shop.tools.join("bin").join(tool.name);
    if own.exists() && is_recorded(shop, tool) {
        return Some(own);
    }
    [Some(own), find(tool.name)].into_iter().flatten().find(|path| says_version(path, &tool.version))
}

/// True when cargo noted this version beside what it installed: not every tool knows its own.
fn is_recorded(shop: &Workshop, tool: &Tool) -> bool {
    let record = std::fs::read_to_string(shop.tools.join(".crates.toml")).unwrap_or_default();
    record.contains(&format!("\"{} {} (", tool.package, tool.version))
}

fn says_version(path: &Path, version: &str) -> bool {
    ask(program(path).arg("--version"))
        .is_some_and(|answer| answer.split_whitespace().any(|word| word == version))
}

fn scratch(shop: &Workshop) -> PathBuf {
    shop.tools.join("compiling")
}
