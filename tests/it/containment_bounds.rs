//! How much of long work is done at once, and what is left for the next round.

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use crate::containment::{
    CONTAIN, CONTEXT, ORPHANS, RESTORE, access, ask_for_xsoar, id_of, of_user, sample, set_scenario,
};
use crate::process::{Output, Sandbox};

/// A directory with one user, who has so many assignments of its own.
fn with_assignments(count: usize) -> (Sandbox, String) {
    let sandbox = Sandbox::seeded(1, 1, 0);
    let mut state = sandbox.state();
    let ids =
        |list: &str, id: &str| state[list].as_array().unwrap().iter().map(|row| row[id].clone()).collect::<Vec<_>>();
    let (user, accounts) = (ids("users", "UserId").remove(0), ids("accounts", "AccountId"));
    let sets = ids("permissionSets", "PermissionSetArn");
    let mut own = Vec::new();
    for (account, set) in accounts.iter().flat_map(|account| sets.iter().map(move |set| (account, set))).take(count) {
        own.push(json!({"AccountId": account, "PermissionSetArn": set, "PrincipalType": "USER", "PrincipalId": user}));
    }
    assert_eq!(own.len(), count);
    state["assignments"].as_array_mut().unwrap().extend(own);
    fs::write(sandbox.file(), state.to_string() + "\n").unwrap();
    (sandbox, user.as_str().unwrap().to_owned())
}

fn requests(sandbox: &Sandbox) -> usize {
    sandbox.state()["assignmentRequests"].as_array().unwrap().len()
}

#[test]
fn much_is_taken_only_after_the_snapshot_was_answered() {
    let sandbox = Sandbox::seeded(1, 20, 20);
    let id = sandbox.state()["users"][0]["UserId"].clone();
    let at_once = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userId": id}));
    assert_eq!((at_once.code, at_once.entries()[0].get("PollingCommand")), (0, None), "{at_once:?}");
    assert_eq!(of_user(&access(&sandbox), id.as_str().unwrap()), BTreeSet::new());

    let sandbox = Sandbox::seeded(1, 21, 21);
    let (before, id) = (access(&sandbox), sandbox.state()["users"][0]["UserId"].clone());
    let first = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userId": id})).entries().remove(0);
    assert_eq!(access(&sandbox), before);
    let groups = first["EntryContext"][CONTEXT]["GroupMemberships"].as_array().unwrap();
    assert_eq!(groups.len(), 21);
    // Another caller is quicker with one of them. An earlier round that was never answered might have been as well.
    sandbox.succeed("remove-user-from-group", &json!({"userId": id, "groupId": groups[0]["GroupId"]}));
    let last = ask_for_xsoar(&sandbox, CONTAIN, &first["PollingArgs"]);
    let done = last.entries().remove(0);
    assert_eq!((last.code, done.get("PollingCommand")), (0, None), "{last:?}");
    assert_eq!(of_user(&access(&sandbox), id.as_str().unwrap()), BTreeSet::new());
    let groups = done["EntryContext"][CONTEXT]["GroupMemberships"].as_array().unwrap();
    let outcomes: Vec<_> = groups.iter().map(|step| step["Outcome"].as_str().unwrap()).collect();
    assert_eq!((outcomes[0], &outcomes[1..]), ("gone meanwhile", &["removed"; 20][..]), "{done}");
    assert!(groups.iter().all(|step| step["GroupName"].is_string()), "{done}");
}

/// AWS works on 15 creations at a time, and on as many deletions as there are.
#[test]
fn no_more_is_given_at_once_than_aws_takes() {
    let (sandbox, user) = with_assignments(18);
    set_scenario(&sandbox, &["assignment-time=0s"]);
    let taking = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userId": user})).entries().remove(0);
    assert_eq!((requests(&sandbox), &taking["PollingItemsRemaining"]), (18, &json!(18)), "{taking}");
    let taken = ask_for_xsoar(&sandbox, CONTAIN, &taking["PollingArgs"]).entries().remove(0);
    assert_eq!(taken["Contents"]["Status"], "done", "{taken}");

    set_scenario(&sandbox, &["assignment-time=60s"]);
    let mut args = json!({"userId": user, "snapshot": taken});
    for _ in 0..2 {
        let giving = ask_for_xsoar(&sandbox, RESTORE, &args).entries().remove(0);
        assert_eq!((requests(&sandbox), &giving["PollingItemsRemaining"]), (18 + 15, &json!(18)), "{giving}");
        args.clone_from(&giving["PollingArgs"]);
    }
}

#[test]
fn what_there_is_no_time_for_is_not_begun() {
    let (sandbox, user) = with_assignments(100);
    set_scenario(&sandbox, &["latency=200ms"]);
    let is_over = |output: &Output| {
        let said = "could not be finished within 1 seconds";
        assert!(output.code == 1 && output.stdout.contains(said), "{output:?}");
    };
    is_over(&sandbox.ask(ORPHANS, &json!({"timeout_in_seconds": 1})));
    let contained = sandbox.ask(CONTAIN, &json!({"userId": user, "timeout_in_seconds": 1}));
    is_over(&contained);
    let entry = contained.entries().remove(0);
    let steps = entry["Contents"]["AccountAssignments"].as_array().unwrap();
    let count = |outcome: &str| steps.iter().filter(|step| step["Outcome"] == outcome).count();
    let begun = requests(&sandbox);
    assert!(begun < 100, "{entry}");
    assert_eq!((count("in progress"), count("pending")), (begun, 100 - begun), "{entry}");
}

#[test]
fn a_group_that_is_kept_stays_in_every_round_that_keeps_it() {
    let sandbox = sample(&["assignment-time=60s"]);
    let alice = id_of(&sandbox, "alice");
    let args = json!({"userName": "alice", "keepGroups": "OnCall"});
    let mut args = ask_for_xsoar(&sandbox, CONTAIN, &args).entries().remove(0)["PollingArgs"].clone();
    for expected in [["kept", "removed", "removed"], ["removed"; 3]] {
        let told = ask_for_xsoar(&sandbox, CONTAIN, &args).entries().remove(0);
        let steps = told["Contents"]["GroupMemberships"].as_array().unwrap();
        let mut outcomes: Vec<_> = steps.iter().map(|step| step["Outcome"].as_str().unwrap()).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, expected, "{told}");
        // AWS is still at the assignment.
        let kept = expected.iter().filter(|outcome| **outcome == "kept").count();
        assert_eq!(of_user(&access(&sandbox), &alice).len(), 1 + kept);
        args.as_object_mut().unwrap().remove("keepGroups");
    }
}
