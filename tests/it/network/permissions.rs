//! docs/permissions.md against the calls that commands really make.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};

use super::client::{ask, params, with};
use super::fault_server::Server;
use super::upstream::Upstream;
use crate::process::{all_commands, root};
use crate::test_data::requests;

/// Command -> the operations that its policy allows.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("docs/permissions.md")).unwrap();
    let commands = all_commands();
    let of_command = |section: &&str| section.lines().next().is_some_and(|name| commands.iter().any(|own| own == name));
    let policies = text.split("\n## ").skip(1).filter(of_command);
    let sections = policies.map(|section| {
        let (name, rest) = section.split_once('\n').unwrap();
        let policy = rest.split("```json").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let policy: Value = serde_json::from_str(policy).unwrap();
        let statements = policy["Statement"].as_array().unwrap().iter();
        let actions = statements.flat_map(|statement| statement["Action"].as_array().unwrap());
        let operations = actions.map(|action| action.as_str().unwrap().split_once(':').unwrap().1.to_owned());
        (name.to_owned(), operations.collect())
    });
    sections.collect()
}

#[test]
fn no_command_calls_what_its_policy_does_not_allow_and_every_command_has_one() {
    let documented = documented();
    let commands: BTreeSet<_> = all_commands().into_iter().collect();
    assert_eq!(documented.keys().cloned().collect::<BTreeSet<_>>(), commands);

    let mut called: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in requests() {
        let request: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let command = request["command"].as_str().unwrap();
        let server = Server::sound(&Arc::new(Upstream::sample()));
        let own = request.get("params").cloned().unwrap_or(json!({}));
        // The parameters of the case, where they say nothing of how the server is reached.
        if own.get("credentials").is_some() {
            continue;
        }
        ask(command, &request["args"], &with(params(&server), own));
        let operations = server.seen().into_iter().map(|seen| seen.operation);
        called.entry(command.to_owned()).or_default().extend(operations);
    }
    for (command, operations) in &called {
        let beyond: Vec<_> = operations.difference(&documented[command]).collect();
        assert!(beyond.is_empty(), "{command} calls {beyond:?}, which its policy does not allow");
    }
    assert_eq!(called.keys().cloned().collect::<BTreeSet<_>>(), commands);
}
