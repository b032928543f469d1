//! The house: a floor imports lower ones only, AWS's SDK is known on one floor, the sandbox is chosen in one place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::imports;
use crate::process::root;

/// The floors, the highest first. A file may name what is on its own floor and below.
const FLOORS: [&str; 5] = ["edges", "dispatch", "commands", "directory", "values"];
/// How the names of the SDK's crates begin.
const SDK: [&str; 4] = ["aws_config", "aws_credential", "aws_sdk", "aws_smithy"];
/// The sandbox, which is a crate: the compiler keeps it from naming anything of the floors.
const SANDBOX: &str = "identity_center_sandbox";
/// The one file that names it.
const SANDBOX_CHOICE: &str = "edges/sandbox/with.rs";

/// A source file, and the paths that it names.
struct Source {
    /// Its path in `src`.
    file: PathBuf,
    paths: BTreeSet<String>,
}

impl Source {
    /// Returns the first names of the paths into this crate.
    fn floors(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().filter_map(|path| path.strip_prefix("crate::")?.split("::").next())
    }

    /// Returns the other crates, and everything else that a path may begin with.
    fn crates(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().filter_map(|path| path.split("::").next())
    }
}

#[test]
fn floor_imports_lower_floors_only() {
    for (height, floor) in FLOORS.iter().enumerate() {
        for source in sources(floor) {
            let higher = source.floors().find(|name| FLOORS[..height].contains(name));
            assert_eq!(higher, None, "imported by {}", source.file.display());
        }
    }
}

#[test]
fn aws_sdk_outside_of_directory_is_not_named() {
    for floor in FLOORS.into_iter().filter(|floor| *floor != "directory") {
        for source in sources(floor) {
            let sdk = source.crates().find(|name| SDK.iter().any(|start| name.starts_with(start)));
            assert_eq!(sdk, None, "named by {}", source.file.display());
        }
    }
}

#[test]
fn sandbox_crate_is_named_in_one_place() {
    for source in sources("") {
        let is_the_place = source.file == Path::new(SANDBOX_CHOICE);
        assert_eq!(source.crates().any(|name| name == SANDBOX), is_the_place, "{}", source.file.display());
    }
}

/// Files fit in the head. What is longer is probably two concepts.
#[test]
fn file_of_the_sources_has_at_most_400_lines() {
    for folder in ["src", "crates/sandbox/src"] {
        for (path, text) in files(&root().join(folder)) {
            assert!(text.lines().count() <= 400, "{} has {} lines", path.display(), text.lines().count());
        }
    }
}

/// Context paths are spelt in one file.
#[test]
fn context_path_is_spelt_in_one_file() {
    for (path, text) in files(&root().join("src")) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let spells = code.into_iter().any(|line| line.contains("AWS.IAM"));
        assert!(
            !spells || path.ends_with("values/context.rs") || path.ends_with("values/params.rs"),
            "{}",
            path.display()
        );
    }
}

/// Returns the sources in a folder of `src`.
fn sources(folder: &str) -> Vec<Source> {
    let src = root().join("src");
    let source = |(path, text): (PathBuf, String)| {
        let file = path.strip_prefix(&src).unwrap().to_owned();
        let module = file.with_extension("");
        let names: Vec<_> = module.iter().map(|name| name.to_str().unwrap()).collect();
        let module = names.strip_suffix(&["mod"]).or_else(|| names.strip_suffix(&["lib"])).unwrap_or(&names);
        let paths = imports::paths(module, &text);
        Source { file, paths }
    };
    files(&src.join(folder)).into_iter().map(source).collect()
}

fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    assert!(!found.is_empty(), "{}", folder.display());
    found
}
