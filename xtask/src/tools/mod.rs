//! Brings every tool that a build or a test needs, from nothing, into one folder that git ignores.
//!
//! A tool of the right version that is already on PATH is used. The slow ones are compiled side by side
//! with the downloads, because two cores are all that many machines have.

mod apt;
mod compiled;
pub mod node;
mod wasm;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::Ordering;

use crate::command::program;
use crate::failure::Failure;
use crate::workshop::Workshop;
pub use wasm::WasmRust;

/// What one command is going to need.
#[derive(Clone, Copy, PartialEq)]
pub enum Need {
    /// All that builds, and the server.
    Build,
    /// That, and a browser.
    BuildAndBrowser,
}

/// The tools, ready for use.
pub struct Tools {
    path: OsString,
    /// How Rust is compiled to wasm on this machine.
    pub wasm: WasmRust,
    chromium: Option<PathBuf>,
}

impl Tools {
    /// Finds or installs everything; independent things at the same time.
    pub fn ready(shop: &Workshop, need: Need) -> Result<Self, Failure> {
        let browser = need == Need::BuildAndBrowser;
        let wasm_found = wasm::find(shop);
        let missing = compiled::missing(shop)?;
        explain_wait(shop, &missing);
        let (system, compiled, packages) = std::thread::scope(|scope| {
            let system = scope.spawn(|| or_give_up(shop, system(shop, wasm_found, browser)));
            let compiled = scope.spawn(|| {
                or_give_up(shop, missing.iter().try_for_each(|tool| compiled::install(shop, tool)))
            });
            let packages = or_give_up(shop, node::ready(shop));
            (join(system), join(compiled), packages)
        });
        let ((wasm, chromium), (), node_folder) = all_three(system, compiled, packages)?;
        compiled::sweep(shop)?;
        let mut folders: Vec<PathBuf> = node_folder.into_iter().collect();
        folders.push(shop.tools.join("bin"));
        folders.push(shop.path("node_modules/.bin"));
        folders.extend(wasm.bin());
        Ok(Self { path: with_path(folders), wasm, chromium })
    }

    /// A program with the tools first on its PATH, which asks nobody for news and reports to nobody.
    pub fn program(&self, name: &str) -> Command {
        let mut command = program(name);
        command
            .env("PATH", &self.path)
            .env("WRANGLER_SEND_METRICS", "false")
            .env("WRANGLER_SEND_ERROR_REPORTS", "false")
            .env("WRANGLER_HIDE_BANNER", "true")
            .env("WRANGLER_NO_SKILLS_UPDATE_PROMPTS", "true")
            .env("NO_UPDATE_NOTIFIER", "1");
        command
    }

    /// Tells a test or a benchmark which browser to drive.
    pub fn name_browser(&self, command: &mut Command) {
        if let Some(chromium) = &self.chromium {
            command.env("CHROMIUM", chromium);
        }
    }

    /// Where wasm-bindgen lies; some builders want to be told.
    pub fn wasm_bindgen(&self, shop: &Workshop) -> Result<PathBuf, Failure> {
        compiled::path(shop, "wasm-bindgen")
    }

    /// A program that compiles Rust to wasm.
    pub fn wasm_program(&self, name: &str) -> Command {
        let mut command = self.program(name);
        self.wasm.prepare(&mut command);
        command
    }
}

fn system(
    shop: &Workshop,
    found: Option<WasmRust>,
    browser: bool,
) -> Result<(WasmRust, Option<PathBuf>), Failure> {
    let wasm = match found {
        Some(found) => found,
        None => wasm::install(shop)?,
    };
    let chromium = if browser { Some(apt::chromium(shop)?) } else { None };
    Ok((wasm, chromium))
}

/// Without one tool the others are of no use, so their installation ends at once.
fn or_give_up<T>(shop: &Workshop, done: Result<T, Failure>) -> Result<T, Failure> {
    if done.is_err() {
        shop.given_up.store(true, Ordering::SeqCst);
    }
    done
}

fn explain_wait(shop: &Workshop, compiled: &[compiled::Tool]) {
    let names: Vec<&str> = compiled.iter().map(|tool| tool.name).collect();
    if !names.is_empty() {
        shop.board.say(&format!(
            "This machine lacks {}: they are compiled from source into {}, which takes some six minutes on two \
             cores, once. Meanwhile the other tools are fetched.",
            names.join(", "),
            shop.tools.display(),
        ));
    }
}

fn with_path(folders: Vec<PathBuf>) -> OsString {
    let mut path = OsString::new();
    for folder in folders {
        path.push(folder);
        path.push(":");
    }
    path.push(std::env::var_os("PATH").unwrap_or_default());
    path
}

fn join<T>(handle: std::thread::ScopedJoinHandle<'_, Result<T, Failure>>) -> Result<T, Failure> {
    handle.join().unwrap_or_else(|_| Err(Failure::new("a step of the installation broke off")))
}

fn all_three<A, B, C>(
    first: Result<A, Failure>,
    second: Result<B, Failure>,
    third: Result<C, Failure>,
) -> Result<(A, B, C), Failure> {
    match (first, second, third) {
        (Ok(first), Ok(second), Ok(third)) => Ok((first, second, third)),
        (first, second, third) => {
            let failures = [first.err(), second.err(), third.err()];
            let told = failures.into_iter().flatten().reduce(|first, next| first.and(&next));
            Err(told.unwrap_or_else(|| Failure::new("the installation of tools failed")))
        }
    }
}
