//! `manifest`: integration.yml, docs/commands.md and docs/permissions.md, generated from the types, so that nothing is written twice.

mod docs;
mod integration;
mod permissions;
mod schema;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::refusal::refuse;
use crate::commands::Route;
use crate::values::error::Error;
use crate::values::printable::printable;

/// Writes the files under `root`, or shows what is different there; gives the exit code.
pub(super) fn main(check: bool, root: &Path) -> io::Result<u8> {
    let mut different = false;
    for (name, text) in [
        ("integration.yml", integration::yml()?),
        ("docs/commands.md", docs::commands_md()),
        ("docs/permissions.md", permissions::permissions()),
    ] {
        let path = root.join(name);
        let there = match fs::read_to_string(&path) {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return refuse(&unusable(&path, &error)),
        };
        if there == text {
            continue;
        }
        different = true;
        if check {
            show_difference(name, &there, &text)?;
        } else {
            let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
            if let Err(error) = written {
                return refuse(&unusable(&path, &error));
            }
        }
    }
    Ok(u8::from(check && different))
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    Error::Setup(format!("The file {} cannot be used: {error}.", path.display()))
}

/// Shows the lines that are only in the one or only in the other, up to the first few.
fn show_difference(name: &str, there: &str, generated: &str) -> io::Result<()> {
    const SHOWN: usize = 20;
    let mut out = io::stdout().lock();
    writeln!(out, "{name} differs from what the types say (- there, + generated):")?;
    let (there, generated): (Vec<_>, Vec<_>) = (there.lines().collect(), generated.lines().collect());
    let same = there.iter().zip(&generated).take_while(|(a, b)| a == b).count();
    let same_end = there[same..].iter().rev().zip(generated[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let changed = |lines: &[&str]| {
        lines[same..lines.len() - same_end].iter().take(SHOWN).map(|line| printable(line).into()).collect()
    };
    let (gone, new): (Vec<String>, Vec<String>) = (changed(&there), changed(&generated));
    writeln!(out, "@@ line {}", same + 1)?;
    gone.iter().try_for_each(|line| writeln!(out, "-{line}"))?;
    new.iter().try_for_each(|line| writeln!(out, "+{line}"))
}

/// The names of all arguments of a command.
#[cfg(any(test, fuzzing))]
pub(crate) fn argument_names(route: &Route) -> Vec<String> {
    schema::arguments(route).into_iter().map(|argument| argument.name).collect()
}

/// The argument that a value without a key is meant for.
pub(super) fn default_argument(route: &Route) -> Option<String> {
    schema::arguments(route).into_iter().find(|argument| argument.default).map(|argument| argument.name)
}
