//! Markdown: a renderer shows every text, in every place, as that text and nothing else.

use arbitrary::Unstructured;

use super::draw::{any, below, oddity, one};
use super::rendered::{Rendered, read, render};
use crate::values::markdown::{Column, Markdown, Table};
use crate::values::medium::{BREAK, Medium};
use crate::values::plain_text::PlainText;
use crate::values::printable::is_hidden;

/// What means something to a renderer of Markdown or to XSOAR.
const MARKUP: [&str; 44] = [
    "*",
    "**",
    "_",
    "__",
    "~",
    "~~",
    "`",
    "```",
    "#",
    "> ",
    "- ",
    "+ ",
    "1. ",
    "2) ",
    "---",
    "===",
    "    ",
    "|",
    "\\",
    "<b>",
    "</a>",
    "<!--",
    "-->",
    "<?",
    "&amp;",
    "&#42;",
    "&copy",
    "[",
    "](",
    ")",
    "![",
    "]: ",
    "https://",
    "www.",
    ".com",
    "@",
    "<https://a.example>",
    "%%%",
    "%%%{",
    "}%%%",
    "{{",
    "${",
    "}",
    "\n\n",
];

const COLUMNS: [Column<[String; 2]>; 2] =
    [("First", |row| Some(row[0].clone())), ("Second", |row| Some(row[1].clone()))];

pub(super) fn check(input: &[u8]) {
    let bytes = &mut Unstructured::new(input);
    let mut texts = [(); 6].map(|()| markup(bytes));
    if read(&texts[5]).is_empty() {
        // An empty item would be a part of the paragraph before it.
        texts[5].push_str("item");
    }
    let document = Markdown::heading(&texts[0])
        .table(Table::of(&texts[1], &COLUMNS, &[[texts[2].clone(), texts[3].clone()]]))
        .paragraph(&texts[4])
        .item(1, &texts[5]);
    let markdown = document.render(Medium::WarRoom);
    is_inert(&markdown);

    let [heading, title, first, second, paragraph, item] = texts.each_ref().map(|text| read(text));
    let mut wanted = vec![Rendered::Heading(heading), Rendered::Heading(title)];
    let row = |cells: [String; 2]| {
        let filled = cells.into_iter().zip(&texts[2..4]).filter(|(_, text)| !text.is_empty());
        filled.map(|(cell, _)| cell).collect::<Vec<_>>()
    };
    let headers = row(["First".to_owned(), "Second".to_owned()]);
    if headers.is_empty() {
        wanted.push(Rendered::Strong("No entries.".to_owned()));
    } else {
        wanted.extend([Rendered::Row(headers), Rendered::Row(row([first, second]))]);
    }
    wanted.extend((!paragraph.is_empty()).then_some(Rendered::Paragraph(paragraph)));
    wanted.push(Rendered::Item(item));
    same(&markdown, &wanted);

    let sentence = Markdown::from(&*texts[0]).render(Medium::WarRoom);
    is_inert(&sentence);
    let alone = read(&texts[0]);
    let alone: Vec<_> = (!alone.is_empty()).then_some(Rendered::Paragraph(alone)).into_iter().collect();
    same(&sentence, &alone);

    of_plain_text(&texts);
}

/// A renderer shows these blocks.
fn same(markdown: &str, wanted: &[Rendered]) {
    let rendered = render(markdown);
    for (shown, wanted) in rendered.iter().zip(wanted) {
        assert_eq!(shown, wanted, "{markdown:?}");
    }
    assert_eq!(rendered.len(), wanted.len(), "{markdown:?}");
}

/// A line of an error is one line, with the same letters.
fn of_plain_text(texts: &[String; 6]) {
    let text = PlainText::from(&*texts[0]).line(&*texts[1]);
    let lines = text.render(Medium::WarRoom);
    is_inert(&lines);
    assert_eq!(lines.split('\n').count(), 2, "{lines}");
    let plain = text.render(Medium::Terminal);
    assert!(!hides(&plain), "{plain:?}");
    assert_eq!(lines.replace(BREAK, ""), plain);
}

/// No mark of XSOAR's is in it, and nothing invisible but what breaks them.
fn is_inert(text: &str) {
    assert!(["%%%", "{{", "${"].iter().all(|mark| !text.contains(mark)), "{text:?}");
    assert!(!hides(&text.replace(BREAK, "")), "{text:?}");
}

/// Whether anything invisible is in the text, but for what shapes letters and emoji.
fn hides(text: &str) -> bool {
    let shapes = |c| matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    text.contains(|c| c != '\n' && is_hidden(c) && !shapes(c))
}

fn markup(bytes: &mut Unstructured<'_>) -> String {
    let mut markup = String::new();
    for _ in 0..below(bytes, 12) {
        match below(bytes, 4) {
            0 if any(bytes) => markup.push(any(bytes)),
            0 => markup.push_str(oddity(bytes)),
            1 => markup.push_str(one(bytes, &["a", "b", " ", "_", "x.y", "é"])),
            _ => markup.push_str(one(bytes, &MARKUP)),
        }
    }
    if any(bytes) { markup } else { markup.trim().to_owned() }
}
