//! Assignments that nobody can use any more.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::long::LongCommand;
use super::steps::{time, word};
use crate::directory::{Directory, Orphans};
use crate::values::error::Error;
use crate::values::kinds::AccountId;
use crate::values::long_work::{Patience, Rest};
use crate::values::markdown::{Column, Markdown, Table};
use crate::values::output::{Items, OrphanStep, OrphanedAssignments, Outcome, Progress, Stored};
use crate::values::report::Report;

/// Lists account assignments whose user or group no longer exists, which AWS keeps when it deletes a user or a group.
/// They are removed only when that is asked for.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FindOrphanedAssignments {
    /// The AWS accounts to look at; all of them if none is given.
    account_id: Vec<AccountId>,
    /// Whether to remove the assignments that are found.
    remove: bool,
    /// Whether to change nothing, and to list what would be removed.
    dry_run: bool,
}

const ORPHAN: [Column<OrphanStep>; 7] = [
    ("AccountId", |row| Some(row.assignment.account_id.clone())),
    ("PermissionSet", |row| Some(row.assignment.shown().to_owned())),
    ("PrincipalType", |row| Some(row.principal_type.word().to_owned())),
    ("PrincipalId", |row| Some(row.principal_id.clone())),
    ("Outcome", |row| Some(word(&row.assignment.progress))),
    ("Time", |row| time(&row.assignment.progress)),
    ("Reason", |row| row.assignment.progress.reason.clone()),
];

const UNSEEN: [Column<(String, String)>; 2] =
    [("What", |(what, _)| Some(what.clone())), ("Reason", |(_, reason)| Some(reason.clone()))];

impl LongCommand for FindOrphanedAssignments {
    const NAME: &'static str = "aws-iam-identitycenter-find-orphaned-assignments";
    const CALLS: &'static [&'static str] = &[
        "ListInstances",
        "ListPermissionSets",
        "ListAccountsForProvisionedPermissionSet",
        "ListPermissionSetsProvisionedToAccount",
        "ListAccountAssignments",
        "ListUsers",
        "DescribeUser",
        "ListGroups",
        "DescribeGroup",
        "DescribePermissionSet",
        "DeleteAccountAssignment",
        "DescribeAccountAssignmentDeletionStatus",
    ];
    const HARMFUL: bool = true;
    type Output = Stored<OrphanedAssignments>;
    type Progress = Orphans;

    async fn run(
        self,
        directory: &Directory,
        progress: Option<Orphans>,
        patience: &Patience,
    ) -> Result<Report<Self::Output>, Error> {
        let is_resumed = progress.is_some();
        let mut orphans = progress.unwrap_or_default();
        orphans.check_outcomes()?;
        directory.look_for_orphans(&mut orphans, &self.account_id, patience).await?;
        let searched = orphans.left() == 0;
        if searched && self.remove && !self.dry_run {
            directory.remove_orphans(&mut orphans, patience).await;
        } else if searched {
            if is_resumed {
                directory.check_orphans(&mut orphans).await;
            }
            if !orphans.unverified {
                let outcome = if self.remove { Outcome::WouldBeRemoved } else { Outcome::Found };
                orphans.found.iter_mut().for_each(|orphan| orphan.assignment.progress = Progress::of(outcome));
            }
        }
        Ok(report(orphans))
    }
}

fn report(orphans: Orphans) -> Report<Stored<OrphanedAssignments>> {
    let unfinished = orphans.found.iter().filter(|orphan| orphan.assignment.progress.outcome.is_unfinished()).count();
    let remaining = if orphans.left() > 0 { orphans.left() } else { unfinished.max(orphans.unverified.into()) };
    let rest = (remaining > 0).then(|| Rest { progress: json!(orphans), remaining });
    let has_failed = |orphan: &&OrphanStep| orphan.assignment.progress.outcome.is_failure();
    let failed: Vec<_> = orphans.found.iter().filter(has_failed).collect();
    let (count, looked_at) = (orphans.found.len(), orphans.looked_at);
    let title = format!("{count} of {looked_at} account assignments are of users or groups that no longer exist");
    let text = if failed.len() == count {
        Markdown::heading(title)
    } else {
        let sound = orphans.found.iter().filter(|orphan| !has_failed(orphan));
        Table::first_of(title, &ORPHAN, sound, "context").into()
    };
    let failures = (!failed.is_empty()).then(|| {
        let sentence = format!("{} of {count} orphaned assignments were not removed:", failed.len());
        Table::of(sentence, &ORPHAN, failed.iter().copied())
    });
    let unseen = (!orphans.unseen.is_empty())
        .then(|| Table::of("There may be more: not everything could be looked at.", &UNSEEN, &orphans.unseen));
    let denied = orphans.denied;
    let output = Items::one(OrphanedAssignments { orphans: orphans.found.clone() });
    Report::new(text, orphans.found, Stored(output)).fail(failures).fail(unseen).denied(denied).leaving(rest)
}
