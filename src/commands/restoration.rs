//! Gives back what contain-user took. It is the one command that gives anybody access to an account, so it believes a
//! snapshot only as far as its signature goes.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::long::LongCommand;
use super::steps::Steps;
use crate::directory::{Directory, Restored};
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::kinds::Json;
use crate::values::long_work::{Patience, Rest};
use crate::values::markdown::Markdown;
use crate::values::output::{Items, Outcome, Restoration, Status, Stored};
use crate::values::report::Report;
use crate::values::snapshot::{self, Checks, Followed, Requests, Whose};

/// Gives back to a user what contain-user took, as a signed snapshot says. Groups and permission sets that the user has
/// already are left as they are; those that no longer exist, or that AWS has another name for, are reported.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RestoreUser {
    user: UserChoice,
    /// What was taken: Containment of the context (one or several), its JSON text, or a whole answer of contain-user.
    // Else XSOAR runs the command once for each containment of the case, those of other users included.
    #[schemars(extend("xsoar" = {"isArray": true}))]
    snapshot: Json,
    /// Whether to change nothing, and to list what would be given back.
    dry_run: bool,
    /// Whether to use a snapshot that is not signed, was altered, was signed with another key, or is older than 30 days.
    /// Such a snapshot may give the user anything: check each row of a dry run first.
    allow_unverified: bool,
}

impl LongCommand for RestoreUser {
    const NAME: &'static str = "aws-iam-identitycenter-restore-user";
    const CALLS: &'static [&'static str] = &[
        "GetUserId",
        "DescribeUser",
        "ListUsers",
        "ListGroupMembershipsForMember",
        "ListGroups",
        "GetGroupId",
        "DescribeGroup",
        "CreateGroupMembership",
        "GetGroupMembershipId",
        "DescribeGroupMembership",
        "ListInstances",
        "ListAccountAssignmentsForPrincipal",
        "DescribePermissionSet",
        "CreateAccountAssignment",
        "DescribeAccountAssignmentCreationStatus",
        "ListAccountAssignmentDeletionStatus",
        "DescribeAccountAssignmentDeletionStatus",
    ];
    // Who was contained for a reason gets it all back.
    const HARMFUL: bool = true;
    type Output = Stored<Restoration>;
    type Progress = Followed;

    async fn run(
        self,
        directory: &Directory,
        progress: Option<Followed>,
        patience: &Patience,
    ) -> Result<Report<Self::Output>, Error> {
        let containments = snapshot::containments(&self.snapshot.0)?;
        let (user, nameless) = directory.changeable_known_user(&self.user).await?;
        let whose = Whose {
            id: &user.id,
            name: user.name.as_deref(),
            shown: user.shown(),
            identity_store_id: directory.identity_store_id(),
        };
        // Each round starts from the snapshot. Of an earlier one only its requests count.
        let keys = directory.snapshot_keys();
        let (mut plan, checks) = snapshot::plan(containments, &whose, keys, self.allow_unverified)?;
        let mut requests = Requests::default();
        if let Some(progress) = progress {
            (plan.restoration.begun_at, requests) = progress.of(&user.id)?;
        }
        let what = &self.user.to_string();
        let mut restored = directory.restore(&user, what, plan, &requests, self.dry_run, patience).await?;
        if checks.any_refused() && restored.restoration.status == Status::Done {
            restored.restoration.status = Status::Incomplete;
        }
        let warning = nameless.map(|error| format!("Not everything is shown with its name. {error}"));
        Ok(report(user.shown(), restored, &checks).warn(warning))
    }
}

/// What contain-user had a person do.
const LEFT_TO_DO: &str = "If a policy that denies everything to this user was attached, or the user was disabled, that \
                          still holds: a person has to detach the policy and enable the user.";

/// What was given back, and from which snapshots.
fn report(who: &str, restored: Restored, checks: &Checks) -> Report<Stored<Restoration>> {
    let Restored { restoration, unverified, under_way_unseen, denied } = restored;
    let steps = Steps { groups: &restoration.group_memberships, assignments: &restoration.account_assignments };
    let title = if steps.are_none() {
        format!("Nothing was taken from user {who}, so there was nothing to give back.")
    } else if restoration.status == Status::DryRun {
        let would = [Outcome::WouldBeAdded, Outcome::ThereAlready];
        format!("User {who} would have {} again", steps.counted(&would))
    } else {
        let given = [Outcome::Added, Outcome::ThereAlready];
        let so_far = if restoration.status == Status::InProgress { " so far" } else { "" };
        format!("User {who} has {} again{so_far}", steps.counted(&given))
    };
    let text = checks.lines().into_iter().fold(Markdown::heading(title), Markdown::paragraph);
    let text = steps.tables_below(text);
    let text = match checks.first_line() {
        Some(line) => Markdown::from(line).then(text),
        None => text,
    };
    let text = if restoration.status == Status::DryRun || steps.are_none() { text } else { text.paragraph(LEFT_TO_DO) };
    let unfinished = steps.unfinished();
    let failures = steps.failures(&format!("could not be given back to user {who}"));
    let unverified =
        unverified.map(|error| Error::Setup(format!("It could not be read back what user {who} has now. {error}")));
    let to_come = under_way_unseen.map(|error| {
        format!("AWS may be about to take more from user {who}: {error} Run the command again to give it back.")
    });
    let interrupted = (restoration.status == Status::DryRun && unfinished > 0).then_some(Error::Interrupted);
    let rest = (restoration.status == Status::InProgress)
        .then(|| Rest { progress: json!(restoration), remaining: unfinished });
    let restoration = Items::one(restoration);
    Report::new(text, restoration.clone(), Stored(restoration))
        .warn(to_come)
        .ended_by(checks.error(who))
        .fail(failures)
        .ended_by(unverified)
        .ended_by(interrupted)
        .denied(denied)
        .leaving(rest)
}
