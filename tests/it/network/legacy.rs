//! A directory that looks nobody up by name, and lists in a way of its own: what it lists is held against what was asked
//! for.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{Spelling, error};
use super::client::{Answer, ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::odd_answers::say;
use super::request::Request;
use super::upstream::Upstream;

/// What is looked up: users or groups.
#[derive(Clone, Copy)]
struct Kind {
    look: &'static str,
    list: &'static str,
    describe: &'static str,
    member: &'static str,
    id: &'static str,
    name: &'static str,
    command: &'static str,
    argument: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        look: "GetUserId",
        list: "ListUsers",
        describe: "DescribeUser",
        member: "Users",
        id: "UserId",
        name: "UserName",
        command: "get-user",
        argument: "userName",
    },
    Kind {
        look: "GetGroupId",
        list: "ListGroups",
        describe: "DescribeGroup",
        member: "Groups",
        id: "GroupId",
        name: "DisplayName",
        command: "get-group",
        argument: "groupName",
    },
];

/// The names on each page of a list.
type Pages = &'static [&'static [&'static str]];

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// Lists these pages of names whatever the filter is; the id of the n-th name ends in n.
fn ignoring_filters(kind: Kind, pages: Pages) -> Server {
    let item = move |number: usize, name: &str| json!({kind.id: id(number), kind.name: name});
    let all: Vec<Vec<Value>> = pages
        .iter()
        .scan(0, |number, page| {
            Some(
                page.iter()
                    .map(|name| {
                        *number += 1;
                        item(*number, name)
                    })
                    .collect(),
            )
        })
        .collect();
    Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
        let (operation, body) = (request.operation(), body(request));
        if operation == kind.look {
            return Some(Fault::Say(error("UnknownOperationException", Spelling::ALL[0], &json!({}))));
        }
        if operation == kind.describe {
            return Some(say(all.iter().flatten().find(|item| item[kind.id] == body[kind.id]).unwrap()));
        }
        (operation == kind.list).then(|| {
            let page: usize = body["NextToken"].as_str().map_or(0, |token| token.parse().unwrap());
            let next = if page + 1 < all.len() { json!((page + 1).to_string()) } else { Value::Null };
            say(&json!({kind.member: all[page], "NextToken": next}))
        })
    })
}

fn id(number: usize) -> String {
    format!("90000000-0000-4000-8000-00000000000{number}")
}

fn look_for(kind: Kind, name: &str, server: &Server) -> Answer {
    ask(kind.command, &json!({kind.argument: name}), &params(server))
}

#[test]
fn legacy_list_that_ignores_the_filter_gives_the_named_one_or_none() {
    const COMPOSED: &str = "jos\u{e9}";
    const DECOMPOSED: &str = "jose\u{301}";
    let cases: [(Pages, &str, Result<usize, &str>); 12] = [
        (&[&["root", "bob"]], "bob", Ok(2)),
        (&[&["root"], &[], &["anna", "bob"]], "bob", Ok(3)),
        (&[&["root", "Bob", "BOB"]], "bob", Err("was not found")),
        (&[&["root", "bobby", " bob"]], "bob", Err("was not found")),
        (&[&[]], "bob", Err("was not found")),
        (&[&["bob", "bob"]], "bob", Err("is not one ")),
        (&[&["root", DECOMPOSED]], COMPOSED, Ok(2)),
        (&[&["root", COMPOSED]], DECOMPOSED, Ok(2)),
        (&[&[DECOMPOSED], &[COMPOSED]], COMPOSED, Ok(2)),
        (&[&["JOS\u{c9}"]], COMPOSED, Err("was not found")),
        (&[&["jose"]], COMPOSED, Err("was not found")),
        // Both are the same text, and neither is what was written.
        (&[&["e\u{323}\u{302}"], &["\u{1eb9}\u{302}"]], "\u{1ec7}", Err("is not one ")),
    ];
    for kind in KINDS {
        for (pages, name, expected) in cases {
            let answer = look_for(kind, name, &ignoring_filters(kind, pages));
            match expected {
                Ok(number) => assert_eq!(answer.success()[0]["Contents"][kind.id], id(number), "{pages:?} {name}"),
                Err(words) => drop(answer.error_with(&[words])),
            }
        }
    }
}

#[test]
fn legacy_list_with_a_repeated_token_fails() {
    for kind in KINDS {
        let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
            if request.operation() == kind.look {
                return Some(Fault::Say(error("UnknownOperationException", Spelling::ALL[0], &json!({}))));
            }
            (request.operation() == kind.list).then(|| say(&json!({kind.member: [], "NextToken": "again"})))
        });
        look_for(kind, "bob", &server).error_with(&["the same page token came twice"]);
    }
}

/// landing-zone-accelerator-on-aws #667.
#[test]
fn legacy_list_that_refuses_the_filter_is_read_without_one() {
    for (kind, name) in KINDS.into_iter().zip(["bob", "OnCall"]) {
        let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
            let refusal = |code, more| Some(Fault::Say(error(code, Spelling::ALL[0], &more)));
            match request.operation() {
                operation if operation == kind.look => refusal("UnknownOperationException", json!({})),
                operation if operation == kind.list && !body(request)["Filters"].is_null() => refusal(
                    "ValidationException",
                    json!({"Message": "Filter is deprecated, please remove filter from request."}),
                ),
                _ => None,
            }
        });
        assert_eq!(look_for(kind, name, &server).success()[0]["Contents"][kind.name], name);
        look_for(kind, "Nobody", &server).error_with(&["was not found in identity store"]);
    }
}

#[test]
fn delete_user_with_an_ignored_filter_deletes_nobody_else() {
    let server = Server::faulty(&Arc::new(Upstream::sample()), |request, _| match request.operation().as_str() {
        "GetUserId" => Some(Fault::Say(error("UnknownOperationException", Spelling::ALL[0], &json!({})))),
        "ListUsers" => Some(say(&json!({"Users": [{"UserId": id(1), "UserName": "root"}]}))),
        _ => None,
    });
    let protected = with(params(&server), json!({"protectedUsers": id(1)}));
    ask("delete-user", &json!({"userName": "bob"}), &protected).error_with(&["User bob was not found"]);
    assert_eq!(server.seen_of("DeleteUser").len(), 0);
}
