//! sso-admin through its whole way: reading, asking for changes, and how they end.

use serde_json::{Value, json};

use crate::{sample::INSTANCE_ARN, testing::Bench};

const ADMINISTRATOR: &str = "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1a2b3c4d5e6f7081";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn assignment(account: &str, principal: &Value) -> Value {
    json!({
        "TargetId": account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": ADMINISTRATOR,
        "PrincipalType": "USER",
        "PrincipalId": principal,
    })
}

fn accounts_of(bench: &Bench, principal: &Value) -> Vec<Value> {
    let input = json!({"PrincipalId": principal, "PrincipalType": "USER"});
    let list = bench.access("ListAccountAssignmentsForPrincipal", input);
    let rows = list["AccountAssignments"].as_array().into_iter().flatten();
    rows.map(|row| row["AccountId"].clone()).collect()
}

fn ask(bench: &Bench, action: &str, input: Value) -> Value {
    let answer = bench.access(&format!("{action}AccountAssignment"), input);
    let (_, status) = answer.as_object().and_then(|members| members.iter().next()).expect("a status");
    assert_eq!(status["Status"], "IN_PROGRESS");
    status["RequestId"].clone()
}

/// How a request ended.
fn outcome(bench: &Bench, kind: &str, request: &Value) -> Value {
    let mut input = json!({});
    input[format!("AccountAssignment{kind}RequestId")] = request.clone();
    let answer = bench.access(&format!("DescribeAccountAssignment{kind}Status"), input);
    answer[format!("AccountAssignment{kind}Status")].clone()
}

#[test]
fn an_assignment_is_made_and_deleted_after_a_while() {
    let bench = Bench::new();
    let dora = bench.user("dora");
    let request = ask(&bench, "Create", assignment("444455556666", &dora));
    assert_eq!(outcome(&bench, "Creation", &request)["Status"], "IN_PROGRESS");
    assert_eq!(accounts_of(&bench, &dora), Vec::<Value>::new());
    let (code, ..) = bench.access_error("DeleteAccountAssignment", assignment("444455556666", &dora));
    assert_eq!(code, "ConflictException");
    bench.wait(2);
    assert_eq!(accounts_of(&bench, &dora), ["444455556666"]);
    assert_eq!(outcome(&bench, "Creation", &request)["Status"], "SUCCEEDED");

    let request = ask(&bench, "Delete", assignment("444455556666", &dora));
    assert_eq!(accounts_of(&bench, &dora), ["444455556666"]);
    bench.wait(2);
    assert_eq!(outcome(&bench, "Deletion", &request)["Status"], "SUCCEEDED");
    assert_eq!(accounts_of(&bench, &dora), Vec::<Value>::new());
    let (code, ..) = bench.access_error("DeleteAccountAssignment", assignment("444455556666", &dora));
    assert_eq!(code, "ResourceNotFoundException");
    let input = json!({"Filter": {"Status": "SUCCEEDED"}});
    let list = bench.access("ListAccountAssignmentDeletionStatus", input);
    assert_eq!(list["AccountAssignmentsDeletionStatus"][0]["RequestId"], request);
}

#[test]
fn an_assignment_of_a_deleted_user_stays_and_cannot_be_deleted() {
    let bench = Bench::new();
    let alice = bench.user("alice");
    bench.ok("DeleteUser", json!({"UserId": alice}));
    assert_eq!(accounts_of(&bench, &alice), ["444455556666"]);
    let deletion = ask(&bench, "Delete", assignment("444455556666", &alice));
    let creation = ask(&bench, "Create", assignment("444455556666", &json!(NOBODY)));
    bench.wait(2);
    for (kind, request) in [("Deletion", deletion), ("Creation", creation)] {
        let ended = outcome(&bench, kind, &request);
        assert_eq!(ended["Status"], "FAILED");
        let reason = ended["FailureReason"].as_str().unwrap_or_default();
        assert!(reason.starts_with("Received a 404 status error: the USER assignee "), "{reason}");
    }
    assert_eq!(accounts_of(&bench, &alice), ["444455556666"]);
}

#[test]
fn lists_are_read_page_by_page() {
    let bench = Bench::new();
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
            let page = bench.access(operation, input.clone());
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
fn what_is_wrong_is_refused() {
    let bench = Bench::new();
    let alice = bench.user("alice");
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
            json!({"AccountAssignmentCreationRequestId": NOBODY}),
            "ResourceNotFoundException",
        ),
        ("ListPermissionSets", json!({"NextToken": "AAAA"}), "ValidationException"),
        ("ListEverything", json!({}), "UnknownOperationException"),
    ] {
        assert_eq!(bench.access_error(operation, input).0, code, "{operation}");
    }
    let (_, message, body) = bench.access_error("CreateAccountAssignment", with("TargetType", json!("PLANET")));
    let expected = "1 validation error detected: Value at 'targetType' failed to satisfy constraint: \
                    Member must satisfy enum value set: [AWS_ACCOUNT]";
    assert_eq!(message, expected);
    // sso-admin's errors have no such member.
    assert!(body.get("RequestId").is_none());
}
