//! Gives back what contain-user took.

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
use crate::values::output::{Items, Outcome, Restoration, Status, Stored};
use crate::values::report::Report;
use crate::values::snapshot;

/// Gives back to a user what contain-user took, and nothing else: groups and permission sets that the user has already
/// are left as they are, and those that no longer exist are reported.
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
    type Progress = Restoration;

    async fn run(
        self,
        directory: &Directory,
        progress: Option<Restoration>,
        patience: &Patience,
    ) -> Result<Report<Self::Output>, Error> {
        let containments = snapshot::containments(&self.snapshot.0)?;
        let (user, nameless) = directory.changeable_known_user(&self.user).await?;
        let taken = snapshot::taken(containments, &user.id, user.shown(), directory.identity_store_id())?;
        let restoration = match progress {
            Some(begun) => snapshot::resumed(taken, begun)?,
            None => taken,
        };
        let what = &self.user.to_string();
        let restored = directory.restore(&user, what, restoration, self.dry_run, patience).await?;
        let warning = nameless.map(|error| format!("Not everything is shown with its name. {error}"));
        Ok(report(user.shown(), restored).warn(warning))
    }
}

/// What contain-user had a person do.
const LEFT_TO_DO: &str = "\nIf a policy that denies everything to this user was attached, or the user was disabled, that \
                          still holds: a person has to detach the policy and enable the user.\n";

fn report(who: &str, restored: Restored) -> Report<Stored<Restoration>> {
    let Restored { restoration, unverified, denied } = restored;
    let steps = Steps { groups: &restoration.group_memberships, assignments: &restoration.account_assignments };
    let text = if steps.are_none() {
        format!("### Nothing was taken from user {who}, so there was nothing to give back.\n")
    } else if restoration.status == Status::DryRun {
        let would = [Outcome::WouldBeAdded, Outcome::ThereAlready];
        steps.tables(&format!("User {who} would have {} again", steps.counted(&would)))
    } else {
        let given = [Outcome::Added, Outcome::ThereAlready];
        let so_far = if restoration.status == Status::InProgress { " so far" } else { "" };
        steps.tables(&format!("User {who} has {} again{so_far}", steps.counted(&given)))
    };
    let text = if restoration.status == Status::DryRun || steps.are_none() { text } else { text + LEFT_TO_DO };
    let unfinished = steps.unfinished();
    let failures = steps.failures(&format!("could not be given back to user {who}"));
    let unverified =
        unverified.map(|error| Error::Setup(format!("It could not be read back what user {who} has now. {error}")));
    let rest = (restoration.status == Status::InProgress)
        .then(|| Rest { progress: json!(restoration), remaining: unfinished });
    let restoration = Items::one(restoration);
    Report::new(text, restoration.clone(), Stored(restoration))
        .fail(failures)
        .ended_by(unverified)
        .denied(denied)
        .leaving(rest)
}
