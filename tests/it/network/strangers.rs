//! What answers in AWS's place and is something else: the error says where that was, and what to look at.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;

use super::aws::ROLE_ARN;
use super::certificates::{Authority, Flaw};
use super::client::{ask, params, params_for, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::response::{REQUEST_ID, Response};
use super::upstream::Upstream;

const ORPHANS: &str = "find-orphaned-assignments";

/// Says these bytes to whoever says something, and hangs up.
fn stranger(says: &'static [u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, connections) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&connections);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            // What is left unread would reset the connection.
            let _ = stream.read(&mut [0; 8192]);
            let _ = stream.write_all(says);
        }
    });
    (address, connections)
}

/// A fatal alert of TLS (RFC 8446, 6): the version is not supported.
const ALERT: &[u8] = b"\x15\x03\x03\x00\x02\x02\x46";

#[test]
fn what_is_not_aws_is_told_by_its_address_and_what_it_speaks() {
    let (ssh, web) = (b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    let portal = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>";
    for (says, scheme, words, attempts, arrived) in [
        (ALERT, "http", "does not speak HTTP (look at the endpoint URL, which may need https://)", 2, true),
        (ssh, "http", "does not speak HTTP", 2, true),
        (web, "http", "is not AWS (HTTP status 400", 1, true),
        (portal, "http", "is not AWS (HTTP status 200, text/html)", 1, true),
        (b"", "http", "ended without an answer", 2, true),
        (ALERT, "https", "no TLS connection", 2, false),
        (ssh, "https", "does not speak TLS", 1, false),
        (web, "https", "does not speak TLS. Look at the endpoint URL, if one is set, and for a proxy", 1, false),
        (b"", "https", "no TLS connection", 2, false),
    ] {
        let (address, connections) = stranger(says);
        let params = with(params_for(&format!("{scheme}://{address}")), json!({"retries": 1}));
        let error = ask("create-group", &json!({"displayName": "New"}), &params).error_with(&[
            "create group New",
            &address.to_string(),
            words,
        ]);
        assert!(!error.contains("client error"), "what wraps the cause is left out: {error}");
        assert_eq!(connections.load(Ordering::SeqCst), attempts, "{scheme}: {error}");
        assert_eq!(error.contains("Whether AWS has done it is not known"), arrived, "{scheme}: {error}");
    }
}

/// Answers to a deletion tell nothing, so that the SDK looks at nothing but the status.
#[test]
fn a_success_of_somebody_else_is_none_of_a_deletion() {
    for (status, kind, body) in [
        (200, "text/html", ""),
        (200, "text/html", "{}"),
        (200, "application/json", "{}"),
        (200, "application/json", "{\"error\": \"blocked\"}"),
        (200, "application/json", "[]"),
        (200, "application/x-amz-json-1.1", "<html>"),
        (204, "application/json", ""),
    ] {
        let mut answer = Response::new(status, kind, body);
        answer.headers.retain(|(name, _)| name != "x-amzn-requestid");
        let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
            request.operation().starts_with("Delete").then(|| Fault::Say(answer.clone()))
        });
        for (command, args) in [
            ("delete-user", json!({"userName": "bob"})),
            ("remove-user-from-group", json!({"userName": "alice", "groupName": "OnCall"})),
        ] {
            let error = ask(command, &args, &params(&server)).error();
            assert!(error.contains("is not AWS") && error.contains(&server.address.to_string()), "{error}");
            assert!(error.contains("Whether AWS has done it is not known"), "{error}");
        }
    }
}

/// STS answers in XML that is named after the operation.
#[test]
fn role_from_a_foreign_answer_is_not_assumed() {
    for (kind, body) in [
        ("application/json", "{\"error\": \"blocked\"}"),
        ("text/html", "<html></html>"),
        ("text/xml", "<GetCallerIdentityResponse/>"),
        ("text/xml", ""),
    ] {
        let answer = Response::new(200, kind, body);
        let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
            (request.operation() == "AssumeRole").then(|| Fault::Say(answer.clone()))
        });
        let params = with(params(&server), json!({"roleArn": ROLE_ARN}));
        let told = format!("is not AWS (HTTP status 200, {kind})");
        ask("list-users", &json!({}), &params).error_with(&["assume the role", &told, &server.address.to_string()]);
    }
}

/// sso-admin promises none of its lists (AWS: IAM Identity Center API): what leaves one out says "none" only if
/// everything else shows that it is AWS.
#[test]
fn omitted_list_of_sso_admin_is_empty_only_if_certainly_aws() {
    let (kind, id) = (("content-type", "application/x-amz-json-1.1"), ("x-amzn-requestid", REQUEST_ID));
    let html = ("content-type", "text/html");
    let (missing, foreign) = (Some("holds no list"), Some("is not AWS"));
    for (operation, list, command, args) in [
        ("ListInstances", "Instances", "list-user-access", json!({"userName": "alice"})),
        ("ListAccountAssignmentsForPrincipal", "AccountAssignments", "list-user-access", json!({"userName": "alice"})),
        (
            "ListAccountAssignmentCreationStatus",
            "AccountAssignmentsCreationStatus",
            "contain-user",
            json!({"userName": "alice", "dryRun": true}),
        ),
        ("ListPermissionSets", "PermissionSets", ORPHANS, json!({})),
        ("ListAccountsForProvisionedPermissionSet", "AccountIds", ORPHANS, json!({})),
        ("ListPermissionSetsProvisionedToAccount", "PermissionSets", ORPHANS, json!({"accountId": "111122223333"})),
        ("ListAccountAssignments", "AccountAssignments", ORPHANS, json!({})),
    ] {
        for (headers, body, refused) in [
            ([kind, id].as_slice(), json!({}), None),
            (&[kind, id], json!({list: null}), None),
            (&[kind], json!({list: []}), None),
            (&[html, id], json!({list: []}), None),
            (&[kind], json!({}), missing),
            (&[html, id], json!({}), missing),
            (&[html, id], json!({"error": "blocked"}), missing),
            (&[kind], json!({"NextToken": ""}), missing),
            (&[html], json!({list: []}), foreign),
        ] {
            let mut answer = Response::new(200, "", body.to_string());
            answer.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
                (request.operation() == operation).then(|| Fault::Say(answer.clone()))
            });
            let told = ask(command, &args, &params(&server)).output.stdout;
            let shown = format!("{operation} {headers:?} {body}: {told}");
            assert_eq!(told.contains("holds no list"), refused == missing, "{shown}");
            assert_eq!(told.contains("is not AWS"), refused == foreign, "{shown}");
        }
    }
}

/// The lists of Identity Store are required members (AWS: Identity Store API).
#[test]
fn omitted_list_of_identity_store_is_an_error() {
    for (operation, list, command, args) in [
        ("ListUsers", "Users", "list-users", json!({})),
        ("ListGroups", "Groups", "list-groups", json!({})),
        ("ListGroupMemberships", "GroupMemberships", "list-memberships", json!({"groupName": "OnCall"})),
        ("ListGroupMembershipsForMember", "GroupMemberships", "list-groups-for-user", json!({"userName": "alice"})),
        ("IsMemberInGroups", "Results", "check-group-membership", json!({"userName": "alice", "groups": "OnCall"})),
    ] {
        for body in [json!({}), json!({"NextToken": ""}), json!({list: null})] {
            let answer = Response::new(200, "application/x-amz-json-1.1", body.to_string());
            let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
                (request.operation() == operation).then(|| Fault::Say(answer.clone()))
            });
            ask(command, &args, &params(&server)).error_with(&[operation, "is not what AWS documents"]);
        }
    }
}

/// What leaves out the id of what it found or made has told nothing.
#[test]
fn omitted_id_is_an_error() {
    let pair = || json!({"userName": "alice", "groupName": "OnCall"});
    let new = || json!({"userName": "new", "givenName": "N", "displayName": "N W"});
    for (operation, command, args) in [
        ("GetUserId", "get-user", json!({"userName": "alice"})),
        ("GetGroupId", "get-group", json!({"groupName": "OnCall"})),
        ("GetGroupMembershipId", "remove-user-from-group", pair()),
        ("DescribeUser", "delete-user", json!({"userId": "f6fadfa7-e5c1-5b62-9362-da5cc13da58a"})),
        ("CreateUser", "create-user", new()),
        ("CreateGroup", "create-group", json!({"displayName": "New"})),
        ("CreateGroupMembership", "add-user-to-group", pair()),
        ("DeleteAccountAssignment", "contain-user", json!({"userName": "alice", "scope": "assignments"})),
    ] {
        let answer = Response::new(200, "application/x-amz-json-1.1", "{}");
        let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
            (request.operation() == operation).then(|| Fault::Say(answer.clone()))
        });
        let told = ask(command, &args, &params(&server)).error_with(&[operation, "is not what AWS documents"]);
        let changes = operation.starts_with("Create") || operation.starts_with("Delete");
        assert_eq!(told.contains("Whether AWS has done it is not known"), changes, "{told}");
    }
}

#[test]
fn an_error_of_tls_is_told_in_words_and_not_by_a_link() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::start(&upstream, Some(Authority::new().server(Flaw::SelfSigned)), |_, _| Some(Fault::Close));
    let params = with(params(&server), json!({"insecure": true}));
    let error = ask("list-users", &json!({}), &params).error_with(&[&server.address.to_string()]);
    assert!(!error.contains("docs.rs"), "{error}");
}
