//! Random sequences of all commands, with random faults on the way to the directory, held against a simple model of it.
//! After every command: what the answer claims is what the sandbox's file holds; nothing is claimed that did not
//! happen, and nothing happened that is not told; unknown is said only where an answer of AWS was lost; the command
//! given again, when nothing goes wrong any more, does the rest and says so.
//!
//! `facts` is the model, `predict` what a command ought to do, `fault` what goes wrong, `judge` and `reads` compare.
//! docs/unbreakable.md tells how to run more of them, and what the last run found.

#![allow(clippy::print_stdout, reason = "a long run says what it tried")]

pub mod access;
mod arguments;
pub mod contained;
mod containment;
pub mod facts;
mod fault;
pub mod judge;
mod orphans;
pub mod predict;
mod random;
mod reads;
pub mod searched;
mod stage;
pub mod step;
mod strategy;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::facts::{Effect, Facts};
use self::fault::Faults;
use self::judge::Answered;
use self::predict::{Before, Prediction};
use self::random::Size;
pub use self::random::number;
use self::step::{Action, Case, Step};
use crate::network::client::{params, with};
use crate::network::fault_server::Server;
use crate::network::upstream::Upstream;
use crate::process;
use crate::session::Session;

/// `MODEL_CASES` says how many sequences, `MODEL_STEPS` how long they are at most, `MODEL_SEED` which ones.
#[test]
fn what_is_claimed_is_what_happened_whatever_goes_wrong() {
    Size { simpler: 300, ..Size::wanted() }.play(strategy::case, play);
    let [commands, faulty, failed, unknown] = [&COMMANDS, &FAULTY, &FAILED, &UNKNOWN].map(|count| count.load(Relaxed));
    println!(
        "{commands} commands, {faulty} of them with faults; {failed} failed, {unknown} said that they do not know"
    );
    assert!(faulty > 0 && failed > 0, "nothing went wrong");
}

/// What was tried.
static COMMANDS: AtomicU64 = AtomicU64::new(0);
static FAULTY: AtomicU64 = AtomicU64::new(0);
static FAILED: AtomicU64 = AtomicU64::new(0);
static UNKNOWN: AtomicU64 = AtomicU64::new(0);

/// Plays a case to its end, or to the first untruth.
fn play(case: &Case) -> Result<(), String> {
    let mut world = World::new(case)?;
    let mut told = Vec::new();
    let end = case.steps.iter().try_for_each(|step| world.step(step, &mut told));
    end.map_err(|why| format!("{}\n\n{why}", told.join("\n")))
}

struct World<'c> {
    case: &'c Case,
    upstream: Arc<Upstream>,
    server: Server,
    faults: Faults,
    session: Session,
    sample: Facts,
    facts: Facts,
    /// The ids of memberships that there were.
    gone: Vec<String>,
    /// When something was made.
    made: HashMap<String, Instant>,
}

/// How long an attempt may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// AWS may count whole seconds, so that what was made within this time may be taken for what was just made.
const SAME_SECOND: Duration = Duration::from_secs(2);

impl<'c> World<'c> {
    fn new(case: &'c Case) -> Result<Self, String> {
        let settings = [(case.partial_updates, "partial-updates"), (case.short_pages, "short-pages")];
        let settings: Vec<_> = settings.iter().filter(|(is_set, _)| *is_set).map(|(_, name)| *name).collect();
        let upstream = Arc::new(Upstream::sample_with(&settings));
        let faults = Faults::default();
        let planned = faults.clone();
        let server = Server::faulty(&upstream, move |request, _| planned.of(request));
        let session = Session::start(process::command().arg("loop"));
        let facts = Facts::of(&upstream.state())?;
        let (gone, made) = (Vec::new(), HashMap::new());
        Ok(Self { case, upstream, server, faults, session, sample: facts.clone(), facts, gone, made })
    }

    fn step(&mut self, step: &Step, told: &mut Vec<String>) -> Result<(), String> {
        let failed = self.command(step, false, told)?;
        if failed || step.again { self.command(step, true, told).map(drop) } else { Ok(()) }
    }

    /// Gives the command, and says whether it failed.
    fn command(&mut self, step: &Step, again: bool, told: &mut Vec<String>) -> Result<bool, String> {
        let action = &step.action;
        let state = self.upstream.state();
        let before = Before { facts: &self.facts, case: self.case, gone: &self.gone, state: &state };
        let (args, prediction) = (before.args(action), before.predict(action));
        let retries = if again { 0 } else { step.retries };
        let request =
            with(params(&self.server), json!({"timeout": format!("{},30", TIMEOUT.as_secs()), "retries": retries}));
        let request = with(request, before.protection(&self.sample));
        let name = action.command();
        let name = if name == "test-module" { name.to_owned() } else { format!("aws-iam-identitycenter-{name}") };
        let request = json!({"command": name, "args": args, "params": request});

        self.faults.plan(if again { &[] } else { &step.faults });
        let begun = Instant::now();
        let entries = self.session.ask(request.to_string().as_bytes());
        let took = begun.elapsed();
        // On a busy machine an answer may be too late without anybody's intent.
        let too_late = took >= TIMEOUT;
        let faulty = too_late || self.faults.any();
        told.push(format!(
            "{name} {args}{}\n    {}",
            if faulty { " (faulty)" } else { "" },
            Value::from(entries.clone())
        ));

        let state = self.upstream.state();
        let after = Facts::of(&state)?;
        let recent = self.is_recent(action, begun);
        let lost = |membership: Option<&str>| too_late || self.faults.lost(membership);
        let answered = Answered {
            action,
            prediction: &prediction,
            entries: &entries,
            before: &self.facts,
            after: &after,
            faulty,
            lost: &lost,
            recent,
            partial_updates: self.case.partial_updates,
        };
        answered.judge()?;
        if action.is_dry() && self.faults.changing() > 0 {
            return Err("a dry run made a call that changes something".to_owned());
        }
        if took > Duration::from_secs(40) {
            return Err(format!("it took {took:?}"));
        }
        let before = Before { facts: if action.reads() { &self.facts } else { &after }, state: &state, ..before };
        reads::check(action, &before, &entries, !faulty)?;
        self.remember(&prediction, after);
        let failed = entries.iter().any(|entry| entry["Type"] == 4);
        COMMANDS.fetch_add(1, Relaxed);
        FAULTY.fetch_add(u64::from(faulty), Relaxed);
        FAILED.fetch_add(u64::from(failed), Relaxed);
        let unknown = Value::from(entries).to_string();
        UNKNOWN.fetch_add(u64::from(judge::UNKNOWN.iter().any(|words| unknown.contains(words))), Relaxed);
        Ok(failed)
    }

    fn is_recent(&self, action: &Action, begun: Instant) -> bool {
        let before = Before { facts: &self.facts, case: self.case, gone: &self.gone, state: &Value::Null };
        let made = match action {
            Action::CreateUser { place, .. } => step::USERS[*place].to_owned(),
            Action::CreateGroup { place, .. } => step::GROUPS[*place].to_owned(),
            Action::Add { user, group } => format!("{}+{}", before.user(*user).1.name(), before.group(*group).1.name()),
            _ => return false,
        };
        self.made.get(&made).is_some_and(|made| begun.duration_since(*made) < SAME_SECOND)
    }

    fn remember(&mut self, prediction: &Prediction, after: Facts) {
        let there = |id: &String| after.membership(id).is_some();
        self.gone.extend(self.facts.memberships.values().filter(|id| !there(id)).cloned());
        for effect in &prediction.effects {
            let made = match effect {
                Effect::AddUser { name, .. } | Effect::AddGroup { name, .. } | Effect::Rename { name, .. } => {
                    name.clone()
                }
                Effect::Join { user, group } => format!("{user}+{group}"),
                _ => continue,
            };
            self.made.insert(made, Instant::now());
        }
        self.facts = after;
    }
}

impl Drop for World<'_> {
    fn drop(&mut self) {
        self.session.kill();
    }
}
