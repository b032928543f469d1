//! Tables: as many rows and cells as went in, each with what went in, whatever that is.

use arbitrary::Unstructured;

use super::draw::{any, below, text};
use crate::values::markdown::{Column, Table};

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
    of(&table.markdown(), &title, &rows, if cut { SHOWN } else { usize::MAX });
}

/// Reads a table as Markdown is read: line by line, and cell by cell at each bar that no backslash escapes.
fn of(markdown: &str, title: &str, rows: &[Row], shown: usize) {
    let filled: Vec<usize> =
        (0..COLUMNS.len()).filter(|column| rows.iter().any(|row| is_filled(row[*column].as_ref()))).collect();
    let mut lines = markdown.strip_suffix('\n').expect("an end of the last line").split(['\n', '\r']);
    assert_eq!(lines.next(), Some(format!("### {}", title.replace(['\r', '\n'], " ")).as_str()));
    if filled.is_empty() {
        assert!(lines.eq(["**No entries.**"]));
        return;
    }
    let headers = lines.next().map(cells).expect("a line of headers");
    assert!(headers.iter().eq(filled.iter().map(|column| COLUMNS[*column].0)), "{markdown}");
    assert_eq!(lines.next().map(cells), Some(vec!["---".to_owned(); filled.len()]));
    for row in rows.iter().take(shown) {
        let line = lines.next().expect("a line for each row");
        let wanted: Vec<_> =
            filled.iter().map(|column| shown_as(row[*column].as_deref().unwrap_or_default())).collect();
        let inner = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")).expect("a row");
        assert_eq!(cells(&format!("|{inner}|")).len(), filled.len(), "{line:?}");
        assert_eq!(inner.split(" | ").collect::<Vec<_>>().join(" | "), wanted.join(" | "));
    }
    let rest: Vec<_> = lines.collect();
    if rows.len() > shown {
        assert!(rest.len() == 2 && rest[1].starts_with(&format!("{} more rows", rows.len() - shown)), "{rest:?}");
    } else {
        assert!(rest.is_empty(), "{rest:?}");
    }
}

fn is_filled(cell: Option<&String>) -> bool {
    cell.is_some_and(|text| !text.is_empty())
}

/// A text as a cell shows it, letter by letter.
fn shown_as(text: &str) -> String {
    let mut shown = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                shown.push_str("<br>");
            }
            '\n' => shown.push_str("<br>"),
            '|' | '`' => shown.extend(['\\', c]),
            c => shown.push(c),
        }
    }
    shown
}

/// The cells of a line as the War Room's Markdown splits it: a bar after a backslash is none.
fn cells(line: &str) -> Vec<String> {
    let inner = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')).expect("bars around a row");
    let (mut cells, mut last) = (vec![String::new()], ' ');
    for c in inner.chars() {
        if c == '|' && last != '\\' {
            cells.push(String::new());
        } else {
            cells.last_mut().expect("a cell").push(c);
        }
        last = c;
    }
    cells
}
