//! JSON in which every character without a visible form is escaped, those that JSON may leave as they are included: the data
//! stays what it is, and no terminal or log that shows the JSON obeys them.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

use super::printable::is_hidden;

/// Writes a value as JSON.
pub(crate) fn write(writer: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(writer, Visible);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_visible(writer, fragment)
    }

    /// JSON that was made before: outside of its strings nothing is hidden but line breaks, which are no part of the data.
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_visible(writer, fragment)
    }
}

fn write_visible<W: ?Sized + Write>(writer: &mut W, json: &str) -> io::Result<()> {
    let mut end = 0;
    for (at, hidden) in json.match_indices(|c: char| !c.is_ascii_whitespace() && is_hidden(c)) {
        writer.write_all(&json.as_bytes()[end..at])?;
        let units = hidden.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
        writer.write_all(units.collect::<String>().as_bytes())?;
        end = at + hidden.len();
    }
    writer.write_all(&json.as_bytes()[end..])
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_character_without_a_visible_form_is_escaped_and_means_the_same() {
        let value = json!({"a\u{202e}": ["\u{9b}2J", "\u{e0041}", {"b": "line\nΩ \\ \" 👩\u{200d}💻"}], "c": 1.5});
        for written in [written(&value), written(&to_raw_value(&value).unwrap())] {
            assert!(!written.contains(is_hidden), "{written}");
            assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
        }
    }

    fn written(value: &impl Serialize) -> String {
        let mut json = Vec::new();
        write(&mut json, value).unwrap();
        String::from_utf8(json).unwrap()
    }
}
