//! Gives back to a user what was taken.

use futures_util::future::join;

use super::Directory;
use super::assignment_changes::{Change, Principal};
use super::lookup::FoundGroup;
use super::protection::{Changeable, ProtectedIds};
use super::standing::Standing;
use crate::values::error::Error;
use crate::values::kinds::Scope;
use crate::values::long_work::Patience;
use crate::values::model::User;
use crate::values::output::{AssignmentStep, GroupStep, Outcome, Progress, Restoration, Status};

/// A restoration, as far as it came.
pub(crate) struct Restored {
    pub(crate) restoration: Restoration,
    /// Why it could not be read back what the user has now.
    pub(crate) unverified: Option<Error>,
    /// Whether AWS refused any of the calls to these credentials.
    pub(crate) denied: bool,
}

impl Directory {
    /// Gives back what is pending, as far as the patience reaches. What the user has already is left as it is.
    pub(crate) async fn restore(
        &self,
        user: &Changeable<User>,
        what: &str,
        mut restoration: Restoration,
        dry_run: bool,
        patience: &Patience,
    ) -> Result<Restored, Error> {
        let scope = match (restoration.group_memberships.is_empty(), restoration.account_assignments.is_empty()) {
            (_, true) => Scope::Groups,
            (true, false) => Scope::Assignments,
            (false, false) => Scope::Both,
        };
        // All that may fail as a whole comes before the first change.
        let protected = self.protected_groups().await?;
        let standing = self.standing(user, what, scope, Change::Create).await?;
        mark_there(&mut restoration, &standing, patience.is_scheduled() && !dry_run);
        let principal = Principal::of(user);
        let Restoration { group_memberships: groups, account_assignments: assignments, .. } = &mut restoration;
        let give_assignments = async {
            if dry_run {
                self.look_for_permission_sets(assignments).await;
                false
            } else {
                // What cannot be seen is not given blindly.
                let may_change = |step: &&mut AssignmentStep| {
                    standing.unseen.is_none() || step.progress.outcome == Outcome::InProgress
                };
                let steps = assignments.iter_mut().filter(may_change).map(|step| (&principal, step)).collect();
                self.change_assignments(Change::Create, steps, patience).await
            }
        };
        let give_groups = self.give_groups(user, groups, &protected, dry_run, patience);
        let (groups_denied, assignments_denied) = join(give_groups, give_assignments).await;
        let denied = groups_denied || assignments_denied || standing.unseen.as_ref().is_some_and(Error::is_denied);
        let mut restored = Restored { restoration, unverified: None, denied };
        if dry_run {
            restored.restoration.status = Status::DryRun;
        } else {
            self.confirm(user, what, scope, &mut restored).await;
        }
        Ok(restored)
    }

    /// Puts the user into the groups that are pending; a dry run looks whether they exist. Says whether AWS refused a
    /// call to these credentials.
    async fn give_groups(
        &self,
        user: &Changeable<User>,
        steps: &mut [GroupStep],
        protected: &ProtectedIds,
        dry_run: bool,
        patience: &Patience,
    ) -> bool {
        let is_pending = |step: &&mut GroupStep| step.progress.outcome == Outcome::Pending;
        let pending: Vec<&mut GroupStep> = steps.iter_mut().filter(is_pending).collect();
        let ids: Vec<String> = pending.iter().map(|step| step.group_id.clone()).collect();
        let give = async |id: &String| {
            if patience.is_over() {
                return Err(Error::Interrupted);
            }
            let group = FoundGroup::new(id.clone(), None);
            let group = self.changeable_found(group, &format!("group {id}"), protected).await?;
            if dry_run {
                self.named_group(group.to_found(), &format!("group {id}")).await?;
                return Ok(None);
            }
            self.add_member(&group, user).await.map(Some)
        };
        let mut denied = false;
        for (step, (_, given)) in pending.into_iter().zip(self.each(ids, give).await) {
            match given {
                Ok(None) => step.progress = Progress::of(Outcome::WouldBeAdded),
                Ok(Some(added)) => {
                    step.membership_id = Some(added.membership_id);
                    let there = added.already == Some(true);
                    step.progress.now(if there { Outcome::ThereAlready } else { Outcome::Added });
                }
                Err(Error::Interrupted) => {}
                Err(error @ Error::NotFound { .. }) => {
                    step.progress.now_because(Outcome::NoLongerExists, error.to_string());
                }
                Err(error) => {
                    denied |= error.is_denied();
                    step.progress.failed(&error);
                }
            }
        }
        denied
    }

    /// Says of the assignments that are pending whether there is still such a permission set.
    async fn look_for_permission_sets(&self, steps: &mut [AssignmentStep]) {
        for step in steps.iter_mut().filter(|step| step.progress.outcome == Outcome::Pending) {
            step.progress = Progress::of(Outcome::WouldBeAdded);
            match self.permission_set_name(&step.permission_set_arn).await {
                Err(error) if error.is_any_not_found() => {
                    step.progress.now_because(Outcome::NoLongerExists, error.to_string());
                }
                // That it cannot be looked at says nothing of whether it can be given.
                _ => {}
            }
        }
    }

    /// Reads back what the user has, if nothing is left to be done, and says how far the restoration is.
    async fn confirm(&self, user: &Changeable<User>, what: &str, scope: Scope, restored: &mut Restored) {
        let restoration = &mut restored.restoration;
        if restoration.progresses().any(|progress| progress.outcome.is_unfinished()) {
            restoration.status = Status::InProgress;
            return;
        }
        let is_as_wanted = |standing: &Standing| {
            let (groups, assignments) = (&restoration.group_memberships, &restoration.account_assignments);
            !groups.iter().any(|step| step.progress.is_contradicted(standing.has_membership(step), true))
                && !assignments.iter().any(|step| step.progress.is_contradicted(standing.has_assignment(step), true))
        };
        match self.read_back(user, what, scope, Change::Create, is_as_wanted).await {
            Err(error) => restored.unverified = Some(error),
            Ok(standing) => {
                for step in &mut restoration.group_memberships {
                    step.progress.correct(standing.has_membership(step), true);
                }
                if standing.unseen.is_none() {
                    for step in &mut restoration.account_assignments {
                        step.progress.correct(standing.has_assignment(step), true);
                    }
                }
                restored.unverified = standing.unseen;
            }
        }
        let restoration = &mut restored.restoration;
        let sound =
            restored.unverified.is_none() && !restoration.progresses().any(|progress| progress.outcome.is_failure());
        restoration.status = if sound { Status::Done } else { Status::Incomplete };
    }
}

/// What is there need not be given. What cannot be seen has failed, unless a later round may see it.
fn mark_there(restoration: &mut Restoration, standing: &Standing, has_another_round: bool) {
    for step in &mut restoration.group_memberships {
        if step.progress.outcome == Outcome::Pending && standing.has_membership(step) {
            step.progress.now(Outcome::ThereAlready);
        }
    }
    for step in restoration.account_assignments.iter_mut().filter(|step| step.progress.outcome.is_unfinished()) {
        let was_requested = step.progress.outcome == Outcome::InProgress;
        if standing.has_assignment(step) {
            step.progress.now(if was_requested { Outcome::Added } else { Outcome::ThereAlready });
        } else if let (false, Some(error)) = (was_requested, &standing.unseen) {
            if has_another_round && error.is_of_the_moment() {
                step.progress.reason = Some(error.to_string());
            } else {
                step.progress.now_because(Outcome::Failed, error.to_string());
            }
        }
    }
}
