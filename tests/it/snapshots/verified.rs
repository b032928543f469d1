//! A snapshot is believed only as far as its signature goes.

use std::sync::Arc;

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::signer::signed;
use super::{KEY, OTHER_KEY, ask, contained, refused, restore};
use crate::containment::{CONTAIN, CONTEXT, OFFBOARD, RESTORE, access, id_of, sample};
use crate::network::aws::{KEY as ACCESS_KEY, ROLE_ARN, SECRET};
use crate::network::client::{ask_in, params, with};
use crate::network::fault_server::Server;
use crate::network::upstream::Upstream;
use crate::process::Sandbox;

/// Another reason for each of those that cannot be verified.
const UNSIGNED: &str = "It is not signed.";
const ALTERED: &str = "It was altered after it was signed.";
const OTHER: &str = "It was signed with another key.";
const OLD: &str = "It is older than 30 days.";

fn keyed(key: &str) -> Value {
    json!({"snapshotKey": key})
}

/// A directory like that in which alice was contained, as it was before.
fn whole() -> Sandbox {
    sample(&["assignment-time=0s"])
}

#[test]
fn what_is_signed_is_restored_without_any_flag() {
    let before = access(&whole());
    // The keys of the sandbox last; so do those of a parameter that holds one key or several.
    for params in
        [json!({}), keyed(KEY), json!({"snapshotKey": {"identifier": "", "password": format!("{KEY},{OTHER_KEY}")}})]
    {
        let (sandbox, snapshot) = contained(&params);
        assert_ne!(access(&sandbox), before);
        let dry_run = restore(&sandbox, &snapshot, &json!({"dryRun": true}), &params);
        let told = dry_run.entries()[0]["HumanReadable"].as_str().unwrap().to_owned();
        assert!(
            told.starts_with("### User alice would have 3 of 3 groups and 1 of 1 direct assignment again\n"),
            "{told}"
        );
        assert!(told.contains("\nSnapshot taken less than a minute ago, on 20"), "{told}");
        assert!(told.contains("Z, by contain-user: verified.\n"), "{told}");
        let restored = restore(&sandbox, &snapshot, &json!({}), &params);
        assert_eq!((restored.code, &restored.entries()[0]["Contents"]["Verified"]), (0, &json!(true)), "{restored:?}");
        assert_eq!(access(&sandbox), before);
    }
}

#[test]
fn what_this_executable_signs_another_implementation_signs_alike() {
    let (_, snapshot) = contained(&keyed(KEY));
    assert_eq!(signed(snapshot.clone(), KEY, "snapshot")["Signature"], snapshot["Signature"]);
    let off_boarded = ask(&whole(), OFFBOARD, &json!({"userName": "erik"}), &keyed(KEY));
    let snapshot = off_boarded.entries()[0]["EntryContext"][CONTEXT].clone();
    assert_eq!((&snapshot["Command"], &snapshot["Status"]), (&json!("offboard-user"), &json!("done")));
    assert_eq!(signed(snapshot.clone(), KEY, "snapshot")["Signature"], snapshot["Signature"]);
    // The keys of the sandbox are in docs/sandbox.md.
    let (_, snapshot) = contained(&json!({}));
    let by_secret_key = signed(snapshot.clone(), "sandbox/not/a/secret/0000000000000000000", "snapshot");
    assert_eq!(by_secret_key["Signature"], snapshot["Signature"]);
}

/// The attack: a user who never was contained, a snapshot that a script has written, names that look harmless.
#[test]
fn a_forged_snapshot_gives_nothing_to_anybody() {
    let sandbox = whole();
    let forged = json!({
        "UserId": id_of(&sandbox, "alice"), "UserName": "alice", "IdentityStoreId": "d-9067f2a1b3",
        "TakenAt": "2026-11-24T02:00:00Z", "Command": "contain-user", "Scope": "both", "Status": "done",
        "GroupMemberships": [{
            "GroupName": "Wiki-Readers", "GroupId": "68e58909-ccb2-b416-525a-56c9a30f4300", "Outcome": "removed",
        }],
        "AccountAssignments": [{
            "AccountId": "111122223333", "PermissionSetName": "ReadOnlyAccess", "Outcome": "removed",
            "PermissionSetArn": "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1a2b3c4d5e6f7081",
        }],
    });
    refused(&sandbox, &forged, &json!({}), UNSIGNED);
    refused(&sandbox, &signed(forged.clone(), OTHER_KEY, "snapshot"), &json!({}), OTHER);
    let mut borrowed = forged.clone();
    borrowed["Signature"] = contained(&json!({})).1["Signature"].clone();
    refused(&sandbox, &borrowed, &json!({}), ALTERED);

    // Where a person insists, the names are AWS's, and what is meant by another name is not given.
    let before = access(&sandbox);
    for dry_run in [true, false] {
        let output = restore(&sandbox, &forged, &json!({"dryRun": dry_run, "allowUnverified": true}), &json!({}));
        let entries = output.entries();
        let told = entries[0]["HumanReadable"].as_str().unwrap();
        assert!(told.starts_with("The snapshot is not verified, ") && told.contains(UNSIGNED), "{told}");
        assert!(!told.contains("Wiki-Readers") && !told.contains("ReadOnlyAccess"), "{told}");
        let error = entries[1]["Contents"].as_str().unwrap();
        assert!(
            error.contains("AWS names this group \"Research\", and the snapshot names it \"Wiki-Readers\""),
            "{error}"
        );
        assert!(error.contains("AWS names this permission set \"AdministratorAccess\""), "{error}");
        assert_eq!((output.code, entries.len()), (1, 2));
    }
    assert_eq!(access(&sandbox), before);
}

#[test]
fn a_snapshot_that_is_altered_in_any_field_is_refused() {
    let (sandbox, snapshot) = contained(&keyed(KEY));
    let alter = |path: &str, value: Value| {
        let mut altered = snapshot.clone();
        *altered.pointer_mut(path).unwrap_or_else(|| panic!("{path} of {snapshot}")) = value;
        altered
    };
    let bobs = "2c63888f-28f0-0481-7e6d-dce7a7ace732";
    for (path, value) in [
        ("/TakenAt", json!("2026-11-24T02:00:00Z")),
        ("/Command", json!("offboard-user")),
        ("/Scope", json!("groups")),
        ("/Status", json!("dry run")),
        ("/GroupMemberships/0/GroupId", json!("68e58909-ccb2-b416-525a-56c9a30f4300")),
        ("/GroupMemberships/0/MembershipId", json!(bobs)),
        ("/GroupMemberships/0/Outcome", json!("pending")),
        ("/AccountAssignments/0/AccountId", json!("111122223333")),
        (
            "/AccountAssignments/0/PermissionSetArn",
            json!("arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-92a3b4c5d6e7f809"),
        ),
        ("/AccountAssignments/0/Outcome", json!("unknown")),
        ("/Signature", json!("v1:AAAA:AAAA")),
    ] {
        let reason = if path == "/Signature" { OTHER } else { ALTERED };
        refused(&sandbox, &alter(path, value), &keyed(KEY), reason);
    }
    let steps = snapshot["GroupMemberships"].as_array().unwrap().clone();
    let reordered = [&steps[1..], &steps[..1]].concat();
    for steps in [&steps[1..], &reordered, &[&steps[..], &steps[..1]].concat()] {
        refused(&sandbox, &alter("/GroupMemberships", json!(steps)), &keyed(KEY), ALTERED);
    }
    let mut unsigned = snapshot.clone();
    unsigned.as_object_mut().unwrap().remove("Signature");
    refused(&sandbox, &unsigned, &keyed(KEY), UNSIGNED);

    // Nor does it serve another user or another identity store.
    let alices = alter("/UserId", json!(bobs));
    let other_store = alter("/IdentityStoreId", json!("d-0000000000"));
    for other in [&alices, &other_store] {
        let output = restore(&sandbox, other, &json!({"allowUnverified": true}), &keyed(KEY));
        assert!(output.code == 1 && output.stdout.contains("The snapshot is not of user alice"), "{output:?}");
    }
    let to_bob = ask(&sandbox, RESTORE, &json!({"userName": "bob", "snapshot": alices}), &keyed(KEY));
    assert!(to_bob.code == 1 && to_bob.stdout.contains(ALTERED), "{to_bob:?}");
}

#[test]
fn what_is_written_otherwise_is_the_same_snapshot() {
    let (sandbox, snapshot) = contained(&keyed(KEY));
    let mut members: Vec<_> = snapshot.as_object().unwrap().clone().into_iter().rev().collect();
    for (name, value) in &mut members {
        if name == "AccountAssignments" {
            value[0]["AccountId"] = json!(value[0]["AccountId"].as_str().unwrap().parse::<u64>().unwrap());
            value[0].as_object_mut().unwrap().remove("Time");
        }
    }
    members.push(("NotSeen".to_owned(), Value::Null));
    let rewritten: serde_json::Map<_, _> = members.into_iter().collect();
    let text = serde_json::to_string_pretty(&rewritten).unwrap();
    let restored = restore(&sandbox, &json!(text), &json!({}), &keyed(KEY));
    assert_eq!(restored.code, 0, "{restored:?}");
    assert_eq!(access(&sandbox), access(&whole()));
}

#[test]
fn a_key_that_was_changed_verifies_as_long_as_it_is_named() {
    let (sandbox, snapshot) = contained(&keyed(KEY));
    refused(&sandbox, &snapshot, &keyed(OTHER_KEY), OTHER);
    refused(&sandbox, &snapshot, &json!({}), OTHER);
    let both = keyed(&format!("{OTHER_KEY}, {KEY}"));
    let again = ask(&sandbox, CONTAIN, &json!({"userName": "bob"}), &both).entries().remove(0);
    let signature = again["EntryContext"][CONTEXT]["Signature"].as_str().unwrap().to_owned();
    let id = |signature: &str| signature.split(':').nth(1).unwrap().to_owned();
    assert_ne!(id(&signature), id(snapshot["Signature"].as_str().unwrap()), "the first key signs");
    assert_eq!(restore(&sandbox, &snapshot, &json!({}), &both).code, 0);
    assert_eq!(ask(&sandbox, RESTORE, &json!({"userName": "bob", "snapshot": again}), &keyed(OTHER_KEY)).code, 0);
    assert_eq!(access(&sandbox), access(&whole()));
}

/// How old it is counts when it is restored, whoever signed it.
#[test]
fn a_snapshot_counts_for_thirty_days() {
    let (sandbox, snapshot) = contained(&keyed(KEY));
    let taken = |age: Duration| {
        let mut other = snapshot.clone();
        other["TakenAt"] = json!((OffsetDateTime::now_utc() - age).format(&Rfc3339).unwrap());
        signed(other, KEY, "snapshot")
    };
    refused(&sandbox, &taken(Duration::days(31)), &keyed(KEY), OLD);
    refused(&sandbox, &taken(Duration::days(-1)), &keyed(KEY), "It is dated in the future.");
    let dry_run = restore(&sandbox, &taken(Duration::days(29)), &json!({"dryRun": true}), &keyed(KEY));
    assert!(dry_run.code == 0 && dry_run.stdout.contains("Snapshot taken 29 days ago, on "), "{dry_run:?}");
    let hours = restore(&sandbox, &taken(Duration::hours(3)), &json!({"dryRun": true}), &keyed(KEY));
    assert!(hours.stdout.contains("Snapshot taken 3 hours ago, on "), "{hours:?}");
    let allowed = restore(&sandbox, &taken(Duration::days(31)), &json!({"allowUnverified": true}), &keyed(KEY));
    assert_eq!(allowed.code, 0, "{allowed:?}");
    assert_eq!(access(&sandbox), access(&whole()));
}

#[test]
fn a_signature_of_progress_is_none_of_a_snapshot() {
    let (sandbox, snapshot) = contained(&keyed(KEY));
    refused(&sandbox, &signed(snapshot.clone(), KEY, "progress"), &keyed(KEY), ALTERED);
    let dry_run = ask(&whole(), CONTAIN, &json!({"userName": "alice", "dryRun": true}), &keyed(KEY));
    assert_eq!(dry_run.entries()[0]["Contents"].get("Signature"), None, "{dry_run:?}");
}

#[test]
fn each_of_several_snapshots_is_judged_by_itself() {
    let (sandbox, first) = contained(&keyed(KEY));
    let args = json!({"userName": "alice", "groupName": "Research"});
    sandbox.succeed("add-user-to-group", &args);
    let second = ask(&sandbox, CONTAIN, &json!({"userName": "alice"}), &keyed(KEY)).entries().remove(0);
    let mut forged = second["EntryContext"][CONTEXT].clone();
    forged["GroupMemberships"][0]["GroupId"] = json!("b9c8b9ff-e46e-d627-d419-c7723226db94");
    for dry_run in [true, false] {
        let output = restore(&sandbox, &json!([first, forged]), &json!({"dryRun": dry_run}), &keyed(KEY));
        let entries = output.entries();
        assert_eq!((output.code, entries.len()), (1, 2), "{output:?}");
        let error = entries[1]["Contents"].as_str().unwrap();
        assert!(
            error.contains("1 of 2 snapshots of user alice was refused. The one taken ") && error.contains(ALTERED),
            "{error}"
        );
        let contents = &entries[0]["Contents"];
        let used: Vec<_> =
            contents["Snapshots"].as_array().unwrap().iter().map(|check| check["Used"].clone()).collect();
        assert_eq!((used, &contents["Verified"]), (vec![json!(true), json!(false)], &json!(true)));
        assert_eq!(contents["Status"], if dry_run { "dry run" } else { "incomplete" });
    }
    assert_eq!(access(&sandbox), access(&whole()), "what the first took is back, and nothing else");
}

/// What a key of a session signs today nobody could verify tomorrow.
#[test]
fn keys_that_end_with_a_session_sign_nothing_and_the_answer_says_so() {
    let before = access(&whole());
    for credentials in [
        json!({"identifier": "AKIAEXAMPLE000000000", "password": "secret/key/of/a/session/0000000000000000@@@token/of/it"}),
        json!({"identifier": "ASIAEXAMPLE000000000", "password": "secret/key/of/a/session/0000000000000000"}),
    ] {
        let params = json!({"credentials": credentials});
        let sandbox = whole();
        for dry_run in [true, false] {
            let output = ask(&sandbox, CONTAIN, &json!({"userName": "alice", "dryRun": dry_run}), &params);
            assert_eq!(output.code, 0, "{output:?}");
            let entry = output.entries().remove(0);
            let told = entry["HumanReadable"].as_str().unwrap();
            let is = if dry_run { "would not be" } else { "is not" };
            let sentence = format!(
                "The snapshot {is} signed, so it can be restored with allowUnverified=true only: set the parameter snapshotKey"
            );
            assert!(told.contains(&sentence), "{told}");
            assert_eq!(entry["Contents"].get("Signature"), None);
            if !dry_run {
                refused(&sandbox, &entry["Contents"], &params, UNSIGNED);
                refused(&sandbox, &signed(entry["Contents"].clone(), KEY, "snapshot"), &params, "no key that lasts");
                let restored = restore(&sandbox, &entry["Contents"], &json!({"allowUnverified": true}), &params);
                assert_eq!(restored.entries()[0]["Contents"]["Verified"], false);
                assert_eq!((restored.code, access(&sandbox)), (0, before.clone()), "{restored:?}");
            }
        }
    }
}

/// Whoever starts the process decides what the host's credentials are, and they change. The keys under a role last.
#[test]
fn the_credentials_of_the_host_sign_nothing_and_the_keys_under_a_role_sign() {
    let environment = [
        ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT00001"),
        ("AWS_SECRET_ACCESS_KEY", "netTest/Environment+Secret/abcdefghijkl"),
    ];
    let lasting = json!({"identifier": ACCESS_KEY, "password": SECRET});
    for (environment, more, is_signed) in [
        (&environment[..], json!({"credentials": null}), false),
        (&environment[..], json!({"credentials": null, "roleArn": ROLE_ARN}), false),
        (&environment[..], json!({"credentials": null, "snapshotKey": KEY}), true),
        (&[], json!({"credentials": lasting, "roleArn": ROLE_ARN}), true),
        (&[], json!({"roleArn": ROLE_ARN}), false),
    ] {
        let upstream = Arc::new(Upstream::sample());
        let server = Server::sound(&upstream);
        let params = with(with(params(&server), json!({"snapshotKey": null})), more.clone());
        let answer = ask_in(environment, "contain-user", &json!({"userName": "alice"}), &params);
        let snapshot = answer.success()[0]["Contents"].clone();
        assert_eq!(snapshot["Signature"].is_string(), is_signed, "{more}: {snapshot}");
        let restored =
            ask_in(environment, "restore-user", &json!({"userName": "alice", "snapshot": snapshot}), &params);
        assert_eq!(restored.succeeded(), is_signed, "{more}: {restored:?}");
        let changes = ["CreateGroupMembership", "CreateAccountAssignment"].map(|name| server.seen_of(name).len());
        assert_eq!(changes == [0, 0], !is_signed, "{more}: {changes:?}");
    }
}

#[test]
fn what_is_restored_without_being_verified_is_said_in_the_first_line() {
    let (sandbox, snapshot) = contained(&keyed(KEY));
    for dry_run in [true, false] {
        let more = json!({"dryRun": dry_run, "allowUnverified": true});
        let output = restore(&sandbox, &snapshot, &more, &keyed(OTHER_KEY));
        let entry = output.entries().remove(0);
        let first = entry["HumanReadable"].as_str().unwrap().lines().next().unwrap().to_owned();
        assert_eq!(
            first,
            format!("The snapshot is not verified, and is used because of allowUnverified=true. {OTHER}")
        );
        let contents = &entry["Contents"];
        assert_eq!((&contents["Verified"], &contents["Snapshots"][0]["Verified"]), (&json!(false), &json!(false)));
        assert!(!entry.to_string().contains("\"Signature\""), "nothing that results is signed: {entry}");
    }
    assert_eq!(access(&sandbox), access(&whole()));
}

#[test]
fn a_snapshot_key_that_is_wrong_is_refused_before_any_call_and_never_shown() {
    let server = Server::sound(&Arc::new(Upstream::sample()));
    for (key, shown) in [
        (json!("sh0rt-key"), "sh0rt-key"),
        (json!(format!("{KEY},another-sh0rt-key")), "sh0rt"),
        (json!({"identifier": "", "password": "sh0rt-key"}), "sh0rt"),
        (json!([KEY, "sh0rt"]), "sh0rt"),
        (json!(false), "false"),
    ] {
        for command in ["contain-user", "list-users", "test-module"] {
            let params = with(params(&server), json!({"snapshotKey": key}));
            let args = if command == "contain-user" { json!({"userName": "alice"}) } else { json!({}) };
            let answer = ask_in(&[], command, &args, &params);
            let error = answer.error_with(&["The parameter \"snapshotKey\" must "]);
            assert!(!error.contains(shown) && !error.contains(KEY), "{error}");
        }
    }
    assert!(server.seen().is_empty());
}

#[test]
fn each_snapshot_key_is_masked_in_whatever_comes_back() {
    let sandbox = whole();
    for key in [KEY, OTHER_KEY] {
        let output = ask(&sandbox, CONTAIN, &json!({"userName": key}), &keyed(&format!("{KEY} , {OTHER_KEY}")));
        assert!(output.code == 1 && output.stdout.contains("User <XX_REPLACED> was not found"), "{output:?}");
    }
}
