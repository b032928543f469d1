//! Memberships of users in groups.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Command, shown};
use crate::directory::{Directory, GroupNames, Paging, Removed, UserMemberships};
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::kinds::Limit;
use crate::values::markdown::{Column, Table};
use crate::values::model::{MemberId, Membership};
use crate::values::output::{GroupMembershipRow, GroupsOfUser, GroupsUserNextToken, Items, Stored};
use crate::values::report::Report;

const MEMBERSHIP: [Column<GroupMembershipRow>; 3] = [
    ("GroupName", |row| row.group_name.clone()),
    ("GroupId", |row| row.group_id.clone()),
    ("MembershipId", |row| Some(row.membership_id.clone())),
];

fn row(membership: &Membership, names: &GroupNames) -> GroupMembershipRow {
    let group_id = membership.group_id.clone();
    let group_name = group_id.as_deref().and_then(|id| names.get(id)).map(str::to_owned);
    GroupMembershipRow { group_name, group_id, membership_id: membership.membership_id.clone() }
}

/// Why the user, or a group, is shown without its name.
fn unnamed(user: Option<&Error>, groups: &GroupNames) -> Option<String> {
    let user = user.map(|error| format!("The user is shown without its name. {error}"));
    let groups = groups.missing.as_ref().map(|error| format!("Not every group is shown with its name. {error}"));
    let both: Vec<_> = user.into_iter().chain(groups).collect();
    (!both.is_empty()).then(|| both.join("\n"))
}

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
        let rows: Vec<_> = listing.items.iter().map(|membership| row(membership, &names)).collect();
        let human_readable = if rows.is_empty() && listing.next_token.is_none() {
            format!("User {} is in no group.", user.shown())
        } else {
            shown::list(format!("Groups of user {}", user.shown()), &MEMBERSHIP, &rows, listing.next_token.as_deref())
        };
        let token = GroupsUserNextToken::stored(listing.next_token.clone());
        let groups =
            GroupsOfUser { user_id: user.id, user_name: user.name, memberships: rows, next_token: listing.next_token };
        let output = (Stored(Items::one(groups)), token);
        let report = Report::new(human_readable, listing.items, output);
        Ok(report.warn(unnamed(nameless.as_ref(), &names)).ended_by(listing.ended_by))
    }
}

/// Adds a user to a group. A user who is in the group already stays in it, which is a success.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct AddUserToGroup {
    user: UserChoice,
    group: GroupChoice,
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
        let (user, group) = directory.changeable_pair(&self.user, &self.group).await?;
        let added = directory.add_member(&group, &user).await?;
        let (who, to) = (user.shown(), group.shown());
        let text = if added.already {
            format!("User {who} is in group {to} already. Nothing was changed.")
        } else {
            format!("User {who} was added to group {to}.")
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

/// Removes a user from all groups, however many. Memberships in protected groups stay, and are reported as failed.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemoveUserFromAllGroups {
    user: UserChoice,
    /// Whether to change nothing, and to list what would be removed.
    dry_run: bool,
}

/// A membership that was to be removed, and what became of it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Removal {
    #[serde(flatten)]
    membership: GroupMembershipRow,
    outcome: String,
}

/// Done or failed, the last column says it.
const fn removal(last: &'static str) -> [Column<Removal>; 4] {
    [
        ("GroupName", |row| row.membership.group_name.clone()),
        ("GroupId", |row| row.membership.group_id.clone()),
        ("MembershipId", |row| Some(row.membership.membership_id.clone())),
        (last, |row| Some(row.outcome.clone())),
    ]
}

impl Command for RemoveUserFromAllGroups {
    const NAME: &'static str = "aws-iam-identitycenter-remove-user-from-all-groups";
    const CALLS: &'static [&'static str] = &[
        "GetUserId",
        "DescribeUser",
        "ListUsers",
        "ListGroupMembershipsForMember",
        "ListGroups",
        "GetGroupId",
        "DescribeGroup",
        "DeleteGroupMembership",
    ];
    const HARMFUL: bool = true;
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let user = directory.changeable_user(&self.user).await?;
        let UserMemberships { user: named, nameless, listing } =
            directory.memberships_of(user.to_found(), &self.user.to_string(), Paging::default()).await?;
        let removals = directory.remove_members(&user, &listing.items, self.dry_run).await?;

        let (mut done, mut failed) = (Vec::new(), Vec::new());
        let mut denied = listing.ended_by.as_ref().is_some_and(Error::is_denied);
        for (membership, outcome) in listing.items.iter().zip(removals.outcomes) {
            let membership = row(membership, &removals.names);
            match outcome {
                Ok(removed) => done.push(Removal { membership, outcome: said(removed).to_owned() }),
                Err(error) => {
                    denied |= error.is_denied();
                    failed.push(Removal { membership, outcome: error.to_string() });
                }
            }
        }
        let (would, would_not) = if self.dry_run { ("would be", "would not be") } else { ("was", "was not") };
        let who = named.shown();
        let total = match (&listing.ended_by, listing.items.len()) {
            (None, total) => total.to_string(),
            (Some(_), total) => format!("at least {total}"),
        };
        let report = if listing.items.is_empty() {
            Report::new(format!("User {who} is in no group. There was nothing to remove."), done, ())
        } else if done.is_empty() {
            Report::nothing_done()
        } else {
            let title = format!("User {who} {would} removed from {} of {total} groups", done.len());
            Report::new(Table::first_of(title, &removal("Outcome"), &done, "Contents").markdown(), done, ())
        };
        let failures = (!failed.is_empty()).then(|| {
            let summary = format!("User {who} {would_not} removed from {} of {total} groups:", failed.len());
            (summary, Table::of("Failed", &removal("Reason"), &failed))
        });
        let rest = listing.ended_by.map(|error| {
            Error::Setup(format!("{error} There may be more groups, which were not touched. Run the command again."))
        });
        Ok(report.warn(unnamed(nameless.as_ref(), &removals.names)).fail(failures).denied(denied).ended_by(rest))
    }
}

fn said(removed: Removed) -> &'static str {
    match removed {
        Removed::Now => "removed",
        Removed::Before => "was gone already",
        Removed::NotYet => "would be removed",
    }
}
