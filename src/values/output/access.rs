//! Access to accounts in the context. It is replaced as a whole: access that is gone must not stay behind.

use schemars::JsonSchema;
use serde::Serialize;

use super::Row;
use crate::values::context::{ContextPath, Layout};

/// What a user or a group can reach, one row for each account, permission set and way in.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AccessList {
    /// What the user or the group can reach.
    #[serde(rename = "Access")]
    pub(crate) access: Vec<AccessRow>,
}

/// One way into an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccessRow {
    /// The user who can reach it; absent where a group was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<String>,
    /// The AWS account.
    pub(crate) account_id: String,
    /// The Amazon Resource Name (ARN) of the permission set.
    pub(crate) permission_set_arn: String,
    /// The name of the permission set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) permission_set_name: Option<String>,
    /// The way in: direct or group.
    pub(crate) via: Via,
    /// The group that is the way in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group_id: Option<String>,
    /// The name of the group that is the way in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group_name: Option<String>,
}

/// How a user comes to an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Via {
    Direct,
    Group,
}

impl Row for AccessList {
    type Item = Self;
    type Documented<'a> = &'a Self;
    type Marketplace<'a> = &'a Self;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.root())
    }
}
