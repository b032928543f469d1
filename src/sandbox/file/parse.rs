//! Reads a directory from text, and says which line is wrong when one is.

use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::{
    document::{Document, VERSION},
    store::{Directory, Inconsistency},
};

/// Why a text is no directory.
#[derive(Debug)]
pub(super) enum Fault {
    /// A line is wrong.
    Damaged { line: usize, reason: String },
    /// A later program wrote it.
    Newer { line: usize, version: u64 },
}

/// Reads a directory.
pub(super) fn directory(text: &str) -> Result<Directory, Fault> {
    // A later version may hold what this one does not know: that is no damage.
    let document: Document =
        serde_json::from_str(text).map_err(|error| newer(text).unwrap_or_else(|| damaged(&error)))?;
    match document.version {
        VERSION => Directory::load(document).map_err(|fault| contradiction(text, fault)),
        version if version > VERSION => Err(Fault::Newer { line: line_with(text, "\"version\"", false), version }),
        version => Err(Fault::Damaged {
            line: line_with(text, "\"version\"", false),
            reason: format!("there is no version {version} of this file"),
        }),
    }
}

fn newer(text: &str) -> Option<Fault> {
    #[derive(Deserialize)]
    struct Probe {
        version: Value,
    }
    let version = serde_json::from_str::<Probe>(text).ok()?.version.as_u64()?;
    (version > VERSION).then(|| Fault::Newer { line: line_with(text, "\"version\"", false), version })
}

fn damaged(error: &serde_json::Error) -> Fault {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let reason = error.to_string().replace(&place, "");
    Fault::Damaged { line: error.line().max(1), reason: format!("{reason} (column {})", error.column()) }
}

fn contradiction(text: &str, fault: Inconsistency) -> Fault {
    Fault::Damaged { line: line_with(text, &fault.text, fault.second), reason: fault.reason }
}

/// The number of the first or second line with that text; white space between tokens, which a
/// person may have written otherwise than we do, is ignored.
fn line_with(text: &str, wanted: &str, second: bool) -> usize {
    let bare = |text: &str| text.replace(char::is_whitespace, "");
    let wanted = bare(wanted);
    let lines = text.lines().enumerate().flat_map(|(index, line)| {
        let count = bare(line).matches(&wanted).count();
        std::iter::repeat_n(index + 1, count)
    });
    lines.take(if second { 2 } else { 1 }).last().unwrap_or(1)
}
