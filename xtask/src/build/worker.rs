//! Builds the Worker into `edge/build`.

use crate::command::Run;
use crate::failure::Failure;
use crate::stamp::Stamp;
use crate::tools::Tools;
use crate::workshop::Workshop;

/// Builds the Worker if anything changed.
pub fn build(shop: &Workshop, tools: &Tools, rust: &str) -> Result<(), Failure> {
    let edge = shop.path("edge");
    shop.board.step("worker: compile", || {
        let mut cargo = tools.wasm_program("cargo");
        cargo.current_dir(&edge).args(["build", "--lib", "--release", "--target", "wasm32-unknown-unknown"]);
        // worker-build sets it too; without it the same crates would be compiled a second time.
        cargo.env("WASM_BINDGEN_USE_JS_SYS", "1");
        Run::new("worker-compile", "the Worker could not be compiled", "").go(shop, &mut cargo)
    })?;
    let program = shop.cargo_target().join("wasm32-unknown-unknown/release/edge.wasm");
    let inputs = [program, edge.join("Cargo.toml"), shop.path("package-lock.json")];
    let stamp = Stamp::of(shop, "worker", &inputs, rust)?;
    if stamp.is_fresh(&edge.join("build/index.js")) {
        return Ok(());
    }
    shop.board.step("worker: bundle", || {
        let mut builder = tools.wasm_program("worker-build");
        builder
            .current_dir(&edge)
            .arg("--release")
            // Named, or it would look for them in places of its own on the network.
            .env("WASM_BINDGEN_BIN", tools.wasm_bindgen(shop)?)
            .env("WASM_OPT_BIN", shop.path("node_modules/.bin/wasm-opt"))
            .env("ESBUILD_BIN", shop.path("node_modules/.bin/esbuild"));
        Run::new("worker", "worker-build could not bundle the Worker", "").go(shop, &mut builder)
    })?;
    stamp.keep()
}
