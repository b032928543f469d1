//! Each setting does what docs/sandbox.md says.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Setting, Settings};
use crate::{
    sample,
    scenario::{Delivery, Scenario},
    testing::{TestSandbox, sample_with},
};

const MISSING_ID: &str = "00000000-0000-4000-8000-000000000000";
const UNKNOWN_OPERATION: &str = "UnknownOperationException";
const VALIDATION: &str = "ValidationException";

/// Returns a sandbox with the sample directory and that scenario.
fn sandbox_with(settings: &[&str]) -> TestSandbox {
    let fixture = TestSandbox::new();
    let scenario = format!("\"scenario\": {}", json!(settings));
    std::fs::write(fixture.sandbox.path(), sample_with("\"scenario\": []", &scenario)).expect("a file");
    fixture
}

fn find(fixture: &TestSandbox, operation: &str, path: &str, value: &str) -> (u16, Value) {
    let attribute = json!({"AttributePath": path, "AttributeValue": value});
    fixture.call(operation, json!({"AlternateIdentifier": {"UniqueAttribute": attribute}}))
}

fn zed(name: &str, address: &str) -> Value {
    json!({
        "UserName": name,
        "DisplayName": "Zed",
        "Name": {"GivenName": "Zed", "FamilyName": "Zulu"},
        "Emails": [{"Value": address}],
    })
}

#[test]
fn setting_that_does_not_exist_is_refused_by_line() {
    for (setting, reason) in [
        ("throttled", "the scenario has no setting \\\"throttled\\\": there are throttling, "),
        ("throttling=0", "it takes a number from 1 on"),
        ("classic=yes", "it takes no value"),
        ("latency=soon", "it takes a time"),
        ("latency=2h", "it takes a time"),
        ("page-size", "it takes a number"),
        ("fault=DescribeUser:3", "a fault is OPERATION:CALL:WHAT"),
        ("fault=:1:cut", "a fault is OPERATION:CALL:WHAT"),
        ("fault=DescribUser:1:cut", "there is no operation \\\"DescribUser\\\"; did you mean DescribeUser?"),
        ("fault=listusers:1:cut", "did you mean ListUsers?"),
        ("fault=Qqqq:1:cut", "there are CreateGroup, "),
        ("fault=DescribeUser:0:cut", "a fault is OPERATION:CALL:WHAT"),
        ("fault=DescribeUser:1:Teapot", "AWS's codes are AccessDeniedException, "),
    ] {
        let reason = reason.replace("\\\"", "\"");
        assert!(Setting::for_file(setting).expect_err(setting).to_string().contains(&reason), "{setting}");
        let message = sandbox_with(&[setting]).sandbox.read(|_| ()).expect_err(setting).to_string();
        assert!(message.contains(", line 4: ") && message.contains(&reason), "{message}");
    }
    assert!(Setting::for_process("keep-memberships").is_err());
    for operation in ["*", "UpdateUser", "CreateAccountAssignment", "AssumeRole"] {
        Setting::for_file(&format!("fault={operation}:1:cut")).expect(operation);
    }
}

#[test]
fn scenario_of_a_file_is_kept_as_written() {
    let written = ["latency=250ms", "fault=*:2-4:slow-5s", "external-idp"].map(str::to_owned).to_vec();
    let scenario = Scenario::from(Settings::try_from(written.clone()).expect("a scenario"));
    assert_eq!(scenario.latency, Duration::from_millis(250));
    assert_eq!(scenario.effects_on("ListUsers", 3).delay, Duration::from_millis(5250));
    assert_eq!(scenario.effects_on("ListUsers", 5).delay, Duration::from_millis(250));
    assert_eq!(Vec::from(scenario), written);
    let fixture = sandbox_with(&["external-idp"]);
    fixture.ok("CreateGroup", json!({"DisplayName": "new"}));
    assert!(fixture.text().contains("\"scenario\": [\"external-idp\"],\n"));
}

#[test]
fn throttling_limits_each_operation_and_sso_admin_as_a_whole() {
    for (setting, retry_after) in [("throttling=3", json!(1)), ("throttling-silent=3", Value::Null)] {
        let fixture = sandbox_with(&[setting]);
        for _ in 0..3 {
            fixture.ok("ListUsers", json!({}));
        }
        let (code, message, error) = fixture.error("ListUsers", json!({}));
        assert_eq!((code.as_str(), message.as_str()), ("ThrottlingException", "Rate exceeded"));
        assert_eq!(error["RetryAfterSeconds"], retry_after);
        fixture.ok("ListGroups", json!({}));
        for operation in ["ListPermissionSets", "ListInstances", "DescribeInstance"] {
            fixture.access(operation, json!({}));
        }
        // sso-admin never says how long to wait.
        for operation in ["ListPermissionSets", "ListAccountAssignmentCreationStatus"] {
            let (code, _, error) = fixture.access_error(operation, json!({}));
            assert_eq!((code.as_str(), error.get("RetryAfterSeconds")), ("ThrottlingException", None));
        }
        fixture.wait(1);
        fixture.ok("ListUsers", json!({}));
    }
}

#[test]
fn fault_of_the_nth_call_affects_that_call() {
    let fixture = sandbox_with(&[
        "fault=CreateGroup:2:ServiceQuotaExceededException",
        "fault=CreateGroup:3:cut",
        "fault=CreateGroup:4:lost",
    ]);
    let create = |name: &str| {
        let input = json!({"IdentityStoreId": "d-9067f2a1b3", "DisplayName": name}).to_string();
        let request = http::Request::post("/").header("x-amz-target", "AWSIdentityStore.CreateGroup");
        fixture.sandbox.handle(&request.body(input.into_bytes()).expect("a request")).expect("a sound file")
    };
    let exists = |name: &str| find(&fixture, "GetGroupId", "displayName", name).0 == 200;
    for (name, delivery, status, expected) in [
        ("first", Delivery::Complete, 200, true),
        ("second", Delivery::Complete, 400, false),
        ("third", Delivery::Dropped, 200, false),
        ("fourth", Delivery::Truncated, 200, true),
        ("fifth", Delivery::Complete, 200, true),
    ] {
        let reply = create(name);
        assert_eq!((reply.delivery, reply.response.status().as_u16()), (delivery, status), "{name}");
        assert_eq!(exists(name), expected, "{name}");
    }
}

#[test]
fn short_pages_and_token_lifetime_limit_pages_and_tokens() {
    let fixture = sandbox_with(&["short-pages=2", "token-lifetime=60s"]);
    let page = fixture.ok("ListUsers", json!({"MaxResults": 50}));
    assert_eq!(page["Users"].as_array().map(Vec::len), Some(2));
    let next = json!({"NextToken": page["NextToken"]});
    fixture.ok("ListUsers", next.clone());
    fixture.wait(61);
    assert_eq!(fixture.error("ListUsers", next).0, VALIDATION);
    let fixture = sandbox_with(&["page-size=4"]);
    assert_eq!(fixture.ok("ListUsers", json!({}))["Users"].as_array().map(Vec::len), Some(4));
    assert_eq!(fixture.ok("ListUsers", json!({"MaxResults": 5}))["Users"].as_array().map(Vec::len), Some(5));
}

#[test]
fn classic_service_has_neither_revision_nor_arns() {
    let fixture = sandbox_with(&["classic"]);
    let alice = fixture.user("alice");
    let described = fixture.ok("DescribeUser", json!({"UserId": alice}));
    assert!(described.get("UserArn").is_none() && described.get("Revision").is_none());
    let created = fixture.ok("CreateGroup", json!({"DisplayName": "new"}));
    assert_eq!(created.as_object().map(serde_json::Map::len), Some(2));
    let operations = json!([{"AttributePath": "title", "AttributeValue": "T"}]);
    let update = json!({"UserId": alice, "Operations": operations, "Revision": "77"});
    assert_eq!(fixture.ok("UpdateUser", update), json!({}));
    let arn = json!({"UserId": format!("arn:aws:identitystore:::user/{MISSING_ID}")});
    assert_eq!(fixture.error("DescribeUser", arn).0, VALIDATION);
    for operation in ["ListIdentityStores", "DescribeIdentityStore", "UpdateIdentityStore"] {
        assert_eq!(fixture.error(operation, json!({})).0, UNKNOWN_OPERATION);
    }
}

#[test]
fn list_in_legacy_ad_needs_a_filter() {
    let fixture = sandbox_with(&["legacy-ad"]);
    let (code, message, _) = fixture.error("ListUsers", json!({}));
    assert_eq!((code.as_str(), message.as_str()), (VALIDATION, "Filter is required"));
    assert_eq!(fixture.error("ListGroups", json!({})).1, "Filter is required");
    let filter = json!({"Filters": [{"AttributePath": "UserName", "AttributeValue": "alice"}]});
    assert_eq!(fixture.ok("ListUsers", filter)["Users"].as_array().map(Vec::len), Some(1));
    for operation in ["GetUserId", "GetGroupId"] {
        assert_eq!(find(&fixture, operation, "userName", "alice").1["__type"], UNKNOWN_OPERATION);
    }
}

#[test]
fn user_of_external_idp_has_an_external_id() {
    let fixture = sandbox_with(&["external-idp"]);
    let alice = fixture.ok("DescribeUser", json!({"UserId": fixture.user("alice")}));
    assert_eq!(alice["CreatedBy"], "Identity_Sync");
    let external = json!({"AlternateIdentifier": {"ExternalId": alice["ExternalIds"][0]}});
    assert_eq!(fixture.ok("GetUserId", external)["UserId"], alice["UserId"]);
    // The public API does not refuse changes.
    fixture.ok("DeleteUser", json!({"UserId": alice["UserId"]}));
}

#[test]
fn write_from_another_account_or_region_is_refused() {
    for (setting, code) in [("member-account", "AccessDeniedException"), ("secondary-region", UNKNOWN_OPERATION)] {
        let fixture = sandbox_with(&[setting]);
        let before = fixture.text();
        fixture.ok("ListUsers", json!({}));
        assert_eq!(fixture.error("DeleteUser", json!({"UserId": fixture.user("alice")})).0, code);
        assert_eq!(fixture.access_error("ListPermissionSets", json!({})).0, code);
        let instances = fixture.access("ListInstances", json!({}));
        let regions = instances["Instances"][0]["Regions"].as_array().map(Vec::len);
        assert_eq!(regions, Some(if setting == "secondary-region" { 2 } else { 1 }));
        assert_eq!(fixture.text(), before);
    }
    let (_, message, _) = sandbox_with(&["member-account"]).error("CreateGroup", json!({"DisplayName": "x"}));
    assert!(
        message.contains("is not authorized to perform: identitystore:CreateGroup on resource: arn:aws:"),
        "{message}"
    );
}

#[test]
fn account_instance_has_no_permission_sets() {
    let fixture = sandbox_with(&["account-instance"]);
    for operation in ["ListPermissionSets", "ListAccountAssignmentsForPrincipal"] {
        assert_eq!(fixture.access_error(operation, json!({})).0, VALIDATION, "{operation}");
    }
    fixture.access("ListInstances", json!({}));
    fixture.ok("DeleteUser", json!({"UserId": fixture.user("alice")}));
}

#[test]
fn deletion_of_an_orphaned_assignment_fails_or_succeeds() {
    for (settings, status) in [(&[][..], "FAILED"), (&["delete-orphans"], "SUCCEEDED")] {
        let fixture = sandbox_with(settings);
        let alice = fixture.user("alice");
        fixture.ok("DeleteUser", json!({"UserId": alice}));
        let rows = fixture
            .access("ListAccountAssignmentsForPrincipal", json!({"PrincipalId": alice, "PrincipalType": "USER"}));
        let row = &rows["AccountAssignments"][0];
        let input = json!({"TargetId": row["AccountId"], "TargetType": "AWS_ACCOUNT", "PermissionSetArn": row["PermissionSetArn"], "PrincipalType": "USER", "PrincipalId": alice});
        let asked = fixture.access("DeleteAccountAssignment", input);
        let id = json!({"AccountAssignmentDeletionRequestId": asked["AccountAssignmentDeletionStatus"]["RequestId"]});
        fixture.wait(2);
        let done = fixture.access("DescribeAccountAssignmentDeletionStatus", id);
        assert_eq!(done["AccountAssignmentDeletionStatus"]["Status"], status);
    }
}

#[test]
fn name_in_another_letter_case_with_ignore_case_is_the_same() {
    let fixture = sandbox_with(&["ignore-case"]);
    for (operation, path, value) in [
        ("GetUserId", "userName", "ALICE"),
        ("GetUserId", "emails.value", "carol.diaz@example.COM"),
        ("GetGroupId", "displayName", "oncall"),
    ] {
        assert_eq!(find(&fixture, operation, path, value).0, 200, "{value}");
    }
    for (operation, input) in [
        ("CreateUser", zed("Alice", "new@example.com")),
        ("CreateUser", zed("zed", "ALICE@example.com")),
        ("CreateGroup", json!({"DisplayName": "ONCALL"})),
    ] {
        assert_eq!(fixture.error(operation, input).0, "ConflictException");
    }
}

#[test]
fn deletion_with_keep_memberships_and_delete_missing_keeps_and_succeeds_twice() {
    let fixture = sandbox_with(&["keep-memberships", "delete-missing"]);
    let alice = fixture.user("alice");
    let group = json!({"GroupId": fixture.group("OnCall")});
    for _ in 0..2 {
        fixture.ok("DeleteUser", json!({"UserId": alice}));
    }
    fixture.ok("DeleteGroup", json!({"GroupId": MISSING_ID}));
    fixture.ok("DeleteGroupMembership", json!({"MembershipId": MISSING_ID}));
    let list = fixture.ok("ListGroupMemberships", group);
    assert_eq!(list["GroupMemberships"].as_array().map(Vec::len), Some(3));
    // The file may hold memberships without a user.
    crate::Sandbox::open(fixture.sandbox.path()).expect("a sound file");
}

#[test]
fn refused_update_with_partial_updates_keeps_the_operations_before() {
    let operations = json!([
        {"AttributePath": "title", "AttributeValue": "Kept"},
        {"AttributePath": "userName", "AttributeValue": "renamed"},
        {"AttributePath": "shoeSize", "AttributeValue": "42"},
    ]);
    for (settings, title, name) in [
        (&[][..], Some("Site Reliability Engineer"), "alice"),
        (&["partial-updates"], Some("Kept"), "renamed"),
        (&["partial-updates", "fixed-user-name"], Some("Kept"), "alice"),
    ] {
        let fixture = sandbox_with(settings);
        let id = fixture.user("alice");
        assert_eq!(fixture.error("UpdateUser", json!({"UserId": id, "Operations": operations})).0, VALIDATION);
        let alice = fixture.ok("DescribeUser", json!({"UserId": id}));
        assert_eq!((alice["Title"].as_str(), alice["UserName"].as_str()), (title, Some(name)));
    }
}

#[test]
fn update_to_a_duplicate_name_with_partial_updates_keeps_the_rest() {
    let operations = json!([
        {"AttributePath": "title", "AttributeValue": "Kept"},
        {"AttributePath": "userName", "AttributeValue": "bob"},
    ]);
    for (settings, title) in [(&[][..], "Site Reliability Engineer"), (&["partial-updates"], "Kept")] {
        let fixture = sandbox_with(settings);
        let id = fixture.user("alice");
        let refused = fixture.error("UpdateUser", json!({"UserId": id, "Operations": operations}));
        assert_eq!(refused.0, "ConflictException");
        assert_eq!(fixture.ok("DescribeUser", json!({"UserId": id}))["Title"], title);
    }
}

#[test]
fn assignment_time_and_group_rows_change_assignments() {
    let fixture = sandbox_with(&["group-rows", "assignment-time=30s"]);
    let alice = fixture.user("alice");
    let principal = json!({"PrincipalId": alice, "PrincipalType": "USER"});
    let rows = fixture.access("ListAccountAssignmentsForPrincipal", principal);
    let rows = rows["AccountAssignments"].as_array().cloned().unwrap_or_default();
    let groups = rows.iter().filter(|row| row["PrincipalType"] == "GROUP").count();
    assert!(groups > 0 && rows.len() > groups, "{rows:?}");
    let set = sample::TEXT.split("\"PermissionSetArn\": \"").nth(1).and_then(|rest| rest.split('"').next());
    let input = json!({"TargetId": "111122223333", "TargetType": "AWS_ACCOUNT", "PermissionSetArn": set, "PrincipalType": "USER", "PrincipalId": alice});
    let asked = fixture.access("CreateAccountAssignment", input);
    let id = json!({"AccountAssignmentCreationRequestId": asked["AccountAssignmentCreationStatus"]["RequestId"]});
    let status = || {
        fixture.access("DescribeAccountAssignmentCreationStatus", id.clone())["AccountAssignmentCreationStatus"]["Status"]
            .clone()
    };
    fixture.wait(20);
    assert_eq!(status(), "IN_PROGRESS");
    fixture.wait(11);
    assert_eq!(status(), "SUCCEEDED");
}
