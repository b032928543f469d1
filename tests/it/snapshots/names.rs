//! Whoever approves a restoration reads AWS's names.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use serde_json::{Value, json};

use super::{KEY, ask, contained, restore};
use crate::containment::{CONTAIN, access, sample, set_scenario};
use crate::network::aws::{Spelling, error};
use crate::network::client::{ask as ask_server, params};
use crate::network::commands::SNAPSHOT;
use crate::network::fault::Fault;
use crate::network::fault_server::Server;
use crate::network::upstream::Upstream;
use crate::process::command;
use crate::session::Session;

fn keyed() -> Value {
    json!({"snapshotKey": KEY})
}

/// A name is not signed, so that a person can put the new one into the snapshot.
#[test]
fn a_group_that_was_renamed_is_not_given_until_the_snapshot_has_its_name() {
    let (sandbox, mut snapshot) = contained(&keyed());
    sandbox.succeed("update-group", &json!({"displayName": "OnCall", "newDisplayName": "Admins of everything"}));
    for dry_run in [true, false] {
        let output = restore(&sandbox, &snapshot, &json!({"dryRun": dry_run}), &keyed());
        let entries = output.entries();
        assert_eq!((output.code, entries.len()), (1, 2), "{output:?}");
        let error = entries[1]["Contents"].as_str().unwrap();
        let row = "- Item: group Admins of everything\n  Reason: AWS names this group \"Admins of everything\", and the snapshot names it \"OnCall\"";
        assert!(error.starts_with("Failed") && error.contains(row), "{error}");
        assert!(!entries[0]["HumanReadable"].as_str().unwrap().contains("OnCall"));
    }
    assert_eq!(access(&sandbox).len() + 1, access(&sample(&[])).len(), "the others are given back");
    for step in snapshot["GroupMemberships"].as_array_mut().unwrap() {
        if step["GroupName"] == "OnCall" {
            step["GroupName"] = json!("Admins of everything");
        }
    }
    let restored = restore(&sandbox, &snapshot, &json!({}), &keyed());
    assert_eq!((restored.code, &restored.entries()[0]["Contents"]["Verified"]), (0, &json!(true)), "{restored:?}");
    assert_eq!(access(&sandbox), access(&sample(&[])));
}

#[test]
fn a_user_who_has_another_name_in_the_snapshot_is_told() {
    let (sandbox, mut snapshot) = contained(&keyed());
    snapshot["UserName"] = json!("alice-the-admin");
    let output = restore(&sandbox, &snapshot, &json!({}), &keyed());
    assert!(output.code == 1 && output.stdout.contains("It has another name for the user than AWS has."), "{output:?}");
    assert!(!output.stdout.contains("alice-the-admin"), "{output:?}");
}

/// What is denied is the name, and not what may be given.
#[test]
fn what_aws_does_not_tell_the_name_of_is_shown_by_its_id_and_said() {
    let upstream = Arc::new(Upstream::sample());
    let contained = ask_server("contain-user", &json!({"userName": "alice"}), &params(&Server::sound(&upstream)));
    let snapshot = contained.success()[0]["Contents"].clone();
    let denied = error("AccessDeniedException", Spelling::ALL[0], &json!({}));
    let names = ["DescribeGroup", "DescribePermissionSet", "ListGroups"];
    let server = Server::faulty(&upstream, move |request, _| {
        names.contains(&request.operation().as_str()).then(|| Fault::Say(denied.clone()))
    });
    for dry_run in [true, false] {
        let args = json!({"userName": "alice", "snapshot": snapshot, "dryRun": dry_run});
        let restored = ask_server("restore-user", &args, &params(&server)).success().remove(0);
        let told = restored["HumanReadable"].as_str().unwrap();
        assert!(!told.contains("Engineering") && !told.contains("AdministratorAccess"), "{told}");
        for list in ["GroupMemberships", "AccountAssignments"] {
            for step in restored["Contents"][list].as_array().unwrap() {
                assert!(step.get("GroupName").is_none() && step.get("PermissionSetName").is_none(), "{step}");
                let reason = step["Reason"].as_str().unwrap();
                assert!(
                    reason.starts_with("Its name could not be verified. ") && reason.contains("Access denied"),
                    "{reason}"
                );
                assert_eq!(step["Outcome"], if dry_run { "would be added" } else { "added" });
            }
        }
    }
}

/// A session remembers the names of permission sets, of which one may be gone since.
#[test]
fn a_permission_set_that_is_gone_is_not_said_to_be_given() {
    let (gone, set) = (error("ResourceNotFoundException", Spelling::ALL[0], &json!({})), "ps-1a2b3c4d5e6f7081");
    let asked = AtomicUsize::new(0);
    let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
        let is_it =
            request.operation() == "DescribePermissionSet" && String::from_utf8_lossy(&request.body).contains(set);
        (is_it && asked.fetch_add(1, SeqCst) > 0).then(|| Fault::Say(gone.clone()))
    });
    let mut session = Session::start(command().arg("loop"));
    let args = json!({"userName": "alice", "snapshot": SNAPSHOT.replace("ps-92a3b4c5d6e7f809", set), "allowUnverified": true, "dryRun": true});
    for (command, args, outcome) in
        [("list-user-access", json!({"userName": "alice"}), None), ("restore-user", args, Some("no longer exists"))]
    {
        let command = format!("aws-iam-identitycenter-{command}");
        let request = json!({"command": command, "args": args, "params": params(&server)});
        let entries = session.ask(request.to_string().as_bytes());
        assert_eq!(entries[0]["Contents"]["AccountAssignments"][0]["Outcome"].as_str(), outcome, "{entries:?}");
    }
    session.end();
}

#[test]
fn what_was_gone_already_is_not_given_back_and_the_row_says_so() {
    // Somebody else removes the first group between the list and the removal.
    let sandbox = sample(&["fault=DeleteGroupMembership:1:ResourceNotFoundException", "assignment-time=0s"]);
    let before = access(&sandbox);
    let output = ask(&sandbox, CONTAIN, &json!({"userName": "alice", "scope": "groups"}), &keyed());
    let snapshot = output.entries()[0]["Contents"].clone();
    let gone: Vec<_> =
        snapshot["GroupMemberships"].as_array().unwrap().iter().filter(|step| step["Outcome"] != "removed").collect();
    let [gone] = gone.as_slice() else { panic!("{snapshot}") };
    // The answer said that it was gone, and it was read back and is still there.
    assert_eq!(gone["Outcome"], "failed", "{output:?}");
    let group = gone["GroupId"].as_str().unwrap();
    set_scenario(&sandbox, &["assignment-time=0s"]);
    let mut signed = snapshot.clone();
    for step in signed["GroupMemberships"].as_array_mut().unwrap() {
        if step["GroupId"] == group {
            step["Outcome"] = json!("was gone already");
        }
    }
    let signed = super::signer::signed(signed, KEY, "snapshot");
    sandbox.succeed("remove-user-from-group", &json!({"userName": "alice", "groupId": group}));
    for dry_run in [true, false] {
        let restored = restore(&sandbox, &signed, &json!({"dryRun": dry_run}), &keyed());
        assert_eq!(restored.code, 0, "{restored:?}");
        let told = restored.entries()[0]["HumanReadable"].as_str().unwrap().to_owned();
        assert!(told.contains("2 of 3 groups"), "{told}");
        assert!(told.contains("| was gone already |") && told.contains("so it is not given back."), "{told}");
    }
    let missing: Vec<_> = before.difference(&access(&sandbox)).cloned().collect();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].contains(group));
}
