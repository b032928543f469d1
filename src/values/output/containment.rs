//! What was taken from a user, and what was given back, in the context.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Row;
use super::steps::{AssignmentStep, GroupStep, OrphanStep, Progress, Status};
use crate::values::context::{ContextPath, Layout};
use crate::values::kinds::Scope;
use crate::values::model::DateTime;

/// The commands that take what a user can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum TakenBy {
    #[serde(rename = "contain-user")]
    ContainUser,
    #[serde(rename = "offboard-user")]
    OffboardUser,
}

impl TakenBy {
    /// The word, as it is in the answer.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::ContainUser => "contain-user",
            Self::OffboardUser => "offboard-user",
        }
    }
}

/// What a user had before a containment, and what became of it. Its JSON text is a snapshot for restore-user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Containment {
    /// The stable and unique string identifying the user.
    pub(crate) user_id: String,
    /// The name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<String>,
    /// The identity store that holds the user.
    pub(crate) identity_store_id: String,
    /// When the snapshot was taken. Together with the UserId it names this containment.
    pub(crate) taken_at: DateTime,
    /// The command that made it: contain-user or offboard-user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<TakenBy>,
    /// What was to be taken: groups, assignments or both.
    pub(crate) scope: Scope,
    /// How far it is: done, in progress, incomplete, or dry run.
    pub(crate) status: Status,
    /// The groups that the user was in.
    #[serde(default)]
    pub(crate) group_memberships: Vec<GroupStep>,
    /// The permission sets that the user had directly.
    #[serde(default)]
    pub(crate) account_assignments: Vec<AssignmentStep>,
    /// What could not be seen, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) not_seen: Option<String>,
    /// What became of the user, where it was to be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_deletion: Option<Progress>,
    /// A policy, as JSON text, that denies everything to the sessions of this user that are open already.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) deny_policy: String,
    /// Proves to restore-user that this snapshot is as it was made. It is absent where nothing could sign it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signature: Option<String>,
}

impl Containment {
    pub(crate) fn progresses(&self) -> impl Iterator<Item = &Progress> {
        let groups = self.group_memberships.iter().map(|step| &step.progress);
        groups.chain(self.account_assignments.iter().map(|step| &step.progress))
    }

    /// Whether everything could be seen, and nothing failed.
    pub(crate) fn is_sound(&self) -> bool {
        self.not_seen.is_none() && !self.progresses().any(|progress| progress.outcome.is_failure())
    }
}

impl Row for Containment {
    type Item = Self;
    type Documented<'a> = &'a Self;
    type Marketplace<'a> = &'a Self;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.containment())
    }
}

/// What was given back to a user.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Restoration {
    /// The stable and unique string identifying the user.
    pub(crate) user_id: String,
    /// The name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<String>,
    /// When it began. Together with the UserId it names this restoration.
    pub(crate) begun_at: DateTime,
    /// How far it is: done, in progress, incomplete, or dry run.
    pub(crate) status: Status,
    /// Whether each snapshot that was used is verified: signed, unaltered, and not older than 30 days.
    pub(crate) verified: bool,
    /// The snapshots of this user that were given.
    pub(crate) snapshots: Vec<SnapshotCheck>,
    /// The groups that were to be given back.
    pub(crate) group_memberships: Vec<GroupStep>,
    /// The permission sets that were to be given back.
    pub(crate) account_assignments: Vec<AssignmentStep>,
}

impl Restoration {
    pub(crate) fn progresses(&self) -> impl Iterator<Item = &Progress> {
        let groups = self.group_memberships.iter().map(|step| &step.progress);
        groups.chain(self.account_assignments.iter().map(|step| &step.progress))
    }
}

/// A snapshot that was given to restore-user, and whether it is verified.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SnapshotCheck {
    /// When the snapshot was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) taken_at: Option<DateTime>,
    /// The command that made the snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<TakenBy>,
    /// Whether the snapshot is signed, unaltered, and not older than 30 days.
    pub(crate) verified: bool,
    /// Whether the snapshot was used: one that is not verified is refused unless allowUnverified is true.
    pub(crate) used: bool,
    /// Why the snapshot is not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// What a person may do about it.
    #[serde(skip)]
    pub(crate) advice: Option<&'static str>,
}

impl Row for Restoration {
    type Item = Self;
    type Documented<'a> = &'a Self;
    type Marketplace<'a> = &'a Self;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.restoration())
    }
}

/// Assignments whose user or group no longer exists. They are replaced as a whole: what is gone must not stay behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct OrphanedAssignments {
    /// The assignments whose user or group no longer exists.
    #[serde(rename = "OrphanedAssignments")]
    pub(crate) orphans: Vec<OrphanStep>,
}

impl Row for OrphanedAssignments {
    type Item = Self;
    type Documented<'a> = &'a Self;
    type Marketplace<'a> = &'a Self;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.root())
    }
}
