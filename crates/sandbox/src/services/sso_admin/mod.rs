//! sso-admin: the instance, permission sets and account assignments.

mod assignment;
mod change;
mod instance;
mod model;
mod permission_set;
mod request;
#[cfg(test)]
mod tests;

use super::definition::{Availability::Everywhere, JsonErrors, Protocol, Service, read, write};

#[rustfmt::skip]
pub(super) static SERVICE: Service = Service {
    signing_name: "sso",
    action_prefix: "sso",
    protocol: Protocol::AwsJson { target_prefix: "SWBExternalService", errors: JsonErrors::MessageOnly },
    global_region: None,
    shares_rate_limit: true,
    manages_account_access: true,
    has_classic_form: false,
    operations: &[
        write("CreateAccountAssignment", &model::CHANGE_ACCOUNT_ASSIGNMENT, change::create),
        write("DeleteAccountAssignment", &model::CHANGE_ACCOUNT_ASSIGNMENT, change::delete),
        read("DescribeAccountAssignmentCreationStatus", &model::DESCRIBE_CREATION_STATUS, change::describe_creation),
        read("DescribeAccountAssignmentDeletionStatus", &model::DESCRIBE_DELETION_STATUS, change::describe_deletion),
        read("DescribeInstance", &model::DESCRIBE_INSTANCE, instance::describe).available(Everywhere),
        read("DescribePermissionSet", &model::DESCRIBE_PERMISSION_SET, permission_set::describe),
        read("ListAccountAssignmentCreationStatus", &model::LIST_STATUS, change::list_creations),
        read("ListAccountAssignmentDeletionStatus", &model::LIST_STATUS, change::list_deletions),
        read("ListAccountAssignments", &model::LIST_ACCOUNT_ASSIGNMENTS, assignment::list),
        read("ListAccountAssignmentsForPrincipal", &model::LIST_ACCOUNT_ASSIGNMENTS_FOR_PRINCIPAL, assignment::list_for_principal),
        read("ListAccountsForProvisionedPermissionSet", &model::LIST_ACCOUNTS_FOR_PROVISIONED_PERMISSION_SET, permission_set::list_accounts),
        read("ListInstances", &model::LIST_INSTANCES, instance::list).available(Everywhere),
        read("ListPermissionSets", &model::LIST_PERMISSION_SETS, permission_set::list),
        read("ListPermissionSetsProvisionedToAccount", &model::LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT, permission_set::list_provisioned),
    ],
};
