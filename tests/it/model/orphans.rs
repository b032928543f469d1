//! Random searches for orphaned assignments, in directories of which some users and groups are gone, with random faults on
//! the way to AWS, waited for or in rounds. After every round: what is told is of somebody who is gone, and of each it is
//! told what the sandbox's file holds; nothing else is touched, and nothing is passed over without an error.

#![allow(clippy::print_stdout, reason = "a long run says what it tried")]

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fault::Planned;
use super::random::Size;
use super::searched::{Searched, Wish, bereave, keep_accounts};
use super::stage::Stage;
use super::strategy;
use crate::containment::{give_directly, set_scenario};
use crate::process::Sandbox;

const USERS: usize = 4;
const GROUPS: usize = 6;
/// A search asks for each permission set in each of them.
const ACCOUNTS: usize = 5;

#[derive(Debug, Clone)]
struct Step {
    wish: Wish,
    /// The place of the only account that is looked at.
    account: Option<usize>,
    /// How many rounds there are at most, where XSOAR can be asked to call again.
    rounds: Option<usize>,
    faults: Vec<Planned>,
    retries: u8,
}

#[derive(Debug, Clone)]
struct Case {
    seed: u64,
    users_gone: Vec<bool>,
    groups_gone: Vec<bool>,
    /// The place of one of the gone.
    protected: Option<usize>,
    refused: bool,
    short_pages: bool,
    steps: Vec<Step>,
}

fn case(steps: usize) -> impl Strategy<Value = Case> {
    // A search is long: faults come late as well, and several calls in a row.
    let fault = (strategy::planned(), prop_oneof![Just(0), 0_usize..60], prop_oneof![2 => Just(1), 1 => Just(10)]);
    let fault = fault.prop_map(|(planned, later, longer)| Planned {
        from: planned.from + later,
        times: planned.times * longer,
        ..planned
    });
    let faults = prop_oneof![1 => Just(Vec::new()), 4 => vec(fault, 1..=2)];
    let rounds = option::weighted(0.5, prop_oneof![1 => 1_usize..=2, 2 => Just(8)]);
    let step = (
        prop_oneof![1 => Just(Wish::Find), 1 => Just(Wish::TellWhatWouldBeRemoved), 3 => Just(Wish::Remove)],
        option::weighted(0.3, 0..ACCOUNTS),
        rounds,
        faults,
        0_u8..=2,
    );
    let step =
        step.prop_map(|(wish, account, rounds, faults, retries)| Step { wish, account, rounds, faults, retries });
    (
        any::<u64>(),
        vec(any::<bool>(), USERS),
        vec(any::<bool>(), GROUPS),
        option::weighted(0.3, 0..USERS),
        prop::bool::weighted(0.2),
        any::<bool>(),
        vec(step, 1..=steps),
    )
        .prop_map(|(seed, users_gone, groups_gone, protected, refused, short_pages, steps)| {
            // A directory without anybody cannot be told from one that cannot be read.
            let is_anybody_left = users_gone.iter().chain(&groups_gone).any(|is_gone| !is_gone);
            let groups_gone = if is_anybody_left { groups_gone } else { vec![false; GROUPS] };
            Case { seed: seed % 1000, users_gone, groups_gone, protected, refused, short_pages, steps }
        })
}

/// `MODEL_CASES` says how many sequences, `MODEL_STEPS` how long they are at most, `MODEL_SEED` which ones.
#[test]
fn only_what_belongs_to_nobody_is_found_and_removed_whatever_goes_wrong() {
    let size = Size::wanted();
    // Each search makes many calls.
    Size { cases: size.cases / 2, steps: size.steps / 4, ..size }.play(case, play);
    let [rounds, faulty, removed] = [&ROUNDS, &FAULTY, &REMOVED].map(|count| count.load(Relaxed));
    println!("{rounds} rounds, {faulty} of them with faults; {removed} orphaned assignments removed");
    assert!(faulty > 0 && removed > 0, "nothing was tried");
}

/// What was tried.
static ROUNDS: AtomicU64 = AtomicU64::new(0);
static FAULTY: AtomicU64 = AtomicU64::new(0);
static REMOVED: AtomicU64 = AtomicU64::new(0);

/// Plays a case to its end, or to the first untruth; at the end all that may be removed is.
fn play(case: &Case) -> Result<(), String> {
    let sandbox = Sandbox::new();
    let sizes = [format!("--users={USERS}"), format!("--groups={GROUPS}"), format!("--seed={}", case.seed)];
    let sizes: Vec<&str> = sizes.iter().map(String::as_str).collect();
    assert_eq!(sandbox.run(&[&["sandbox", "seed", "--memberships=10"], &sizes[..]].concat(), b"").code, 0);
    keep_accounts(&sandbox, ACCOUNTS);
    give_directly(&sandbox, usize::try_from(case.seed).unwrap());
    let gone = bereave(&sandbox, |place| case.users_gone[place], |place| case.groups_gone[place]);
    let scenario = [(!case.refused, "delete-orphans"), (case.short_pages, "short-pages")];
    let scenario: Vec<&str> = scenario.iter().filter(|(is_set, _)| *is_set).map(|(_, name)| *name).collect();
    set_scenario(&sandbox, &scenario);
    let accounts = sandbox.state()["accounts"].as_array().unwrap().iter().map(|row| row["AccountId"].clone()).collect();
    let protected = case.protected.and_then(|place| gone.get(place).cloned());
    let mut world = World { stage: Stage::new(sandbox), accounts, protected, refused: case.refused };
    let last = Step { wish: Wish::Remove, account: None, rounds: None, faults: Vec::new(), retries: 0 };
    let mut log = Vec::new();
    let end = case.steps.iter().chain([&last]).try_for_each(|step| world.step(step, &mut log));
    end.map_err(|why| format!("{}\n\n{why}", log[log.len().saturating_sub(4)..].join("\n")))
}

struct World {
    stage: Stage,
    accounts: Vec<Value>,
    protected: Option<String>,
    refused: bool,
}

impl World {
    fn step(&mut self, step: &Step, log: &mut Vec<String>) -> Result<(), String> {
        let before = self.stage.access()?;
        let account = step.account.map(|place| self.accounts[place].as_str().unwrap().to_owned());
        let (removes, dry_run) = (step.wish != Wish::Find, step.wish == Wish::TellWhatWouldBeRemoved);
        let mut args = json!({"accountId": account, "remove": removes, "dryRun": dry_run});
        let mut settings = json!({"retries": step.retries});
        if let Some(id) = &self.protected {
            settings["protectedUsers"] = json!(id);
            settings["protectedGroups"] = json!(id);
        }
        self.stage.plan(&step.faults);
        let mut earlier = None;
        for _ in 0..step.rounds.unwrap_or(1) {
            let asked = self.stage.ask("find-orphaned-assignments", &args, &settings, step.rounds.is_some(), log)?;
            let after = self.stage.access()?;
            if dry_run && asked.changing > 0 {
                return Err("a dry run made a call that changes something".to_owned());
            }
            let searched = Searched {
                wish: step.wish,
                account: account.as_deref(),
                protected: self.protected.as_deref(),
                refused: self.refused,
                before: &before,
                after: &after,
                entries: &asked.entries,
                earlier: earlier.as_ref(),
                faulty: asked.faulty,
                lost: asked.lost,
            };
            earlier = searched.judge()?;
            ROUNDS.fetch_add(1, Relaxed);
            FAULTY.fetch_add(u64::from(asked.faulty), Relaxed);
            let Some(next) = asked.next_round() else { break };
            args = next;
        }
        self.stage.settle()?;
        REMOVED.fetch_add(before.rows.difference(&self.stage.access()?.rows).count() as u64, Relaxed);
        Ok(())
    }
}
