//! Builds the loader that stands on the host page, and checks those that were published before.

use crate::command::Run;
use crate::failure::Failure;
use crate::files;
use crate::tools::Tools;
use crate::workshop::Workshop;

/// A loader: its name by its content, and the content.
pub struct Loader {
    /// `embed.<hash>.js`.
    pub name: String,
    /// Minified JavaScript.
    pub script: Vec<u8>,
}

/// All loaders that are served.
pub struct Loaders {
    /// The one that `embed.js` is.
    pub current: Loader,
    /// Those that host pages may have pinned. They are served for ever.
    pub published: Vec<Loader>,
}

/// Minifies the loader and reads the published ones.
pub fn build(shop: &Workshop, tools: &Tools) -> Result<Loaders, Failure> {
    let minified = shop.scratch("embed.js");
    let mut esbuild = tools.program("esbuild");
    esbuild.arg(shop.path("widget/loader/embed.js"));
    // ASCII output survives host pages in any encoding.
    esbuild.args(["--minify", "--target=es2019", "--format=iife", "--log-level=warning"]);
    esbuild.arg(format!("--outfile={}", minified.display()));
    Run::new("loader", "esbuild could not minify the loader", "").go(shop, &mut esbuild)?;
    let current = named(files::bytes(&minified)?);
    let mut published = Vec::new();
    for file in files::with_ending(&shop.path("widget/loader/published"), ".js")? {
        let loader = named(files::bytes(&file)?);
        if loader.name != files::name(&file) {
            return Err(Failure::new(format!("{} was changed after it was published", file.display()))
                .advice(
                    "Host pages pin it by its hash. Restore it from git; a new loader gets a new name.",
                ));
        }
        published.push(loader);
    }
    Ok(Loaders { current, published })
}

fn named(script: Vec<u8>) -> Loader {
    Loader { name: format!("embed.{}.js", files::short_hash(&script, 16)), script }
}
