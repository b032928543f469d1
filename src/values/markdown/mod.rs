//! What XSOAR shows as Markdown. A document is made of blocks, and a block of text: every text that is given to one is shown
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

    /// Masks secrets, while they are what they are: Markdown escapes some of their characters.
    pub(crate) fn mask(&mut self, masker: &Masker) {
        for block in &mut self.0 {
            match block {
                Block::Heading(_, text) | Block::Paragraph(text) | Block::Item(_, text) | Block::Json(text) => {
                    masker.mask_in_place(text);
                }
                Block::Table(table) => table.texts().for_each(|text| masker.mask_in_place(text)),
            }
        }
    }

    /// Returns what people read.
    pub(crate) fn render(&self, medium: Medium) -> String {
        if let [Block::Paragraph(text)] = &self.0[..] {
            return show(text, Place::Block, medium);
        }
        let mut text = String::new();
        for block in &self.0 {
            block.write(&mut text, medium);
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

impl Block {
    fn write(&self, text: &mut String, medium: Medium) {
        let show = |text: &str, place| show(text, place, medium);
        let _ = match self {
            Self::Heading(3, line) => writeln!(text, "### {}", show(line, Place::Heading)),
            Self::Heading(level, line) => {
                writeln!(text, "\n{} {}", "#".repeat(*level), show(line, Place::Heading))
            }
            Self::Paragraph(line) if text.is_empty() => writeln!(text, "{}\n", show(line, Place::Block)),
            Self::Paragraph(line) => writeln!(text, "\n{}", show(line, Place::Block)),
            Self::Item(number, line) => writeln!(text, "{number}. {}", show(line, Place::Block)),
            Self::Json(json) => writeln!(text, "```json\n{}\n```", show_json(json, medium)),
            Self::Table(table) => table.write(text, show),
        };
    }
}

/// Returns what shows this text as it is.
fn show(text: &str, place: Place, medium: Medium) -> String {
    match (medium, place) {
        (Medium::Terminal, _) => printable(text).into_owned(),
        (Medium::WarRoom, Place::Cell) => escape(&printable_lines(text).collect::<Vec<_>>().join("\n"), place),
        (Medium::WarRoom, _) => escape(&printable(text), place),
    }
}

/// Returns what shows this JSON as it is. It has its line breaks outside of strings, so no string can end the fence.
fn show_json(json: &str, medium: Medium) -> String {
    let text = printable_lines(json).collect::<Vec<_>>().join("\n");
    match medium {
        Medium::Terminal => text,
        Medium::WarRoom => without_marks(&text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(document.render(Medium::WarRoom), markdown);
        let plain = "### User # a # b\n### T\n|A|\n|---|\n| x|y z |\n\n# c # d\n\n#### To do\n1. - e\n\
                     ```json\n{\n  \"a\": \"```${x}\"\n}\n```\n";
        assert_eq!(document.render(Medium::Terminal), plain);
    }

    #[test]
    fn a_sentence_alone_ends_without_a_line_break() {
        assert_eq!(Markdown::from("User <b> was deleted.").render(Medium::WarRoom), "User &lt;b> was deleted.");
        assert_eq!(Markdown::from("User \u{1b}[2J was deleted.").render(Medium::Terminal), "User �[2J was deleted.");
    }

    #[test]
    fn a_secret_is_masked_whatever_markdown_would_make_of_it() {
        let secret = "a_secret_*of*_the_instance";
        let table = Table::of(secret, &[("A", |row: &String| Some(row.clone()))], &[secret.to_owned()]);
        let mut document = Markdown::heading(secret).table(table).paragraph(secret).item(1, secret).json(secret);
        document.mask(&Masker::of(&[secret]));
        let shown = document.render(Medium::Terminal);
        assert_eq!(shown.matches("<XX_REPLACED>").count(), 6, "{shown}");
        assert_eq!(shown.matches("secret").count(), 0, "{shown}");
        assert!(document.render(Medium::WarRoom).starts_with("### &lt;XX_REPLACED>\n"));
    }
}
