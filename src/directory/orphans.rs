//! Assignments whose user or group no longer exists: AWS keeps them when it deletes a user or a group.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::Directory;
use super::assignment_changes::{Change, Principal};
use super::presence::{Presence, Readable};
use crate::values::error::Error;
use crate::values::error::upper_first;
use crate::values::kinds::AccountId;
use crate::values::long_work::Patience;
use crate::values::model::{AccountAssignment, PrincipalType};
use crate::values::output::{AssignmentStep, OrphanStep, Outcome};

/// How far a search for orphaned assignments is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Orphans {
    /// The accounts or permission sets that are still to be looked at; nothing before the search begins.
    left: Option<Vec<String>>,
    /// Accounts with permission sets, of which it is not yet known who has them.
    pairs: Vec<(String, String)>,
    pub(crate) found: Vec<OrphanStep>,
    /// What could not be looked at, and why.
    pub(crate) unseen: Vec<(String, String)>,
    /// How many assignments were looked at.
    pub(crate) looked_at: usize,
    #[serde(skip)]
    pub(crate) denied: bool,
    /// Whether an interruption came before it was read back what became of them.
    #[serde(skip)]
    pub(crate) unverified: bool,
    /// Whether this round has seen that the directory can be read.
    #[serde(skip)]
    readable: Readable,
}

/// How many calls are made before the patience is asked: one second's worth.
const AT_A_TIME: usize = 20;

impl Orphans {
    /// How many places are still to be looked at, as far as that is known.
    pub(crate) fn left(&self) -> usize {
        self.left.as_ref().map_or(1, Vec::len) + self.pairs.len()
    }

    /// Fails if something came to what no round of a search leaves: then this program did not write the progress.
    pub(crate) fn check_outcomes(&self) -> Result<(), Error> {
        let outcomes = self.found.iter().map(|orphan| orphan.assignment.progress.outcome);
        let forged = outcomes.into_iter().find(|outcome| !outcome.is_left_by_removal());
        forged.map_or(Ok(()), |outcome| Err(outcome.not_left_by_removal()))
    }

    /// What was answered; what was not is noted.
    fn seen<T, R>(&mut self, answers: Vec<(T, Result<R, Error>)>, shown: impl Fn(&T) -> String) -> Vec<R> {
        let mut seen = Vec::new();
        for (asked, answer) in answers {
            match answer {
                Ok(answer) => seen.push(answer),
                Err(error) => self.not_seen(shown(&asked), &error),
            }
        }
        seen
    }

    fn not_seen(&mut self, what: String, error: &Error) {
        self.denied |= error.is_denied();
        self.unseen.push((what, error.to_string()));
    }
}

impl Directory {
    /// Goes on with the search as far as the patience reaches: in these accounts, or everywhere.
    pub(crate) async fn look_for_orphans(
        &self,
        orphans: &mut Orphans,
        accounts: &[AccountId],
        patience: &Patience,
    ) -> Result<(), Error> {
        if orphans.left.is_none() {
            orphans.left = Some(if accounts.is_empty() {
                self.permission_sets().await?
            } else {
                accounts.iter().map(|account| account.0.clone()).collect()
            });
        }
        let mut existing = HashMap::new();
        while orphans.left() > 0 {
            if patience.is_over() || self.stop.is_requested() {
                return Ok(());
            }
            let before = orphans.clone();
            if orphans.pairs.is_empty() {
                let left = orphans.left.get_or_insert_default();
                let some: Vec<String> = left.drain(..left.len().min(AT_A_TIME)).collect();
                orphans.pairs = self.pairs_of(some, orphans).await;
            }
            let some: Vec<_> = orphans.pairs.drain(..orphans.pairs.len().min(AT_A_TIME)).collect();
            let assignments = self.each(some, async |(account, set)| self.assignments_at(account, set).await).await;
            let assignments: Vec<_> = orphans.seen(assignments, shown).into_iter().flatten().collect();
            orphans.looked_at += assignments.len();
            self.sort_out(assignments, &mut existing, orphans).await;
            if self.stop.is_requested() {
                // What was not looked at any more is not lost, but left for whoever goes on.
                *orphans = before;
                return Ok(());
            }
        }
        self.name_permission_sets(orphans).await;
        Ok(())
    }

    /// Which permission sets are in which of these accounts, or which accounts have these permission sets.
    async fn pairs_of(&self, some: Vec<String>, orphans: &mut Orphans) -> Vec<(String, String)> {
        let pairs = self.each(some, async |id| {
            // An account is a number, a permission set an ARN.
            Ok(if id.starts_with("arn:") {
                self.accounts_with(id).await?.into_iter().map(|account| (account, id.clone())).collect::<Vec<_>>()
            } else {
                self.permission_sets_in(id).await?.into_iter().map(|set| (id.clone(), set)).collect()
            })
        });
        orphans.seen(pairs.await, String::clone).into_iter().flatten().collect()
    }

    /// Adds those whose user or group is gone. Names are looked for first, because whoever has one exists, and many names
    /// come with one call; only who has none is asked for by id.
    async fn sort_out(
        &self,
        assignments: Vec<AccountAssignment>,
        existing: &mut HashMap<PrincipalType, HashSet<String>>,
        orphans: &mut Orphans,
    ) {
        let mut gone = HashSet::new();
        for kind in [PrincipalType::User, PrincipalType::Group] {
            let of_kind = assignments.iter().filter(|row| row.principal_type == kind).map(|row| &row.principal_id);
            let existing = existing.entry(kind).or_default();
            let ids: HashSet<_> = of_kind.filter(|id| !existing.contains(*id)).cloned().collect();
            let names = match kind {
                PrincipalType::User => self.names_of_users(ids.iter().cloned().collect()).await,
                PrincipalType::Group => self.names_of_groups(ids.iter().cloned().collect()).await,
            };
            let (there, unsure): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| names.get(id).is_some());
            existing.extend(there);
            let other = existing.iter().next().cloned();
            let look = async |id: &String| self.presence(kind, id, other.as_deref(), &orphans.readable).await;
            for (id, presence) in self.each(unsure, look).await {
                match presence {
                    Ok(Presence::There) => drop(existing.insert(id)),
                    Ok(Presence::Gone(_)) => drop(gone.insert(id)),
                    Err(error) => orphans.not_seen(format!("whether {} {id} exists", kind.noun()), &error),
                }
            }
        }
        let orphaned = assignments.into_iter().filter(|row| gone.contains(&row.principal_id));
        orphans.found.extend(orphaned.map(|row| OrphanStep {
            principal_type: row.principal_type,
            assignment: AssignmentStep::pending(&row),
            principal_id: row.principal_id,
        }));
    }

    /// Keeps those that AWS still lists and whose user or group is gone: what an earlier round found comes back from outside,
    /// and is no proof.
    pub(crate) async fn check_orphans(&self, orphans: &mut Orphans) {
        let before = orphans.clone();
        orphans.found.clear();
        let places: HashSet<_> = before.found.iter().map(place).collect();
        let there = self.each(places, async |(account, set)| self.assignments_at(account, set).await).await;
        let is_claimed = |row: &AccountAssignment| {
            let is_it =
                |orphan: &OrphanStep| orphan.principal_id == row.principal_id && orphan.assignment.is_about(row);
            before.found.iter().any(is_it)
        };
        let there = orphans.seen(there, shown).into_iter().flatten().filter(is_claimed).collect();
        self.sort_out(there, &mut HashMap::new(), orphans).await;
        if self.stop.is_requested() {
            *orphans = Orphans { unverified: true, ..before };
            return;
        }
        self.name_permission_sets(orphans).await;
    }

    async fn name_permission_sets(&self, orphans: &mut Orphans) {
        let sets = orphans.found.iter().map(|orphan| orphan.assignment.permission_set_arn.clone()).collect();
        let (names, _) = self.names_of_permission_sets(sets).await;
        for orphan in &mut orphans.found {
            orphan.assignment.permission_set_name = names.get(&orphan.assignment.permission_set_arn).cloned();
        }
    }

    /// Removes those that were found, as far as the patience reaches, and reads back what is there afterwards. Of each it
    /// is asked once more whether its user or group is gone: what an earlier round found is no proof.
    pub(crate) async fn remove_orphans(&self, orphans: &mut Orphans, patience: &Patience) {
        let whose = |orphan: &OrphanStep| (orphan.principal_type, orphan.principal_id.clone());
        let unfinished = |orphan: &&OrphanStep| orphan.assignment.progress.outcome.is_unfinished();
        let asked: HashSet<_> = orphans.found.iter().filter(unfinished).map(whose).collect();
        let mut principals = HashMap::new();
        let readable = &orphans.readable;
        for (whose, gone) in self.each(asked, async |(kind, id)| self.gone(*kind, id, readable).await).await {
            principals.insert(whose, gone);
        }
        let mut steps = Vec::new();
        for orphan in &mut orphans.found {
            match principals.get(&whose(orphan)) {
                Some(Ok(principal)) => steps.push((principal, &mut orphan.assignment)),
                Some(Err(Error::Interrupted)) => {}
                Some(Err(error)) if orphan.assignment.progress.outcome.is_unfinished() => {
                    orphan.assignment.progress.now_because(Outcome::Failed, error.to_string());
                }
                _ => {}
            }
        }
        orphans.denied |= self.change_assignments(Change::Delete, steps, patience).await;
        if orphans.found.iter().any(|orphan| orphan.assignment.progress.outcome.is_unfinished()) {
            return;
        }
        let places: HashSet<_> = orphans.found.iter().map(place).collect();
        let there = self.each(places, async |(account, set)| self.assignments_at(account, set).await).await;
        if there.iter().any(|(_, rows)| matches!(rows, Err(Error::Interrupted))) {
            orphans.unverified = true;
            return;
        }
        let read: HashSet<_> = there.iter().filter(|(_, rows)| rows.is_ok()).map(|(place, _)| place.clone()).collect();
        let there: Vec<AccountAssignment> = orphans.seen(there, shown).into_iter().flatten().collect();
        for orphan in orphans.found.iter_mut().filter(|orphan| read.contains(&place(orphan))) {
            let OrphanStep { principal_type, principal_id, assignment } = orphan;
            let listed = there.iter().any(|row| row.principal_id == *principal_id && assignment.is_about(row));
            assignment.progress.correct(listed, false);
            let is_asked_for = matches!(principals.get(&(*principal_type, principal_id.clone())), Some(Ok(_)));
            if let (true, Outcome::Failed, Some(reason)) =
                (is_asked_for, assignment.progress.outcome, &mut assignment.progress.reason)
            {
                reason.push_str(BY_HAND);
            }
        }
    }

    /// Whose assignments may be removed because AWS says that it does not exist.
    async fn gone(&self, kind: PrincipalType, id: &str, readable: &Readable) -> Result<Principal, Error> {
        match self.presence(kind, id, None, readable).await? {
            Presence::Gone(proof) => Principal::gone(&proof, kind, id, &self.protected),
            Presence::There => {
                let what = upper_first(kind.noun());
                Err(Error::Setup(format!("{what} {id} exists, so its assignments are not removed.")))
            }
        }
    }
}

/// What a person may do where AWS's API does not: it is known to fail because there is nobody any more.
const BY_HAND: &str = " If it is because the user or group is gone, remove the assignment in the console of IAM Identity \
                       Center, AWS accounts.";

fn place(orphan: &OrphanStep) -> (String, String) {
    (orphan.assignment.account_id.clone(), orphan.assignment.permission_set_arn.clone())
}

fn shown((account, set): &(String, String)) -> String {
    format!("{set} in account {account}")
}
