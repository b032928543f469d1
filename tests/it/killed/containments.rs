//! contain-user, offboard-user, restore-user and find-orphaned-assignments, killed while somebody waits for them: nothing
//! comes back that was taken, nothing is given that was not taken, nobody else is touched, and the same again does the
//! rest. Directories are small (written anew with each change) and large (a line for each), and AWS works on an assignment
//! for no time or for a while.

use std::thread;
use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};

use super::{Moments, kills};
use crate::containment::{give_directly, set_scenario};
use crate::model::access::{Access, access};
use crate::model::searched::{bereave, keep_accounts};
use crate::process::Sandbox;

/// A directory of chance with four users, who are in groups and have assignments of their own.
pub fn directory(random: &mut Rng) -> Sandbox {
    let sandbox = Sandbox::new();
    // From 256 KiB on a change is a line of its own.
    let (groups, memberships) = if random.u8(0..4) > 0 { (24, [60, 86][random.usize(..2)]) } else { (700, 240) };
    let sizes = [("groups", groups), ("memberships", memberships), ("seed", random.usize(..1000))];
    let sizes = sizes.map(|(name, number)| format!("--{name}={number}"));
    let words = ["sandbox", "seed", "--users=4", &sizes[0], &sizes[1], &sizes[2]];
    assert_eq!(sandbox.run(&words, b"").code, 0);
    keep_accounts(&sandbox, 8);
    give_directly(&sandbox, random.usize(..13));
    let time = ["assignment-time=0s", "assignment-time=300ms"][random.usize(..2)];
    // With AWS there is always some, and then there is more of a middle.
    let latency = ["latency=10ms", "latency=4ms", "latency=0ms"][random.usize(..3)];
    set_scenario(&sandbox, &[time, latency, "delete-orphans"]);
    sandbox
}

/// What the file holds once another process has read it, and done what AWS's time has come for.
pub fn now(sandbox: &Sandbox) -> Access {
    sandbox.succeed("list-groups", &json!({}));
    access(&sandbox.state()).unwrap()
}

/// What it holds once AWS works on nothing any more.
pub fn settled(sandbox: &Sandbox) -> Access {
    loop {
        sandbox.succeed("list-groups", &json!({}));
        let state = sandbox.state();
        let requests = state["assignmentRequests"].as_array().into_iter().flatten();
        if requests.into_iter().all(|request| request["Status"] != "IN_PROGRESS") {
            return access(&state).unwrap();
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// One of the users.
pub fn somebody(random: &mut Rng, there: &Access) -> String {
    let users: Vec<&String> = there.users.keys().collect();
    users[random.usize(..users.len())].clone()
}

pub fn request(command: &str, args: &Value) -> String {
    json!({"command": format!("aws-iam-identitycenter-{command}"), "args": args}).to_string()
}

/// Starts it and kills it; what is there then.
pub fn kill(sandbox: &Sandbox, request: &str, moments: &mut Moments) -> Access {
    let mut child = sandbox.start(&[], request.as_bytes());
    moments.wait_for_work(&sandbox.file());
    child.kill().unwrap();
    child.wait().unwrap();
    let left = access(&sandbox.state()).unwrap();
    let is_search = request.contains("find-orphaned");
    assert!(is_search || left.orphaned().is_empty(), "left behind: {:?}", left.orphaned());
    now(sandbox)
}

/// Nothing was given and nobody else touched, and this user is as before, or deleted when nothing was left.
pub fn only_taken(user: &str, before: &Access, after: &Access) {
    assert!(after.of(user).is_subset(&before.of(user)), "something came back");
    assert_eq!(after.without(user), before.without(user), "somebody else was touched");
    match after.users.get(user) {
        Some(record) => assert_eq!(Some(record), before.users.get(user)),
        None => assert!(after.of(user).is_empty(), "the user is gone, and something is left: {:?}", after.of(user)),
    }
}

/// Only this was given, and only to this user.
pub fn only_given(user: &str, before: &Access, after: &Access, first: &Access) {
    assert!(after.of(user).is_superset(&before.of(user)), "something is gone");
    assert!(after.of(user).is_subset(&first.of(user)), "something was given that was never there");
    assert_eq!(after.without(user), first.without(user), "somebody else was touched");
    assert_eq!(after.users, first.users);
}

#[test]
fn a_containment_that_is_killed_takes_nothing_else_and_the_next_takes_the_rest() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills()) {
        let sandbox = directory(&mut moments.random);
        let mut before = now(&sandbox);
        let user = somebody(&mut moments.random, &before);
        let command = ["contain-user", "offboard-user"][moments.random.usize(..2)];
        let args = json!({"userId": user});
        for _ in 0..moments.random.u64(2..=6) {
            let after = kill(&sandbox, &request(command, &args), &mut moments);
            only_taken(&user, &before, &after);
            assert!(command == "offboard-user" || after.users.contains_key(&user), "who is contained is not deleted");
            moments.note(before.of(&user).len() - after.of(&user).len(), before.of(&user).len());
            before = after;
            if before.of(&user).is_empty() {
                break;
            }
        }
        if moments.random.bool() {
            before = settled(&sandbox);
        }
        let last = sandbox.ask(&format!("aws-iam-identitycenter-{command}"), &args);
        if before.users.contains_key(&user) {
            assert_eq!(last.code, 0, "{last:?}");
        } else {
            assert!(last.stdout.contains("was not found in identity store"), "{last:?}");
        }
        let after = now(&sandbox);
        only_taken(&user, &before, &after);
        let is_there = after.users.contains_key(&user);
        assert_eq!((after.of(&user).len(), is_there), (0, command == "contain-user"), "{last:?}");
        if is_there {
            // What those who were killed had taken, nobody was told of; the rest is in the last one's answer.
            sandbox.succeed("restore-user", &json!({"userId": user, "snapshot": last.entries()[0]}));
            only_given(&user, &after, &settled(&sandbox), &before);
        }
    }
    moments.end("containments killed");
}

#[test]
fn a_restoration_that_is_killed_gives_nothing_else_and_the_next_gives_the_rest() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills()) {
        let sandbox = directory(&mut moments.random);
        let first = now(&sandbox);
        let user = somebody(&mut moments.random, &first);
        let contained = sandbox.succeed("contain-user", &json!({"userId": user}));
        let mut before = settled(&sandbox);
        assert_eq!(before.of(&user).len(), 0);
        let args = json!({"userId": user, "snapshot": contained});
        for _ in 0..moments.random.u64(2..=6) {
            let after = kill(&sandbox, &request("restore-user", &args), &mut moments);
            only_given(&user, &before, &after, &first);
            let (given, missing) = (after.rows.len() - before.rows.len(), first.rows.len() - before.rows.len());
            moments.note(given, missing);
            before = after;
            if given == missing {
                break;
            }
        }
        sandbox.succeed("restore-user", &args);
        assert!(settled(&sandbox) == first, "not everything is back");
    }
    moments.end("restorations killed");
}

#[test]
fn a_removal_of_orphans_that_is_killed_removes_nothing_else_and_the_next_removes_the_rest() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills()) {
        let sandbox = directory(&mut moments.random);
        bereave(&sandbox, |place| place % 2 == 0, |place| place < 120 && place % 3 == 0);
        let first = now(&sandbox);
        let mut before = first.clone();
        let args = json!({"remove": true});
        for _ in 0..moments.random.u64(2..=6) {
            let after = kill(&sandbox, &request("find-orphaned-assignments", &args), &mut moments);
            only_orphans_went(&before, &after);
            moments.note(before.rows.len() - after.rows.len(), before.orphaned().len());
            before = after;
            if before.orphaned().is_empty() {
                break;
            }
        }
        sandbox.succeed("find-orphaned-assignments", &args);
        let last = settled(&sandbox);
        only_orphans_went(&before, &last);
        assert_eq!(last.orphaned().len(), 0);
        assert_eq!(first.rows.len() - last.rows.len(), first.orphaned().len());
    }
    moments.end("removals of orphaned assignments killed");
}

pub fn only_orphans_went(before: &Access, after: &Access) {
    assert!(after.rows.is_subset(&before.rows), "something came back");
    assert!(before.rows.difference(&after.rows).all(|row| before.orphaned().contains(row)), "somebody lost something");
    assert_eq!((&after.users, &after.groups), (&before.users, &before.groups));
}
