//! What is masked and what is not: secrets are, and the structure of an answer is not, whatever a secret is called.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{self, KEY, SECRET, Spelling, TOKEN};
use super::client::{Answer, params, with};
use super::commands::samples;
use super::fault::Fault;
use super::fault_server::Server;
use super::odd_answers::server;
use super::upstream::Upstream;
use crate::process::{self, Output};
use crate::test_data::steady;

const ALICE: &str = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";
const MASK: &str = "<XX_REPLACED>";

/// As XSOAR asks, so that long work is scheduled.
fn ask(command: &str, args: &Value, params: &Value) -> Output {
    let request = json!({"command": command, "args": args, "params": params, "integration": true});
    let output = process::run(&mut process::command(), request.to_string().as_bytes());
    let answer = Answer { output, took: std::time::Duration::ZERO };
    if let Err(wrong) = answer.sound() {
        panic!("{wrong}: {command} {args} {params} {answer:?}");
    }
    answer.output
}

/// Credentials that are stored under these names, as XSOAR sends them: the first are those of the instance.
fn stored(names: &[&str]) -> Value {
    let password = format!("{SECRET}@@@{TOKEN}");
    let stored = |name: &&str| {
        json!({
            "credential": name, "identifier": KEY, "password": password, "passwordChanged": false,
            "credentials": {
                "id": name, "name": name, "user": KEY, "password": password, "sshkey": "", "sshkeyPass": "",
                "vaultInstanceId": name, "workgroup": name, "owner": name, "type": name, "cacheVersn": 0,
                "modified": "2026-11-28T10:00:00Z", "sizeInBytes": 0, "version": 1, "primaryTerm": 1,
                "sequenceNumber": 12, "locked": false,
            },
        })
    };
    json!({"credentials": stored(&names[0]), "more_credentials": names.iter().map(stored).collect::<Vec<_>>()})
}

#[test]
fn names_of_credentials_change_no_answer() {
    let upstream = Arc::new(Upstream::sample());
    for (command, args) in samples() {
        let server = Server::sound(&upstream);
        let answer = |more: Value| {
            upstream.reset();
            let output = ask(&command, &args, &with(params(&server), more));
            steady(&json!(output.entries()), "no folder")
        };
        let names = [
            "IdentityCenter",
            "aws-iam-identitycenter",
            &command,
            "111122223333",
            ALICE,
            "Engineering",
            "AdministratorAccess",
            "in progress",
            "would be removed",
            "Containment",
            "UserName",
            "alice@example.com",
        ];
        assert_eq!(answer(stored(&names)), answer(json!({})), "{command}");
        let echoing = Server::faulty(&upstream, |_, _| {
            Some(Fault::Say(aws::error("ValidationException", Spelling::ALL[0], &json!({}))))
        });
        let output = ask(&command, &args, &with(params(&echoing), stored(&names)));
        assert!(output.stdout.contains(MASK), "{command}: {}", output.stdout);
    }
}

/// Members whose values machines read again.
const IDS_AND_WORDS: [&str; 19] = [
    "AccountId",
    "BegunAt",
    "GroupArn",
    "GroupId",
    "IdentityStoreId",
    "MembershipArn",
    "MembershipId",
    "Outcome",
    "PermissionSetArn",
    "PollingCommand",
    "PrincipalId",
    "PrincipalType",
    "RequestId",
    "Scope",
    "Status",
    "TakenAt",
    "UserArn",
    "UserId",
    "UserStatus",
];

/// An answer without its texts: all names, and the values that machines read again.
fn skeleton(value: &Value) -> Value {
    let of_member = |name: &String, value: &Value| {
        let is_read_again = value.is_string() && IDS_AND_WORDS.contains(&name.as_str());
        (name.clone(), if is_read_again { value.clone() } else { skeleton(value) })
    };
    match value {
        Value::Array(values) => values.iter().map(skeleton).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| of_member(name, value)).collect(),
        Value::String(text) if text.is_empty() => value.clone(),
        Value::String(_) => Value::from("a text"),
        other => other.clone(),
    }
}

/// Every name, and every value that machines read again.
fn words(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| self::words(value, words)),
        Value::Object(members) => {
            for (name, value) in members {
                words.insert(name.clone());
                words.extend(value.as_str().filter(|_| IDS_AND_WORDS.contains(&name.as_str())).map(str::to_owned));
                self::words(value, words);
            }
        }
        _ => {}
    }
}

#[test]
fn secrets_that_are_words_of_an_answer_leave_its_structure_whole() {
    let upstream = Arc::new(Upstream::sample());
    let mut masked = 0;
    for (command, mut args) in samples() {
        if command.ends_with("-contain-user") {
            args["scope"] = json!("both");
        }
        for paths in ["AWS.IAM.IdentityCenter", "AWS.IAMIdentityCenter"] {
            let server = Server::sound(&upstream);
            let answer = |secrets: &BTreeSet<String>| {
                upstream.reset();
                let more = json!({"contextPaths": paths, "keys": secrets});
                let output = ask(&command, &args, &with(params(&server), more));
                let steady = steady(&skeleton(&json!(output.entries())), "no folder");
                (steady, output)
            };
            let (plain, output) = answer(&BTreeSet::new());
            let mut secrets = BTreeSet::from(["IdentityCenter".to_owned(), command.clone()]);
            words(&json!(output.entries()), &mut secrets);
            let (shown, output) = answer(&secrets);
            let differs = shown.lines().zip(plain.lines()).find(|(shown, plain)| shown != plain);
            assert_eq!(differs, None, "{command}");
            assert_eq!(shown.len(), plain.len(), "{command}");
            masked += output.stdout.matches("XX_REPLACED>").count();
        }
    }
    assert!(masked > 100, "{masked}");
}

#[test]
fn rounds_go_on_whatever_the_secrets_are_called() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    let set = "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1a2b3c4d5e6f7081";
    let keys = json!([
        "IdentityCenter",
        "aws-iam-identitycenter",
        "111122223333",
        "444455556666",
        ALICE,
        set,
        "in progress",
        "UserName",
        "GroupMemberships",
        "Research",
        "snapshot",
        "alice@example.com",
        "d-9067f2a1b3",
    ]);
    let params = with(params(&server), json!({"keys": keys}));
    let before = upstream.state();
    let had = |state: &Value, list: &str, member: &str| {
        let of_alice = state[list].as_array().unwrap().iter().filter(|item| item.to_string().contains(ALICE));
        of_alice.map(|item| item[member].clone()).map(|id| id.to_string()).collect::<BTreeSet<_>>()
    };
    let rounds = |command: &str, mut args: Value| {
        let command = format!("aws-iam-identitycenter-{command}");
        let mut polled = 0;
        loop {
            let output = ask(&command, &args, &params);
            let entry = output.entries().remove(0);
            if entry.get("PollingCommand").is_none() {
                assert_eq!((output.code, &entry["Contents"]["Status"]), (0, &json!("done")), "{output:?}");
                return (entry["Contents"].clone(), polled);
            }
            assert_eq!(entry["PollingCommand"], command);
            for (name, value) in args.as_object().unwrap() {
                assert!(
                    name == "progress" || entry["PollingArgs"][name] == *value || name == "seconds_so_far",
                    "{entry}"
                );
            }
            args = entry["PollingArgs"].clone();
            polled += 1;
        }
    };
    let (taken, polled) = rounds("contain-user", json!({"emailAddress": "alice@example.com"}));
    assert!(polled > 0);
    assert!(had(&upstream.state(), "memberships", "GroupId").is_empty());
    rounds("restore-user", json!({"userName": "alice", "snapshot": taken}));
    for (list, member) in [("memberships", "GroupId"), ("assignments", "PermissionSetArn")] {
        assert_eq!(had(&upstream.state(), list, member), had(&before, list, member));
    }
}

#[test]
fn secrets_are_masked_in_names_that_aws_adds() {
    let user = json!({
        "UserId": ALICE, "UserName": "alice", "IdentityStoreId": "d-9067f2a1b3", "UserStatus": SECRET,
        KEY: {TOKEN: [KEY]}, "Extensions": {KEY: {SECRET: SECRET}}, format!("UserName{KEY}"): "x",
    });
    let server = server("DescribeUser", vec![user]);
    let output = ask("aws-iam-identitycenter-get-user", &json!({"userId": ALICE}), &params(&server));
    let contents = &output.entries()[0]["Contents"];
    assert_eq!(contents[MASK], json!({MASK: [MASK]}), "{contents}");
    assert_eq!(contents["Extensions"], json!({MASK: {MASK: MASK}}));
    assert_eq!((&contents[format!("UserName{MASK}")], &contents["UserStatus"]), (&json!("x"), &json!(MASK)));
}

#[test]
fn secrets_in_the_arguments_of_the_caller_reach_the_next_round_and_nothing_else() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    let args = json!({"userName": "alice", "using": "instance", format!("using-{KEY}"): "x", "keepGroups": ["OnCall"]});
    let params = with(params(&server), json!({"keys": ["instance", "OnCall-or-what"]}));
    let request =
        json!({"command": "aws-iam-identitycenter-contain-user", "args": args, "params": params, "integration": true});
    let entry = process::run(&mut process::command(), request.to_string().as_bytes()).entries().remove(0);
    let passed_on = &entry["PollingArgs"];
    assert_eq!(passed_on["using"], "instance", "{entry}");
    assert_eq!(passed_on["keepGroups"], json!(["OnCall"]));
    assert_eq!(passed_on[format!("using-{MASK}")], "x");
}
