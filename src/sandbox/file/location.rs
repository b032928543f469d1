//! Where the sandbox's file is.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::sandbox::error::SandboxError;

/// More links than this lead in a circle; it is the kernel's own limit.
const MAX_LINKS: usize = 40;

/// The file that was named, or the user's own. A symbolic link is followed, so that replacing
/// the file replaces the link's target and not the link, and so that all names of one file share
/// one lock.
pub(super) fn locate(named: Option<PathBuf>) -> Result<PathBuf, SandboxError> {
    let variable = |name| env::var_os(name).map(PathBuf::from);
    let path = match named {
        Some(path) => path,
        None => default_path(variable("XDG_STATE_HOME"), variable("HOME")).ok_or(SandboxError::NoHome)?,
    };
    follow(&path)
}

/// The state directory of the XDG base directory specification, which says to ignore a relative
/// path.
fn default_path(state_home: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let state_home = state_home.filter(|path| path.is_absolute());
    let home = home.filter(|path| !path.as_os_str().is_empty());
    let directory = state_home.or_else(|| Some(home?.join(".local/state")))?;
    Some(directory.join("aws-iam-identitycenter/sandbox.json"))
}

fn follow(path: &Path) -> Result<PathBuf, SandboxError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_paths() {
        let path = |text: &str| Some(PathBuf::from(text));
        for (state_home, home, expected) in [
            (path("/state"), path("/home/a"), path("/state/aws-iam-identitycenter/sandbox.json")),
            (path("relative"), path("/home/a"), path("/home/a/.local/state/aws-iam-identitycenter/sandbox.json")),
            (path(""), path(""), None),
            (None, None, None),
        ] {
            assert_eq!(default_path(state_home, home), expected);
        }
    }
}
