//! Reads that tell a workflow more than it must know. When one fails, the workflow does the rest and says what it did not
//! see. What is left must be known before a user is deleted.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::access::{Row, access};
use crate::network::aws::{Spelling, error};
use crate::network::client::{ask, params};
use crate::network::fault::Fault;
use crate::network::fault_server::Server;
use crate::network::odd_answers::say;
use crate::network::request::Request;
use crate::network::upstream::Upstream;

const ALICE: &str = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";
const BOB: &str = "2c63888f-28f0-0481-7e6d-dce7a7ace732";
const ERIK: &str = "fab36728-a78b-eb7e-0787-c0de2f960063";
const CREATIONS: &str = "ListAccountAssignmentCreationStatus";

/// How many groups and direct assignments a user has.
fn left(upstream: &Upstream, user: &str) -> (usize, usize) {
    let rows = access(&upstream.state()).unwrap().of(user);
    let groups = rows.iter().filter(|row| matches!(row, Row::Member { .. })).count();
    (groups, rows.len() - groups)
}

fn is_there(upstream: &Upstream, user: &str) -> bool {
    access(&upstream.state()).unwrap().users.contains_key(user)
}

fn refusal(code: &str) -> Fault {
    Fault::Say(error(code, Spelling::ALL[0], &json!({})))
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

/// An answer of AWS, and none.
fn failures() -> [Fault; 2] {
    [refusal("ResourceNotFoundException"), Fault::Close]
}

/// The texts of the entries of this type.
fn texts(entries: &[Value], r#type: u8) -> Vec<&str> {
    let of_type = entries.iter().filter(|entry| entry["Type"] == r#type);
    of_type.map(|entry| entry["Contents"].as_str().unwrap_or_default()).collect()
}

/// What AWS is working on cannot be seen: its list fails, a later page of it, or what one request is about and how far it is.
fn blind(part: usize, fault: &Fault) -> impl Fn(&Request, usize) -> Option<Fault> + Send + Sync + use<> {
    let fault = fault.clone();
    let (without_id, without_status) = (
        json!({"AccountAssignmentsCreationStatus": [{"Status": "IN_PROGRESS"}]}),
        json!({"AccountAssignmentCreationStatus": {"RequestId": "x"}}),
    );
    let listed =
        json!({"AccountAssignmentsCreationStatus": [{"Status": "IN_PROGRESS", "RequestId": "somebody-else-s"}]});
    move |request, nth| match (request.operation().as_str(), part) {
        (CREATIONS, 1) if body(request)["NextToken"].is_null() => {
            Some(say(&json!({"AccountAssignmentsCreationStatus": [], "NextToken": nth.to_string()})))
        }
        (CREATIONS, 0 | 1) => Some(fault.clone()),
        (CREATIONS, 4) => Some(say(&without_id)),
        (CREATIONS, _) => Some(say(&listed)),
        ("DescribeAccountAssignmentCreationStatus", 2) => Some(fault.clone()),
        ("DescribeAccountAssignmentCreationStatus", 5) => Some(say(&without_status)),
        // It does not say whose it is.
        ("DescribeAccountAssignmentCreationStatus", _) => {
            Some(say(&json!({"AccountAssignmentCreationStatus": {"Status": "IN_PROGRESS", "RequestId": "x"}})))
        }
        _ => None,
    }
}

#[test]
fn containment_with_unseen_changes_under_way_takes_everything() {
    let upstream = Arc::new(Upstream::sample());
    for (part, fault) in (0..6).flat_map(|part| failures().map(|fault| (part, fault))) {
        upstream.reset();
        let server = Server::faulty(&upstream, blind(part, &fault));
        let entries = ask("contain-user", &json!({"userName": "alice"}), &params(&server)).success();
        assert_eq!(left(&upstream, ALICE), (0, 0), "{part} {fault:?}: {entries:?}");
        let warnings = texts(&entries, 11);
        assert!(
            warnings.len() == 1 && warnings[0].contains("AWS may be about to assign more to user alice"),
            "{entries:?}"
        );
        assert_eq!(entries[0]["Contents"]["Status"], "done", "{entries:?}");

        let off_boarded = ask("offboard-user", &json!({"userName": "erik"}), &params(&server));
        off_boarded.error_with(&["so the user was not deleted", "AWS does not say whether it is about to assign more"]);
        assert_eq!((left(&upstream, ERIK), is_there(&upstream, ERIK)), ((0, 0), true), "{off_boarded:?}");
        let told = off_boarded.output.entries().remove(0);
        assert_eq!(told["Contents"]["UserDeletion"]["Outcome"], "failed", "{told}");
    }
}

/// What is never read back was read once.
#[test]
fn containment_that_runs_out_of_time_says_what_it_did_not_see() {
    let upstream = Arc::new(Upstream::sample());
    let working = say(&json!({"AccountAssignmentDeletionStatus": {"Status": "IN_PROGRESS", "RequestId": "x"}}));
    let server = Server::faulty(&upstream, move |request, _| match request.operation().as_str() {
        CREATIONS => Some(refusal("ResourceNotFoundException")),
        "DescribeAccountAssignmentDeletionStatus" => Some(working.clone()),
        _ => None,
    });
    let args = json!({"userName": "alice", "polling": false, "timeout_in_seconds": 1});
    let answer = ask("contain-user", &args, &params(&server));
    let entries = answer.output.entries();
    assert_eq!(entries[0]["Contents"]["Status"], "in progress", "{entries:?}");
    let is_told = |text: &&str| text.contains("AWS may be about to assign more to user alice");
    assert_eq!(texts(&entries, 11).iter().filter(|text| is_told(text)).count(), 1, "{entries:?}");
}

#[test]
fn off_boarding_with_a_request_of_another_user_deletes() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::faulty(&upstream, |request, _| match request.operation().as_str() {
        CREATIONS => {
            Some(say(&json!({"AccountAssignmentsCreationStatus": [{"Status": "IN_PROGRESS", "RequestId": "x"}]})))
        }
        "DescribeAccountAssignmentCreationStatus" => Some(say(&json!({
            "AccountAssignmentCreationStatus": {"Status": "IN_PROGRESS", "PrincipalType": "USER", "PrincipalId": BOB},
        }))),
        _ => None,
    });
    let entries = ask("offboard-user", &json!({"userName": "erik"}), &params(&server)).success();
    assert_eq!((entries.len(), is_there(&upstream, ERIK)), (1, false), "{entries:?}");
}
