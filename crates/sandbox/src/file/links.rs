//! Symbolic links to the file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::error::SandboxError;

/// The number of links beyond which they lead in a circle. The kernel has the same limit.
const MAX_LINKS: usize = 40;

/// Returns the file that a path leads to. Replacing the file then replaces the target of a link and not the link, and all
/// names of one file share one lock.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, SandboxError> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        // Unlike `canonicalize`, this allows a target that does not exist yet.
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(SandboxError::SymlinkLoop { path })
}
