//! Long commands that an automation script gives: XSOAR says that it asks, and does not call again. With `polling=false`
//! the answer is whole; without it, it does not read as success.

use serde_json::{Value, json};

use crate::containment::{
    CONTAIN, CONTEXT, OFFBOARD, ORPHANS, RESTORE, access, ask_for_xsoar, id_of, of_user, sample, set_scenario,
};
use crate::process::{Output, Sandbox};

const NOT_FINISHED: &str = "Not finished: ";

fn is_scheduled(output: &Output) -> bool {
    output.entries().iter().any(|entry| entry.get("PollingCommand").is_some())
}

/// A user in so many groups.
fn in_groups(count: usize) -> (Sandbox, String) {
    let sandbox = Sandbox::seeded(1, count, count);
    let user = sandbox.state()["users"][0]["UserId"].as_str().unwrap().to_owned();
    (sandbox, user)
}

#[test]
fn an_answer_that_nobody_follows_up_does_not_read_as_success() {
    let (sandbox, user) = in_groups(21);
    let before = access(&sandbox);
    let output = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userId": user}));
    assert_eq!(access(&sandbox), before);
    let entry = output.entries().remove(0);
    let told = entry["HumanReadable"].as_str().unwrap();
    assert!(told.starts_with("Not finished: 21 left.") && told.contains("polling=false"), "{told}");
    assert_eq!(entry["EntryContext"][CONTEXT]["Status"], "in progress");
}

#[test]
fn polling_false_takes_everything_in_one_answer() {
    let (sandbox, user) = in_groups(21);
    for spelling in [json!(false), json!("false"), json!("no")] {
        let args = json!({"userId": user, "polling": spelling});
        let output = ask_for_xsoar(&sandbox, CONTAIN, &args);
        let entries = output.entries();
        assert_eq!((output.code, entries.len(), is_scheduled(&output)), (0, 1, false), "{output:?}");
        let snapshot = &entries[0]["EntryContext"][CONTEXT];
        assert_eq!(
            (&snapshot["Status"], snapshot["GroupMemberships"].as_array().map(Vec::len)),
            (&json!("done"), Some(21))
        );
        assert!(!entries[0]["HumanReadable"].as_str().unwrap().contains(NOT_FINISHED), "{output:?}");
        assert_eq!(of_user(&access(&sandbox), &user).len(), 0);
        let args = json!({"userId": user, "snapshot": snapshot, "polling": spelling});
        let restored = ask_for_xsoar(&sandbox, RESTORE, &args);
        assert_eq!((restored.code, of_user(&access(&sandbox), &user).len()), (0, 21), "{restored:?}");
    }
}

#[test]
fn polling_false_waits_for_aws_in_every_long_command() {
    let sandbox = sample(&["assignment-time=1s", "delete-orphans"]);
    let whole = |command: &str, args: Value| {
        let mut args = args;
        args["polling"] = json!(false);
        let output = ask_for_xsoar(&sandbox, command, &args);
        assert_eq!((output.code, is_scheduled(&output)), (0, false), "{command}: {output:?}");
        output.entries().remove(0)
    };
    let before = access(&sandbox);
    let contained = whole(CONTAIN, json!({"userName": "alice"}));
    assert_eq!(of_user(&access(&sandbox), &id_of(&sandbox, "alice")).len(), 0);
    whole(RESTORE, json!({"userName": "alice", "snapshot": contained}));
    assert_eq!(access(&sandbox), before);
    whole(OFFBOARD, json!({"userName": "erik"}));
    assert!(!sandbox.state()["users"].to_string().contains("erik"));
    sandbox.succeed("delete-user", &json!({"userName": "alice"}));
    let orphans = whole(ORPHANS, json!({"remove": true}));
    assert_eq!(orphans["Contents"][0]["Outcome"], "removed", "{orphans}");
}

#[test]
fn polling_false_tells_what_is_not_finished_as_an_error_beside_the_snapshot() {
    let sandbox = sample(&["assignment-time=60s"]);
    // Of the 120 seconds that are the default, few are left.
    for (args, seconds) in [
        (json!({"userName": "alice", "polling": false, "timeout_in_seconds": 5}), 5),
        (json!({"userName": "erik", "polling": false, "seconds_so_far": 115}), 120),
    ] {
        let output = ask_for_xsoar(&sandbox, CONTAIN, &args);
        let entries = output.entries();
        assert_eq!((output.code, entries.len(), is_scheduled(&output)), (1, 2, false), "{output:?}");
        let error = entries[1]["Contents"].as_str().unwrap();
        assert!(error.contains(&format!("could not be finished within {seconds} seconds")), "{error}");
        let snapshot = &entries[0]["EntryContext"][CONTEXT];
        assert_eq!(snapshot["AccountAssignments"][0]["Outcome"], "in progress", "{snapshot}");
    }
}

#[test]
fn every_round_but_the_last_begins_with_not_finished() {
    let sandbox = sample(&["assignment-time=1s"]);
    let first = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userName": "alice"}));
    set_scenario(&sandbox, &["assignment-time=1s", "fault=GetUserId:*:ThrottlingException"]);
    let args = first.entries()[0]["PollingArgs"].clone();
    let retried = json!({"command": CONTAIN, "args": args, "params": {"retries": 0}, "integration": true});
    let failed = sandbox.run(&[], retried.to_string().as_bytes());
    set_scenario(&sandbox, &["assignment-time=1s"]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let last = ask_for_xsoar(&sandbox, CONTAIN, &failed.entries()[0]["PollingArgs"]);
    for output in [&first, &failed, &last] {
        let entry = output.entries().remove(0);
        let begins_so = entry["HumanReadable"].as_str().unwrap().starts_with(NOT_FINISHED);
        assert_eq!(begins_so, is_scheduled(output), "{output:?}");
    }
    assert_eq!([&first, &failed, &last].map(is_scheduled), [true, true, false]);
}
