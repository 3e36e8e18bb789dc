//! Builds one Leptos page with Trunk: the visitor's frame, and the dashboard.
//!
//! Every byte of the frame is waited for by a visitor, so the standard library is compiled anew for size
//! and panics end the program at once. The dashboard shares those settings, and with them the compiled
//! crates.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::Run;
use crate::failure::Failure;
use crate::files;
use crate::stamp::Stamp;
use crate::tools::Tools;
use crate::workshop::Workshop;

use super::html;

/// Erased components share their code: one kind of view instead of one for every tag with every child.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none --cfg=erase_components";

/// What the frame loads when a visitor first wants it, and never before.
pub const LATER: &str = "later";

/// What tells one page from another.
pub struct Page {
    name: &'static str,
    package: &'static str,
    /// Where its `index.html` and `Trunk.toml` lie, inside the repository.
    folder: &'static str,
    /// Where Trunk puts its result, as its `Trunk.toml` says.
    trunk_dist: &'static str,
    /// The address below which its files are served.
    public: &'static str,
    /// Style sheet and start script stand in the page itself, and the program follows once the page stands.
    inlined: bool,
}

/// The chat, inside the host page.
pub const FRAME: Page = Page {
    name: "frame",
    package: "widget",
    folder: "",
    trunk_dist: "target/frame",
    public: "/assets/",
    inlined: true,
};

/// Where a business answers.
pub const DASHBOARD: Page = Page {
    name: "dashboard",
    package: "dashboard",
    folder: "dashboard",
    trunk_dist: "target/dashboard",
    public: "/app/",
    inlined: false,
};

/// Builds the page if anything changed; hands back the folder with `index.html` and its hashed files.
pub fn build(shop: &Workshop, tools: &Tools, page: &Page, rust: &str) -> Result<PathBuf, Failure> {
    let result = shop.scratch("pages").join(page.name);
    let failed = format!("the {} could not be compiled", page.name);
    let manifest = shop.path(page.package).join("Cargo.toml");
    shop.board.step(&format!("{}: compile", page.name), || {
        let mut cargo = tools.wasm_program("cargo");
        cargo.current_dir(&shop.root).args(["build", "--release", "--target", "wasm32-unknown-unknown"]);
        cargo.arg("--manifest-path").arg(manifest);
        Run::new(&format!("{}-compile", page.name), &failed, "").go(shop, small(&mut cargo))
    })?;
    let home = shop.path(page.folder);
    let program = shop.cargo_target().join(format!("wasm32-unknown-unknown/release/{}.wasm", page.package));
    let inputs = [
        program,
        home.join("index.html"),
        home.join("Trunk.toml"),
        shop.path(page.package),
        shop.path("package-lock.json"),
        shop.path("xtask/src/build"),
    ];
    let stamp = Stamp::of(shop, page.name, &inputs, &format!("{rust}{RUSTFLAGS}"))?;
    if stamp.is_fresh(&result) {
        return Ok(result);
    }
    shop.board.step(&format!("{}: bundle", page.name), || {
        let mut trunk = tools.wasm_program("trunk");
        trunk.current_dir(&home).args(["build", "--release", "--offline", "--skip-version-check"]);
        let failed = format!("Trunk could not build the {}", page.name);
        // Trunk takes NO_COLOR for a switch of its own, and knows true and false only.
        Run::new(page.name, &failed, "").go(shop, small(&mut trunk).env_remove("NO_COLOR"))?;
        externalise(shop, tools, page, &result)
    })?;
    stamp.keep()?;
    Ok(result)
}

/// The settings that make a page small. Unstable ones are allowed for this build alone.
fn small(command: &mut Command) -> &mut Command {
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
        .env("RUSTFLAGS", RUSTFLAGS)
}

/// Copies Trunk's result with the start script moved out of the page and bundled with its glue.
fn externalise(shop: &Workshop, tools: &Tools, page: &Page, result: &Path) -> Result<(), Failure> {
    let dist = shop.path(page.trunk_dist);
    let opened = html::open(&files::read(&dist.join("index.html"))?)?;
    let glue = opened.glue.strip_prefix(page.public).unwrap_or(&opened.glue);
    let entry = dist.join("start.js");
    files::write(
        &entry,
        format!("import init from './{glue}';\ninit({{ module_or_path: '{}' }});\n", opened.wasm),
    )?;
    let bundle = shop.scratch("pages").join(format!("{}-start.js", page.name));
    esbuild(shop, tools, &entry, &bundle, &["--bundle", "--minify", "--format=esm", "--target=es2022"])?;
    files::remove(result)?;
    for file in files::list(&dist)? {
        let inside = file.strip_prefix(&dist).unwrap_or(&file);
        let bundled =
            inside.starts_with("snippets") || inside.as_os_str() == "start.js" || inside.as_os_str() == glue;
        if !bundled {
            files::copy(&file, &result.join(inside))?;
        }
    }
    let script = files::bytes(&bundle)?;
    let address = named(page, page.name, &script, result)?;
    if !page.inlined {
        let html = opened.with_start(&address, &files::integrity(&script));
        return files::write(&result.join("index.html"), html);
    }
    let read = |address: &str| files::read(&dist.join(address.strip_prefix(page.public).unwrap_or(address)));
    let bundle = shop.scratch("pages").join("later.js");
    let source = shop.path(page.package).join("later/later.js");
    let arguments = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--loader:.css=text"];
    esbuild(shop, tools, &source, &bundle, &arguments)?;
    let later = named(page, LATER, &files::bytes(&bundle)?, result)?;
    let inlined = html::inline(opened.html(), [&address, &opened.wasm, &later], read)?;
    for file in files::list(result)? {
        let inside = file.strip_prefix(result).unwrap_or(&file).to_string_lossy().into_owned();
        if inside.ends_with(".css") || inside.starts_with("start-") {
            files::remove(&file)?;
        }
    }
    let hashes = serde_json::json!({ "style": inlined.style, "script": inlined.script });
    files::write(&result.join("policy.json"), hashes.to_string())?;
    files::write(&result.join("index.html"), inlined.html)
}

/// Writes a script under a name that says what is in it; hands back its address.
fn named(page: &Page, name: &str, script: &[u8], result: &Path) -> Result<String, Failure> {
    let name = format!("{name}-{}.js", files::short_hash(script, 16));
    files::write(&result.join(&name), script)?;
    Ok(format!("{}{name}", page.public))
}

fn esbuild(
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
