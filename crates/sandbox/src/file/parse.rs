//! Reads a directory from text. An error names the line.
//!
//! The text is a document and, in a large file, lines with the changes since the document was written. An incomplete last line
//! was left by a writer that was killed before it responded, and is ignored.

use serde::Deserialize;
use serde_json::Value;

use super::stamp::Extent;
use crate::{
    records::{DirectoryChange, Document, Object, VERSION},
    settings::Settings,
    store::{Directory, Inconsistency},
};

/// Why a text is no directory.
#[derive(Debug)]
pub(super) enum ParseError {
    /// A line is wrong.
    Damaged { line: usize, reason: String },
    /// A newer program wrote it.
    NewerVersion { line: usize, version: u64 },
}

/// Reads a directory. Also returns how much of the text was parsed.
pub(super) fn directory(text: &str) -> Result<(Directory, Extent), ParseError> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Object<Document<Settings>>>();
    let document = values.next().unwrap_or_else(|| serde_json::from_str(text));
    // A newer version may have members that this one does not know. Then the file is not damaged.
    let Object(document) = document.map_err(|error| newer(text).unwrap_or_else(|| damaged(&error, 0)))?;
    let version = document.version;
    let versioned = || line_with(text, "\"version\"", false);
    if version > VERSION {
        return Err(ParseError::NewerVersion { line: versioned(), version });
    }
    if version == 0 {
        return Err(ParseError::Damaged { line: versioned(), reason: "there is no version 0 of this file".to_owned() });
    }
    let end = values.byte_offset();
    let end = end + text[end..].len() - text[end..].trim_start().len();
    let mut directory = Directory::load(document).map_err(|found| contradiction(text, &found))?;
    let length =
        replay(&mut directory, &text[end..]).map_err(|error| error.after(text[..end].matches('\n').count()))?;
    // An older program does not understand lines of changes, so the next change writes the document in the new version.
    let document = if version == VERSION { bytes(end) } else { 0 };
    Ok((directory, Extent { document, whole: bytes(end + length) }))
}

/// Makes the changes of these lines. Returns the length of the complete ones.
pub(super) fn replay(directory: &mut Directory, text: &str) -> Result<usize, ParseError> {
    let mut length = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if !line.trim().is_empty() {
            let Object(change): Object<DirectoryChange> = match serde_json::from_str(line) {
                Ok(change) => change,
                Err(_) if !line.ends_with('\n') => break,
                Err(error) => return Err(damaged(&error, index)),
            };
            directory.replay(change).map_err(|found| ParseError::Damaged { line: index + 1, reason: found.reason })?;
        }
        length += line.len();
    }
    Ok(length)
}

impl ParseError {
    /// Returns the error for a text that begins after some lines.
    fn after(self, lines: usize) -> Self {
        match self {
            Self::Damaged { line, reason } => Self::Damaged { line: line + lines, reason },
            Self::NewerVersion { line, version } => Self::NewerVersion { line: line + lines, version },
        }
    }
}

fn newer(text: &str) -> Option<ParseError> {
    #[derive(Deserialize)]
    struct Probe {
        version: Value,
    }
    let first = serde_json::Deserializer::from_str(text).into_iter::<Probe>().next()?;
    let version = first.ok()?.version.as_u64()?;
    (version > VERSION).then(|| ParseError::NewerVersion { line: line_with(text, "\"version\"", false), version })
}

fn damaged(error: &serde_json::Error, before: usize) -> ParseError {
    let position = format!(" at line {} column {}", error.line(), error.column());
    let reason = error.to_string().replace(&position, "");
    ParseError::Damaged { line: before + error.line().max(1), reason: format!("{reason} (column {})", error.column()) }
}

fn contradiction(text: &str, found: &Inconsistency) -> ParseError {
    ParseError::Damaged { line: line_with(text, &found.text, found.second), reason: found.reason.clone() }
}

fn bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Returns the number of the first or second line with that text. It ignores white space, because an editor may format the
/// file in another way.
fn line_with(text: &str, wanted: &str, second: bool) -> usize {
    let bare = |text: &str| text.replace(char::is_whitespace, "");
    let wanted = bare(wanted);
    let lines = text.lines().enumerate().flat_map(|(index, line)| {
        let count = bare(line).matches(&wanted).count();
        std::iter::repeat_n(index + 1, count)
    });
    lines.take(if second { 2 } else { 1 }).last().unwrap_or(1)
}
