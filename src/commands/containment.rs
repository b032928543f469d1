//! Cuts what a user can reach, for a time or for good (AWS: IAM Identity Center User Guide, "Revoke active IAM role
//! sessions created by permission sets", of which this does what AWS has an API for).

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::long::LongCommand;
use super::steps::Steps;
use crate::directory::{Contained, Directory, Wish};
use crate::values::choice::{ListedGroup, UserChoice};
use crate::values::error::Error;
use crate::values::kinds::Scope;
use crate::values::long_work::{Patience, Rest};
use crate::values::markdown::Markdown;
use crate::values::output::{Containment, Items, Outcome, Progress, Status, Stored, TakenBy};
use crate::values::report::Report;
use crate::values::snapshot::{self, Purpose, SnapshotKeys, Unverified};

/// Takes from a user what it can reach: its groups, and the permission sets that it has directly. What was taken is in
/// the context as Containment, which restore-user gives back. It says what AWS has no API for and a person has to do.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContainUser {
    user: UserChoice,
    /// What is taken: the groups, the direct assignments, or both (the default).
    scope: Option<Scope>,
    /// The names or ids of groups that the user stays in.
    keep_groups: Vec<ListedGroup>,
    /// Whether to change nothing, and to list what would be taken.
    dry_run: bool,
}

impl LongCommand for ContainUser {
    const NAME: &'static str = "aws-iam-identitycenter-contain-user";
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
        "ListInstances",
        "ListAccountAssignmentsForPrincipal",
        "DescribePermissionSet",
        "DeleteAccountAssignment",
        "DescribeAccountAssignmentDeletionStatus",
        "ListAccountAssignmentCreationStatus",
        "DescribeAccountAssignmentCreationStatus",
    ];
    const HARMFUL: bool = true;
    type Output = Stored<Containment>;
    type Progress = Containment;

    async fn run(
        self,
        directory: &Directory,
        progress: Option<Containment>,
        patience: &Patience,
    ) -> Result<Report<Self::Output>, Error> {
        let (user, nameless) = directory.changeable_known_user(&self.user).await?;
        let signer = Signer::of(directory, progress.as_ref());
        let wish = Wish {
            command: TakenBy::ContainUser,
            scope: self.scope.unwrap_or_default(),
            keep: self.keep_groups.into_iter().map(|group| group.0).collect(),
            dry_run: self.dry_run,
        };
        let mut contained = directory.contain(&user, &self.user.to_string(), &wish, progress, patience).await?;
        contained.nameless = contained.nameless.or(nameless);
        Ok(report(user.shown(), contained, &signer))
    }
}

/// Takes from a user what it can reach, as contain-user does, and then deletes the user, so that no account assignment is
/// left behind. If not everything can be taken, the user is not deleted.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OffboardUser {
    user: UserChoice,
    /// Whether to change nothing, and to list what would be taken and deleted.
    dry_run: bool,
}

impl LongCommand for OffboardUser {
    const NAME: &'static str = "aws-iam-identitycenter-offboard-user";
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
        "ListInstances",
        "ListAccountAssignmentsForPrincipal",
        "DescribePermissionSet",
        "DeleteAccountAssignment",
        "DescribeAccountAssignmentDeletionStatus",
        "ListAccountAssignmentCreationStatus",
        "DescribeAccountAssignmentCreationStatus",
        "DeleteUser",
    ];
    const HARMFUL: bool = true;
    type Output = Stored<Containment>;
    type Progress = Containment;

    async fn run(
        self,
        directory: &Directory,
        progress: Option<Containment>,
        patience: &Patience,
    ) -> Result<Report<Self::Output>, Error> {
        let user = directory.deletable_user(&self.user).await?;
        let signer = Signer::of(directory, progress.as_ref());
        let command = TakenBy::OffboardUser;
        let wish = Wish { command, scope: Scope::Both, keep: Vec::new(), dry_run: self.dry_run };
        let what = self.user.to_string();
        let mut contained = directory.contain(user.changeable(), &what, &wish, progress, patience).await?;
        if contained.containment.status == Status::Done && !contained.is_emptied {
            contained.containment.status = Status::Incomplete;
        }
        let mut deletion = Progress::of(Outcome::Pending);
        match contained.containment.status {
            Status::DryRun => match kept(&contained, "would not be") {
                None => deletion.outcome = Outcome::WouldBeRemoved,
                Some(reason) => deletion.now_because(Outcome::Failed, reason),
            },
            Status::Done if directory.is_stopped() => {
                contained.containment.status = Status::InProgress;
            }
            Status::InProgress => {}
            Status::Incomplete if contained.is_of_nobody() => deletion.now(Outcome::GoneAlready),
            Status::Incomplete => {
                let reason = kept(&contained, "was not").unwrap_or_else(|| not_everything("was not"));
                deletion.now_because(Outcome::Failed, reason);
            }
            Status::Done => match directory.delete_user(&user, None).await {
                Ok(()) => deletion.now(Outcome::Removed),
                // Somebody else was quicker.
                Err(Error::NotFound { .. }) => deletion.now(Outcome::GoneAlready),
                Err(error) => {
                    contained.denied |= error.is_denied();
                    contained.containment.status = Status::Incomplete;
                    deletion.failed(&error);
                }
            },
        }
        contained.containment.user_deletion = Some(deletion);
        Ok(report(user.shown(), contained, &signer))
    }
}

/// Signs what a containment answers, unless it goes on from progress that cannot be verified.
struct Signer<'d> {
    keys: &'d SnapshotKeys,
    /// Why the progress that it goes on from is not verified.
    unverified: Option<Unverified>,
}

impl<'d> Signer<'d> {
    fn of(directory: &'d Directory, progress: Option<&Containment>) -> Self {
        let keys = directory.snapshot_keys();
        let unverified = progress.and_then(|progress| snapshot::verify(keys, progress, Purpose::Progress).err());
        Self { keys, unverified }
    }

    fn sign(&self, containment: &Containment, purpose: Purpose) -> Option<String> {
        if self.unverified.is_some() { None } else { snapshot::sign(self.keys, containment, purpose) }
    }

    /// Says that the snapshot is not signed, and what a person may do about it; nothing where it is.
    fn unsigned(&self, status: Status) -> Option<String> {
        let is = if status == Status::DryRun { "would not be" } else { "is not" };
        match &self.unverified {
            _ if self.keys.is_empty() => Some(format!(
                "The snapshot {is} signed, so it can be restored with allowUnverified=true only: set the parameter \
                 snapshotKey of the instance to have snapshots signed."
            )),
            Some(reason) => Some(format!(
                "The snapshot {is} signed, so it can be restored with allowUnverified=true only: the progress that \
                 this round went on from {reason}."
            )),
            None => None,
        }
    }
}

/// Returns why a user is kept, if it is. What AWS is about to give to a user who is gone stays for ever.
fn kept(contained: &Contained, was_not: &str) -> Option<String> {
    match &contained.under_way_unseen {
        _ if !contained.containment.is_sound() => Some(not_everything(was_not)),
        Some(error) => Some(format!(
            "AWS does not say whether it is about to assign more to the user, so the user {was_not} deleted. {error}"
        )),
        None => None,
    }
}

fn not_everything(was_not: &str) -> String {
    format!("Not everything that the user can reach could be taken, so the user {was_not} deleted.")
}

/// What was taken and what was not, and what is left to be done.
fn report(who: &str, contained: Contained, signer: &Signer<'_>) -> Report<Stored<Containment>> {
    let Contained { mut containment, meanwhile, unverified, under_way_unseen, nameless, denied, .. } = contained;
    containment.deny_policy = String::new();
    containment.signature = signer.sign(&containment, Purpose::Progress);
    let progress = (containment.status == Status::InProgress).then(|| json!(containment));
    containment.signature = signer.sign(&containment, Purpose::Snapshot);
    containment.deny_policy = deny_policy(&containment.user_id);
    let steps = Steps { groups: &containment.group_memberships, assignments: &containment.account_assignments };
    let gone = [Outcome::Removed, Outcome::GoneAlready, Outcome::GoneMeanwhile];
    let mut text = if steps.are_none() {
        let nothing = match containment.scope {
            Scope::Groups => "is in no group",
            Scope::Assignments => "has no direct assignment",
            Scope::Both => "is in no group and has no direct assignment",
        };
        Markdown::heading(format!("User {who} {nothing}. There was nothing to take."))
    } else {
        let title = match containment.status {
            Status::DryRun => format!("User {who} would lose {}", steps.counted(&[Outcome::WouldBeRemoved])),
            Status::InProgress => format!("User {who} lost {} so far", steps.counted(&gone)),
            _ => format!("User {who} lost {}{}", steps.counted(&gone), steps.not_known()),
        };
        steps.tables(title)
    };
    let is_any_taken = containment.progresses().any(|progress| progress.outcome.is_taken());
    if is_any_taken && containment.status != Status::DryRun {
        text = text.paragraph(
            "What was taken is Containment in the context: restore-user gives it back with that as its snapshot.",
        );
    }
    if !steps.are_none() {
        text = signer.unsigned(containment.status).into_iter().fold(text, Markdown::paragraph);
    }
    text = deleted(who, containment.user_deletion.as_ref()).into_iter().fold(text, Markdown::paragraph);
    if containment.status != Status::DryRun {
        text = left_to_do(text, who, &containment);
    }

    let unfinished = steps.unfinished();
    let failures = steps.failures(&format!("could not be taken from user {who}"));
    let seen = containment.not_seen.as_ref().map(|error| {
        Error::Setup(format!("What user {who} was assigned directly could not be seen, and was not taken. {error}"))
    });
    let more = (!meanwhile.is_empty()).then(|| {
        let given = meanwhile.join(", ");
        Error::Setup(format!("User {who} was given more meanwhile: {given}. Run the command again to take it."))
    });
    let unverified =
        unverified.map(|error| Error::Setup(format!("It could not be read back what user {who} has now. {error}")));
    let user_kept = containment.user_deletion.as_ref().filter(|deletion| deletion.outcome.is_failure());
    let user_kept = user_kept.and_then(|deletion| deletion.reason.clone()).map(Error::Setup);
    let warning = nameless.map(|error| format!("Not everything is shown with its name. {error}"));
    // An off-boarding that is not told keeps the user, and says so.
    let under_way_unseen = under_way_unseen.filter(|_| containment.user_deletion.is_none());
    let to_come = under_way_unseen.map(|error| {
        format!("AWS may be about to assign more to user {who}: {error} Run the command again to take it.")
    });
    let rest = progress.map(|progress| Rest { progress, remaining: unfinished.max(1) });
    let containment = Items::one(containment);
    Report::new(text, containment.clone(), Stored(containment))
        .warn(warning)
        .warn(to_come)
        .fail(failures)
        .ended_by(seen)
        .ended_by(more)
        .ended_by(unverified)
        .ended_by(user_kept)
        .denied(denied)
        .leaving(rest)
}

fn deleted(who: &str, deletion: Option<&Progress>) -> Option<String> {
    match deletion.map(|deletion| (deletion.outcome, deletion.time.as_ref()))? {
        (Outcome::Removed, Some(time)) => Some(format!("User {who} was deleted ({time}).")),
        (Outcome::GoneAlready, _) => Some(format!("User {who} was gone already.")),
        (Outcome::WouldBeRemoved, _) => Some(format!("User {who} would be deleted then.")),
        _ => None,
    }
}

/// Denies everything to whoever has a role through this user (AWS: "Use a Deny policy to revoke active user
/// permissions").
fn deny_policy(user_id: &str) -> String {
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "DenyContainedUser",
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {"identitystore:UserId": user_id}},
        }],
    });
    format!("{policy:#}")
}

/// What AWS has no API for.
fn left_to_do(text: Markdown, who: &str, containment: &Containment) -> Markdown {
    let gone = [Outcome::Removed, Outcome::GoneAlready];
    let is_deleted = containment.user_deletion.as_ref().is_some_and(|deletion| gone.contains(&deletion.outcome));
    let text = text
        .subheading("What AWS has no API for, and a person has to do")
        .item(
            1,
            "Cut the role sessions that are open. They go on until they expire, up to 12 hours after they began, as the \
             permission set says, and a new one may begin for up to an hour. To end them now, attach this as a service \
             control policy to the accounts or to the root; in the management account, where such policies do not reach, \
             add it to the inline policies of the permission sets.",
        )
        .json(containment.deny_policy.as_str());
    if is_deleted {
        return text;
    }
    text.item(
        2,
        format!(
            "End the sessions of the access portal: console of IAM Identity Center, Users, {who}, Active sessions, \
             Delete. Applications may stay signed in for up to two hours."
        ),
    )
    .item(
        3,
        "Disable the user where it comes from: in the identity provider or Active Directory; without one, in the \
         console, Disable user access.",
    )
}
