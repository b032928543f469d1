//! Names that may be taken for each other: whoever is protected by one is protected under all, and whoever is selected
//! is exactly the one that was named.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use super::changes::{Done, changing, run, run_on};
use super::client::{ask, params, with};
use super::fault_server::Server;
use super::odd_answers::say;
use super::upstream::Upstream;

const ALICE: &str = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";
const ENGINEERING: &str = "45ac16b9-c20d-bc21-0f8a-7abff2e91ac7";
const RESEARCH: &str = "68e58909-ccb2-b416-525a-56c9a30f4300";

/// Names, and others that may be taken for them: letter case, long and sharp s, a Turkish i, a ligature, full width,
/// composed and decomposed letters, a sigma at the end.
const LOOK_ALIKES: [(&str, &str); 9] = [
    ("breakglass", "BreakGlass"),
    ("breakglass", "breakgla\u{17f}s"),
    ("stra\u{df}e", "STRASSE"),
    ("admin", "adm\u{130}n"),
    ("office", "o\u{fb03}ce"),
    ("root", "\u{ff52}\u{ff4f}\u{ff4f}\u{ff54}"),
    ("jos\u{e9}", "jose\u{301}"),
    ("ΩΜΈΓΑΣ", "ωμέγας"),
    ("k.elvin", "\u{212a}.ELVIN"),
];

/// Names of groups may hold spaces, at their ends as well (AWS: `GroupDisplayName`).
const SPACED: [(&str, &str); 3] =
    [("Break glass ", "Break glass"), ("Break\u{a0}glass", "break glass"), ("On call", "\u{3000}on call ")];

/// Does something for each command that changes what there is, on some directories at a time.
fn for_each_changing(each: impl Fn(&Arc<Upstream>, &str, &Value) + Sync) {
    let commands = Mutex::new(VecDeque::from(changing(&Arc::new(Upstream::sample()))));
    let work = || {
        let upstream = Arc::new(Upstream::sample());
        loop {
            let next = commands.lock().unwrap().pop_front();
            let Some((command, args)) = next else { return };
            each(&upstream, &command, &args);
        }
    };
    thread::scope(|scope| {
        (0..4).map(|_| scope.spawn(work)).collect::<Vec<_>>().into_iter().for_each(|worker| worker.join().unwrap());
    });
}

/// The arguments with another name where this one stands.
fn renamed(args: &Value, old: &str, new: &str) -> Value {
    let renamed = |value: &Value| if value == old { new.into() } else { value.clone() };
    args.as_object().unwrap().iter().map(|(name, value)| (name.clone(), renamed(value))).collect()
}

#[track_caller]
fn assert_protected(done: &Done, what: &str) {
    assert_eq!((&done.changing, &done.before), (&Vec::new(), &done.after), "{what}");
    let entries = done.answer.output.entries();
    assert_eq!(entries.last().unwrap()["Type"], 4, "{what}: {entries:?}");
    assert!(done.answer.output.stdout.contains("is protected"), "{what}: {entries:?}");
}

#[test]
fn users_are_protected_under_every_name_that_may_be_taken_for_theirs() {
    for_each_changing(|upstream, command, args| {
        if command.ends_with("-update-group") {
            return;
        }
        for (number, (one, other)) in LOOK_ALIKES.into_iter().enumerate() {
            let (name, entry) = if number % 2 == command.len() % 2 { (one, other) } else { (other, one) };
            upstream.reset();
            upstream.rename("users", "alice", name);
            let mut args = renamed(args, "alice", name);
            if number % 3 == 0 && args.get("userName").is_some() {
                args.as_object_mut().unwrap().remove("userName");
                args["userId"] = ALICE.into();
            }
            let entries = [json!(entry), json!(["bob", format!(" {entry} ")])];
            let done = run(upstream, command, &args, &json!({"protectedUsers": entries[number % 2]}));
            assert_protected(&done, &format!("{command} {args} with {entry} protected"));
        }
    });
}

#[test]
fn groups_are_protected_under_every_name_that_may_be_taken_for_theirs() {
    for_each_changing(|upstream, command, args| {
        if command.ends_with("-update-user") {
            return;
        }
        let text = args.to_string();
        let group = if text.contains("Research") { "Research" } else { "Engineering" };
        for (number, (one, other)) in LOOK_ALIKES.into_iter().chain(SPACED).enumerate() {
            let (name, entry) = if number % 2 == command.len() % 2 { (one, other) } else { (other, one) };
            upstream.reset();
            upstream.rename("groups", group, name);
            let mut args = renamed(args, group, name);
            // What the user has directly is no group's.
            if command.ends_with("-contain-user") {
                args["scope"] = json!("groups");
            } else if let Some(snapshot) = args.get("snapshot").and_then(Value::as_str) {
                let mut snapshot: Value = serde_json::from_str(snapshot).unwrap();
                snapshot["AccountAssignments"] = json!([]);
                args["snapshot"] = snapshot;
            }
            // The user is in these as well.
            let entries = json!([entry, "Engineering", "OnCall", "Auditors"]);
            let entries: Vec<_> = entries.as_array().unwrap().iter().filter(|entry| *entry != group).collect();
            let done = run(upstream, command, &args, &json!({"protectedGroups": entries}));
            assert_protected(&done, &format!("{command} {args} with {entry:?} protected"));
        }
    });
}

/// An identity store that takes é for e in the names of one user and two groups.
fn loose(upstream: &Arc<Upstream>) -> Server {
    Server::faulty(upstream, |request, _| {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let name = asked["AlternateIdentifier"]["UniqueAttribute"]["AttributeValue"].as_str()?.replace('é', "e");
        match (request.operation().as_str(), name.as_str()) {
            ("GetUserId", "alice") => Some(say(&json!({"UserId": ALICE, "IdentityStoreId": "d-9067f2a1b3"}))),
            ("GetGroupId", "Engineering") => {
                Some(say(&json!({"GroupId": ENGINEERING, "IdentityStoreId": "d-9067f2a1b3"})))
            }
            ("GetGroupId", "Research") => Some(say(&json!({"GroupId": RESEARCH, "IdentityStoreId": "d-9067f2a1b3"}))),
            _ => None,
        }
    })
}

#[test]
fn whom_aws_finds_is_protected_whatever_the_argument_says() {
    for_each_changing(|upstream, command, args| {
        let accented = |args: &Value| {
            let args = renamed(args, "alice", "alicé");
            renamed(&renamed(&args, "Engineering", "Enginéering"), "Research", "Résearch")
        };
        let server = loose(upstream);
        let names_group = args.get("groupName").or(args.get("displayName")).is_some();
        // The argument differs from the name, the entry does, or both do: then only AWS knows who is meant.
        for (args, user, groups) in [
            (accented(args), "alice", ["Engineering", "Research"]),
            (args.clone(), "alicé", ["Enginéering", "Résearch"]),
            (accented(args), "ALICE", ["ENGINEERING", "RESEARCH"]),
        ] {
            let check = |protection: Value| {
                upstream.reset();
                let done = run_on(&server, upstream, command, &args, &protection);
                assert_protected(&done, &format!("{command} {args} with {protection}"));
            };
            if args.get("userName").is_some() {
                check(json!({"protectedUsers": user}));
            }
            if names_group && !command.ends_with("-update-user") {
                check(json!({"protectedGroups": groups}));
            }
        }
    });
}

#[test]
fn test_module_calls_protected_what_commands_refuse_and_nothing_else() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    for (name, entry) in LOOK_ALIKES.into_iter().chain([("alice", "alice"), ("alice", "alicia"), ("alice", "аlice")]) {
        let is_same = !["alicia", "аlice"].contains(&entry);
        upstream.reset();
        upstream.rename("users", "alice", name);
        upstream.rename("groups", "Research", name);
        for (list, command, args) in [
            ("protectedUsers", "delete-user", json!({"userName": name, "dryRun": true})),
            ("protectedGroups", "delete-group", json!({"groupName": name, "dryRun": true})),
        ] {
            let params = with(params(&server), json!({list: entry}));
            let tested = ask("test-module", &json!({}), &params);
            let refused = ask(command, &args, &params);
            assert_eq!((tested.succeeded(), refused.succeeded()), (is_same, !is_same), "{list} {name} {entry}");
            if is_same {
                refused.error_with(&["is protected"]);
            } else {
                tested.error_with(&["protects nothing", entry]);
            }
        }
    }
}

#[test]
fn elements_of_lists_are_taken_as_they_are() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    upstream.rename("groups", "OnCall", "Break glass ");
    let ask = |command: &str, args: Value, more: Value| ask(command, &args, &with(params(&server), more));
    for groups in [json!(["Break glass "]), json!("[\"Break glass \"]")] {
        let checked =
            ask("check-group-membership", json!({"userName": "alice", "groups": groups}), json!({})).success();
        assert_eq!(checked[0]["Contents"][0]["IsMember"], true, "{checked:?}");
        let kept = json!({"userName": "alice", "keepGroups": groups, "scope": "groups", "dryRun": true});
        let kept = ask("contain-user", kept, json!({})).success();
        assert!(kept[0]["Contents"].to_string().contains("\"Outcome\":\"kept\""), "{kept:?}");
        let protected = json!({"protectedGroups": groups});
        ask("delete-group", json!({"groupName": "Break glass ", "dryRun": true}), protected)
            .error_with(&["is protected"]);
    }
    ask("get-group", json!({"groupName": "Break glass "}), json!({})).success();
    // What stands between commas is trimmed.
    let checked =
        ask("check-group-membership", json!({"userName": "alice", "groups": "Break glass , Research"}), json!({}));
    assert!(checked.output.stdout.contains("Group Break glass was not found"), "{checked:?}");
}

#[test]
fn names_are_selected_whatever_composed_their_letters_and_letter_case_counts() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    upstream.rename("users", "alice", "jos\u{e9}");
    upstream.rename("groups", "Research", "Caf\u{e9} ");
    let ask = |command: &str, args: Value| ask(command, &args, &params(&server));
    for name in ["jos\u{e9}", "jose\u{301}"] {
        assert_eq!(ask("get-user", json!({"userName": name})).success()[0]["Contents"]["UserId"], ALICE);
        for search in [name.to_owned(), name.to_uppercase()] {
            let found = ask("list-users", json!({"search": search})).success();
            assert_eq!(found[0]["Contents"].as_array().unwrap().len(), 1, "{search}");
        }
    }
    ask("get-group", json!({"groupName": "Cafe\u{301} "})).success();
    for (command, args) in [
        ("get-user", json!({"userName": "JOS\u{c9}"})),
        ("get-group", json!({"groupName": "caf\u{e9} "})),
        ("get-group", json!({"groupName": "Caf\u{e9}"})),
    ] {
        ask(command, args).error_with(&["was not found"]);
    }
}
