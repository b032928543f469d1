//! An error that AWS answered with, and what may be learned from it.

#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::model::DateTime;

pub(super) const NOT_FOUND: &str = "ResourceNotFoundException";

/// AWS failed while it did what it was asked for: perhaps before, perhaps after.
pub(crate) const FAILED_WITHIN: &str = "InternalServerException";

/// What has to be said where a change was sent, and nobody knows whether it was made.
pub(crate) fn unknown_outcome(operation: &str) -> &'static str {
    let changes = ["Create", "Update", "Delete"].iter().any(|verb| operation.starts_with(verb));
    if changes { " Whether AWS has done it is not known: look, or run the command again, which is safe." } else { "" }
}

/// An error that AWS answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServiceError {
    /// What was attempted, after "Failed to": "create user alice".
    pub(crate) doing: String,
    /// The operation of the API, such as `CreateUser`.
    pub(crate) operation: &'static str,
    /// The error's `__type` without its namespace, such as `ConflictException`.
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    /// The machine-readable refinement that some errors carry, such as `UNIQUENESS_CONSTRAINT_VIOLATION`.
    pub(crate) reason: Option<String>,
    /// What kind of thing was not found, such as `USER` or `IDENTITY_STORE`.
    pub(crate) resource_type: Option<String>,
    pub(crate) lost_answer: Option<LostAnswer>,
    /// The operations that the whole command may call, where it helps to know them.
    pub(crate) needs: &'static [&'static str],
}

/// An attempt that ended without an answer: it may have been carried out, and a repetition meets what it has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LostAnswer {
    /// When the first attempt began, in whole seconds since 1970, as servers may count no finer.
    since: u64,
}

impl LostAnswer {
    pub(crate) fn since(begun: SystemTime) -> Self {
        Self { since: begun.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() }
    }

    /// Whether something of this age may be the work of that attempt. Of what has no age, it may.
    pub(crate) fn may_have_made(&self, created_at: Option<&DateTime>) -> bool {
        created_at
            .and_then(DateTime::seconds)
            .is_none_or(|created| created >= Duration::from_secs(self.since).as_secs_f64())
    }
}

impl ServiceError {
    pub(crate) fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// Whether AWS takes the credentials for nobody's.
    pub(crate) fn is_unauthenticated(&self) -> bool {
        matches!(
            self.code.as_str(),
            "ExpiredToken"
                | "ExpiredTokenException"
                | "InvalidClientTokenId"
                | "InvalidSignatureException"
                | "SignatureDoesNotMatch"
                | "UnrecognizedClientException"
        )
    }

    /// What it comes down to, in the words that XSOAR's scripts look for, and what to do about it.
    fn verdict(&self) -> (&'static str, String) {
        let advice = |text: &str| text.to_owned();
        match self.code.as_str() {
            "AccessDeniedException" | "AccessDenied" => (
                "Access denied",
                match self.operation {
                    "AssumeRole" => {
                        "Allow sts:AssumeRole on this role to the credentials of the instance, and see that \
                                     the role's trust policy names them."
                            .to_owned()
                    }
                    "ListIdentityStores" => "Allow identitystore:ListIdentityStores or sso:ListInstances to the \
                                             credentials in use, or give the instance its Identity Store ID."
                        .to_owned(),
                    "ListInstances" => "Allow the IAM action sso:ListInstances to the credentials in use.".to_owned(),
                    operation => format!("Allow the IAM action {} to the credentials in use.", action(operation)),
                },
            ),
            "ConflictException" => ("It conflicts with what is there", String::new()),
            "ExpiredTokenException" | "ExpiredToken" => {
                ("The credentials have expired", advice("Give the instance new credentials."))
            }
            FAILED_WITHIN => ("AWS failed internally", advice("Try again later.")),
            "InvalidSignatureException" | "SignatureDoesNotMatch" => {
                ("AWS refused the signature", advice("Check the secret key of the instance and the clock of the host."))
            }
            "ResourceNotFoundException" if self.resource_type.as_deref() == Some("IDENTITY_STORE") => (
                "The identity store was not found",
                advice("Check the Identity Store ID and the AWS region of the instance."),
            ),
            "ResourceNotFoundException" => ("It was not found", String::new()),
            "ServiceQuotaExceededException" => {
                ("A quota of AWS is reached", advice("Ask AWS to raise it, or delete what is not needed."))
            }
            "ThrottlingException" => (
                "AWS allows no more calls at the moment",
                advice("Try again later, or give the instance more retries."),
            ),
            "UnrecognizedClientException" | "InvalidClientTokenId" => (
                "AWS does not know the access key",
                advice("Check the access key of the instance, and its session token if it has one."),
            ),
            "ValidationException"
                if self.message.as_deref().is_some_and(|text| text.contains("Filter is required")) =>
            {
                (
                    "This directory lists nothing without a filter",
                    advice("It is a legacy Active Directory source: name users by userName or userId."),
                )
            }
            "UnknownOperationException" => (
                "The service that answers does not know the operation",
                advice(
                    "It may be an additional region of the instance or an older service; or a legacy Active Directory \
                     source, which finds users and groups by userName, groupName or id only.",
                ),
            ),
            "ValidationException"
                if self.message.as_deref().is_some_and(|text| text.contains("not supported for this")) =>
            {
                (
                    "This instance of IAM Identity Center has nothing of the kind",
                    advice("An instance of one account has no permission sets and no account assignments."),
                )
            }
            "ValidationException" => ("AWS refused the input", String::new()),
            _ => ("AWS refused it", String::new()),
        }
    }
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (verdict, advice) = self.verdict();
        write!(f, "Failed to {}: {verdict}. AWS answered {}", self.doing, self.code)?;
        match self.message.as_deref().map(str::trim) {
            Some(message) if !message.is_empty() => write!(f, ": {}", message.trim_end_matches('.'))?,
            _ => write!(f, " without a message")?,
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request id {id})")?;
        }
        write!(f, ".")?;
        if !advice.is_empty() {
            write!(f, " {advice}")?;
        }
        if self.lost_answer.is_some() || self.is(FAILED_WITHIN) {
            write!(f, "{}", unknown_outcome(self.operation))?;
        }
        match needs(self.needs) {
            Some(needs) => write!(f, " {needs}"),
            None => Ok(()),
        }
    }
}

/// What a command needs of IAM, where it is more than what was just refused.
pub(super) fn needs(calls: &[&str]) -> Option<String> {
    let more = calls.len() > 1;
    more.then(|| {
        let actions: Vec<_> = calls.iter().map(|call| action(call)).collect();
        format!("The command may need all of: {}.", actions.join(", "))
    })
}

/// The operations of sso-admin that commands call. All others are Identity Store's.
const SSO_ADMIN: [&str; 14] = [
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
];

/// The IAM action that an operation needs (AWS: Service Authorization Reference).
pub(crate) fn action(operation: &str) -> String {
    let service = if SSO_ADMIN.contains(&operation) { "sso" } else { "identitystore" };
    format!("{service}:{operation}")
}
