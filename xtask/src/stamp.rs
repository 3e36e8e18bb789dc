//! Skips a step whose inputs are the ones of its last success, so that a second start takes seconds.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::files;
use crate::workshop::Workshop;

/// The memory of one step.
pub struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// Takes the hash over the inputs (files, or folders with all that is in them) and `settings`.
    pub fn of(shop: &Workshop, step: &str, inputs: &[PathBuf], settings: &str) -> Result<Self, Failure> {
        let mut all = settings.as_bytes().to_vec();
        for input in inputs {
            for file in files::list(input)? {
                all.extend_from_slice(file.to_string_lossy().as_bytes());
                all.extend_from_slice(files::short_hash(&files::bytes(&file)?, 64).as_bytes());
            }
        }
        Ok(Self { file: shop.scratch("stamps").join(step), hash: files::short_hash(&all, 64) })
    }

    /// True when the step succeeded with these very inputs and its output still exists.
    pub fn is_fresh(&self, output: &Path) -> bool {
        output.exists() && std::fs::read_to_string(&self.file).is_ok_and(|known| known == self.hash)
    }

    /// Remembers a success.
    pub fn keep(&self) -> Result<(), Failure> {
        files::write(&self.file, &self.hash)
    }
}
