//! JSON on its way out: the characters without a visible form that JSON may leave as they are (DEL, C1, bidirectional and
//! zero-width ones) are escaped. The data stays what it is, and no terminal, pager or log that shows the JSON obeys it.

use std::io::{self, Write};
use std::str;

use crate::values::printable::is_hidden;

/// A writer of JSON.
pub(crate) struct VisibleJson<W> {
    output: W,
    /// The beginning of a character whose end was not written yet.
    begun: Vec<u8>,
}

impl<W: Write> VisibleJson<W> {
    pub(super) fn to(output: W) -> Self {
        Self { output, begun: Vec::new() }
    }

    fn write_text(&mut self, text: &str) -> io::Result<()> {
        let mut end = 0;
        // Outside of strings, where nothing can be escaped, JSON has line breaks and tabs.
        for (at, hidden) in text.match_indices(|c| is_hidden(c) && !matches!(c, '\t' | '\n' | '\r')) {
            self.output.write_all(&text.as_bytes()[end..at])?;
            let units = hidden.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
            self.output.write_all(units.collect::<String>().as_bytes())?;
            end = at + hidden.len();
        }
        self.output.write_all(&text.as_bytes()[end..])
    }
}

impl<W: Write> Write for VisibleJson<W> {
    fn write(&mut self, json: &[u8]) -> io::Result<usize> {
        if self.begun.is_empty() && json.iter().all(|byte| *byte < 0x7f) {
            self.output.write_all(json)?;
            return Ok(json.len());
        }
        let bytes = [&self.begun, json].concat();
        let whole = str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
        self.begun = bytes[whole..].to_vec();
        if let Ok(text) = str::from_utf8(&bytes[..whole]) {
            self.write_text(text)?;
        }
        Ok(json.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_has_no_visible_form_is_escaped_and_stays_what_it_is() {
        let text = "\u{1b}[2J \u{7f} \u{9b}31m \u{202e} \u{200b} 👩\u{200d}💻 \u{e0041} Ωμέγα \u{2028}";
        let value = json!({"a": [text], text: null});
        let json = format!("{value:#}\n");
        for length in [1, 2, 3, json.len()] {
            let mut written = Vec::new();
            let mut writer = VisibleJson::to(&mut written);
            json.as_bytes().chunks(length).for_each(|part| writer.write_all(part).unwrap());
            let written = String::from_utf8(written).unwrap();
            assert!(!written.contains(|c| c != '\n' && is_hidden(c)), "{written:?}");
            assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
            assert_eq!(written.matches('\n').count(), json.matches('\n').count());
        }
    }
}
