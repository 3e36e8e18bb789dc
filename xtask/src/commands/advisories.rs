//! `cargo xtask advisories`: looks at what the lock files pin, with what the registries themselves know (promise P8.3). To be run
//! weekly by whoever runs a repository; it asks the network, so no test and no gate calls it.
//!
//! Crates: a crate whose author withdrew a version ("yanked") can't be chosen anew. A manifest that demands every locked version
//! exactly is therefore resolved where none is withdrawn, and only there. The database of advisories lies on GitHub, which
//! not every machine reaches; `cargo audit` reads it where one does.
//!
//! npm packages: npm asks its registry for advisories about exactly the locked versions. They build and test; none ships.

use std::collections::BTreeMap;

use crate::command::{Run, find, program};
use crate::failure::Failure;
use crate::files;
use crate::tools::node;
use crate::workshop::Workshop;

/// The folders with a lock file of npm.
const NPM_FOLDERS: [&str; 2] = [".", "tests/bench"];

/// Looks at crates and packages; what is found is a failure that names it.
pub fn advisories(shop: &Workshop) -> Result<(), Failure> {
    let locked = files::read(&shop.path("Cargo.lock"))?;
    shop.board.step("withdrawn crates", || crates(shop, &locked))?;
    if find("cargo-audit").is_some() {
        shop.board.step("cargo audit", || {
            let mut audit = program("cargo");
            audit.current_dir(&shop.root).args(["audit", "--deny", "yanked"]);
            Run::new(
                "audit",
                "cargo audit has objections",
                "Update what it names, or say why it does not concern us.",
            )
            .go(shop, &mut audit)
            .map(drop)
        })?;
    } else {
        shop.board.say("cargo-audit is not installed: crates are looked at for withdrawal only");
    }
    shop.board.step("npm packages", || NPM_FOLDERS.iter().try_for_each(|folder| packages(shop, folder)))?;
    shop.board.say("nothing is known against what the lock files pin");
    Ok(())
}

fn crates(shop: &Workshop, locked: &str) -> Result<(), Failure> {
    let folder = shop.scratch("advisories");
    // A lock from before would be kept, and what is in it is never refused.
    files::remove(&folder)?;
    files::write(&folder.join("Cargo.toml"), manifest(locked))?;
    files::write(&folder.join("lib.rs"), "//! Nothing: only its dependencies are resolved.\n")?;
    let mut cargo = program("cargo");
    cargo.current_dir(&folder).arg("generate-lockfile");
    let advice =
        "Where a version is yanked: cargo update --package <crate>. Otherwise: is the registry reachable?";
    Run::new("withdrawn", "what Cargo.lock pins can't be chosen anew", advice).go(shop, &mut cargo).map(drop)
}

fn packages(shop: &Workshop, folder: &str) -> Result<(), Failure> {
    let mut npm = node::npm(None);
    npm.current_dir(shop.path(folder)).args(["audit", "--json", "--package-lock-only"]);
    let run = Run::new("npm-audit", "npm's registry knows something against a package", "Look at: npm audit");
    let (_, output) = run.attempt(shop, &mut npm)?;
    let found = known_against(&output).ok_or_else(|| {
        Failure::new("npm gave no list of advisories")
            .tail(&output, 10)
            .advice("Is its registry reachable? A mirror often has no advisories.")
    })?;
    if found.is_empty() { Ok(()) } else { Err(run.failure(shop, &npm, &found.join("\n"))) }
}

/// A manifest that demands every crate of the registry in exactly the version that is locked.
fn manifest(locked: &str) -> String {
    let mut text = String::from(
        "[package]\nname = \"advisories\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\npath = \"lib.rs\"\n\n[workspace]\n\n[dependencies]\n",
    );
    for entry in locked.split("[[package]]").skip(1) {
        let value = |name: &str| {
            let mut lines = entry.lines().filter_map(|line| line.split_once(" = "));
            lines.find(|(key, _)| *key == name).map(|(_, value)| value.trim_matches('"'))
        };
        let (Some(name), Some(version), Some(source)) = (value("name"), value("version"), value("source"))
        else {
            // Without a source it is a crate of our own.
            continue;
        };
        // What stands behind `+` is not compared, and must not be demanded.
        let version = version.split('+').next().unwrap_or(version);
        if source.starts_with("registry+") {
            let key = format!("{name}-{}", version.replace('.', "-"));
            let demand = format!("package = \"{name}\", version = \"={version}\", default-features = false");
            text.push_str(&format!("{key} = {{ {demand} }}\n")); // keeps P8.3 | without: let _ = (key, demand);
        }
    }
    text
}

/// What npm knows against packages, a line each. `None` where its answer is no list.
fn known_against(output: &str) -> Option<Vec<String>> {
    let json = output.get(output.find('{')?..)?;
    // Warnings may stand before it and behind it.
    let answer: serde_json::Value = serde_json::Deserializer::from_str(json).into_iter().next()?.ok()?;
    let found = answer.get("vulnerabilities")?.as_object()?;
    let sorted: BTreeMap<_, _> = found.iter().collect();
    Some(
        sorted
            .into_iter()
            .map(|(name, entry)| {
                let word = |key: &str| entry.get(key).and_then(serde_json::Value::as_str).unwrap_or("?");
                format!("{name} {}: {}", word("range"), word("severity"))
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::{known_against, manifest};

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"aes\"\nversion = \"0.9.4\"\n\
        source = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"fc\"\n\n\
        [[package]]\nname = \"edge\"\nversion = \"0.1.0\"\ndependencies = [\n \"aes\",\n]\n\n\
        [[package]]\nname = \"aes\"\nversion = \"0.8.0+zstd.1\"\n\
        source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";

    #[test]
    fn p8_3_every_crate_of_the_registry_is_demanded_as_it_is_locked_and_none_of_ours() {
        let text = manifest(LOCK);
        let demanded: Vec<&str> = text.lines().filter(|line| line.contains("package = ")).collect();
        assert_eq!(
            demanded,
            [
                "aes-0-9-4 = { package = \"aes\", version = \"=0.9.4\", default-features = false }",
                "aes-0-8-0 = { package = \"aes\", version = \"=0.8.0\", default-features = false }",
            ]
        );
    }

    #[test]
    fn p8_3_what_npm_knows_against_a_package_is_named_and_no_answer_is_no_approval() {
        let clean = "npm warn something\n{\"auditReportVersion\":2,\"vulnerabilities\":{},\"metadata\":{}}\nnpm notice\n";
        assert_eq!(known_against(clean), Some(Vec::new()));
        let found = "{\"vulnerabilities\":{\"ws\":{\"severity\":\"high\",\"range\":\"<8.17.1\"}}}";
        assert_eq!(known_against(found), Some(vec!["ws <8.17.1: high".to_owned()]));
        for none in ["", "{\"error\":{\"code\":\"ENOAUDIT\"}}", "npm error network"] {
            assert_eq!(known_against(none), None, "{none}");
        }
    }
}
