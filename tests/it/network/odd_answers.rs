//! Answers that AWS's model allows and nobody expects: members that are absent, pages that are empty, lists that leave
//! something out.

use std::process::Stdio;
use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{Spelling, error};
use super::client::{ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::response::Response;
use super::upstream::Upstream;
use crate::process::{self, Sandbox};

const ALICE: &str = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";
const RESEARCH: &str = "68e58909-ccb2-b416-525a-56c9a30f4300";

pub fn say(body: &Value) -> Fault {
    Fault::Say(Response::new(200, "application/x-amz-json-1.1", body.to_string()))
}

/// A server that answers an operation so, from the first time on.
pub fn server(operation: &'static str, answers: Vec<Value>) -> Server {
    Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| {
        (request.operation() == operation).then(|| match answers.get(nth - 1).or(answers.last()).unwrap() {
            Value::String(code) => Fault::Say(error(code, Spelling::ALL[0], &json!({}))),
            body => say(body),
        })
    })
}

#[test]
fn a_membership_that_does_not_say_whose_it_is_may_be_a_protected_one() {
    let anonymous = json!({"MembershipId": "ff53a46f-5ead-703a-84c4-b877678537a3", "IdentityStoreId": "d-9067f2a1b3"});
    let listed = json!({"GroupMemberships": [anonymous]});
    for (operation, answer, command, args, protection) in [
        (
            "ListGroupMembershipsForMember",
            &listed,
            "remove-user-from-all-groups",
            json!({"userName": "alice"}),
            "Groups",
        ),
        ("ListGroupMembershipsForMember", &listed, "delete-user", json!({"userName": "alice"}), "Groups"),
        ("ListGroupMemberships", &listed, "delete-group", json!({"groupName": "OnCall"}), "Users"),
        (
            "DescribeGroupMembership",
            &anonymous,
            "delete-group-membership",
            json!({"membershipId": anonymous["MembershipId"]}),
            "Users",
        ),
    ] {
        let server = server(operation, vec![answer.clone()]);
        let name = if protection == "Users" { "bob" } else { "Billing" };
        let protection = json!({format!("protected{protection}"): name});
        let error = ask(command, &args, &with(params(&server), protection)).error();
        assert!(error.contains("may be protected"), "{command}: {error}");
        let changing = server.seen().into_iter().filter(|seen| seen.operation.starts_with("Delete")).count();
        assert_eq!(changing, 0, "{command}");
    }
}

#[test]
fn a_list_that_breaks_off_before_it_began_is_not_an_empty_one() {
    let server = server(
        "ListGroupMembershipsForMember",
        vec![json!({"GroupMemberships": [], "NextToken": "next"}), "AccessDeniedException".into()],
    );
    let answer = ask("remove-user-from-all-groups", &json!({"userName": "alice"}), &params(&server));
    let error = answer.error_with(&["Access denied", "There may be more groups"]);
    assert!(!answer.output.stdout.contains("is in no group"), "{error}");
}

#[test]
fn a_group_that_aws_says_nothing_of_is_not_known() {
    let engineering = "45ac16b9-c20d-bc21-0f8a-7abff2e91ac7";
    for results in [json!([]), json!([{"GroupId": engineering, "MemberId": {"UserId": ALICE}}])] {
        let server = server("IsMemberInGroups", vec![json!({"Results": results})]);
        let args = json!({"userName": "alice", "groups": "Engineering"});
        ask("check-group-membership", &args, &params(&server)).error_with(&["1 of 1 groups", "did not say"]);
    }
    // The same group in two spellings is one.
    let args = json!({"userName": "alice", "groups": [engineering, engineering.to_uppercase(), "Engineering"]});
    let entries = ask("check-group-membership", &args, &params(&server_without_faults())).success();
    assert_eq!(entries[0]["Contents"].as_array().unwrap().len(), 1);
}

fn server_without_faults() -> Server {
    Server::sound(&Arc::new(Upstream::sample()))
}

#[test]
fn a_server_that_knows_no_revisions_cannot_be_trusted_with_one() {
    let user = json!({"UserId": ALICE, "UserName": "alice", "IdentityStoreId": "d-9067f2a1b3"});
    let group = json!({"GroupId": RESEARCH, "DisplayName": "Research", "IdentityStoreId": "d-9067f2a1b3"});
    for (command, look, there, args) in [
        ("delete-user", "DescribeUser", &user, json!({"userName": "alice"})),
        ("update-user", "DescribeUser", &user, json!({"userName": "alice", "title": "T"})),
        ("delete-group", "DescribeGroup", &group, json!({"groupName": "Research"})),
        ("update-group", "DescribeGroup", &group, json!({"groupName": "Research", "description": "D"})),
    ] {
        for dry_run in [true, false] {
            let server = server(look, vec![there.clone()]);
            let args = with(args.clone(), json!({"revision": "1", "dryRun": dry_run}));
            ask(command, &args, &params(&server)).error_with(&["tells no revision"]);
            let changes = |operation: &str| operation.starts_with("Update") || operation.starts_with("Delete");
            assert!(!server.seen().iter().any(|seen| changes(&seen.operation)), "{command}");
        }
    }
}

#[test]
fn a_user_whose_name_looks_like_an_id_is_protected_by_it_everywhere() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::sound(&upstream);
    let name = "11111111-2222-3333-4444-555555555555";
    let user = json!({"userName": name, "givenName": "I", "displayName": "I D"});
    ask("create-user", &user, &params(&server)).success();
    ask("add-user-to-group", &json!({"userName": name, "groupName": "Research"}), &params(&server)).success();
    let members = ask("list-memberships", &json!({"groupName": "Research"}), &params(&server)).success();
    let membership = members[0]["Contents"][0]["MembershipId"].clone();
    let protected = with(params(&server), json!({"protectedUsers": name}));
    ask("delete-group-membership", &json!({"membershipId": membership}), &protected).error_with(&["is protected"]);
    ask("delete-group", &json!({"groupName": "Research"}), &protected).error_with(&["is protected"]);
    assert_eq!(
        ask("list-memberships", &json!({"groupName": "Research"}), &params(&server)).success()[0]["Contents"][0]["MembershipId"],
        membership
    );
}

#[test]
fn a_group_in_another_letter_case_is_protected_in_bulk_as_alone() {
    let server = server_without_faults();
    ask("create-group", &json!({"displayName": "engineering"}), &params(&server)).success();
    ask("add-user-to-group", &json!({"userName": "dora", "groupName": "engineering"}), &params(&server)).success();
    let protected = with(params(&server), json!({"protectedGroups": "Engineering"}));
    for (command, args) in [
        ("remove-user-from-group", json!({"userName": "dora", "groupName": "engineering"})),
        ("remove-user-from-all-groups", json!({"userName": "dora"})),
        ("delete-user", json!({"userName": "dora"})),
        ("update-group", json!({"groupName": "Billing", "newDisplayName": "ENGINEERING"})),
    ] {
        ask(command, &args, &protected).error_with(&["is protected"]);
    }
}

#[test]
fn a_user_in_another_letter_case_is_protected_in_bulk_as_alone() {
    let server = server_without_faults();
    let pair = json!({"userName": "BOB", "groupName": "Research"});
    ask("create-user", &json!({"userName": "BOB", "givenName": "B", "displayName": "B O"}), &params(&server)).success();
    let membership = ask("add-user-to-group", &pair, &params(&server)).success()[0]["Contents"]["MembershipId"].clone();
    let protected = with(params(&server), json!({"protectedUsers": "bob"}));
    for (command, args) in [
        ("remove-user-from-group", pair),
        ("delete-group-membership", json!({"membershipId": membership})),
        ("delete-group", json!({"groupName": "Research"})),
    ] {
        ask(command, &args, &protected).error_with(&["is protected"]);
    }
}

#[test]
fn the_test_button_tells_of_protection_that_protects_nothing() {
    let server = server_without_faults();
    let test = |users: Value, groups: Value| {
        let protection = json!({"protectedUsers": users, "protectedGroups": groups});
        ask("test-module", &json!({}), &with(params(&server), protection))
    };
    assert_eq!(test(json!(["bob", ALICE]), json!(["OnCall", RESEARCH])).success()[0]["Contents"], "ok");
    let nobody = "11111111-2222-3333-4444-555555555555";
    let named = format!("user noone, user {nobody}, group Nothing, group {nobody}.");
    test(json!(["bob", "noone", nobody]), json!(["Nothing", "OnCall", nobody]))
        .error_with(&["name what does not exist", &named]);
}

/// The first attempt is carried out and its answer lost; then a look at what is there is denied.
fn denied_after_a_lost_answer(change: &'static str, look: &'static str) -> Server {
    Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| match request.operation() {
        operation if operation == change && nth == 1 => Some(Fault::Lost),
        operation if operation == look => {
            Some(Fault::Say(error("AccessDeniedException", Spelling::ALL[0], &json!({}))))
        }
        _ => None,
    })
}

#[test]
fn a_look_that_is_denied_hides_nothing_that_is_known() {
    let again = |server: &Server| with(params(server), json!({"retries": 1}));
    let server = denied_after_a_lost_answer("CreateUser", "DescribeUser");
    let args = json!({"userName": "newbie", "givenName": "N", "displayName": "N B"});
    ask("create-user", &args, &again(&server))
        .error_with(&["User newbie exists, with the id", "may be that this command"]);

    let server = denied_after_a_lost_answer("CreateGroup", "DescribeGroup");
    ask("create-group", &json!({"displayName": "New"}), &again(&server)).error_with(&["Group New exists, with the id"]);

    let server = denied_after_a_lost_answer("CreateGroupMembership", "DescribeGroupMembership");
    let args = json!({"userName": "alice", "groupName": "Research"});
    let entries = ask("add-user-to-group", &args, &again(&server)).success();
    assert!(
        entries[0]["HumanReadable"].as_str().unwrap().contains("Whether that was so before is not known"),
        "{entries:?}"
    );

    // A name that is taken needs no look at the group that wants it.
    let server = denied_after_a_lost_answer("none", "DescribeGroup");
    let args = json!({"displayName": "OnCall", "newDisplayName": "Billing"});
    ask("update-group", &args, &params(&server)).error_with(&["Group Billing exists already"]);
}

#[test]
fn an_answer_is_not_lost_when_nobody_reads_standard_error() {
    let sandbox = Sandbox::new();
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let mut command = process::command();
    command.arg(format!("--sandbox={}", sandbox.file().display())).stderr(full()).stdout(Stdio::piped());
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let request = json!({"command": "test-module", "args": {"debug-mode": "true"}}).to_string();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), request.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stdout.starts_with(b"[{\"Type\":1,\"Contents\":\"ok\""), "{output:?}");
}

#[test]
fn a_page_that_cannot_be_read_ends_the_list_where_it_began() {
    let user = |id: &str| json!({"UserId": id, "UserName": id, "IdentityStoreId": "d-9067f2a1b3"});
    let page = |id: &str, next: &str| json!({"Users": [user(id)], "NextToken": next});
    let unreadable = json!({"Users": [user("good"), {"UserName": "without an id"}], "NextToken": "third"});
    let server = server("ListUsers", vec![page("first", "second"), unreadable.clone(), page("last", "")]);
    let entries = ask("list-users", &json!({}), &params(&server)).output.entries();
    let contents = entries[0]["Contents"].as_array().unwrap();
    assert_eq!(contents.len(), 1, "half a page is no page");
    assert_eq!(entries[0]["EntryContext"]["AWS.IAM.IdentityCenter(true)"]["UserNextToken"], "second");
    let error = entries[1]["Contents"].as_str().unwrap();
    assert!(error.contains("is not what AWS documents (missing field `UserId`"), "{error}");

    let server = self::server("ListUsers", vec![unreadable]);
    let error = ask("list-users", &json!({}), &params(&server)).error();
    assert!(error.contains("Failed to list the users"), "{error}");
}

fn user(name: &str, more: Value) -> Value {
    let id = format!("{}-e5c1-5b62-9362-da5cc13da58a", if name == "anna" { "aaaaaaaa" } else { "bbbbbbbb" });
    with(json!({"UserId": id, "IdentityStoreId": "d-9067f2a1b3", "UserName": name}), more)
}

#[test]
fn users_whose_status_aws_does_not_tell_are_counted_where_it_matters() {
    let users = json!({"Users": [user("anna", json!({})), user("bert", json!({"UserStatus": "ENABLED"}))]});
    let server = server("ListUsers", vec![users]);
    let filtered = ask("list-users", &json!({"status": "enabled"}), &params(&server)).success();
    assert_eq!(filtered[0]["Contents"].as_array().unwrap().len(), 1, "{filtered:?}");
    let word = "did not tell the status of 1 user, left out of the list.";
    assert!(json!(filtered).to_string().contains(word), "{filtered:?}");
    for args in [json!({}), json!({"search": "bert"})] {
        let listed = json!(ask("list-users", &args, &params(&server)).success()).to_string();
        assert!(!listed.contains("did not tell the status"), "{args}: {listed}");
    }
}

#[test]
fn an_address_that_several_users_have_is_told_with_a_word() {
    let with_address = |address: &str| json!({"Emails": [{"Value": address, "Primary": true}]});
    for (second, word) in [("Shared@example.com", true), ("other@example.com", false)] {
        let users =
            json!({"Users": [user("anna", with_address("shared@example.com")), user("bert", with_address(second))]});
        let server =
            Server::faulty(&Arc::new(Upstream::sample()), move |request, _| match request.operation().as_str() {
                "GetUserId" => Some(Fault::Say(error("ResourceNotFoundException", Spelling::ALL[0], &json!({})))),
                "ListUsers" => Some(say(&users)),
                _ => None,
            });
        let args = json!({"emailAddress": "SHARED@example.com"});
        let told = json!(ask("get-user-by-email", &args, &params(&server)).success()).to_string();
        assert_eq!(told.contains("2 users have the email address SHARED@example.com"), word, "{told}");
    }
}

#[test]
fn an_identity_store_that_is_not_given_is_found_if_there_is_one_only() {
    let denied = || Value::from("AccessDeniedException");
    let none = || json!({"IdentityStores": []});
    let several = json!({"IdentityStores": [{"IdentityStoreId": "d-1111111111"}, {"IdentityStoreId": "d-2222222222"}]});
    let one = || json!({"IdentityStores": [{"IdentityStoreId": "d-9067f2a1b3"}]});
    for (stores, instances, wrong) in [
        (one(), denied(), None),
        // The instances know it as well.
        (denied(), Value::Null, None),
        (none(), Value::Null, None),
        (several, Value::Null, Some("there are several: d-1111111111, d-2222222222. Give one")),
        (none(), denied(), Some("there is no identity store in this region")),
        (denied(), denied(), Some("identitystore:ListIdentityStores or sso:ListInstances")),
    ] {
        let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
            let said = match request.operation().as_str() {
                "ListIdentityStores" => &stores,
                "ListInstances" => &instances,
                _ => return None,
            };
            match said {
                Value::Null => None,
                Value::String(code) => Some(Fault::Say(error(code, Spelling::ALL[0], &json!({})))),
                body => Some(say(body)),
            }
        });
        let params = with(params(&server), json!({"IdentityStoreId": null}));
        let answer = ask("get-user", &json!({"userName": "alice"}), &params);
        match wrong {
            None => assert_eq!(answer.success()[0]["Contents"]["UserId"], ALICE),
            Some(wrong) => drop(answer.error_with(&[wrong])),
        }
    }
}

/// The SDK's own reading would fail: it knows times as numbers only.
#[test]
fn a_time_that_is_a_text_is_passed_on_as_it_came() {
    let user = json!({"UserId": ALICE, "UserName": "alice", "CreatedAt": "2026-01-12T08:30:00Z"});
    let server = server("DescribeUser", vec![user.clone()]);
    let entries = ask("get-user", &json!({"userName": "alice"}), &params(&server)).success();
    assert_eq!(entries[0]["Contents"]["CreatedAt"], user["CreatedAt"]);
}

#[test]
fn what_aws_tells_of_something_new_is_told() {
    for (command, operation, args, id) in [
        ("create-user", "CreateUser", json!({"userName": "new", "givenName": "N", "displayName": "N W"}), "UserId"),
        ("create-group", "CreateGroup", json!({"displayName": "New"}), "GroupId"),
    ] {
        let server = server(operation, vec![json!({id: ALICE, "NewMember": {"of": "2027"}})]);
        let entries = ask(command, &args, &params(&server)).success();
        assert_eq!(entries[0]["Contents"]["NewMember"], json!({"of": "2027"}), "{command}");
    }
}
