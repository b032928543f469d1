//! Reads a directory from text, and says which line is wrong when one is.
//!
//! The text is a document and, in a large file, lines with the changes since the document was written. A last line
//! that is not whole is the work of a writer that died before it answered: it does not count.

use serde::Deserialize;
use serde_json::Value;

use super::stamp::Extent;
use crate::{
    document::{Change, Document, Object, VERSION},
    settings::Settings,
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

/// Reads a directory; says how far the text was understood.
pub(super) fn directory(text: &str) -> Result<(Directory, Extent), Fault> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Object<Document<Settings>>>();
    let document = values.next().unwrap_or_else(|| serde_json::from_str(text));
    // A later version may hold what this one does not know: that is no damage.
    let Object(document) = document.map_err(|error| newer(text).unwrap_or_else(|| damaged(&error, 0)))?;
    let version = document.version;
    let versioned = || line_with(text, "\"version\"", false);
    if version > VERSION {
        return Err(Fault::Newer { line: versioned(), version });
    }
    if version == 0 {
        return Err(Fault::Damaged { line: versioned(), reason: "there is no version 0 of this file".to_owned() });
    }
    let end = values.byte_offset();
    let end = end + text[end..].len() - text[end..].trim_start().len();
    let mut directory = Directory::load(document).map_err(|fault| contradiction(text, fault))?;
    let length =
        replay(&mut directory, &text[end..]).map_err(|fault| fault.after(text[..end].matches('\n').count()))?;
    // An older program would take the lines of changes for damage: its document is written anew first.
    let document = if version == VERSION { bytes(end) } else { 0 };
    Ok((directory, Extent { document, whole: bytes(end + length) }))
}

/// Makes the changes again that stand in these lines; gives the length of the whole ones.
pub(super) fn replay(directory: &mut Directory, text: &str) -> Result<usize, Fault> {
    let mut length = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if !line.trim().is_empty() {
            let Object(change): Object<Change> = match serde_json::from_str(line) {
                Ok(change) => change,
                Err(_) if !line.ends_with('\n') => break,
                Err(error) => return Err(damaged(&error, index)),
            };
            directory.replay(change).map_err(|fault| Fault::Damaged { line: index + 1, reason: fault.reason })?;
        }
        length += line.len();
    }
    Ok(length)
}

impl Fault {
    fn after(self, lines: usize) -> Self {
        match self {
            Self::Damaged { line, reason } => Self::Damaged { line: line + lines, reason },
            Self::Newer { line, version } => Self::Newer { line: line + lines, version },
        }
    }
}

fn newer(text: &str) -> Option<Fault> {
    #[derive(Deserialize)]
    struct Probe {
        version: Value,
    }
    let first = serde_json::Deserializer::from_str(text).into_iter::<Probe>().next()?;
    let version = first.ok()?.version.as_u64()?;
    (version > VERSION).then(|| Fault::Newer { line: line_with(text, "\"version\"", false), version })
}

fn damaged(error: &serde_json::Error, before: usize) -> Fault {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let reason = error.to_string().replace(&place, "");
    Fault::Damaged { line: before + error.line().max(1), reason: format!("{reason} (column {})", error.column()) }
}

fn contradiction(text: &str, fault: Inconsistency) -> Fault {
    Fault::Damaged { line: line_with(text, &fault.text, fault.second), reason: fault.reason }
}

fn bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
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
