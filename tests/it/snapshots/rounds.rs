//! What an earlier round left comes back from outside as well.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::signer::signed;
use super::{KEY, OTHER_KEY, refused, restore};
use crate::containment::{CONTAIN, CONTEXT, RESTORE, access, id_of, of_user, sample, set_scenario};
use crate::process::{Output, Sandbox};

/// A round, as XSOAR asks for it.
fn round(sandbox: &Sandbox, command: &str, args: &Value, params: &Value) -> Output {
    let request = json!({"command": command, "args": args, "params": params, "integration": true});
    sandbox.run(&[], request.to_string().as_bytes())
}

fn keyed(key: &str) -> Value {
    json!({"snapshotKey": key})
}

/// AWS has finished what takes a second.
fn let_aws_finish() {
    thread::sleep(Duration::from_millis(1100));
}

/// A containment of alice that goes on, and what the last round answers to this progress with these parameters.
fn last_round(params: &Value, forge: impl Fn(&mut Value)) -> (Sandbox, Value) {
    let sandbox = sample(&["assignment-time=1s"]);
    let first = round(&sandbox, CONTAIN, &json!({"userName": "alice"}), &keyed(KEY)).entries().remove(0);
    assert_eq!(first["PollingCommand"], CONTAIN, "{first}");
    // The first answer has the snapshot, whatever becomes of the rounds.
    let snapshot = &first["EntryContext"][CONTEXT];
    assert_eq!(signed(snapshot.clone(), KEY, "snapshot")["Signature"], snapshot["Signature"]);
    let progress = &first["PollingArgs"]["progress"];
    assert_eq!(signed(progress.clone(), KEY, "progress")["Signature"], progress["Signature"]);
    let_aws_finish();
    let mut args = first["PollingArgs"].clone();
    forge(&mut args["progress"]);
    let last = round(&sandbox, CONTAIN, &args, params);
    assert_eq!(last.code, 0, "{last:?}");
    assert_eq!(of_user(&access(&sandbox), &id_of(&sandbox, "alice")).len(), 0, "it works on all the same");
    (sandbox, last.entries().remove(0))
}

/// What somebody makes of progress.
type Forge<'f> = &'f dyn Fn(&mut Value);

#[test]
fn a_containment_that_goes_on_from_verified_progress_is_signed() {
    let (sandbox, last) = last_round(&keyed(KEY), |_| {});
    let snapshot = &last["EntryContext"][CONTEXT];
    assert_eq!(snapshot["Status"], "done");
    assert_eq!(signed(snapshot.clone(), KEY, "snapshot")["Signature"], snapshot["Signature"]);
    set_scenario(&sandbox, &["assignment-time=0s"]);
    assert_eq!(restore(&sandbox, snapshot, &json!({}), &keyed(KEY)).code, 0);
    assert_eq!(access(&sandbox), access(&sample(&[])));
}

/// Names and `NotSeen` are not signed, so they may come back altered from progress that verifies.
#[test]
fn containment_with_other_names_in_its_progress_signs_what_was_taken_under_the_names_of_aws() {
    let (sandbox, last) = last_round(&keyed(KEY), |progress| {
        progress["NotSeen"] = json!("It could not be seen.");
        progress["UserName"] = json!("mallory");
        progress["AccountAssignments"][0]["PermissionSetName"] = json!("ViewOnlyAccess");
        progress["GroupMemberships"][0]["GroupName"] = json!("Harmless");
    });
    let snapshot = &last["EntryContext"][CONTEXT];
    assert!(snapshot["Signature"].is_string(), "{snapshot}");
    for forged in ["mallory", "ViewOnlyAccess", "Harmless"] {
        assert!(!last.to_string().contains(forged), "{forged}: {last}");
    }
    set_scenario(&sandbox, &["assignment-time=0s"]);
    assert_eq!(restore(&sandbox, snapshot, &json!({}), &keyed(KEY)).code, 0);
    assert_eq!(access(&sandbox), access(&sample(&[])));
}

#[test]
fn a_containment_that_goes_on_from_unverified_progress_works_and_is_not_signed() {
    let research = "68e58909-ccb2-b416-525a-56c9a30f4300";
    let add_group = move |progress: &mut Value| {
        let step = json!({"GroupId": research, "GroupName": "Research", "Outcome": "removed"});
        progress["GroupMemberships"].as_array_mut().unwrap().push(step);
    };
    let unsign = |progress: &mut Value| drop(progress.as_object_mut().unwrap().remove("Signature"));
    let as_snapshot = |progress: &mut Value| *progress = signed(progress.clone(), KEY, "snapshot");
    let forges: [(Forge<'_>, &str, &str); 4] = [
        (&add_group, KEY, "was altered after it was signed"),
        (&unsign, KEY, "is not signed"),
        (&as_snapshot, KEY, "was altered after it was signed"),
        (&|_| {}, OTHER_KEY, "was signed with another key"),
    ];
    for (forge, key, reason) in forges {
        let (sandbox, last) = last_round(&keyed(key), forge);
        assert_eq!(last["EntryContext"][CONTEXT].get("Signature"), None, "{reason}: {last}");
        let told = last["HumanReadable"].as_str().unwrap();
        let sentence = format!(
            "The snapshot is not signed, so it can be restored with allowUnverified=true only: the progress that this \
             round went on from {reason}."
        );
        assert!(told.contains(&sentence), "{told}");
        refused(&sandbox, &last["EntryContext"][CONTEXT], &keyed(key), "It is not signed.");
    }
}

#[test]
fn a_whole_answer_of_an_unfinished_containment_is_a_snapshot() {
    let sandbox = sample(&["assignment-time=1s"]);
    let before = access(&sandbox);
    let first = round(&sandbox, CONTAIN, &json!({"userName": "alice"}), &keyed(KEY)).entries();
    let_aws_finish();
    sandbox.succeed("list-groups", &json!({}));
    set_scenario(&sandbox, &["assignment-time=0s"]);
    let restored = restore(&sandbox, &json!(first), &json!({}), &keyed(KEY));
    assert_eq!(
        (restored.code, restored.entries()[0]["Contents"]["Snapshots"].as_array().unwrap().len()),
        (0, 1),
        "{restored:?}"
    );
    assert_eq!(access(&sandbox), before);
}

/// A restoration of alice that goes on, what AWS has done of it meanwhile, and the arguments of its second round.
fn begun() -> (Sandbox, Value, usize) {
    let sandbox = sample(&["assignment-time=0s"]);
    let before = access(&sandbox).len();
    let request = json!({"command": CONTAIN, "args": {"userName": "alice"}, "params": keyed(KEY)});
    let contained = sandbox.run(&[], request.to_string().as_bytes()).entries().remove(0);
    set_scenario(&sandbox, &["assignment-time=1s"]);
    let first = round(&sandbox, RESTORE, &json!({"userName": "alice", "snapshot": contained}), &keyed(KEY));
    let first = first.entries().remove(0);
    assert_eq!(first["PollingCommand"], RESTORE, "{first}");
    (sandbox, first["PollingArgs"].clone(), before)
}

#[test]
fn a_restoration_in_rounds_starts_from_the_snapshot_and_follows_its_requests() {
    let (sandbox, args, before) = begun();
    let_aws_finish();
    let last = round(&sandbox, RESTORE, &args, &keyed(KEY));
    let contents = last.entries()[0]["Contents"].clone();
    assert_eq!((last.code, &contents["Status"], &contents["Verified"]), (0, &json!("done"), &json!(true)), "{last:?}");
    assert_eq!(contents["BegunAt"], args["progress"]["BegunAt"], "it is one restoration in the context");
    let steps =
        ["GroupMemberships", "AccountAssignments"].map(|list| contents[list].as_array().unwrap().clone()).concat();
    assert_eq!(steps.len(), 4);
    assert!(steps.iter().all(|step| step["Outcome"] == "added"), "what an earlier round gave is told so: {contents}");
    assert_eq!(access(&sandbox).len(), before);
    let requests = sandbox.state()["assignmentRequests"].as_array().unwrap().len();
    assert_eq!(requests, 2, "one deletion and one creation");
}

#[test]
fn forged_progress_of_a_restoration_opens_nothing_and_hides_nothing() {
    for outcome in ["added", "was there already", "in progress", "failed", "nonsense"] {
        let (sandbox, mut args, before) = begun();
        let_aws_finish();
        // Everything is taken again meanwhile, and the progress claims that it is there.
        set_scenario(&sandbox, &["assignment-time=0s"]);
        sandbox.succeed("contain-user", &json!({"userName": "alice"}));
        let on_call = json!({"userName": "alice", "groupName": "OnCall"});
        let other = sandbox.succeed("add-user-to-group", &on_call)["Contents"]["MembershipId"].clone();
        let research = json!({"GroupId": "68e58909-ccb2-b416-525a-56c9a30f4300", "Outcome": outcome});
        let account = json!({
            "AccountId": "111122223333", "Outcome": outcome, "RequestId": "00000000-0000-4000-8000-000000000000",
            "PermissionSetArn": "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1a2b3c4d5e6f7081",
        });
        let progress = &mut args["progress"];
        for (list, more) in [("GroupMemberships", research), ("AccountAssignments", account)] {
            let steps = progress[list].as_array_mut().unwrap();
            for step in steps.iter_mut() {
                step["Outcome"] = json!(outcome);
                step.as_object_mut().unwrap().remove("RequestId");
                step["MembershipId"] = other.clone();
            }
            steps.push(more);
        }
        progress["Status"] = json!("done");
        progress["Verified"] = json!(true);
        let mut last = round(&sandbox, RESTORE, &args, &keyed(KEY));
        while let Some(next) = last.entries()[0].get("PollingArgs") {
            last = round(&sandbox, RESTORE, next, &keyed(KEY));
        }
        assert_eq!(last.code, 0, "{outcome}: {last:?}");
        assert_eq!(access(&sandbox).len(), before, "{outcome}: what was taken again is given, and nothing else");
        let contents = &last.entries()[0]["Contents"];
        let steps = ["GroupMemberships", "AccountAssignments"].map(|list| contents[list].as_array().unwrap().len());
        assert_eq!(steps, [3, 1], "{outcome}");
    }
}

#[test]
fn a_request_that_never_was_is_not_taken_for_one_that_was_done() {
    let (sandbox, mut args, _) = begun();
    let_aws_finish();
    set_scenario(&sandbox, &["assignment-time=0s"]);
    sandbox.succeed("contain-user", &json!({"userName": "alice"}));
    // The request was done, and what it gave was taken again since: what AWS lists counts.
    let last = round(&sandbox, RESTORE, &args, &keyed(KEY));
    assert_eq!(last.code, 1, "{last:?}");
    assert!(last.stdout.contains("It was given, and is not listed. Run the command again."), "{last:?}");
    args["progress"]["AccountAssignments"][0]["RequestId"] = json!("00000000-0000-4000-8000-000000000000");
    args["seconds_so_far"] = json!(595);
    let never = round(&sandbox, RESTORE, &args, &keyed(KEY));
    assert!(never.code == 1 && never.stdout.contains("could not be finished"), "{never:?}");
}

/// The snapshot is looked at anew in each round.
#[test]
fn a_snapshot_that_is_altered_between_two_rounds_is_refused() {
    let (sandbox, mut args, _) = begun();
    let_aws_finish();
    sandbox.succeed("list-groups", &json!({}));
    let before = access(&sandbox);
    args["snapshot"]["EntryContext"][CONTEXT]["GroupMemberships"][0]["GroupId"] =
        json!("68e58909-ccb2-b416-525a-56c9a30f4300");
    args["snapshot"]["Contents"]["GroupMemberships"][0]["GroupId"] = json!("68e58909-ccb2-b416-525a-56c9a30f4300");
    let second = round(&sandbox, RESTORE, &args, &keyed(KEY));
    assert!(second.code == 1 && second.stdout.contains("was altered after it was signed"), "{second:?}");
    assert_eq!(access(&sandbox), before);
    let progress = json!({"UserId": id_of(&sandbox, "bob"), "BegunAt": "2026-11-24T02:00:00Z"});
    let others = with_progress(&begun().1, &progress);
    let refused = round(&sandbox, RESTORE, &others, &keyed(KEY));
    assert!(refused.code == 1 && refused.stdout.contains("The progress is that of user"), "{refused:?}");
}

fn with_progress(args: &Value, progress: &Value) -> Value {
    let mut args = args.clone();
    args["progress"] = progress.clone();
    args
}
