//! Memberships of users in groups.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Command, shown};
use crate::directory::{Directory, Left, Paging};
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::kinds::Limit;
use crate::values::markdown::{Column, Table};
use crate::values::model::{MemberId, Membership};
use crate::values::output::{GroupMembershipRow, GroupsOfUser};
use crate::values::report::Report;

const MEMBERSHIP: [Column<GroupMembershipRow>; 3] = [
    ("GroupName", |row| row.group_name.clone()),
    ("GroupId", |row| row.group_id.clone()),
    ("MembershipId", |row| Some(row.membership_id.clone())),
];

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
    type Output = GroupsOfUser;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let paging = Paging { limit: self.limit, next_token: self.next_token };
        let (user, listing) = directory.user_with_memberships(&self.user, paging).await?;
        let names = directory.group_names(&listing.items).await;
        let rows: Vec<_> = listing.items.iter().map(|membership| row(membership, &names)).collect();
        let human_readable = if rows.is_empty() && listing.next_token.is_none() {
            format!("User {} is in no group.", user.shown())
        } else {
            shown::list(&Table::of(format!("Groups of user {}", user.shown()), &MEMBERSHIP, &rows), &listing)
        };
        let output =
            GroupsOfUser { user_id: user.id, user_name: user.name, memberships: rows, next_token: listing.next_token };
        Ok(Report::new(human_readable, listing.items, output).ended_by(listing.ended_by))
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
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let (user, group) = directory.find_unprotected(&self.user, &self.group).await?;
        let joined = directory.join(&user, &group).await?;
        let (who, to) = (user.shown(), group.shown());
        let text = if joined.already {
            format!("User {who} is in group {to} already. Nothing was changed.")
        } else {
            format!("User {who} was added to group {to}.")
        };
        let membership = Membership {
            membership_id: joined.membership_id,
            group_id: Some(group.id),
            member_id: Some(MemberId { user_id: user.id }),
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
    const HARMFUL: bool = true;
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let (user, listing) = directory.user_with_memberships(&self.user, Paging::default()).await?;
        directory.check_user(&user)?;
        let memberships = &listing.items;
        let (outcomes, names) = directory.leave_all(memberships, self.dry_run).await;

        let (mut done, mut failed) = (Vec::new(), Vec::new());
        for (membership, outcome) in memberships.iter().zip(outcomes) {
            let membership = row(membership, &names);
            match outcome {
                Ok(left) => done.push(Removal { membership, outcome: said(left).to_owned() }),
                Err(error) => failed.push(Removal { membership, outcome: error.to_string() }),
            }
        }
        let (who, total) = (user.shown().to_owned(), memberships.len());
        let failures = (!failed.is_empty()).then(|| {
            let summary = format!("User {who} was not removed from {} of {total} groups:", failed.len());
            (summary, Table::of("Failed", &removal("Reason"), &failed))
        });
        let report = if done.is_empty() && total > 0 {
            Report::nothing_done()
        } else {
            let title = match (total, self.dry_run) {
                (0, _) => format!("User {who} is in no group. There was nothing to remove."),
                (_, true) => format!("User {who} would be removed from {} of {total} groups", done.len()),
                (_, false) => format!("User {who} was removed from {} of {total} groups", done.len()),
            };
            let text = if total == 0 { title } else { Table::of(title, &removal("Outcome"), &done).markdown() };
            Report::new(text, done, ())
        };
        Ok(report.fail(failures).ended_by(listing.ended_by))
    }
}

fn said(left: Left) -> &'static str {
    match left {
        Left::Removed => "removed",
        Left::WasGone => "was gone already",
        Left::WouldBeRemoved => "would be removed",
    }
}

fn row(membership: &Membership, names: &HashMap<String, String>) -> GroupMembershipRow {
    let group_id = membership.group_id.clone();
    let group_name = group_id.as_ref().and_then(|id| names.get(id).cloned());
    GroupMembershipRow { group_name, group_id, membership_id: membership.membership_id.clone() }
}
