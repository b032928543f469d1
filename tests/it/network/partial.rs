//! What AWS denies in part: the rest is done, and the answer says what is missing and what to grant.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{self, Spelling};
use super::client::{ask, params};
use super::commands::SNAPSHOT;
use super::fault::Fault;
use super::fault_server::Server;
use super::request::Request;
use super::upstream::Upstream;

const ALICE: &str = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";

/// A server that denies one operation.
fn denying(operation: &'static str) -> Server {
    let plan = move |request: &Request, _| {
        let denied = aws::error("AccessDeniedException", Spelling::ALL[0], &json!({}));
        (request.operation() == operation).then_some(Fault::Say(denied))
    };
    Server::faulty(&Arc::new(Upstream::sample()), plan)
}

fn entries(command: &str, args: &Value, server: &Server) -> Vec<Value> {
    ask(command, args, &params(server)).output.entries()
}

#[test]
fn a_denied_part_of_bulk_work_names_all_that_the_command_needs() {
    let server = denying("DeleteGroupMembership");
    let entries = entries("remove-user-from-all-groups", &json!({"userName": "alice"}), &server);
    assert_eq!((entries.len(), &entries[0]["Type"]), (1, &json!(4)), "{entries:?}");
    let error = entries[0]["Contents"].as_str().unwrap();
    assert!(error.contains("was not removed from 3 of 3 groups"), "{error}");
    let needs = "identitystore:ListGroupMembershipsForMember";
    assert_eq!(error.matches("The command may need all of").count(), 1, "{error}");
    assert!(error.contains(needs) && error.contains("identitystore:DeleteGroupMembership"), "{error}");
}

#[test]
fn a_user_whose_name_is_denied_keeps_its_groups_and_the_answer_says_so() {
    let server = denying("DescribeUser");
    for (command, rows) in [("list-groups-for-user", 3), ("remove-user-from-all-groups", 3)] {
        let entries = entries(command, &json!({"userId": ALICE}), &server);
        assert_eq!(entries[0]["Contents"].as_array().map(Vec::len), Some(rows), "{command}: {entries:?}");
        assert_eq!(entries[1]["Type"], 11, "{command}: {entries:?}");
        let warning = entries[1]["Contents"].as_str().unwrap();
        assert!(warning.contains("without its name") && warning.contains("identitystore:DescribeUser"), "{warning}");
    }
}

#[test]
fn whose_access_is_denied_learns_which_groups_may_give_more() {
    let server = denying("ListAccountAssignmentsForPrincipal");
    for (user, has_groups) in [("alice", true), ("dora", false)] {
        let told = entries("list-user-access", &json!({"userName": user}), &server);
        assert!(told.iter().all(|entry| entry["Type"] == 4), "{told:?}");
        let told = json!(told).to_string();
        assert_eq!(told.contains("alice is in 3 groups. What these can reach could not be seen"), has_groups, "{told}");
        assert_eq!(told.contains("could not be seen"), has_groups, "{told}");
        assert_eq!(told.matches("The command may need all of").count(), 1, "{told}");
    }
}

#[test]
fn long_work_that_is_denied_in_part_names_all_that_the_command_needs() {
    let contain = |scope: &str| json!({"userName": "alice", "scope": scope});
    let restore = || json!({"userName": "alice", "snapshot": SNAPSHOT});
    for (operation, command, args) in [
        ("DeleteGroupMembership", "contain-user", contain("groups")),
        ("ListAccountAssignmentsForPrincipal", "contain-user", contain("both")),
        ("CreateGroupMembership", "restore-user", restore()),
        ("ListAccountAssignmentsForPrincipal", "restore-user", restore()),
        ("DeleteAccountAssignment", "contain-user", contain("assignments")),
        ("CreateAccountAssignment", "restore-user", restore()),
        ("ListAccountAssignments", "find-orphaned-assignments", json!({})),
    ] {
        let told = json!(entries(command, &args, &denying(operation))).to_string();
        let needs = told.matches("The command may need all of").count();
        assert_eq!(needs, 1, "{command} without {operation}: {told}");
    }
}

#[test]
fn what_may_not_be_looked_at_is_told_by_its_place() {
    let entries = entries("find-orphaned-assignments", &json!({}), &denying("ListAccountAssignments"));
    let place =
        "- What: arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1a2b3c4d5e6f7081 in account 444455556666\n";
    assert!(entries[1]["Contents"].as_str().unwrap().contains(place), "{entries:?}");
}

#[test]
fn a_permission_set_that_may_not_be_looked_at_is_not_said_to_be_gone() {
    let args = json!({"userName": "alice", "snapshot": SNAPSHOT, "dryRun": true});
    let told = ask("restore-user", &args, &params(&denying("DescribePermissionSet"))).success();
    assert_eq!(told[0]["Contents"]["AccountAssignments"][0]["Outcome"], "would be added", "{told:?}");
}
