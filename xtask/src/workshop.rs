//! Where things lie: the repository, the folder of tools, the folder of logs.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use crate::progress::Board;

/// What every command needs: the folders and the board that shows progress.
pub struct Workshop {
    /// The repository.
    pub root: PathBuf,
    /// Tools that were installed for this project; git ignores it. `LOQUET_TOOLS` moves it.
    pub tools: PathBuf,
    /// Shows the steps.
    pub board: Board,
    /// Set when a step failed that everything else depends on: what still runs is ended.
    pub given_up: AtomicBool,
}

impl Workshop {
    /// Finds the folders. The repository is the one this crate was compiled in.
    pub fn open() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().unwrap_or(here).to_path_buf();
        let tools = std::env::var_os("LOQUET_TOOLS").map_or_else(|| root.join(".tools"), PathBuf::from);
        Self { root, tools, board: Board::open(), given_up: AtomicBool::new(false) }
    }

    /// A path inside the repository.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Stamps and logs of this crate.
    pub fn scratch(&self, inside: &str) -> PathBuf {
        self.root.join("target/xtask").join(inside)
    }

    /// Where cargo puts what it builds.
    pub fn cargo_target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from)
    }
}
