//! Properties of signatures: every change of the meaning of a snapshot breaks its signature, and no other change does.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::*;
use crate::values::model::DateTime;
use crate::values::output::Containment;

const KEY: &str = "known-answer-key-0123456789abcdef";

/// What `KEY` signed in version 1, as another implementation has it (Python's `hmac`, by the description in
/// canonical.rs). It never changes: snapshots that users have would not verify any more.
const SNAPSHOT: &str = "v1:EWmp7m9jbZQp:zXWXEPh0wk7Xk5cr2APALd6mzWtgwEivumSw3sLpEWo";
const PROGRESS: &str = "v1:EWmp7m9jbZQp:m9WhcollbO780Bw88gII2dh6G_hU1hjyrKW2zNfadc8";

fn keys(text: &str) -> SnapshotKeys {
    SnapshotKeys::parse(&json!(text)).unwrap()
}

fn read(value: &Value) -> Containment {
    containments(value).unwrap().remove(0)
}

fn known() -> Value {
    json!({
        "UserId": "90000000-0000-4000-8000-000000000001", "UserName": "bob", "IdentityStoreId": "d-1234567890",
        "TakenAt": "2026-01-02T03:04:05.678Z", "Command": "contain-user", "Scope": "both", "Status": "done",
        "GroupMemberships": [
            {"GroupName": "Admins", "GroupId": "20000000-0000-4000-8000-000000000001",
             "MembershipId": "10000000-0000-4000-8000-000000000001", "Outcome": "removed"},
            {"GroupId": "20000000-0000-4000-8000-000000000002", "Outcome": "was gone already"},
        ],
        "AccountAssignments": [{
            "AccountId": "012345678901", "Outcome": "removed",
            "PermissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0000000000000009",
        }],
    })
}

#[test]
fn a_signature_of_version_1_is_what_it_always_was() {
    let containment = read(&known());
    assert_eq!(sign(&keys(KEY), &containment, Purpose::Snapshot).as_deref(), Some(SNAPSHOT));
    assert_eq!(sign(&keys(KEY), &containment, Purpose::Progress).as_deref(), Some(PROGRESS));
}

/// The known snapshot with this signature, as it is judged with this key.
fn judged(signature: &Value, key: &str) -> Result<(), Unverified> {
    let mut snapshot = known();
    snapshot["Signature"] = signature.clone();
    verify(&keys(key), &read(&snapshot), Purpose::Snapshot)
}

#[test]
fn a_snapshot_that_is_not_verified_says_why() {
    let other = "another key of 32 characters or more";
    assert_eq!(judged(&json!(SNAPSHOT), KEY), Ok(()));
    assert_eq!(judged(&json!(SNAPSHOT), &format!("{other},{KEY}")), Ok(()), "all keys verify");
    assert_eq!(judged(&json!(SNAPSHOT), other), Err(Unverified::OtherKey));
    for nothing in [json!(null), json!(""), json!(" ")] {
        assert_eq!(judged(&nothing, KEY), Err(Unverified::Unsigned), "{nothing}");
        assert_eq!(judged(&nothing, ""), Err(Unverified::Unsigned), "{nothing}");
    }
    assert_eq!(judged(&json!(SNAPSHOT), ""), Err(Unverified::NoKey));
    assert_eq!(judged(&json!(SNAPSHOT.replacen("v1", "v2", 1)), KEY), Err(Unverified::LaterVersion));
    let (shorter, longer) = (&SNAPSHOT[..SNAPSHOT.len() - 4], format!("{SNAPSHOT}AAAA"));
    let without_mac = SNAPSHOT.rsplit_once(':').unwrap().0;
    for damaged in [PROGRESS, shorter, &longer, without_mac, "v0:x:y", "v1", "x", &format!("{without_mac}:é")] {
        assert_eq!(judged(&json!(damaged), KEY), Err(Unverified::Altered), "{damaged}");
    }
}

#[test]
fn the_first_key_signs() {
    let (first, second) = ("the first key of 32 characters or more", "the second key of 32 characters or more");
    let containment = read(&known());
    let signed = |keys: &SnapshotKeys| sign(keys, &containment, Purpose::Snapshot);
    assert_eq!(signed(&keys(&format!("{first},{second}"))), signed(&keys(first)));
    assert_ne!(signed(&keys(first)), signed(&keys(second)));
    assert_eq!(signed(&SnapshotKeys::default()), None);
}

#[test]
fn a_dry_run_is_never_signed_and_never_verified() {
    let mut dry_run = known();
    dry_run["Status"] = json!("dry run");
    assert_eq!(sign(&keys(KEY), &read(&dry_run), Purpose::Snapshot), None);
    dry_run["Signature"] = json!(SNAPSHOT);
    assert_eq!(verify(&keys(KEY), &read(&dry_run), Purpose::Snapshot), Err(Unverified::Altered));
}

/// Few ids, so that steps are often alike.
fn word() -> impl Strategy<Value = String> {
    select(vec!["", "a", "b", "ab", "a\0b", "é", "removed", "group"]).prop_map(str::to_owned)
}

fn outcome() -> impl Strategy<Value = &'static str> {
    select(vec!["pending", "in progress", "removed", "was gone already", "gone meanwhile", "unknown", "failed", "kept"])
}

fn signed() -> impl Strategy<Value = Value> {
    let group = (word(), option::of(word()), outcome()).prop_map(|(id, membership, outcome)| {
        json!({"GroupName": "G", "GroupId": id, "MembershipId": membership, "Outcome": outcome, "Time": "2026-01-01T00:00:00Z"})
    });
    let account = select(vec!["012345678901", "111122223333", "000000000000"]);
    let assignment = (account, word(), outcome()).prop_map(|(account, set, outcome)| {
        json!({"AccountId": account, "PermissionSetName": "P", "PermissionSetArn": set, "Outcome": outcome})
    });
    let deletion = option::of(outcome().prop_map(|outcome| json!({"Outcome": outcome})));
    let command = select(vec!["contain-user", "offboard-user"]);
    let scope = select(vec!["groups", "assignments", "both"]);
    let head = (word(), word(), 0..4_000_000_000_i64, command, scope);
    (head, vec(group, 0..4), vec(assignment, 0..4), deletion).prop_map(
        |((user, store, seconds, command, scope), groups, assignments, deletion)| {
            let taken_at = DateTime::try_from(json!(seconds)).unwrap();
            let mut snapshot = json!({
                "UserId": user, "IdentityStoreId": store, "TakenAt": taken_at.to_string(), "Command": command,
                "Scope": scope, "Status": "done", "GroupMemberships": groups, "AccountAssignments": assignments,
                "UserDeletion": deletion,
            });
            let signature = sign(&keys(KEY), &read(&snapshot), Purpose::Snapshot).unwrap();
            snapshot["Signature"] = json!(signature);
            snapshot
        },
    )
}

/// The same facts as XSOAR's context, another program or a person may write them.
fn rewritten(value: &Value, turn: usize) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| rewritten(item, turn)).collect(),
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .iter()
                .filter(|(name, value)| !(value.is_null() && turn.is_multiple_of(2) || *name == "GroupName"))
                .collect();
            let length = members.len().max(1);
            members.rotate_left(turn % length);
            let rewritten = members.into_iter().map(|(name, value)| match (name.as_str(), value.as_str()) {
                ("AccountId", Some(digits)) if !turn.is_multiple_of(3) => {
                    (name.clone(), json!(digits.parse::<u64>().unwrap()))
                }
                ("TakenAt", Some(time)) if turn % 3 == 1 => (name.clone(), json!(time.replace('Z', "+00:00"))),
                _ => (name.clone(), rewritten(value, turn)),
            });
            let mut rewritten: Map<_, _> = rewritten.collect();
            rewritten.insert("Unknown".to_owned(), json!(turn));
            rewritten.insert("NotSeen".to_owned(), Value::Null);
            rewritten.into()
        }
        other => other.clone(),
    }
}

/// Something that is signed, changed: which of them, and where.
fn changed(snapshot: &Value, which: usize, place: usize) -> Value {
    let mut changed = snapshot.clone();
    let text = |value: &Value| format!("{}x", value.as_str().unwrap_or_default());
    let other = |value: &Value, all: &[&str]| json!(all.iter().find(|word| **word != *value).unwrap());
    let lists = ["GroupMemberships", "AccountAssignments"];
    let list = lists[place % 2];
    let steps = changed[list].as_array().unwrap().clone();
    let step = place.checked_rem(steps.len());
    let whole = ["UserId", "IdentityStoreId"];
    match (which, step) {
        (0, _) => changed[whole[place % 2]] = json!(text(&snapshot[whole[place % 2]])),
        (1, _) => changed["Scope"] = other(&snapshot["Scope"], &["groups", "both"]),
        (2, _) => changed["Command"] = other(&snapshot["Command"], &["contain-user", "offboard-user"]),
        (3, _) => changed["TakenAt"] = json!("1999-12-31T23:59:59.999Z"),
        (4, _) => {
            changed["UserDeletion"] =
                json!({"Outcome": other(&snapshot["UserDeletion"]["Outcome"], &["kept", "removed"])});
        }
        (5, _) => {
            changed.as_object_mut().unwrap().remove("Command");
        }
        // One more step, or one of them once more.
        (6, None) | (7, _) => {
            let more = json!({"GroupId": "new", "AccountId": "5", "PermissionSetArn": "new", "Outcome": "removed"});
            changed[list].as_array_mut().unwrap().push(more);
        }
        (6, Some(step)) => changed[list].as_array_mut().unwrap().insert(step, steps[step].clone()),
        (8, Some(step)) => {
            changed[list].as_array_mut().unwrap().remove(step);
        }
        (9, Some(step)) => {
            let next = (step + 1) % steps.len();
            changed[list].as_array_mut().unwrap().swap(step, next);
        }
        (10, Some(step)) => changed[list][step]["Outcome"] = other(&steps[step]["Outcome"], &["removed", "pending"]),
        (11, Some(step)) => {
            let ids = [["GroupId", "MembershipId"], ["PermissionSetArn", "PermissionSetArn"]];
            let id = ids[place % 2][step % 2];
            changed[list][step][id] = json!(text(&steps[step][id]));
        }
        (12, Some(step)) if list == "AccountAssignments" => changed[list][step]["AccountId"] = json!("999999999999"),
        _ => {}
    }
    changed
}

proptest! {
    #[test]
    fn what_is_written_otherwise_verifies(snapshot in signed(), turn in 0_usize..12) {
        let text = serde_json::to_string_pretty(&rewritten(&snapshot, turn)).unwrap();
        let again: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(verify(&keys(KEY), &read(&again), Purpose::Snapshot), Ok(()), "{}", text);
    }

    #[test]
    fn whatever_is_changed_does_not_verify(snapshot in signed(), which in 0_usize..13, place in 0_usize..12) {
        let changed = changed(&snapshot, which, place);
        // Steps that are alike may change places.
        let expected = if changed == snapshot { Ok(()) } else { Err(Unverified::Altered) };
        prop_assert_eq!(verify(&keys(KEY), &read(&changed), Purpose::Snapshot), expected, "{} of {}", changed, snapshot);
    }

    #[test]
    fn a_signature_serves_its_own_purpose_and_its_own_key_only(snapshot in signed()) {
        let containment = read(&snapshot);
        prop_assert_eq!(verify(&keys(KEY), &containment, Purpose::Progress), Err(Unverified::Altered));
        let other = keys("another key of 32 characters or more");
        prop_assert_eq!(verify(&other, &containment, Purpose::Snapshot), Err(Unverified::OtherKey));
        let progress = Containment { signature: sign(&keys(KEY), &containment, Purpose::Progress), ..containment };
        prop_assert_eq!(verify(&keys(KEY), &progress, Purpose::Progress), Ok(()));
        prop_assert_eq!(verify(&keys(KEY), &progress, Purpose::Snapshot), Err(Unverified::Altered));
    }
}
