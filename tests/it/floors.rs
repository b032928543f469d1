//! The floors: a floor imports lower ones only, one floor knows AWS's SDK, and one file chooses the sandbox.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::imports;
use crate::process::root;

/// The floors, the highest first. A file may import from its own floor and from lower ones.
const FLOORS: [&str; 5] = ["edges", "dispatch", "commands", "directory", "values"];
/// The prefixes of the SDK's crates.
const SDK: [&str; 4] = ["aws_config", "aws_credential", "aws_sdk", "aws_smithy"];
/// The crate of the sandbox. It cannot import from the floors, because this package depends on it.
const SANDBOX: &str = "identity_center_sandbox";
/// The only file that may name it.
const SANDBOX_CHOICE: &str = "edges/sandbox/with.rs";

/// A source file, and the paths that it names.
struct Source {
    /// Its path in the folder of sources.
    file: PathBuf,
    paths: BTreeSet<String>,
}

impl Source {
    /// Returns the modules of its crate that it names, without their own modules.
    fn modules(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().filter_map(|path| path.strip_prefix("crate::")?.split("::").next())
    }

    /// Returns the first names of its paths, those of other crates among them.
    fn first_names(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().filter_map(|path| path.split("::").next())
    }
}

#[test]
fn floor_imports_lower_floors_only() {
    for (height, floor) in FLOORS.iter().enumerate() {
        for source in sources("src", floor) {
            let higher = source.modules().find(|name| FLOORS[..height].contains(name));
            assert_eq!(higher, None, "imported by {}", source.file.display());
        }
    }
}

#[test]
fn aws_sdk_outside_of_directory_is_not_named() {
    for floor in FLOORS.into_iter().filter(|floor| *floor != "directory") {
        for source in sources("src", floor) {
            let sdk = source.first_names().find(|name| SDK.iter().any(|start| name.starts_with(start)));
            assert_eq!(sdk, None, "named by {}", source.file.display());
        }
    }
}

#[test]
fn sandbox_crate_is_named_in_one_place() {
    for source in sources("src", "") {
        let is_the_place = source.file == Path::new(SANDBOX_CHOICE);
        assert_eq!(source.first_names().any(|name| name == SANDBOX), is_the_place, "{}", source.file.display());
    }
}

/// The map of modules in the crate's doc comment is their order.
#[test]
fn sandbox_module_imports_modules_below_it_only() {
    let map = fs::read_to_string(root().join("crates/sandbox/src/lib.rs")).unwrap();
    let rows = map.lines().filter_map(|line| line.strip_prefix("//! | `")?.split(" |").next());
    let rows: Vec<Vec<_>> = rows.map(|row| row.split('`').filter(|name| !name.contains(", ")).collect()).collect();
    let height = |module: &str| rows.iter().position(|row| row.contains(&module));
    for source in sources("crates/sandbox/src", "") {
        let names: Vec<_> = source.file.iter().map(|name| name.to_str().unwrap().trim_end_matches(".rs")).collect();
        // Tests use the module from outside.
        if ["lib", "testing"].contains(&names[0]) || names.contains(&"tests") {
            continue;
        }
        let module = names[0];
        let own = height(module).unwrap_or_else(|| panic!("lib.rs has no row for {module}"));
        let imports = source.modules().filter(|name| *name != module).filter_map(|name| Some((name, height(name)?)));
        let wrong: Vec<_> = imports.filter(|(_, height)| *height <= own).collect();
        assert_eq!(wrong, [], "imported by {}", source.file.display());
    }
}

/// A longer file usually holds two concepts.
#[test]
fn file_of_the_sources_has_at_most_400_lines() {
    for folder in ["src", "crates/sandbox/src"] {
        for (path, text) in files(&root().join(folder)) {
            assert!(text.lines().count() <= 400, "{} has {} lines", path.display(), text.lines().count());
        }
    }
}

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

/// Returns the sources in a folder of the sources of a crate.
fn sources(src: &str, folder: &str) -> Vec<Source> {
    let src = root().join(src);
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
