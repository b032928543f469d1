//! Long commands that are asked to end (SIGTERM) at random moments: what they answer is what the file holds, and what is
//! not done is told as not done. Where XSOAR can call again, the next round goes on.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::containments::{directory, now, only_given, request, settled, somebody};
use super::{Moments, kills};
use crate::containment::{give_directly, set_scenario};
use crate::model::access::{Access, Row, access, orphan_steps, steps, told};
use crate::model::contained::{Answered, Told};
use crate::model::searched::{Searched, Wish, bereave, keep_accounts};
use crate::process::{Output, Sandbox, finish, terminate};

/// Starts it and asks it to end.
fn interrupt(sandbox: &Sandbox, request: &str, moments: &mut Moments) -> Output {
    let child = sandbox.start(&[], request.as_bytes());
    // A search is work before anything is changed.
    if moments.random.bool() {
        moments.wait();
    } else {
        moments.wait_for_work(&sandbox.file());
    }
    terminate(child.id());
    finish(child)
}

/// What was not finished is still as it was, or AWS has the request; that it was interrupted is an error.
fn is_exact(state: &Value, list: &Value, steps: &[(&Row, &str)], gives: bool, output: &Output) {
    let there = access(state).unwrap();
    let has_request = |id: &Value| {
        state["assignmentRequests"].as_array().into_iter().flatten().any(|request| request["RequestId"] == *id)
    };
    for (row, outcome) in steps {
        let is_as_before = there.rows.contains(*row) != gives;
        assert!(*outcome != "pending" || is_as_before, "{row:?} is called pending: {output:?}");
    }
    for step in list.as_array().into_iter().flatten().filter(|step| step["Outcome"] == "in progress") {
        assert!(has_request(&step["RequestId"]), "AWS knows nothing of {step}: {output:?}");
    }
    let is_unfinished = steps.iter().any(|(_, outcome)| ["pending", "in progress"].contains(outcome));
    assert_eq!(output.code, i32::from(is_unfinished || output.stdout.contains("interrupted")), "{output:?}");
    assert!(!is_unfinished || output.stdout.contains("interrupted"), "{output:?}");
}

#[test]
fn a_containment_or_restoration_that_is_interrupted_tells_what_is_there() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills().div_ceil(2)) {
        let sandbox = directory(&mut moments.random);
        let first = now(&sandbox);
        let user = somebody(&mut moments.random, &first);
        let command = ["contain-user", "offboard-user", "restore-user"][moments.random.usize(..3)];
        let (gives, mut args) = (command == "restore-user", json!({"userId": user}));
        let mut snapshots = Vec::new();
        if gives {
            let contained = sandbox.succeed("contain-user", &args);
            snapshots.push(told(&[contained], "Containment").unwrap().clone());
            args["snapshot"] = json!(snapshots);
        }
        let mut done = settled(&sandbox);
        for _ in 0..moments.random.u8(2..=5) {
            let before = done;
            let output = interrupt(&sandbox, &request(command, &args), &mut moments);
            let state = sandbox.state();
            let after = access(&state).unwrap();
            done = settled(&sandbox);
            let whole = if gives { first.of(&user).len() - before.of(&user).len() } else { before.of(&user).len() };
            moments.note(before.rows.symmetric_difference(&after.rows).count(), whole.max(1));
            // It was so early that nobody listened yet.
            if output.stdout.is_empty() {
                assert!(before == done, "{output:?}");
                continue;
            }
            let (entries, taken) = (output.entries(), json!(snapshots));
            let told = match command {
                "restore-user" => Told::Restored { snapshots: &taken },
                "offboard-user" => Told::Offboarded,
                _ => Told::Contained { scope: "both", keep: None },
            };
            let answered = Answered {
                told: &told,
                user: &user,
                protected: None,
                dry_run: false,
                before: &before,
                after: &after,
                entries: &entries,
                earlier: None,
                faulty: true,
                lost: false,
            };
            let answer = answered.judge().unwrap_or_else(|why| panic!("{why}\n{output:?}"));
            let Some(answer) = answer else { continue };
            let steps = steps(&user, &answer).unwrap();
            let steps: Vec<_> = steps.iter().map(|(row, outcome)| (row, outcome.as_str())).collect();
            is_exact(&state, &answer["AccountAssignments"], &steps, gives, &output);
            if !gives {
                snapshots.push(answer);
            }
            let is_finished = if gives { done == first } else { done.of(&user).is_empty() };
            if is_finished {
                break;
            }
        }
        if done.users.contains_key(&user) {
            // What was answered, all together, is enough to give everything back.
            if !snapshots.is_empty() {
                sandbox.succeed("restore-user", &json!({"userId": user, "snapshot": snapshots}));
            }
            let last = settled(&sandbox);
            only_given(&user, &done, &last, &first);
            assert!(last == first, "not everything is back");
        }
    }
    moments.end("containments and restorations asked to end");
}

#[test]
fn a_removal_of_orphans_that_is_interrupted_tells_what_is_there() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills().div_ceil(2)) {
        let sandbox = directory(&mut moments.random);
        bereave(&sandbox, |place| place % 2 == 0, |place| place < 120 && place % 3 == 0);
        let mut done = now(&sandbox);
        let args = json!({"remove": true});
        for _ in 0..moments.random.u8(2..=5) {
            let before = done;
            let output = interrupt(&sandbox, &request("find-orphaned-assignments", &args), &mut moments);
            let state = sandbox.state();
            let after = access(&state).unwrap();
            done = settled(&sandbox);
            moments.note(before.rows.len() - after.rows.len(), before.orphaned().len().max(1));
            if output.stdout.is_empty() {
                assert!(before == done, "{output:?}");
                continue;
            }
            let entries = output.entries();
            let searched = Searched {
                wish: Wish::Remove,
                account: None,
                protected: None,
                refused: false,
                before: &before,
                after: &after,
                entries: &entries,
                earlier: None,
                faulty: true,
                lost: false,
            };
            let answer = searched.judge().unwrap_or_else(|why| panic!("{why}\n{output:?}"));
            let Some(answer) = answer else { continue };
            let steps = orphan_steps(&answer).unwrap();
            let steps: Vec<_> = steps.iter().map(|(row, outcome)| (row, outcome.as_str())).collect();
            is_exact(&state, &answer, &steps, false, &output);
            if done.orphaned().is_empty() {
                break;
            }
        }
        sandbox.succeed("find-orphaned-assignments", &args);
        assert_eq!(settled(&sandbox).orphaned().len(), 0);
    }
    moments.end("removals of orphaned assignments asked to end");
}

/// A round that is interrupted is no end: the next one does what it left, and what it was about to look at.
#[test]
fn a_round_that_is_interrupted_is_made_up_for_by_the_next() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills().div_ceil(2)) {
        let sandbox = directory(&mut moments.random);
        let searches = moments.random.bool();
        if searches {
            bereave(&sandbox, |place| place % 2 == 0, |place| place < 120 && place % 3 == 0);
        }
        let first = now(&sandbox);
        let user = somebody(&mut moments.random, &first);
        let (command, mut args) = if searches {
            ("find-orphaned-assignments", json!({"remove": true}))
        } else {
            ("contain-user", json!({"userId": user}))
        };
        let command = format!("aws-iam-identitycenter-{command}");
        let is_left = |there: &Access| if searches { there.orphaned().len() } else { there.of(&user).len() };
        let last = loop {
            let request = json!({"command": command, "args": args, "integration": true}).to_string();
            let before = is_left(&now(&sandbox));
            let output = interrupt(&sandbox, &request, &mut moments);
            let (left, is_first) = (is_left(&settled(&sandbox)), args.get("progress").is_none());
            moments.note(before - left, before.max(1));
            if output.stdout.is_empty() {
                continue;
            }
            match output.entries()[0].get("PollingArgs") {
                Some(next) => args.clone_from(next),
                // It could not even begin, and XSOAR had nothing to go on from.
                None if is_first && output.entries()[0]["Type"] == 4 => assert_eq!(before, left),
                None => break output,
            }
        };
        assert_eq!((last.code, is_left(&settled(&sandbox))), (0, 0), "{last:?}");
    }
    moments.end("rounds asked to end");
}

/// The same where it is sure to be met in the middle: each of 48 places to look at takes AWS a while.
#[test]
fn a_search_that_is_interrupted_passes_nothing_over() {
    let sandbox = Sandbox::seeded(4, 24, 0);
    keep_accounts(&sandbox, 8);
    give_directly(&sandbox, 1);
    bereave(&sandbox, |place| place < 2, |place| place < 12);
    set_scenario(&sandbox, &["delete-orphans", "assignment-time=0s", "latency=150ms"]);
    let command = "aws-iam-identitycenter-find-orphaned-assignments";
    let request = |args: &Value| json!({"command": command, "args": args, "integration": true}).to_string();
    let child = sandbox.start(&[], request(&json!({"remove": true})).as_bytes());
    thread::sleep(Duration::from_millis(525));
    terminate(child.id());
    let mut output = finish(child);
    let before = now(&sandbox);
    set_scenario(&sandbox, &["delete-orphans", "assignment-time=0s"]);
    assert_eq!(output.entries()[0]["PollingArgs"]["progress"]["Unseen"], json!([]), "{output:?}");
    while let Some(args) = output.entries()[0].get("PollingArgs") {
        output = sandbox.run(&[], request(args).as_bytes());
    }
    assert_eq!((output.code, now(&sandbox).orphaned().len()), (0, 0), "{output:?}");
    assert!(before.orphaned().len() > 5, "it was too late, or there is little to find");
}
