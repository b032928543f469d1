//! The groups, found by id, name and external id.

use std::{borrow::Cow, collections::HashMap};

use super::{
    inconsistency::Inconsistency,
    table::{Ordinal, Record, Table},
};
use crate::records::{Duplicate, ExternalId, Group};

impl Record for Group {
    const ID: &'static str = "GroupId";
    const LIST: &'static str = "groups";

    fn id(&self) -> Cow<'_, str> {
        self.group_id.as_str().into()
    }
}

/// The groups. Names are compared exactly, as those of users are.
#[derive(Debug)]
pub(crate) struct Groups {
    pub(crate) table: Table<Group>,
    by_name: HashMap<String, Ordinal>,
    by_external_id: HashMap<ExternalId, Ordinal>,
}

impl Groups {
    pub(super) fn new() -> Self {
        Self { table: Table::new(), by_name: HashMap::new(), by_external_id: HashMap::new() }
    }

    pub(super) fn load(&mut self, group: Group) -> Result<(), Inconsistency> {
        let name = group.display_name.as_ref();
        if let Some(name) = name.filter(|name| self.by_name.contains_key(*name)) {
            let reason = format!("the group DisplayName {name:?} occurs twice");
            // Users have display names as well: the id identifies the group.
            return Err(Inconsistency::at(Group::ID, &group.group_id, reason));
        }
        let mut external_ids = group.external_ids.iter();
        if let Some(id) = external_ids.find(|id| self.by_external_id.contains_key(id)) {
            let reason = format!("the ExternalId {:?} occurs twice", id.id);
            return Err(Inconsistency::at(Group::ID, &group.group_id, reason));
        }
        let ordinal = self.table.load(group)?;
        self.index(ordinal);
        Ok(())
    }

    /// Returns the group of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&Group> {
        self.table.at(*self.by_name.get(name)?)
    }

    /// Returns the group with that external id.
    pub(crate) fn with_external_id(&self, id: &ExternalId) -> Option<&Group> {
        self.table.at(*self.by_external_id.get(id)?)
    }

    /// Adds a group.
    pub(crate) fn insert(&mut self, group: Group) -> Result<(), Duplicate> {
        self.check_unique(&group)?;
        let ordinal = self.table.push(group);
        self.index(ordinal);
        Ok(())
    }

    /// Replaces the group with the same id, if there is one.
    pub(crate) fn replace(&mut self, group: Group) -> Result<(), Duplicate> {
        let Some(ordinal) = self.table.ordinal(&group.group_id) else {
            return Ok(());
        };
        self.check_unique(&group)?;
        self.forget(ordinal);
        self.table.put(ordinal, group);
        self.index(ordinal);
        Ok(())
    }

    pub(super) fn remove(&mut self, group_id: &str) -> Option<Group> {
        self.forget(self.table.ordinal(group_id)?);
        self.table.remove(group_id).map(|(_, group)| group)
    }

    fn check_unique(&self, group: &Group) -> Result<(), Duplicate> {
        let name = group.display_name.as_deref();
        let holder = name.and_then(|name| self.named(name));
        if holder.is_some_and(|found| found.group_id != group.group_id) {
            return Err(Duplicate::GroupDisplayName);
        }
        Ok(())
    }

    fn index(&mut self, ordinal: Ordinal) {
        let Some(group) = self.table.at(ordinal) else {
            return;
        };
        if let Some(name) = &group.display_name {
            self.by_name.insert(name.clone(), ordinal);
        }
        for id in &group.external_ids {
            self.by_external_id.insert(id.clone(), ordinal);
        }
    }

    fn forget(&mut self, ordinal: Ordinal) {
        let Some(group) = self.table.at(ordinal) else {
            return;
        };
        if let Some(name) = &group.display_name {
            self.by_name.remove(name);
        }
        for id in &group.external_ids {
            self.by_external_id.remove(id);
        }
    }
}
