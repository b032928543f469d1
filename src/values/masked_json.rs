//! JSON in which no string holds a secret. Each string is looked at whole and unescaped, so that escapes hide nothing.
//!
//! Characters without a visible form are escaped in it, those that JSON may leave as they are included: the data stays what
//! it is, and no terminal or log that shows the JSON obeys them.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Deserializer;
use serde_json::ser::{CharEscape, Formatter};
use serde_json::value::RawValue;

use super::masker::Masker;
use super::printable::is_hidden;

/// Writes a value as JSON, masked.
pub(crate) fn write(writer: impl Write, value: &impl Serialize, masker: &Masker) -> io::Result<()> {
    let formatter = Masking { masker, string: String::new(), escaped: false };
    let mut serializer = serde_json::Serializer::with_formatter(writer, formatter);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// Collects a string until it is complete, and writes it then.
struct Masking<'m> {
    masker: &'m Masker,
    string: String,
    /// Whether the string holds what JSON has to escape.
    escaped: bool,
}

impl Formatter for Masking<'_> {
    fn begin_string<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.string.clear();
        self.escaped = false;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, _: &mut W, fragment: &str) -> io::Result<()> {
        self.string.push_str(fragment);
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, _: &mut W, escape: CharEscape) -> io::Result<()> {
        self.escaped = true;
        self.string.push(match escape {
            CharEscape::Quote => '"',
            CharEscape::ReverseSolidus => '\\',
            CharEscape::Solidus => '/',
            CharEscape::Backspace => '\u{8}',
            CharEscape::FormFeed => '\u{c}',
            CharEscape::LineFeed => '\n',
            CharEscape::CarriageReturn => '\r',
            CharEscape::Tab => '\t',
            CharEscape::AsciiControl(byte) => char::from(byte),
        });
        Ok(())
    }

    fn end_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        match self.masker.mask(&self.string) {
            Cow::Borrowed(string) if !self.escaped && is_visible(string) => {
                writer.write_all(b"\"")?;
                writer.write_all(string.as_bytes())?;
                writer.write_all(b"\"")
            }
            string => write_string(writer, &string),
        }
    }

    /// JSON that was made before: as it is, if none of its strings can hold a secret or what is escaped here.
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if self.is_clean(fragment) {
            writer.write_all(fragment.as_bytes())
        } else {
            self.write_strings(writer, fragment)
        }
    }
}

impl Masking<'_> {
    /// Where nothing is escaped, a string is in the JSON as it is.
    fn is_clean(&self, json: &str) -> bool {
        !json.contains('\\') && is_visible(json) && self.masker.is_clean(json)
    }

    /// Writes JSON, with each of its strings masked.
    fn write_strings<W: ?Sized + Write>(&mut self, writer: &mut W, json: &str) -> io::Result<()> {
        let mut rest = json;
        while let Some(begin) = rest.find('"') {
            writer.write_all(&rest.as_bytes()[..begin])?;
            let mut strings = Deserializer::from_str(&rest[begin..]).into_iter::<&RawValue>();
            let Some(string) = strings.next().transpose()? else { break };
            if self.is_clean(string.get()) {
                writer.write_all(string.get().as_bytes())?;
            } else {
                let string: String = serde_json::from_str(string.get())?;
                write_string(&mut *writer, &self.masker.mask(&string))?;
            }
            rest = &rest[begin + strings.byte_offset()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Whether nothing but visible characters is in the text, or those that JSON escapes anyway.
fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte < 0x7f) || !text.chars().any(|c| !matches!(c, '\0'..='\x1f') && is_hidden(c))
}

/// Writes a string with everything escaped that JSON demands, and every character without a visible form.
fn write_string(mut writer: impl Write, string: &str) -> io::Result<()> {
    let json = serde_json::to_string(string)?;
    let mut end = 0;
    for (at, hidden) in json.match_indices(is_hidden) {
        writer.write_all(&json.as_bytes()[end..at])?;
        let units = hidden.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
        writer.write_all(units.collect::<String>().as_bytes())?;
        end = at + hidden.len();
    }
    writer.write_all(&json.as_bytes()[end..])
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::to_raw_value;

    use crate::values::masker::MASK;
    use crate::values::secret::Secrets;

    #[test]
    fn strings_are_masked_and_otherwise_unchanged() {
        let secrets = Secrets::default();
        secrets.add("line1\nline2\"quoted");
        let value = json!({"a": "x line1\nline2\"quoted y", "b": ["\u{1}\t\\/é\u{1F600}", 1.5, true, null]});
        let mut json = Vec::new();
        super::write(&mut json, &value, &secrets.masker()).unwrap();
        let back: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(back["a"], format!("x {MASK} y"));
        assert_eq!(back["b"], value["b"]);
    }

    #[test]
    fn json_that_was_made_before_is_masked_like_what_is_made_now() {
        let secrets = Secrets::default();
        secrets.add("line1\nline2\"quoted");
        secrets.add("session/token==");
        for text in [
            "clean",
            "line1\nline2\"quoted",
            "session/token==",
            r"session\u002ftoken==",
            "a \\ \" b",
            "é\u{1}",
            "a\u{9b}\u{202e}",
        ] {
            let value = json!({text: [text, {"b": format!("({text})")}, 1.5, true, null, "", []], "other": "clean"});
            let (mut now, mut before) = (Vec::new(), Vec::new());
            super::write(&mut now, &value, &secrets.masker()).unwrap();
            super::write(&mut before, &to_raw_value(&value).unwrap(), &secrets.masker()).unwrap();
            assert_eq!(String::from_utf8(before).unwrap(), String::from_utf8(now).unwrap());
        }
    }

    #[test]
    fn what_has_no_visible_form_is_escaped_and_stays_what_it_is() {
        let text = "\u{1b}[2J \u{7f} \u{9b}31m \u{202e} \u{200b} 👩\u{200d}💻 \u{e0041} Ωμέγα \u{2028}";
        let value = json!({"a": [text], text: null});
        for made_before in [false, true] {
            let mut json = Vec::new();
            let masker = Secrets::default().masker();
            if made_before {
                super::write(&mut json, &to_raw_value(&value).unwrap(), &masker).unwrap();
            } else {
                super::write(&mut json, &value, &masker).unwrap();
            }
            let json = String::from_utf8(json).unwrap();
            assert!(!json.contains(super::is_hidden), "{json:?}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
        }
    }
}
