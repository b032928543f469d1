//! Every command of integration.yml with arguments that the sample directory has an answer to. A new command is found
//! there by itself, and gets its arguments by their names.

use std::fs;

use serde_json::{Map, Value};

use crate::process::{all_commands, root};

/// An argument as integration.yml declares it.
struct Argument {
    name: String,
    required: bool,
    first_choice: Option<String>,
}

/// The commands and their sample arguments.
pub fn samples() -> Vec<(String, Value)> {
    let yml = fs::read_to_string(root().join("integration.yml")).unwrap();
    let sample = |command: String| {
        let arguments = arguments(&yml, &command);
        let args = values(&command, &arguments);
        (command, Value::Object(args))
    };
    all_commands().into_iter().map(sample).collect()
}

/// Of several ways to say who is meant, the first that a command knows serves.
const ALTERNATIVES: [&[&str]; 4] = [
    &["userName", "userId", "emailAddress", "externalId", "membershipId"],
    &["groupName", "groupNames", "groupId", "groupIds", "externalId"],
    &["membershipId", "membershipIds"],
    &["permissionSetName", "permissionSetArn"],
];

/// A containment that took from alice what she does not have, which nobody has signed.
pub const SNAPSHOT: &str = r#"{
    "UserId": "f6fadfa7-e5c1-5b62-9362-da5cc13da58a", "IdentityStoreId": "d-9067f2a1b3",
    "TakenAt": "2026-11-24T02:00:00Z", "Scope": "both", "Status": "done",
    "GroupMemberships": [{"GroupName": "Research", "GroupId": "68e58909-ccb2-b416-525a-56c9a30f4300", "Outcome": "removed"}],
    "AccountAssignments": [{
        "AccountId": "111122223333", "Outcome": "removed",
        "PermissionSetArn": "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-92a3b4c5d6e7f809"
    }]
}"#;

/// What serves for an argument of this name in a command that creates something, and in others.
fn sample(command: &str, name: &str) -> Option<&'static str> {
    let creates_user = command.ends_with("-create-user");
    Some(match name {
        "userName" | "emailAddress" if creates_user => "net.test",
        "userName" => "alice",
        "userId" => "f6fadfa7-e5c1-5b62-9362-da5cc13da58a",
        "emailAddress" => "alice@example.com",
        "displayName" | "groupName" if command.ends_with("-create-group") => "NetTest",
        "displayName" if command.contains("group") => "Engineering",
        "displayName" => "Nora Net",
        "givenName" => "Nora",
        "familyName" => "Net",
        "userEmailAddress" => "net.test@example.com",
        // A group that alice is not in, where she is to be added; else one that she is in.
        "groupName" | "groupNames" if command.contains("-add-") => "Research",
        "groupName" | "groupNames" => "Engineering",
        "groupId" | "groupIds" => "45ac16b9-c20d-bc21-0f8a-7abff2e91ac7",
        "membershipId" | "membershipIds" => "ff53a46f-5ead-703a-84c4-b877678537a3",
        "groups" => "Engineering,Research",
        "title" if command.ends_with("-update-user") => "Lead",
        "snapshot" => SNAPSHOT,
        // Nobody has signed the snapshot.
        "allowUnverified" | "remove" => "true",
        // What AWS does not finish is not waited for longer.
        "timeout_in_seconds" => "5",
        "description" => "Made by a test of the network",
        _ => return None,
    })
}

fn values(command: &str, arguments: &[Argument]) -> Map<String, Value> {
    let mut args = Map::new();
    for Argument { name, required, first_choice } in arguments {
        let said_already = ALTERNATIVES
            .iter()
            .filter(|alternatives| alternatives.contains(&name.as_str()))
            .any(|alternatives| alternatives.iter().any(|other| args.contains_key(*other)));
        // The Marketplace pack's name for groupName.
        let is_group_name = name == "displayName" && (args.contains_key("groupName") || args.contains_key("groupId"));
        if said_already || is_group_name {
            continue;
        }
        let needed = required.then(|| first_choice.clone().unwrap_or_else(|| "example".to_owned()));
        if let Some(value) = sample(command, name).map(str::to_owned).or(needed) {
            args.insert(name.clone(), value.into());
        }
    }
    args
}

/// What integration.yml says of a command's arguments. The generator writes one line for each thing.
fn arguments(yml: &str, command: &str) -> Vec<Argument> {
    let mut arguments: Vec<Argument> = Vec::new();
    let lines = yml.lines().skip_while(|line| *line != format!("  - name: {command}")).skip(1);
    for line in lines.take_while(|line| !line.starts_with("  - name: ") && *line != "    outputs:") {
        if let Some(name) = line.strip_prefix("    - name: ") {
            arguments.push(Argument { name: name.to_owned(), required: false, first_choice: None });
        } else if let Some(argument) = arguments.last_mut() {
            argument.required |= line == "      required: true";
            if let (Some(choice), None) = (line.strip_prefix("      - "), &argument.first_choice) {
                argument.first_choice = Some(choice.trim_matches('"').to_owned());
            }
        }
    }
    arguments
}

#[test]
fn commands_get_arguments_by_their_names() {
    let samples = samples();
    let of = |name: &str| &samples.iter().find(|(command, _)| command.ends_with(name)).unwrap().1;
    assert_eq!(of("-get-user")["userName"], "alice");
    assert_eq!(of("-get-user").as_object().unwrap().len(), 1);
    assert_eq!(of("-create-user")["userName"], "net.test");
    assert_eq!(of("-add-user-to-group")["groupName"], "Research");
    assert_eq!(of("-list-users").as_object().unwrap().len(), 0);
}
