//! Debian's packages, installed as root or through sudo; without either, the sentence to type.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use crate::command::{Run, ask, find, program};
use crate::failure::Failure;
use crate::workshop::Workshop;

/// Two apt processes at a time would fight over a lock.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Whether this machine has apt at all.
pub fn exists() -> bool {
    ask(program("apt-get").arg("--version")).is_some()
}

/// Installs packages; those that are there already cost nothing.
pub fn install(shop: &Workshop, why: &str, packages: &[&str]) -> Result<(), Failure> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
        missing.join(" ")
    );
    let Some(rights) = rights() else {
        return Err(Failure::new(format!(
            "{why} needs packages of this system, and neither root nor sudo is at hand"
        ))
        .advice(format!("Have them installed, then run this again: {by_hand}")));
    };
    shop.board.step(&format!("apt: {}", missing.join(" ")), || {
        let advice = format!("Try it by hand: {by_hand}");
        let failed = format!("apt could not install {}", missing.join(", "));
        Run::new("apt-update", "apt could not read its package lists", &advice)
            .go(shop, privileged(rights).arg("update"))?;
        let mut command = privileged(rights);
        command.args(["install", "-y", "--no-install-recommends"]).args(&missing);
        Run::new("apt-install", &failed, &advice).go(shop, &mut command).map(drop)
    })
}

/// The browser of the tests: `CHROMIUM`, else one on PATH, else Debian's.
pub fn chromium(shop: &Workshop) -> Result<PathBuf, Failure> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    let advice = "Install Chromium or Chrome and name it: CHROMIUM=/path/to/chrome cargo xtask test";
    if !exists() {
        return Err(Failure::new("no Chromium was found for the tests").advice(advice));
    }
    // A browser without any font draws no text; this one covers Latin, Arabic and Hebrew.
    install(shop, "Chromium", &["chromium", "fonts-dejavu-core"])?;
    on_path().ok_or_else(|| Failure::new("apt installed no Chromium").advice(advice))
}

fn on_path() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].into_iter().find_map(find)
}

fn is_installed(package: &str) -> bool {
    ask(program("dpkg-query").args(["-W", "-f", "${Status}", package]))
        .is_some_and(|status| status == "install ok installed")
}

#[derive(Clone, Copy)]
enum Rights {
    Root,
    Sudo,
}

fn rights() -> Option<Rights> {
    if ask(program("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        return Some(Rights::Root);
    }
    // Asks for the password now, where there is a terminal to ask on.
    let mut sudo = Command::new("sudo");
    sudo.arg("--validate");
    if !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        sudo.arg("--non-interactive");
    }
    sudo.status().is_ok_and(|status| status.success()).then_some(Rights::Sudo)
}

fn privileged(rights: Rights) -> Command {
    let mut command = match rights {
        Rights::Root => program("apt-get"),
        Rights::Sudo => {
            let mut sudo = program("sudo");
            sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo
        }
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
