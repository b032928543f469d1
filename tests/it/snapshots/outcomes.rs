//! Forged progress of what takes things away: whatever it claims, what AWS lists counts, and nobody is deleted who has
//! anything.

use serde_json::{Value, json};

use super::ask;
use crate::containment::{CONTAIN, CONTEXT, OFFBOARD, ORPHANS, access, ask_for_xsoar, id_of, of_user, sample};
use crate::process::Sandbox;

/// Every outcome that there is, and whether a removal leaves it for its next round: of groups, and of assignments.
const OUTCOMES: [(&str, bool, bool); 14] = [
    ("pending", true, true),
    ("in progress", true, true),
    ("removed", true, true),
    ("was gone already", true, true),
    ("gone meanwhile", true, true),
    ("would be removed", false, false),
    ("kept", true, false),
    ("found", false, false),
    ("added", false, false),
    ("was there already", false, false),
    ("would be added", false, false),
    ("no longer exists", false, false),
    ("unknown", true, true),
    ("failed", true, true),
];

/// Progress that claims this of everything that the user has.
fn claiming(sandbox: &Sandbox, user: &str, outcomes: [&str; 2], status: &str) -> Value {
    let (state, id) = (sandbox.state(), id_of(sandbox, user));
    let rows = |list: &str| state[list].as_array().unwrap().clone();
    let groups = rows("memberships").into_iter().filter(|row| row["MemberId"]["UserId"] == id.as_str());
    let groups = groups.map(|row| json!({"GroupId": row["GroupId"], "Outcome": outcomes[0]}));
    let assignments = rows("assignments").into_iter().filter(|row| row["PrincipalId"] == id.as_str());
    let assignments = assignments.map(|row| {
        let (account, set) = (&row["AccountId"], &row["PermissionSetArn"]);
        json!({"AccountId": account, "PermissionSetArn": set, "Outcome": outcomes[1], "RequestId": "none"})
    });
    json!({
        "UserId": id, "IdentityStoreId": "d-9067f2a1b3", "TakenAt": "2026-11-24T02:00:00Z", "Scope": "both",
        "Status": status, "GroupMemberships": groups.collect::<Vec<_>>(),
        "AccountAssignments": assignments.collect::<Vec<_>>(),
    })
}

#[test]
fn an_outcome_that_a_removal_never_leaves_is_refused() {
    for (number, (outcome, of_groups, of_assignments)) in OUTCOMES.into_iter().enumerate() {
        for (outcomes, is_left) in [([outcome, "removed"], of_groups), (["removed", outcome], of_assignments)] {
            let sandbox = sample(&["assignment-time=0s"]);
            let before = access(&sandbox);
            let progress = claiming(&sandbox, "erik", outcomes, "in progress");
            let args = json!({"userName": "erik", "progress": progress, "timeout_in_seconds": 1});
            let output = ask(&sandbox, [CONTAIN, OFFBOARD][number % 2], &args, &json!({}));
            let said =
                format!("The progress says that something was \\\"{outcome}\\\", which no earlier round leaves.");
            assert_eq!(output.stdout.contains(&said), !is_left, "{outcomes:?}: {output:?}");
            if !is_left {
                assert_eq!((output.code, access(&sandbox)), (1, before), "{outcomes:?}: {output:?}");
            }
        }
    }
}

#[test]
fn whatever_progress_claims_nobody_is_done_with_or_deleted_while_something_is_listed() {
    for (outcome, ..) in OUTCOMES {
        for (command, status) in [(CONTAIN, "done"), (OFFBOARD, "done"), (OFFBOARD, "in progress")] {
            let sandbox = sample(&["assignment-time=60s"]);
            let progress = claiming(&sandbox, "erik", [outcome; 2], status);
            let output = ask_for_xsoar(&sandbox, command, &json!({"userName": "erik", "progress": progress}));
            let left = of_user(&access(&sandbox), &id_of(&sandbox, "erik")).len();
            let told = output.entries()[0]["EntryContext"][CONTEXT]["Status"].clone();
            assert!(left > 0, "AWS works on the assignment for a minute");
            assert!(told != "done", "{command} {outcome} {status}: {output:?}");
            assert!(sandbox.state()["users"].to_string().contains("erik"), "{command} {outcome} {status}");
            let scheduled = output.entries()[0].get("PollingCommand").is_some();
            assert!(output.code == 1 || scheduled, "{command} {outcome} {status}: {output:?}");
        }
    }
}

#[test]
fn what_is_listed_contradicts_whatever_a_search_claims() {
    for (outcome, _, is_left) in OUTCOMES {
        let sandbox = sample(&["delete-orphans", "assignment-time=60s"]);
        let alice = id_of(&sandbox, "alice");
        sandbox.succeed("delete-user", &json!({"userName": "alice"}));
        let orphans = sandbox.succeed("find-orphaned-assignments", &json!({}))["Contents"].clone();
        let mut found = orphans[0].clone();
        assert_eq!(found["PrincipalId"], alice.as_str());
        found["Outcome"] = json!(outcome);
        found["RequestId"] = json!("none");
        let progress = json!({"Left": [], "Pairs": [], "Found": [found], "Unseen": [], "LookedAt": 1});
        let args = json!({"remove": true, "progress": progress});
        let output = ask_for_xsoar(&sandbox, ORPHANS, &args);
        let entry = output.entries().remove(0);
        assert_eq!(of_user(&access(&sandbox), &alice).len(), 1, "AWS works on it for a minute");
        let is_refused = output.stdout.contains("which no earlier round leaves");
        assert_eq!(is_refused, !is_left, "{outcome}: {output:?}");
        let scheduled = entry.get("PollingCommand").is_some();
        assert!(output.code == 1 || scheduled, "{outcome} hides what is there: {output:?}");
    }
}

#[test]
fn search_lists_no_orphan_of_progress_that_aws_does_not_confirm() {
    let sandbox = sample(&[]);
    let (alice, state) = (id_of(&sandbox, "alice"), sandbox.state());
    let of_alice = |row: &&Value| row["PrincipalId"] == alice.as_str();
    let hers = state["assignments"].as_array().unwrap().iter().find(of_alice).unwrap();
    let search = |principal_id: &str, outcome: &str| {
        let found = json!({
            "PrincipalType": "USER", "PrincipalId": principal_id, "AccountId": hers["AccountId"], "Outcome": outcome,
            "PermissionSetArn": hers["PermissionSetArn"], "PermissionSetName": "Harmless",
        });
        let progress = json!({"Left": [], "Pairs": [], "Found": [found], "Unseen": [], "LookedAt": 1});
        sandbox.succeed("find-orphaned-assignments", &json!({"progress": progress}))["Contents"].clone()
    };
    // One who exists, and one who never had anything.
    let stranger = "0ce37aac-2f21-e9ce-f8d5-bed0d1f5b8b1";
    for (principal_id, outcome) in [(&*alice, "pending"), (&*alice, "removed"), (stranger, "removed")] {
        assert_eq!(search(principal_id, outcome), json!([]), "{outcome} of {principal_id}");
    }
    sandbox.succeed("delete-user", &json!({"userName": "alice"}));
    let found = search(&alice, "pending");
    assert_eq!((&found[0]["PrincipalId"], &found[0]["Outcome"]), (&json!(alice), &json!("found")), "{found}");
    assert!(!found.to_string().contains("Harmless"), "the name is AWS's: {found}");
}

/// A membership is of the group that AWS lists it in, and what is kept follows from the arguments.
#[test]
fn progress_keeps_no_group_that_is_not_kept_and_takes_none_that_is() {
    let sandbox = sample(&[]);
    let (state, alice) = (sandbox.state(), id_of(&sandbox, "alice"));
    let research = "68e58909-ccb2-b416-525a-56c9a30f4300";
    let on_call = "dd2ee150-d284-0277-789c-1af40ce8fcc9";
    let rows = state["memberships"].as_array().unwrap();
    let of_alice = rows.iter().filter(|row| row["MemberId"]["UserId"] == alice.as_str());
    let disguised: Vec<_> = of_alice
        .map(|row| json!({"GroupId": research, "MembershipId": row["MembershipId"], "Outcome": "kept"}))
        .collect();
    assert_eq!(disguised.len(), 3);
    let progress = |groups: Value| {
        json!({
            "UserId": alice, "IdentityStoreId": "d-9067f2a1b3", "TakenAt": "2026-11-24T02:00:00Z", "Scope": "groups",
            "Status": "in progress", "GroupMemberships": groups, "AccountAssignments": [],
        })
    };
    let args = json!({
        "userName": "alice", "scope": "groups", "keepGroups": "Research", "progress": progress(json!(disguised)),
    });
    let output = ask(&sandbox, CONTAIN, &args, &json!({}));
    assert!(output.code == 1 && output.stdout.contains("was given more meanwhile"), "{output:?}");

    let pending = json!([{"GroupId": on_call, "Outcome": "pending"}]);
    let args = json!({
        "userName": "alice", "scope": "groups", "keepGroups": "OnCall", "progress": progress(pending),
    });
    let output = ask(&sandbox, CONTAIN, &args, &json!({}));
    assert_eq!(output.entries()[0]["Contents"]["GroupMemberships"][0]["Outcome"], "kept", "{output:?}");
    assert!(access(&sandbox).iter().any(|row| row.contains(on_call)), "{output:?}");
}
