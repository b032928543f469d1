//! What the model test found: whatever comes after a lost answer, what it would have told is not known; and what is
//! known is not said to be unknown.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{self, Spelling};
use super::client::{Answer, ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::response::Response;
use super::upstream::Upstream;

fn error(code: &str) -> Response {
    aws::error(code, Spelling::ALL[1], &json!({}))
}

/// The attempts at this operation meet these faults, one after the other.
fn server(upstream: &Arc<Upstream>, operation: &'static str, faults: Vec<Fault>) -> Server {
    Server::faulty(upstream, move |request, nth| {
        (request.operation() == operation).then(|| faults.get(nth - 1).cloned()).flatten()
    })
}

fn ask_with(server: &Server, retries: usize, command: &str, args: &Value) -> Answer {
    ask(command, args, &with(params(server), json!({"retries": retries})))
}

const UNKNOWN: &str = "Whether AWS has done it is not known";

#[test]
fn a_change_that_was_lost_before_another_error_is_not_known() {
    let last = ["ThrottlingException", "AccessDeniedException", "InternalServerException"];
    for (command, operation, args) in [
        ("create-group", "CreateGroup", json!({"displayName": "Lost"})),
        ("update-user", "UpdateUser", json!({"userName": "alice", "title": "Lost"})),
        ("delete-user", "DeleteUser", json!({"userName": "alice"})),
        ("remove-user-from-all-groups", "DeleteGroupMembership", json!({"userName": "pat.oneil"})),
    ] {
        for code in last {
            let upstream = Arc::new(Upstream::sample());
            let before = upstream.state();
            let server = server(&upstream, operation, vec![Fault::Lost, Fault::Say(error(code))]);
            ask_with(&server, 1, command, &args).error_with(&[code, UNKNOWN]);
            assert_ne!(upstream.state(), before, "{command} was done");
        }
    }
}

#[test]
fn a_failure_within_aws_leaves_a_change_unknown_and_a_list_not() {
    let upstream = Arc::new(Upstream::sample());
    let after = vec![Fault::DoAndSay(error("InternalServerException"))];
    let made = json!({"displayName": "Within"});
    ask_with(&server(&upstream, "CreateGroup", after), 0, "create-group", &made).error_with(&[UNKNOWN]);
    assert!(upstream.state().to_string().contains("Within"));

    let listing = server(&upstream, "ListGroups", vec![Fault::Say(error("InternalServerException"))]);
    let said = ask_with(&listing, 0, "list-groups", &json!({})).error();
    assert!(!said.contains("not known"), "{said}");
}

#[test]
fn a_failure_within_aws_after_the_deed_is_recognised_by_the_next_attempt() {
    for (command, operation, args, said) in [
        ("create-group", "CreateGroup", json!({"displayName": "Within"}), "was created"),
        (
            "add-user-to-group",
            "CreateGroupMembership",
            json!({"userName": "alice", "groupName": "Research"}),
            "was added",
        ),
        ("delete-user", "DeleteUser", json!({"userName": "alice"}), "was deleted"),
    ] {
        let upstream = Arc::new(Upstream::sample());
        let server = server(&upstream, operation, vec![Fault::DoAndSay(error("InternalServerException"))]);
        let entries = ask_with(&server, 1, command, &args).success();
        assert_eq!(server.seen_of(operation).len(), 2);
        assert!(entries[0]["HumanReadable"].as_str().unwrap().contains(said), "{entries:?}");
    }
}

/// With its revision the repetition conflicts with what the first attempt has done.
#[test]
fn a_change_of_a_group_whose_answer_was_lost_is_recognised_by_what_is_there() {
    let upstream = Arc::new(Upstream::sample());
    let get = |name: &str| {
        let sound = Server::sound(&upstream);
        ask("get-group", &json!({"groupName": name}), &params(&sound)).success()[0]["Contents"].clone()
    };
    let changing = |faults, name: &str, changes| {
        let losing = server(&upstream, "UpdateGroup", faults);
        let args = with(json!({"groupName": name, "revision": get(name)["Revision"]}), changes);
        let answer = ask_with(&losing, 1, "update-group", &args);
        assert_eq!(losing.seen_of("UpdateGroup").len(), 2, "{answer:?}");
        answer
    };
    let changes = json!({"description": "New", "newDisplayName": "Renamed"});
    let entries = changing(vec![Fault::Lost], "OnCall", changes).success();
    assert!(entries[0]["HumanReadable"].as_str().unwrap().contains("was updated"), "{entries:?}");
    let renamed = get("Renamed");
    assert_eq!((&renamed["Description"], &renamed["Revision"]), (&json!("New"), &entries[0]["Contents"]["Revision"]));

    // Neither attempt did it.
    let faults = vec![Fault::Close, Fault::Say(error("ConflictException"))];
    let answer = changing(faults, "Renamed", json!({"description": "Newer"}));
    answer.error_with(&["conflicts with what is there", "is not known"]);
    assert_eq!(get("Renamed")["Description"], "New");
}

/// Its addresses are read before they are changed, and the revision that was read guards them.
#[test]
fn a_change_of_a_user_whose_answer_was_lost_is_recognised_by_what_is_there() {
    let upstream = Arc::new(Upstream::sample());
    let changing = |faults, address: &str| {
        let losing = server(&upstream, "UpdateUser", faults);
        let args = json!({"userName": "alice", "userEmailAddress": address});
        let answer = ask_with(&losing, 1, "update-user", &args);
        assert_eq!(losing.seen_of("UpdateUser").len(), 2, "{answer:?}");
        let there = ask("get-user", &json!({"userName": "alice"}), &params(&Server::sound(&upstream))).success();
        (answer, there[0]["Contents"].clone())
    };
    let (answer, alice) = changing(vec![Fault::Lost], "a@example.org");
    assert_eq!(answer.success()[0]["Contents"]["Revision"], alice["Revision"]);
    assert_eq!(alice["Emails"][0]["Value"], "a@example.org");

    // Somebody else was quicker than both attempts.
    let changed = aws::error("ConflictException", Spelling::ALL[1], &json!({"Reason": "CONCURRENT_MODIFICATION"}));
    let (answer, alice) = changing(vec![Fault::Close, Fault::Say(changed)], "b@example.org");
    answer.error_with(&["modified after it was read", UNKNOWN]);
    assert_eq!(alice["Emails"][0]["Value"], "a@example.org");
}

/// What stands in between and fails may have passed the request on, whatever it fails in.
#[test]
fn failure_of_a_gateway_in_json_leaves_the_outcome_unknown() {
    let upstream = Arc::new(Upstream::sample());
    let args = json!({"membershipId": "0f0f0f0f-1111-4222-8333-444444444444"});
    for body in [json!({"message": "Service Unavailable"}), json!({"code": "ServiceUnavailable"})] {
        let unavailable = Response::new(503, "application/json", body.to_string());
        let losing = server(&upstream, "DeleteGroupMembership", vec![Fault::Say(unavailable)]);
        let entries = ask_with(&losing, 1, "delete-group-membership", &args).success();
        let outcome = entries[0]["Contents"][0]["Outcome"].as_str().unwrap();
        assert!(outcome.contains("whether by this command is not known"), "{body}: {outcome}");
    }
}

/// Nobody saw it before, so that nobody knows who removed it.
#[test]
fn a_membership_that_is_gone_after_a_lost_answer_may_have_been_gone_before() {
    let upstream = Arc::new(Upstream::sample());
    let args = json!({"membershipId": "0f0f0f0f-1111-4222-8333-444444444444"});
    let losing = server(&upstream, "DeleteGroupMembership", vec![Fault::Close]);
    let entries = ask_with(&losing, 1, "delete-group-membership", &args).success();
    let outcome = entries[0]["Contents"][0]["Outcome"].as_str().unwrap();
    assert!(outcome.contains("whether by this command is not known"), "{outcome}");
    assert!(entries[0]["HumanReadable"].as_str().unwrap().contains("0 of 1 memberships were removed"));

    // Where something is protected it is looked at before.
    let losing = server(&upstream, "DeleteGroupMembership", vec![Fault::Lost]);
    let args = json!({"membershipId": "ff53a46f-5ead-703a-84c4-b877678537a3"});
    let protecting = with(params(&losing), json!({"retries": 1, "protectedUsers": "bob"}));
    let entries = ask("delete-group-membership", &args, &protecting).success();
    assert_eq!(entries[0]["Contents"][0]["Outcome"], "removed");
}

#[test]
fn one_of_several_changes_that_is_refused_does_not_tell_of_the_others() {
    let upstream = Arc::new(Upstream::sample_with(&["partial-updates"]));
    let sound = Server::sound(&upstream);
    let both = json!({"userName": "alice", "title": "Half", "userEmailAddress": "bob@example.com"});
    let said = ask("update-user", &both, &params(&sound)).error_with(&["exists already", "may have been made"]);
    assert!(!said.contains("Nothing was changed"), "{said}");
    assert!(upstream.state().to_string().contains("\"Half\""));

    let one = json!({"userName": "alice", "userEmailAddress": "bob@example.com"});
    ask("update-user", &one, &params(&sound)).error_with(&["exists already", "Nothing was changed"]);
    let group = json!({"groupName": "OnCall", "newDisplayName": "Billing", "description": "Half"});
    ask("update-group", &group, &params(&sound)).error_with(&["exists already", "may have been made"]);
    let one = json!({"groupName": "OnCall", "newDisplayName": "Billing"});
    ask("update-group", &one, &params(&sound)).error_with(&["exists already", "Nothing was changed"]);
}

/// erik has two addresses, and AWS takes one only where it is written.
#[test]
fn a_list_that_stays_as_it_is_is_not_written() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    let args = json!({"userName": "erik", "title": "T", "userEmailAddress": "erik@example.com"});
    let entries = ask("update-user", &args, &params(&server)).success();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let sent: Value = serde_json::from_slice(&server.seen_of("UpdateUser")[0].request.body).unwrap();
    assert_eq!(sent["Operations"].as_array().unwrap().len(), 1, "{sent}");
}

/// A further address of another user is free.
#[test]
fn a_dry_run_refuses_only_what_aws_refuses() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    for (address, is_free) in [("erik.haddad@contractors.example.org", true), ("erik@example.com", false)] {
        let mut args = json!({"userName": "alice", "userEmailAddress": address, "dryRun": true});
        assert_eq!(ask("update-user", &args, &params(&server)).succeeded(), is_free, "{address}");
        args["dryRun"] = false.into();
        assert_eq!(ask("update-user", &args, &params(&server)).succeeded(), is_free, "{address}");
    }
}
