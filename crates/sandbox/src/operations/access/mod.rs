//! The operations of sso-admin: who may do what in which account.

mod assignment;
mod change;
mod instance;
mod permission_set;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{Operation, lookup::Input, read, write};
use crate::{
    api_error::{ApiError, Code},
    context::Call,
    document::{Assignment, PrincipalType},
    model::sso_admin as model,
    page::Page,
    store::Directory,
};

#[rustfmt::skip]
pub(super) static OPERATIONS: [Operation; 14] = [
    write("CreateAccountAssignment", &model::CHANGE_ACCOUNT_ASSIGNMENT, change::create),
    write("DeleteAccountAssignment", &model::CHANGE_ACCOUNT_ASSIGNMENT, change::delete),
    read("DescribeAccountAssignmentCreationStatus", &model::DESCRIBE_CREATION_STATUS, change::describe_creation),
    read("DescribeAccountAssignmentDeletionStatus", &model::DESCRIBE_DELETION_STATUS, change::describe_deletion),
    read("DescribeInstance", &model::DESCRIBE_INSTANCE, instance::describe),
    read("DescribePermissionSet", &model::DESCRIBE_PERMISSION_SET, permission_set::describe),
    read("ListAccountAssignmentCreationStatus", &model::LIST_STATUS, change::list_creations),
    read("ListAccountAssignmentDeletionStatus", &model::LIST_STATUS, change::list_deletions),
    read("ListAccountAssignments", &model::LIST_ACCOUNT_ASSIGNMENTS, assignment::list),
    read("ListAccountAssignmentsForPrincipal", &model::LIST_ACCOUNT_ASSIGNMENTS_FOR_PRINCIPAL, assignment::list_for_principal),
    read("ListAccountsForProvisionedPermissionSet", &model::LIST_ACCOUNTS_FOR_PROVISIONED_PERMISSION_SET, permission_set::list_accounts),
    read("ListInstances", &model::LIST_INSTANCES, instance::list),
    read("ListPermissionSets", &model::LIST_PERMISSION_SETS, permission_set::list),
    read("ListPermissionSetsProvisionedToAccount", &model::LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT, permission_set::list_provisioned),
];

/// A request that named this directory's instance.
struct Request {
    input: Input,
}

impl Request {
    /// Takes a request for an instance apart, and refuses one for another instance.
    fn of(directory: &Directory, input: Value) -> Result<Self, ApiError> {
        let mut input = Input::without_store(input);
        let arn: String = input.take("InstanceArn")?;
        if arn == directory.identity_store.instance_arn { Ok(Self { input }) } else { Err(missing("Instance", &arn)) }
    }

    /// The wanted page. What the list is of must be among the members still.
    fn page(&mut self, directory: &Directory, call: &Call) -> Result<Page, ApiError> {
        self.input.page(directory, call)
    }

    /// The ARN of a permission set that exists.
    fn permission_set(&mut self, directory: &Directory) -> Result<String, ApiError> {
        let arn: String = self.input.take("PermissionSetArn")?;
        match directory.permission_sets.get(&arn) {
            Some(_) => Ok(arn),
            None => Err(missing("Permission set", &arn)),
        }
    }

    /// The id of an account that exists, in that member.
    fn account(&mut self, directory: &Directory, member: &str) -> Result<String, ApiError> {
        let id: String = self.input.take(member)?;
        if directory.has_account(&id) { Ok(id) } else { Err(missing("Account", &id)) }
    }

    /// Who is meant; nobody asks here whether there is such a principal.
    fn principal(&mut self) -> Result<(PrincipalType, String), ApiError> {
        Ok((self.input.take("PrincipalType")?, self.input.take("PrincipalId")?))
    }

    /// The assignment that is to be changed.
    fn assignment(&mut self, directory: &Directory) -> Result<Assignment, ApiError> {
        let permission_set_arn = self.permission_set(directory)?;
        let account_id = self.account(directory, "TargetId")?;
        let (principal_type, principal_id) = self.principal()?;
        Ok(Assignment { account_id, permission_set_arn, principal_type, principal_id })
    }
}

/// There is no such thing. The words are ours: AWS's are not known.
fn missing(what: &str, id: &str) -> ApiError {
    ApiError::new(Code::ResourceNotFound, format!("{what} not found: {id}"))
}
