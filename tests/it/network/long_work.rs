//! Containments, restorations and searches for orphaned assignments, where AWS does what the sandbox does not: nobody
//! may ask what became of a request, lists lag behind, and somebody else or a signal comes in between.

use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::aws::{ROLE_ARN, STORE, Spelling, error, html, sts_error};
use super::client::{ask, params, with};
use super::commands::SNAPSHOT;
use super::fault::Fault;
use super::fault_server::Server;
use super::odd_answers::say;
use super::upstream::Upstream;
use crate::process::{self, Output, terminate};

const RESTORE: &str = "aws-iam-identitycenter-restore-user";
const ALICE: &str = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";
const BOB: &str = "2c63888f-28f0-0481-7e6d-dce7a7ace732";
const ENGINEERING: &str = "45ac16b9-c20d-bc21-0f8a-7abff2e91ac7";
const MANAGEMENT: &str = "111122223333";
/// alice has an assignment of her own there.
const PRODUCTION: &str = "444455556666";
const STAGING: &str = "777788889999";

/// The permission set `AdministratorAccess` in an account.
fn assignment(account: &str, r#type: &str, principal: &str) -> Value {
    let set = "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1a2b3c4d5e6f7081";
    json!({"AccountId": account, "PermissionSetArn": set, "PrincipalType": r#type, "PrincipalId": principal})
}

/// One that alice has, directly.
fn own(account: &str) -> Value {
    assignment(account, "USER", ALICE)
}

/// A containment that took alice's own from these accounts.
fn snapshot(accounts: &[&str]) -> Value {
    let taken: Vec<Value> = accounts.iter().map(|account| with(own(account), json!({"Outcome": "removed"}))).collect();
    json!({
        "UserId": ALICE, "IdentityStoreId": STORE, "TakenAt": "2026-11-24T02:00:00Z", "Scope": "assignments",
        "Status": "done", "AccountAssignments": taken,
    })
}

/// What is told of each assignment.
fn outcomes(entry: &Value) -> Vec<&str> {
    let steps = entry["Contents"]["AccountAssignments"].as_array().unwrap();
    steps.iter().map(|step| step["Outcome"].as_str().unwrap()).collect()
}

fn refusal(code: &str) -> Fault {
    Fault::Say(error(code, Spelling::ALL[0], &json!({})))
}

/// A round, as XSOAR asks for it.
fn round(server: &Server, command: &str, args: &Value) -> Value {
    let command = format!("aws-iam-identitycenter-{command}");
    let request = json!({"command": command, "args": args, "params": params(server), "integration": true});
    process::run(&mut process::command(), request.to_string().as_bytes()).entries().remove(0)
}

#[test]
fn where_nobody_may_ask_what_became_of_a_request_the_list_tells_when_it_is_done() {
    let (first, second) = (own(PRODUCTION), own(STAGING));
    let (none, both) = (json!([]), json!([first, second]));
    let contain = json!({"userName": "alice", "scope": "assignments"});
    let restore = json!({"userName": "alice", "snapshot": snapshot(&[PRODUCTION, STAGING]), "allowUnverified": true});
    for (command, args, lists, done) in [
        ("contain-user", contain, [both.clone(), both, json!([second])], "removed"),
        ("restore-user", restore, [none.clone(), none, json!([first])], "added"),
    ] {
        let taken = |kind: &str| {
            let status = json!({"Status": "IN_PROGRESS", "RequestId": "5f2a4d9e-0000-4000-8000-000000000000"});
            Some(say(&json!({format!("AccountAssignment{kind}Status"): status})))
        };
        let server =
            Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| match request.operation().as_str() {
                "ListAccountAssignmentsForPrincipal" => {
                    Some(say(&json!({"AccountAssignments": lists[nth.min(lists.len()) - 1]})))
                }
                "DeleteAccountAssignment" => taken("Deletion"),
                "CreateAccountAssignment" => taken("Creation"),
                "DescribeAccountAssignmentDeletionStatus" | "DescribeAccountAssignmentCreationStatus" => {
                    Some(refusal("AccessDeniedException"))
                }
                _ => None,
            });
        let begun = round(&server, command, &args);
        assert_eq!(outcomes(&begun), ["in progress"; 2], "{begun}");
        let told = round(&server, command, &begun["PollingArgs"]);
        assert_eq!(outcomes(&told), [done, "in progress"], "{told}");
        assert_eq!(told["PollingItemsRemaining"], 1);
    }
}

#[test]
fn what_aws_says_to_a_change_of_an_assignment_is_what_is_told() {
    let upstream = Arc::new(Upstream::sample());
    let contain = json!({"userName": "alice", "scope": "assignments"});
    let restore = json!({"userName": "alice", "snapshot": snapshot(&[MANAGEMENT]), "allowUnverified": true});
    for (code, taken, given) in [
        ("ConflictException", "pending", "pending"),
        ("ServiceQuotaExceededException", "pending", "pending"),
        ("ThrottlingException", "pending", "pending"),
        ("AccessDeniedException", "failed", "failed"),
        ("ResourceNotFoundException", "was gone already", "no longer exists"),
    ] {
        for (command, args, outcome) in [("contain-user", &contain, taken), ("restore-user", &restore, given)] {
            let server = Server::faulty(&upstream, move |request, nth| match request.operation().as_str() {
                "DeleteAccountAssignment" | "CreateAccountAssignment" => Some(refusal(code)),
                // What is not found is not listed any more.
                "ListAccountAssignmentsForPrincipal" if nth > 1 && code == "ResourceNotFoundException" => {
                    Some(say(&json!({"AccountAssignments": []})))
                }
                _ => None,
            });
            let told = round(&server, command, args);
            assert_eq!(outcomes(&told), [outcome], "{code}: {told}");
            assert_eq!(told.get("PollingCommand").is_some(), outcome == "pending", "{code}: {told}");
        }
    }
}

/// The lists do not tell of what AWS is working on, and may have rows of others.
#[test]
fn what_is_about_to_come_or_go_counts_and_what_others_have_does_not() {
    let (there, going, coming) = (own(PRODUCTION), own(STAGING), own(MANAGEMENT));
    let others = [assignment(MANAGEMENT, "USER", BOB), assignment(MANAGEMENT, "GROUP", ENGINEERING)];
    let rows = json!({"AccountAssignments": [there, going, others[0], others[1]]});
    let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
        let operation = request.operation();
        if operation == "ListAccountAssignmentsForPrincipal" {
            return Some(say(&rows));
        }
        let under_way = [("Creation", &coming), ("Deletion", &going)];
        let (kind, row) = under_way.into_iter().find(|(kind, _)| operation.ends_with(&format!("{kind}Status")))?;
        let status = json!({
            "Status": "IN_PROGRESS", "RequestId": kind, "TargetId": row["AccountId"],
            "PermissionSetArn": row["PermissionSetArn"], "PrincipalType": "USER", "PrincipalId": ALICE,
        });
        let (list, one) = (format!("AccountAssignments{kind}Status"), format!("AccountAssignment{kind}Status"));
        let listed = json!({"Status": "IN_PROGRESS", "RequestId": kind});
        Some(say(&if operation.starts_with("List") { json!({list: [listed]}) } else { json!({one: status}) }))
    });
    let args = json!({"userName": "alice", "scope": "assignments", "dryRun": true});
    let taken = ask("contain-user", &args, &params(&server)).success().remove(0);
    let steps = taken["Contents"]["AccountAssignments"].as_array().unwrap();
    let accounts: Vec<_> = steps.iter().map(|step| step["AccountId"].as_str().unwrap()).collect();
    assert_eq!(accounts, [PRODUCTION, STAGING, MANAGEMENT], "{taken}");

    let args = json!({"userName": "alice", "snapshot": snapshot(&[PRODUCTION, STAGING]), "allowUnverified": true, "dryRun": true});
    let given = ask("restore-user", &args, &params(&server)).success().remove(0);
    assert_eq!(outcomes(&given), ["was there already", "would be added"], "{given}");
}

/// Each waits a second for it, so they wait together.
#[test]
fn what_is_read_back_too_early_is_read_once_more() {
    let (groups, assignments) = ("ListGroupMembershipsForMember", "ListAccountAssignmentsForPrincipal");
    let membership = json!({
        "MembershipId": "ff53a46f-5ead-703a-84c4-b877678537a3", "IdentityStoreId": STORE, "GroupId": ENGINEERING,
        "MemberId": {"UserId": ALICE},
    });
    let contain = || json!({"userName": "alice"});
    let restore = || json!({"userName": "alice", "snapshot": SNAPSHOT, "allowUnverified": true});
    let cases = [
        ("contain-user", contain(), groups, json!({"GroupMemberships": [membership]})),
        ("contain-user", contain(), assignments, json!({"AccountAssignments": [own(PRODUCTION)]})),
        ("restore-user", restore(), groups, json!({"GroupMemberships": []})),
        ("restore-user", restore(), assignments, json!({"AccountAssignments": []})),
    ];
    thread::scope(|scope| {
        for (command, args, operation, stale) in cases {
            scope.spawn(move || {
                let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| {
                    (request.operation() == operation && nth == 2).then(|| say(&stale))
                });
                let told = ask(command, &args, &params(&server)).success().remove(0);
                let looks = server.seen_of(operation).len();
                assert_eq!((&told["Contents"]["Status"], looks), (&json!("done"), 3), "{operation}: {told}");
            });
        }
    });
}

#[test]
fn whoever_is_gone_when_it_is_read_back_is_not_said_to_be_there() {
    let gone = error("ResourceNotFoundException", Spelling::ALL[0], &json!({"ResourceType": "USER"}));
    let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| {
        (request.operation() == "ListGroupMembershipsForMember" && nth > 1).then(|| Fault::Say(gone.clone()))
    });
    let answer = ask("offboard-user", &json!({"userName": "erik"}), &params(&server));
    let said = answer.error_with(&["It could not be read back what user erik has now"]);
    assert!(!said.contains("was not deleted"), "{said}");
    assert_eq!(answer.output.entries()[0]["Contents"]["UserDeletion"]["Outcome"], "was gone already");
}

/// What a command answers that is asked to end while it waits for this answer to this operation.
fn interrupted(
    upstream: &Arc<Upstream>,
    (operation, number): (&'static str, usize),
    command: &str,
    args: &Value,
) -> Output {
    let id = Arc::<OnceLock<u32>>::default();
    let known = Arc::clone(&id);
    let server = Server::faulty(upstream, move |request, nth| {
        if request.operation() == operation && nth == number {
            terminate(*known.wait());
            // The signal is noticed before the answer comes.
            thread::sleep(Duration::from_millis(300));
        }
        None
    });
    let command = format!("aws-iam-identitycenter-{command}");
    let request = json!({"command": command, "args": args, "params": params(&server)});
    let child = process::start(&mut process::command(), request.to_string().as_bytes());
    id.set(child.id()).unwrap();
    let output = process::finish(child);
    assert!(output.code == 1 && output.stdout.contains("was interrupted"), "{output:?}");
    output
}

/// All was taken, and nobody is deleted any more.
#[test]
fn an_off_boarding_that_is_asked_to_end_leaves_the_user_for_the_next() {
    let upstream = Arc::new(Upstream::sample());
    let args = json!({"userName": "erik"});
    let read_back = ("ListAccountAssignmentsForPrincipal", 2);
    let told = interrupted(&upstream, read_back, "offboard-user", &args).entries().remove(0);
    assert_eq!(told["Contents"]["UserDeletion"]["Outcome"], "pending", "{told}");
    assert!(upstream.state()["users"].to_string().contains("erik"));
    ask("offboard-user", &args, &params(&Server::sound(&upstream))).success();
    assert!(!upstream.state()["users"].to_string().contains("erik"));
}

/// The name of the permission set is the last that is asked for before the removal.
#[test]
fn an_orphan_whose_removal_was_not_begun_has_not_failed() {
    let upstream = Arc::new(Upstream::sample());
    ask("delete-user", &json!({"userName": "erik"}), &params(&Server::sound(&upstream))).success();
    let args = json!({"remove": true});
    let told = interrupted(&upstream, ("DescribePermissionSet", 1), "find-orphaned-assignments", &args);
    let told = told.entries().remove(0);
    assert_eq!(told["Contents"].as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told["Contents"][0]["Outcome"], "pending", "{told}");
}

#[test]
fn a_list_that_fails_for_a_moment_gives_up_nothing_of_an_earlier_round() {
    let mut groups_too = snapshot(&[STAGING]);
    groups_too["Scope"] = "both".into();
    groups_too["GroupMemberships"] = json!([{"GroupId": ENGINEERING, "Outcome": "removed"}]);
    for taken in [snapshot(&[STAGING]), groups_too] {
        let server =
            Server::faulty(&Arc::new(Upstream::sample()), |request, nth| match (request.operation().as_str(), nth) {
                ("CreateAccountAssignment", 1) => Some(refusal("ConflictException")),
                ("ListAccountAssignmentsForPrincipal", 2) => Some(refusal("ThrottlingException")),
                _ => None,
            });
        let first =
            round(&server, "restore-user", &json!({"userName": "alice", "snapshot": taken, "allowUnverified": true}));
        assert_eq!(outcomes(&first), ["pending"], "{first}");
        let second = round(&server, "restore-user", &first["PollingArgs"]);
        if taken["Scope"] == "both" {
            assert_eq!(outcomes(&second), ["pending"], "{second}");
        } else {
            assert!(second["HumanReadable"].as_str().unwrap().contains("the next one tries again"), "{second}");
        }
        let third = round(&server, "restore-user", &second["PollingArgs"]);
        assert!(["added", "in progress"].contains(&outcomes(&third)[0]), "{third}");
    }
}

/// Two rounds of a restoration, the first of which leaves everything pending.
fn second_round(server: &Server, more: &Value) -> Value {
    let params = with(params(server), more.clone());
    let ask = |args: &Value| {
        let request = json!({"command": RESTORE, "args": args, "params": params, "integration": true});
        process::run(&mut process::command(), request.to_string().as_bytes()).entries().remove(0)
    };
    let first = ask(&json!({"userName": "alice", "snapshot": snapshot(&[STAGING]), "allowUnverified": true}));
    assert_eq!(outcomes(&first), ["pending"], "{first}");
    ask(&first["PollingArgs"])
}

#[test]
fn credentials_that_fail_for_a_moment_give_up_nothing_of_an_earlier_round() {
    for (nth_role, refusal, goes_on) in [
        (2, Fault::Say(html(503)), true),
        (2, Fault::Close, true),
        (2, Fault::Say(sts_error("AccessDeniedException")), false),
    ] {
        let server =
            Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| match request.operation().as_str() {
                "CreateAccountAssignment" => Some(self::refusal("ConflictException")),
                "AssumeRole" if nth == nth_role => Some(refusal.clone()),
                _ => None,
            });
        let second = second_round(&server, &json!({"roleArn": ROLE_ARN}));
        assert_eq!(second["PollingCommand"] == RESTORE, goes_on, "{second}");
    }
}

/// XSOAR forgets everything between the rounds but what it passes on.
#[test]
fn what_was_denied_in_an_earlier_round_is_known_in_the_last() {
    let more = json!({"AccountAssignments": [], "GroupMemberships": []});
    let server =
        Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| match (request.operation().as_str(), nth) {
            ("CreateAccountAssignment", 1) => Some(refusal("AccessDeniedException")),
            ("CreateAccountAssignment", 2) => Some(refusal("ConflictException")),
            ("ListAccountAssignmentsForPrincipal", _) => Some(say(&more)),
            _ => None,
        });
    let ask = |args: &Value| {
        let request = json!({"command": RESTORE, "args": args, "params": params(&server), "integration": true});
        process::run(&mut process::command(), request.to_string().as_bytes()).entries()
    };
    let mut entries =
        ask(&json!({"userName": "alice", "snapshot": snapshot(&[STAGING, MANAGEMENT]), "allowUnverified": true}));
    let mut rounds = 1;
    while entries[0]["PollingCommand"] == RESTORE && rounds < 5 {
        entries = ask(&entries[0]["PollingArgs"]);
        rounds += 1;
    }
    let told = json!(entries).to_string();
    assert!(rounds > 1 && told.contains("The command may need all of"), "{rounds}: {told}");
}

/// AWS may not be asked what became of the requests, and has done one of them.
#[test]
fn of_several_who_are_gone_each_is_told_by_its_own_list() {
    let ghost = |number: usize| format!("{number}0000000-0000-4000-8000-000000000000");
    let row = |number| assignment(STAGING, "USER", &ghost(number));
    let found = [0, 1].map(|number| with(row(number), json!({"Outcome": "pending"})));
    let args = json!({
        "remove": true,
        "progress": {"Left": [], "Pairs": [], "Found": found, "Unseen": [], "LookedAt": 1},
    });
    let told = |args: &Value, removal: Fault| {
        let (still_there, left) = (row(0), ghost(0));
        let all = json!({"AccountAssignments": [row(0), row(1)]});
        let server =
            Server::faulty(&Arc::new(Upstream::sample()), move |request, _| match request.operation().as_str() {
                "DeleteAccountAssignment" => Some(removal.clone()),
                "DescribeAccountAssignmentDeletionStatus" => Some(refusal("AccessDeniedException")),
                "ListAccountAssignments" => Some(say(&all)),
                "ListAccountAssignmentsForPrincipal" => {
                    let body = String::from_utf8_lossy(&request.body);
                    let rows = if body.contains(&left) { json!([still_there]) } else { json!([]) };
                    Some(say(&json!({"AccountAssignments": rows})))
                }
                _ => None,
            });
        let request = json!({
            "command": "aws-iam-identitycenter-find-orphaned-assignments", "args": args, "params": params(&server),
            "integration": true,
        });
        process::run(&mut process::command(), request.to_string().as_bytes()).entries()
    };
    let status = json!({"Status": "IN_PROGRESS", "RequestId": "5f2a4d9e-0000-4000-8000-000000000000"});
    let requested = say(&json!({"AccountAssignmentDeletionStatus": status}));
    let first = told(&args, requested.clone());
    let second = told(&first[0]["PollingArgs"], requested);
    let steps = &second[0]["PollingArgs"]["progress"]["Found"];
    assert_eq!([&steps[0]["Outcome"], &steps[1]["Outcome"]], ["in progress", "removed"], "{second:?}");

    let denied = told(&args, refusal("AccessDeniedException"));
    assert!(json!(denied).to_string().contains("The command may need all of"), "{denied:?}");
}
