//! Holds what a containment or a restoration tells against what was and is in the sandbox's file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Who there is, and what everybody has.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    pub users: BTreeSet<String>,
    pub rows: BTreeSet<Row>,
}

/// A group that a user is in, or a permission set in an account that a user or a group has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    Member { user: String, group: String },
    Assigned { principal: String, account: String, set: String },
}

impl Row {
    fn whose(&self) -> &str {
        match self {
            Self::Member { user, .. } => user,
            Self::Assigned { principal, .. } => principal,
        }
    }
}

/// What a sandbox's file holds.
pub fn access(state: &Value) -> Result<Access, String> {
    let list = |name: &str| state[name].as_array().cloned().unwrap_or_default();
    let users = list("users").iter().map(|user| text(&user["UserId"])).collect();
    let members =
        list("memberships").iter().map(|row| member(&text(&row["MemberId"]["UserId"]), row)).collect::<Vec<_>>();
    let assigned = list("assignments").iter().map(|row| assigned(&text(&row["PrincipalId"]), row)).collect::<Vec<_>>();
    let count = members.len() + assigned.len();
    let rows: BTreeSet<Row> = members.into_iter().chain(assigned).collect();
    if rows.len() == count { Ok(Access { users, rows }) } else { Err("something is there twice".to_owned()) }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn member(user: &str, row: &Value) -> Row {
    Row::Member { user: user.to_owned(), group: text(&row["GroupId"]) }
}

fn assigned(principal: &str, row: &Value) -> Row {
    Row::Assigned {
        principal: principal.to_owned(),
        account: text(&row["AccountId"]),
        set: text(&row["PermissionSetArn"]),
    }
}

/// What was to be done.
pub enum Told<'t> {
    Contained { scope: &'t str, keep: Option<&'t str> },
    Offboarded,
    Restored { snapshots: &'t Value },
}

/// The outcomes of a containment's or a restoration's steps.
fn steps(user: &str, told: &Value) -> Result<BTreeMap<Row, String>, String> {
    let list = |name: &str| told[name].as_array().cloned().unwrap_or_default();
    let groups = list("GroupMemberships").into_iter().map(|step| (member(user, &step), text(&step["Outcome"])));
    let sets = list("AccountAssignments").into_iter().map(|step| (assigned(user, &step), text(&step["Outcome"])));
    let all: Vec<_> = groups.chain(sets).collect();
    let steps: BTreeMap<_, _> = all.iter().cloned().collect();
    if steps.len() == all.len() { Ok(steps) } else { Err(format!("a step is told twice: {told}")) }
}

/// What restore-user gives back.
const TAKEN: [&str; 5] = ["pending", "in progress", "removed", "was gone already", "unknown"];

/// What may be told of what was changed.
const CHANGED: [&str; 7] =
    ["removed", "was gone already", "added", "was there already", "unknown", "pending", "in progress"];

/// What comes with an error.
const UNDONE: [&str; 4] = ["failed", "unknown", "pending", "in progress"];

/// A command that was answered, and all that is known of it.
pub struct Answered<'t> {
    pub told: Told<'t>,
    pub user: &'t str,
    /// The id of the group that no command may change.
    pub protected: Option<&'t str>,
    pub dry_run: bool,
    pub before: &'t Access,
    pub after: &'t Access,
    pub entries: &'t [Value],
    /// Whether anything went wrong on the way.
    pub faulty: bool,
    /// Whether an answer to a change was lost.
    pub lost: bool,
}

impl Answered<'_> {
    fn failed(&self) -> bool {
        self.entries.iter().any(|entry| entry["Type"] == 4)
    }

    fn gives(&self) -> bool {
        matches!(self.told, Told::Restored { .. })
    }

    fn own(&self, access: &Access) -> BTreeSet<Row> {
        access.rows.iter().filter(|row| row.whose() == self.user).cloned().collect()
    }

    fn is_protected(&self, row: &Row) -> bool {
        matches!(row, Row::Member { group, .. } if Some(group.as_str()) == self.protected)
    }

    /// Compares; gives the containment or restoration that was told.
    pub fn judge(&self) -> Result<Option<Value>, String> {
        let others = |access: &Access| {
            let rows = access.rows.iter().filter(|row| row.whose() != self.user).cloned().collect::<Vec<_>>();
            (rows, access.users.iter().filter(|user| *user != self.user).cloned().collect::<Vec<_>>())
        };
        if others(self.before) != others(self.after) {
            return Err("others are not as they were".to_owned());
        }
        let name = if self.gives() { "Restoration" } else { "Containment" };
        let context = self.entries.first().and_then(|entry| entry["EntryContext"].as_object());
        let told = context.and_then(|context| context.iter().find(|(key, _)| key.contains(name)).map(|(_, told)| told));
        let (had, has) = (self.own(self.before), self.own(self.after));
        let Some(told) = told else {
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
        match &self.told {
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
                "removed" | "was gone already" => !is_there && !gives,
                "added" | "was there already" => is_there && gives,
                "kept" => is_there && !gives,
                "would be removed" => is_there && dry_run && !gives,
                "would be added" => !is_there && dry_run && gives,
                "failed" => is_there != gives,
                "unknown" => self.lost,
                "pending" | "in progress" => self.faulty,
                _ => false,
            };
            if !fits {
                let not = if is_there { "" } else { "not " };
                return Err(format!("{outcome} is told of {row:?}, which is {not}there"));
            }
            if UNDONE.contains(&outcome.as_str()) && !self.failed() {
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
            Some(row) if !(self.dry_run || self.failed() && self.faulty) => Err(format!("{row:?} is not back")),
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
            _ if self.dry_run => Ok(()),
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
        let is_gone = !self.after.users.contains(self.user);
        let outcome = text(&told["UserDeletion"]["Outcome"]);
        let fits = match (&self.told, outcome.as_str()) {
            (Told::Offboarded, "removed" | "was gone already") => is_gone,
            (Told::Offboarded, "unknown") => self.lost && self.failed(),
            _ => !is_gone,
        };
        if !fits {
            return Err(format!("{outcome:?} is told of the user, who is {}", if is_gone { "gone" } else { "there" }));
        }
        if is_gone && !self.own(self.after).is_empty() {
            return Err("the user is gone, and something is left".to_owned());
        }
        Ok(())
    }
}
