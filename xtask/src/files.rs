//! Reading, writing, copying and hashing of files and whole folders.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use sha2::{Digest, Sha256, Sha384};

use crate::failure::{Explain, Failure};

/// Reads a text file.
pub fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).explain(path.display())
}

/// Reads the bytes of a file.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).explain(path.display())
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).explain(folder.display())?;
    }
    fs::write(path, content).explain(path.display())
}

/// Copies a file and makes the folders above the copy.
pub fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    write(to, bytes(from)?)
}

/// Removes a file, or a folder with all that is in it; one that does not exist is fine.
pub fn remove(folder: &Path) -> Result<(), Failure> {
    if folder.is_file() {
        return fs::remove_file(folder).explain(folder.display());
    }
    if folder.exists() { fs::remove_dir_all(folder).explain(folder.display()) } else { Ok(()) }
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    for file in list(from)? {
        let inside = file.strip_prefix(from).explain(file.display())?;
        copy(&file, &to.join(inside))?;
    }
    Ok(())
}

/// All files below a path, sorted; hidden ones and what builds leave behind are passed over.
pub fn list(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    if path.is_file() {
        found.push(path.to_path_buf());
    } else if path.is_dir() {
        for entry in fs::read_dir(path).explain(path.display())? {
            let inner = entry.explain(path.display())?.path();
            let name = inner.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if !name.starts_with('.') && !["target", "node_modules", "build"].contains(&name.as_str()) {
                found.extend(list(&inner)?);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files directly in a folder with this ending, sorted; none if the folder does not exist.
pub fn with_ending(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).explain(folder.display())? {
        let path = entry.explain(folder.display())?.path();
        if path.is_file() && path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The last part of a path.
pub fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The first `digits` hexadecimal digits of the SHA-256.
pub fn short_hash(content: &[u8], digits: usize) -> String {
    let hex: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(digits).collect()
}

/// The value of an `integrity` attribute.
pub fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", base64::engine::general_purpose::STANDARD.encode(Sha384::digest(content)))
}

/// What a content security policy says of inline text: `'sha256-…'`.
pub fn policy_hash(content: &[u8]) -> String {
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::{integrity, short_hash};

    #[test]
    fn hashes_are_those_that_browsers_compute() {
        assert_eq!(short_hash(b"abc", 16), "ba7816bf8f01cfea");
        assert_eq!(
            integrity(b"alert('Hello, world.');"),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
    }
}
