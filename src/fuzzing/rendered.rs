//! What a renderer of Markdown that we did not write makes of ours.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::values::medium::BREAK;
use crate::values::printable::printable;

/// A block with its text, in which every run of white space is a space.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rendered {
    Heading(String),
    Paragraph(String),
    Strong(String),
    Item(String),
    Row(Vec<String>),
}

/// Returns the blocks of a document.
///
/// # Panics
///
/// If the document holds anything but these blocks and text.
pub(super) fn render(markdown: &str) -> Vec<Rendered> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let (mut blocks, mut row, mut text, mut is_strong) = (Vec::new(), Vec::new(), String::new(), false);
    let mut is_item = false;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::SoftBreak => text.push('\n'),
            // The line breaks of cells, which are ours.
            Event::InlineHtml(html) if &*html == "<br>" => text.push('\n'),
            Event::Start(Tag::Strong) => is_strong = true,
            Event::Start(Tag::Item) => is_item = true,
            Event::Start(
                Tag::List(Some(1))
                | Tag::Heading { .. }
                | Tag::Paragraph
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            )
            | Event::End(TagEnd::Strong | TagEnd::List(_) | TagEnd::Table) => {}
            Event::End(TagEnd::Heading(_)) => blocks.push(Rendered::Heading(shown(&mut text))),
            Event::End(TagEnd::Paragraph) if is_strong => {
                is_strong = false;
                blocks.push(Rendered::Strong(shown(&mut text)));
            }
            Event::End(TagEnd::Paragraph) if is_item => {}
            Event::End(TagEnd::Paragraph) => blocks.push(Rendered::Paragraph(shown(&mut text))),
            Event::End(TagEnd::Item) => {
                is_item = false;
                blocks.push(Rendered::Item(shown(&mut text)));
            }
            Event::End(TagEnd::TableCell) => row.push(shown(&mut text)),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => blocks.push(Rendered::Row(std::mem::take(&mut row))),
            other => panic!("{other:?} in {markdown}"),
        }
    }
    blocks
}

/// The text so far as a person reads it.
fn shown(text: &mut String) -> String {
    spaced(&std::mem::take(text).replace(BREAK, ""))
}

/// A text as a person should read it.
pub(super) fn read(text: &str) -> String {
    spaced(&printable(text))
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
