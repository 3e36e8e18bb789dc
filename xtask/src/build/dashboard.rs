//! Builds the dashboard: compiled, cut into parts that come when they are first wanted, made small, and named by content.
//!
//! Trunk, which builds the frame, can't cut a program, so what it would do stands here. Which function belongs to which part
//! says `dashboard/src/parts.rs`.

use std::path::{Path, PathBuf};

use crate::command::Run;
use crate::failure::Failure;
use crate::files;
use crate::stamp::Stamp;
use crate::tools::Tools;
use crate::workshop::Workshop;

use super::page::{RUSTFLAGS, esbuild, small};

/// The address below which its files are served.
const PUBLIC: &str = "/app/";

/// The parts of the program, one of which every page needs. What several share comes in files of its own, named by all
/// of them: `chat.house-<hash>.wasm`.
pub const PARTS: [&str; 5] = ["start", "desk", "chat", "house", "record"];
/// What comes once a conversation is open or somebody asks for it, and no page needs to begin.
pub const ASKED_FOR: [&str; 1] = ["tools"];

/// Every feature of WebAssembly that Rust's target has, and nothing that tells how the program was made.
/// To the end (`--converge`), and knowing what can come where (`--gufa`): two kilobytes of a page, for a minute of building.
const WASM_OPT: [&str; 16] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "--gufa",
    "-Oz",
    "--converge",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--low-memory-unused",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Compiles the dashboard, whole; hands back the program.
pub fn compile(shop: &Workshop, tools: &Tools) -> Result<PathBuf, Failure> {
    shop.board.step("dashboard: compile", || {
        let mut cargo = tools.wasm_program("cargo");
        cargo.current_dir(&shop.root).args(["rustc", "--release", "--target", "wasm32-unknown-unknown"]);
        cargo.args(["--package", "dashboard", "--bin", "dashboard"]);
        // Whoever cuts has to know who calls whom.
        cargo.args(["--", "-Clink-args=--emit-relocs"]);
        Run::new("dashboard-compile", "the dashboard could not be compiled", "").go(shop, small(&mut cargo))
    })?;
    Ok(shop.cargo_target().join("wasm32-unknown-unknown/release/dashboard.wasm"))
}

/// Makes of the program what is served, if anything changed; hands back the folder with `index.html` and its hashed files.
pub fn bundle(shop: &Workshop, tools: &Tools, rust: &str, program: &Path) -> Result<PathBuf, Failure> {
    let result = shop.scratch("pages/dashboard");
    let home = shop.path("dashboard");
    let inputs =
        [program.to_path_buf(), home.clone(), shop.path("package-lock.json"), shop.path("xtask/src/build")];
    let stamp = Stamp::of(shop, "dashboard", &inputs, &format!("{rust}{RUSTFLAGS}"))?;
    if stamp.is_fresh(&result) {
        return Ok(result);
    }
    shop.board.step("dashboard: bundle", || {
        files::remove(&result)?;
        let start = program_bundle(shop, tools, program, &result)?;
        document(shop, tools, &home, &start, &result)
    })?;
    stamp.keep()?;
    Ok(result)
}

/// What a file of the cutting is called here: its part, or the parts that share it, which the script names in a comment
/// before it.
fn part_name(link: &str, file: &str) -> Result<String, Failure> {
    if let Some(part) = file.strip_prefix("split_") {
        return Ok(part.trim_end_matches(".wasm").to_owned());
    }
    let sharers =
        link.split_once(file).and_then(|(before, _)| before.rsplit_once("/* ")?.1.split_once(" */"));
    sharers
        .map(|(parts, _)| parts.replace(", ", "."))
        .ok_or_else(|| Failure::new(format!("the cutting does not say which parts share {file}")))
}

/// What the document begins with.
struct Start {
    glue: String,
    program: String,
}

/// Cuts the program, binds it to the browser, and makes everything small.
fn program_bundle(shop: &Workshop, tools: &Tools, program: &Path, result: &Path) -> Result<Start, Failure> {
    let cut = shop.scratch("dashboard-cut");
    files::remove(&cut)?;
    let mut split = tools.program("wasm-split-cli");
    split.arg(program).arg(&cut).args(["--out-name", "dashboard"]);
    Run::new("dashboard-cut", "the dashboard could not be cut into parts", "").go(shop, &mut split)?;
    let bound = shop.scratch("dashboard-bound");
    files::remove(&bound)?;
    let mut bindgen = tools.program("wasm-bindgen");
    bindgen.arg(cut.join("dashboard.wasm")).args([
        "--target",
        "web",
        "--no-typescript",
        "--keep-lld-exports",
    ]);
    bindgen.arg("--out-dir").arg(&bound).args(["--out-name", "dashboard"]);
    Run::new("dashboard-bind", "wasm-bindgen could not bind the dashboard", "").go(shop, &mut bindgen)?;
    // The parts are fetched by the script that the cutting wrote, under names of its own.
    let mut link = files::read(&cut.join("__wasm_split.js"))?;
    for part in files::with_ending(&cut, ".wasm")? {
        let name = files::name(&part);
        if name != "dashboard.wasm" {
            let stem = part_name(&link, &name)?;
            link = link.replace(&name, &smaller(shop, tools, &part, &stem, result)?);
        }
    }
    files::write(&bound.join("__wasm_split.js"), link)?;
    let program = smaller(shop, tools, &bound.join("dashboard_bg.wasm"), "dashboard", result)?;
    let entry = bound.join("entry.js");
    let script =
        format!("import init from './dashboard.js';\ninit({{ module_or_path: '{PUBLIC}{program}' }});\n");
    files::write(&entry, script)?;
    let bundle = shop.scratch("pages").join("dashboard.js");
    esbuild(shop, tools, &entry, &bundle, &["--bundle", "--minify", "--format=esm", "--target=es2022"])?;
    Ok(Start { glue: named(&bundle, "dashboard", "js", result)?, program })
}

/// Writes the document and what it begins with: style, start script, sign.
fn document(
    shop: &Workshop,
    tools: &Tools,
    home: &Path,
    start: &Start,
    result: &Path,
) -> Result<(), Failure> {
    let mut page = files::read(&home.join("index.html"))?;
    let parts = shop.scratch("pages");
    let targets = ["--bundle", "--minify", "--target=es2022,chrome111,firefox115,safari16"];
    for (source, name, ending) in [("dashboard.css", "style", "css"), ("start.js", "first", "js")] {
        let made = parts.join(format!("{name}.{ending}"));
        esbuild(shop, tools, &home.join(source), &made, &targets)?;
        let address = named(&made, name, ending, result)?;
        page = filled(&page, source, &pinned(&address, result)?)?;
    }
    let sign = named(&home.join("mark.svg"), "mark", "svg", result)?;
    page = filled(&page, "mark.svg", &format!("{PUBLIC}{sign}\""))?;
    page = filled(&page, "dashboard.js", &pinned(&start.glue, result)?)?;
    // Browsers check no hash of a program that is preloaded, and complain of one that is given.
    page =
        filled(&page, "dashboard.wasm", &format!("{PUBLIC}{}\" crossorigin=\"anonymous\"", start.program))?;
    files::write(&result.join("index.html"), page)
}

/// Puts an address, with what follows it in the tag, where the document says a file's plain name.
fn filled(page: &str, plain: &str, address: &str) -> Result<String, Failure> {
    let place = format!("=\"{plain}\"");
    match page.matches(&place).count() {
        1 => Ok(page.replace(&place, &format!("=\"{address}"))),
        count => Err(Failure::new(format!("dashboard/index.html names {plain} {count} times, and not once"))),
    }
}

/// An address, closed, and the hash that the browser checks.
fn pinned(name: &str, result: &Path) -> Result<String, Failure> {
    let integrity = files::integrity(&files::bytes(&result.join(name))?);
    Ok(format!("{PUBLIC}{name}\" crossorigin=\"anonymous\" integrity=\"{integrity}\""))
}

/// Makes a program smaller; hands back its name in the result.
fn smaller(
    shop: &Workshop,
    tools: &Tools,
    from: &Path,
    stem: &str,
    result: &Path,
) -> Result<String, Failure> {
    let to = shop.scratch("pages").join(format!("{stem}.wasm"));
    let mut optimiser = tools.program("wasm-opt");
    optimiser.args(WASM_OPT).arg(from).arg("-o").arg(&to);
    let failed = format!("wasm-opt could not make {} smaller", from.display());
    Run::new(&format!("wasm-opt-{stem}"), &failed, "").go(shop, &mut optimiser)?;
    named(&to, stem, "wasm", result)
}

/// Copies a file into the result under a name that says what is in it; hands back the name.
fn named(file: &Path, stem: &str, ending: &str, result: &Path) -> Result<String, Failure> {
    let name = format!("{stem}-{}.{ending}", files::short_hash(&files::bytes(file)?, 16));
    files::copy(file, &result.join(&name))?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::{filled, part_name};

    #[test]
    fn a_file_is_named_by_the_parts_that_share_it() {
        let link = "/* desk, start */\nconst __chunk_4 = makeLoad(() => fetch(\"./chunk_4.wasm\"));\n/* chat, start */\nfetch(\"./chunk_5.wasm\")";
        assert_eq!(part_name(link, "chunk_4.wasm").expect("a name"), "desk.start");
        assert_eq!(part_name(link, "chunk_5.wasm").expect("a name"), "chat.start");
        assert_eq!(part_name(link, "split_desk.wasm").expect("a name"), "desk");
        assert!(part_name(link, "chunk_6.wasm").is_err());
    }

    #[test]
    fn a_place_that_the_document_lacks_or_has_twice_is_refused() {
        let page = r#"<script src="start.js"></script>"#;
        let done = filled(page, "start.js", "/app/start-1.js\"").expect("a place");
        assert_eq!(done, r#"<script src="/app/start-1.js"></script>"#);
        assert!(filled(page, "style.css", "/app/style-1.css\"").is_err());
        assert!(filled(&page.repeat(2), "start.js", "/app/start-1.js\"").is_err());
    }
}
