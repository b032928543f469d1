//! The calls that each command makes, counted: docs/performance.md has the table, and this holds it against what is
//! seen. `UPDATE_TEST_DATA=1` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};

use super::client::{ask, params, with};
use super::commands::SNAPSHOT;
use super::fault_server::Server;
use super::upstream::Upstream;
use crate::process::{all_commands, root};

const ALICE: &str = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a";
const ON_CALL: &str = "dd2ee150-d284-0277-789c-1af40ce8fcc9";

/// Which directory is asked.
#[derive(Clone, Copy, PartialEq)]
enum Directory {
    Sample,
    /// One user in each of 250 groups.
    ManyGroups,
    /// 250 users in one group.
    ManyUsers,
}

struct Case {
    command: &'static str,
    /// What is special about it.
    when: &'static str,
    directory: Directory,
    args: Value,
    params: Value,
}

fn case(command: &'static str, when: &'static str, args: Value) -> Case {
    Case { command, when, directory: Directory::Sample, args, params: json!({}) }
}

fn of_many(directory: Directory, command: &'static str, when: &'static str, args: Value) -> Case {
    Case { directory, ..case(command, when, args) }
}

/// Why fewer calls would not do.
const WHY: [(&str, &str); 26] = [
    ("test-module", "one call shows region, credentials, store and permission at once"),
    ("create-user", "AWS refuses what exists by itself; only then somebody wants to know its id"),
    ("get-user", "AWS looks up by id only; the name has to become one first"),
    ("get-user-by-email", "AWS finds exact matches only; every other spelling needs the whole directory"),
    ("list-users", "a page holds 100 at most"),
    ("update-user", "the name has to become an id; a list of addresses is replaced as a whole, so it is read before"),
    ("delete-user", "the name has to become an id"),
    ("create-group", "as create-user"),
    ("get-group", "as get-user"),
    ("list-groups", "a page holds 100 at most"),
    ("update-group", "the name has to become an id"),
    ("delete-group", "the name has to become an id"),
    (
        "list-groups-for-user",
        "a page holds 100 at most; names come by one call each, or by the pages of ListGroups if these are fewer",
    ),
    ("list-memberships", "as list-groups-for-user, with the users' names"),
    ("check-group-membership", "each name has to become an id; one call asks about 100 groups"),
    ("add-user-to-group", "both names have to become ids, which happens at the same time"),
    ("remove-user-from-group", "a membership is deleted by its own id"),
    ("remove-user-from-all-groups", "AWS deletes one membership a call; the names are looked up meanwhile"),
    ("delete-group-membership", "AWS deletes one membership a call"),
    ("list-user-access", "AWS lists the assignments of one user or group a call; each permission set is named once"),
    ("list-group-access", "as list-user-access"),
    (
        "find-orphaned-assignments",
        "AWS lists assignments by account and permission set; names come many a call, and who has none is asked for",
    ),
    ("contain-user", "as remove-user-from-all-groups and list-user-access; what is there is read before and after"),
    (
        "restore-user",
        "AWS gives one membership or assignment a call, and tells the name of one; what is there is read before and after",
    ),
    ("offboard-user", "as contain-user, and the deletion"),
    ("get-identity-store", "one for the store in use, one for the others, at the same time"),
];

fn cases() -> Vec<Case> {
    use Directory::{ManyGroups, ManyUsers};
    let ids = || json!(["e179f773-a6e0-f3c0-9514-b7dde2ad0478", "ff53a46f-5ead-703a-84c4-b877678537a3"]);
    let groups = json!(["OnCall", "Engineering", "Research"]);
    let protected = json!({"protectedUsers": "bob", "protectedGroups": "Billing"});
    let with = |params: &Value, case: Case| Case { params: params.clone(), ..case };
    vec![
        case("test-module", "", json!({})),
        with(&protected, case("test-module", "one user and one group are protected", json!({}))),
        with(&json!({"protectedUsers": "BOB"}), case("test-module", "a protected user in other letters", json!({}))),
        case("create-user", "", json!({"userName": "new", "givenName": "N", "displayName": "N W"})),
        case("create-user", "it exists", json!({"userName": "alice", "givenName": "N", "displayName": "N W"})),
        case("get-user", "by name", json!({"userName": "alice"})),
        case("get-user", "by id", json!({"userId": ALICE})),
        case("get-user-by-email", "as it is written", json!({"emailAddress": "alice@example.com"})),
        of_many(ManyUsers, "get-user-by-email", "250 users, nobody has it", json!({"emailAddress": "x@example.org"})),
        of_many(ManyUsers, "list-users", "250 users", json!({})),
        of_many(ManyUsers, "list-users", "250 users, limit 120", json!({"limit": 120})),
        of_many(ManyUsers, "list-users", "250 users, a search", json!({"search": "x"})),
        case("update-user", "a title", json!({"userName": "alice", "title": "T"})),
        case("update-user", "an email address", json!({"userName": "alice", "userEmailAddress": "a@example.org"})),
        case("update-user", "by id", json!({"userId": ALICE, "title": "T"})),
        with(
            &protected,
            case("update-user", "one user and one group are protected", json!({"userName": "alice", "title": "T"})),
        ),
        case("delete-user", "by name", json!({"userName": "alice"})),
        case("delete-user", "by id", json!({"userId": ALICE})),
        with(&protected, case("delete-user", "one user and one group are protected", json!({"userName": "alice"}))),
        case("create-group", "", json!({"displayName": "New"})),
        case("get-group", "by name", json!({"groupName": "OnCall"})),
        case("get-group", "by id", json!({"groupId": ON_CALL})),
        of_many(ManyGroups, "list-groups", "250 groups", json!({})),
        case("update-group", "", json!({"displayName": "OnCall", "description": "D"})),
        case("delete-group", "by name", json!({"groupName": "Research"})),
        with(
            &protected,
            case("delete-group", "one user and one group are protected", json!({"groupName": "Research"})),
        ),
        case("list-groups-for-user", "3 of 6 groups", json!({"userName": "alice"})),
        of_many(ManyGroups, "list-groups-for-user", "250 of 250 groups", json!({})),
        case("list-memberships", "3 of 10 users", json!({"groupName": "OnCall"})),
        of_many(ManyUsers, "list-memberships", "250 of 250 users", json!({})),
        case("check-group-membership", "3 groups by name", json!({"userName": "alice", "groups": groups})),
        of_many(ManyGroups, "check-group-membership", "250 groups by id", json!({})),
        case("add-user-to-group", "by names", json!({"userName": "alice", "groupName": "Research"})),
        case("add-user-to-group", "a member already", json!({"userName": "alice", "groupName": "OnCall"})),
        case("add-user-to-group", "by ids", json!({"userId": ALICE, "groupId": ON_CALL})),
        with(
            &protected,
            case(
                "add-user-to-group",
                "one user and one group are protected",
                json!({"userName": "alice", "groupName": "Research"}),
            ),
        ),
        case("remove-user-from-group", "", json!({"userName": "alice", "groupName": "OnCall"})),
        case("remove-user-from-all-groups", "3 of 6 groups", json!({"userName": "alice"})),
        with(
            &protected,
            case("remove-user-from-all-groups", "one user and one group are protected", json!({"userName": "alice"})),
        ),
        of_many(ManyGroups, "remove-user-from-all-groups", "250 of 250 groups", json!({})),
        case("delete-group-membership", "2 ids", json!({"membershipId": ids()})),
        with(
            &protected,
            case(
                "delete-group-membership",
                "2 ids, one user and one group are protected",
                json!({"membershipId": ids()}),
            ),
        ),
        case("list-user-access", "3 groups, 3 permission sets", json!({"userName": "alice"})),
        case("list-group-access", "", json!({"groupName": "OnCall"})),
        case("find-orphaned-assignments", "3 permission sets in 3 accounts", json!({})),
        case("find-orphaned-assignments", "2 accounts", json!({"accountId": "111122223333,444455556666"})),
        case("contain-user", "3 groups, 1 direct assignment", json!({"userName": "alice"})),
        case("contain-user", "the groups only", json!({"userName": "alice", "scope": "groups"})),
        case("contain-user", "nothing is changed", json!({"userName": "alice", "dryRun": true})),
        case(
            "restore-user",
            "1 group, 1 assignment",
            json!({"userName": "alice", "snapshot": SNAPSHOT, "allowUnverified": true}),
        ),
        case("offboard-user", "1 group, 1 direct assignment", json!({"userName": "erik"})),
        case("get-identity-store", "", json!({})),
    ]
}

/// The calls of a case, such as "`GetUserId`, 3 `ListUsers`".
fn counted(case: &Case, upstream: &Arc<Upstream>) -> String {
    let state = upstream.state();
    let mut args = case.args.clone();
    if case.directory != Directory::Sample
        && args == json!({})
        && !case.command.starts_with("list-users")
        && case.command != "list-groups"
    {
        let first = |list: &str, name: &str| state[list][0][name].clone();
        if case.command == "list-memberships" {
            args["groupName"] = first("groups", "DisplayName");
        } else {
            args["userName"] = first("users", "UserName");
        }
        if case.command == "check-group-membership" {
            let groups = state["groups"].as_array().unwrap().iter();
            args["groups"] = groups.map(|group| group["GroupId"].clone()).collect();
        }
    }
    let server = Server::sound(upstream);
    ask(case.command, &args, &with(params(&server), case.params.clone()));
    let mut calls: Vec<(String, usize)> = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for seen in server.seen() {
        *counts.entry(seen.operation.clone()).or_default() += 1;
        if !calls.iter().any(|(known, _)| *known == seen.operation) {
            calls.push((seen.operation, 0));
        }
    }
    // Calls that are under way together come in any order.
    calls.sort();
    let shown = calls.iter().map(|(name, _)| match counts[name] {
        1 => format!("`{name}`"),
        count => format!("{count} `{name}`"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn every_command_makes_the_calls_that_are_documented_and_no_more() {
    let directories = [
        (Directory::Sample, Arc::new(Upstream::sample())),
        (Directory::ManyGroups, Arc::new(Upstream::user_in_groups(250))),
        (Directory::ManyUsers, Arc::new(Upstream::users_in_group(250))),
    ];
    let mut table = "| command | when | calls |\n| --- | --- | --- |\n".to_owned();
    for case in cases() {
        let (_, upstream) = directories.iter().find(|(directory, _)| *directory == case.directory).unwrap();
        if case.directory == Directory::Sample {
            upstream.reset();
        }
        writeln!(table, "| {} | {} | {} |", case.command, case.when, counted(&case, upstream)).unwrap();
    }
    table += "\nWhy no fewer would do:\n\n| command | why |\n| --- | --- |\n";
    for (command, why) in WHY {
        writeln!(table, "| {command} | {why} |").unwrap();
    }
    let commands = all_commands();
    let own = |name: &String| name.trim_start_matches("aws-iam-identitycenter-").to_owned();
    let commands: BTreeSet<String> = commands.iter().map(own).collect();
    assert_eq!(cases().iter().map(|case| case.command.to_owned()).collect::<BTreeSet<_>>(), commands);
    assert_eq!(WHY.iter().map(|(command, _)| (*command).to_owned()).collect::<BTreeSet<_>>(), commands);

    let path = root().join("docs/performance.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- calls: begin -->\n").unwrap();
    let (there, after) = rest.split_once("<!-- calls: end -->").unwrap();
    if std::env::var_os("UPDATE_TEST_DATA").is_some() {
        fs::write(&path, format!("{before}<!-- calls: begin -->\n{table}<!-- calls: end -->{after}")).unwrap();
    } else {
        assert_eq!(there, table);
    }
}
