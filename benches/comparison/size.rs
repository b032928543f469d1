//! How large it is.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use super::run::digits;
use super::run::number;
use super::setup::{Setup, run};

pub fn measure(setup: &Setup) -> String {
    let bytes = fs::metadata(&setup.product).unwrap().len();
    let package = "--package=aws-iam-identitycenter";
    let flags =
        ["tree", "--locked", package, "--edges=normal", "--no-default-features", "--prefix=none", "--format={p}"];
    let tree = run(Command::new(env!("CARGO")).args(flags));
    // A crate that was shown before has a mark.
    let crates: BTreeSet<_> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    format!(
        "\
### Size

The production executable, which has no sandbox and is linked statically: {} MiB. Crates in its tree, itself included: {}
(`cargo tree --package aws-iam-identitycenter --edges normal --no-default-features`).
",
        digits(number(bytes) / 1_048_576.0),
        crates.len(),
    )
}
