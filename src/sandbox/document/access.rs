//! Who may do what in which account: kept in the file for sso-admin.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A permission set.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in crate::sandbox) struct PermissionSet {
    pub(in crate::sandbox) permission_set_arn: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session_duration: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    relay_state: Option<String>,
}

/// An account of the organization.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in crate::sandbox) struct Account {
    pub(in crate::sandbox) account_id: String,
    name: String,
}

/// A permission set given to a principal in an account. The principal may be gone: AWS leaves
/// assignments behind when a user or group is deleted, and so does the sandbox.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in crate::sandbox) struct Assignment {
    pub(in crate::sandbox) account_id: String,
    pub(in crate::sandbox) permission_set_arn: String,
    pub(in crate::sandbox) principal_type: PrincipalType,
    pub(in crate::sandbox) principal_id: String,
}

/// What a principal is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::sandbox) enum PrincipalType {
    User,
    Group,
}
