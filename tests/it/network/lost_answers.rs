//! A change that reached AWS although its answer did not come back: the next attempt meets its own success.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{self, Spelling};
use super::client::{Answer, ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::upstream::Upstream;

/// The ways an answer is lost after the server has acted. A timeout is one: the server may have acted as well.
const WAYS: [(Fault, &str); 3] =
    [(Fault::Lost, "10,10"), (Fault::Truncate, "10,10"), (Fault::LostAndStalled, "0.7,10")];

/// The first answer to this operation is lost.
fn losing(upstream: &Arc<Upstream>, operation: &'static str, fault: Fault) -> Server {
    Server::faulty(upstream, move |request, nth| (request.operation() == operation && nth == 1).then(|| fault.clone()))
}

fn ask_twice(server: &Server, timeout: &str, command: &str, args: &Value) -> Answer {
    ask(command, args, &with(params(server), json!({"timeout": timeout, "retries": 2})))
}

fn nora() -> Value {
    json!({"userName": "nora", "givenName": "Nora", "familyName": "Net", "displayName": "Nora Net",
           "userEmailAddress": "nora@example.com"})
}

/// The users of that name.
fn users(upstream: &Upstream, name: &str) -> Vec<Value> {
    let state = upstream.state();
    state["users"].as_array().unwrap().iter().filter(|user| user["UserName"] == name).cloned().collect()
}

#[test]
fn a_user_whose_creation_was_not_answered_is_recognised() {
    for (fault, timeout) in WAYS {
        let upstream = Arc::new(Upstream::sample());
        let server = losing(&upstream, "CreateUser", fault.clone());
        let answer = ask_twice(&server, timeout, "create-user", &nora());
        let entries = answer.success();
        assert_eq!(server.seen_of("CreateUser").len(), 2, "{fault:?}");
        let users = users(&upstream, "nora");
        assert_eq!(users.len(), 1);
        assert_eq!(entries[0]["Contents"]["UserId"], users[0]["UserId"], "{fault:?}: {answer:?}");
    }
}

#[test]
fn a_user_without_a_primary_address_is_recognised_as_well() {
    let upstream = Arc::new(Upstream::sample());
    let server = losing(&upstream, "CreateUser", Fault::Lost);
    let args = with(nora(), json!({"userEmailAddressPrimary": "no"}));
    ask_twice(&server, "10,10", "create-user", &args).success();
    assert_eq!((users(&upstream, "nora").len(), server.seen_of("CreateUser").len()), (1, 2));
}

/// Somebody else's: the error may not claim it, and says which it is.
fn is_a_conflict(answer: &Answer, id: &Value) {
    let error = answer.error_with(&[id.as_str().unwrap()]);
    assert!(error.contains("may ") || error.contains("might "), "nothing is known for certain: {error}");
}

/// The sample directory with another nora, who was there before.
fn with_nora(more: Value) -> (Arc<Upstream>, Value) {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    ask("create-user", &with(nora(), more), &params(&server)).success();
    let id = users(&upstream, "nora")[0]["UserId"].clone();
    (upstream, id)
}

#[test]
fn a_user_who_differs_from_what_was_sent_is_a_conflict() {
    for more in [
        json!({"displayName": "Another Nora"}),
        json!({"familyName": "Another"}),
        json!({"userEmailAddress": "another@example.com"}),
    ] {
        let (upstream, id) = with_nora(more);
        let server = losing(&upstream, "CreateUser", Fault::Close);
        is_a_conflict(&ask_twice(&server, "10,10", "create-user", &nora()), &id);
        assert_eq!(server.seen_of("CreateUser").len(), 2);
    }
}

/// What is sent is the same, but it was there before we began.
#[test]
fn a_user_who_was_there_before_is_a_conflict() {
    let (upstream, id) = with_nora(json!({}));
    // CreatedAt may have whole seconds only.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    let server = losing(&upstream, "CreateUser", Fault::Close);
    is_a_conflict(&ask_twice(&server, "10,10", "create-user", &nora()), &id);
    assert_eq!(users(&upstream, "nora").len(), 1);
}

#[test]
fn a_group_that_was_there_before_is_a_conflict() {
    let upstream = Arc::new(Upstream::sample());
    let server = losing(&upstream, "CreateGroup", Fault::Close);
    let args = json!({"displayName": "Research", "description": "Nobody yet: opens in autumn"});
    let answer = ask_twice(&server, "10,10", "create-group", &args);
    is_a_conflict(&answer, &json!("68e58909-ccb2-b416-525a-56c9a30f4300"));
    assert_eq!(server.seen_of("CreateGroup").len(), 2);
}

/// Every attempt was answered, so nothing of it can be ours.
#[test]
fn a_conflict_without_a_lost_answer_is_no_success() {
    let (upstream, id) = with_nora(json!({}));
    let throttled = Fault::Say(aws::error("ThrottlingException", Spelling::ALL[0], &json!({})));
    for server in [Server::sound(&upstream), losing(&upstream, "CreateUser", throttled)] {
        let error = ask_twice(&server, "10,10", "create-user", &nora()).error_with(&[id.as_str().unwrap()]);
        assert!(error.contains("exists already"), "{error}");
    }
}

#[test]
fn a_membership_whose_creation_was_not_answered_is_added_and_not_found_there() {
    for (fault, timeout) in WAYS {
        let upstream = Arc::new(Upstream::sample());
        let before = upstream.memberships();
        let server = losing(&upstream, "CreateGroupMembership", fault.clone());
        let args = json!({"userName": "alice", "groupName": "Research"});
        let entries = ask_twice(&server, timeout, "add-user-to-group", &args).success();
        assert_eq!((upstream.memberships(), server.seen_of("CreateGroupMembership").len()), (before + 1, 2));
        let said = entries[0]["HumanReadable"].as_str().unwrap();
        assert!(said.contains("was added") && !said.contains("already"), "{fault:?}: {said}");
        assert!(entries[0]["Contents"]["MembershipId"].is_string());
    }
}

/// alice is in Engineering all the time.
#[test]
fn a_membership_that_was_there_before_is_not_said_to_be_added() {
    let upstream = Arc::new(Upstream::sample());
    let server = losing(&upstream, "CreateGroupMembership", Fault::Close);
    let args = json!({"userName": "alice", "groupName": "Engineering"});
    let entries = ask_twice(&server, "10,10", "add-user-to-group", &args).success();
    let said = entries[0]["HumanReadable"].as_str().unwrap();
    assert!(!said.contains("was added"), "{said}");
}

const REMOVE: &str = "remove-user-from-all-groups";

fn outcomes(entries: &[Value]) -> Vec<&str> {
    entries[0]["Contents"].as_array().unwrap().iter().map(|row| row["Outcome"].as_str().unwrap()).collect()
}

#[test]
fn a_membership_whose_deletion_was_not_answered_is_removed() {
    for (fault, timeout) in WAYS {
        let upstream = Arc::new(Upstream::sample());
        let server = losing(&upstream, "DeleteGroupMembership", fault.clone());
        let entries = ask_twice(&server, timeout, REMOVE, &json!({"userName": "alice"})).success();
        assert_eq!(server.seen_of("DeleteGroupMembership").len(), 4, "{fault:?}");
        assert_eq!(outcomes(&entries), ["removed"; 3], "{fault:?}");
    }
}

/// Somebody else removed it between the list and the deletion: it is gone, which is as well, but we did not do it.
#[test]
fn a_membership_that_somebody_else_removed_is_not_claimed() {
    let upstream = Arc::new(Upstream::sample());
    let gone = aws::error("ResourceNotFoundException", Spelling::ALL[1], &json!({"ResourceType": "GROUP_MEMBERSHIP"}));
    let server = losing(&upstream, "DeleteGroupMembership", Fault::Say(gone));
    let entries = ask_twice(&server, "10,10", REMOVE, &json!({"userName": "alice"})).success();
    let mut outcomes = outcomes(&entries);
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["removed", "removed", "was gone already"]);
}

/// Without another attempt nothing is known, and nothing is claimed.
#[test]
fn a_lost_answer_without_retries_is_an_error_that_does_not_say_nothing_was_done() {
    let words = ["ended without an answer", "broke off or could not be read", "no complete answer came from"];
    for (command, operation, args) in [
        ("create-user", "CreateUser", nora()),
        ("add-user-to-group", "CreateGroupMembership", json!({"userName": "alice", "groupName": "Research"})),
    ] {
        for ((fault, timeout), words) in WAYS.into_iter().zip(words) {
            let upstream = Arc::new(Upstream::sample());
            let server = losing(&upstream, operation, fault);
            let answer = ask(command, &args, &with(params(&server), json!({"timeout": timeout})));
            let error = answer.error_with(&[words, "Whether AWS has done it is not known"]);
            assert!(!error.contains("Nothing was changed"), "{error}");
            assert_eq!(server.seen_of(operation).len(), 1);
        }
    }
}
