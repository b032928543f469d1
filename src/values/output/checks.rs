//! In which of some groups a user is, in the context.

use schemars::JsonSchema;
use serde::Serialize;

use super::Row;
use crate::values::context::{ContextPath, Layout};

/// A user, and the groups that were asked about.
pub(crate) struct CheckedGroups {
    pub(crate) user_id: String,
    pub(crate) user_name: Option<String>,
    pub(crate) groups: Vec<CheckedGroup>,
}

/// One of the groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CheckedGroup {
    /// The friendly name that identifies the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group_name: Option<String>,
    /// The stable and unique string identifying the group.
    pub(crate) group_id: String,
    /// Whether the user is a member of the group.
    pub(crate) is_member: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserWithChecks<'a> {
    /// The stable and unique string identifying the user.
    user_id: &'a str,
    /// The friendly name identifying the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
    /// The groups that were asked about. It is spelt as in list-groups-for-user.
    #[serde(rename = "GroupMemeberships")]
    groups: &'a [CheckedGroup],
}

impl<'a> From<&'a CheckedGroups> for UserWithChecks<'a> {
    fn from(user: &'a CheckedGroups) -> Self {
        Self { user_id: &user.user_id, user_name: user.user_name.as_deref(), groups: &user.groups }
    }
}

impl Row for CheckedGroups {
    type Item = Self;
    type Documented<'a> = UserWithChecks<'a>;
    // What list-groups-for-user has put into GroupMemberships stays there.
    type Marketplace<'a> = UserWithChecks<'a>;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.users())
    }
}
