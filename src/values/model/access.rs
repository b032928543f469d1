//! Access to AWS accounts under the names of AWS's API (AWS: IAM Identity Center API, `AccountAssignmentForPrincipal`,
//! `PermissionSet`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A permission set that a user or a group has in an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccountAssignment {
    /// Twelve digits.
    pub(crate) account_id: String,
    pub(crate) permission_set_arn: String,
    pub(crate) principal_id: String,
    pub(crate) principal_type: PrincipalType,
}

/// Who has an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum PrincipalType {
    User,
    Group,
}

impl PrincipalType {
    /// The word of the API.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }

    /// Returns the other type.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::User => Self::Group,
            Self::Group => Self::User,
        }
    }

    /// The word of people.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }
}
