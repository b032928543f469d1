//! Where the sandbox's file is when `--sandbox` names none.

use std::env;
use std::path::PathBuf;

use crate::values::error::Error;

/// Returns the named file, or the user's own.
pub(super) fn file(named: Option<PathBuf>) -> Result<PathBuf, Error> {
    let variable = |name| env::var_os(name).map(PathBuf::from);
    named.or_else(|| default_file(variable("XDG_STATE_HOME"), variable("HOME"))).ok_or_else(|| {
        Error::Setup(
            "cannot find a place for the sandbox file: neither XDG_STATE_HOME nor HOME is set; name a file with \
             --sandbox=FILE"
                .to_owned(),
        )
    })
}

/// Returns a file in the state directory of the XDG base directory specification, which says to ignore a relative path.
fn default_file(state_home: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let state_home = state_home.filter(|path| path.is_absolute());
    let home = home.filter(|path| !path.as_os_str().is_empty());
    let directory = state_home.or_else(|| Some(home?.join(".local/state")))?;
    Some(directory.join("aws-iam-identitycenter/sandbox.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_file_by_environment_is_in_the_state_directory() {
        let path = |text: &str| Some(PathBuf::from(text));
        for (state_home, home, expected) in [
            (path("/state"), path("/home/a"), path("/state/aws-iam-identitycenter/sandbox.json")),
            (path("relative"), path("/home/a"), path("/home/a/.local/state/aws-iam-identitycenter/sandbox.json")),
            (path(""), path(""), None),
            (None, None, None),
        ] {
            assert_eq!(default_file(state_home, home), expected);
        }
    }
}
