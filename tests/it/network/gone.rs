//! The proof that something is gone. What AWS did not find to delete is read back unless AWS says its type, and a directory
//! that finds nobody makes no orphans.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{Spelling, error};
use super::client::{Answer, ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::odd_answers::say;
use super::response::Response;
use super::upstream::Upstream;

const MEMBERSHIP: &str = "ff53a46f-5ead-703a-84c4-b877678537a3";
const ORPHANS: &str = "find-orphaned-assignments";

/// Without a type.
fn not_found() -> Response {
    error("ResourceNotFoundException", Spelling::ALL[0], &json!({}))
}

/// A server where this operation meets this fault.
fn server(upstream: &Arc<Upstream>, operation: &'static str, fault: Fault) -> Server {
    Server::faulty(upstream, move |request, _| (request.operation() == operation).then(|| fault.clone()))
}

/// What deletes, the operation that it does it by, the one that reads back, and the part of the directory it is in.
fn deletions() -> [(&'static str, Value, &'static str, &'static str, &'static str); 8] {
    let alice = json!({"userName": "alice"});
    let pair = json!({"userName": "alice", "groupName": "OnCall"});
    [
        ("delete-user", alice.clone(), "DeleteUser", "DescribeUser", "users"),
        ("delete-group", json!({"groupName": "Research"}), "DeleteGroup", "DescribeGroup", "groups"),
        ("remove-user-from-group", pair, "DeleteGroupMembership", "DescribeGroupMembership", "memberships"),
        (
            "remove-user-from-all-groups",
            alice.clone(),
            "DeleteGroupMembership",
            "DescribeGroupMembership",
            "memberships",
        ),
        (
            "delete-group-membership",
            json!({"membershipId": MEMBERSHIP}),
            "DeleteGroupMembership",
            "DescribeGroupMembership",
            "memberships",
        ),
        (
            "contain-user",
            with(alice.clone(), json!({"scope": "groups"})),
            "DeleteGroupMembership",
            "DescribeGroupMembership",
            "memberships",
        ),
        (
            "contain-user",
            with(alice.clone(), json!({"scope": "assignments"})),
            "DeleteAccountAssignment",
            "ListAccountAssignmentsForPrincipal",
            "assignments",
        ),
        ("offboard-user", alice, "DeleteUser", "DescribeUser", "users"),
    ]
}

#[test]
fn deletion_of_a_thing_not_found_but_still_there_fails() {
    let upstream = Arc::new(Upstream::sample());
    for (command, args, deletion, _, part) in deletions() {
        upstream.reset();
        let before = upstream.state();
        let answer = ask(command, &args, &params(&server(&upstream, deletion, Fault::Say(not_found()))));
        let told = answer.error_with(&["It was not found", "is still there"]);
        assert!(!answer.output.stdout.contains("was gone already"), "{command}: {told}");
        assert_eq!(before[part], upstream.state()[part], "{command}");
    }
}

#[test]
fn deletion_of_a_thing_not_found_and_gone_is_settled() {
    let upstream = Arc::new(Upstream::sample());
    for (command, args, deletion, _, _) in deletions() {
        upstream.reset();
        let answer = ask(command, &args, &params(&server(&upstream, deletion, Fault::DoAndSay(not_found()))));
        // Who is named and does not exist is an error.
        if ["delete-user", "delete-group"].contains(&command) {
            answer.error_with(&["was not found in identity store"]);
        } else {
            let told = json!(answer.success()).to_string();
            assert!(told.contains("gone already") || told.contains("is not in group"), "{command}: {told}");
        }
    }
}

#[test]
fn deletion_that_cannot_be_read_back_fails() {
    let upstream = Arc::new(Upstream::sample());
    // Users and groups are looked at before they are deleted as well, and assignments before they are taken.
    for (command, args, deletion, look, _) in deletions() {
        upstream.reset();
        let server = Server::faulty(&upstream, move |request, _| match request.operation() {
            operation if operation == deletion => Some(Fault::Say(not_found())),
            operation if operation == look && look.contains("Membership") => {
                Some(Fault::Say(error("AccessDeniedException", Spelling::ALL[0], &json!({}))))
            }
            _ => None,
        });
        let answer = ask(command, &args, &params(&server));
        if look.contains("Membership") {
            answer.error_with(&["could not be read back whether it is gone", "Access denied"]);
        }
        assert!(!answer.output.stdout.contains("was gone already"), "{command}: {answer:?}");
    }
}

/// What is said to be missing may be the user, the group or the store.
#[test]
fn membership_not_found_without_a_type_is_looked_up_in_the_list() {
    let upstream = Arc::new(Upstream::sample());
    for (group, is_member) in [("OnCall", true), ("Research", false)] {
        upstream.reset();
        let before = upstream.memberships();
        let server = server(&upstream, "GetGroupMembershipId", Fault::Say(not_found()));
        let entries =
            ask("remove-user-from-group", &json!({"userName": "alice", "groupName": group}), &params(&server))
                .success();
        assert_eq!(entries[0]["Contents"]["Outcome"], if is_member { "removed" } else { "was gone already" });
        assert_eq!(before - upstream.memberships(), usize::from(is_member));
    }
    // A row that does not say which group it is in may be the one.
    let anonymous = say(&json!({"GroupMemberships": [{"MembershipId": MEMBERSHIP}]}));
    let server = Server::faulty(&upstream, move |request, _| match request.operation().as_str() {
        "GetGroupMembershipId" => Some(Fault::Say(not_found())),
        "ListGroupMembershipsForMember" => Some(anonymous.clone()),
        _ => None,
    });
    ask("remove-user-from-group", &json!({"userName": "alice", "groupName": "Research"}), &params(&server))
        .error_with(&["look for user alice in group Research", "It was not found"]);
}

/// The sample directory, where erik was deleted with an assignment of his own.
fn with_an_orphan() -> Arc<Upstream> {
    let upstream = Arc::new(Upstream::sample_with(&["delete-orphans"]));
    ask("delete-user", &json!({"userName": "erik"}), &params(&Server::sound(&upstream))).success();
    upstream
}

fn remove_orphans(server: &Server) -> Answer {
    ask(ORPHANS, &json!({"remove": true}), &params(server))
}

fn assignments(upstream: &Upstream) -> Vec<Value> {
    upstream.state()["assignments"].as_array().unwrap().clone()
}

#[test]
fn orphan_in_a_readable_directory_is_removed() {
    let upstream = with_an_orphan();
    let before = assignments(&upstream).len();
    let entries = remove_orphans(&Server::sound(&upstream)).success();
    assert_eq!(entries[0]["Contents"].as_array().unwrap().len(), 1, "{entries:?}");
    assert_eq!(before - assignments(&upstream).len(), 1);
}

/// The only assignment there is.
fn only_the_orphan(upstream: &Upstream) -> Value {
    let state = upstream.state();
    let there: Vec<&Value> = state["users"].as_array().unwrap().iter().map(|user| &user["UserId"]).collect();
    let is_orphan = |row: &&Value| row["PrincipalType"] == "USER" && !there.contains(&&row["PrincipalId"]);
    state["assignments"].as_array().unwrap().iter().find(is_orphan).unwrap().clone()
}

#[test]
fn orphan_that_is_the_only_assignment_is_removed() {
    let upstream = with_an_orphan();
    let orphan = only_the_orphan(&upstream);
    let server = Server::faulty(&upstream, move |request, nth| {
        // It is read back in the end.
        let rows = if nth == 1 { json!([orphan]) } else { json!([]) };
        (request.operation() == "ListAccountAssignments").then(|| say(&json!({"AccountAssignments": rows})))
    });
    let entries =
        ask(ORPHANS, &json!({"remove": true, "accountId": "444455556666"}), &params(&server)).output.entries();
    assert_eq!(entries[0]["Contents"][0]["Outcome"], "removed", "{entries:?}");
}

#[test]
fn principal_in_an_unreadable_directory_is_no_orphan() {
    let upstream = with_an_orphan();
    let before = assignments(&upstream);
    let of_user = || error("ResourceNotFoundException", Spelling::ALL[0], &json!({"ResourceType": "USER"}));
    let nobody = || say(&json!({"Users": [], "Groups": []}));
    for (described, listed, why) in [
        // It finds nobody whom it lists.
        (Fault::Say(not_found()), None, "does not find user"),
        (Fault::Say(of_user()), None, "does not find user"),
        // It lists nobody.
        (Fault::Say(of_user()), Some(nobody()), "lists no user and no group at all"),
        // It cannot be asked whom it lists.
        (
            Fault::Say(of_user()),
            Some(Fault::Say(error("AccessDeniedException", Spelling::ALL[0], &json!({})))),
            "Access denied",
        ),
    ] {
        for args in [json!({"remove": true}), json!({"remove": true, "dryRun": true}), json!({})] {
            let (described, listed) = (described.clone(), listed.clone());
            let server = Server::faulty(&upstream, move |request, _| match request.operation().as_str() {
                "DescribeUser" => Some(described.clone()),
                "ListUsers" | "ListGroups" => listed.clone(),
                _ => None,
            });
            let answer = ask(ORPHANS, &args, &params(&server));
            answer.error_with(&["which does not say that it is gone", why]);
            assert_eq!(answer.output.entries()[0]["Contents"], json!([]), "{args}: {answer:?}");
            assert_eq!(server.seen_of("DeleteAccountAssignment").len(), 0, "{args}");
        }
    }
    assert_eq!(before, assignments(&upstream));
}

#[test]
fn orphan_in_a_directory_without_users_is_removed_if_a_group_is_found() {
    let upstream = with_an_orphan();
    let of_user = error("ResourceNotFoundException", Spelling::ALL[0], &json!({"ResourceType": "USER"}));
    let server = Server::faulty(&upstream, move |request, _| match request.operation().as_str() {
        "DescribeUser" => Some(Fault::Say(of_user.clone())),
        "ListUsers" => Some(say(&json!({"Users": []}))),
        _ => None,
    });
    remove_orphans(&server).success();
    let left = assignments(&upstream);
    assert!(!left.is_empty() && left.iter().all(|row| row["PrincipalType"] == "GROUP"), "{left:?}");
}

/// What an earlier round found comes from outside, and is no proof.
#[test]
fn orphan_of_an_earlier_round_is_checked_again() {
    let upstream = with_an_orphan();
    let orphan = with(only_the_orphan(&upstream), json!({"Outcome": "pending"}));
    let progress = json!({"Left": [], "Pairs": [], "Found": [orphan], "Unseen": [], "LookedAt": 1});
    let args = json!({"remove": true, "progress": progress});
    let lying = server(&upstream, "DescribeUser", Fault::Say(not_found()));
    let before = assignments(&upstream);
    ask(ORPHANS, &args, &params(&lying)).error_with(&["which does not say that it is gone"]);
    assert_eq!((lying.seen_of("DeleteAccountAssignment").len(), assignments(&upstream)), (0, before));
    ask(ORPHANS, &args, &params(&Server::sound(&upstream))).success();
}

#[test]
fn orphan_not_found_but_still_listed_is_not_gone() {
    let upstream = with_an_orphan();
    remove_orphans(&server(&upstream, "DeleteAccountAssignment", Fault::Say(not_found())))
        .error_with(&["It was not found", "is still there"]);
    let gone = server(&upstream, "DeleteAccountAssignment", Fault::DoAndSay(not_found()));
    assert_eq!(remove_orphans(&gone).success()[0]["Contents"][0]["Outcome"], "was gone already");
}
