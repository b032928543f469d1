//! Records in the order of the file, found by id.

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use serde::Serialize;

use super::Inconsistency;
use crate::sandbox::document::is_resource_id;

/// Something that a table can hold.
pub(in crate::sandbox) trait Record: Serialize {
    /// The name of its id, in the file and on the wire.
    const ID: &'static str;

    /// Its id.
    fn id(&self) -> &str;
}

/// Where a record stands in its table: records keep their ordinal as long as they are in memory.
pub(in crate::sandbox) type Ordinal = u64;

/// Records in the order of the file.
#[derive(Debug)]
pub(in crate::sandbox) struct Table<R> {
    rows: BTreeMap<Ordinal, Row<R>>,
    by_id: HashMap<String, Ordinal>,
    next: Ordinal,
}

/// A record and its line of the file. Keeping the lines makes a change to one record cost one
/// line, where serialising the directory each time would make a thousand removals take minutes.
#[derive(Debug)]
struct Row<R> {
    record: R,
    line: OnceLock<String>,
}

impl<R: Record> Table<R> {
    pub(super) fn new() -> Self {
        Self { rows: BTreeMap::new(), by_id: HashMap::new(), next: 0 }
    }

    /// Adds a record of the file, if its id is one and is new.
    pub(super) fn load(&mut self, record: R) -> Result<Ordinal, Inconsistency> {
        let id = record.id();
        if !is_resource_id(id) {
            return Err(Inconsistency::at(
                R::ID,
                id,
                format!("the {} {id:?} is not an id of AWS's form, a UUID", R::ID),
            ));
        }
        if self.by_id.contains_key(id) {
            return Err(Inconsistency::again(R::ID, id, format!("the {} {id:?} occurs twice", R::ID)));
        }
        Ok(self.push(record))
    }

    /// Adds a record at the end. Its id must be new.
    pub(super) fn push(&mut self, record: R) -> Ordinal {
        let ordinal = self.next;
        self.next += 1;
        self.by_id.insert(record.id().to_owned(), ordinal);
        self.put(ordinal, record);
        ordinal
    }

    /// Puts a record in the place of the one there, which has the same id.
    pub(super) fn put(&mut self, ordinal: Ordinal, record: R) {
        let line = OnceLock::new();
        self.rows.insert(ordinal, Row { record, line });
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<(Ordinal, R)> {
        let ordinal = self.by_id.remove(id)?;
        let row = self.rows.remove(&ordinal)?;
        Some((ordinal, row.record))
    }

    pub(in crate::sandbox) fn get(&self, id: &str) -> Option<&R> {
        self.at(self.ordinal(id)?)
    }

    pub(in crate::sandbox) fn at(&self, ordinal: Ordinal) -> Option<&R> {
        self.rows.get(&ordinal).map(|row| &row.record)
    }

    pub(in crate::sandbox) fn ordinal(&self, id: &str) -> Option<Ordinal> {
        self.by_id.get(id).copied()
    }

    /// The ordinals from `start` on.
    pub(in crate::sandbox) fn ordinals(&self, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_ {
        self.rows.range(start..).map(|(ordinal, _)| *ordinal)
    }

    /// The records as lines of the file.
    pub(in crate::sandbox) fn lines(&self) -> impl ExactSizeIterator<Item = &str> + '_ {
        self.rows.values().map(|row| row.line.get_or_init(|| crate::sandbox::file::render::line(&row.record)).as_str())
    }
}
