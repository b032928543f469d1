//! What XSOAR shows as Markdown. A document is made of blocks, and a block of text: whatever text is given to one is shown
//! as text, so that no name of a stranger can be more, and no code has to remember that.

mod delimiters;
mod inline;
mod links;
mod table;

use std::fmt::Write as _;

pub(crate) use inline::{Place, escape};
pub(crate) use table::{Column, Table};

use super::masker::Masker;
use super::medium::{Medium, without_marks};
use super::printable::{printable, printable_lines};

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Markdown(Vec<Block>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    /// A heading of this level.
    Heading(usize, String),
    Paragraph(String),
    /// An item of a list, with its number.
    Item(usize, String),
    /// Code, which is JSON.
    Json(String),
    Table(Table),
}

impl Markdown {
    /// Begins with a heading.
    pub(crate) fn heading(text: impl Into<String>) -> Self {
        Self(vec![Block::Heading(3, text.into())])
    }

    /// Adds a heading below those of tables.
    #[must_use]
    pub(crate) fn subheading(self, text: impl Into<String>) -> Self {
        self.with(Block::Heading(4, text.into()))
    }

    /// Adds a sentence, or several, as a paragraph.
    #[must_use]
    pub(crate) fn paragraph(self, text: impl Into<String>) -> Self {
        self.with(Block::Paragraph(text.into()))
    }

    /// Adds an item of a numbered list.
    #[must_use]
    pub(crate) fn item(self, number: usize, text: impl Into<String>) -> Self {
        self.with(Block::Item(number, text.into()))
    }

    /// Adds JSON to be copied.
    #[must_use]
    pub(crate) fn json(self, json: impl Into<String>) -> Self {
        self.with(Block::Json(json.into()))
    }

    /// Adds a table.
    #[must_use]
    pub(crate) fn table(self, table: Table) -> Self {
        self.with(Block::Table(table))
    }

    /// Adds another document.
    #[must_use]
    pub(crate) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    fn with(mut self, block: Block) -> Self {
        self.0.push(block);
        self
    }

    /// Returns what people read. Secrets are masked before anything is escaped, because they are known by their every
    /// character.
    pub(crate) fn render(&self, masker: &Masker, medium: Medium) -> String {
        let writer = Writer { masker, medium };
        if let [Block::Paragraph(text)] = &self.0[..] {
            return writer.line(text, Place::Block);
        }
        let mut text = String::new();
        for block in &self.0 {
            writer.block(&mut text, block);
        }
        text
    }
}

/// A sentence.
impl<S: Into<String>> From<S> for Markdown {
    fn from(text: S) -> Self {
        Self(vec![Block::Paragraph(text.into())])
    }
}

impl From<Table> for Markdown {
    fn from(table: Table) -> Self {
        Self(vec![Block::Table(table)])
    }
}

/// Writes texts so that they are shown as they are.
struct Writer<'m> {
    masker: &'m Masker,
    medium: Medium,
}

impl Writer<'_> {
    fn block(&self, text: &mut String, block: &Block) {
        let _ = match block {
            Block::Heading(level, line) => {
                let before = if text.is_empty() || *level == 3 { "" } else { "\n" };
                writeln!(text, "{before}{} {}", "#".repeat(*level), self.line(line, Place::Heading))
            }
            Block::Paragraph(line) if text.is_empty() => writeln!(text, "{}", self.line(line, Place::Block)),
            Block::Paragraph(line) => writeln!(text, "\n{}", self.line(line, Place::Block)),
            Block::Item(number, line) => writeln!(text, "{number}. {}", self.line(line, Place::Block)),
            Block::Json(json) => writeln!(text, "```json\n{}\n```", self.json(json)),
            Block::Table(table) => table.write(text, |line, place| self.line(line, place)),
        };
    }

    fn line(&self, text: &str, place: Place) -> String {
        let masked = self.masker.mask(text);
        match (self.medium, place) {
            (Medium::Terminal, _) => printable(&masked).into_owned(),
            (Medium::WarRoom, Place::Cell) => escape(&printable_lines(&masked).collect::<Vec<_>>().join("\n"), place),
            (Medium::WarRoom, _) => escape(&printable(&masked), place),
        }
    }

    /// JSON has its line breaks outside of strings, so no string can end the fence.
    fn json(&self, json: &str) -> String {
        let masked = self.masker.mask(json);
        let text = printable_lines(&masked).collect::<Vec<_>>().join("\n");
        match self.medium {
            Medium::Terminal => text,
            Medium::WarRoom => without_marks(&text).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(document: &Markdown, medium: Medium) -> String {
        document.render(&Masker::of(&["a_secret_*of*_the_instance"]), medium)
    }

    #[test]
    fn blocks_stand_apart_and_their_texts_are_text() {
        let document = Markdown::heading("User # a\n# b")
            .table(Table::of("T", &[("A", |row: &String| Some(row.clone()))], &["x|y\nz".to_owned()]))
            .paragraph("# c\n# d")
            .subheading("To do")
            .item(1, "- e")
            .json("{\n  \"a\": \"```${x}\"\n}");
        let markdown = "### User # a # b\n### T\n|A|\n|---|\n| x\\|y<br>z |\n\n\\# c # d\n\n#### To do\n1. \\- e\n\
                        ```json\n{\n  \"a\": \"```$\u{200b}{x}\"\n}\n```\n";
        assert_eq!(render(&document, Medium::WarRoom), markdown);
        let plain = "### User # a # b\n### T\n|A|\n|---|\n| x|y z |\n\n# c # d\n\n#### To do\n1. - e\n\
                     ```json\n{\n  \"a\": \"```${x}\"\n}\n```\n";
        assert_eq!(render(&document, Medium::Terminal), plain);
    }

    #[test]
    fn a_sentence_alone_ends_without_a_line_break() {
        assert_eq!(render(&"User <b> was deleted.".into(), Medium::WarRoom), "User &lt;b> was deleted.");
        assert_eq!(render(&"User \u{1b}[2J was deleted.".into(), Medium::Terminal), "User �[2J was deleted.");
    }

    #[test]
    fn a_secret_is_masked_whatever_markdown_would_make_of_it() {
        for medium in [Medium::WarRoom, Medium::Terminal] {
            let shown = render(&"x a_secret_*of*_the_instance y".into(), medium);
            assert_eq!(shown.replace("&lt;", "<"), "x <XX_REPLACED> y");
        }
    }
}
