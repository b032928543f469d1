//! Changes as lines of the file: recording them, and replaying them.

use serde_json::{Map, Value};

use super::{
    directory::Directory,
    inconsistency::Inconsistency,
    table::{Record, TableChanges},
};
use crate::records::{Assignment, AssignmentRequest, DirectoryChange, Group, Membership, User};

impl Directory {
    /// Returns the changes since the last call, in the form of [`DirectoryChange`], if there are any.
    pub(crate) fn take_change(&mut self) -> Option<Value> {
        let lists = [
            (User::LIST, self.users.table.take_changes()),
            (Group::LIST, self.groups.table.take_changes()),
            (Membership::LIST, self.memberships.table.take_changes()),
            (Assignment::LIST, self.assignments.table.take_changes()),
            (AssignmentRequest::LIST, self.requests.table.take_changes()),
        ];
        let mut change = Map::new();
        if std::mem::take(&mut self.is_store_changed) {
            change.insert("identityStore".to_owned(), serde_json::to_value(&self.identity_store).ok()?);
        }
        let mut removals = Map::new();
        for (list, TableChanges { put, removed }) in lists {
            if !put.is_empty() {
                change.insert(list.to_owned(), put.into());
            }
            if !removed.is_empty() {
                removals.insert(list.to_owned(), removed.into());
            }
        }
        if !removals.is_empty() {
            change.insert("removed".to_owned(), removals.into());
        }
        (!change.is_empty()).then_some(Value::Object(change))
    }

    /// Makes the changes of a line of the file.
    pub(crate) fn replay(&mut self, change: DirectoryChange) -> Result<(), Inconsistency> {
        for id in &change.removed.assignments {
            self.assignments.remove(id);
        }
        for id in &change.removed.memberships {
            self.memberships.remove(id);
        }
        for id in &change.removed.users {
            self.users.remove(id);
        }
        for id in &change.removed.groups {
            self.groups.remove(id);
        }
        if let Some(store) = change.identity_store {
            self.identity_store = store;
            self.check_identity_store()?;
        }
        for user in change.users {
            match self.users.table.ordinal(&user.user_id) {
                Some(_) => self.users.replace(user).map_err(Inconsistency::from_duplicate)?,
                None => self.users.load(user)?,
            }
        }
        for group in change.groups {
            match self.groups.table.ordinal(&group.group_id) {
                Some(_) => self.groups.replace(group).map_err(Inconsistency::from_duplicate)?,
                None => self.groups.load(group)?,
            }
        }
        for membership in change.memberships {
            self.check_member_and_group(&membership)?;
            self.memberships.load(membership)?;
        }
        for assignment in change.assignments {
            self.check_references(&assignment)?;
            self.assignments.load(assignment)?;
        }
        for request in change.assignment_requests {
            self.requests.replay(request)?;
        }
        // The file holds these changes already.
        self.take_change();
        Ok(())
    }
}
