//! Tables of records: in the order of the file, found by id.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use serde::Serialize;
use serde_json::Value;

use super::inconsistency::Inconsistency;
use crate::records::is_resource_id;

/// A record that a table can hold.
pub(crate) trait Record: Serialize {
    /// The name of its id, in the file and on the wire.
    const ID: &'static str;
    /// The name of its list in the file.
    const LIST: &'static str;

    /// Returns its id.
    fn id(&self) -> Cow<'_, str>;

    /// Returns whether `text` has the form of its ids.
    fn is_id(text: &str) -> bool {
        is_resource_id(text)
    }
}

/// The position of a record in its table. A record keeps its ordinal as long as it is in memory.
pub(crate) type Ordinal = u64;

/// Records in the order of the file, and those of them that differ from the file.
#[derive(Debug)]
pub(crate) struct Table<R> {
    /// Boxed, because a tree that grows at its end reserves room for twice its rows.
    rows: BTreeMap<Ordinal, Box<R>>,
    by_id: HashMap<Box<str>, Ordinal>,
    next: Ordinal,
    changed: BTreeSet<Ordinal>,
    removed: Vec<String>,
}

/// The changes of a table since the file was written.
#[derive(Debug, Default)]
pub(super) struct TableChanges {
    pub(super) put: Vec<Value>,
    pub(super) removed: Vec<String>,
}

impl<R: Record> Table<R> {
    pub(super) fn new() -> Self {
        Self { rows: BTreeMap::new(), by_id: HashMap::new(), next: 0, changed: BTreeSet::new(), removed: Vec::new() }
    }

    /// Adds a record of the file. Fails if its id is malformed or occurs twice.
    pub(super) fn load(&mut self, record: R) -> Result<Ordinal, Inconsistency> {
        let id = record.id();
        if !R::is_id(&id) {
            return Err(Inconsistency::at(
                R::ID,
                &id,
                format!("the {} {id:?} is not an id of AWS's form, a UUID", R::ID),
            ));
        }
        if self.by_id.contains_key(&*id) {
            return Err(Inconsistency::at_second(R::ID, &id, format!("the {} {id:?} occurs twice", R::ID)));
        }
        let id = id.into();
        Ok(self.append(id, record))
    }

    /// Adds a record at the end. Its id must be new.
    pub(super) fn push(&mut self, record: R) -> Ordinal {
        let id = record.id().into();
        let ordinal = self.append(id, record);
        self.changed.insert(ordinal);
        ordinal
    }

    fn append(&mut self, id: Box<str>, record: R) -> Ordinal {
        let ordinal = self.next;
        self.next += 1;
        self.by_id.insert(id, ordinal);
        self.rows.insert(ordinal, Box::new(record));
        ordinal
    }

    /// Replaces the record at an ordinal by one with the same id.
    pub(super) fn put(&mut self, ordinal: Ordinal, record: R) {
        self.changed.insert(ordinal);
        self.rows.insert(ordinal, Box::new(record));
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<(Ordinal, R)> {
        let ordinal = self.by_id.remove(id)?;
        let record = self.rows.remove(&ordinal)?;
        self.changed.remove(&ordinal);
        self.removed.push(id.to_owned());
        Some((ordinal, *record))
    }

    pub(crate) fn get(&self, id: &str) -> Option<&R> {
        self.at(self.ordinal(id)?)
    }

    pub(crate) fn at(&self, ordinal: Ordinal) -> Option<&R> {
        self.rows.get(&ordinal).map(Box::as_ref)
    }

    pub(crate) fn ordinal(&self, id: &str) -> Option<Ordinal> {
        self.by_id.get(id).copied()
    }

    /// Returns the ordinals from `start` on.
    pub(crate) fn ordinals(&self, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_ {
        self.rows.range(start..).map(|(ordinal, _)| *ordinal)
    }

    /// Returns the records in the order of the file.
    pub(crate) fn records(&self) -> impl Iterator<Item = &R> {
        self.rows.values().map(Box::as_ref)
    }

    /// Returns the changes since the last call.
    pub(super) fn take_changes(&mut self) -> TableChanges {
        let put = std::mem::take(&mut self.changed);
        let put = put.iter().filter_map(|ordinal| serde_json::to_value(self.at(*ordinal)?).ok()).collect();
        TableChanges { put, removed: std::mem::take(&mut self.removed) }
    }
}
