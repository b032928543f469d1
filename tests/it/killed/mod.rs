//! Processes that are killed (SIGKILL) at random moments: what they had done is done, the store is whole, and whoever
//! runs the same again finishes the job. `KILLS` says how often, `KILLS_SEED` when. Here are bulk removals, sessions and
//! servers; beside it what takes from users and gives back, and those that are asked to end (SIGTERM).

#![allow(clippy::print_stdout, reason = "a long run says what it tried")]

mod containments;
mod interrupted;
mod rounds;

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, thread};

use fastrand::Rng;
use serde_json::{Value, json};

use crate::bulk::{REMOVE, user_in_groups};
use crate::model::facts::{Effect, Facts};
use crate::model::judge::Answered;
use crate::model::number;
use crate::model::predict::Prediction;
use crate::model::step::{Action, By, Named};
use crate::network::client::params_for;
use crate::network::upstream::Upstream;
use crate::process::{self, Sandbox, finish};

fn kills() -> u64 {
    number("KILLS", 24).div_ceil(3)
}

/// When the next one is killed: at random, within a span that follows how fast this machine is at the moment.
struct Moments {
    random: Rng,
    /// When the span begins, and how long it is, in microseconds.
    from: u64,
    span: u64,
    /// How long the work takes once it has begun, in microseconds.
    work: u64,
    killed: u64,
    at_work: u64,
}

impl Moments {
    /// From the seed that a failed test shows.
    fn new() -> Self {
        let seed = number("KILLS_SEED", 7);
        println!("KILLS_SEED={seed}");
        Self { random: Rng::with_seed(seed), from: 0, span: 100_000, work: 50_000, killed: 0, at_work: 0 }
    }

    fn wait(&mut self) {
        thread::sleep(Duration::from_micros(self.from + self.random.u64(0..self.span)));
    }

    /// Waits, mostly, until something was changed, and a little longer: work that is short, or that is mostly waiting, is
    /// met in its middle that way.
    fn wait_for_work(&mut self, file: &Path) {
        if self.random.u8(0..4) == 0 {
            return self.wait();
        }
        // A file that is written anew is another file for a moment.
        let seen = || fs::metadata(file).ok().map(|file| (file.ino(), file.len(), file.modified().unwrap()));
        let (before, begun) = (seen(), Instant::now());
        while seen() == before && begun.elapsed() < Duration::from_millis(1000) {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_micros(self.random.u64(0..self.work)));
    }

    /// Whether so many were killed as is wanted, and some of them in the middle of their work if that can be had.
    fn are_enough(&self, wanted: u64) -> bool {
        self.killed >= wanted && (self.at_work > 0 || self.killed >= 20 * wanted)
    }

    /// One was killed, after it had done so much of what there was to do.
    fn note(&mut self, done: usize, of: usize) {
        self.killed += 1;
        match (done, of) {
            (0, _) => {
                self.from = (self.from + self.span / 8).min(1_000_000);
                self.span = (self.span * 9 / 8).min(5_000_000);
            }
            (done, of) if done >= of => {
                self.from = self.from * 3 / 4;
                self.span = (self.span * 3 / 4).max(20_000);
                self.work = (self.work * 3 / 4).max(5_000);
            }
            _ => {
                self.work = (self.work * 9 / 8).min(1_000_000);
                self.at_work += 1;
            }
        }
    }

    fn end(&self, what: &str) {
        println!("{} {what}, {} in the middle of their work", self.killed, self.at_work);
        assert!(self.at_work > 0, "all were killed before they began or after they were done");
    }
}

fn facts(state: &Value) -> Facts {
    Facts::of(state).unwrap()
}

fn removal(user: &str, params: &Value) -> Value {
    json!({"command": format!("aws-iam-identitycenter-{REMOVE}"), "args": {"userName": user}, "params": params})
}

/// A small file is written anew with each change, to a large one each change is added as a line.
#[test]
fn bulk_work_that_is_killed_is_finished_by_the_next() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills()) {
        let groups = if moments.random.bool() { 100 } else { 450 };
        let (sandbox, user) = user_in_groups(groups);
        let request = removal(&user, &json!({})).to_string();
        let mut before = facts(&sandbox.state());
        for _ in 0..moments.random.u64(4..=16) {
            let mut child = sandbox.start(&[], request.as_bytes());
            moments.wait();
            child.kill().unwrap();
            child.wait().unwrap();
            let after = facts(&sandbox.state());
            moments.note(before.memberships.len() - after.memberships.len(), before.memberships.len());
            assert!(
                after.memberships.iter().all(|(pair, id)| before.memberships.get(pair) == Some(id)),
                "one came back"
            );
            assert_eq!((&after.users, &after.groups), (&before.users, &before.groups));
            before = after;
            if before.memberships.is_empty() {
                break;
            }
        }
        let last = sandbox.succeed(REMOVE, &json!({"userName": user}));
        let rows = last["Contents"].as_array().unwrap().len();
        assert_eq!((rows, facts(&sandbox.state()).memberships.len()), (before.memberships.len(), 0));
    }
    moments.end("bulk removals killed");
}

/// The commands of a script, and what the store holds after so many of them.
struct Script {
    commands: Vec<(&'static str, Value)>,
    states: Vec<State>,
}

/// Users with their titles, groups, memberships.
type State = (BTreeSet<(String, String)>, BTreeSet<String>, BTreeSet<(String, String)>);

fn script(rounds: usize) -> Script {
    let mut script = Script { commands: Vec::new(), states: vec![State::default()] };
    let mut then = |command, args, change: &dyn Fn(&mut State)| {
        let mut state = script.states.last().unwrap().clone();
        change(&mut state);
        script.commands.push((command, args));
        script.states.push(state);
    };
    for round in 0..rounds {
        let (user, group) = (format!("user{round}"), format!("group{round}"));
        let earlier = format!("user{}", round.saturating_sub(2));
        then("create-group", json!({"displayName": group}), &|state| {
            state.1.insert(group.clone());
        });
        then(
            "create-user",
            json!({"userName": user, "givenName": "G", "displayName": "G F", "title": "old"}),
            &|state| {
                state.0.insert((user.clone(), "old".to_owned()));
            },
        );
        then("add-user-to-group", json!({"userName": user, "groupName": group}), &|state| {
            state.2.insert((user.clone(), group.clone()));
        });
        then("update-user", json!({"userName": user, "title": "new"}), &|state| {
            state.0.remove(&(user.clone(), "old".to_owned()));
            state.0.insert((user.clone(), "new".to_owned()));
        });
        if round % 3 == 2 {
            then("delete-user", json!({"userName": earlier}), &|state| {
                state.0.retain(|(name, _)| *name != earlier);
                state.2.retain(|(name, _)| *name != earlier);
            });
        }
    }
    script
}

/// What is there beside what was there at first.
fn made(sandbox: &Sandbox, first: &Facts) -> State {
    use crate::model::step::Attribute::Title;
    let now = facts(&sandbox.state());
    let title = |name: &String| now.users[name].attributes.get(&Title).cloned().unwrap_or_default();
    (
        now.users
            .keys()
            .filter(|name| !first.users.contains_key(*name))
            .map(|name| (name.clone(), title(name)))
            .collect(),
        now.groups.keys().filter(|name| !first.groups.contains_key(*name)).cloned().collect(),
        now.memberships.into_keys().filter(|pair| !first.memberships.contains_key(pair)).collect(),
    )
}

/// The answers that a killed session had given are in the file, and at most the next command's change as well.
#[test]
fn a_session_that_is_killed_has_done_what_it_answered_and_no_more_than_the_next() {
    let mut moments = Moments::new();
    let script = script(15);
    while !moments.are_enough(kills()) {
        // The sample directory is small; with 800 users each change is a line.
        let sandbox = if moments.random.bool() { Sandbox::new() } else { Sandbox::seeded(800, 10, 10) };
        sandbox.succeed("list-groups", &json!({}));
        let first = facts(&sandbox.state());
        let mut done = 0;
        while done < script.commands.len() {
            let spared = moments.random.u8(0..6) == 0;
            let lines: String = script.commands[done..]
                .iter()
                .map(|(name, args)| {
                    json!({"command": format!("aws-iam-identitycenter-{name}"), "args": args}).to_string() + "\n"
                })
                .collect();
            let mut child = sandbox.start(&["loop"], lines.as_bytes());
            if !spared {
                moments.wait();
                child.kill().unwrap();
            }
            let output = child.wait_with_output().unwrap();
            let answered = String::from_utf8_lossy(&output.stdout).matches("{\"type\":\"completed\"}\n").count();
            let now = made(&sandbox, &first);
            let sure = done + answered;
            let place = (sure..script.states.len().min(sure + 2)).find(|place| script.states[*place] == now);
            done = place.unwrap_or_else(|| panic!("after {sure} answers there is {now:?}"));
            if !spared {
                moments.note(answered, script.commands.len() - (sure - answered));
            }
        }
    }
    moments.end("sessions killed");
}

/// What the client says is true although its server is gone, and the next one finishes.
#[test]
fn a_server_that_is_killed_leaves_a_sound_store_and_a_client_that_tells_the_truth() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills()) {
        let groups = if moments.random.bool() { 100 } else { 450 };
        let (sandbox, user) = user_in_groups(groups);
        let mut upstream = Upstream::serve(sandbox);
        for _ in 0..moments.random.u64(3..=8) {
            let before = facts(&upstream.state());
            let params = params_for(&format!("http://{}", upstream.address));
            let child = process::start(&mut process::command(), removal(&user, &params).to_string().as_bytes());
            moments.wait();
            upstream.kill_and_serve_again();
            let output = finish(child);
            let after = facts(&upstream.state());
            moments.note(before.memberships.len() - after.memberships.len(), before.memberships.len());
            tells_the_truth(&output.entries(), &before, &after).unwrap_or_else(|why| panic!("{why}\n{output:?}"));
            if after.memberships.is_empty() {
                break;
            }
        }
        let params = params_for(&format!("http://{}", upstream.address));
        let last = process::run(&mut process::command(), removal(&user, &params).to_string().as_bytes());
        assert_eq!((last.code, upstream.memberships()), (0, 0), "{last:?}");
    }
    moments.end("servers killed");
}

fn tells_the_truth(entries: &[Value], before: &Facts, after: &Facts) -> Result<(), String> {
    let leave = |((user, group), id): (&(String, String), &String)| Effect::Leave {
        user: user.clone(),
        group: group.clone(),
        id: id.clone(),
    };
    let effects = before.memberships.iter().map(leave).collect();
    let prediction = Prediction { effects, ..Prediction::default() };
    let lost = |_: Option<&str>| true;
    let user = Named { place: 0, by: By::Name };
    let answered = Answered {
        action: &Action::RemoveFromAll { user, dry_run: false },
        prediction: &prediction,
        entries,
        before,
        after,
        faulty: true,
        lost: &lost,
        recent: false,
        partial_updates: false,
    };
    answered.judge()
}
