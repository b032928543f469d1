//! What processes that contain, restore and off-board the same users at the same time may answer, and leave behind.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::access::{Access, Row, orphan_steps, steps, told};

/// What is done to a user, by its place in the directory.
pub const CONTAINED: usize = 1;
pub const RESTORED: usize = 2;
pub const OFFBOARDED: usize = 3;
/// Contained and restored, over and over.
pub const TORN: usize = 4;
/// Contained, restored and off-boarded.
pub const LEAVING: usize = 5;

/// What may be told to whom somebody else was quicker than, of a user who is torn.
const LATE: [&str; 8] = [
    "was not found",
    "is listed again or still",
    "was given more meanwhile",
    "and is not listed",
    "so the user was not deleted",
    "could not be read back",
    "no longer exists",
    "AWS took the request, and then failed: Received a 404",
];

/// A command and its answers, one for each round.
pub struct Done {
    pub name: &'static str,
    pub place: usize,
    pub answers: Vec<Vec<Value>>,
}

impl Done {
    fn errors(&self) -> Vec<String> {
        let entries = self.answers.iter().flatten().filter(|entry| entry["Type"] == 4);
        entries.map(|entry| entry["Contents"].as_str().unwrap().to_owned()).collect()
    }

    /// What was told last.
    pub fn told(&self, name: &str) -> Option<Value> {
        self.answers.iter().rev().find_map(|entries| told(entries, name).cloned())
    }

    /// What it claims of each thing, in all of its rounds.
    fn claims(&self, user: &str) -> Vec<(Row, String)> {
        let mut all: Vec<(Row, String)> = Vec::new();
        for entries in &self.answers {
            if let Some(told) = told(entries, "Containment").or(told(entries, "Restoration")) {
                all.extend(steps(user, told).unwrap());
            } else if let Some(context) = told(entries, "IdentityCenter") {
                all.extend(orphan_steps(&context["OrphanedAssignments"]).unwrap());
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether it says that it deleted the user.
    fn has_deleted(&self) -> bool {
        self.told("Containment").is_some_and(|told| told["UserDeletion"]["Outcome"] == "removed")
    }
}

/// Whoever is alone with a user's wish meets no error; whoever is late is told so.
pub fn errors_are_of_the_late(done: &[Done]) -> usize {
    let mut late = 0;
    for done in done {
        for error in done.errors() {
            let may_be = match (done.name, done.place) {
                ("offboard-user", OFFBOARDED) => error.contains(LATE[0]) && !error.contains("was not deleted"),
                (_, TORN | LEAVING) => LATE.iter().any(|words| error.contains(words)),
                _ => false,
            };
            assert!(may_be, "{} of user {}: {error}\n{:?}", done.name, done.place, done.answers);
            late += 1;
        }
    }
    late
}

pub fn nobody_else_is_touched(first: &Access, there: &Access, users: &[String]) {
    let meant = [CONTAINED, RESTORED, OFFBOARDED, TORN, LEAVING].map(|place| &users[place]);
    let others = |access: &Access| {
        let mut others = access.clone();
        others.users.retain(|id, _| !meant.contains(&id));
        others.rows.retain(|row| !meant.iter().any(|id| row.whose() == *id) && !first.orphaned().contains(row));
        others
    };
    assert_eq!(others(there), others(first), "somebody else was touched");
    for (id, record) in &there.users {
        assert_eq!(Some(record), first.users.get(id));
    }
}

pub fn claims_add_up(first: &Access, there: &Access, users: &[String], done: &[Done]) {
    let of = |place: usize| (first.of(&users[place]), there.of(&users[place]));
    let once = |claimed: &BTreeMap<Row, usize>| claimed.values().all(|count| *count == 1);

    // Contained: nothing is left, and each thing was taken once.
    let (had, has) = of(CONTAINED);
    let taken = claimed(done, "removed", users, |done| done.place == CONTAINED);
    assert!(has.is_empty() && once(&taken) && taken.keys().eq(&had), "{has:?} {taken:?} {had:?}");

    // Restored: all is there, and each membership was given once.
    let (had, has) = of(RESTORED);
    let given = claimed(done, "added", users, |done| done.place == RESTORED);
    let members: BTreeMap<_, _> = given.iter().filter(|(row, _)| matches!(row, Row::Member { .. })).collect();
    let had_members = had.iter().filter(|row| matches!(row, Row::Member { .. }));
    assert!(has == had && given.keys().eq(&had), "{given:?} {had:?}");
    assert!(members.values().all(|count| **count == 1) && members.len() == had_members.count(), "{members:?}");

    // Off-boarded: gone with everything, deleted once.
    let (had, has) = of(OFFBOARDED);
    let taken = claimed(done, "removed", users, |done| done.place == OFFBOARDED);
    let deleted = |place: usize| done.iter().filter(|done| done.place == place && done.has_deleted()).count();
    assert!(has.is_empty() && !there.users.contains_key(&users[OFFBOARDED]));
    assert_eq!(deleted(OFFBOARDED), 1, "who deleted the user");
    assert!(once(&taken), "{taken:?}");
    // Whoever asked AWS for it may have been told only that the user is gone.
    let asked = claimed(done, "in progress", users, |done| done.place == OFFBOARDED);
    assert!(had.iter().all(|row| taken.contains_key(row) || asked.contains_key(row)), "{taken:?} {had:?}");

    // Torn: no more than there was.
    let (had, has) = of(TORN);
    assert!(has.is_subset(&had), "{has:?}");

    // Leaving: gone if somebody says so, and what is left was given meanwhile.
    let is_there = there.users.contains_key(&users[LEAVING]);
    assert_eq!(deleted(LEAVING), usize::from(!is_there), "who deleted the user");
    let (had, has) = of(LEAVING);
    assert!(has.is_subset(&had), "{has:?}");
    if !is_there {
        let given = claimed(done, "added", users, |done| done.place == LEAVING);
        assert!(has.iter().all(|row| given.contains_key(row)), "{has:?} was left behind");
    }

    // What belonged to nobody was removed, once.
    let removed = claimed(done, "removed", users, |done| done.name == "find-orphaned-assignments");
    let orphaned = first.orphaned();
    let first_ones: BTreeMap<_, _> = removed.iter().filter(|(row, _)| orphaned.contains(row)).collect();
    assert!(first_ones.values().all(|count| **count == 1) && first_ones.into_keys().eq(&orphaned), "{removed:?}");
    assert!(there.orphaned().iter().all(|row| row.whose() == users[LEAVING]));
}

/// How often each thing is claimed to have come to this.
fn claimed(done: &[Done], outcome: &str, users: &[String], is_meant: impl Fn(&Done) -> bool) -> BTreeMap<Row, usize> {
    let mut claimed = BTreeMap::new();
    for done in done.iter().filter(|done| is_meant(done)) {
        for (row, _) in done.claims(&users[done.place]).into_iter().filter(|(_, told)| told == outcome) {
            *claimed.entry(row).or_default() += 1;
        }
    }
    claimed
}
