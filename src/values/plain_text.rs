//! Text that is read as it is: what an error or a warning says.

use super::markdown::Table;
use super::masker::Masker;
use super::medium::{Medium, without_marks};
use super::printable::printable;

/// Lines of plain text. A line is ours to begin: a line break within one is a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlainText(Vec<String>);

impl PlainText {
    /// Adds a line.
    #[must_use]
    pub(crate) fn line(mut self, line: impl Into<String>) -> Self {
        self.add(line);
        self
    }

    /// Adds a line to a text that stays where it is.
    pub(crate) fn add(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    /// Adds lines.
    #[must_use]
    pub(crate) fn then(mut self, text: Self) -> Self {
        self.0.extend(text.0);
        self
    }

    /// Masks secrets, while they are what they are.
    pub(crate) fn mask(&mut self, masker: &Masker) {
        self.0.iter_mut().for_each(|line| masker.mask_in_place(line));
    }

    /// Returns what people read.
    pub(crate) fn render(&self, medium: Medium) -> String {
        let lines = self.0.iter().map(|line| {
            let line = printable(line.trim_end());
            match medium {
                Medium::WarRoom => without_marks(&line).into_owned(),
                Medium::Terminal => line.into_owned(),
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl<S: Into<String>> From<S> for PlainText {
    fn from(line: S) -> Self {
        Self(vec![line.into()])
    }
}

/// A table is its title, and for each row its cells with their headers: bars between long sentences are hard to read where
/// nothing draws them.
impl From<Table> for PlainText {
    fn from(table: Table) -> Self {
        table.listed().fold(table.title().into(), Self::line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::markdown::Column;

    #[test]
    fn a_line_is_one_line_whatever_it_holds() {
        let text = PlainText::from("Failed:").line("x\nError:\n\u{1b}[2J${incident.id}\u{202e}");
        assert_eq!(text.render(Medium::WarRoom), "Failed:\nx Error: �[2J$\u{200b}{incident.id}�");
        assert_eq!(text.render(Medium::Terminal), "Failed:\nx Error: �[2J${incident.id}�");
    }

    #[test]
    fn a_secret_with_a_line_break_is_masked_before_the_break_is_a_space() {
        let mut text = PlainText::from("x line 1\nline 2 of a key y");
        text.mask(&Masker::of(&["line 1\nline 2 of a key"]));
        assert_eq!(text.render(Medium::WarRoom), "x <XX_REPLACED> y");
    }

    #[test]
    fn a_table_is_a_list_of_its_rows() {
        const COLUMNS: [Column<(&str, Option<&str>)>; 3] =
            [("Item", |row| Some(row.0.to_owned())), ("Empty", |_| None), ("Reason", |row| row.1.map(str::to_owned))];
        let rows = [("group a|b\n- Item: c", Some("It failed.")), ("group d", None)];
        let text = PlainText::from(Table::of("2 failed:", &COLUMNS, &rows));
        assert_eq!(
            text.render(Medium::WarRoom),
            "2 failed:\n- Item: group a|b - Item: c\n  Reason: It failed.\n- Item: group d"
        );
    }
}
