//! Access to accounts: permission sets, and the completion of requests that change assignments.

use std::borrow::Cow;

use super::{directory::Directory, inconsistency::Inconsistency, table::Record};
use crate::records::{
    Assignment, AssignmentAction, AssignmentRequest, PermissionSet, PrincipalType, RequestStatus, Timestamp,
};

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
    /// Returns whether the organization has that account.
    pub(crate) fn has_account(&self, id: &str) -> bool {
        self.accounts.iter().any(|account| account.account_id == id)
    }

    /// Returns whether a request for an assignment is due.
    pub(crate) fn has_due_request(&self, now: Timestamp) -> bool {
        self.requests.due(now).is_some()
    }

    /// Carries out the requests that are due, and records their outcome.
    pub(crate) fn complete_due_requests(&mut self, now: Timestamp) {
        while let Some((ordinal, request)) = self.requests.due(now) {
            let mut request = request.clone();
            request.failure_reason = self.carry_out(&request);
            request.status =
                if request.failure_reason.is_none() { RequestStatus::Succeeded } else { RequestStatus::Failed };
            self.requests.finish(ordinal, request);
        }
    }

    /// Makes the change, or returns the reason that AWS gives for its failure.
    fn carry_out(&mut self, request: &AssignmentRequest) -> Option<String> {
        let id = &request.principal_id;
        let exists = match request.principal_type {
            PrincipalType::User => self.users.table.get(id).is_some(),
            PrincipalType::Group => self.groups.table.get(id).is_some(),
        };
        let may_be_gone = request.action == AssignmentAction::Delete && self.scenario.undocumented.delete_orphans;
        if !exists && !may_be_gone {
            let kind = request.principal_type.name();
            return Some(format!("Received a 404 status error: the {kind} assignee {id} was not found in directory"));
        }
        match request.action {
            AssignmentAction::Create => self.assignments.insert(request.assignment()),
            AssignmentAction::Delete => self.assignments.remove(&request.assignment().id()),
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
