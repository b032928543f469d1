//! What changes and what must not: dry runs, and whatever is protected. New commands are covered by themselves.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};

use super::client::{Answer, ask, params, with};
use super::commands::samples;
use super::fault_server::Server;
use super::upstream::Upstream;
use crate::process::root;

/// What a request did: its answer, the operations that change anything, and the directory before and after.
pub struct Done {
    pub answer: Answer,
    pub changing: Vec<String>,
    pub before: Value,
    pub after: Value,
}

pub fn run(upstream: &Arc<Upstream>, command: &str, args: &Value, more: &Value) -> Done {
    run_on(&Server::sound(upstream), upstream, command, args, more)
}

/// The same at a server that answers otherwise.
pub fn run_on(server: &Server, upstream: &Upstream, command: &str, args: &Value, more: &Value) -> Done {
    let before = upstream.state();
    let answer = ask(command, args, &with(params(server), more.clone()));
    let operations = server.seen().into_iter().map(|seen| seen.operation);
    let changing = operations.filter(|name| ["Create", "Update", "Delete"].iter().any(|verb| name.starts_with(verb)));
    Done { answer, changing: changing.collect(), before, after: upstream.state() }
}

/// The commands that change something there is, and what they are asked in these tests.
pub fn changing(upstream: &Arc<Upstream>) -> Vec<(String, Value)> {
    let changes = |(command, args): &(String, Value)| {
        upstream.reset();
        !command.contains("-create-") && !run(upstream, command, args, &json!({})).changing.is_empty()
    };
    let commands: Vec<_> = samples().into_iter().filter(changes).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    commands
}

/// What integration.yml says of a command.
fn declared(command: &str) -> String {
    let yml = fs::read_to_string(root().join("integration.yml")).unwrap();
    let start = yml.find(&format!("  - name: {command}\n")).unwrap();
    yml[start + 4..].split("\n  - name: ").next().unwrap().to_owned()
}

/// Ids that stand under these names anywhere.
fn ids(value: &Value, names: &[&str]) -> BTreeSet<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(|value| ids(value, names)).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match value.as_str().filter(|_| names.contains(&name.as_str())) {
                Some(id) => BTreeSet::from([id.to_owned()]),
                None => ids(value, names),
            })
            .collect(),
        _ => BTreeSet::new(),
    }
}

/// The memberships, users and groups that there are.
fn there(state: &Value) -> [BTreeSet<String>; 3] {
    [("memberships", "MembershipId"), ("users", "UserId"), ("groups", "GroupId")].map(|(list, id)| {
        state[list].as_array().unwrap().iter().map(|item| item[id].as_str().unwrap().to_owned()).collect()
    })
}

#[test]
fn a_dry_run_changes_nothing_and_says_what_the_command_then_does() {
    let upstream = Arc::new(Upstream::sample());
    let mut covered = 0;
    for (command, args) in changing(&upstream) {
        let declared = declared(&command);
        if !declared.contains("- name: dryRun") {
            assert!(!declared.contains("execution: true"), "{command} takes something away, and has no dry run");
            continue;
        }
        covered += 1;
        upstream.reset();
        let mut dry_args = args.clone();
        dry_args["dryRun"] = "true".into();
        let dry = run(&upstream, &command, &dry_args, &json!({}));
        assert_eq!((dry.changing, &dry.before), (Vec::new(), &dry.after), "{command}");
        let announced = dry.answer.success();
        assert!(announced[0]["HumanReadable"].as_str().unwrap().contains("would be"), "{command}: {announced:?}");

        let done = run(&upstream, &command, &args, &json!({}));
        done.answer.success();
        assert_ne!(done.before, done.after, "{command}");
        let contents = announced[0]["Contents"].clone();
        let announced = serde_json::to_string(&announced).unwrap();
        for (before, after) in there(&done.before).iter().zip(&there(&done.after)) {
            for gone in before.difference(after) {
                assert!(announced.contains(gone.as_str()), "{command} took {gone} away without saying so before");
            }
        }
        let [memberships, ..] = there(&done.after);
        for named in ids(&contents, &["MembershipId"]) {
            assert!(!memberships.contains(&named), "{command} named {named}, and left it");
        }
    }
    assert!(covered >= 6, "{covered}");
}

#[test]
fn what_is_protected_by_name_or_by_id_is_never_changed() {
    let upstream = Arc::new(Upstream::sample());
    let state = upstream.state();
    let list = |list: &str, member: &str| {
        let items = state[list].as_array().unwrap().iter();
        items.map(|item| item[member].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let alice = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";
    let users =
        [json!("alice"), json!("bob, ALICE"), json!(alice), json!([format!("arn:aws:identitystore:::user/{alice}")])];
    let groups = [json!(list("groups", "DisplayName")), json!(list("groups", "GroupId"))];
    for (command, args) in changing(&upstream) {
        // A user who is in a protected group may get another title, a group that holds a protected user another text.
        let mut protections: Vec<Value> = Vec::new();
        if !command.ends_with("-update-group") {
            protections.extend(users.iter().map(|users| json!({"protectedUsers": users})));
        }
        if !command.ends_with("-update-user") {
            protections.extend(groups.iter().map(|groups| json!({"protectedGroups": groups})));
        }
        for protection in protections {
            upstream.reset();
            let mut args = args.clone();
            if protection.get("protectedGroups").is_some() {
                // What the user has directly is no group's.
                if command.ends_with("-contain-user") {
                    args["scope"] = json!("groups");
                } else if let Some(snapshot) = args.get("snapshot").and_then(Value::as_str) {
                    let mut groups: Value = serde_json::from_str(snapshot).unwrap();
                    groups["AccountAssignments"] = json!([]);
                    args["snapshot"] = groups;
                }
            }
            let done = run(&upstream, &command, &args, &protection);
            assert_eq!((done.changing, &done.before), (Vec::new(), &done.after), "{command} {protection}");
            let entries = done.answer.output.entries();
            assert_eq!(entries.last().unwrap()["Type"], 4, "{command} {protection}");
            assert!(done.answer.output.stdout.contains("is protected"), "{command} {protection}");
        }
    }
}
