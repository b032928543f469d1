//! The AWS services that commands call. Each service is declared here, once.

use super::service_error::Reason;

/// A service of AWS.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// The `serviceId` of its model.
    pub(crate) id: &'static str,
    /// The prefix of its IAM actions (AWS: Service Authorization Reference).
    iam: &'static str,
    /// The operations that commands call. Every operation that no service lists belongs to Identity Store.
    operations: &'static [&'static str],
    pub(crate) answers: Answers,
    /// Each `Reason`: the error that carries it, its name, and its meaning.
    pub(crate) reasons: &'static [(&'static str, &'static str, Reason)],
}

/// The form of a service's answers: where an error has its code, and what proves that a success is the service's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    /// An error has its code in `__type`. A success is an object of JSON that comes with this content type or with a
    /// request id of AWS (Smithy: "AWS JSON 1.1 protocol").
    Json { content_type: &'static str },
    /// An error has its code in its XML. The root of a success is named after the operation (Smithy: "AWS query
    /// protocol").
    Xml,
}

const JSON: Answers = Answers::Json { content_type: "application/x-amz-json-1.1" };

/// Manages users, groups and memberships.
pub(crate) const IDENTITY_STORE: Service = Service {
    id: "identitystore",
    iam: "identitystore",
    operations: &[],
    answers: JSON,
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

/// Manages account assignments.
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
    answers: JSON,
    reasons: &[
        ("AccessDeniedException", "KMS_AccessDeniedException", Reason::KeyDenied),
        ("ResourceNotFoundException", "KMS_NotFoundException", Reason::KeyNotFound),
        ("ThrottlingException", "KMS_ThrottlingException", Reason::KeyThrottled),
        ("ValidationException", "KMS_InvalidKeyUsageException", Reason::KeyUsageInvalid),
        ("ValidationException", "KMS_InvalidStateException", Reason::KeyStateInvalid),
        ("ValidationException", "KMS_DisabledException", Reason::KeyDisabled),
    ],
};

/// Gives out the keys of roles.
pub(crate) const STS: Service =
    Service { id: "STS", iam: "sts", operations: &["AssumeRole"], answers: Answers::Xml, reasons: &[] };

pub(crate) const SERVICES: [&Service; 3] = [&IDENTITY_STORE, &SSO_ADMIN, &STS];

impl Service {
    /// Returns the service with this id in AWS's models.
    pub(crate) fn of_id(id: &str) -> Option<&'static Self> {
        SERVICES.into_iter().find(|service| service.id == id)
    }

    fn of_operation(operation: &str) -> &'static Self {
        let others = SERVICES.into_iter().filter(|service| **service != IDENTITY_STORE);
        others.into_iter().find(|service| service.operations.contains(&operation)).unwrap_or(&IDENTITY_STORE)
    }
}

/// Returns the IAM action that an operation needs.
pub(crate) fn action(operation: &str) -> String {
    format!("{}:{operation}", Service::of_operation(operation).iam)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn action_has_the_prefix_of_its_service() {
        assert_eq!(action("DescribeUser"), "identitystore:DescribeUser");
        assert_eq!(action("ListInstances"), "sso:ListInstances");
        assert_eq!(action("AssumeRole"), "sts:AssumeRole");
    }
    #[test]
    fn service_is_found_by_its_id() {
        for service in SERVICES {
            assert_eq!(Service::of_id(service.id), Some(service));
        }
        assert_eq!(Service::of_id("S3"), None);
    }
}
