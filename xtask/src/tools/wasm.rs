//! A Rust that compiles to wasm32-unknown-unknown and has the sources of its standard library.
//!
//! rustup brings both in seconds where its host can be reached. Where it can't (build farms, locked-down
//! offices) Debian's compiler for wasm does, with a standard library built here from Debian's sources.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::command::{Run, ask, program};
use crate::failure::{Explain, Failure};
use crate::files;
use crate::workshop::Workshop;

use super::apt;

const TARGET: &str = "wasm32-unknown-unknown";
const RUSTUP_DEADLINE: Duration = Duration::from_secs(120);
const BY_HAND: &str = "Install the target by hand: rustup target add wasm32-unknown-unknown && rustup component \
                       add rust-src (or, on Debian: apt-get install rustc-web cargo-web rust-web-src), then run this again.";

/// Which Rust compiles to wasm here.
pub enum WasmRust {
    /// The one that compiles everything else, too.
    Active,
    /// Debian's, with a folder of ours as its sysroot.
    Debian(PathBuf),
}

impl WasmRust {
    /// Makes a command compile with this Rust.
    pub fn prepare(&self, command: &mut Command) {
        if let Self::Debian(home) = self {
            command
                .env("RUSTC", home.join("bin/rustc"))
                .env("RUSTDOC", home.join("bin/rustdoc"))
                // clippy-driver takes no wrapper's word for the sysroot.
                .env("SYSROOT", home)
                .env_remove("RUSTUP_TOOLCHAIN");
        }
    }

    /// The folder with its `cargo`, to be put on PATH for wasm builds.
    pub fn bin(&self) -> Option<PathBuf> {
        match self {
            Self::Active => None,
            Self::Debian(home) => Some(home.join("bin")),
        }
    }

    /// Names compiler and version; builds depend on it.
    pub fn describe(&self) -> String {
        let compiler = match self {
            Self::Active => PathBuf::from("rustc"),
            Self::Debian(home) => home.join("bin/rustc"),
        };
        ask(program(compiler).arg("-vV")).unwrap_or_default()
    }
}

/// What is already there.
pub fn find(shop: &Workshop) -> Option<WasmRust> {
    if active_is_ready() {
        return Some(WasmRust::Active);
    }
    let home = home(shop);
    let built_for = std::fs::read_to_string(home.join("built-for")).ok()?;
    (ask(program("/usr/bin/rustc").arg("-vV"))? == built_for).then_some(WasmRust::Debian(home))
}

/// Gets one: by rustup, else from Debian.
pub fn install(shop: &Workshop) -> Result<WasmRust, Failure> {
    if ask(program("rustup").arg("--version")).is_some() {
        let tried = shop.board.step("rustup: wasm32 target and library sources", || rustup(shop));
        if tried.is_ok() && active_is_ready() {
            return Ok(WasmRust::Active);
        }
        shop.board.say("  rustup can't be reached from here; Debian's compiler is taken instead");
    }
    if !apt::exists() {
        return Err(Failure::new("no way to a wasm32 target was found on this machine").advice(BY_HAND));
    }
    debian(shop)
}

fn active_is_ready() -> bool {
    let Some(sysroot) = ask(program("rustc").args(["--print", "sysroot"])) else { return false };
    let rustlib = Path::new(sysroot.trim()).join("lib/rustlib");
    rustlib.join(TARGET).join("lib").is_dir() && rustlib.join("src/rust/library/Cargo.lock").is_file()
}

fn rustup(shop: &Workshop) -> Result<(), Failure> {
    for arguments in [["target", "add", TARGET], ["component", "add", "rust-src"]] {
        let mut run = Run::new("rustup", "rustup could not add the wasm32 target", BY_HAND);
        run.deadline = Some(RUSTUP_DEADLINE);
        run.go(shop, program("rustup").env("RUSTUP_MAX_RETRIES", "0").args(arguments))?;
    }
    Ok(())
}

fn home(shop: &Workshop) -> PathBuf {
    shop.tools.join("toolchain")
}

fn debian(shop: &Workshop) -> Result<WasmRust, Failure> {
    let why = "Rust's wasm32 target";
    apt::install(shop, why, &["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"])
        .map_err(|failure| failure.advice(BY_HAND))?;
    let version = ask(program("/usr/bin/rustc").arg("-vV")).ok_or_else(|| {
        Failure::new("Debian's rustc-web was installed, but /usr/bin/rustc does not answer").advice(BY_HAND)
    })?;
    let llvm = version
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: ")?.split('.').next())
        .ok_or_else(|| Failure::new("/usr/bin/rustc does not say its LLVM version").advice(BY_HAND))?;
    // The linker has to understand what this very LLVM writes.
    apt::install(shop, why, &[&format!("lld-{llvm}")])?;
    let home = home(shop);
    shop.board.step("standard library for wasm32", || sysroot(shop, &home, &version, llvm))?;
    Ok(WasmRust::Debian(home))
}

/// Builds a folder that looks like an installed toolchain, so that nothing has to be written below /usr.
fn sysroot(shop: &Workshop, home: &Path, version: &str, llvm: &str) -> Result<(), Failure> {
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .ok_or_else(|| Failure::new("/usr/bin/rustc does not say its host"))?;
    files::remove(home)?;
    let rustlib = home.join("lib/rustlib");
    link(Path::new("/usr/lib/rustlib").join(host).join("lib"), &rustlib.join(host).join("lib"))?;
    link(Path::new("/usr/lib/rustlib/src"), &rustlib.join("src"))?;
    link(format!("/usr/bin/wasm-ld-{llvm}"), &rustlib.join(host).join("bin/rust-lld"))?;
    for name in ["cargo", "cargo-clippy", "clippy-driver"] {
        link(Path::new("/usr/bin").join(name), &home.join("bin").join(name))?;
    }
    for name in ["rustc", "rustdoc"] {
        let wrapper = format!("#!/bin/sh\nexec /usr/bin/{name} --sysroot \"${{0%/bin/*}}\" \"$@\"\n");
        executable(&home.join("bin").join(name), &wrapper)?;
    }
    let scratch = home.join("building");
    // Only the library is copied: elsewhere in Debian's sources, links lead nowhere.
    let mut copy = program("cp");
    copy.args(["-rL", "/usr/lib/rustlib/src/rust/library"]).arg(&scratch);
    Run::new("library-copy", "the sources of the standard library could not be copied", BY_HAND)
        .go(shop, &mut copy)?;
    let mut cargo = program("/usr/bin/cargo");
    cargo
        .current_dir(&scratch)
        .args(["build", "--release", "--target", TARGET])
        .args(["-p", "sysroot", "-p", "panic_abort", "--features", "compiler-builtins-mem"])
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN");
    Run::new("library", "the standard library could not be built for wasm32", BY_HAND)
        .go(shop, &mut cargo)?;
    let built = scratch.join("target").join(TARGET).join("release/deps");
    for library in files::with_ending(&built, ".rlib")? {
        let name = files::name(&library);
        if !name.starts_with("libsysroot-") {
            files::copy(&library, &rustlib.join(TARGET).join("lib").join(name))?;
        }
    }
    files::remove(&scratch)?;
    files::write(&home.join("built-for"), version)
}

fn link(target: impl AsRef<Path>, place: &Path) -> Result<(), Failure> {
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).explain(folder.display())?;
    }
    std::os::unix::fs::symlink(target, place).explain(place.display())
}

fn executable(place: &Path, content: &str) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    files::write(place, content)?;
    std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o755)).explain(place.display())
}
