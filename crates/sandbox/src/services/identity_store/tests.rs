//! The behavior of the operations beyond the constraints of the model.

use serde_json::{Value, json};

use crate::testing::TestSandbox;

const VALIDATION: &str = "ValidationException";
const CONFLICT: &str = "ConflictException";
const NOT_FOUND: &str = "ResourceNotFoundException";
const MISSING_ID: &str = "00000000-0000-4000-8000-000000000000";

fn zed() -> Value {
    json!({
        "UserName": "zed",
        "DisplayName": "Zed",
        "Name": {"GivenName": "Zed", "FamilyName": "Zulu"},
    })
}

fn with(mut value: Value, member: &str, new: Value) -> Value {
    value[member] = new;
    value
}

/// Checks that each operation fails with that code and message, and does not change the file.
fn check_refused(fixture: &TestSandbox, cases: &[(&str, Value, &str, &str)]) {
    for (operation, input, code, message) in cases {
        let before = fixture.text();
        let (actual_code, actual_message, body) = fixture.error(operation, input.clone());
        assert_eq!((actual_code.as_str(), actual_message.as_str()), (*code, *message));
        assert_eq!(body["RequestId"].as_str().map(str::len), Some(36));
        if *code == CONFLICT {
            assert_eq!(body["Reason"], "UNIQUENESS_CONSTRAINT_VIOLATION");
        }
        assert_eq!(fixture.text(), before, "{operation} changed the file");
    }
}

#[test]
fn create_of_an_invalid_object_is_refused() {
    let fixture = TestSandbox::new();
    let two = json!([{"Value": "a@example.com"}, {"Value": "b@example.com"}]);
    check_refused(
        &fixture,
        &[
            ("CreateUser", json!({}), VALIDATION, "userName is a required attribute"),
            (
                "CreateUser",
                json!({"UserName": "x"}),
                VALIDATION,
                "displayname: The attribute displayname is required, name: The attribute name is required",
            ),
            (
                "CreateUser",
                with(zed(), "Name", json!({"GivenName": "Zed"})),
                VALIDATION,
                "familyname: The attribute familyname is required",
            ),
            ("CreateUser", with(zed(), "Emails", two), VALIDATION, "List attribute emails exceeds allowed limit of 1"),
            (
                "CreateUser",
                with(zed(), "DisplayName", "x".repeat(1025).into()),
                VALIDATION,
                "1 validation error detected: Value at 'displayName' failed to satisfy constraint: \
             Member must have length less than or equal to 1024",
            ),
            (
                "CreateUser",
                with(with(zed(), "UserName", "u".repeat(129).into()), "Title", "t".repeat(1025).into()),
                VALIDATION,
                "2 validation errors detected: Value at 'userName' failed to satisfy constraint: \
             Member must have length less than or equal to 128; Value at 'title' failed to satisfy \
             constraint: Member must have length less than or equal to 1024",
            ),
            (
                "CreateUser",
                with(zed(), "UserName", "Administrator".into()),
                VALIDATION,
                "The name Administrator is reserved",
            ),
            (
                "CreateGroup",
                json!({"DisplayName": "AWSAdministrators"}),
                VALIDATION,
                "The name AWSAdministrators is reserved",
            ),
            ("CreateGroup", json!({}), VALIDATION, "displayname: The attribute displayname is required"),
        ],
    );
}

#[test]
fn create_of_a_duplicate_is_refused() {
    let fixture = TestSandbox::new();
    let alice = fixture.user("alice");
    let member = json!({"GroupId": fixture.group("OnCall"), "MemberId": {"UserId": alice}});
    let taken = json!([{"Value": "alice@example.com"}]);
    check_refused(
        &fixture,
        &[
            ("CreateUser", with(zed(), "UserName", "alice".into()), CONFLICT, "Duplicate UserName"),
            ("CreateUser", with(zed(), "Emails", taken), CONFLICT, "Duplicate Email"),
            ("CreateGroup", json!({"DisplayName": "OnCall"}), CONFLICT, "Duplicate GroupDisplayName"),
            ("CreateGroupMembership", member, CONFLICT, "Member and Group relationship already exists"),
            (
                "CreateNothing",
                json!({}),
                "UnknownOperationException",
                "Unknown operation: AWSIdentityStore.CreateNothing",
            ),
        ],
    );
}

#[test]
fn operation_on_a_missing_object_is_not_found() {
    let fixture = TestSandbox::new();
    let user = json!({"UserId": MISSING_ID});
    let group = json!({"GroupId": MISSING_ID});
    let membership = json!({"MembershipId": MISSING_ID});
    for (operation, input, resource) in [
        ("DescribeUser", user.clone(), "USER"),
        ("DeleteUser", user.clone(), "USER"),
        ("ListGroupMembershipsForMember", json!({"MemberId": user}), "USER"),
        ("DescribeGroup", group.clone(), "GROUP"),
        ("DeleteGroup", group.clone(), "GROUP"),
        ("ListGroupMemberships", group, "GROUP"),
        ("DeleteGroupMembership", membership, "GROUP_MEMBERSHIP"),
        ("ListUsers", json!({"IdentityStoreId": "d-0123456789"}), "IDENTITY_STORE"),
    ] {
        let (code, message, body) = fixture.error(operation, input);
        assert_eq!((code, message), (NOT_FOUND.to_owned(), format!("{resource} not found.")));
        assert_eq!(body["ResourceType"], resource);
        assert!(body["ResourceId"] == MISSING_ID || body["ResourceId"] == "d-0123456789");
    }
}

#[test]
fn user_by_unique_attribute_is_found_exactly() {
    let fixture = TestSandbox::new();
    let by = |path: &str, value: &str| {
        let attribute = json!({"AttributePath": path, "AttributeValue": value});
        let input = json!({"AlternateIdentifier": {"UniqueAttribute": attribute}});
        fixture.call("GetUserId", input)
    };
    for (path, value, found) in [
        ("userName", "alice", true),
        ("USERNAME", "alice", true),
        ("userName", "Alice", false),
        ("emails.value", "Carol.Diaz@Example.com", true),
        ("emails.value", "carol.diaz@example.com", false),
        ("Emails.Value", "erik@example.com", true),
        ("emails.value", "erik.haddad@contractors.example.org", true),
    ] {
        assert_eq!(by(path, value).0 == 200, found, "{path} {value}");
    }
    for path in ["displayName", "emails", "title"] {
        assert_eq!(by(path, "x").1["__type"], VALIDATION);
    }
    let grace = fixture.ok("DescribeUser", json!({"UserId": fixture.user("grace@corp.example.com")}));
    let external_id = json!({"AlternateIdentifier": {"ExternalId": grace["ExternalIds"][0]}});
    assert_eq!(fixture.ok("GetUserId", external_id)["UserId"], grace["UserId"]);
}

#[test]
fn user_by_address_of_several_users_is_the_one_with_it_as_primary() {
    let fixture = TestSandbox::new();
    let address = "erik.haddad@contractors.example.org";
    let emails = json!([{"AttributePath": "emails", "AttributeValue": [{"value": address, "primary": true}]}]);
    let pat = fixture.user("pat.oneil");
    fixture.ok("UpdateUser", json!({"UserId": pat, "Operations": emails}));
    let attribute = json!({"AttributePath": "emails.value", "AttributeValue": address});
    let found = fixture.ok("GetUserId", json!({"AlternateIdentifier": {"UniqueAttribute": attribute}}));
    assert_eq!(found["UserId"], pat);
}

#[test]
fn change_with_an_old_revision_is_a_conflict() {
    let fixture = TestSandbox::new();
    let id = fixture.user("bob");
    let update = |revision: &str| {
        let title = json!([{"AttributePath": "title", "AttributeValue": "T"}]);
        fixture.call("UpdateUser", json!({"UserId": id, "Operations": title, "Revision": revision}))
    };
    assert_eq!(update("1").1["Revision"], "2");
    let (status, error) = update("1");
    assert_eq!((status, &error["Reason"]), (400, &json!("CONCURRENT_MODIFICATION")));
    let (_, _, error) = fixture.error("DeleteUser", json!({"UserId": id, "Revision": "1"}));
    assert_eq!(error["__type"], CONFLICT);
    fixture.ok("DeleteUser", json!({"UserId": id, "Revision": "2"}));
}

#[test]
fn deletion_of_a_user_removes_memberships_and_keeps_assignments() {
    let fixture = TestSandbox::new();
    let alice = fixture.user("alice");
    let group = json!({"GroupId": fixture.group("OnCall")});
    let count = || {
        let list = fixture.ok("ListGroupMemberships", group.clone());
        list["GroupMemberships"].as_array().map(Vec::len)
    };
    assert_eq!(count(), Some(3));
    fixture.ok("DeleteUser", json!({"UserId": alice}));
    assert_eq!(count(), Some(2));
    let principal = alice.as_str().unwrap_or_default();
    let lines = fixture.text().lines().filter(|line| line.contains(principal)).count();
    // The lines of her assignment, and of bob, whose manager she was.
    assert_eq!(lines, 2);
    fixture.ok("DeleteGroup", group.clone());
    assert_eq!(fixture.error("ListGroupMemberships", group).0, NOT_FOUND);
}

#[test]
fn arn_instead_of_an_id_is_accepted() {
    let fixture = TestSandbox::new();
    let store = fixture.ok("DescribeIdentityStore", json!({}))["IdentityStoreArn"].clone();
    let alice = fixture.ok("DescribeUser", json!({"UserId": fixture.user("alice")}));
    let by_arn = json!({"UserId": alice["UserArn"], "IdentityStoreId": store});
    assert_eq!(fixture.ok("DescribeUser", by_arn), alice);
    let (code, ..) = fixture.error("DescribeGroup", json!({"GroupId": alice["UserArn"]}));
    assert_eq!(code, NOT_FOUND);
}

#[test]
fn filter_matches_exactly_by_the_supported_path_only() {
    let fixture = TestSandbox::new();
    let list = |operation: &str, path: &str, value: &str| {
        let filter = json!([{"AttributePath": path, "AttributeValue": value}]);
        fixture.call(operation, json!({"Filters": filter}))
    };
    assert_eq!(list("ListUsers", "UserName", "bob").1["Users"].as_array().map(Vec::len), Some(1));
    assert_eq!(list("ListUsers", "UserName", "bo*").1["Users"], json!([]));
    assert_eq!(list("ListGroups", "displayName", "OnCall").1["Groups"].as_array().map(Vec::len), Some(1));
    assert_eq!(list("ListUsers", "DisplayName", "x").1["__type"], VALIDATION);
    assert_eq!(list("ListGroups", "UserName", "x").1["__type"], VALIDATION);
}
