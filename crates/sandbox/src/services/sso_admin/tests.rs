//! The operations of sso-admin: lists, requests for changes, and their outcome.

use serde_json::{Value, json};

use crate::{sample::INSTANCE_ARN, testing::TestSandbox};

const ADMINISTRATOR: &str = "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1a2b3c4d5e6f7081";
const MISSING_ID: &str = "00000000-0000-4000-8000-000000000000";

fn assignment(account: &str, principal: &Value) -> Value {
    json!({
        "TargetId": account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": ADMINISTRATOR,
        "PrincipalType": "USER",
        "PrincipalId": principal,
    })
}

fn accounts_of(fixture: &TestSandbox, principal: &Value) -> Vec<Value> {
    let input = json!({"PrincipalId": principal, "PrincipalType": "USER"});
    let list = fixture.access("ListAccountAssignmentsForPrincipal", input);
    let rows = list["AccountAssignments"].as_array().into_iter().flatten();
    rows.map(|row| row["AccountId"].clone()).collect()
}

fn request_change(fixture: &TestSandbox, action: &str, input: Value) -> Value {
    let answer = fixture.access(&format!("{action}AccountAssignment"), input);
    let (_, status) = answer.as_object().and_then(|members| members.iter().next()).expect("a status");
    assert_eq!(status["Status"], "IN_PROGRESS");
    status["RequestId"].clone()
}

/// Returns the state of a request.
fn outcome(fixture: &TestSandbox, kind: &str, request: &Value) -> Value {
    let mut input = json!({});
    input[format!("AccountAssignment{kind}RequestId")] = request.clone();
    let answer = fixture.access(&format!("DescribeAccountAssignment{kind}Status"), input);
    answer[format!("AccountAssignment{kind}Status")].clone()
}

#[test]
fn assignment_after_a_request_is_created_and_deleted_later() {
    let fixture = TestSandbox::new();
    let dora = fixture.user("dora");
    let request = request_change(&fixture, "Create", assignment("444455556666", &dora));
    assert_eq!(outcome(&fixture, "Creation", &request)["Status"], "IN_PROGRESS");
    assert_eq!(accounts_of(&fixture, &dora), Vec::<Value>::new());
    let (code, ..) = fixture.access_error("DeleteAccountAssignment", assignment("444455556666", &dora));
    assert_eq!(code, "ConflictException");
    fixture.wait(2);
    assert_eq!(accounts_of(&fixture, &dora), ["444455556666"]);
    assert_eq!(outcome(&fixture, "Creation", &request)["Status"], "SUCCEEDED");

    let request = request_change(&fixture, "Delete", assignment("444455556666", &dora));
    assert_eq!(accounts_of(&fixture, &dora), ["444455556666"]);
    fixture.wait(2);
    assert_eq!(outcome(&fixture, "Deletion", &request)["Status"], "SUCCEEDED");
    assert_eq!(accounts_of(&fixture, &dora), Vec::<Value>::new());
    let (code, ..) = fixture.access_error("DeleteAccountAssignment", assignment("444455556666", &dora));
    assert_eq!(code, "ResourceNotFoundException");
    let input = json!({"Filter": {"Status": "SUCCEEDED"}});
    let list = fixture.access("ListAccountAssignmentDeletionStatus", input);
    assert_eq!(list["AccountAssignmentsDeletionStatus"][0]["RequestId"], request);
}

#[test]
fn assignment_of_a_deleted_user_stays_and_cannot_be_deleted() {
    let fixture = TestSandbox::new();
    let alice = fixture.user("alice");
    fixture.ok("DeleteUser", json!({"UserId": alice}));
    assert_eq!(accounts_of(&fixture, &alice), ["444455556666"]);
    let deletion = request_change(&fixture, "Delete", assignment("444455556666", &alice));
    let creation = request_change(&fixture, "Create", assignment("444455556666", &json!(MISSING_ID)));
    fixture.wait(2);
    for (kind, request) in [("Deletion", deletion), ("Creation", creation)] {
        let ended = outcome(&fixture, kind, &request);
        assert_eq!(ended["Status"], "FAILED");
        let reason = ended["FailureReason"].as_str().unwrap_or_default();
        assert!(reason.starts_with("Received a 404 status error: the USER assignee "), "{reason}");
    }
    assert_eq!(accounts_of(&fixture, &alice), ["444455556666"]);
}

#[test]
fn list_in_pages_of_one_is_complete() {
    let fixture = TestSandbox::new();
    for (operation, input, list, expected) in [
        ("ListPermissionSets", json!({}), "PermissionSets", 3),
        (
            "ListAccountAssignments",
            json!({"AccountId": "777788889999", "PermissionSetArn": ADMINISTRATOR}),
            "AccountAssignments",
            2,
        ),
        ("ListAccountsForProvisionedPermissionSet", json!({"PermissionSetArn": ADMINISTRATOR}), "AccountIds", 2),
        ("ListPermissionSetsProvisionedToAccount", json!({"AccountId": "444455556666"}), "PermissionSets", 2),
    ] {
        let mut input = input;
        input["MaxResults"] = 1.into();
        let mut found = Vec::new();
        loop {
            let page = fixture.access(operation, input.clone());
            found.extend(page[list].as_array().cloned().unwrap_or_default());
            match page.get("NextToken") {
                Some(token) => input["NextToken"] = token.clone(),
                None => break,
            }
        }
        assert_eq!(found.len(), expected, "{operation}");
        found.dedup();
        assert_eq!(found.len(), expected, "{operation}");
    }
}

#[test]
fn invalid_request_is_refused_with_the_code_of_aws() {
    let fixture = TestSandbox::new();
    let alice = fixture.user("alice");
    let foreign = INSTANCE_ARN.replace("7223", "7224");
    let unknown_set = ADMINISTRATOR.replace("ps-1", "ps-0");
    let with = |member: &str, value: Value| {
        let mut input = assignment("444455556666", &alice);
        input[member] = value;
        input
    };
    for (operation, input, code) in [
        ("CreateAccountAssignment", with("TargetId", json!("999999999999")), "ResourceNotFoundException"),
        ("CreateAccountAssignment", with("PermissionSetArn", json!(unknown_set)), "ResourceNotFoundException"),
        ("CreateAccountAssignment", with("TargetType", json!("PLANET")), "ValidationException"),
        ("CreateAccountAssignment", with("PrincipalId", json!("alice")), "ValidationException"),
        ("CreateAccountAssignment", with("InstanceArn", json!(foreign)), "ResourceNotFoundException"),
        ("DescribeInstance", json!({"InstanceArn": foreign}), "AccessDeniedException"),
        ("DescribePermissionSet", json!({"PermissionSetArn": unknown_set}), "ResourceNotFoundException"),
        (
            "DescribeAccountAssignmentCreationStatus",
            json!({"AccountAssignmentCreationRequestId": MISSING_ID}),
            "ResourceNotFoundException",
        ),
        ("ListPermissionSets", json!({"NextToken": "AAAA"}), "ValidationException"),
        ("ListEverything", json!({}), "UnknownOperationException"),
    ] {
        assert_eq!(fixture.access_error(operation, input).0, code, "{operation}");
    }
    let (_, message, body) = fixture.access_error("CreateAccountAssignment", with("TargetType", json!("PLANET")));
    let expected = "1 validation error detected: Value at 'targetType' failed to satisfy constraint: \
                    Member must satisfy enum value set: [AWS_ACCOUNT]";
    assert_eq!(message, expected);
    // Errors of sso-admin have no such member.
    assert!(body.get("RequestId").is_none());
}
