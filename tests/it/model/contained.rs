//! Holds what a containment or a restoration tells against what was and is in the sandbox's file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::access::{Access, Row, steps, text, told};

/// What was to be done.
pub enum Told<'t> {
    Contained { scope: &'t str, keep: Option<&'t str> },
    Offboarded,
    Restored { snapshots: &'t Value },
}

/// What restore-user gives back.
const TAKEN: [&str; 5] = ["pending", "in progress", "removed", "gone meanwhile", "unknown"];

/// What may be told of what was changed.
const CHANGED: [&str; 8] = [
    "removed",
    "was gone already",
    "gone meanwhile",
    "added",
    "was there already",
    "unknown",
    "pending",
    "in progress",
];

/// What comes with an error.
const UNDONE: [&str; 4] = ["failed", "unknown", "pending", "in progress"];

/// A command that was answered, and all that is known of it.
pub struct Answered<'t> {
    pub told: &'t Told<'t>,
    pub user: &'t str,
    /// The id of the group that no command may change.
    pub protected: Option<&'t str>,
    pub dry_run: bool,
    pub before: &'t Access,
    pub after: &'t Access,
    pub entries: &'t [Value],
    /// What an earlier round told, which holds where this one could not even begin.
    pub earlier: Option<&'t Value>,
    /// Whether anything went wrong on the way.
    pub faulty: bool,
    /// Whether an answer to a change was lost.
    pub lost: bool,
}

impl Answered<'_> {
    fn failed(&self) -> bool {
        self.entries.iter().any(|entry| entry["Type"] == 4)
    }

    /// Whether XSOAR was told to call again: then errors come later, and not everything need be done.
    fn is_scheduled(&self) -> bool {
        self.entries[0].get("PollingCommand").is_some()
    }

    fn gives(&self) -> bool {
        matches!(self.told, Told::Restored { .. })
    }

    fn is_protected(&self, row: &Row) -> bool {
        matches!(row, Row::Member { group, .. } if Some(group.as_str()) == self.protected)
    }

    /// Compares; gives the containment or restoration that was told.
    pub fn judge(&self) -> Result<Option<Value>, String> {
        if self.before.without(self.user) != self.after.without(self.user) {
            return Err("others are not as they were".to_owned());
        }
        let record = self.after.users.get(self.user);
        if record.is_some() && record != self.before.users.get(self.user) {
            return Err("the user's own record was changed".to_owned());
        }
        let name = if self.gives() { "Restoration" } else { "Containment" };
        let (had, has) = (self.before.of(self.user), self.after.of(self.user));
        let Some(told) = told(self.entries, name).or(self.earlier) else {
            let is_refused = matches!(self.told, Told::Offboarded) && had.iter().any(|row| self.is_protected(row));
            return match (self.failed(), self.faulty || is_refused) {
                (true, true) if self.before == self.after => Ok(None),
                (true, true) => Err("something was changed, and nothing is told".to_owned()),
                _ => Err(format!("no {name}, and no reason")),
            };
        };
        let steps = steps(self.user, told)?;
        self.steps_are_so(&steps, &has)?;
        let changed: Vec<&Row> = had.symmetric_difference(&has).collect();
        for row in &changed {
            let fits = if self.gives() { has.contains(*row) } else { had.contains(*row) };
            if !fits || !steps.get(*row).is_some_and(|outcome| CHANGED.contains(&outcome.as_str())) {
                return Err(format!("{row:?} was changed, and {:?} is told of it", steps.get(*row)));
            }
        }
        match self.told {
            Told::Restored { snapshots } => self.restored(snapshots, &changed, &has)?,
            Told::Contained { scope, keep } => self.contained(scope, *keep, &steps, &had, &has)?,
            Told::Offboarded => {
                self.contained("both", None, &steps, &had, &has)?;
            }
        }
        if !self.gives() {
            self.deletion(told)?;
        }
        Ok(Some(told.clone()))
    }

    /// What is told of each is so.
    fn steps_are_so(&self, steps: &BTreeMap<Row, String>, has: &BTreeSet<Row>) -> Result<(), String> {
        let (gives, dry_run) = (self.gives(), self.dry_run);
        for (row, outcome) in steps {
            let is_there = has.contains(row);
            let fits = match outcome.as_str() {
                "removed" | "gone meanwhile" => !is_there && !gives,
                // What the containment did not take is not given.
                "was gone already" => !is_there,
                "added" | "was there already" => is_there && gives,
                "kept" => is_there && !gives,
                "would be removed" => is_there && dry_run && !gives,
                "would be added" => !is_there && dry_run && gives,
                "failed" => is_there != gives,
                "unknown" => self.lost,
                "pending" | "in progress" => self.faulty || self.is_scheduled(),
                _ => false,
            };
            if !fits {
                let not = if is_there { "" } else { "not " };
                return Err(format!("{outcome} is told of {row:?}, which is {not}there"));
            }
            if UNDONE.contains(&outcome.as_str()) && !self.failed() && !self.is_scheduled() {
                return Err(format!("{outcome} is told of {row:?}, and no error"));
            }
        }
        Ok(())
    }

    /// Only what was taken is given, and all of it where nothing went wrong.
    fn restored(&self, snapshots: &Value, changed: &[&Row], has: &BTreeSet<Row>) -> Result<(), String> {
        let mut taken = BTreeSet::new();
        for snapshot in snapshots.as_array().into_iter().flatten() {
            let of = steps(self.user, snapshot)?;
            taken.extend(of.into_iter().filter(|(_, outcome)| TAKEN.contains(&outcome.as_str())).map(|(row, _)| row));
        }
        if let Some(row) = changed.iter().find(|row| !taken.contains(**row) || self.is_protected(row)) {
            return Err(format!("{row:?} was given, and was not to be"));
        }
        match taken.iter().find(|row| !has.contains(*row) && !self.is_protected(row)) {
            Some(row) if !(self.dry_run || self.is_scheduled() || self.failed() && self.faulty) => {
                Err(format!("{row:?} is not back"))
            }
            _ => Ok(()),
        }
    }

    /// Only what was to be taken is, and all of it where nothing went wrong; the snapshot has all that was there.
    fn contained(
        &self,
        scope: &str,
        keep: Option<&str>,
        steps: &BTreeMap<Row, String>,
        had: &BTreeSet<Row>,
        has: &BTreeSet<Row>,
    ) -> Result<(), String> {
        let wanted = |row: &&Row| match row {
            Row::Member { group, .. } => scope != "assignments" && keep != Some(group),
            Row::Assigned { .. } => scope != "groups",
        };
        if let Some(row) = had.difference(has).find(|row| !wanted(row) || self.is_protected(row)) {
            return Err(format!("{row:?} was taken, and was to stay"));
        }
        if let Some(row) = had.iter().filter(wanted).find(|row| !steps.contains_key(*row) && !self.failed()) {
            return Err(format!("{row:?} is not in the snapshot, and no error"));
        }
        let left = has.iter().find(wanted);
        match left {
            // What a dry run could not see, and what is protected, is told as an error, too.
            _ if self.dry_run || self.is_scheduled() => Ok(()),
            Some(row) if !self.failed() => Err(format!("{row:?} is left, and no error")),
            Some(row) if !self.faulty && !has.iter().filter(wanted).all(|row| self.is_protected(row)) => {
                Err(format!("{row:?} is left, and nothing went wrong"))
            }
            None if self.failed() && !self.faulty => Err("an error, and nothing went wrong".to_owned()),
            _ => Ok(()),
        }
    }

    /// A user is deleted only when that was wanted and nothing is left, and what is told of it is so.
    fn deletion(&self, told: &Value) -> Result<(), String> {
        let is_gone = !self.after.users.contains_key(self.user);
        let outcome = text(&told["UserDeletion"]["Outcome"]);
        let fits = match (&self.told, outcome.as_str()) {
            (Told::Offboarded, "removed" | "was gone already") => is_gone,
            (Told::Offboarded, "unknown") => self.lost && self.failed(),
            _ => !is_gone,
        };
        if !fits {
            return Err(format!("{outcome:?} is told of the user, who is {}", if is_gone { "gone" } else { "there" }));
        }
        if is_gone && !self.after.of(self.user).is_empty() {
            return Err("the user is gone, and something is left".to_owned());
        }
        Ok(())
    }
}
