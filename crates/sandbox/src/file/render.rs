//! Writes a directory as text: one record a line, so that `git diff` and people see what changed.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::{
    records::VERSION,
    store::{Directory, Record, Table},
};

/// Returns the text of a file.
pub(super) fn text(directory: &Directory) -> String {
    let mut text = format!("{{\n\"version\": {VERSION},\n\"identityStore\": ");
    text.push_str(&line(&directory.identity_store));
    text.push_str(",\n\"scenario\": ");
    text.push_str(&line(&*directory.scenario));
    table(&mut text, &directory.users.table);
    table(&mut text, &directory.groups.table);
    table(&mut text, &directory.memberships.table);
    table(&mut text, &directory.permission_sets);
    array(&mut text, "accounts", directory.accounts.iter());
    table(&mut text, &directory.assignments.table);
    table(&mut text, &directory.requests.table);
    text.push_str("\n}\n");
    text
}

fn table<R: Record>(text: &mut String, table: &Table<R>) {
    array(text, R::LIST, table.records());
}

fn array<'a, T: Serialize + 'a>(text: &mut String, name: &str, records: impl Iterator<Item = &'a T>) {
    text.push_str(",\n\"");
    text.push_str(name);
    text.push_str("\": [");
    let mut separator = "\n  ";
    for record in records {
        text.push_str(separator);
        text.push_str(&line(record));
        separator = ",\n  ";
    }
    text.push_str(if separator.starts_with(',') { "\n]" } else { "]" });
}

/// Returns a record as one line.
pub(crate) fn line<T: Serialize>(record: &T) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Spaced);
    // Our types cannot fail to serialize. If one did, reading would refuse the empty line.
    match record.serialize(&mut serializer) {
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

/// Formats JSON on one line, with a space after each comma and colon.
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
