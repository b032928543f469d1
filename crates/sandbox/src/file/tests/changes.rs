//! Large files: a line for each change, after the document.

use std::{cell::Cell, fs};

use serde_json::json;

use super::{create_group, names};
use crate::{
    Sandbox, SandboxError, Size,
    document::{Group, Revision},
    sample,
    sandbox::TRIES,
    store::Directory,
    testing::{Bench, sample_with},
};

/// A directory whose file is not written anew with each change.
pub(super) fn large() -> Bench {
    let bench = Bench::new();
    bench.sandbox.seed(Size { users: 1000, groups: 6, memberships: 100 }, 1).expect("a directory");
    bench
}

#[test]
fn a_change_of_a_large_directory_adds_a_line() {
    let bench = large();
    let before = bench.text();
    let other = Sandbox::open(bench.sandbox.path()).expect("the sandbox");
    create_group(&other, "first");
    let user = bench.ok("ListUsers", json!({"MaxResults": 1}))["Users"][0]["UserId"].clone();
    bench.ok("DeleteUser", json!({"UserId": user}));
    let text = bench.text();
    let lines: Vec<_> = text.strip_prefix(&before).expect("the same document").lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("{\"groups\": [{\"GroupId\": "), "{}", lines[0]);
    assert!(lines[1].starts_with("{\"removed\": {\"users\": ["), "{}", lines[1]);
    create_group(&other, "second");
    let expected = ["first", "second"];
    for sandbox in [&bench.sandbox, &Sandbox::open(bench.sandbox.path()).expect("the sandbox")] {
        let found = sandbox.read(|directory| {
            assert!(directory.users.table.get(user.as_str().unwrap_or_default()).is_none());
            expected.map(|name| directory.groups.named(name).is_some())
        });
        assert_eq!(found.expect("a sound file"), [true, true]);
    }
}

#[test]
fn many_changes_are_gathered_into_the_document() {
    let bench = large();
    let id = bench.ok("ListGroups", json!({"MaxResults": 1}))["Groups"][0]["GroupId"].clone();
    let mut longest = 0;
    for round in 0..2000 {
        let operations = json!([{"AttributePath": "description", "AttributeValue": format!("round {round}")}]);
        bench.ok("UpdateGroup", json!({"GroupId": id, "Operations": operations}));
        longest = longest.max(fs::metadata(bench.sandbox.path()).expect("the file").len());
    }
    assert!(longest < 900_000, "{longest}");
    let reopened = Sandbox::open(bench.sandbox.path()).expect("a sound file");
    let described = reopened.read(|directory| {
        let group = directory.groups.table.get(id.as_str().unwrap_or_default()).expect("the group");
        group.description.clone()
    });
    assert_eq!(described.expect("a sound file").as_deref(), Some("round 1999"));
}

#[test]
fn a_line_that_a_dead_writer_began_does_not_count() {
    // The second one is cut within a character.
    for torn in [&b"{\"groups\": [{\"GroupId\": \""[..], &b"{\"groups\": [{\"DisplayName\": \"\xc3"[..]] {
        let bench = large();
        let sound = bench.text();
        let bytes = [sound.as_bytes(), torn].concat();
        fs::write(bench.sandbox.path(), bytes).expect("a torn line");
        assert_eq!(names(&bench).len(), 6);
        create_group(&bench.sandbox, "next");
        assert!(bench.text().starts_with(&sound));
        assert_eq!(bench.text().lines().count(), sound.lines().count() + 1);
        let reopened = Sandbox::open(bench.sandbox.path()).expect("a sound file");
        assert!(reopened.read(|directory| directory.groups.named("next").is_some()).expect("a sound file"));
    }
}

#[test]
fn a_wrong_line_is_named_and_left_alone() {
    let nobody = "00000000-0000-4000-8000-000000000000";
    let membership =
        json!({"memberships": [{"MembershipId": nobody, "GroupId": nobody, "MemberId": {"UserId": nobody}}]});
    for (line, reason) in [
        ("{\"groups\": [}".to_owned(), "expected value"),
        ("{\"people\": []}".to_owned(), "unknown field `people`"),
        (membership.to_string(), "which does not exist"),
        (
            json!({"groups": [{"GroupId": nobody, "DisplayName": "a"}, {"GroupId": nobody, "DisplayName": "OnCall"}]})
                .to_string(),
            "the DisplayName of another one",
        ),
    ] {
        let bench = Bench::new();
        let text = format!("{}{{\"removed\": {{}}}}\n{line}\n{{}}\n", sample::TEXT);
        fs::write(bench.sandbox.path(), &text).expect("damage");
        let number = sample::TEXT.lines().count() + 2;
        for error in [bench.sandbox.read(|_| ()), bench.sandbox.reset()] {
            let message = error.expect_err(reason).to_string();
            assert!(message.contains(&format!(", line {number}: ")) && message.contains(reason), "{message}");
        }
        assert_eq!(bench.text(), text);
    }
}

#[test]
fn an_older_file_is_read_and_written_in_the_new_form() {
    let bench = Bench::new();
    let requests = ",\n\"assignmentRequests\": []";
    let old = sample_with("\"version\": 2", "\"version\": 1").replace(requests, "");
    fs::write(bench.sandbox.path(), &old).expect("an older file");
    assert_eq!(names(&bench).len(), 6);
    assert_eq!(bench.text(), old);
    create_group(&bench.sandbox, "new");
    assert!(bench.text().contains("\"version\": 2") && bench.text().contains(requests));

    let bench = large();
    let old = bench.text().replace("\"version\": 2", "\"version\": 1");
    fs::write(bench.sandbox.path(), old).expect("an older file");
    create_group(&bench.sandbox, "new");
    assert!(bench.text().contains("\"version\": 2") && bench.text().ends_with("]\n}\n"));
}

/// A group as another change makes it.
fn insert_group(directory: &mut Directory, name: &str) {
    let group = Group {
        group_id: "00000000-0000-4000-8000-000000000001".to_owned(),
        display_name: Some(name.to_owned()),
        external_ids: Vec::new(),
        description: None,
        revision: Revision::default(),
        created_at: None,
        created_by: None,
        updated_at: None,
        updated_by: None,
    };
    assert!(directory.groups.insert(group).is_ok());
}

#[test]
fn an_editor_that_comes_between_is_not_overwritten() {
    for bench in [large(), Bench::new()] {
        let path = bench.sandbox.path();
        let old = bench.ok("ListGroups", json!({"MaxResults": 1}))["Groups"][0]["DisplayName"].clone();
        let old = old.as_str().expect("a name").to_owned();
        // Longer than the document that was seen, so that cutting it there would cut something off.
        let edited =
            bench.text().replacen(&format!("\"DisplayName\": \"{old}\""), "\"DisplayName\": \"by an editor\"", 1);
        let edited = format!(
            "{}{}\n",
            edited,
            json!({"groups": [{"GroupId": "00000000-0000-4000-8000-000000000002", "DisplayName": "also by an editor"}]})
        );
        let tries = Cell::new(0);
        let changed = bench.sandbox.change(|directory| {
            tries.set(tries.get() + 1);
            if tries.get() == 1 {
                let beside = bench.path("edited.json");
                fs::write(&beside, &edited).expect("an edit");
                fs::rename(&beside, path).expect("a replaced file");
            }
            insert_group(directory, "ours");
            Ok::<_, ()>(())
        });
        changed.expect("a sound file").expect("a change");
        assert_eq!(tries.get(), 2);
        let reopened = Sandbox::open(path).expect("a sound file");
        for sandbox in [&bench.sandbox, &reopened] {
            let expected = ["by an editor", "also by an editor", "ours", old.as_str()];
            let found = sandbox.read(|directory| expected.map(|name| directory.groups.named(name).is_some()));
            assert_eq!(found.expect("a sound file"), [true, true, true, false]);
        }
    }
}

#[test]
fn a_file_that_never_rests_is_told() {
    let bench = large();
    let text = bench.text();
    let tries = Cell::new(0);
    let error = bench.sandbox.change(|directory| {
        tries.set(tries.get() + 1);
        fs::write(bench.path("edited.json"), &text).expect("an edit");
        fs::rename(bench.path("edited.json"), bench.sandbox.path()).expect("a replaced file");
        insert_group(directory, "ours");
        Ok::<_, ()>(())
    });
    assert!(matches!(error, Err(SandboxError::Restless { .. })), "{error:?}");
    assert_eq!((tries.get(), bench.text()), (TRIES, text));
    create_group(&bench.sandbox, "later");
}
