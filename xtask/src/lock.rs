//! Versions of tools are read from where the project pins them, never written down a second time.

use crate::failure::Failure;
use crate::files;
use crate::workshop::Workshop;

/// The version of a crate in `Cargo.lock`.
pub fn of_crate(shop: &Workshop, name: &str) -> Result<String, Failure> {
    let lock = files::read(&shop.path("Cargo.lock"))?;
    crate_version(&lock, name).ok_or_else(|| {
        Failure::new(format!("Cargo.lock holds no {name}")).advice("Run: cargo generate-lockfile")
    })
}

/// The exact version of trunk that `Trunk.toml` asks for.
pub fn of_trunk(shop: &Workshop) -> Result<String, Failure> {
    let text = files::read(&shop.path("Trunk.toml"))?;
    exact_version(&text, "trunk-version")
        .ok_or_else(|| Failure::new("Trunk.toml pins no trunk-version = \"=…\""))
}

/// The exact version of the program that cuts the dashboard into parts, as `dashboard/Cargo.toml` asks for it.
pub fn of_splitter(shop: &Workshop) -> Result<String, Failure> {
    let text = files::read(&shop.path("dashboard/Cargo.toml"))?;
    exact_version(&text, "wasm-split-version")
        .ok_or_else(|| Failure::new("dashboard/Cargo.toml pins no wasm-split-version = \"=…\""))
}

fn crate_version(lock: &str, name: &str) -> Option<String> {
    let heading = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != heading).skip(1);
    Some(lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

fn exact_version(text: &str, key: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once("\"=")?.1.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{crate_version, exact_version};

    #[test]
    fn a_crate_is_found_by_its_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"9.9.9\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(crate_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(crate_version(lock, "wasm"), None);
    }

    #[test]
    fn only_an_exact_version_counts() {
        assert_eq!(
            exact_version("trunk-version = \"=0.21.14\"\n", "trunk-version").as_deref(),
            Some("0.21.14")
        );
        assert_eq!(exact_version("trunk-version = \"^0.21\"\n", "trunk-version"), None);
    }
}
