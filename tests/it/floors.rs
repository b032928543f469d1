//! The house: a floor imports lower ones only, AWS's SDK is known on one floor, the sandbox is chosen in one place.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::root;

/// The floors, the highest first. A file may name what is on its own floor and below.
const FLOORS: [&str; 5] = ["edges", "dispatch", "commands", "directory", "values"];

#[test]
fn a_floor_imports_lower_ones_only() {
    for (height, floor) in FLOORS.iter().enumerate() {
        for (path, text) in sources(&root().join("src").join(floor)) {
            for higher in &FLOORS[..height] {
                assert!(!text.contains(&format!("crate::{higher}")), "{} imports {higher}", path.display());
            }
        }
    }
}

#[test]
fn only_the_directory_and_the_sandbox_know_the_sdk() {
    for floor in FLOORS.into_iter().filter(|floor| *floor != "directory") {
        for (path, text) in sources(&root().join("src").join(floor)) {
            for name in ["aws_sdk", "aws_smithy", "aws_config", "aws_credential"] {
                assert!(!text.contains(name), "{} knows {name}", path.display());
            }
        }
    }
}

#[test]
fn the_sandbox_knows_no_floor_and_is_chosen_in_one_place() {
    for (path, text) in sources(&root().join("src/sandbox")) {
        for floor in FLOORS {
            assert!(!text.contains(&format!("crate::{floor}")), "{} imports {floor}", path.display());
        }
    }
    for floor in FLOORS {
        for (path, text) in sources(&root().join("src").join(floor)) {
            let is_the_place = path.ends_with("edges/sandbox/with.rs");
            assert_eq!(text.contains("crate::sandbox"), is_the_place, "{}", path.display());
        }
    }
}

/// DEVELOPERS: files fit in the head. What is longer is probably two concepts.
#[test]
fn no_file_is_longer_than_400_lines() {
    for (path, text) in sources(&root().join("src")) {
        assert!(text.lines().count() <= 400, "{} has {} lines", path.display(), text.lines().count());
    }
}

/// Context paths are spelt in one file.
#[test]
fn no_other_file_spells_a_context_path() {
    for (path, text) in sources(&root().join("src")) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let spells = code.into_iter().any(|line| line.contains("AWS.IAM"));
        assert!(
            !spells || path.ends_with("values/context.rs") || path.ends_with("values/params.rs"),
            "{}",
            path.display()
        );
    }
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    assert!(!found.is_empty(), "{}", folder.display());
    found
}
