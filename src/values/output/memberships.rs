//! Memberships in the context: the groups of a user.

use schemars::JsonSchema;
use serde::Serialize;

use super::Row;
use crate::values::context::{ContextPath, Layout};

/// A user and the groups the user is in, as far as they were read.
pub(crate) struct GroupsOfUser {
    pub(crate) user_id: String,
    pub(crate) user_name: Option<String>,
    pub(crate) memberships: Vec<GroupMembershipRow>,
    pub(crate) next_token: Option<String>,
}

/// One of the groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupMembershipRow {
    /// The friendly name that identifies the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group_name: Option<String>,
    /// The stable and unique string identifying the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group_id: Option<String>,
    /// The stable and unique string identifying the membership.
    pub(crate) membership_id: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserWithGroups<'a> {
    /// The stable and unique string identifying the user.
    user_id: &'a str,
    /// The friendly name identifying the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
    /// The groups that the user belongs to. The founding documentation spells it so, and playbooks read it.
    #[serde(rename = "GroupMemeberships")]
    memberships: &'a [GroupMembershipRow],
}

impl<'a> From<&'a GroupsOfUser> for UserWithGroups<'a> {
    fn from(user: &'a GroupsOfUser) -> Self {
        Self { user_id: &user.user_id, user_name: user.user_name.as_deref(), memberships: &user.memberships }
    }
}

/// As the Marketplace pack has it, and a second time as its documentation spells it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MarketplaceUser<'a> {
    /// The stable and unique string identifying the user.
    user_id: &'a str,
    /// The groups that the user belongs to.
    group_memberships: Vec<MarketplaceMembership<'a>>,
    /// The same, as the documentation of the Marketplace pack spells it.
    #[serde(rename = "GroupMemeberships")]
    misspelt: Vec<MarketplaceMembership<'a>>,
    /// What continues the list of the user's groups as nextToken; empty when the list is finished.
    groups_user_next_token: &'a str,
}

#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct MarketplaceMembership<'a> {
    /// The stable and unique string identifying the membership.
    membership_id: &'a str,
    /// The stable and unique string identifying the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<&'a str>,
}

impl<'a> From<&'a GroupsOfUser> for MarketplaceUser<'a> {
    fn from(user: &'a GroupsOfUser) -> Self {
        let brief = |row: &'a GroupMembershipRow| MarketplaceMembership {
            membership_id: &row.membership_id,
            group_id: row.group_id.as_deref(),
        };
        let group_memberships: Vec<_> = user.memberships.iter().map(brief).collect();
        Self {
            user_id: &user.user_id,
            misspelt: group_memberships.clone(),
            group_memberships,
            groups_user_next_token: user.next_token.as_deref().unwrap_or_default(),
        }
    }
}

impl Row for GroupsOfUser {
    type Item = Self;
    type Documented<'a> = UserWithGroups<'a>;
    type Marketplace<'a> = MarketplaceUser<'a>;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.users())
    }
}
