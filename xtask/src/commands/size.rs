//! `cargo xtask size`: what a visitor and a business download, compressed as the edge compresses it, against its bounds.

use std::path::{Path, PathBuf};

use crate::build::{self, Audience};
use crate::command::Run;
use crate::failure::{Explain, Failure};
use crate::files;
use crate::tools::{Need, Tools};
use crate::workshop::Workshop;

// A KB is 1,024 bytes here, in every one of them.
const LOADER_BYTES: usize = 2_048;
const FRAME_BYTES: usize = 88 * 1_024;
const LATER_BYTES: usize = 12 * 1_024;
const DASHBOARD_BYTES: usize = 350 * 1_024;

/// Prints brotli's size of each file named on the command line, a line each.
const MEASURE: &str = "const z=require('node:zlib'),f=require('node:fs');\
    for(const p of process.argv.slice(1)){const b=f.readFileSync(p);\
    console.log(z.brotliCompressSync(b,{params:{[z.constants.BROTLI_PARAM_QUALITY]:11,\
    [z.constants.BROTLI_PARAM_LGWIN]:22,[z.constants.BROTLI_PARAM_SIZE_HINT]:b.length}}).length)}";

/// Builds, measures, and fails above a bound.
pub fn size(shop: &Workshop) -> Result<(), Failure> {
    let tools = Tools::ready(shop, Need::Build)?;
    let folder = shop.path("dist");
    build::everything(shop, &tools, &folder, Audience::Developers)?;
    gate(shop, &tools, &folder)
}

/// Measures a built folder. The frame is its document and all that lies in `assets`, with one language, but for what is
/// loaded when a visitor first wants it; a page of the dashboard is all that lies in `app`, likewise, but for the parts of
/// the program that other pages need.
pub fn gate(shop: &Workshop, tools: &Tools, folder: &Path) -> Result<(), Failure> {
    let mut frame = vec![folder.join("frame/index.html")];
    let (later, now): (Vec<_>, Vec<_>) =
        with_one_language(&folder.join("assets"))?.into_iter().partition(|file| is_named(file, build::LATER));
    frame.extend(now);
    let dashboard = measured(shop, tools, with_one_language(&folder.join("app"))?)?;
    let loader = measured(shop, tools, vec![folder.join("embed.js")])?;
    let frame = measured(shop, tools, frame)?;
    let later = measured(shop, tools, later)?;
    let mut table = String::from("\nbytes, brotli 11 (raw)\n");
    for (path, small, raw) in loader.iter().chain(&frame).chain(&later).chain(&dashboard) {
        table.push_str(&format!(
            "  {small:>7}  {raw:>8}  {}\n",
            path.strip_prefix(folder).unwrap_or(path).display()
        ));
    }
    let mut verdicts = vec![
        Verdict::new("loader", &loader, LOADER_BYTES),
        Verdict::new("frame with one language", &frame, FRAME_BYTES),
        Verdict::new("frame's forms, when first wanted", &later, LATER_BYTES),
    ];
    verdicts.extend(build::PARTS.map(|part| {
        let name = format!("dashboard, first load of a page of its {part}, with one language");
        Verdict::new(&name, dashboard.iter().filter(|(file, ..)| is_loaded(file, part)), DASHBOARD_BYTES)
    }));
    for verdict in &verdicts {
        table.push_str(&format!("  {:>7}  of {:>6}  {}\n", verdict.bytes, verdict.bound, verdict.name));
    }
    shop.board.say(&table);
    match verdicts.iter().find(|verdict| verdict.bytes > verdict.bound) {
        None => Ok(()),
        Some(large) => Err(Failure::new(format!(
            "the {} is too large: {} bytes, {} above its bound of {}",
            large.name,
            large.bytes,
            large.bytes.saturating_sub(large.bound),
            large.bound
        ))
        .advice(
            "Compare with the table of the last commit that passed: a new dependency is the usual cause.",
        )),
    }
}

fn with_one_language(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let is_other = |file: &PathBuf| {
        let is_language = file.parent().is_some_and(|parent| parent.ends_with("locales"));
        is_language && !files::name(file).starts_with("en.")
    };
    Ok(files::list(folder)?.into_iter().filter(|file| !is_other(file)).collect())
}

fn is_named(file: &Path, name: &str) -> bool {
    files::name(file).starts_with(&format!("{name}-"))
}

/// True for what every page needs, and for the parts that pages of `part` need.
fn is_loaded(file: &Path, part: &str) -> bool {
    let name = files::name(file);
    let sharers: Vec<&str> = name.rsplit_once('-').map_or("", |(stem, _)| stem).split('.').collect();
    let is_part = |name: &&str| build::PARTS.contains(name) || build::ASKED_FOR.contains(name);
    sharers.contains(&part) || !sharers.iter().any(is_part)
}

struct Verdict {
    name: String,
    bytes: usize,
    bound: usize,
}

impl Verdict {
    fn new<'a>(name: &str, files: impl IntoIterator<Item = &'a Measured>, bound: usize) -> Self {
        Self { name: name.to_owned(), bytes: files.into_iter().map(|(_, small, _)| small).sum(), bound }
    }
}

type Measured = (PathBuf, usize, usize);

fn measured(shop: &Workshop, tools: &Tools, paths: Vec<PathBuf>) -> Result<Vec<Measured>, Failure> {
    let mut node = tools.program("node");
    node.args(["--eval", MEASURE, "--"]).args(&paths);
    let output = Run::new("size", "the sizes could not be measured", "").go(shop, &mut node)?;
    let sizes: Vec<&str> = output.lines().collect();
    if sizes.len() != paths.len() {
        return Err(Failure::new("the sizes could not be measured").tail(&output, 10));
    }
    paths
        .into_iter()
        .zip(sizes)
        .map(|(path, small)| {
            let raw = files::bytes(&path)?.len();
            Ok((path, small.parse().explain("a size is no number")?, raw))
        })
        .collect()
}
