//! Who may do what in which account: kept in the file for sso-admin.

use serde::{Deserialize, Serialize};

use super::Timestamp;

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
    /// A permission set whose sessions last that long, in the form of ISO 8601.
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

/// An account of the organization. sso-admin knows accounts by their id only; the name is for people.
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

/// A permission set given to a principal in an account. The principal may be gone: AWS leaves
/// assignments behind when a user or group is deleted, and so does the sandbox.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Assignment {
    pub(crate) account_id: String,
    pub(crate) permission_set_arn: String,
    pub(crate) principal_type: PrincipalType,
    pub(crate) principal_id: String,
}

/// What a principal is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum PrincipalType {
    User,
    Group,
}

impl PrincipalType {
    /// The name in the file and on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }
}

/// A change of an account assignment that was asked for. AWS carries it out later, and tells how it ended.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AssignmentRequest {
    pub(crate) request_id: String,
    pub(crate) action: Action,
    pub(crate) status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure_reason: Option<String>,
    pub(crate) target_id: String,
    pub(crate) permission_set_arn: String,
    pub(crate) principal_type: PrincipalType,
    pub(crate) principal_id: String,
    pub(crate) created_date: Timestamp,
    /// When the work is done: whoever comes next from then on does it first.
    pub(crate) completes_at: Timestamp,
}

impl AssignmentRequest {
    /// The assignment that is to be made or to go.
    pub(crate) fn assignment(&self) -> Assignment {
        Assignment {
            account_id: self.target_id.clone(),
            permission_set_arn: self.permission_set_arn.clone(),
            principal_type: self.principal_type,
            principal_id: self.principal_id.clone(),
        }
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Action {
    Create,
    Delete,
}

/// How far AWS has come with it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    InProgress,
    Failed,
    Succeeded,
}
