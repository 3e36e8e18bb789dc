//! Builds the visitor's frame with Trunk, and takes its start script out of what Trunk makes.

use std::path::{Path, PathBuf};

use crate::command::Run;
use crate::failure::Failure;
use crate::files;
use crate::stamp::Stamp;
use crate::tools::Tools;
use crate::workshop::Workshop;

use super::html;
use super::page::{RUSTFLAGS, esbuild, small};

/// What the frame loads when a visitor first wants it, and never before.
pub const LATER: &str = "later";

/// The address below which its files are served.
const PUBLIC: &str = "/assets/";

/// Builds the frame if anything changed; hands back the folder with `index.html` and its hashed files.
pub fn build(shop: &Workshop, tools: &Tools, rust: &str) -> Result<PathBuf, Failure> {
    let result = shop.scratch("pages/frame");
    shop.board.step("frame: compile", || {
        let mut cargo = tools.wasm_program("cargo");
        cargo.current_dir(&shop.root).args(["build", "--release", "--target", "wasm32-unknown-unknown"]);
        cargo.args(["--package", "widget"]);
        Run::new("frame-compile", "the frame could not be compiled", "").go(shop, small(&mut cargo))
    })?;
    let inputs = [
        shop.cargo_target().join("wasm32-unknown-unknown/release/widget.wasm"),
        shop.path("index.html"),
        shop.path("Trunk.toml"),
        shop.path("widget"),
        shop.path("package-lock.json"),
        shop.path("xtask/src/build"),
    ];
    let stamp = Stamp::of(shop, "frame", &inputs, &format!("{rust}{RUSTFLAGS}"))?;
    if stamp.is_fresh(&result) {
        return Ok(result);
    }
    shop.board.step("frame: bundle", || {
        let mut trunk = tools.wasm_program("trunk");
        trunk.current_dir(&shop.root).args(["build", "--release", "--offline", "--skip-version-check"]);
        // Trunk takes NO_COLOR for a switch of its own, and knows true and false only.
        Run::new("frame", "Trunk could not build the frame", "")
            .go(shop, small(&mut trunk).env_remove("NO_COLOR"))?;
        externalise(shop, tools, &result)
    })?;
    stamp.keep()?;
    Ok(result)
}

/// Copies Trunk's result with style and start script in the page itself; the program follows once the page stands.
fn externalise(shop: &Workshop, tools: &Tools, result: &Path) -> Result<(), Failure> {
    // As Trunk.toml says.
    let dist = shop.path("target/frame");
    let opened = html::open(&files::read(&dist.join("index.html"))?)?;
    let glue = opened.glue.strip_prefix(PUBLIC).unwrap_or(&opened.glue);
    let entry = dist.join("start.js");
    files::write(
        &entry,
        format!("import init from './{glue}';\ninit({{ module_or_path: '{}' }});\n", opened.wasm),
    )?;
    let bundle = shop.scratch("pages").join("frame-start.js");
    esbuild(shop, tools, &entry, &bundle, &["--bundle", "--minify", "--format=esm", "--target=es2022"])?;
    files::remove(result)?;
    for file in files::list(&dist)? {
        let inside = file.strip_prefix(&dist).unwrap_or(&file);
        let in_page = files::name(&file).starts_with("start-") || files::name(&file).ends_with(".css");
        let bundled =
            inside.starts_with("snippets") || inside.as_os_str() == "start.js" || inside.as_os_str() == glue;
        if !bundled && !in_page {
            files::copy(&file, &result.join(inside))?;
        }
    }
    let start = named("frame", &files::bytes(&bundle)?, result)?;
    let bundle = shop.scratch("pages").join("later.js");
    let source = shop.path("widget/later/later.js");
    let arguments = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--loader:.css=text"];
    esbuild(shop, tools, &source, &bundle, &arguments)?;
    let later = named(LATER, &files::bytes(&bundle)?, result)?;
    let read = |address: &str| files::read(&dist.join(address.strip_prefix(PUBLIC).unwrap_or(address)));
    let inlined = html::inline(&opened, [&start, &opened.wasm, &later], read)?;
    let hashes = serde_json::json!({ "style": inlined.style, "script": inlined.script });
    files::write(&result.join("policy.json"), hashes.to_string())?;
    files::write(&result.join("index.html"), inlined.html)
}

/// Writes a script under a name that says what is in it; hands back its address.
fn named(name: &str, script: &[u8], result: &Path) -> Result<String, Failure> {
    let name = format!("{name}-{}.js", files::short_hash(script, 16));
    files::write(&result.join(&name), script)?;
    Ok(format!("{PUBLIC}{name}"))
}
