//! Tables: as many rows and cells as went in, each with what went in, whatever that is.

use arbitrary::Unstructured;

use super::draw::{any, below, text};
use super::rendered::{Rendered, read, render};
use crate::values::markdown::{Column, Markdown, Table};
use crate::values::medium::Medium;

type Row = [Option<String>; 3];

const COLUMNS: [Column<Row>; 3] =
    [("First", |row| row[0].clone()), ("Second", |row| row[1].clone()), ("Third", |row| row[2].clone())];

/// How many rows of a cut table are shown.
const SHOWN: usize = 100;

pub(super) fn check(input: &[u8]) {
    let bytes = &mut Unstructured::new(input);
    let (title, cut) = (text(bytes), any(bytes));
    let mut rows: Vec<Row> =
        (0..below(bytes, 6)).map(|_| [(); 3].map(|()| any::<bool>(bytes).then(|| text(bytes)))).collect();
    if any(bytes) && !rows.is_empty() {
        rows = rows.iter().cycle().take(below(bytes, 300)).cloned().collect();
    }
    let table = if cut {
        Table::first_of(title.as_str(), &COLUMNS, &rows, "context")
    } else {
        Table::of(title.as_str(), &COLUMNS, &rows)
    };
    of_list(&table, &rows, if cut { SHOWN } else { usize::MAX });
    let markdown = Markdown::from(table).render(Medium::WarRoom);
    of_markdown(&markdown, &title, &rows, if cut { SHOWN } else { usize::MAX });
}

/// The table as others read it.
fn of_markdown(markdown: &str, title: &str, rows: &[Row], shown: usize) {
    let mut blocks = render(markdown).into_iter();
    assert_eq!(blocks.next(), Some(Rendered::Heading(read(title))));
    let filled: Vec<usize> =
        (0..COLUMNS.len()).filter(|column| rows.iter().any(|row| is_filled(row[*column].as_ref()))).collect();
    if filled.is_empty() {
        assert!(blocks.eq([Rendered::Strong("No entries.".to_owned())]));
        return;
    }
    let headers = filled.iter().map(|column| COLUMNS[*column].0.to_owned());
    assert_eq!(blocks.next(), Some(Rendered::Row(headers.collect())));
    for row in rows.iter().take(shown) {
        let wanted = filled.iter().map(|column| read(row[*column].as_deref().unwrap_or_default()));
        assert_eq!(blocks.next(), Some(Rendered::Row(wanted.collect())), "{markdown}");
    }
    let more = rows.len().saturating_sub(shown);
    match blocks.next() {
        Some(Rendered::Paragraph(rest)) => assert!(rest.starts_with(&format!("{more} more rows")), "{rest}"),
        other => assert!(other.is_none() && more == 0, "{other:?}"),
    }
    assert_eq!(blocks.next(), None);
}

/// The table as plain text: a hyphen for each row.
fn of_list(table: &Table, rows: &[Row], shown: usize) {
    let begun = table.listed().filter(|line| line.starts_with("- ")).count();
    let wanted = rows.iter().take(shown).filter(|row| row.iter().any(|cell| is_filled(cell.as_ref()))).count();
    assert_eq!(begun, wanted);
}

fn is_filled(cell: Option<&String>) -> bool {
    cell.is_some_and(|text| !text.is_empty())
}
