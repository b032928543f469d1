//! Takes from a user what it has, and keeps in mind what that was.

use std::collections::HashSet;

use futures_util::future::join3;

use super::Directory;
use super::assignment_changes::{Change, Principal};
use super::protection::{Changeable, ProtectedIds};
use super::removal::Removed;
use super::standing::Standing;
use crate::values::choice::GroupChoice;
use crate::values::error::Error;
use crate::values::kinds::Scope;
use crate::values::long_work::Patience;
use crate::values::model::{AccountAssignment, DateTime, Membership, User};
use crate::values::output::{AssignmentStep, Containment, GroupStep, Outcome, Progress, Status, TakenBy};

/// More than so many things are taken only when the snapshot is safe: they take longer than a moment.
const AT_ONCE: usize = 20;

/// What is to be taken from a user.
pub(crate) struct Wish {
    /// For which command.
    pub(crate) command: TakenBy,
    pub(crate) scope: Scope,
    /// The groups that the user stays in.
    pub(crate) keep: Vec<GroupChoice>,
    pub(crate) dry_run: bool,
}

/// A containment, as far as it came.
pub(crate) struct Contained {
    pub(crate) containment: Containment,
    /// What the user has beyond it: it was given while the rest was taken.
    pub(crate) meanwhile: Vec<String>,
    /// Why it could not be read back what the user has now.
    pub(crate) unverified: Option<Error>,
    /// Why it could not be read what AWS is about to give the user.
    pub(crate) under_way_unseen: Option<Error>,
    /// Why something is shown without its name.
    pub(crate) nameless: Option<Error>,
    /// Whether AWS refused any of the calls to these credentials.
    pub(crate) denied: bool,
    /// Whether it was read back in the end that AWS lists nothing any more of what was to be taken.
    pub(crate) is_emptied: bool,
}

impl Contained {
    fn of(containment: Containment, nameless: Option<Error>, denied: bool) -> Self {
        Self {
            containment,
            meanwhile: Vec::new(),
            unverified: None,
            under_way_unseen: None,
            nameless,
            denied,
            is_emptied: false,
        }
    }

    /// Whether there was no such user any more when it was read back: somebody else deleted it meanwhile.
    pub(crate) fn is_of_nobody(&self) -> bool {
        matches!(self.unverified, Some(Error::NotFound { .. }))
    }
}

impl Directory {
    /// Takes it away, or goes on with that, as far as the patience reaches. Assignments and memberships are taken at the
    /// same time: neither is held up by the other.
    pub(crate) async fn contain(
        &self,
        user: &Changeable<User>,
        what: &str,
        wish: &Wish,
        begun: Option<Containment>,
        patience: &Patience,
    ) -> Result<Contained, Error> {
        if wish.dry_run && begun.is_some() {
            return Err(Error::Setup("A dry run begins anew: leave progress away.".to_owned()));
        }
        // All that may fail as a whole comes before the first change.
        let protected = self.protected_groups().await?;
        let keep = self.group_ids(&wish.keep).await?;
        let standing = self.standing(user, what, wish.scope, Change::Delete).await?;
        let is_new = begun.is_none();
        let mut containment = match begun {
            Some(containment) => self.resumed(user, containment, wish, &keep, &standing)?,
            None => self.snapshot(user, wish, &keep, &standing),
        };
        if is_new && !wish.dry_run && patience.is_scheduled() && containment.progresses().count() > AT_ONCE {
            // Whatever ends this process in the middle of so much, the snapshot has been answered before.
            let denied = standing.unseen.as_ref().is_some_and(Error::is_denied);
            return Ok(Contained::of(containment, None, denied));
        }
        let mut denied = standing.unseen.as_ref().is_some_and(Error::is_denied);
        let Containment { group_memberships: groups, account_assignments: assignments, .. } = &mut containment;
        let sets: HashSet<_> = assignments.iter().map(|step| step.permission_set_arn.clone()).collect();
        let principal = Principal::of(user);
        let take_assignments = async {
            if wish.dry_run {
                for step in assignments {
                    step.progress = Progress::of(Outcome::WouldBeRemoved);
                }
                false
            } else {
                let steps = assignments.iter_mut().map(|step| (&principal, step)).collect();
                self.change_assignments(Change::Delete, steps, patience).await
            }
        };
        let listed = &standing.memberships;
        let take_groups = self.take_groups(user, groups, listed, &protected, wish.dry_run, patience);
        let (assignments_denied, (unnamed, groups_denied), (names, mut nameless)) =
            join3(take_assignments, take_groups, self.names_of_permission_sets(sets)).await;
        nameless = nameless.or(unnamed);
        denied = denied || assignments_denied || groups_denied;
        for step in &mut containment.account_assignments {
            step.permission_set_name =
                step.permission_set_name.take().or_else(|| names.get(&step.permission_set_arn).cloned());
        }
        let mut contained = Contained::of(containment, nameless, denied);
        contained.under_way_unseen = standing.under_way_unseen;
        if wish.dry_run {
            contained.containment.status = Status::DryRun;
        } else {
            self.conclude(user, what, &mut contained).await;
        }
        Ok(contained)
    }

    /// The ids of groups that have to exist.
    async fn group_ids(&self, groups: &[GroupChoice]) -> Result<HashSet<String>, Error> {
        let found = self.each(groups, async |group| self.find_group(group).await).await;
        found.into_iter().map(|(_, group)| group.map(|group| group.id)).collect()
    }

    /// What the user has now, as steps that are still to be made.
    fn snapshot(
        &self,
        user: &Changeable<User>,
        wish: &Wish,
        keep: &HashSet<String>,
        standing: &Standing,
    ) -> Containment {
        let group = |membership: &Membership| {
            let group_id = membership.group_id.clone().unwrap_or_default();
            let outcome = if keep.contains(&group_id) { Outcome::Kept } else { Outcome::Pending };
            let membership_id = Some(membership.membership_id.clone());
            GroupStep { group_name: None, group_id, membership_id, progress: Progress::of(outcome) }
        };
        Containment {
            user_id: user.id.clone(),
            user_name: user.name.clone(),
            identity_store_id: self.identity_store_id.clone(),
            taken_at: DateTime::now(),
            command: Some(wish.command),
            scope: wish.scope,
            status: Status::InProgress,
            group_memberships: standing.memberships.iter().map(group).collect(),
            account_assignments: standing.assignments.iter().map(AssignmentStep::pending).collect(),
            not_seen: standing.unseen.as_ref().map(ToString::to_string),
            user_deletion: None,
            deny_policy: String::new(),
            signature: None,
        }
    }

    /// A containment that an earlier round began, with what has happened since.
    fn resumed(
        &self,
        user: &Changeable<User>,
        mut begun: Containment,
        wish: &Wish,
        keep: &HashSet<String>,
        standing: &Standing,
    ) -> Result<Containment, Error> {
        let is_of_another = begun.scope != wish.scope
            || begun.command.is_some_and(|command| command != wish.command)
            || begun.user_id != user.id
            || begun.identity_store_id != self.identity_store_id;
        if is_of_another {
            return Err(Error::Setup(format!(
                "The progress is of another containment (user {}, identity store {}) or of another scope, and not of this \
                 one of user {}. Nothing was changed.",
                begun.user_id,
                begun.identity_store_id,
                user.shown()
            )));
        }
        check_outcomes(&begun)?;
        begun.command = Some(wish.command);
        begun.status = Status::InProgress;
        // Names are not signed, and are read again from AWS.
        begun.user_name.clone_from(&user.name);
        begun.account_assignments.iter_mut().for_each(|step| step.permission_set_name = None);
        for step in &mut begun.group_memberships {
            step.group_name = None;
            // What is kept follows from the arguments, and not from progress.
            match (step.progress.outcome, keep.contains(&step.group_id)) {
                (Outcome::Kept, false) => step.progress = Progress::of(Outcome::Pending),
                (Outcome::Pending, true) => step.progress = Progress::of(Outcome::Kept),
                _ => {}
            }
        }
        for step in &mut begun.group_memberships {
            if step.progress.outcome == Outcome::Pending && !standing.has_membership(step) {
                step.progress.now(Outcome::GoneMeanwhile);
            }
        }
        if standing.unseen.is_none() {
            if begun.not_seen.take().is_some() {
                // It is not signed, so it only adds: what was taken before stays in the snapshot.
                let steps = &mut begun.account_assignments;
                for row in &standing.assignments {
                    if !steps.iter().any(|step| step.is_about(row)) {
                        steps.push(AssignmentStep::pending(row));
                    }
                }
            }
            for step in &mut begun.account_assignments {
                if step.progress.outcome.is_unfinished() && !standing.has_assignment(step) {
                    let was_requested = step.progress.outcome == Outcome::InProgress;
                    step.progress.now(if was_requested { Outcome::Removed } else { Outcome::GoneMeanwhile });
                }
            }
        }
        Ok(begun)
    }

    /// Ends the memberships that are still to be ended. Gives why names are missing, and whether AWS refused a call to
    /// these credentials. What is ended is what AWS lists: of what was written down before, only the groups count.
    async fn take_groups(
        &self,
        user: &Changeable<User>,
        steps: &mut [GroupStep],
        listed: &[Membership],
        protected: &ProtectedIds,
        dry_run: bool,
        patience: &Patience,
    ) -> (Option<Error>, bool) {
        let is_pending = |row: &&Membership| {
            steps.iter().any(|step| step.is_about(row) && step.progress.outcome == Outcome::Pending)
        };
        let pending: Vec<Membership> = listed.iter().filter(is_pending).cloned().collect();
        let removals = self.remove_unprotected(user, &pending, protected, dry_run, Some(patience)).await;
        let mut denied = false;
        for (membership, outcome) in pending.iter().zip(removals.outcomes) {
            let Some(step) = steps.iter_mut().find(|step| step.is_about(membership)) else { continue };
            step.membership_id = Some(membership.membership_id.clone());
            match outcome {
                Ok(Removed::Now | Removed::Perhaps) => step.progress.now(Outcome::Removed),
                Ok(Removed::Before) => step.progress.now(Outcome::GoneAlready),
                Ok(Removed::NotYet) => step.progress = Progress::of(Outcome::WouldBeRemoved),
                Err(Error::Interrupted) => {}
                Err(error) => {
                    denied |= error.is_denied();
                    step.progress.failed(&error);
                }
            }
        }
        // Such as what is kept, and what somebody else has ended.
        let is_nameless =
            |step: &&GroupStep| step.group_name.is_none() && !pending.iter().any(|row| step.is_about(row));
        let nameless = steps.iter().filter(is_nameless).map(|step| step.group_id.clone()).collect();
        let others = self.names_of_groups(nameless).await;
        for step in steps.iter_mut().filter(|step| step.group_name.is_none()) {
            let name = removals.names.get(&step.group_id).or_else(|| others.get(&step.group_id));
            step.group_name = name.map(str::to_owned);
        }
        (removals.names.missing.or(others.missing), denied)
    }

    /// Reads back what the user has, if nothing is left to be done, and says how far the containment is.
    async fn conclude(&self, user: &Changeable<User>, what: &str, contained: &mut Contained) {
        let containment = &mut contained.containment;
        if containment.progresses().any(|progress| progress.outcome.is_unfinished()) {
            return;
        }
        let is_as_wanted = |standing: &Standing| {
            let (groups, assignments) = (&containment.group_memberships, &containment.account_assignments);
            !groups.iter().any(|step| step.progress.is_contradicted(standing.has_membership(step), false))
                && !assignments.iter().any(|step| step.progress.is_contradicted(standing.has_assignment(step), false))
        };
        match self.read_back(user, what, containment.scope, Change::Delete, is_as_wanted).await {
            Err(error) => contained.unverified = Some(error),
            Ok(standing) => {
                contained.is_emptied = standing.memberships.is_empty()
                    && standing.assignments.is_empty()
                    && standing.unseen.is_none()
                    && standing.under_way_unseen.is_none();
                for step in &mut containment.group_memberships {
                    step.progress.correct(standing.has_membership(step), false);
                }
                if standing.unseen.is_none() {
                    for step in &mut containment.account_assignments {
                        step.progress.correct(standing.has_assignment(step), false);
                    }
                }
                contained.meanwhile = self.beyond(containment, &standing).await;
                contained.unverified = standing.unseen.filter(|_| containment.not_seen.is_none());
                contained.under_way_unseen = standing.under_way_unseen;
            }
        }
        let containment = &mut contained.containment;
        let sound = contained.meanwhile.is_empty() && contained.unverified.is_none() && containment.is_sound();
        containment.status = if sound { Status::Done } else { Status::Incomplete };
    }

    /// What the user has and the containment knows nothing of, in words.
    async fn beyond(&self, containment: &Containment, standing: &Standing) -> Vec<String> {
        let is_new = |row: &&Membership| !containment.group_memberships.iter().any(|step| step.is_about(row));
        let groups = standing.memberships.iter().filter(is_new).filter_map(|row| row.group_id.clone());
        let groups: Vec<String> = groups.collect();
        let names = self.names_of_groups(groups.clone()).await;
        let groups = groups.iter().map(|id| format!("group {}", names.get(id).unwrap_or(id)));
        let is_new = |row: &&AccountAssignment| !containment.account_assignments.iter().any(|step| step.is_about(row));
        // What could not be seen before is not new.
        let seen = containment.not_seen.is_none();
        let assignments = standing.assignments.iter().filter(|row| seen && is_new(row));
        let assignments =
            assignments.map(|row| format!("permission set {} in account {}", row.permission_set_arn, row.account_id));
        groups.chain(assignments).collect()
    }
}

/// Fails if a step came to what no round of a containment leaves: then this program did not write the progress.
fn check_outcomes(begun: &Containment) -> Result<(), Error> {
    let groups = begun.group_memberships.iter().map(|step| step.progress.outcome);
    let assignments = begun.account_assignments.iter().map(|step| step.progress.outcome);
    let forged = groups.filter(|outcome| *outcome != Outcome::Kept).chain(assignments);
    let forged = forged.into_iter().find(|outcome| !outcome.is_left_by_removal());
    forged.map_or(Ok(()), |outcome| Err(outcome.not_left_by_removal()))
}
