//! Several processes that contain, restore and off-board the same users at the same time, with groups that these share,
//! and look for orphaned assignments meanwhile: some wait, some go in rounds as XSOAR does. Every command has an answer;
//! errors are of whoever was late; each thing is taken, and each membership given, by whom it is claimed, once; and what
//! the answers hold is enough to give everything back. `TOGETHER` says in how many directories: one for each 60.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::{Value, json};

use super::legal::{
    CONTAINED, Done, LEAVING, OFFBOARDED, RESTORED, TORN, claims_add_up, errors_are_of_the_late, nobody_else_is_touched,
};
use crate::containment::{give_directly, set_scenario};
use crate::model::access::{Access, access, told};
use crate::model::number;
use crate::model::searched::{bereave, keep_accounts};
use crate::network::client::params_for;
use crate::network::upstream::Upstream;
use crate::process::{self, Sandbox};
use crate::session::Session;

/// Where processes wait for each other, so that they do the same at the same time.
struct Meeting {
    processes: usize,
    arrived: AtomicUsize,
}

impl Meeting {
    /// Waits until all have come as often. Of one that has failed nobody waits for ever.
    fn meet(&self, times: usize) {
        self.arrived.fetch_add(1, SeqCst);
        let begun = Instant::now();
        while self.arrived.load(SeqCst) < self.processes * times && begun.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// One process that does everything there is to do, to one user after the other, as all the others do.
struct Process<'p> {
    session: Session,
    random: Rng,
    meeting: &'p Meeting,
    params: &'p Value,
    users: &'p [String],
    /// What the restored one lost before.
    snapshot: &'p Value,
    done: Vec<Done>,
}

impl Process<'_> {
    fn run(&mut self) {
        for (met, place) in [CONTAINED, RESTORED, OFFBOARDED, TORN, LEAVING].into_iter().enumerate() {
            self.meeting.meet(met + 1);
            if self.random.u8(0..3) == 0 {
                self.command("find-orphaned-assignments", 0);
            }
            let commands: &[&str] = match place {
                CONTAINED => &["contain-user"],
                RESTORED => &["restore-user"],
                OFFBOARDED => &["offboard-user"],
                TORN => &["contain-user", "restore-user"],
                _ if self.random.bool() => &["offboard-user"],
                _ => &["contain-user", "restore-user", "offboard-user"],
            };
            for name in commands {
                self.command(name, place);
            }
        }
        self.command("find-orphaned-assignments", 0);
    }

    fn command(&mut self, name: &'static str, place: usize) {
        let mut args = json!({"userId": self.users[place]});
        if name == "restore-user" {
            let own: Vec<Value> = match place {
                RESTORED => vec![self.snapshot.clone()],
                _ => self
                    .done
                    .iter()
                    .filter(|done| done.place == place)
                    .filter_map(|done| done.told("Containment"))
                    .collect(),
            };
            if own.is_empty() {
                return;
            }
            args["snapshot"] = json!(own);
        } else if name == "find-orphaned-assignments" {
            args = json!({"remove": true});
        }
        let in_rounds = self.random.bool();
        let mut answers = Vec::new();
        loop {
            let command = format!("aws-iam-identitycenter-{name}");
            let request = json!({"command": command, "args": args, "params": self.params, "integration": in_rounds});
            let entries = self.session.ask(request.to_string().as_bytes());
            let next = entries[0].get("PollingArgs").cloned();
            answers.push(entries);
            let Some(next) = next else { break };
            args = next;
            thread::sleep(Duration::from_millis(self.random.u64(50..200)));
        }
        self.done.push(Done { name, place, answers });
    }
}

struct Place<'p> {
    state: &'p (dyn Fn() -> Value + Sync),
    start: &'p (dyn Fn() -> std::process::Command + Sync),
    params: Value,
}

impl Place<'_> {
    fn access(&self) -> Access {
        // Whoever asks has what AWS has to do done.
        self.succeed("list-groups", &json!({}));
        access(&(self.state)()).unwrap()
    }

    fn succeed(&self, name: &str, args: &Value) -> Value {
        let command = format!("aws-iam-identitycenter-{name}");
        let request = json!({"command": command, "args": args, "params": self.params});
        let mut session = Session::start(&mut (self.start)());
        let entries = session.ask(request.to_string().as_bytes());
        session.kill();
        assert!(entries.iter().all(|entry| entry["Type"] != 4), "{name} {args}: {entries:?}");
        entries[0].clone()
    }

    fn all_end_well(&self, processes: u64, seed: u64) {
        let first = self.access();
        let users: Vec<String> = first.users.keys().cloned().collect();
        let taken = self.succeed("contain-user", &json!({"userId": users[RESTORED]}));
        let snapshot = told(&[taken], "Containment").unwrap().clone();
        let meeting = Meeting { processes: usize::try_from(processes).unwrap(), arrived: AtomicUsize::new(0) };
        let mut done = Vec::new();
        thread::scope(|scope| {
            let running: Vec<_> = (0..processes)
                .map(|process| {
                    let (users, snapshot, meeting) = (&users, &snapshot, &meeting);
                    scope.spawn(move || {
                        let session = Session::start(&mut (self.start)());
                        let random = Rng::with_seed(seed * 1000 + processes * 100 + process);
                        let params = &self.params;
                        let mut process =
                            Process { session, random, meeting, params, users, snapshot, done: Vec::new() };
                        process.run();
                        let Process { session, done, .. } = process;
                        let (out, err, code) = session.end();
                        assert_eq!((out.as_str(), err.as_str(), code), ("", "", 0));
                        done
                    })
                })
                .collect();
            for process in running {
                done.extend(process.join().unwrap());
            }
        });
        let there = self.access();
        let late = errors_are_of_the_late(&done);
        nobody_else_is_touched(&first, &there, &users);
        claims_add_up(&first, &there, &users, &done);
        self.everything_can_be_finished(&first, &there, &users, &done);
        println!("{processes} processes, {} commands: {late} errors of the late", done.len());
    }

    /// What was torn can be given back from the answers, and who was leaving can leave.
    fn everything_can_be_finished(&self, first: &Access, there: &Access, users: &[String], done: &[Done]) {
        let of_torn = done.iter().filter(|done| done.place == TORN);
        let snapshots: Vec<Value> = of_torn.filter_map(|done| done.told("Containment")).collect();
        self.succeed("restore-user", &json!({"userId": users[TORN], "snapshot": snapshots}));
        assert_eq!(self.access().of(&users[TORN]), first.of(&users[TORN]), "not everything is back");
        if there.users.contains_key(&users[LEAVING]) {
            self.succeed("offboard-user", &json!({"userId": users[LEAVING]}));
            assert_eq!(self.access().of(&users[LEAVING]).len(), 0);
        } else {
            // Who gives while somebody else deletes may leave something behind; then it is found.
            self.succeed("find-orphaned-assignments", &json!({"remove": true}));
        }
        assert_eq!(self.access().orphaned().len(), 0);
    }
}

/// Users with much in common, some of whom are gone.
fn directory(seed: u64, scenario: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    let words = ["sandbox", "seed", "--users=10", "--groups=8", "--memberships=50", &format!("--seed={seed}")];
    assert_eq!(sandbox.run(&words, b"").code, 0);
    keep_accounts(&sandbox, 8);
    give_directly(&sandbox, usize::try_from(seed).unwrap());
    bereave(&sandbox, |place| place == 2 || place == 5, |place| place == 1);
    set_scenario(&sandbox, scenario);
    sandbox
}

/// One for each directory.
fn seeds() -> RangeInclusive<u64> {
    1..=number("TOGETHER", 60).div_ceil(60)
}

#[test]
fn in_one_file() {
    let ends = |processes, seed, time| {
        let sandbox = directory(seed, &["delete-orphans", time]);
        let start = || {
            let mut command = process::command();
            command.arg(format!("--sandbox={}", sandbox.file().display())).arg("loop");
            command
        };
        let place = Place { state: &|| sandbox.state(), start: &start, params: json!({}) };
        place.all_end_well(processes, seed);
    };
    thread::scope(|scope| {
        scope.spawn(|| seeds().for_each(|seed| ends(2, seed, "assignment-time=300ms")));
        scope.spawn(|| seeds().for_each(|seed| ends(8, seed, "assignment-time=200ms")));
    });
}

#[test]
fn at_one_server() {
    let ends = |processes, seed| {
        let upstream = Upstream::serve(directory(seed, &["delete-orphans"]));
        let start = || {
            let mut command = process::command();
            command.arg("loop");
            command
        };
        let params = params_for(&format!("http://{}", upstream.address));
        let place = Place { state: &|| upstream.state(), start: &start, params };
        place.all_end_well(processes, seed);
    };
    thread::scope(|scope| {
        scope.spawn(|| seeds().for_each(|seed| ends(2, seed)));
        scope.spawn(|| seeds().for_each(|seed| ends(8, seed)));
    });
}
