//! Writes a directory as text: one object a line, so that `git diff` and a person see what changed.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::sandbox::{document::VERSION, store::Directory};

/// The file's text.
pub(super) fn text(directory: &Directory) -> String {
    let mut text = format!("{{\n\"version\": {VERSION},\n\"identityStore\": ");
    text.push_str(&line(&directory.identity_store));
    array(&mut text, "users", directory.users.table.lines());
    array(&mut text, "groups", directory.groups.table.lines());
    array(&mut text, "memberships", directory.memberships.table.lines());
    let sets = directory.permission_sets.iter().map(line);
    array(&mut text, "permissionSets", sets);
    array(&mut text, "accounts", directory.accounts.iter().map(line));
    let assignments = directory.assignments.iter().map(line);
    array(&mut text, "assignments", assignments);
    text.push_str("\n}\n");
    text
}

fn array<S: AsRef<str>>(text: &mut String, name: &str, lines: impl Iterator<Item = S>) {
    text.push_str(",\n\"");
    text.push_str(name);
    text.push_str("\": [");
    let mut separator = "\n  ";
    for line in lines {
        text.push_str(separator);
        text.push_str(line.as_ref());
        separator = ",\n  ";
    }
    text.push_str(if separator.starts_with(',') { "\n]" } else { "]" });
}

/// One record as one line.
pub(in crate::sandbox) fn line<T: Serialize>(record: &T) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Spaced);
    // Neither our types nor memory can fail here; an empty line would be refused on reading.
    match record.serialize(&mut serializer) {
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

/// JSON on one line with a space after each comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
