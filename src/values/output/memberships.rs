//! Memberships in the context: the groups of a user.

use schemars::JsonSchema;
use serde::Serialize;

use super::tokens::GroupsUserNextToken;
use super::{Declarations, Output};
use crate::values::context::Layout;
use crate::values::entry::Context;

/// A user and the groups the user is in, as far as they were read.
pub(crate) struct GroupsOfUser {
    pub(crate) user_id: String,
    pub(crate) user_name: Option<String>,
    pub(crate) memberships: Vec<GroupMembershipRow>,
    pub(crate) next_token: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct UserWithGroups {
    /// The stable and unique string identifying the user.
    user_id: String,
    /// The friendly name identifying the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    /// The groups that the user belongs to. The founding documentation spells it so, and playbooks read it.
    #[serde(rename = "GroupMemeberships")]
    memberships: Vec<GroupMembershipRow>,
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

/// As the Marketplace pack has it, and a second time as its documentation spells it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct MarketplaceUser {
    /// The stable and unique string identifying the user.
    user_id: String,
    /// The groups that the user belongs to.
    group_memberships: Vec<MarketplaceMembership>,
    /// The same, as the documentation of the Marketplace pack spells it.
    #[serde(rename = "GroupMemeberships")]
    misspelt: Vec<MarketplaceMembership>,
    /// What continues the list of the user's groups as nextToken; empty when the list is finished.
    groups_user_next_token: String,
}

#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct MarketplaceMembership {
    /// The stable and unique string identifying the membership.
    membership_id: String,
    /// The stable and unique string identifying the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<String>,
}

impl Output for GroupsOfUser {
    fn declare(declarations: &mut Declarations, layout: Layout) {
        match layout {
            Layout::Documented => declarations.rows::<UserWithGroups>(layout.users()),
            Layout::Marketplace => declarations.rows::<MarketplaceUser>(layout.users()),
        }
        GroupsUserNextToken::declare(declarations, layout);
    }

    fn write(self, context: &mut Context, layout: Layout) {
        let Self { user_id, user_name, memberships, next_token } = self;
        match layout {
            Layout::Documented => context.put(layout.users().key(), UserWithGroups { user_id, user_name, memberships }),
            Layout::Marketplace => {
                let brief = |row: GroupMembershipRow| MarketplaceMembership {
                    membership_id: row.membership_id,
                    group_id: row.group_id,
                };
                let group_memberships: Vec<_> = memberships.into_iter().map(brief).collect();
                let misspelt = group_memberships.clone();
                let groups_user_next_token = next_token.clone().unwrap_or_default();
                let user = MarketplaceUser { user_id, group_memberships, misspelt, groups_user_next_token };
                context.put(layout.users().key(), user);
            }
        }
        GroupsUserNextToken::from(next_token).write(context, layout);
    }
}
