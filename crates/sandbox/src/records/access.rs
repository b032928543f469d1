//! Access to accounts: permission sets, accounts, assignments, and the requests that change assignments.

use serde::{Deserialize, Serialize};

use super::timestamp::Timestamp;

/// A permission set.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct PermissionSet {
    pub(crate) permission_set_arn: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) created_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session_duration: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    relay_state: Option<String>,
}

impl PermissionSet {
    /// Returns a permission set. `duration` is how long its sessions last, as an ISO 8601 duration.
    pub(crate) fn new(arn: String, name: &str, duration: &str, created_date: Option<Timestamp>) -> Self {
        Self {
            permission_set_arn: arn,
            name: name.to_owned(),
            description: None,
            created_date,
            session_duration: Some(duration.to_owned()),
            relay_state: None,
        }
    }
}

/// An account of the organization. sso-admin knows accounts by id only; the name is for people.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) account_id: String,
    name: String,
}

impl Account {
    pub(crate) fn new(account_id: String, name: String) -> Self {
        Self { account_id, name }
    }
}

/// A permission set assigned to a principal in an account. The principal may be deleted: AWS keeps the assignments of
/// deleted users and groups, and so does the sandbox.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Assignment {
    pub(crate) account_id: String,
    pub(crate) permission_set_arn: String,
    pub(crate) principal_type: PrincipalType,
    pub(crate) principal_id: String,
}

/// The kind of a principal.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum PrincipalType {
    User,
    Group,
}

impl PrincipalType {
    /// Returns the name in the file and on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }
}

/// A request to create or delete an account assignment. AWS carries it out later and reports the outcome.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AssignmentRequest {
    pub(crate) request_id: String,
    pub(crate) action: AssignmentAction,
    pub(crate) status: RequestStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure_reason: Option<String>,
    pub(crate) target_id: String,
    pub(crate) permission_set_arn: String,
    pub(crate) principal_type: PrincipalType,
    pub(crate) principal_id: String,
    pub(crate) created_date: Timestamp,
    /// When the request is due. The next request that the sandbox receives after that completes it first.
    pub(crate) completes_at: Timestamp,
}

impl AssignmentRequest {
    /// Returns the assignment that is to be created or deleted.
    pub(crate) fn assignment(&self) -> Assignment {
        Assignment {
            account_id: self.target_id.clone(),
            permission_set_arn: self.permission_set_arn.clone(),
            principal_type: self.principal_type,
            principal_id: self.principal_id.clone(),
        }
    }
}

/// What a request does.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum AssignmentAction {
    Create,
    Delete,
}

/// The state of a request.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RequestStatus {
    InProgress,
    Failed,
    Succeeded,
}
