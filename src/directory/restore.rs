//! Gives back to a user what was taken.

use std::collections::{HashMap, HashSet};

use futures_util::future::join;

use super::Directory;
use super::assignment_changes::{Change, Principal};
use super::lookup::FoundGroup;
use super::membership::Added;
use super::protection::{Changeable, ProtectedIds};
use super::standing::Standing;
use crate::values::error::Error;
use crate::values::kinds::Scope;
use crate::values::long_work::Patience;
use crate::values::model::{Membership, User};
use crate::values::output::{AssignmentStep, GroupStep, Outcome, Progress, Restoration, Status};
use crate::values::snapshot::{Plan, Requests, Said};

/// A restoration, as far as it came.
pub(crate) struct Restored {
    pub(crate) restoration: Restoration,
    /// Why it could not be read back what the user has now.
    pub(crate) unverified: Option<Error>,
    /// Why it could not be read what AWS is about to take from the user.
    pub(crate) under_way_unseen: Option<Error>,
    /// Whether AWS refused any of the calls to these credentials.
    pub(crate) denied: bool,
}

/// What AWS says of a group or a permission set that is to be given.
enum Called {
    /// It exists, under this name. AWS may not tell the name, and why.
    As(Option<String>, Option<Error>),
    Gone(Error),
    /// There was no time to ask.
    NotAsked,
}

impl Called {
    fn of(answer: Result<Option<String>, Error>) -> Self {
        match answer {
            Ok(name) => Self::As(name, None),
            Err(Error::Interrupted) => Self::NotAsked,
            Err(error) if error.is_any_not_found() || matches!(error, Error::NotFound { .. }) => Self::Gone(error),
            Err(error) => Self::As(None, Some(error)),
        }
    }

    fn name(&self) -> Option<&str> {
        if let Self::As(name, _) = self { name.as_deref() } else { None }
    }
}

/// What a person should know of each step, failed or not, in the order of the steps.
type Notes = Vec<Option<String>>;

impl Directory {
    /// Gives back what is planned, as far as the patience reaches. What the user has already is left as it is, and what
    /// AWS has another name for than the snapshot is not given.
    pub(crate) async fn restore(
        &self,
        user: &Changeable<User>,
        what: &str,
        plan: Plan,
        requests: &Requests,
        dry_run: bool,
        patience: &Patience,
    ) -> Result<Restored, Error> {
        let Plan { mut restoration, groups: said_of_groups, assignments: said_of_assignments } = plan;
        let scope = match (restoration.group_memberships.is_empty(), restoration.account_assignments.is_empty()) {
            (_, true) => Scope::Groups,
            (true, false) => Scope::Assignments,
            (false, false) => Scope::Both,
        };
        // All that may fail as a whole comes before the first change.
        let protected = self.protected_groups().await?;
        let standing = self.standing(user, what, scope, Change::Create).await?;
        follow(&mut restoration.account_assignments, requests);
        mark_there(&mut restoration, requests, &standing, patience.is_scheduled() && !dry_run);
        let Restoration { group_memberships: groups, account_assignments: assignments, .. } = &mut restoration;
        let give_groups = self.give_groups(user, groups, &said_of_groups, &protected, dry_run, patience);
        let give_assignments = async {
            let (notes, may_give) = self.name_assignments(assignments, &said_of_assignments).await;
            // What cannot be seen is not given blindly.
            let may_change = |(step, may_give): &(&mut AssignmentStep, bool)| {
                *may_give && (standing.unseen.is_none() || step.progress.outcome == Outcome::InProgress)
            };
            let steps = assignments.iter_mut().zip(may_give).filter(may_change).map(|(step, _)| step);
            if dry_run {
                for step in steps.filter(|step| step.progress.outcome == Outcome::Pending) {
                    step.progress = Progress::of(Outcome::WouldBeAdded);
                }
                return (false, notes);
            }
            let principal = Principal::of(user);
            let steps = steps.map(|step| (&principal, step)).collect();
            (self.change_assignments(Change::Create, steps, patience).await, notes)
        };
        let ((groups_denied, group_notes), (assignments_denied, assignment_notes)) =
            join(give_groups, give_assignments).await;
        let denied = groups_denied || assignments_denied || standing.unseen.as_ref().is_some_and(Error::is_denied);
        let mut restored =
            Restored { restoration, unverified: None, under_way_unseen: standing.under_way_unseen, denied };
        if dry_run {
            restored.restoration.status = Status::DryRun;
        } else {
            self.confirm(user, what, scope, &mut restored).await;
        }
        let Restoration { group_memberships: groups, account_assignments: assignments, .. } = &mut restored.restoration;
        remember(assignments, requests);
        let of_groups = groups.iter_mut().map(|step| &mut step.progress).zip(group_notes);
        let of_assignments = assignments.iter_mut().map(|step| &mut step.progress).zip(assignment_notes);
        of_groups.chain(of_assignments).for_each(|(progress, note)| add_note(progress, note));
        Ok(restored)
    }

    /// Puts the user into the groups that are pending; a dry run only looks at them. Says whether AWS refused a call to
    /// these credentials.
    async fn give_groups(
        &self,
        user: &Changeable<User>,
        steps: &mut [GroupStep],
        said: &[Said],
        protected: &ProtectedIds,
        dry_run: bool,
        patience: &Patience,
    ) -> (bool, Notes) {
        let mut notes: Notes = vec![None; steps.len()];
        let is_pending = |(_, step): &(usize, &GroupStep)| step.progress.outcome == Outcome::Pending;
        let (pending, others): (Vec<_>, Vec<_>) = steps.iter().enumerate().partition(is_pending);
        let others = others.into_iter().map(|(_, step)| step.group_id.clone()).filter(|id| !id.is_empty()).collect();
        let pending: Vec<_> = pending.into_iter().map(|(place, step)| (place, step.group_id.clone())).collect();
        let give = async |(place, id): &(usize, String)| {
            if patience.is_over() {
                return Err(Error::Interrupted);
            }
            let what = format!("group {id}");
            let group = match self.changeable_found(FoundGroup::new(id.clone(), None), &what, protected).await {
                Ok(group) => group,
                Err(error) => {
                    let named = self.describe_group(id, &what).await.map(|group| group.display_name);
                    return Ok((Called::of(named), Err(error)));
                }
            };
            let named = Called::of(self.named_group(group.to_found(), &what).await.map(|group| group.name));
            let given = match (&named, said.get(*place)) {
                (Called::As(name, _), Some(said)) => match said.check("group", name.as_deref()) {
                    Ok(()) if !dry_run => self.add_member(&group, user).await.map(Some),
                    checked => checked.map(|()| None),
                },
                _ => Ok(None),
            };
            Ok((named, given))
        };
        let (given, names) = join(self.each(pending, give), self.names_of_groups(others)).await;
        for step in steps.iter_mut() {
            step.group_name = names.get(&step.group_id).map(str::to_owned);
        }
        let mut denied = false;
        for ((place, _), answer) in given {
            let (Some(step), Some(note)) = (steps.get_mut(place), notes.get_mut(place)) else { continue };
            let Ok((called, added)) = answer else { continue };
            step.group_name = called.name().map(str::to_owned);
            *note = said.get(place).and_then(|said| noted(said, &called));
            denied |= added.as_ref().is_err_and(Error::is_denied);
            settle(step, called, added);
        }
        (denied, notes)
    }

    /// Looks up what AWS calls the permission sets. Of those that are pending, what may not be given fails. Says of each
    /// step whether it may go on.
    async fn name_assignments(&self, steps: &mut [AssignmentStep], said: &[Said]) -> (Notes, Vec<bool>) {
        let is_pending = |step: &&AssignmentStep| step.progress.outcome == Outcome::Pending;
        let (pending, others): (Vec<_>, Vec<_>) = steps.iter().partition(is_pending);
        let arns = |steps: Vec<&AssignmentStep>| -> HashSet<String> {
            steps.into_iter().map(|step| step.permission_set_arn.clone()).collect()
        };
        let (pending, others) = (arns(pending), arns(others));
        // A name that was learnt earlier may be another one now.
        let describe = async |arn: &String| self.describe_permission_set(arn).await;
        let (described, (names, _)) = join(self.each(pending, describe), self.names_of_permission_sets(others)).await;
        let described: HashMap<String, Called> =
            described.into_iter().map(|(arn, answer)| (arn, Called::of(answer))).collect();
        let (mut notes, mut may_give) = (Notes::new(), Vec::new());
        for (step, said) in steps.iter_mut().zip(said) {
            let (mut note, mut may) = (None, true);
            if step.progress.outcome == Outcome::Pending {
                let called = described.get(&step.permission_set_arn).unwrap_or(&Called::NotAsked);
                step.permission_set_name = called.name().map(str::to_owned);
                note = noted(said, called);
                match called {
                    Called::NotAsked => may = false,
                    Called::Gone(error) => step.progress.now_because(Outcome::NoLongerExists, error.to_string()),
                    Called::As(name, _) => {
                        if let Err(error) = said.check("permission set", name.as_deref()) {
                            step.progress.failed(&error);
                        }
                    }
                }
            } else {
                step.permission_set_name = names.get(&step.permission_set_arn).cloned();
            }
            notes.push(note);
            may_give.push(may);
        }
        (notes, may_give)
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
                restored.under_way_unseen = standing.under_way_unseen;
            }
        }
        let restoration = &mut restored.restoration;
        let sound =
            restored.unverified.is_none() && !restoration.progresses().any(|progress| progress.outcome.is_failure());
        restoration.status = if sound { Status::Done } else { Status::Incomplete };
    }
}

/// Goes on with what an earlier round asked AWS for.
fn follow(steps: &mut [AssignmentStep], requests: &Requests) {
    for step in steps.iter_mut().filter(|step| step.progress.outcome == Outcome::Pending) {
        if let Some(request_id) = requests.of_assignment(step) {
            step.progress.requested(request_id.to_owned());
        }
    }
}

/// Keeps what became of a request with it, so that the next round does not ask AWS for the same once more.
fn remember(steps: &mut [AssignmentStep], requests: &Requests) {
    for step in steps.iter_mut().filter(|step| step.progress.request_id.is_none()) {
        step.progress.request_id = requests.of_assignment(step).map(str::to_owned);
    }
}

/// What is there need not be given. What cannot be seen has failed, unless a later round may see it.
fn mark_there(restoration: &mut Restoration, requests: &Requests, standing: &Standing, has_another_round: bool) {
    let in_group = |row: &Membership| Some((row.group_id.clone()?, row.membership_id.clone()));
    let there: HashMap<String, String> = standing.memberships.iter().filter_map(in_group).collect();
    for step in &mut restoration.group_memberships {
        if let Some(membership_id) = there.get(&step.group_id) {
            let was_made = requests.made(&step.group_id, membership_id);
            step.progress.now(if was_made { Outcome::Added } else { Outcome::ThereAlready });
            step.membership_id = was_made.then(|| membership_id.clone());
        }
    }
    for step in &mut restoration.account_assignments {
        let was_requested = step.progress.outcome == Outcome::InProgress;
        if standing.has_assignment(step) {
            step.progress.now(if was_requested { Outcome::Added } else { Outcome::ThereAlready });
        } else if let (Outcome::Pending, Some(error)) = (step.progress.outcome, &standing.unseen) {
            if has_another_round && error.is_of_the_moment() {
                step.progress.reason = Some(error.to_string());
            } else {
                step.progress.now_because(Outcome::Failed, error.to_string());
            }
        }
    }
}

/// What became of the wish that the user is in a group.
fn settle(step: &mut GroupStep, called: Called, given: Result<Option<Added>, Error>) {
    match (called, given) {
        (_, Err(Error::Interrupted)) | (Called::NotAsked, Ok(_)) => {}
        (_, Err(error @ Error::NotFound { .. })) | (Called::Gone(error), Ok(_)) => {
            step.progress.now_because(Outcome::NoLongerExists, error.to_string());
        }
        (_, Err(error)) => step.progress.failed(&error),
        (Called::As(..), Ok(None)) => step.progress = Progress::of(Outcome::WouldBeAdded),
        (Called::As(..), Ok(Some(added))) => {
            let there = added.already == Some(true);
            step.progress.now(if there { Outcome::ThereAlready } else { Outcome::Added });
            // By its id the next round knows a membership that this one has made.
            step.membership_id = (!there).then_some(added.membership_id);
        }
    }
}

/// What the snapshot says of the step, and that its name could not be verified.
fn noted(said: &Said, called: &Called) -> Option<String> {
    let nameless = match called {
        Called::As(None, Some(error)) => Some(format!("Its name could not be verified. {error}")),
        Called::As(None, None) => Some("Its name could not be verified: AWS does not tell it.".to_owned()),
        _ => None,
    };
    let notes: Vec<_> = said.mark().map(str::to_owned).into_iter().chain(nameless).collect();
    (!notes.is_empty()).then(|| notes.join(" "))
}

/// A failure has its own reason.
fn add_note(progress: &mut Progress, note: Option<String>) {
    if matches!(progress.outcome, Outcome::WouldBeAdded | Outcome::Added | Outcome::ThereAlready) {
        progress.reason = note;
    }
}
