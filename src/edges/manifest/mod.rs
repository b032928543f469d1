//! `manifest`: integration.yml and docs/commands.md, generated from the types, so that nothing is written twice.

mod docs;
mod integration;
mod schema;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::commands::Route;

/// Writes the files under `root`, or shows what is different there; gives the exit code.
pub(super) fn main(check: bool, root: &Path) -> io::Result<u8> {
    let mut different = false;
    for (name, text) in [("integration.yml", integration::yml()?), ("docs/commands.md", docs::commands_md())] {
        let path = root.join(name);
        let there = match fs::read_to_string(&path) {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        if there == text {
            continue;
        }
        different = true;
        if check {
            show_difference(name, &there, &text)?;
        } else {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, text)?;
        }
    }
    Ok(u8::from(check && different))
}

/// Shows the lines that are only in the one or only in the other, up to the first few.
fn show_difference(name: &str, there: &str, generated: &str) -> io::Result<()> {
    const SHOWN: usize = 20;
    let mut out = io::stdout().lock();
    writeln!(out, "{name} differs from what the types say (- there, + generated):")?;
    let (there, generated): (Vec<_>, Vec<_>) = (there.lines().collect(), generated.lines().collect());
    let same = there.iter().zip(&generated).take_while(|(a, b)| a == b).count();
    let same_end = there[same..].iter().rev().zip(generated[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let changed =
        |lines: &[&str]| lines[same..lines.len() - same_end].iter().take(SHOWN).map(ToString::to_string).collect();
    let (gone, new): (Vec<String>, Vec<String>) = (changed(&there), changed(&generated));
    writeln!(out, "@@ line {}", same + 1)?;
    gone.iter().try_for_each(|line| writeln!(out, "-{line}"))?;
    new.iter().try_for_each(|line| writeln!(out, "+{line}"))
}

/// The argument that a value without a key is meant for.
pub(super) fn default_argument(route: &Route) -> Option<String> {
    schema::arguments(route).into_iter().find(|argument| argument.default).map(|argument| argument.name)
}
