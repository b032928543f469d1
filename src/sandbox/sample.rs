//! The directory that a new sandbox starts with.

/// Its text, in the form of the file, checked in for people to read.
pub(super) const TEXT: &str = include_str!("../../test_data/sandbox/sample.json");
