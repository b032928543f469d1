//! Answers of AWS, and of whatever answers in its place: every command makes sound entries of them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex};

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::canned;
use super::draw::{any, below, json, one, text};
use crate::commands::{COMMANDS, Route};
use crate::directory::{Backend, StandIn};
use crate::dispatch::Dispatcher;
use crate::values::context::Layout;
use crate::values::request::Request;

const SET: &str = "arn:aws:sso:::permissionSet/ssoins-7223b6e1b2a4c5d6/ps-1111222233334444";
const SECRET: &str = "the/secret+key-of-the-instance-00000000";

/// How much longer than what AWS said an answer may be: each text comes at most in the table, in the contents and in
/// the context of the entry, escaped.
const TIMES: usize = 40;
const MORE: usize = 20_000;

/// The answers that wait to be given, the first first: status, content type, body.
type Answers = Arc<Mutex<VecDeque<canned::Answer>>>;

thread_local! {
    /// A dispatcher with its connections, which are not what is tested here.
    static DISPATCHER: RefCell<(Dispatcher, Answers)> = RefCell::new(dispatcher());
}

fn dispatcher() -> (Dispatcher, Answers) {
    let answers = Answers::default();
    let stand_in = StandIn {
        connector: canned::connector(Arc::clone(&answers)),
        region: "us-east-1",
        identity_store_id: "d-9067f2a1b3",
        access_key_id: "AKIAEXAMPLE000000000",
        secret_access_key: SECRET,
    };
    (Dispatcher::new(Backend { stand_in: Some(stand_in), ..Backend::default() }), answers)
}

pub(super) fn check(input: &[u8]) {
    let bytes = &mut Unstructured::new(input);
    let request = request(bytes);
    let given: VecDeque<_> = (0..=below(bytes, 6)).map(|_| answer(bytes)).collect();
    let size: usize = given.iter().map(|(_, _, body)| body.len()).sum();
    DISPATCHER.with_borrow_mut(|(dispatcher, answers)| {
        *answers.lock().expect("answers") = given;
        let answer = dispatcher.answer(Ok(request));
        let mut written = Vec::new();
        answer.write(&mut written).expect("memory takes everything");
        let text = String::from_utf8(written).expect("JSON is UTF-8");
        let entries: Vec<Map<String, Value>> = serde_json::from_str(&text).expect("JSON");
        assert!(!entries.is_empty() && text.ends_with("]\n"));
        assert!(entries.iter().all(|entry| entry["Type"].is_number() && !entry["Contents"].is_null()), "{text}");
        let failed = entries.iter().any(|entry| entry["Type"] == 4);
        assert_eq!(answer.exit_code(), u8::from(failed));
        assert!(!text.contains("internal error"), "{text}");
        assert!(!text.contains(SECRET), "{text}");
        assert!(text.len() <= TIMES * size + MORE, "{} bytes of {size}", text.len());
    });
}

/// Arguments that each command takes, in the order of the commands.
static SAMPLES: LazyLock<Vec<Map<String, Value>>> = LazyLock::new(|| COMMANDS.iter().map(sample).collect());

fn sample(route: &Route) -> Map<String, Value> {
    let all = json!({
        "userName": "alice", "groupName": "OnCall", "displayName": "A", "familyName": "A", "givenName": "A",
        "emailAddress": "a@example.com", "userEmailAddress": "a@example.com", "description": "A", "title": "A",
        "groups": "OnCall", "membershipId": "906774a2-7051-7022-f6c4-b2f1c0a1d2e3",
        "userId": "906774a2-7051-7022-f6c4-b2f1c0a1d2e3", "search": "a", "dryRun": false, "allowUnverified": true,
        "snapshot": {
            "UserId": "906774a2-7051-7022-f6c4-b2f1c0a1d2e3", "IdentityStoreId": "d-9067f2a1b3", "Scope": "both",
            "TakenAt": "2026-11-24T02:00:00Z", "Status": "done",
            "GroupMemberships": [{"GroupId": "906774a2-7051-7022-f6c4-b2f1c0a1d2e4", "Outcome": "removed"}],
            "AccountAssignments": [{"AccountId": "111122223333", "PermissionSetArn": SET, "Outcome": "removed"}],
        },
    });
    let mut request = Request::default();
    for (name, value) in all.as_object().expect("an object") {
        request.args.insert(name.clone(), value.clone());
        // What a command does not know, or takes only in another's place, is left away.
        if (route.prepare)(&request).is_err_and(|error| !error.to_string().contains("required")) {
            request.args.remove(name);
        }
    }
    request.args
}

fn request(bytes: &mut Unstructured<'_>) -> Request {
    let number = below(bytes, COMMANDS.len());
    let (route, mut args) = (&COMMANDS[number], SAMPLES[number].clone());
    if let Some(dry_run) = args.get_mut("dryRun") {
        *dry_run = any::<bool>(bytes).into();
    }
    let params = json!({
        "credentials": {"identifier": "AKIAEXAMPLE000000000", "password": SECRET}, "retries": 0,
        "protectedUsers": if any(bytes) { "root" } else { "" },
        "contextPaths": one(bytes, &Layout::ALL).root().path(),
    });
    let params = params.as_object().expect("an object").clone();
    // Who is scheduled does not wait.
    Request { command: route.name.to_owned(), args, params, integration: true, ..Request::default() }
}

fn answer(bytes: &mut Unstructured<'_>) -> canned::Answer {
    let status = one(bytes, &[200, 200, 200, 400, 400, 403, 404, 500, 503, 204, 301, 599]);
    let aws = "application/x-amz-json-1.1";
    let r#type = one(bytes, &[aws, aws, aws, "text/html", "", "application/json; charset=latin-1"]);
    let body = match below(bytes, 4) {
        0 => any::<&[u8]>(bytes).to_vec(),
        1 => error(bytes).to_string().into_bytes(),
        _ => found(bytes).to_string().into_bytes(),
    };
    (status, r#type, body)
}

fn error(bytes: &mut Unstructured<'_>) -> Value {
    let code = one(
        bytes,
        &[
            "ConflictException",
            "ResourceNotFoundException",
            "ValidationException",
            "ThrottlingException",
            "AccessDeniedException",
            "UnknownOperationException",
            "a#b#c",
            ":",
            "",
        ],
    );
    let spelling = one(bytes, &["Message", "message", "MESSAGE"]);
    let message = if any(bytes) { json(bytes, 1) } else { format!("{} {SECRET}", text(bytes)).into() };
    json!({"__type": code, spelling: message, "RequestId": json(bytes, 0), "Reason": text(bytes)})
}

/// Whatever an operation answers with, with members that may be of any type.
fn found(bytes: &mut Unstructured<'_>) -> Value {
    let id = "906774a2-7051-7022-f6c4-b2f1c0a1d2e3";
    let user = json!({"UserId": id, "UserName": odd(bytes), "DisplayName": odd(bytes), "Emails": odd(bytes),
        "Name": odd(bytes), "CreatedAt": odd(bytes), "UserStatus": odd(bytes), "Revision": odd(bytes)});
    let group = json!({"GroupId": id, "DisplayName": odd(bytes), "Description": odd(bytes), "ExternalIds": odd(bytes)});
    let membership = json!({"MembershipId": id, "GroupId": id, "MemberId": {"UserId": id}});
    let principal = one(bytes, &["GROUP", "USER", "USER", "nobody"]);
    let assignment = json!({
        "AccountId": "111122223333", "PermissionSetArn": SET, "PrincipalType": principal, "PrincipalId": id,
    });
    let status = one(bytes, &["IN_PROGRESS", "SUCCEEDED", "SUCCEEDED", "FAILED", "odd"]);
    let change = json!({
        "RequestId": id, "Status": status, "FailureReason": odd(bytes), "CreatedDate": odd(bytes),
        "TargetId": "111122223333", "TargetType": "AWS_ACCOUNT", "PermissionSetArn": SET, "PrincipalType": principal,
        "PrincipalId": id,
    });
    let instance = json!({
        "InstanceArn": "arn:aws:sso:::instance/ssoins-7223b6e1b2a4c5d6", "IdentityStoreId": "d-9067f2a1b3",
        "Status": odd(bytes), "OwnerAccountId": odd(bytes),
    });
    let mut answer = json!({
        "IdentityStoreId": "d-9067f2a1b3", "NextToken": odd(bytes), "MembershipExists": odd(bytes),
        "Users": [user, user], "Groups": [group], "GroupMemberships": [membership, membership],
        "AccountAssignments": [assignment], "PermissionSet": {"Name": odd(bytes), "PermissionSetArn": SET},
        "PermissionSets": [SET], "AccountIds": ["111122223333"],
        "AccountAssignmentCreationStatus": change, "AccountAssignmentDeletionStatus": change,
        "AccountAssignmentsCreationStatus": [change], "AccountAssignmentsDeletionStatus": [change],
        "Results": [{"GroupId": id, "MembershipExists": odd(bytes)}],
    });
    let members = answer.as_object_mut().expect("an object");
    members.insert("Instances".to_owned(), if below(bytes, 8) == 0 { odd(bytes) } else { json!([instance]) });
    for one in [&user, &group, &membership] {
        members.extend(one.as_object().expect("an object").clone());
    }
    if any(bytes) {
        let name = members.keys().nth(below(bytes, members.len())).expect("a member").clone();
        members.insert(name, json(bytes, 2));
    }
    answer
}

/// Mostly a text, now and then anything, or nothing.
fn odd(bytes: &mut Unstructured<'_>) -> Value {
    match below(bytes, 8) {
        0 => json(bytes, 2),
        1 => Value::Null,
        2 => 1_700_000_000.25.into(),
        _ => text(bytes).into(),
    }
}
