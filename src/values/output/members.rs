//! Memberships in the context: the members of a group.

use schemars::JsonSchema;
use serde::Serialize;

use super::Row;
use crate::values::context::{ContextPath, Layout};

/// A group and its members, as far as they were read.
pub(crate) struct MembersOfGroup {
    pub(crate) group_id: String,
    pub(crate) group_name: Option<String>,
    pub(crate) members: Vec<MemberRow>,
    pub(crate) next_token: Option<String>,
}

/// One of the members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MemberRow {
    /// The friendly name identifying the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<String>,
    /// The stable and unique string identifying the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<String>,
    /// The stable and unique string identifying the membership.
    pub(crate) membership_id: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupWithMembers<'a> {
    /// The stable and unique string identifying the group.
    group_id: &'a str,
    /// The friendly name that identifies the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    group_name: Option<&'a str>,
    /// The members of the group.
    group_memberships: &'a [MemberRow],
}

impl<'a> From<&'a MembersOfGroup> for GroupWithMembers<'a> {
    fn from(group: &'a MembersOfGroup) -> Self {
        Self { group_id: &group.group_id, group_name: group.group_name.as_deref(), group_memberships: &group.members }
    }
}

/// As the Marketplace pack has it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MarketplaceGroup<'a> {
    /// The stable and unique string identifying the group.
    group_id: &'a str,
    /// The members of the group.
    group_memberships: Vec<MarketplaceMember<'a>>,
    /// What continues the list of the group's members as nextToken; empty when the list is finished.
    group_membership_next_token: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct MarketplaceMember<'a> {
    /// The stable and unique string identifying the membership.
    membership_id: &'a str,
    /// The stable and unique string identifying the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
}

impl<'a> From<&'a MembersOfGroup> for MarketplaceGroup<'a> {
    fn from(group: &'a MembersOfGroup) -> Self {
        let brief = |row: &'a MemberRow| MarketplaceMember {
            membership_id: &row.membership_id,
            user_id: row.user_id.as_deref(),
        };
        Self {
            group_id: &group.group_id,
            group_memberships: group.members.iter().map(brief).collect(),
            group_membership_next_token: group.next_token.as_deref().unwrap_or_default(),
        }
    }
}

impl Row for MembersOfGroup {
    type Item = Self;
    type Documented<'a> = GroupWithMembers<'a>;
    type Marketplace<'a> = MarketplaceGroup<'a>;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.groups())
    }
}
