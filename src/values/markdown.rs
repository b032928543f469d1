//! Tables as CommonServerPython's `tableToMarkdown` writes them (reference: its documented output format), with two
//! differences for people: the columns are those that any row fills, and a long table is cut and says so.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How many rows a table shows, where all are somewhere else as well.
const SHOWN: usize = 100;

/// A table whose rows are texts; an absent cell is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    title: String,
    headers: Vec<&'static str>,
    rows: Vec<Vec<Option<String>>>,
    filled: Vec<bool>,
    total: usize,
    /// How many rows are shown.
    most: usize,
    /// Where all rows are, if only the first are here.
    all_in: &'static str,
}

/// A column: its header and what it shows of a row.
pub(crate) type Column<R> = (&'static str, fn(&R) -> Option<String>);

impl Table {
    /// A table of all these rows.
    pub(crate) fn of<'r, R: 'r>(
        title: impl Into<String>,
        columns: &[Column<R>],
        rows: impl IntoIterator<Item = &'r R>,
    ) -> Self {
        let mut table = Self::empty(title.into(), columns, usize::MAX, "");
        rows.into_iter().for_each(|row| table.add(columns, row));
        table
    }

    /// A table of the first of these rows, because all of them are in that place of the entry as well.
    pub(crate) fn first_of<'r, R: 'r>(
        title: impl Into<String>,
        columns: &[Column<R>],
        rows: impl IntoIterator<Item = &'r R>,
        all_in: &'static str,
    ) -> Self {
        let mut table = Self::first_of_none(title, columns, all_in);
        rows.into_iter().for_each(|row| table.add(columns, row));
        table
    }

    /// The same without a row yet.
    pub(crate) fn first_of_none<R>(title: impl Into<String>, columns: &[Column<R>], all_in: &'static str) -> Self {
        Self::empty(title.into(), columns, SHOWN, all_in)
    }

    fn empty<R>(title: String, columns: &[Column<R>], most: usize, all_in: &'static str) -> Self {
        let headers = columns.iter().map(|(header, _)| *header).collect();
        Self { title, headers, rows: Vec::new(), filled: vec![false; columns.len()], total: 0, most, all_in }
    }

    /// Adds a row, by the columns that the table was made with. All rows are looked at for the columns that are filled;
    /// only those that are shown are kept.
    pub(crate) fn add<R>(&mut self, columns: &[Column<R>], row: &R) {
        self.total += 1;
        let is_shown = self.total <= self.most;
        if !is_shown && self.filled.iter().all(|filled| *filled) {
            return;
        }
        let cells: Vec<_> = columns.iter().map(|(_, cell)| cell(row).filter(|text| !text.is_empty())).collect();
        self.filled.iter_mut().zip(&cells).for_each(|(filled, cell)| *filled |= cell.is_some());
        if is_shown {
            self.rows.push(cells);
        }
    }

    /// The table in XSOAR's Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("### {}\n", heading(&self.title));
        let columns: Vec<usize> = (0..self.headers.len()).filter(|column| self.filled[*column]).collect();
        if columns.is_empty() {
            text.push_str("**No entries.**\n");
            return text;
        }
        let headers: Vec<_> = columns.iter().map(|column| self.headers[*column]).collect();
        let _ = writeln!(text, "|{}|", headers.join("|"));
        let _ = writeln!(text, "|{}|", vec!["---"; headers.len()].join("|"));
        for row in &self.rows {
            let mut before = "| ";
            for column in &columns {
                text.push_str(before);
                text.push_str(&cell(row[*column].as_deref().unwrap_or_default()));
                before = " | ";
            }
            text.push_str(" |\n");
        }
        if self.total > self.rows.len() {
            let (more, place) = (self.total - self.rows.len(), self.all_in);
            let _ = writeln!(text, "\n{more} more rows are not shown here; the {place} has all {}.", self.total);
        }
        text
    }
}

/// A cell: line breaks become `<br>`, bars and backticks are escaped, nothing else changes.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    if !text.contains(['\r', '\n', '|', '`']) {
        return text.into();
    }
    let text = text.replace("\r\n", "<br>").replace(['\r', '\n'], "<br>").replace('|', r"\|").replace('`', r"\`");
    text.into()
}

/// A title is one line.
fn heading(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = (Option<&'static str>, Option<&'static str>);
    const COLUMNS: [Column<Pair>; 2] = [("A", |row| row.0.map(str::to_owned)), ("B", |row| row.1.map(str::to_owned))];

    #[test]
    fn cells_are_escaped_as_xsoar_does() {
        let table = Table::of("Odd\nnames", &COLUMNS, &[(Some("x|y`z\r\n2\n3"), Some("Ωμέγα"))]);
        assert_eq!(table.markdown(), "### Odd names\n|A|B|\n|---|---|\n| x\\|y\\`z<br>2<br>3 | Ωμέγα |\n");
    }

    #[test]
    fn columns_come_from_all_rows_and_empty_ones_go() {
        let table = Table::of("T", &COLUMNS, &[(None, Some("late")), (None, None)]);
        assert_eq!(table.markdown(), "### T\n|B|\n|---|\n| late |\n|  |\n");
        assert_eq!(Table::of("T", &COLUMNS, &[]).markdown(), "### T\n**No entries.**\n");
    }

    #[test]
    fn a_long_table_says_how_much_more_there_is() {
        let mut rows = vec![(Some("a"), None); 250];
        rows.push((None, Some("only the last row has B")));
        let whole = Table::of("T", &COLUMNS, &rows).markdown();
        assert_eq!(whole.lines().count(), 3 + 251, "what is nowhere else is never cut");
        let text = Table::first_of("T", &COLUMNS, &rows, "context").markdown();
        assert_eq!(text.lines().filter(|line| line.starts_with("| a |")).count(), 100);
        assert!(text.contains("|A|B|"), "{text}");
        assert!(text.ends_with("\n151 more rows are not shown here; the context has all 251.\n"), "{text}");
    }
}
