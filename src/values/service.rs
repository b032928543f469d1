//! AWS's services, as far as commands call them: what each says of itself is declared here, once.

use super::service_error::Reason;

/// A service of AWS.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// What its model calls it (`serviceId`).
    pub(crate) id: &'static str,
    /// What its IAM actions begin with (AWS: Service Authorization Reference).
    iam: &'static str,
    /// The operations that commands call. Identity Store has all that no other service has.
    operations: &'static [&'static str],
    /// The errors that carry a `Reason`, each reason, and what it means.
    pub(crate) reasons: &'static [(&'static str, &'static str, Reason)],
}

/// Users, groups and memberships.
pub(crate) const IDENTITY_STORE: Service = Service {
    id: "identitystore",
    iam: "identitystore",
    operations: &[],
    reasons: &[
        ("AccessDeniedException", "KMS_ACCESS_DENIED", Reason::KeyDenied),
        ("ConflictException", "UNIQUENESS_CONSTRAINT_VIOLATION", Reason::NotUnique),
        ("ConflictException", "CONCURRENT_MODIFICATION", Reason::Modified),
        ("ResourceNotFoundException", "KMS_KEY_NOT_FOUND", Reason::KeyNotFound),
        ("ThrottlingException", "KMS_THROTTLING", Reason::KeyThrottled),
        ("ValidationException", "KMS_INVALID_ARN", Reason::KeyArnInvalid),
        ("ValidationException", "KMS_INVALID_KEY_USAGE", Reason::KeyUsageInvalid),
        ("ValidationException", "KMS_INVALID_STATE", Reason::KeyStateInvalid),
        ("ValidationException", "KMS_DISABLED", Reason::KeyDisabled),
    ],
};

/// Who may do what in which account.
pub(crate) const SSO_ADMIN: Service = Service {
    id: "SSO Admin",
    iam: "sso",
    operations: &[
        "CreateAccountAssignment",
        "DeleteAccountAssignment",
        "DescribeAccountAssignmentCreationStatus",
        "DescribeAccountAssignmentDeletionStatus",
        "DescribeInstance",
        "DescribePermissionSet",
        "ListAccountAssignmentCreationStatus",
        "ListAccountAssignmentDeletionStatus",
        "ListAccountAssignments",
        "ListAccountAssignmentsForPrincipal",
        "ListAccountsForProvisionedPermissionSet",
        "ListInstances",
        "ListPermissionSets",
        "ListPermissionSetsProvisionedToAccount",
    ],
    reasons: &[
        ("AccessDeniedException", "KMS_AccessDeniedException", Reason::KeyDenied),
        ("ResourceNotFoundException", "KMS_NotFoundException", Reason::KeyNotFound),
        ("ThrottlingException", "KMS_ThrottlingException", Reason::KeyThrottled),
        ("ValidationException", "KMS_InvalidKeyUsageException", Reason::KeyUsageInvalid),
        ("ValidationException", "KMS_InvalidStateException", Reason::KeyStateInvalid),
        ("ValidationException", "KMS_DisabledException", Reason::KeyDisabled),
    ],
};

/// Roles and their keys.
pub(crate) const STS: Service = Service { id: "STS", iam: "sts", operations: &["AssumeRole"], reasons: &[] };

pub(crate) const SERVICES: [&Service; 3] = [&IDENTITY_STORE, &SSO_ADMIN, &STS];

impl Service {
    fn of_operation(operation: &str) -> &'static Self {
        let others = SERVICES.into_iter().filter(|service| **service != IDENTITY_STORE);
        others.into_iter().find(|service| service.operations.contains(&operation)).unwrap_or(&IDENTITY_STORE)
    }
}

/// The IAM action that an operation needs.
pub(crate) fn action(operation: &str) -> String {
    format!("{}:{operation}", Service::of_operation(operation).iam)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_has_the_prefix_of_the_service_of_its_operation() {
        assert_eq!(action("DescribeUser"), "identitystore:DescribeUser");
        assert_eq!(action("ListInstances"), "sso:ListInstances");
        assert_eq!(action("AssumeRole"), "sts:AssumeRole");
    }
}
