//! Shows a text of a stranger as what it is: some characters are orders to a terminal, turn letters around, or hide.

use std::borrow::Cow;

/// Stands where a character without a visible form stood. A name that shows less than it holds would pass for another.
const UNPRINTABLE: char = char::REPLACEMENT_CHARACTER;

/// Returns the text as one line that holds nothing invisible: line breaks and tabs become spaces, and every other
/// character without a visible form becomes `�`.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' {
            chars.next_if_eq(&'\n');
        }
        let is_visible = !is_hidden(c) || is_joiner(c, shown.chars().next_back(), chars.peek().copied());
        shown.push(match c {
            '\t' => ' ',
            c if is_line_break(c) => ' ',
            c if is_visible => c,
            _ => UNPRINTABLE,
        });
    }
    shown.into()
}

/// Returns the lines of the text, each printable.
pub(crate) fn printable_lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.find(is_line_break);
        rest = end.map(|end| {
            let after = &text[end..];
            let mut chars = after.chars();
            chars.next();
            after.strip_prefix("\r\n").unwrap_or(chars.as_str())
        });
        Some(printable(&text[..end.unwrap_or(text.len())]))
    })
}

/// Whether a line ends here (Unicode Standard, 5.8 Newline Guidelines).
fn is_line_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether the character has no visible form: control characters (`Cc`), and what renderers ignore (Unicode:
/// `Default_Ignorable_Code_Point`), such as bidirectional overrides, zero-width characters and tags.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether the character shapes its neighbors, as in Persian names and in emoji. Between ASCII letters nothing is shaped.
fn is_joiner(c: char, before: Option<char>, after: Option<char>) -> bool {
    let is_shaped = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && c != UNPRINTABLE);
    match c {
        '\u{200c}' | '\u{200d}' => is_shaped(before) && is_shaped(after.filter(|c| !is_hidden(*c))),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => is_shaped(before.filter(|c| !is_hidden(*c))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_visible_form_is_shown_as_it_is() {
        for name in ["O'Neil_2 (night)", "DOMAIN\\user", "Ωμέγα", "田中 美咲", "علی‌رضا", "👩‍💻 ❤️‍🔥", "a\u{a0}b", ""]
        {
            assert_eq!(printable(name), name);
        }
    }

    #[test]
    fn a_character_without_a_visible_form_is_shown_as_one_that_is_missing() {
        for (name, shown) in [
            ("\u{1b}]52;c;cHduZWQ=\u{7}\u{1b}[2J", "�]52;c;cHduZWQ=��[2J"),
            ("\u{9b}31m \u{7f}\0", "�31m ��"),
            ("a\u{202e}txt.exe\u{2066}", "a�txt.exe�"),
            ("al\u{200b}ice", "al�ice"),
            ("al\u{200d}ice", "al�ice"),
            ("Ω\u{200d}\u{200d}Ω", "Ω��Ω"),
            ("é\u{fe01}\u{fe01}\u{e0101}", "é\u{fe01}��"),
            ("\u{fe0f}a\u{fe0f}\u{feff}\u{e0041}", "�a���"),
        ] {
            assert_eq!(printable(name), shown);
        }
    }

    #[test]
    fn a_line_break_starts_no_line_unless_lines_are_asked_for() {
        let text = "one\r\ntwo\nthree\rfour\u{b}five\u{c}six\u{85}seven\u{2028}eight\u{2029}nine\tten";
        assert_eq!(printable(text), "one two three four five six seven eight nine ten");
        let lines: Vec<_> = printable_lines(text).collect();
        assert_eq!(lines, ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine ten"]);
        assert_eq!(printable_lines("a\n").collect::<Vec<_>>(), ["a", ""]);
    }
}
