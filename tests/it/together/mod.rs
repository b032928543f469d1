//! Several processes that create, change and delete the same users, groups and memberships at the same time, in one file
//! and at one server: every command has an answer, what all answers claim adds up to what the store holds, and nothing
//! is lost. `TOGETHER` says how many commands each process gets. `containments` does it with what takes long.

#![allow(clippy::print_stdout, reason = "a long run says what it tried")]

mod containments;
mod legal;

use std::collections::BTreeMap;
use std::process::Stdio;
use std::thread;

use fastrand::Rng;
use serde_json::{Value, json};

use crate::model::facts::Facts;
use crate::model::number;
use crate::network::client::params_for;
use crate::network::upstream::Upstream;
use crate::process::{self, Sandbox};

/// Users and groups that nobody deletes, so that the memberships and revisions of theirs can be counted.
const LASTING_USERS: [&str; 4] = ["alice", "bob", "carol", "dora"];
const LASTING_GROUPS: [&str; 4] = ["Engineering", "OnCall", "Auditors", "Research"];
const PASSING: [&str; 3] = ["Ping", "Pong", "Pang"];

fn command(random: &mut Rng) -> (&'static str, Value) {
    let mut one = |names: &[&'static str]| names[random.usize(..names.len())];
    let (user, group, passing) = (one(&LASTING_USERS), one(&LASTING_GROUPS), one(&PASSING));
    match random.u8(0..14) {
        0 => ("create-user", json!({"userName": passing, "givenName": passing, "displayName": "A B"})),
        1 => ("delete-user", json!({"userName": passing})),
        2 => ("create-group", json!({"displayName": passing})),
        3 => ("delete-group", json!({"groupName": passing})),
        4 => ("update-user", json!({"userName": user, "title": random.u8(..).to_string()})),
        // A list is read before it is written, and guarded by its revision.
        5 => ("update-user", json!({"userName": user, "phoneNumber": random.u32(..).to_string()})),
        6 => ("update-group", json!({"groupName": group, "description": random.u8(..).to_string()})),
        7 => ("add-user-to-group", json!({"userName": passing, "groupName": group})),
        8 => ("add-user-to-group", json!({"userName": user, "groupName": passing})),
        9 => ("remove-user-from-group", json!({"userName": user, "groupName": group})),
        10 => ("remove-user-from-all-groups", json!({"userName": user})),
        _ => ("add-user-to-group", json!({"userName": user, "groupName": group})),
    }
}

/// What may be answered to whom somebody else was quicker than.
const LATE: [&str; 6] = [
    "was not found",
    "exists already",
    "changed by somebody else",
    "It conflicts with what is there",
    "It was modified after it was read",
    "The name or the address is taken",
];

/// What all answers claim, by what it is about.
#[derive(Default)]
struct Claims {
    made: BTreeMap<String, i64>,
    memberships_made: Vec<String>,
    memberships_ended: Vec<String>,
    updated: BTreeMap<String, i64>,
    late: usize,
}

impl Claims {
    fn add(&mut self, (name, args): &(&'static str, Value), entries: &[Value]) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        for error in entries.iter().filter(|entry| entry["Type"] == 4) {
            let error = text(&error["Contents"]);
            assert!(LATE.iter().any(|words| error.contains(words)), "{name} {args}: {error}");
            self.late += 1;
        }
        let Some(done) = entries.iter().find(|entry| entry["Type"] == 1) else { return };
        let (said, contents) = (text(&done["HumanReadable"]), &done["Contents"]);
        let named = |member: &str| format!("{} {}", &name[name.find('-').unwrap() + 1..], text(&args[member]));
        match *name {
            "create-user" => *self.made.entry(named("userName")).or_default() += 1,
            "delete-user" => *self.made.entry(named("userName")).or_default() -= 1,
            "create-group" => *self.made.entry(named("displayName")).or_default() += 1,
            "delete-group" => *self.made.entry(named("groupName")).or_default() -= 1,
            "update-user" if said.contains("was updated") => {
                *self.updated.entry(text(&args["userName"])).or_default() += 1;
            }
            "update-group" => *self.updated.entry(text(&args["groupName"])).or_default() += 1,
            "add-user-to-group" if said.contains("was added") => {
                self.memberships_made.push(text(&contents["MembershipId"]));
            }
            "remove-user-from-group" if contents["Outcome"] == "removed" => {
                self.memberships_ended.push(text(&contents["MembershipId"]));
            }
            "remove-user-from-all-groups" => {
                let removed = contents.as_array().unwrap().iter().filter(|row| row["Outcome"] == "removed");
                self.memberships_ended.extend(removed.map(|row| text(&row["MembershipId"])));
            }
            _ => {}
        }
    }
}

/// One process, all of whose commands wait in its input.
fn run(mut process: std::process::Command, commands: &[(&'static str, Value)], params: &Value) -> Vec<Vec<Value>> {
    let request = |(name, args): &(&str, Value)| {
        json!({"command": format!("aws-iam-identitycenter-{name}"), "args": args, "params": params}).to_string() + "\n"
    };
    let lines: String = commands.iter().map(request).collect();
    let mut child = process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = thread::spawn(move || std::io::Write::write_all(&mut stdin, lines.as_bytes()).unwrap());
    let output = process::finish(child);
    writer.join().unwrap();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let messages = output.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    messages
        .filter(|message| message["type"] == "result")
        .map(|message| message["results"].as_array().unwrap().clone())
        .collect()
}

fn revisions(state: &Value) -> BTreeMap<String, i64> {
    let records = [("users", "UserName"), ("groups", "DisplayName")].into_iter();
    let all = records.flat_map(|(list, name)| state[list].as_array().unwrap().iter().map(move |record| (record, name)));
    all.map(|(record, name)| {
        let revision = record["Revision"].as_str().unwrap().parse().unwrap();
        (record[name].as_str().unwrap().to_owned(), revision)
    })
    .collect()
}

fn all_end_well(
    processes: u64,
    state: &dyn Fn() -> Value,
    start: &(dyn Fn() -> std::process::Command + Sync),
    params: &Value,
) {
    let commands = usize::try_from(number("TOGETHER", 60)).unwrap();
    let before = state();
    let scripts: Vec<Vec<_>> = (0..processes)
        .map(|seed| {
            let mut random = Rng::with_seed(processes * 100 + seed);
            (0..commands).map(|_| command(&mut random)).collect()
        })
        .collect();
    let mut claims = Claims::default();
    thread::scope(|scope| {
        let running: Vec<_> =
            scripts.iter().map(|script| scope.spawn(move || (script, run(start(), script, params)))).collect();
        for process in running {
            let (script, answers) = process.join().unwrap();
            assert_eq!(answers.len(), script.len(), "every command has an answer");
            script.iter().zip(&answers).for_each(|(command, entries)| claims.add(command, entries));
        }
    });
    let after = state();
    let (there_before, there) = (Facts::of(&before).unwrap(), Facts::of(&after).unwrap());
    for name in PASSING {
        let count = |kind: &str| claims.made.get(&format!("{kind} {name}")).copied().unwrap_or_default();
        assert_eq!(count("user"), i64::from(there.users.contains_key(name)), "user {name}");
        assert_eq!(count("group"), i64::from(there.groups.contains_key(name)), "group {name}");
    }
    let (first, last) = (revisions(&before), revisions(&after));
    for name in LASTING_USERS.iter().chain(&LASTING_GROUPS) {
        let updated = claims.updated.get(*name).copied().unwrap_or_default();
        assert_eq!(last[*name] - first[*name], updated, "updates of {name}");
    }

    let mut ended = claims.memberships_ended.clone();
    ended.sort_unstable();
    ended.dedup();
    assert_eq!(ended.len(), claims.memberships_ended.len(), "a removal is claimed twice");
    let lasting = |facts: &Facts| -> Vec<String> {
        let pairs = facts.memberships.iter();
        let of_lasting = pairs.filter(|((user, group), _)| {
            LASTING_USERS.contains(&user.as_str()) && LASTING_GROUPS.contains(&group.as_str())
        });
        of_lasting.map(|(_, id)| id.clone()).collect()
    };
    let known = |id: &String| claims.memberships_made.contains(id) || there_before.membership(id).is_some();
    assert!(claims.memberships_ended.iter().all(known), "a removal of what nobody made");
    for id in lasting(&there) {
        assert!(known(&id) && !claims.memberships_ended.contains(&id), "membership {id} is there, and should not be");
    }
    for id in lasting(&there_before) {
        assert!(there.membership(&id).is_some() || claims.memberships_ended.contains(&id), "{id} was lost");
    }
    // Memberships of who was deleted meanwhile ended with them; what is left must be what was made.
    assert!(there.memberships.values().all(known));
    println!("{processes} processes, {commands} commands each: {} were late", claims.late);
}

#[test]
fn in_one_file() {
    for processes in [2, 8] {
        let sandbox = Sandbox::new();
        sandbox.succeed("list-groups", &json!({}));
        let start = || {
            let mut command = process::command();
            command.arg(format!("--sandbox={}", sandbox.file().display())).arg("loop");
            command
        };
        all_end_well(processes, &|| sandbox.state(), &start, &json!({}));
    }
}

#[test]
fn at_one_server() {
    for processes in [2, 8] {
        let upstream = Upstream::sample();
        let params = params_for(&format!("http://{}", upstream.address));
        let start = || {
            let mut command = process::command();
            command.arg("loop");
            command
        };
        all_end_well(processes, &|| upstream.state(), &start, &params);
    }
}
