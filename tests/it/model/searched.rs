//! Holds what a search for orphaned assignments tells against what was and is in the sandbox's file.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::access::{Access, Row, orphan_steps, told};
use crate::process::Sandbox;

/// What is to become of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Find,
    TellWhatWouldBeRemoved,
    Remove,
}

/// A search that was answered, and all that is known of it.
pub struct Searched<'t> {
    pub wish: Wish,
    /// The only account that is looked at.
    pub account: Option<&'t str>,
    /// The id that no command may change.
    pub protected: Option<&'t str>,
    /// Whether AWS fails to remove what belongs to nobody.
    pub refused: bool,
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

impl Searched<'_> {
    fn failed(&self) -> bool {
        self.entries.iter().any(|entry| entry["Type"] == 4)
    }

    fn is_scheduled(&self) -> bool {
        self.entries[0].get("PollingCommand").is_some()
    }

    fn acts(&self) -> bool {
        self.wish == Wish::Remove
    }

    fn is_meant(&self, row: &Row) -> bool {
        matches!(row, Row::Assigned { account, .. } if self.account.is_none_or(|only| only == account))
    }

    fn is_protected(&self, row: &Row) -> bool {
        self.protected == Some(row.whose())
    }

    /// Compares; gives what was told.
    pub fn judge(&self) -> Result<Option<Value>, String> {
        let Self { before, after, .. } = self;
        let gone: Vec<&Row> = before.rows.difference(&after.rows).collect();
        let mut expected = (*before).clone();
        expected.rows.retain(|row| !gone.contains(&row));
        if expected != **after {
            return Err("something came, or somebody's record was changed".to_owned());
        }
        let orphaned: Vec<Row> = before.orphaned().into_iter().filter(|row| self.is_meant(row)).collect();
        if let Some(row) = gone.iter().find(|row| !orphaned.contains(row) || self.is_protected(row) || !self.acts()) {
            return Err(format!("{row:?} was removed, and was to stay"));
        }
        let found = told(self.entries, "IdentityCenter").map(|context| &context["OrphanedAssignments"]);
        let Some(found) = found.or(self.earlier) else {
            let is_so = self.failed() && self.faulty && gone.is_empty();
            return if is_so { Ok(None) } else { Err("nothing is told, and no reason".to_owned()) };
        };
        let steps = orphan_steps(found)?;
        for (row, outcome) in &steps {
            if !orphaned.contains(row) {
                return Err(format!("{outcome} is told of {row:?}, which is no orphan, or was not meant"));
            }
            self.is_so(row, outcome)?;
        }
        let changes = ["removed", "was gone already", "gone meanwhile", "unknown", "pending", "in progress"];
        let untold = |row: &&&Row| !steps.get(**row).is_some_and(|outcome| changes.contains(&outcome.as_str()));
        if let Some(row) = gone.iter().find(untold) {
            return Err(format!("{row:?} was removed, and {:?} is told of it", steps.get(*row)));
        }
        self.is_whole(&orphaned, &steps)?;
        Ok(Some(found.clone()))
    }

    /// What is told of one is so.
    fn is_so(&self, row: &Row, outcome: &str) -> Result<(), String> {
        let is_there = self.after.rows.contains(row);
        let fits = match outcome {
            "found" => is_there && self.wish == Wish::Find,
            "would be removed" => is_there && self.wish == Wish::TellWhatWouldBeRemoved,
            "removed" | "was gone already" | "gone meanwhile" => !is_there,
            "failed" => is_there && self.acts() && (self.faulty || self.refused || self.is_protected(row)),
            "unknown" => self.lost,
            "pending" | "in progress" => self.is_scheduled() || self.faulty,
            _ => false,
        };
        if !fits {
            return Err(format!("{outcome} is told of {row:?}, which is {}there", if is_there { "" } else { "not " }));
        }
        let undone = ["failed", "unknown", "pending", "in progress"].contains(&outcome);
        if undone && !self.failed() && !self.is_scheduled() {
            return Err(format!("{outcome} is told of {row:?}, and no error"));
        }
        Ok(())
    }

    /// All that there is is told, and what was wanted is done, or there is an error; an error has a reason.
    fn is_whole(&self, orphaned: &[Row], steps: &BTreeMap<Row, String>) -> Result<(), String> {
        if self.is_scheduled() {
            return Ok(());
        }
        if let (Some(row), false) = (orphaned.iter().find(|row| !steps.contains_key(row)), self.failed()) {
            return Err(format!("{row:?} is passed over, and no error"));
        }
        let stays = |row: &&Row| self.refused || self.is_protected(row);
        let left = orphaned.iter().filter(|row| self.after.rows.contains(*row));
        if let (Some(row), true, false) = (left.clone().find(|row| !stays(row)), self.acts(), self.faulty) {
            return Err(format!("{row:?} is left, and nothing went wrong"));
        }
        if let (Some(row), true, false) = (left.clone().next(), self.acts(), self.failed()) {
            return Err(format!("{row:?} is left, and no error"));
        }
        let has_reason = self.faulty || self.acts() && left.clone().any(|row| stays(&row));
        if self.failed() && !has_reason { Err("an error, and nothing went wrong".to_owned()) } else { Ok(()) }
    }
}

/// Takes users and groups out of a directory, whose assignments are left behind.
pub fn bereave(sandbox: &Sandbox, users: impl Fn(usize) -> bool, groups: impl Fn(usize) -> bool) -> Vec<String> {
    let mut state = sandbox.state();
    let mut gone = Vec::new();
    let mut take = |list: &str, id: &str, is_gone: &dyn Fn(usize) -> bool| {
        let mut place = 0;
        state[list].as_array_mut().unwrap().retain(|record| {
            place += 1;
            if is_gone(place - 1) {
                gone.push(record[id].as_str().unwrap().to_owned());
            }
            !is_gone(place - 1)
        });
    };
    take("users", "UserId", &users);
    take("groups", "GroupId", &groups);
    let is_gone = |id: &Value| gone.iter().any(|gone| id == gone);
    let memberships = state["memberships"].as_array_mut().unwrap();
    memberships.retain(|row| !is_gone(&row["MemberId"]["UserId"]) && !is_gone(&row["GroupId"]));
    fs::write(sandbox.file(), state.to_string() + "\n").unwrap();
    gone
}

/// Leaves a directory with so many of its accounts.
pub fn keep_accounts(sandbox: &Sandbox, count: usize) {
    let mut state = sandbox.state();
    state["accounts"].as_array_mut().unwrap().truncate(count);
    let accounts = state["accounts"].clone();
    let is_kept = |id: &Value| accounts.as_array().unwrap().iter().any(|account| account["AccountId"] == *id);
    state["assignments"].as_array_mut().unwrap().retain(|row| is_kept(&row["AccountId"]));
    fs::write(sandbox.file(), state.to_string() + "\n").unwrap();
}
