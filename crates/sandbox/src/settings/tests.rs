//! Each setting does what docs/sandbox.md says of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Scenario, Setting, Settings};
use crate::{
    sample,
    scenario::Arrives,
    testing::{Bench, sample_with},
};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
const UNKNOWN_OPERATION: &str = "UnknownOperationException";
const VALIDATION: &str = "ValidationException";

/// The sample directory with that scenario in its file.
fn bench(settings: &[&str]) -> Bench {
    let bench = Bench::new();
    let scenario = format!("\"scenario\": {}", json!(settings));
    std::fs::write(bench.sandbox.path(), sample_with("\"scenario\": []", &scenario)).expect("a file");
    bench
}

fn find(bench: &Bench, operation: &str, path: &str, value: &str) -> (u16, Value) {
    let attribute = json!({"AttributePath": path, "AttributeValue": value});
    bench.call(operation, json!({"AlternateIdentifier": {"UniqueAttribute": attribute}}))
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
fn what_is_not_understood_is_told_by_line() {
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
        assert!(setting.parse::<Setting>().expect_err(setting).to_string().contains(&reason), "{setting}");
        let message = bench(&[setting]).sandbox.read(|_| ()).expect_err(setting).to_string();
        assert!(message.contains(", line 4: ") && message.contains(&reason), "{message}");
    }
    assert!(Setting::of_command_line("keep-memberships").is_err());
    for operation in ["*", "UpdateUser", "CreateAccountAssignment", "AssumeRole"] {
        format!("fault={operation}:1:cut").parse::<Setting>().expect(operation);
    }
}

#[test]
fn a_scenario_is_kept_as_it_was_written() {
    let written = ["latency=250ms", "fault=*:2-4:slow-5s", "external-idp"].map(str::to_owned).to_vec();
    let scenario = Scenario::from(Settings::try_from(written.clone()).expect("a scenario"));
    assert_eq!(scenario.latency, Duration::from_millis(250));
    assert_eq!(scenario.course("ListUsers", 3).delay, Duration::from_millis(5250));
    assert_eq!(scenario.course("ListUsers", 5).delay, Duration::from_millis(250));
    assert_eq!(Vec::from(scenario), written);
    let bench = bench(&["external-idp"]);
    bench.ok("CreateGroup", json!({"DisplayName": "new"}));
    assert!(bench.text().contains("\"scenario\": [\"external-idp\"],\n"));
}

#[test]
fn throttling_has_a_bucket_for_each_operation_and_one_for_sso_admin() {
    for (setting, retry_after) in [("throttling=3", json!(1)), ("throttling-silent=3", Value::Null)] {
        let bench = bench(&[setting]);
        for _ in 0..3 {
            bench.ok("ListUsers", json!({}));
        }
        let (code, message, error) = bench.error("ListUsers", json!({}));
        assert_eq!((code.as_str(), message.as_str()), ("ThrottlingException", "Rate exceeded"));
        assert_eq!(error["RetryAfterSeconds"], retry_after);
        bench.ok("ListGroups", json!({}));
        for operation in ["ListPermissionSets", "ListInstances", "DescribeInstance"] {
            bench.access(operation, json!({}));
        }
        // sso-admin never says how long to wait.
        for operation in ["ListPermissionSets", "ListAccountAssignmentCreationStatus"] {
            let (code, _, error) = bench.access_error(operation, json!({}));
            assert_eq!((code.as_str(), error.get("RetryAfterSeconds")), ("ThrottlingException", None));
        }
        bench.wait(1);
        bench.ok("ListUsers", json!({}));
    }
}

#[test]
fn faults_come_when_the_script_says() {
    let bench = bench(&[
        "fault=CreateGroup:2:ServiceQuotaExceededException",
        "fault=CreateGroup:3:cut",
        "fault=CreateGroup:4:lost",
    ]);
    let create = |name: &str| {
        let input = json!({"IdentityStoreId": "d-9067f2a1b3", "DisplayName": name}).to_string();
        let request = http::Request::post("/").header("x-amz-target", "AWSIdentityStore.CreateGroup");
        bench.sandbox.handle(&request.body(input.into_bytes()).expect("a request")).expect("a sound file")
    };
    let exists = |name: &str| find(&bench, "GetGroupId", "displayName", name).0 == 200;
    for (name, arrives, status, expected) in [
        ("first", Arrives::Whole, 200, true),
        ("second", Arrives::Whole, 400, false),
        ("third", Arrives::Nothing, 200, false),
        ("fourth", Arrives::Half, 200, true),
        ("fifth", Arrives::Whole, 200, true),
    ] {
        let reply = create(name);
        assert_eq!((reply.arrives, reply.response.status().as_u16()), (arrives, status), "{name}");
        assert_eq!(exists(name), expected, "{name}");
    }
}

#[test]
fn pages_may_be_short_and_tokens_may_end() {
    let bench = bench(&["short-pages=2", "token-lifetime=60s"]);
    let page = bench.ok("ListUsers", json!({"MaxResults": 50}));
    assert_eq!(page["Users"].as_array().map(Vec::len), Some(2));
    let next = json!({"NextToken": page["NextToken"]});
    bench.ok("ListUsers", next.clone());
    bench.wait(61);
    assert_eq!(bench.error("ListUsers", next).0, VALIDATION);
    let bench = super::tests::bench(&["page-size=4"]);
    assert_eq!(bench.ok("ListUsers", json!({}))["Users"].as_array().map(Vec::len), Some(4));
    assert_eq!(bench.ok("ListUsers", json!({"MaxResults": 5}))["Users"].as_array().map(Vec::len), Some(5));
}

#[test]
fn the_classic_service_knows_neither_revision_nor_arns() {
    let bench = bench(&["classic"]);
    let alice = bench.user("alice");
    let described = bench.ok("DescribeUser", json!({"UserId": alice}));
    assert!(described.get("UserArn").is_none() && described.get("Revision").is_none());
    let created = bench.ok("CreateGroup", json!({"DisplayName": "new"}));
    assert_eq!(created.as_object().map(serde_json::Map::len), Some(2));
    let operations = json!([{"AttributePath": "title", "AttributeValue": "T"}]);
    let update = json!({"UserId": alice, "Operations": operations, "Revision": "77"});
    assert_eq!(bench.ok("UpdateUser", update), json!({}));
    let arn = json!({"UserId": format!("arn:aws:identitystore:::user/{NOBODY}")});
    assert_eq!(bench.error("DescribeUser", arn).0, VALIDATION);
    for operation in ["ListIdentityStores", "DescribeIdentityStore", "UpdateIdentityStore"] {
        assert_eq!(bench.error(operation, json!({})).0, UNKNOWN_OPERATION);
    }
}

#[test]
fn a_legacy_directory_lists_by_filter_only() {
    let bench = bench(&["legacy-ad"]);
    let (code, message, _) = bench.error("ListUsers", json!({}));
    assert_eq!((code.as_str(), message.as_str()), (VALIDATION, "Filter is required"));
    assert_eq!(bench.error("ListGroups", json!({})).1, "Filter is required");
    let filter = json!({"Filters": [{"AttributePath": "UserName", "AttributeValue": "alice"}]});
    assert_eq!(bench.ok("ListUsers", filter)["Users"].as_array().map(Vec::len), Some(1));
    for operation in ["GetUserId", "GetGroupId"] {
        assert_eq!(find(&bench, operation, "userName", "alice").1["__type"], UNKNOWN_OPERATION);
    }
}

#[test]
fn an_identity_provider_has_ids_of_its_own() {
    let bench = bench(&["external-idp"]);
    let alice = bench.ok("DescribeUser", json!({"UserId": bench.user("alice")}));
    assert_eq!(alice["CreatedBy"], "Identity_Sync");
    let external = json!({"AlternateIdentifier": {"ExternalId": alice["ExternalIds"][0]}});
    assert_eq!(bench.ok("GetUserId", external)["UserId"], alice["UserId"]);
    // The public API does not refuse changes; they are merely not wise.
    bench.ok("DeleteUser", json!({"UserId": alice["UserId"]}));
}

#[test]
fn elsewhere_is_read_only() {
    for (setting, code) in [("member-account", "AccessDeniedException"), ("secondary-region", UNKNOWN_OPERATION)] {
        let bench = bench(&[setting]);
        let before = bench.text();
        bench.ok("ListUsers", json!({}));
        assert_eq!(bench.error("DeleteUser", json!({"UserId": bench.user("alice")})).0, code);
        assert_eq!(bench.access_error("ListPermissionSets", json!({})).0, code);
        let instances = bench.access("ListInstances", json!({}));
        let regions = instances["Instances"][0]["Regions"].as_array().map(Vec::len);
        assert_eq!(regions, Some(if setting == "secondary-region" { 2 } else { 1 }));
        assert_eq!(bench.text(), before);
    }
    let (_, message, _) = bench(&["member-account"]).error("CreateGroup", json!({"DisplayName": "x"}));
    assert!(
        message.contains("is not authorized to perform: identitystore:CreateGroup on resource: arn:aws:"),
        "{message}"
    );
}

#[test]
fn an_instance_of_one_account_has_no_permission_sets() {
    let bench = bench(&["account-instance"]);
    for operation in ["ListPermissionSets", "ListAccountAssignmentsForPrincipal"] {
        assert_eq!(bench.access_error(operation, json!({})).0, VALIDATION, "{operation}");
    }
    bench.access("ListInstances", json!({}));
    bench.ok("DeleteUser", json!({"UserId": bench.user("alice")}));
}

#[test]
fn an_assignment_of_nobody_may_be_deleted() {
    for (settings, status) in [(&[][..], "FAILED"), (&["delete-orphans"], "SUCCEEDED")] {
        let bench = bench(settings);
        let alice = bench.user("alice");
        bench.ok("DeleteUser", json!({"UserId": alice}));
        let rows =
            bench.access("ListAccountAssignmentsForPrincipal", json!({"PrincipalId": alice, "PrincipalType": "USER"}));
        let row = &rows["AccountAssignments"][0];
        let input = json!({"TargetId": row["AccountId"], "TargetType": "AWS_ACCOUNT", "PermissionSetArn": row["PermissionSetArn"], "PrincipalType": "USER", "PrincipalId": alice});
        let asked = bench.access("DeleteAccountAssignment", input);
        let id = json!({"AccountAssignmentDeletionRequestId": asked["AccountAssignmentDeletionStatus"]["RequestId"]});
        bench.wait(2);
        let done = bench.access("DescribeAccountAssignmentDeletionStatus", id);
        assert_eq!(done["AccountAssignmentDeletionStatus"]["Status"], status);
    }
}

#[test]
fn letter_case_may_not_count() {
    let bench = bench(&["ignore-case"]);
    for (operation, path, value) in [
        ("GetUserId", "userName", "ALICE"),
        ("GetUserId", "emails.value", "carol.diaz@example.COM"),
        ("GetGroupId", "displayName", "oncall"),
    ] {
        assert_eq!(find(&bench, operation, path, value).0, 200, "{value}");
    }
    for (operation, input) in [
        ("CreateUser", zed("Alice", "new@example.com")),
        ("CreateUser", zed("zed", "ALICE@example.com")),
        ("CreateGroup", json!({"DisplayName": "ONCALL"})),
    ] {
        assert_eq!(bench.error(operation, input).0, "ConflictException");
    }
}

#[test]
fn deletions_may_leave_memberships_and_succeed_twice() {
    let bench = bench(&["keep-memberships", "delete-missing"]);
    let alice = bench.user("alice");
    let group = json!({"GroupId": bench.group("OnCall")});
    for _ in 0..2 {
        bench.ok("DeleteUser", json!({"UserId": alice}));
    }
    bench.ok("DeleteGroup", json!({"GroupId": NOBODY}));
    bench.ok("DeleteGroupMembership", json!({"MembershipId": NOBODY}));
    let list = bench.ok("ListGroupMemberships", group);
    assert_eq!(list["GroupMemberships"].as_array().map(Vec::len), Some(3));
    // The file may hold what the scenario leaves behind.
    crate::Sandbox::open(bench.sandbox.path()).expect("a sound file");
}

#[test]
fn updates_may_be_partial_and_user_names_fixed() {
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
        let bench = bench(settings);
        let id = bench.user("alice");
        assert_eq!(bench.error("UpdateUser", json!({"UserId": id, "Operations": operations})).0, VALIDATION);
        let alice = bench.ok("DescribeUser", json!({"UserId": id}));
        assert_eq!((alice["Title"].as_str(), alice["UserName"].as_str()), (title, Some(name)));
    }
}

#[test]
fn a_name_that_is_taken_may_leave_a_part_of_an_update() {
    let operations = json!([
        {"AttributePath": "title", "AttributeValue": "Kept"},
        {"AttributePath": "userName", "AttributeValue": "bob"},
    ]);
    for (settings, title) in [(&[][..], "Site Reliability Engineer"), (&["partial-updates"], "Kept")] {
        let bench = bench(settings);
        let id = bench.user("alice");
        let refused = bench.error("UpdateUser", json!({"UserId": id, "Operations": operations}));
        assert_eq!(refused.0, "ConflictException");
        assert_eq!(bench.ok("DescribeUser", json!({"UserId": id}))["Title"], title);
    }
}

#[test]
fn assignments_may_take_longer_and_name_groups() {
    let bench = bench(&["group-rows", "assignment-time=30s"]);
    let alice = bench.user("alice");
    let principal = json!({"PrincipalId": alice, "PrincipalType": "USER"});
    let rows = bench.access("ListAccountAssignmentsForPrincipal", principal);
    let rows = rows["AccountAssignments"].as_array().cloned().unwrap_or_default();
    let groups = rows.iter().filter(|row| row["PrincipalType"] == "GROUP").count();
    assert!(groups > 0 && rows.len() > groups, "{rows:?}");
    let set = sample::TEXT.split("\"PermissionSetArn\": \"").nth(1).and_then(|rest| rest.split('"').next());
    let input = json!({"TargetId": "111122223333", "TargetType": "AWS_ACCOUNT", "PermissionSetArn": set, "PrincipalType": "USER", "PrincipalId": alice});
    let asked = bench.access("CreateAccountAssignment", input);
    let id = json!({"AccountAssignmentCreationRequestId": asked["AccountAssignmentCreationStatus"]["RequestId"]});
    let status = || {
        bench.access("DescribeAccountAssignmentCreationStatus", id.clone())["AccountAssignmentCreationStatus"]["Status"]
            .clone()
    };
    bench.wait(20);
    assert_eq!(status(), "IN_PROGRESS");
    bench.wait(11);
    assert_eq!(status(), "SUCCEEDED");
}
