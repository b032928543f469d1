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
