//! Access to accounts: permission sets, and what becomes of asked-for changes of assignments.

use std::borrow::Cow;

use super::{Directory, Inconsistency, Record};
use crate::document::{Action, Assignment, AssignmentRequest, PermissionSet, PrincipalType, Status, Timestamp};

impl Record for PermissionSet {
    const ID: &'static str = "PermissionSetArn";
    const LIST: &'static str = "permissionSets";

    fn id(&self) -> Cow<'_, str> {
        self.permission_set_arn.as_str().into()
    }

    fn is_id(_: &str) -> bool {
        true
    }
}

impl Directory {
    /// Whether the organization has that account.
    pub(crate) fn has_account(&self, id: &str) -> bool {
        self.accounts.iter().any(|account| account.account_id == id)
    }

    /// Whether the time has come for a change that was asked for.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.requests.due(now).is_some()
    }

    /// Carries out the changes whose time has come, and writes down how they ended.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        while let Some((ordinal, request)) = self.requests.due(now) {
            let mut request = request.clone();
            request.failure_reason = self.carry_out(&request);
            request.status = if request.failure_reason.is_none() { Status::Succeeded } else { Status::Failed };
            self.requests.finish(ordinal, request);
        }
    }

    /// Makes the change, or says why AWS fails to.
    fn carry_out(&mut self, request: &AssignmentRequest) -> Option<String> {
        let id = &request.principal_id;
        let exists = match request.principal_type {
            PrincipalType::User => self.users.table.get(id).is_some(),
            PrincipalType::Group => self.groups.table.get(id).is_some(),
        };
        let may_be_gone = request.action == Action::Delete && self.scenario.unknown.delete_orphans;
        if !exists && !may_be_gone {
            let kind = request.principal_type.name();
            return Some(format!("Received a 404 status error: the {kind} assignee {id} was not found in directory"));
        }
        match request.action {
            Action::Create => self.assignments.insert(request.assignment()),
            Action::Delete => self.assignments.remove(&request.assignment().id()),
        }
        None
    }

    pub(super) fn check_references(&self, assignment: &Assignment) -> Result<(), Inconsistency> {
        let missing = |member: &str, id: &str| {
            let reason = format!("an assignment has the {member} {id:?}, which does not exist");
            Err(Inconsistency::at(member, id, reason))
        };
        if self.permission_sets.get(&assignment.permission_set_arn).is_none() {
            return missing("PermissionSetArn", &assignment.permission_set_arn);
        }
        if !self.has_account(&assignment.account_id) {
            return missing("AccountId", &assignment.account_id);
        }
        Ok(())
    }
}
