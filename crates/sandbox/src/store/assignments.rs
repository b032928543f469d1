//! The account assignments, found by principal, account and permission set.

use std::borrow::Cow;

use super::{
    inconsistency::Inconsistency,
    index::Index,
    table::{Ordinal, Record, Table},
};
use crate::records::{Assignment, PrincipalType};

impl Record for Assignment {
    const ID: &'static str = "PrincipalId";
    const LIST: &'static str = "assignments";

    /// Returns all that an assignment holds: AWS gives it no id.
    fn id(&self) -> Cow<'_, str> {
        let Self { account_id, permission_set_arn, principal_type, principal_id } = self;
        format!("{account_id} {permission_set_arn} {} {principal_id}", principal_type.name()).into()
    }

    fn is_id(_: &str) -> bool {
        true
    }
}

/// The account assignments.
#[derive(Debug)]
pub(crate) struct Assignments {
    pub(crate) table: Table<Assignment>,
    by_principal: Index<String>,
    by_account: Index<String>,
    by_permission_set: Index<String>,
}

impl Assignments {
    pub(super) fn new() -> Self {
        Self {
            table: Table::new(),
            by_principal: Index::new(),
            by_account: Index::new(),
            by_permission_set: Index::new(),
        }
    }

    pub(super) fn load(&mut self, assignment: Assignment) -> Result<(), Inconsistency> {
        let ordinal = self.table.load(assignment)?;
        self.index(ordinal);
        Ok(())
    }

    /// Returns whether the directory holds this assignment.
    pub(crate) fn contains(&self, assignment: &Assignment) -> bool {
        self.table.get(&assignment.id()).is_some()
    }

    /// Returns the ordinals of a principal's own assignments, from `start` on.
    pub(crate) fn of_principal<'a>(
        &'a self,
        kind: PrincipalType,
        id: &str,
        start: Ordinal,
    ) -> impl Iterator<Item = Ordinal> + 'a {
        let own = move |ordinal: &Ordinal| self.table.at(*ordinal).is_some_and(|found| found.principal_type == kind);
        self.by_principal.from(id, start).filter(own)
    }

    /// Returns the ordinals of the assignments in an account, from `start` on.
    pub(crate) fn in_account(&self, account_id: &str, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_ {
        self.by_account.from(account_id, start)
    }

    /// Returns the ordinals of the assignments of a permission set, from `start` on.
    pub(crate) fn of_permission_set(&self, arn: &str, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_ {
        self.by_permission_set.from(arn, start)
    }

    /// Adds an assignment, unless the directory holds it.
    pub(super) fn insert(&mut self, assignment: Assignment) {
        if !self.contains(&assignment) {
            let ordinal = self.table.push(assignment);
            self.index(ordinal);
        }
    }

    /// Removes the assignment with that id.
    pub(super) fn remove(&mut self, id: &str) {
        if let Some((ordinal, gone)) = self.table.remove(id) {
            self.by_principal.remove(gone.principal_id.as_str(), ordinal);
            self.by_account.remove(gone.account_id.as_str(), ordinal);
            self.by_permission_set.remove(gone.permission_set_arn.as_str(), ordinal);
        }
    }

    fn index(&mut self, ordinal: Ordinal) {
        if let Some(assignment) = self.table.at(ordinal) {
            self.by_principal.insert(assignment.principal_id.clone(), ordinal);
            self.by_account.insert(assignment.account_id.clone(), ordinal);
            self.by_permission_set.insert(assignment.permission_set_arn.clone(), ordinal);
        }
    }
}
