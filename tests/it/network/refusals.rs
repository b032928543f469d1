//! What AWS refuses, and what others did meanwhile: it is told as what it is, and of nobody else.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{self, Spelling};
use super::client::{ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::response::Response;
use super::upstream::Upstream;

const ALICE: &str = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";

fn error(code: &str, more: &Value) -> Response {
    aws::error(code, Spelling::ALL[0], more)
}

fn denied() -> Response {
    error("AccessDeniedException", &json!({}))
}

/// A server that refuses an operation so many times.
fn refusing(operation: &'static str, times: usize, refusal: Response) -> Server {
    Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| {
        (request.operation() == operation && nth <= times).then(|| Fault::Say(refusal.clone()))
    })
}

const ALWAYS: usize = usize::MAX;

/// AWS says that a group is gone and not which; then each is asked about alone.
#[test]
fn a_refusal_is_told_of_each_group_where_not_all_are_refused_at_once() {
    let gone = error("ResourceNotFoundException", &json!({"ResourceType": "GROUP"}));
    for (groups, first, calls, is_of_each) in [
        ("Engineering,Research", denied(), 1, false),
        ("Engineering,Nothing", denied(), 1, true),
        ("Engineering,Research", gone, 3, true),
    ] {
        let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, nth| {
            let said = if nth == 1 { first.clone() } else { denied() };
            (request.operation() == "IsMemberInGroups").then_some(Fault::Say(said))
        });
        let args = json!({"userName": "alice", "groups": groups});
        let said = ask("check-group-membership", &args, &params(&server)).error_with(&["Access denied"]);
        assert_eq!(said.contains("Of 2 of 2 groups it is not known"), is_of_each, "{said}");
        assert_eq!(said.contains("look whether user alice is in group Engineering"), is_of_each, "{said}");
        assert_eq!(server.seen_of("IsMemberInGroups").len(), calls, "{said}");
    }
}

#[test]
fn whether_a_user_is_in_a_group_is_known_without_the_users_name() {
    let server = refusing("DescribeUser", ALWAYS, denied());
    let args = json!({"userId": ALICE, "groups": "Engineering"});
    let entries = ask("check-group-membership", &args, &params(&server)).success();
    assert_eq!(entries[0]["Contents"][0]["IsMember"], true);
}

#[test]
fn whoever_is_protected_by_id_is_told_from_others_without_their_names() {
    let server = refusing("DescribeUser", ALWAYS, denied());
    let protected = with(params(&server), json!({"protectedUsers": ALICE}));
    let end = |id: &str| ask("delete-group-membership", &json!({"membershipId": id}), &protected);
    end("ff53a46f-5ead-703a-84c4-b877678537a3").error_with(&["is protected"]);
    let of_bob = end("a398d022-d435-1df4-8322-905089933837").success();
    assert_eq!(of_bob[0]["Contents"][0]["Outcome"], "removed");
}

#[test]
fn a_directory_that_looks_nobody_up_by_name_is_asked_for_a_list() {
    for (look, command, argument, name, member) in [
        ("GetUserId", "get-user", "userName", "alice", "UserName"),
        ("GetGroupId", "get-group", "groupName", "OnCall", "DisplayName"),
    ] {
        let legacy = refusing(look, ALWAYS, error("UnknownOperationException", &json!({})));
        let entries = ask(command, &json!({argument: name}), &params(&legacy)).success();
        assert_eq!(entries[0]["Contents"][member], name);
        ask(command, &json!({argument: "Nobody"}), &params(&legacy)).error_with(&["was not found in identity store"]);
        // What is denied is not asked for otherwise.
        let denying = refusing(look, ALWAYS, denied());
        ask(command, &json!({argument: name}), &params(&denying)).error_with(&["Access denied"]);
        assert_eq!(denying.seen().len(), 1, "{command}");
    }
}

/// Both were found by their names a moment ago.
#[test]
fn who_is_gone_meanwhile_is_told_from_whatever_else_is_wrong() {
    let gone = |kind: &str| error("ResourceNotFoundException", &json!({"ResourceType": kind}));
    let pair = json!({"userName": "alice", "groupName": "Research"});
    for (command, operation) in
        [("add-user-to-group", "CreateGroupMembership"), ("remove-user-from-group", "GetGroupMembershipId")]
    {
        for (refusal, told) in [
            (gone("GROUP"), "Group Research was not found in identity store"),
            (gone("USER"), "User alice was not found in identity store"),
            (denied(), "Access denied"),
        ] {
            let server = refusing(operation, ALWAYS, refusal);
            ask(command, &pair, &params(&server)).error_with(&[told]);
        }
    }
}

#[test]
fn a_membership_is_gone_only_where_aws_says_so() {
    let args = json!({"membershipId": "0f0f0f0f-1111-4222-8333-444444444444", "dryRun": true});
    let sound = Server::sound(&Arc::new(Upstream::sample()));
    let entries = ask("delete-group-membership", &args, &params(&sound)).success();
    assert_eq!(entries[0]["Contents"][0]["Outcome"], "was gone already");
    let denying = refusing("DescribeGroupMembership", ALWAYS, denied());
    ask("delete-group-membership", &args, &params(&denying)).error_with(&["would not be removed", "Access denied"]);
}

/// Somebody else is quicker, so many times.
#[test]
fn what_changes_all_the_time_is_tried_three_times_and_once_where_a_revision_is_given() {
    let alice = |more: Value| with(json!({"userName": "alice"}), more);
    let address = || alice(json!({"userEmailAddress": "a@example.org"}));
    for (command, operation, args, times, tries) in [
        ("update-user", "UpdateUser", address(), 2, 3),
        ("update-user", "UpdateUser", address(), 9, 3),
        ("update-user", "UpdateUser", with(address(), json!({"revision": "3"})), 9, 1),
        ("update-group", "UpdateGroup", json!({"groupName": "OnCall", "description": "D", "revision": "1"}), 9, 1),
        ("delete-user", "DeleteUser", alice(json!({"revision": "3"})), 9, 1),
        ("delete-group", "DeleteGroup", json!({"groupName": "Research", "revision": "1"}), 9, 1),
    ] {
        let changed = error("ConflictException", &json!({"Reason": "CONCURRENT_MODIFICATION"}));
        let server = refusing(operation, times, changed);
        let answer = ask(command, &args, &params(&server));
        if times < tries {
            answer.success();
        } else {
            answer.error_with(&["was changed by somebody else meanwhile"]);
        }
        assert_eq!(server.seen_of(operation).len(), tries, "{command} {args}");
    }
}

/// AWS may have made those before it.
#[test]
fn only_where_aws_takes_one_of_several_changes_for_wrong_some_may_have_been_made() {
    for (command, operation, one, another) in [
        ("update-user", "UpdateUser", json!({"userName": "alice", "title": "T"}), json!({"nickName": "N"})),
        (
            "update-group",
            "UpdateGroup",
            json!({"groupName": "OnCall", "description": "D"}),
            json!({"newDisplayName": "N"}),
        ),
    ] {
        let both = with(one.clone(), another);
        let wrong = || error("ValidationException", &json!({}));
        for (refusal, args, is_partly) in [(wrong(), &both, true), (wrong(), &one, false), (denied(), &both, false)] {
            let said = ask(command, args, &params(&refusing(operation, ALWAYS, refusal))).error();
            assert_eq!(said.contains("may have been made"), is_partly, "{command} {args}: {said}");
        }
    }
}
