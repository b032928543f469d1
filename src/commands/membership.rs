//! Memberships of users in groups.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Command, shown};
use crate::directory::{Checked, Directory, GroupMembers, Paging, UserMemberships};
use crate::values::arguments::{ArgumentError, Problem};
use crate::values::choice::{GroupBesideUser, GroupChoice, ListedGroup, UserChoice};
use crate::values::error::Error;
use crate::values::kinds::Limit;
use crate::values::markdown::{Column, Table};
use crate::values::model::{MemberId, Membership};
use crate::values::output::{
    CheckedGroup, CheckedGroups, GroupMembershipNextToken, GroupsOfUser, GroupsUserNextToken, Items, MembersOfGroup,
    Stored,
};
use crate::values::report::Report;

/// Lists the groups that a user belongs to: all of them, or as many as the limit says.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListGroupsForUser {
    user: UserChoice,
    /// How many groups to return. All if it is empty; there is no maximum.
    limit: Option<Limit>,
    /// The GroupsUserNextToken of an earlier answer, to go on from there.
    next_token: Option<String>,
}

impl Command for ListGroupsForUser {
    const NAME: &'static str = "aws-iam-identitycenter-list-groups-for-user";
    const CALLS: &'static [&'static str] =
        &["GetUserId", "DescribeUser", "ListUsers", "ListGroupMembershipsForMember", "ListGroups", "DescribeGroup"];
    type Output = (Stored<GroupsOfUser>, Stored<GroupsUserNextToken>);

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let paging = Paging { limit: self.limit, next_token: self.next_token };
        let user = directory.find_user(&self.user).await?;
        let UserMemberships { user, nameless, listing } =
            directory.memberships_of(user, &self.user.to_string(), paging).await?;
        let names = directory.group_names(&listing.items).await;
        let rows: Vec<_> = listing.items.iter().map(|membership| shown::membership_row(membership, &names)).collect();
        let human_readable = if rows.is_empty() && listing.next_token.is_none() {
            format!("User {} is in no group.", user.shown()).into()
        } else {
            shown::list(
                format!("Groups of user {}", user.shown()),
                &shown::MEMBERSHIP,
                &rows,
                listing.next_token.as_deref(),
            )
        };
        let token = GroupsUserNextToken::stored(listing.next_token.clone());
        let groups =
            GroupsOfUser { user_id: user.id, user_name: user.name, memberships: rows, next_token: listing.next_token };
        let output = (Stored(Items::one(groups)), token);
        let report = Report::new(human_readable, listing.items, output);
        Ok(report.warn(shown::unnamed(nameless.as_ref(), &names)).ended_by(listing.ended_by))
    }
}

/// Lists the members of a group: all of them, or as many as the limit says.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListMemberships {
    group: GroupChoice,
    /// How many members to return. All if it is empty; there is no maximum.
    limit: Option<Limit>,
    /// The GroupMembershipNextToken of an earlier answer, to go on from there.
    next_token: Option<String>,
}

impl Command for ListMemberships {
    const NAME: &'static str = "aws-iam-identitycenter-list-memberships";
    const CALLS: &'static [&'static str] =
        &["GetGroupId", "DescribeGroup", "ListGroups", "ListGroupMemberships", "ListUsers", "DescribeUser"];
    type Output = (Stored<MembersOfGroup>, Stored<GroupMembershipNextToken>);

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let paging = Paging { limit: self.limit, next_token: self.next_token };
        let group = directory.find_group(&self.group).await?;
        let GroupMembers { group, nameless, listing } =
            directory.members_of(group, &self.group.to_string(), paging).await?;
        let names = directory.member_names(&listing.items).await;
        let rows: Vec<_> = listing.items.iter().map(|membership| shown::member_row(membership, &names)).collect();
        let human_readable = if rows.is_empty() && listing.next_token.is_none() {
            format!("Group {} has no members.", group.shown()).into()
        } else {
            shown::list(
                format!("Members of group {}", group.shown()),
                &shown::MEMBER,
                &rows,
                listing.next_token.as_deref(),
            )
        };
        let nameless = nameless.map(|error| format!("The group is shown without its name. {error}"));
        let missing = names.missing.map(|error| format!("Not every user is shown with its name. {error}"));
        let token = GroupMembershipNextToken::stored(listing.next_token.clone());
        let members = MembersOfGroup {
            group_id: group.id,
            group_name: group.name,
            members: rows,
            next_token: listing.next_token,
        };
        let report = Report::new(human_readable, listing.items, (Stored(Items::one(members)), token));
        Ok(report.warn(nameless).warn(missing).ended_by(listing.ended_by))
    }
}

/// Says of each of these groups whether a user is in it.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct CheckGroupMembership {
    user: UserChoice,
    /// The groups, by name, id or ARN. There is no limit to their number.
    groups: Vec<ListedGroup>,
}

const CHECKED: [Column<CheckedGroup>; 3] = [
    ("GroupName", |row| row.group_name.clone()),
    ("GroupId", |row| Some(row.group_id.clone())),
    ("IsMember", |row| Some(if row.is_member { "yes" } else { "no" }.to_owned())),
];

const UNCHECKED: [Column<(String, String)>; 2] =
    [("Group", |(group, _)| Some(group.clone())), ("Reason", |(_, reason)| Some(reason.clone()))];

impl Command for CheckGroupMembership {
    const NAME: &'static str = "aws-iam-identitycenter-check-group-membership";
    const CALLS: &'static [&'static str] =
        &["GetUserId", "DescribeUser", "ListUsers", "GetGroupId", "ListGroups", "DescribeGroup", "IsMemberInGroups"];
    type Output = Stored<CheckedGroups>;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let what = self.user.to_string();
        if self.groups.is_empty() {
            return Err(ArgumentError::from(Problem::Missing).at("groups").into());
        }
        let choices: Vec<_> = self.groups.into_iter().map(|ListedGroup(choice)| choice).collect();
        let user = directory.find_user(&self.user).await?;
        let Checked { groups, names, failed } = directory.check_memberships(&user, &what, &choices).await?;
        let denied = failed.iter().any(|(_, error)| error.is_denied());
        let rows: Vec<_> = groups
            .into_iter()
            .map(|(group, is_member)| CheckedGroup {
                group_name: group.name.or_else(|| names.get(&group.id).map(str::to_owned)),
                group_id: group.id,
                is_member,
            })
            .collect();
        let failed: Vec<_> = failed.into_iter().map(|(group, error)| (group, error.to_string())).collect();
        let failures = (!failed.is_empty()).then(|| {
            let summary = format!("Of {} of {} groups it is not known:", failed.len(), failed.len() + rows.len());
            Table::of(summary, &UNCHECKED, &failed)
        });
        let report = if rows.is_empty() {
            Report::nothing_done()
        } else {
            let member = rows.iter().filter(|row| row.is_member).count();
            let title = format!("User {} is in {member} of {} groups", user.shown(), rows.len());
            let table = Table::first_of(title, &CHECKED, &rows, "context");
            let contents = rows.clone();
            let checked = CheckedGroups { user_id: user.id, user_name: user.name, groups: rows };
            Report::new(table, contents, Stored(Items::one(checked)))
        };
        let missing = names.missing.map(|error| format!("Not every group is shown with its name. {error}"));
        Ok(report.warn(missing).fail(failures).denied(denied))
    }
}

/// Adds a user to a group. A user who is in the group already stays in it, which is a success.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct AddUserToGroup {
    user: UserChoice,
    group: GroupBesideUser,
}

impl Command for AddUserToGroup {
    const NAME: &'static str = "aws-iam-identitycenter-add-user-to-group";
    const CALLS: &'static [&'static str] = &[
        "GetUserId",
        "DescribeUser",
        "ListUsers",
        "GetGroupId",
        "DescribeGroup",
        "ListGroups",
        "CreateGroupMembership",
        "GetGroupMembershipId",
        "DescribeGroupMembership",
    ];
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let (user, group) = directory.changeable_pair(&self.user, &self.group.0).await?;
        let added = directory.add_member(&group, &user).await?;
        let (who, to) = (user.shown(), group.shown());
        let text = match added.already {
            Some(true) => format!("User {who} is in group {to} already. Nothing was changed."),
            Some(false) => format!("User {who} was added to group {to}."),
            None => {
                format!(
                    "User {who} is in group {to}. Whether that was so before is not known: an answer of AWS was lost."
                )
            }
        };
        let membership = Membership {
            membership_id: added.membership_id,
            group_id: Some(group.id.clone()),
            member_id: Some(MemberId { user_id: user.id.clone() }),
            ..Membership::default()
        };
        Ok(Report::new(text, membership, ()))
    }
}
