//! Where the sandbox's file is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::error::SandboxError;

/// More links than this lead in a circle; it is the kernel's own limit.
const MAX_LINKS: usize = 40;

/// The file that a path leads to. A symbolic link is followed, so that replacing the file replaces the link's target and
/// not the link, and so that all names of one file share one lock.
pub(super) fn follow(path: &Path) -> Result<PathBuf, SandboxError> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        // The target need not exist yet: that is why this is not `canonicalize`.
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(SandboxError::Circle { path })
}
