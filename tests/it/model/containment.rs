//! Random containments and restorations of a few users, with random faults on the way to AWS, and with what others give
//! and take meanwhile; waited for, or in rounds as XSOAR asks, of which the last may never come. After every command and
//! every round: what the answer claims of each group and assignment is what the sandbox's file holds, nothing else is
//! changed, and nothing that was taken or given is untold. `contained` compares.

#![allow(clippy::print_stdout, reason = "a long run says what it tried")]

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::access::Access;
use super::contained::{Answered, Told};
use super::fault::Planned;
use super::random::Size;
use super::stage::Stage;
use super::strategy;
use crate::process::Sandbox;

const USERS: usize = 3;
const GROUPS: usize = 5;

/// What is done, to which of the users.
#[derive(Debug, Clone)]
enum Deed {
    Contain {
        scope: &'static str,
        keep: Option<usize>,
        dry_run: bool,
    },
    /// With the last so many snapshots of this user.
    Restore {
        last: usize,
        dry_run: bool,
    },
    Offboard {
        dry_run: bool,
    },
    /// Somebody else adds the user to a group, or removes the user from it.
    Add(usize),
    Remove(usize),
}

#[derive(Debug, Clone)]
struct Step {
    user: usize,
    deed: Deed,
    /// How many rounds there are at most, where XSOAR can be asked to call again.
    rounds: Option<usize>,
    faults: Vec<Planned>,
    retries: u8,
}

#[derive(Debug, Clone)]
struct Case {
    seed: u64,
    /// So much that a first round only tells of it.
    much: bool,
    protected_group: Option<usize>,
    short_pages: bool,
    steps: Vec<Step>,
}

fn case(steps: usize) -> impl Strategy<Value = Case> {
    let dry = || prop::bool::weighted(0.15);
    let deed = prop_oneof![
        5 => (select(vec!["both", "both", "groups", "assignments"]), option::weighted(0.3, 0..GROUPS), dry())
            .prop_map(|(scope, keep, dry_run)| Deed::Contain { scope, keep, dry_run }),
        4 => (1_usize..4, dry()).prop_map(|(last, dry_run)| Deed::Restore { last, dry_run }),
        1 => dry().prop_map(|dry_run| Deed::Offboard { dry_run }),
        1 => (0..GROUPS).prop_map(Deed::Add),
        1 => (0..GROUPS).prop_map(Deed::Remove),
    ];
    let faults = prop_oneof![1 => Just(Vec::new()), 2 => vec(strategy::planned(), 1..=2)];
    let rounds = option::weighted(0.6, prop_oneof![1 => 1_usize..=3, 2 => Just(8)]);
    let step = (prop_oneof![3 => Just(0), 1 => 0..USERS], deed, rounds, faults, 0_u8..=2)
        .prop_map(|(user, deed, rounds, faults, retries)| Step { user, deed, rounds, faults, retries });
    (any::<u64>(), prop::bool::weighted(0.3), option::weighted(0.3, 0..GROUPS), any::<bool>(), vec(step, 1..=steps))
        .prop_map(|(seed, much, protected_group, short_pages, steps)| Case {
            seed: seed % 1000,
            much,
            protected_group,
            short_pages,
            steps,
        })
}

/// `MODEL_CASES` says how many sequences, `MODEL_STEPS` how long they are at most, `MODEL_SEED` which ones.
#[test]
fn what_is_taken_and_given_back_is_what_is_told_whatever_goes_wrong() {
    let size = Size::wanted();
    Size { steps: size.steps / 2, ..size }.play(case, play);
    let [commands, rounds, faulty, taken, given] =
        [&COMMANDS, &ROUNDS, &FAULTY, &TAKEN, &GIVEN].map(|count| count.load(Relaxed));
    println!(
        "{commands} commands, {rounds} further rounds of them, {faulty} with faults; {taken} things taken, {given} given \
         back"
    );
    assert!(rounds > 0 && faulty > 0 && taken > 0 && given > 0, "nothing was tried");
}

/// What was tried.
static COMMANDS: AtomicU64 = AtomicU64::new(0);
static ROUNDS: AtomicU64 = AtomicU64::new(0);
static FAULTY: AtomicU64 = AtomicU64::new(0);
static TAKEN: AtomicU64 = AtomicU64::new(0);
static GIVEN: AtomicU64 = AtomicU64::new(0);

/// Plays a case to its end, or to the first untruth; at the end everything is taken and given back once more.
fn play(case: &Case) -> Result<(), String> {
    let mut world = World::new(case);
    let mut told = Vec::new();
    let quiet = |user, deed| Step { user, deed, rounds: None, faults: Vec::new(), retries: 0 };
    let last = [
        quiet(0, Deed::Contain { scope: "both", keep: None, dry_run: false }),
        quiet(0, Deed::Restore { last: usize::MAX, dry_run: false }),
    ];
    let end = case.steps.iter().chain(&last).try_for_each(|step| {
        if world.step(step, &mut told)? && !step.faults.is_empty() {
            let again = Step { faults: Vec::new(), ..step.clone() };
            world.step(&again, &mut told)?;
        }
        Ok::<_, String>(())
    });
    // The last ones are enough to see why, and each is long.
    let last = told.len().saturating_sub(4);
    end.map_err(|why| format!("{}\n\n{why}", told[last..].join("\n")))
}

struct World {
    stage: Stage,
    users: Vec<String>,
    groups: Vec<String>,
    protected: Option<String>,
    /// Of each user, the oldest first.
    snapshots: Vec<Vec<Value>>,
}

impl World {
    fn new(case: &Case) -> Self {
        let sandbox = directory(case);
        let state = sandbox.state();
        let ids = |list: &str, id: &str| -> Vec<String> {
            state[list].as_array().unwrap().iter().map(|row| row[id].as_str().unwrap().to_owned()).collect()
        };
        let (users, groups) = (ids("users", "UserId"), ids("groups", "GroupId"));
        let protected = case.protected_group.map(|group| groups[group].clone());
        let snapshots = vec![Vec::new(); users.len()];
        Self { stage: Stage::new(sandbox), users, groups, protected, snapshots }
    }

    /// Takes a step, and says whether it failed.
    fn step(&mut self, step: &Step, log: &mut Vec<String>) -> Result<bool, String> {
        let user = self.users[step.user].clone();
        let before = self.stage.access()?;
        if !before.users.contains_key(&user) {
            return Ok(false);
        }
        let last = match step.deed {
            Deed::Restore { last, .. } => last.min(self.snapshots[step.user].len()),
            _ => 0,
        };
        let snapshots = &self.snapshots[step.user];
        let snapshots = json!(snapshots[snapshots.len() - last..]);
        if last == 0 && matches!(step.deed, Deed::Restore { .. }) {
            return Ok(false);
        }
        let (name, args) = self.command(step, &user, &snapshots);
        let told = match &step.deed {
            Deed::Contain { scope, keep, .. } => {
                Told::Contained { scope, keep: keep.map(|group| &*self.groups[group]) }
            }
            Deed::Offboard { .. } => Told::Offboarded,
            Deed::Restore { .. } => Told::Restored { snapshots: &snapshots },
            Deed::Add(_) | Deed::Remove(_) => {
                self.stage.plan(&[]);
                let asked = self.stage.ask(name, &args, &json!({}), false, log)?;
                return if asked.failed() { Err("an error, and nothing went wrong".to_owned()) } else { Ok(false) };
            }
        };
        let mut settings = json!({"retries": step.retries});
        if let Some(group) = &self.protected {
            settings["protectedGroups"] = json!(group);
        }
        self.stage.plan(&step.faults);
        let (dry_run, mut args, mut earlier) = (args["dryRun"] == true, args, None);
        let mut rounds = 1;
        let failed = loop {
            let asked = self.stage.ask(name, &args, &settings, step.rounds.is_some(), log)?;
            let after = self.stage.access()?;
            if dry_run && (asked.changing > 0 || before != after) {
                return Err("a dry run changed something".to_owned());
            }
            let answered = Answered {
                told: &told,
                user: &user,
                protected: self.protected.as_deref(),
                dry_run,
                before: &before,
                after: &after,
                entries: &asked.entries,
                earlier: earlier.as_ref(),
                faulty: asked.faulty,
                lost: asked.lost,
            };
            earlier = answered.judge()?;
            FAULTY.fetch_add(u64::from(asked.faulty), Relaxed);
            match asked.next_round() {
                Some(next) if rounds < step.rounds.unwrap_or_default() => args = next,
                _ => break asked.failed(),
            }
            rounds += 1;
        };
        if !matches!(told, Told::Restored { .. }) && !dry_run {
            self.snapshots[step.user].extend(earlier);
        }
        // Where the next round never comes, AWS works on by itself.
        self.stage.settle()?;
        COMMANDS.fetch_add(1, Relaxed);
        ROUNDS.fetch_add(rounds as u64 - 1, Relaxed);
        let after = self.stage.access()?;
        let more = |a: &Access, b: &Access| a.rows.difference(&b.rows).count() as u64;
        TAKEN.fetch_add(more(&before, &after), Relaxed);
        GIVEN.fetch_add(more(&after, &before), Relaxed);
        Ok(failed)
    }

    fn command(&self, step: &Step, user: &str, snapshots: &Value) -> (&'static str, Value) {
        match &step.deed {
            Deed::Contain { scope, keep, dry_run } => {
                let kept: Vec<_> = keep.iter().map(|group| &self.groups[*group]).collect();
                let args = json!({"userId": user, "scope": scope, "keepGroups": kept, "dryRun": dry_run});
                ("contain-user", args)
            }
            Deed::Restore { dry_run, .. } => {
                ("restore-user", json!({"userId": user, "snapshot": snapshots, "dryRun": dry_run}))
            }
            Deed::Offboard { dry_run } => ("offboard-user", json!({"userId": user, "dryRun": dry_run})),
            Deed::Add(group) => ("add-user-to-group", json!({"userId": user, "groupId": self.groups[*group]})),
            Deed::Remove(group) => ("remove-user-from-group", json!({"userId": user, "groupId": self.groups[*group]})),
        }
    }
}

/// A directory of chance, in which users have memberships and assignments of their own.
fn directory(case: &Case) -> Sandbox {
    let sandbox = Sandbox::new();
    let (groups, memberships) = if case.much { (16, 40) } else { (GROUPS, 8) };
    let sizes = [
        format!("--users={USERS}"),
        format!("--groups={groups}"),
        format!("--memberships={memberships}"),
        format!("--seed={}", case.seed),
    ];
    let words: Vec<&str> = ["sandbox", "seed"].into_iter().chain(sizes.iter().map(String::as_str)).collect();
    assert_eq!(sandbox.run(&words, b"").code, 0);
    crate::containment::give_directly(&sandbox, usize::try_from(case.seed).unwrap());
    if case.short_pages {
        let text = fs::read_to_string(sandbox.file()).unwrap();
        let changed = text.replacen("\"scenario\":[]", "\"scenario\":[\"short-pages\"]", 1);
        assert_ne!(changed, text);
        fs::write(sandbox.file(), changed).unwrap();
    }
    sandbox
}
