//! Assignments whose user or group no longer exists: AWS keeps them when it deletes a user or a group.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Directory;
use super::assignment_changes::{Change, Principal};
use crate::values::error::Error;
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
    pub(crate) found: Vec<OrphanStep>,
    /// What could not be looked at, and why.
    pub(crate) unseen: Vec<(String, String)>,
    /// How many assignments were looked at.
    pub(crate) looked_at: usize,
    #[serde(skip)]
    pub(crate) denied: bool,
}

/// How many accounts or permission sets are looked at before the patience is asked.
const AT_A_TIME: usize = 20;

impl Orphans {
    /// How many accounts or permission sets are still to be looked at.
    pub(crate) fn left(&self) -> usize {
        self.left.as_ref().map_or(1, Vec::len)
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
        let mut existing = HashSet::new();
        while let Some(left) = orphans.left.as_mut().filter(|left| !left.is_empty()) {
            if patience.is_over() || self.stop.is_requested() {
                return Ok(());
            }
            let some: Vec<String> = left.drain(..left.len().min(AT_A_TIME)).collect();
            let assignments = self.assignments_in(some, orphans).await;
            orphans.looked_at += assignments.len();
            self.sort_out(assignments, &mut existing, orphans).await;
        }
        let sets = orphans.found.iter().map(|orphan| orphan.assignment.permission_set_arn.clone()).collect();
        let (names, _) = self.names_of_permission_sets(sets).await;
        for orphan in &mut orphans.found {
            orphan.assignment.permission_set_name = names.get(&orphan.assignment.permission_set_arn).cloned();
        }
        Ok(())
    }

    /// All assignments in some accounts, or of some permission sets.
    async fn assignments_in(&self, some: Vec<String>, orphans: &mut Orphans) -> Vec<AccountAssignment> {
        let pairs = self.each(some, async |id| {
            // An account is a number, a permission set an ARN.
            Ok(if id.starts_with("arn:") {
                self.accounts_with(id).await?.into_iter().map(|account| (account, id.clone())).collect::<Vec<_>>()
            } else {
                self.permission_sets_in(id).await?.into_iter().map(|set| (id.clone(), set)).collect()
            })
        });
        let pairs: Vec<(String, String)> = orphans.seen(pairs.await, String::clone).into_iter().flatten().collect();
        let assignments = self.each(pairs, async |(account, set)| self.assignments_at(account, set).await);
        let shown = |(account, set): &(String, String)| format!("{set} in account {account}");
        orphans.seen(assignments.await, shown).into_iter().flatten().collect()
    }

    /// Adds those whose user or group is gone. Names are looked for first, because whoever has one exists, and many names
    /// come with one call; only who has none is asked for by id.
    async fn sort_out(
        &self,
        assignments: Vec<AccountAssignment>,
        existing: &mut HashSet<String>,
        orphans: &mut Orphans,
    ) {
        let mut gone = HashSet::new();
        for kind in [PrincipalType::User, PrincipalType::Group] {
            let of_kind = assignments.iter().filter(|row| row.principal_type == kind).map(|row| &row.principal_id);
            let ids: HashSet<_> = of_kind.filter(|id| !existing.contains(*id)).cloned().collect();
            let names = match kind {
                PrincipalType::User => self.names_of_users(ids.iter().cloned().collect()).await,
                PrincipalType::Group => self.names_of_groups(ids.iter().cloned().collect()).await,
            };
            let (there, unsure): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| names.get(id).is_some());
            existing.extend(there);
            for (id, exists) in self.each(unsure, async |id| self.exists(kind, id).await).await {
                match exists {
                    Ok(true) => drop(existing.insert(id)),
                    Ok(false) => drop(gone.insert(id)),
                    Err(error) => orphans.not_seen(format!("whether {id} exists"), &error),
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

    async fn exists(&self, kind: PrincipalType, id: &str) -> Result<bool, Error> {
        let found = match kind {
            PrincipalType::User => self.describe_user(id, &format!("user {id}")).await.map(drop),
            PrincipalType::Group => self.describe_group(id, &format!("group {id}")).await.map(drop),
        };
        match found {
            Ok(()) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes those that were found, as far as the patience reaches, and reads back what is there afterwards.
    pub(crate) async fn remove_orphans(&self, orphans: &mut Orphans, patience: &Patience) {
        let mut principals = Vec::new();
        for orphan in &mut orphans.found {
            match Principal::gone(orphan.principal_type, &orphan.principal_id, &self.protected) {
                Ok(principal) => principals.push(Some(principal)),
                Err(error) => {
                    orphan.assignment.progress.now_because(Outcome::Failed, error.to_string());
                    principals.push(None);
                }
            }
        }
        let steps = principals.iter().zip(&mut orphans.found);
        let steps = steps.filter_map(|(principal, orphan)| Some((principal.as_ref()?, &mut orphan.assignment)));
        self.change_assignments(Change::Delete, steps.collect(), patience).await;
        if orphans.found.iter().any(|orphan| orphan.assignment.progress.outcome.is_unfinished()) {
            return;
        }
        let places: HashSet<_> = orphans
            .found
            .iter()
            .map(|orphan| (orphan.assignment.account_id.clone(), orphan.assignment.permission_set_arn.clone()))
            .collect();
        let there = self.each(places, async |(account, set)| self.assignments_at(account, set).await).await;
        let shown = |(account, set): &(String, String)| format!("{set} in account {account}, after the removal");
        let there: Vec<AccountAssignment> = orphans.seen(there, shown).into_iter().flatten().collect();
        for OrphanStep { principal_id, assignment, .. } in &mut orphans.found {
            let is_there = there.iter().any(|row| row.principal_id == *principal_id && assignment.is_about(row));
            if assignment.progress.outcome == Outcome::Removed && is_there {
                let reason = "AWS answered that it was removed, and it is still listed.".to_owned();
                assignment.progress.now_because(Outcome::Failed, reason);
            }
        }
    }
}
