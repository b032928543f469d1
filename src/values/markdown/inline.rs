//! Text as Markdown that renders as this text. Only what would be markup where it stands is escaped, so that ordinary names
//! read in the source as they do on the screen.
//!
//! What is markup: CommonMark 0.31 (backslashes, entities, code, emphasis, links, HTML, and what begins a block), GitHub's
//! tables and strikethrough, the addresses that markdown-it makes links of, and XSOAR's own marks. A backslash stands only
//! before characters that the first Markdown lets it escape, as `stringEscapeMD` of XSOAR's `CommonServerPython` does; for
//! `<` and `&` there are entities, and for what is looked for in rendered text as well there is [`BREAK`].
//!
//! A bare email address stays as it is, although a renderer may make it a `mailto:` link: it says where it leads.

use super::delimiters::Delimiters;
use super::links::{is_address, is_domain};
use crate::values::medium::{BREAK, Marks};

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the start of a block, which the line may turn into another kind of block.
    Block,
    Heading,
    /// In a table. This alone may have line breaks.
    Cell,
}

/// Returns Markdown that shows this text at that place. The text is printable, but for the line breaks of a cell.
pub(crate) fn escape(text: &str, place: Place) -> String {
    let text = if place == Place::Block { text.trim_start() } else { text };
    let opener = if place == Place::Block { block_opener(text) } else { None };
    let line = Line {
        text,
        place,
        delimiters: Delimiters::of(text),
        last_link: text.rfind("]("),
        heading_end: text.trim_end().trim_end_matches('#').len(),
    };
    let (mut marks, mut markdown, mut end) = (Marks::default(), String::with_capacity(text.len()), 0);
    for (at, byte) in text.bytes().enumerate().filter(|(at, byte)| SPECIAL[usize::from(*byte)] || opener == Some(*at)) {
        markdown.push_str(&text[end..at]);
        end = at + 1;
        match line.escaped(at, byte) {
            Some(Escaped::Backslash) => markdown.extend(['\\', char::from(byte)]),
            Some(Escaped::Broken) => markdown.extend([BREAK, char::from(byte)]),
            Some(Escaped::Instead(written)) => markdown.push_str(written),
            None if opener == Some(at) => markdown.extend(['\\', char::from(byte)]),
            None if marks.completes(text, at) => markdown.extend([BREAK, char::from(byte)]),
            None => markdown.push(char::from(byte)),
        }
    }
    markdown + &text[end..]
}

/// The bytes that may be markup within a line.
const SPECIAL: [bool; 256] = {
    let bytes = b"\\`*_~[]<&|/.%{#\n";
    let (mut special, mut number) = ([false; 256], 0);
    while number < bytes.len() {
        special[bytes[number] as usize] = true;
        number += 1;
    }
    special
};

/// Returns the place of the character that makes a line the start of a quote, a list, a heading, a rule, a fence or a
/// definition.
fn block_opener(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_rule = || text.starts_with('_') && text.bytes().all(|byte| matches!(byte, b'_' | b' '));
    match text.as_bytes().get(digits)? {
        b'.' | b')' if digits > 0 => Some(digits),
        b'#' | b'>' | b'-' | b'+' | b'*' | b'~' if digits == 0 => Some(0),
        b'[' if digits == 0 && text.contains("]:") => Some(0),
        _ => is_rule().then_some(0),
    }
}

/// How a character is kept from being markup.
enum Escaped {
    Backslash,
    /// With an invisible character before it.
    Broken,
    Instead(&'static str),
}

/// A line, and what has to be known of all of it.
struct Line<'t> {
    text: &'t str,
    place: Place,
    delimiters: Delimiters,
    /// Where the last text of a link would end.
    last_link: Option<usize>,
    /// Where the text of a heading ends, without the number signs that may close it.
    heading_end: usize,
}

impl Line<'_> {
    /// Returns how the character at this place has to be escaped; nothing if it is text as it is, or in a mark of XSOAR's.
    fn escaped(&self, at: usize, byte: u8) -> Option<Escaped> {
        let (before, rest) = (&self.text[..at], &self.text[at + 1..]);
        let next = rest.bytes().next();
        let is_markup = match byte {
            b'\\' => next.is_none_or(|byte| byte.is_ascii_punctuation() || byte == b'\n'),
            b'`' => true,
            b'*' | b'_' | b'~' => self.delimiters.may_pair(at, byte),
            b'[' => self.last_link.is_some_and(|last| at < last),
            b']' => next == Some(b'('),
            b'|' => self.place == Place::Cell,
            b'#' => self.place == Place::Heading && at == self.heading_end && is_blank(before.chars().next_back()),
            b'.' => is_domain(before, rest),
            b'/' => return is_address(before).then_some(Escaped::Broken),
            b'<' => return opens_tag(next).then_some(Escaped::Instead("&lt;")),
            b'&' => return is_entity(rest).then_some(Escaped::Instead("&amp;")),
            b'\n' => return Some(Escaped::Instead("<br>")),
            _ => false,
        };
        is_markup.then_some(Escaped::Backslash)
    }
}

fn is_blank(c: Option<char>) -> bool {
    c.is_none_or(char::is_whitespace)
}

/// Whether a `<` before this begins a tag, a comment, an instruction or an address in angle brackets.
fn opens_tag(next: Option<u8>) -> bool {
    next.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'))
}

/// Whether an `&` before this begins an entity.
fn is_entity(rest: &str) -> bool {
    let name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    name > 0 && rest[name..].starts_with(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: [Place; 3] = [Place::Block, Place::Heading, Place::Cell];

    #[test]
    fn an_ordinary_name_is_written_as_it_is() {
        for name in [
            "O'Neil_2 (night)",
            "a*b",
            "x#1",
            "first.last@example.com",
            "DOMAIN\\user",
            "C++ (EMEA) – Team",
            "50% off",
            "R&D",
            "AT&T; Labs",
            "[EMEA] Sales (UK)",
            "C#",
            "svc_backup_01",
            "_svc",
            "a < b > c <3",
            "v1.2",
            "Dr. Who",
            "3 * 4 * 5",
            "{x}",
            "f6fadfa7-e5c1-5b62-9362-da5cc13da58a",
            "AAMA-EFRSURBSGhx//bc+//d/_x==",
            "",
        ] {
            for place in PLACES {
                let is_entity = name.contains("&T;");
                let written = escape(name, place);
                assert_eq!(written.replace("&amp;T;", "&T;"), name, "{place:?}");
                assert_eq!(written != name, is_entity);
            }
        }
    }

    #[test]
    fn markup_is_escaped_where_it_would_be_markup() {
        for (text, written) in [
            ("a*b*c", r"a\*b\*c"),
            ("**bold**", r"\*\*bold\*\*"),
            ("_a_ b_c", r"\_a\_ b_c"),
            ("~~gone~~", r"\~\~gone\~\~"),
            ("`code`", r"\`code\`"),
            ("![x](y)", r"!\[x\](y)"),
            ("[x] (y) [z]", "[x] (y) [z]"),
            ("<b>", "&lt;b>"),
            ("</b><!--", "&lt;/b>&lt;!--"),
            ("&lt;&#60;&#x3c;", "&amp;lt;&amp;#60;&amp;#x3c;"),
            (r"\*", r"\\*"),
            (r"\\server\share\", r"\\\server\share\\"),
            ("see https://evil.example/x", "see https:/\u{200b}/evil.example/x"),
            ("see //evil.example", "see /\u{200b}/evil.example"),
            ("see evil.com/x, www.evil.example", r"see evil\.com/x, www\.evil.example"),
            ("a@b,evil.com", r"a@b,evil\.com"),
            ("%%%{\"a\":1}%%%", "%%\u{200b}%{\"a\":1}%%\u{200b}%"),
            ("{{color:red}}(x)", "{\u{200b}{color:red}}(x)"),
            ("${x}", "$\u{200b}{x}"),
        ] {
            for place in [Place::Heading, Place::Cell] {
                assert_eq!(escape(text, place), written, "{place:?}");
            }
        }
    }

    #[test]
    fn what_begins_a_block_is_escaped_there_alone() {
        for (text, written) in [
            ("# a", r"\# a"),
            ("> a", r"\> a"),
            ("- a", r"\- a"),
            ("+ a", r"\+ a"),
            ("* a", r"\* a"),
            ("~~~", r"\~~~"),
            ("___", r"\___"),
            ("_ _ _", r"\_ _ _"),
            ("1. a", r"1\. a"),
            ("23) a", r"23\) a"),
            ("[a]: b", r"\[a]: b"),
            ("    a", "a"),
            ("7 of 9", "7 of 9"),
        ] {
            assert_eq!(escape(text, Place::Block), written);
            assert!(escape(text, Place::Cell).len() <= text.len() + 3, "{text}");
        }
        assert_eq!(escape("# a", Place::Cell), "# a");
    }

    #[test]
    fn places_have_markup_of_their_own() {
        assert_eq!(escape("a|b\nc", Place::Cell), r"a\|b<br>c");
        assert_eq!(escape("a|b", Place::Heading), "a|b");
        assert_eq!(escape("a ## #", Place::Heading), r"a ## \#");
        assert_eq!(escape("a ##", Place::Heading), r"a \##");
        assert_eq!(escape("a ##", Place::Block), "a ##");
    }
}
