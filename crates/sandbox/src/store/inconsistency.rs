//! Contradictions within a file.

use crate::records::Duplicate;

/// A contradiction between two parts of a file.
#[derive(Debug)]
pub(crate) struct Inconsistency {
    /// A text in the line to blame.
    pub(crate) text: String,
    /// Whether the second line with that text is to blame, not the first.
    pub(crate) second: bool,
    /// The reason, for a person.
    pub(crate) reason: String,
}

impl Inconsistency {
    /// Blames the record whose `member` is `value`.
    pub(super) fn at(member: &str, value: &str, reason: String) -> Self {
        Self { text: format!("\"{member}\": {}", serde_json::Value::from(value)), second: false, reason }
    }

    /// Blames a line of changes that gives an object a value of another object.
    pub(super) fn from_duplicate(duplicate: Duplicate) -> Self {
        let reason = format!("it gives an object the {duplicate} of another one");
        Self { text: String::new(), second: false, reason }
    }

    /// Blames the second record whose `member` is `value`.
    pub(super) fn at_second(member: &str, value: &str, reason: String) -> Self {
        Self { second: true, ..Self::at(member, value, reason) }
    }
}
