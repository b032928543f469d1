//! Large directories, interrupted work, several processes at once.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::process::{Sandbox, finish, terminate};

/// A sandbox with one user who is in this many groups, which are all there are.
pub fn user_in_groups(count: usize) -> (Sandbox, String) {
    let sandbox = Sandbox::seeded(1, count, count);
    let user = sandbox.state()["users"][0]["UserName"].as_str().unwrap().to_owned();
    assert_eq!(memberships(&sandbox), count);
    (sandbox, user)
}

pub fn memberships(sandbox: &Sandbox) -> usize {
    sandbox.state()["memberships"].as_array().unwrap().len()
}

pub const REMOVE: &str = "remove-user-from-all-groups";

#[test]
fn a_thousand_memberships_are_removed_and_each_is_reported_by_group_name() {
    let (sandbox, user) = user_in_groups(1000);
    let names: BTreeSet<String> =
        sandbox.state()["groups"].as_array().unwrap().iter().map(|group| text(&group["DisplayName"])).collect();

    let would = sandbox.succeed(REMOVE, &json!({"userName": user, "dryRun": "true"}));
    assert_eq!(memberships(&sandbox), 1000, "a dry run changes nothing");
    let done = sandbox.succeed(REMOVE, &json!({"userName": user}));
    assert_eq!(memberships(&sandbox), 0);
    for (entry, outcome) in [(would, "would be removed"), (done, "removed")] {
        let rows = entry["Contents"].as_array().unwrap();
        assert!(rows.iter().all(|row| row["Outcome"] == outcome), "{outcome}");
        assert_eq!(rows.iter().map(|row| text(&row["GroupName"])).collect::<BTreeSet<_>>(), names);
    }
    let again = sandbox.succeed(REMOVE, &json!({"userName": user}));
    assert!(again["HumanReadable"].as_str().unwrap().contains("is in no group"), "{again}");
}

#[test]
fn an_interrupted_removal_reports_what_it_did_and_can_be_run_again() {
    let (sandbox, user) = user_in_groups(3000);
    let request = json!({"command": format!("aws-iam-identitycenter-{REMOVE}"), "args": {"userName": user}});
    let child = sandbox.start(&[], request.to_string().as_bytes());
    let begun = Instant::now();
    while memberships(&sandbox) > 2950 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the removal did not begin");
    }
    terminate(child.id());
    let output = finish(child);

    let left = memberships(&sandbox);
    assert!(left > 0, "it was finished before the signal came");
    let entries = output.entries();
    assert_eq!(output.code, 1);
    assert_eq!(entries[0]["Contents"].as_array().unwrap().len(), 3000 - left, "what was done is reported, and no more");
    let failed = entries[1]["Contents"].as_str().unwrap();
    assert!(failed.contains(&format!("not removed from {left} of 3000 groups")), "{}", &failed[..200]);
    assert!(failed.contains("interrupted"));

    sandbox.succeed(REMOVE, &json!({"userName": user}));
    assert_eq!(memberships(&sandbox), 0);
}

#[test]
fn processes_that_remove_the_same_memberships_all_end_well() {
    for processes in [2, 8] {
        let (sandbox, user) = user_in_groups(300);
        let request = json!({"command": format!("aws-iam-identitycenter-{REMOVE}"), "args": {"userName": user}});
        let children: Vec<_> = (0..processes).map(|_| sandbox.start(&[], request.to_string().as_bytes())).collect();
        let outputs: Vec<_> = children.into_iter().map(finish).collect();
        assert_eq!(memberships(&sandbox), 0);
        let mut removed = 0;
        for output in outputs {
            assert_eq!(output.code, 0, "{output:?}");
            let entries = output.entries();
            let rows = entries[0]["Contents"].as_array().unwrap();
            removed += rows.iter().filter(|row| row["Outcome"] == "removed").count();
        }
        assert_eq!(removed, 300, "each removal is claimed once");
    }
}

/// What a killed process had done is done, and whoever runs the command again does the rest.
#[test]
fn a_removal_that_is_killed_at_any_moment_damages_nothing_and_is_finished_by_the_next() {
    let (sandbox, user) = user_in_groups(400);
    let request = json!({"command": format!("aws-iam-identitycenter-{REMOVE}"), "args": {"userName": user}});
    let mut left = 400;
    for round in 0..10 {
        let mut child = sandbox.start(&[], request.to_string().as_bytes());
        // Each time a little later: before it begins, in the middle, in a write.
        std::thread::sleep(Duration::from_millis(20 + 13 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = memberships(&sandbox);
        assert!(now <= left, "a membership came back");
        left = now;
    }
    sandbox.succeed(REMOVE, &json!({"userName": user}));
    assert_eq!(memberships(&sandbox), 0);
}

#[test]
fn every_page_is_read_and_a_limit_fills_across_pages() {
    let sandbox = Sandbox::seeded(1234, 250, 0);
    for (command, total) in [("list-users", 1234), ("list-groups", 250)] {
        let all = sandbox.succeed(command, &json!({}));
        assert_eq!(all["Contents"].as_array().unwrap().len(), total);
        let shown = all["HumanReadable"].as_str().unwrap();
        assert!(shown.contains(&format!("{} more rows are not shown here", total - 100)), "{command}");

        let (mut collected, mut token) = (Vec::new(), Value::Null);
        loop {
            let part = sandbox.succeed(command, &json!({"limit": 117, "nextToken": token}));
            let rows = part["Contents"].as_array().unwrap();
            assert!(rows.len() == 117 || collected.len() + rows.len() == total);
            collected.extend(rows.clone());
            let tokens = part["EntryContext"]["AWS.IAM.IdentityCenter(true)"].as_object().unwrap();
            token = tokens.values().next().unwrap().clone();
            if token == "" {
                break;
            }
        }
        assert_eq!(Value::from(collected), all["Contents"]);
    }
}

#[test]
fn the_last_user_is_found_by_email_as_surely_as_the_first() {
    let sandbox = Sandbox::seeded(5000, 1, 0);
    let state = sandbox.state();
    let users = state["users"].as_array().unwrap();
    for user in [&users[0], &users[4999]] {
        let address = text(&user["Emails"][0]["Value"]);
        for written in [address.clone(), address.to_uppercase()] {
            let found = sandbox.succeed("get-user-by-email", &json!({"emailAddress": written}));
            assert_eq!(found["Contents"]["UserId"], user["UserId"], "{written}");
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
