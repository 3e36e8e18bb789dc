//! Lays out the folder of served files.

use std::path::{Path, PathBuf};

use crate::failure::{Explain, Failure};
use crate::files;
use crate::workshop::Workshop;

use super::headers;
use super::loader::Loaders;

/// In a document, this is replaced by the addresses of its languages, as JSON.
const LOCALES: &str = "{{LOCALES}}";

/// Who is served.
#[derive(Clone, Copy, PartialEq)]
pub enum Audience {
    /// A developer or a test, with the demo.
    Developers,
    /// The public.
    Public,
}

/// What the folder is made of.
pub struct Parts {
    /// The folder of the built frame.
    pub frame: PathBuf,
    /// The folder of the built dashboard.
    pub dashboard: PathBuf,
    /// The loaders.
    pub loader: Loaders,
}

/// Writes the folder anew.
pub fn assemble(shop: &Workshop, folder: &Path, audience: Audience, parts: &Parts) -> Result<(), Failure> {
    files::remove(folder)?;
    let mut hashed = Vec::new();
    for file in files::list(&parts.frame)? {
        let inside = inside(&file, &parts.frame);
        if inside != "index.html" && inside != "policy.json" {
            files::copy(&file, &folder.join("assets").join(&inside))?;
            hashed.push(format!("/assets/{inside}"));
        }
    }
    let map = locales(&shop.path("widget/locales"), None, folder, "/assets/locales", &mut hashed)?;
    let page = files::read(&parts.frame.join("index.html"))?;
    files::write(&folder.join("frame/index.html"), page.replace(LOCALES, &map))?;
    files::write(&folder.join("frame/locales.json"), map)?;
    files::copy(&parts.frame.join("policy.json"), &folder.join("frame/policy.json"))?;
    for file in files::list(&parts.dashboard)? {
        let inside = inside(&file, &parts.dashboard);
        if inside != "index.html" {
            files::copy(&file, &folder.join("app").join(&inside))?;
            hashed.push(format!("/app/{inside}"));
        }
    }
    let keys = keys(&files::read(&shop.path("dashboard/src/i18n/key.rs"))?);
    let map = locales(&shop.path("dashboard/locales"), Some(&keys), folder, "/app/locales", &mut hashed)?;
    let page = files::read(&parts.dashboard.join("index.html"))?;
    files::write(&folder.join("app/index.html"), page.replace(LOCALES, &map))?;
    let loaders = loaders(folder, &parts.loader)?;
    if audience == Audience::Developers {
        files::copy_folder(&shop.path("demo"), &folder.join("demo"))?;
    }
    files::write(&folder.join("_headers"), headers::rules(&loaders, &hashed))
}

/// Writes the languages of a page under hashed names below `address`, and notes those; hands back
/// `{"en": "/assets/locales/en.<hash>.json", …}`, fit to stand inside a script element of data.
///
/// With `keys` a language is a list of its sentences in that order, and the names stay here.
fn locales(
    from: &Path,
    keys: Option<&[String]>,
    folder: &Path,
    address: &str,
    hashed: &mut Vec<String>,
) -> Result<String, Failure> {
    let mut map = serde_json::Map::new();
    for file in files::with_ending(from, ".json")? {
        let content: serde_json::Value =
            serde_json::from_str(&files::read(&file)?).explain(file.display())?;
        let small = match keys {
            None => content.to_string(),
            Some(keys) => ordered(&content, keys)
                .map_err(|key| Failure::new(format!("{} has no {key}", file.display())))?
                .to_string(),
        };
        let language = files::name(&file).trim_end_matches(".json").to_owned();
        let name = format!("{address}/{language}.{}.json", files::short_hash(small.as_bytes(), 8));
        files::write(&folder.join(name.trim_start_matches('/')), small)?;
        hashed.push(name.clone());
        map.insert(language, name.into());
    }
    // `<` could end the element.
    Ok(serde_json::Value::Object(map).to_string().replace('<', "\\u003c"))
}

/// The names of the dashboard's sentences, in the order in which its program knows them: `Name = "name";`, a line each.
fn keys(source: &str) -> Vec<String> {
    let name = |line: &str| Some(line.trim().split_once(" = \"")?.1.strip_suffix("\";")?.to_owned());
    source.lines().filter_map(name).collect()
}

/// The sentences in an order. Fails with the name of one that is not there.
fn ordered(content: &serde_json::Value, keys: &[String]) -> Result<serde_json::Value, String> {
    keys.iter().map(|key| content.get(key).cloned().ok_or_else(|| key.clone())).collect()
}

/// Writes the loaders; hands back the addresses that never change.
fn loaders(folder: &Path, loaders: &Loaders) -> Result<Vec<String>, Failure> {
    let current = &loaders.current;
    files::write(&folder.join("embed.js"), &current.script)?;
    // The snippet that the dashboard and the demo show pins the loader with this.
    let pin = serde_json::json!({
        "path": format!("/{}", current.name),
        "integrity": files::integrity(&current.script),
    });
    files::write(&folder.join("frame/loader.json"), pin.to_string())?;
    let mut addresses = Vec::new();
    for loader in loaders.published.iter().chain([current]) {
        files::write(&folder.join(&loader.name), &loader.script)?;
        addresses.push(format!("/{}", loader.name));
    }
    addresses.sort();
    addresses.dedup();
    Ok(addresses)
}

fn inside(file: &Path, folder: &Path) -> String {
    file.strip_prefix(folder).unwrap_or(file).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{keys, ordered};

    #[test]
    fn sentences_are_served_in_the_order_of_the_program_and_none_may_be_missing() {
        let keys =
            keys("//! `Name = \"x\"` is no key\nkeys! {\n    Zebra = \"zebra\";\n    Ant = \"ant\";\n}\n");
        assert_eq!(keys, ["zebra", "ant"]);
        let words = serde_json::json!({ "ant": "Ameise", "zebra": { "one": "Zebra", "other": "Zebras" } });
        let served = ordered(&words, &keys).expect("all of them");
        assert_eq!(served, serde_json::json!([{ "one": "Zebra", "other": "Zebras" }, "Ameise"]));
        assert_eq!(ordered(&serde_json::json!({ "ant": "Ameise" }), &keys), Err("zebra".to_owned()));
    }
}
