//! Tables as CommonServerPython's `tableToMarkdown` writes them (reference: its documented output format), with two
//! differences for people: the columns are those that any row fills, and a long table is cut and says so.

use std::fmt::{self, Write as _};

use super::inline::Place;

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

    /// What the table is about.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// The texts of the table.
    pub(super) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        std::iter::once(&mut self.title).chain(self.rows.iter_mut().flatten().flatten())
    }

    /// The columns that any row fills.
    fn filled(&self) -> impl Iterator<Item = usize> + Clone {
        (0..self.headers.len()).filter(|column| self.filled[*column])
    }

    /// Writes the table in XSOAR's Markdown; `show` makes a text of what it is given.
    pub(super) fn write(&self, text: &mut String, show: impl Fn(&str, Place) -> String) -> fmt::Result {
        writeln!(text, "### {}", show(&self.title, Place::Heading))?;
        let headers: Vec<_> = self.filled().map(|column| self.headers[column]).collect();
        if headers.is_empty() {
            return writeln!(text, "**No entries.**");
        }
        writeln!(text, "|{}|", headers.join("|"))?;
        writeln!(text, "|{}|", vec!["---"; headers.len()].join("|"))?;
        for row in &self.rows {
            let mut before = "| ";
            for column in self.filled() {
                write!(text, "{before}{}", show(row[column].as_deref().unwrap_or_default(), Place::Cell))?;
                before = " | ";
            }
            writeln!(text, " |")?;
        }
        if self.total > self.rows.len() {
            let (more, place) = (self.total - self.rows.len(), self.all_in);
            writeln!(text, "\n{more} more rows are not shown here; the {place} has all {}.", self.total)?;
        }
        Ok(())
    }

    /// The table as lines of plain text: each row begins with a hyphen, and each cell has its header.
    pub(crate) fn listed(&self) -> impl Iterator<Item = String> {
        self.rows.iter().flat_map(|row| {
            let cells = self.filled().filter_map(|column| Some((self.headers[column], row[column].as_deref()?)));
            let begins = std::iter::once("- ").chain(std::iter::repeat("  "));
            begins.zip(cells).map(|(begin, (header, cell))| format!("{begin}{header}: {cell}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::markdown::Markdown;
    use crate::values::medium::Medium;

    type Pair = (Option<&'static str>, Option<&'static str>);
    const COLUMNS: [Column<Pair>; 2] = [("A", |row| row.0.map(str::to_owned)), ("B", |row| row.1.map(str::to_owned))];

    fn markdown(table: Table) -> String {
        Markdown::from(table).render(Medium::WarRoom)
    }

    #[test]
    fn cells_are_escaped_as_xsoar_does() {
        let table = Table::of("Odd\nnames", &COLUMNS, &[(Some("x|y`z\r\n2\n3"), Some("Ωμέγα"))]);
        assert_eq!(markdown(table), "### Odd names\n|A|B|\n|---|---|\n| x\\|y\\`z<br>2<br>3 | Ωμέγα |\n");
    }

    #[test]
    fn columns_come_from_all_rows_and_empty_ones_go() {
        let table = Table::of("T", &COLUMNS, &[(None, Some("late")), (None, None)]);
        assert_eq!(markdown(table), "### T\n|B|\n|---|\n| late |\n|  |\n");
        assert_eq!(markdown(Table::of("T", &COLUMNS, &[])), "### T\n**No entries.**\n");
    }

    #[test]
    fn a_long_table_says_how_much_more_there_is() {
        let mut rows = vec![(Some("a"), None); 250];
        rows.push((None, Some("only the last row has B")));
        let whole = markdown(Table::of("T", &COLUMNS, &rows));
        assert_eq!(whole.lines().count(), 3 + 251, "what is nowhere else is never cut");
        let text = markdown(Table::first_of("T", &COLUMNS, &rows, "context"));
        assert_eq!(text.lines().filter(|line| line.starts_with("| a |")).count(), 100);
        assert!(text.contains("|A|B|"), "{text}");
        assert!(text.ends_with("\n151 more rows are not shown here; the context has all 251.\n"), "{text}");
    }
}
