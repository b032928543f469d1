//! Searches, of which AWS knows nothing: they go on where they ended, within a page and after one.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{Spelling, error};
use super::client::{Answer, ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::odd_answers::say;
use super::upstream::Upstream;

fn users(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"UserId": name, "UserName": name, "IdentityStoreId": "d-9067f2a1b3"})).collect()
}

/// A server with two pages of users, the second of which is answered so.
fn server(second: Fault) -> Server {
    let first = json!({"Users": users(&["anna", "carla", "bert"]), "NextToken": "second"});
    Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        Some(if asked["NextToken"] == "second" { second.clone() } else { say(&first) })
    })
}

/// Searches for whoever has an a in the name.
fn search(server: &Server, more: Value) -> Answer {
    ask("list-users", &with(json!({"search": "a"}), more), &params(server))
}

fn token(entries: &[Value]) -> Value {
    entries[0]["EntryContext"]["AWS.IAM.IdentityCenter(true)"]["UserNextToken"].clone()
}

#[test]
fn a_search_goes_on_after_the_user_with_whom_it_ended() {
    let server = server(say(&json!({"Users": users(&["dana", "emil"])})));
    let find = |more: Value| {
        let before = server.seen().len();
        let entries = search(&server, more).success();
        let found = entries[0]["Contents"].as_array().unwrap().iter();
        let names: Vec<_> = found.map(|user| user["UserName"].as_str().unwrap()).collect();
        (names.join(" "), server.seen().len() - before, token(&entries))
    };
    assert_eq!(find(json!({})), ("anna carla dana".to_owned(), 2, json!("")));
    let mut next = Value::Null;
    for name in ["anna", "carla", "dana"] {
        let (found, calls, after) = find(json!({"limit": 1, "nextToken": next}));
        assert_eq!((found.as_str(), calls), (name, 1));
        next = after;
    }
    assert_eq!(next, "");
}

#[test]
fn a_search_that_breaks_off_tells_whom_it_found_and_goes_on_there() {
    let server = server(Fault::Say(error("AccessDeniedException", Spelling::ALL[0], &json!({}))));
    let answer = search(&server, json!({}));
    answer.error_with(&["Access denied"]);
    let entries = answer.output.entries();
    assert_eq!(entries[0]["Contents"].as_array().map(Vec::len), Some(2), "{entries:?}");
    // There is nothing to tell of but the refusal.
    let again = search(&server, json!({"nextToken": token(&entries)}));
    again.error_with(&["Access denied"]);
    assert_eq!(again.output.entries().len(), 1, "{again:?}");
}
