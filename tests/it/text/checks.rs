//! What has to be true of every text that a person reads.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::process::Output;

/// Breaks XSOAR's marks, and is in nothing else that is shown.
const BREAK: char = '\u{200b}';

/// Whether nobody sees the character, or a terminal obeys it. Emoji are made with one that is left out here.
pub fn is_hidden(c: char) -> bool {
    let is_ignored = matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{3164}' | '\u{feff}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    c.is_control() || is_ignored
}

/// Holds the entries of an answer against it.
pub fn check_entries(entries: &[Value], what: &str) {
    assert!(!entries.is_empty(), "{what}");
    for entry in entries {
        match entry["HumanReadable"].as_str() {
            Some(markdown) => check_markdown(markdown, what),
            None => check_plain(entry["Contents"].as_str().unwrap(), entry["Type"] == 4, what),
        }
    }
}

fn check_inert(text: &str, what: &str) {
    for mark in ["%%%", "{{", "${"] {
        assert!(!text.contains(mark), "{mark} in {what}: {text:?}");
    }
    let hidden = |c| is_hidden(c) && !matches!(c, '\n' | BREAK);
    assert!(!text.contains(hidden), "{what}: {text:?}");
    assert!(!text.lines().any(|line| line.trim_start().starts_with("INJECTED")), "{what}: {text:?}");
}

/// Markdown has nothing but what commands make: headings, tables, paragraphs, numbered items and a policy.
fn check_markdown(markdown: &str, what: &str) {
    check_inert(markdown, what);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    let mut is_strong = false;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) if is_strong => assert_eq!(&*text, "No entries.", "{what}: {markdown:?}"),
            Event::InlineHtml(html) => assert_eq!(&*html, "<br>", "{what}: {markdown:?}"),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => assert_eq!(&*language, "json", "{what}"),
            Event::Start(Tag::Strong) => is_strong = true,
            Event::End(TagEnd::Strong) => is_strong = false,
            Event::Text(_)
            | Event::End(_)
            | Event::Start(
                Tag::Heading { .. }
                | Tag::Paragraph
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell
                | Tag::List(Some(_))
                | Tag::Item,
            ) => {}
            other => panic!("{other:?} in {what}: {markdown:?}"),
        }
    }
}

/// A line of plain text begins as commands begin it.
fn check_plain(text: &str, is_error: bool, what: &str) {
    check_inert(text, what);
    let lines: Vec<&str> = text.lines().collect();
    if is_error && lines.len() > 1 {
        assert!(lines[0].starts_with("Failed to execute ") && lines[1] == "Error:", "{what}: {text:?}");
        let is_ours = |line: &&&str| {
            let row = line.strip_prefix("- ").or_else(|| line.strip_prefix("  "));
            row.is_some_and(|row| row.contains(": ")) || line.starts_with("The command may need all of: ")
        };
        assert_eq!(lines.iter().skip(3).find(|line| !is_ours(line)), None, "{what}: {text:?}");
    }
}

/// A terminal gets what it shows, and JSON that means what it says.
pub fn check_terminal(output: &Output, what: &str) {
    for text in [&output.stdout, &output.stderr] {
        assert!(!text.contains(|c| is_hidden(c) && c != '\n'), "{what}: {text:?}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("INJECTED")), "{what}: {text:?}");
    }
}
