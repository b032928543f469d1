//! `test_data/<command>/<case>.request.json` goes through the real process on the sample directory, and what comes out is
//! `<case>.response.json`. `UPDATE_TEST_DATA=1` writes the responses anew, to be read before they are committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::process::{Sandbox, all_commands, root};

/// A test for each folder, by its name: they run side by side, and a failure says where it is.
macro_rules! each_folder {
    (test $check:tt) => {
        $crate::test_data::each_folder! {
            test $check
            add_user_to_group check_group_membership contain_user create_group create_user
            delete_group delete_group_membership delete_user find_orphaned_assignments get_group
            get_identity_store get_user get_user_by_email list_group_access list_groups
            list_groups_for_user list_memberships list_user_access list_users offboard_user
            remove_user_from_all_groups remove_user_from_group restore_user test_module update_group
            update_user
        }
    };
    (test ($check:path) $($folder:ident)*) => {
        $(#[test] fn $folder() { $check(&stringify!($folder).replace('_', "-")); })*

        #[test]
        fn every_folder_has_its_test() {
            $crate::test_data::check_that_these_are_all(&[$(stringify!($folder)),*]);
        }
    };
}
pub(crate) use each_folder;

mod every_request_gets_the_response_that_is_recorded {
    super::each_folder!(test(super::check));
}

fn check(folder: &str) {
    let update = std::env::var_os("UPDATE_TEST_DATA").is_some();
    let mut wrong = Vec::new();
    for request in requests_in(folder) {
        let json = fs::read_to_string(&request).unwrap();
        let sandbox = Sandbox::new();
        let output = sandbox.run(&[], json.as_bytes());
        assert_eq!(output.stderr, "", "{}", request.display());
        let entries = Value::from(output.entries());
        let errors = entries.as_array().unwrap().iter().any(|entry| entry["Type"] == 4);
        assert_eq!(output.code, i32::from(errors), "{}", request.display());

        let text = steady(&entries, &sandbox.folder().display().to_string());
        let recorded = PathBuf::from(request.to_str().unwrap().replace(".request.json", ".response.json"));
        if update {
            fs::write(&recorded, &text).unwrap();
        } else if fs::read_to_string(&recorded).unwrap_or_default() != text {
            wrong.push(format!("{} is now:\n{text}", recorded.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Fails where a folder has no test.
pub fn check_that_these_are_all(tested: &[&str]) {
    let folders = requests().into_iter().map(|path| path.parent().unwrap().file_name().unwrap().to_owned());
    let tested = tested.iter().map(|name| name.replace('_', "-").into());
    assert_eq!(
        folders.collect::<BTreeSet<_>>(),
        tested.collect(),
        "each_folder! in tests/it/test_data.rs names them all"
    );
}

#[test]
fn every_command_has_a_good_case_and_a_bad_argument_and_no_case_is_of_no_command() {
    let mut cases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for request in requests() {
        let folder = request.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let case = request.file_name().unwrap().to_str().unwrap().replace(".request.json", "");
        cases.entry(folder).or_default().push(case);
    }
    for command in all_commands() {
        let name = command.trim_start_matches("aws-iam-identitycenter-");
        let cases = cases.remove(name).unwrap_or_default();
        for wanted in ["good", "bad-argument"] {
            assert!(cases.iter().any(|case| case == wanted), "{name} has no case {wanted}, only {cases:?}");
        }
        let names_something =
            !name.starts_with("list-users") && !name.starts_with("list-groups") || name.contains("for");
        if names_something && !["test-module", "create-user", "create-group"].contains(&name) {
            assert!(cases.iter().any(|case| case == "not-found"), "{name} has no case not-found, only {cases:?}");
        }
    }
    assert!(cases.is_empty(), "no command has these cases: {cases:?}");
}

/// The answer tells what was sent.
#[test]
fn a_user_is_what_the_answer_to_its_creation_tells() {
    let json = fs::read_to_string(root().join("test_data/create-user/every-attribute.request.json")).unwrap();
    let mut request: Value = serde_json::from_str(&json).unwrap();
    // AWS's SDK does not send that something is not primary.
    request["args"]["userEmailAddressPrimary"] = true.into();
    let sandbox = Sandbox::new();
    let created = sandbox.succeed("create-user", &request["args"]);
    let there = sandbox.succeed("get-user", &json!({"userName": request["args"]["userName"]}));
    for (member, told) in created["Contents"].as_object().unwrap() {
        assert_eq!(there["Contents"][member], *told, "{member}");
    }
}

pub fn requests() -> Vec<PathBuf> {
    let folders = entries(&root().join("test_data")).into_iter().filter(|path| path.is_dir());
    let names = folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    let requests: Vec<_> = names.filter(|name| name != "sandbox").flat_map(|name| requests_in(&name)).collect();
    assert!(requests.len() > 20, "{requests:?}");
    requests
}

/// The recorded requests of one folder.
pub fn requests_in(folder: &str) -> Vec<PathBuf> {
    let files = entries(&root().join("test_data").join(folder));
    files.into_iter().filter(|path| path.to_str().unwrap().ends_with(".request.json")).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// What is different each time becomes the same: new ids, page tokens, the sandbox's folder.
pub fn steady(entries: &Value, folder: &str) -> String {
    let mut text = serde_json::to_string_pretty(entries).unwrap() + "\n";
    text = text.replace(folder, "<folder>");
    let sample = fs::read_to_string(root().join("crates/sandbox/src/sample.json")).unwrap();
    for (number, id) in uuids(&text).into_iter().filter(|id| !sample.contains(id.as_str())).enumerate() {
        text = text.replace(&id, &format!("<id {}>", number + 1));
    }
    for time in times(&text).into_iter().filter(|time| !sample.contains(time.as_str())) {
        text = text.replace(&time, "<time>");
    }
    for token in tokens(entries) {
        text = text.replace(&token, "<token>");
    }
    for signature in signatures(&text) {
        text = text.replace(&signature, "<signature>");
    }
    without_ages(&text)
}

/// The signatures of snapshots.
fn signatures(text: &str) -> Vec<String> {
    let words = text.split('"').filter(|word| word.starts_with("v1:") && word.len() == "v1::".len() + 12 + 43);
    words.map(str::to_owned).collect()
}

/// Snapshots grow older.
fn without_ages(text: &str) -> String {
    let mut parts = text.split("taken ");
    let first = parts.next().unwrap_or_default().to_owned();
    let steady = parts.map(|part| match part.split_once(" ago, on ") {
        Some((age, rest)) if age.len() < 30 => format!("taken <age> ago, on {rest}"),
        _ => format!("taken {part}"),
    });
    first + &steady.collect::<String>()
}

/// Each UUID once, in the order of the text.
fn uuids(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.split(|c: char| !c.is_ascii_hexdigit() && c != '-') {
        let is_uuid = word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
        if is_uuid && !found.iter().any(|id| id == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// Times, with or without parts of a second.
fn times(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_digit() && !"-T:.Z".contains(c));
    words.filter(|word| word.len() >= 20 && word.contains('T') && word.ends_with('Z')).map(str::to_owned).collect()
}

fn tokens(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(tokens).collect(),
        Value::Object(members) => {
            let own = members.iter().filter(|(name, _)| name.ends_with("NextToken"));
            let own = own.filter_map(|(_, token)| token.as_str()).filter(|token| !token.is_empty()).map(str::to_owned);
            own.chain(members.values().flat_map(tokens)).collect()
        }
        _ => Vec::new(),
    }
}
