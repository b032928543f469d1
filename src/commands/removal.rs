//! The end of memberships.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Command, shown};
use crate::directory::{Directory, Paging, Removed, UserMemberships};
use crate::values::choice::{GroupBesideUser, MembershipsChoice, UserChoice};
use crate::values::error::Error;
use crate::values::markdown::{Column, Table};
use crate::values::model::Membership;
use crate::values::output::GroupMembershipRow;
use crate::values::report::Report;

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
struct Removal<R> {
    #[serde(flatten)]
    row: R,
    outcome: String,
}

/// How a membership is shown. Done or failed, the last column says it.
trait Rowed: Serialize + Sized + 'static {
    fn columns(last: &'static str) -> [Column<Removal<Self>>; 4];
}

impl Rowed for GroupMembershipRow {
    fn columns(last: &'static str) -> [Column<Removal<Self>>; 4] {
        [
            ("GroupName", |removal| removal.row.group_name.clone()),
            ("GroupId", |removal| removal.row.group_id.clone()),
            ("MembershipId", |removal| Some(removal.row.membership_id.clone())),
            (last, |removal| Some(removal.outcome.clone())),
        ]
    }
}

impl Rowed for Membership {
    fn columns(last: &'static str) -> [Column<Removal<Self>>; 4] {
        [
            ("MembershipId", |removal| Some(removal.row.membership_id.clone())),
            ("GroupId", |removal| removal.row.group_id.clone()),
            ("UserId", |removal| removal.row.member_id.as_ref().map(|member| member.user_id.clone())),
            (last, |removal| Some(removal.outcome.clone())),
        ]
    }
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
        "DescribeGroupMembership",
    ];
    const HARMFUL: bool = true;
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        remove_from_all(directory, &self.user, self.dry_run).await
    }
}

async fn remove_from_all(directory: &Directory, choice: &UserChoice, dry_run: bool) -> Result<Report<()>, Error> {
    let user = directory.changeable_user(choice).await?;
    let UserMemberships { user: named, nameless, listing } =
        directory.memberships_of(user.to_found(), &choice.to_string(), Paging::default()).await?;
    let removals = directory.remove_members(&user, &listing.items, dry_run).await?;

    let rows = listing.items.iter().map(|membership| shown::membership_row(membership, &removals.names));
    let mut sorted = Sorted::of(rows.zip(removals.outcomes));
    sorted.denied |= listing.ended_by.as_ref().is_some_and(Error::is_denied);
    let who = named.shown();
    let total = match (&listing.ended_by, listing.items.len()) {
        (None, total) => total.to_string(),
        (Some(_), total) => format!("at least {total}"),
    };
    let (would, would_not) = if dry_run { ("would be", "would not be") } else { ("was", "was not") };
    let report = if listing.items.is_empty() && listing.ended_by.is_none() {
        Report::new(format!("User {who} is in no group. There was nothing to remove."), sorted.done, ())
    } else {
        let done = format!("User {who} {would} removed from {} of {total} groups", sorted.ended);
        let failed = format!("User {who} {would_not} removed from {} of {total} groups:", sorted.failed.len());
        sorted.report(done, failed)
    };
    let rest = listing.ended_by.map(|error| {
        Error::Setup(format!("{error} There may be more groups, which were not touched. Run the command again."))
    });
    Ok(report.warn(shown::unnamed(nameless.as_ref(), &removals.names)).ended_by(rest))
}

/// Removals, by what became of them.
struct Sorted<R> {
    done: Vec<Removal<R>>,
    failed: Vec<Removal<R>>,
    /// How many of those done are the work of this command.
    ended: usize,
    denied: bool,
}

impl<R: Rowed> Sorted<R> {
    fn of(removals: impl Iterator<Item = (R, Result<Removed, Error>)>) -> Self {
        let mut sorted = Self { done: Vec::new(), failed: Vec::new(), ended: 0, denied: false };
        for (row, outcome) in removals {
            match outcome {
                Ok(removed) => {
                    sorted.ended += usize::from(matches!(removed, Removed::Now | Removed::NotYet));
                    sorted.done.push(Removal { row, outcome: said(removed).to_owned() });
                }
                Err(error) => {
                    sorted.denied |= error.is_denied();
                    sorted.failed.push(Removal { row, outcome: error.to_string() });
                }
            }
        }
        sorted
    }

    /// What was done and what failed, each with a row for each membership.
    fn report(self, done: String, failed: String) -> Report<()> {
        let report = if self.done.is_empty() {
            Report::nothing_done()
        } else {
            Report::new(Table::first_of(done, &R::columns("Outcome"), &self.done, "Contents"), self.done, ())
        };
        let rows = Table::of(failed, &R::columns("Reason"), &self.failed);
        report.fail((!self.failed.is_empty()).then_some(rows)).denied(self.denied)
    }
}

fn said(removed: Removed) -> &'static str {
    match removed {
        Removed::Now => "removed",
        Removed::Before => "was gone already",
        Removed::NotYet => "would be removed",
        Removed::Perhaps => "gone; whether by this command is not known, because an answer of AWS was lost",
    }
}

/// Removes a user from one group. A user who is not in the group is no error.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemoveUserFromGroup {
    user: UserChoice,
    group: GroupBesideUser,
    /// Whether to change nothing, and to say what would be removed.
    dry_run: bool,
}

impl Command for RemoveUserFromGroup {
    const NAME: &'static str = "aws-iam-identitycenter-remove-user-from-group";
    const CALLS: &'static [&'static str] = &[
        "GetUserId",
        "DescribeUser",
        "ListUsers",
        "GetGroupId",
        "DescribeGroup",
        "ListGroups",
        "GetGroupMembershipId",
        "ListGroupMembershipsForMember",
        "DeleteGroupMembership",
        "DescribeGroupMembership",
    ];
    const HARMFUL: bool = true;
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let (user, group) = directory.changeable_pair(&self.user, &self.group.0).await?;
        let (membership_id, removed) = directory.remove_from_group(&user, &group, self.dry_run).await?;
        let (who, from) = (user.shown(), group.shown());
        let text = match removed {
            Removed::Now => format!("User {who} was removed from group {from}."),
            Removed::Before | Removed::Perhaps => format!("User {who} is not in group {from}. Nothing was changed."),
            Removed::NotYet => format!("User {who} would be removed from group {from}."),
        };
        let contents = json!({
            "UserId": user.id, "GroupId": group.id, "MembershipId": membership_id, "Outcome": said(removed),
        });
        Ok(Report::new(text, contents, ()))
    }
}

/// Ends memberships: those with these ids, each reported, or all of one user. One that is gone already is no error.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeleteGroupMembership {
    memberships: MembershipsChoice,
    /// Whether to change nothing, and to list what would be removed.
    dry_run: bool,
}

impl Command for DeleteGroupMembership {
    const NAME: &'static str = "aws-iam-identitycenter-delete-group-membership";
    const CALLS: &'static [&'static str] = &[
        "GetUserId",
        "DescribeUser",
        "ListUsers",
        "ListGroupMembershipsForMember",
        "ListGroups",
        "GetGroupId",
        "DescribeGroup",
        "DescribeGroupMembership",
        "DeleteGroupMembership",
    ];
    const HARMFUL: bool = true;
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let ids = match self.memberships {
            MembershipsChoice::OfUser(user) => return remove_from_all(directory, &user, self.dry_run).await,
            MembershipsChoice::Ids(ids) => ids,
        };
        let sorted = Sorted::of(directory.remove_memberships(ids, self.dry_run).await?.into_iter());
        let total = sorted.done.len() + sorted.failed.len();
        let (would, would_not) = if self.dry_run { ("would be", "would not be") } else { ("were", "were not") };
        let done = format!("{} of {total} memberships {would} removed", sorted.ended);
        let failed = format!("{} of {total} memberships {would_not} removed:", sorted.failed.len());
        Ok(sorted.report(done, failed))
    }
}
