//! Large files: a document, and a line for each change.

use std::{cell::Cell, fs};

use serde_json::json;

use super::{create_group, names};
use crate::{
    DirectorySize, Sandbox, SandboxError,
    records::{Group, Revision},
    sample,
    sandbox::MAX_SAVE_ATTEMPTS,
    store::Directory,
    testing::{TestSandbox, sample_with},
};

/// Returns a sandbox whose file is so large that changes append lines.
pub(super) fn large() -> TestSandbox {
    let fixture = TestSandbox::new();
    fixture.sandbox.seed(DirectorySize { users: 1000, groups: 6, memberships: 100 }, 1).expect("a directory");
    fixture
}

#[test]
fn change_of_a_large_file_appends_a_line() {
    let fixture = large();
    let before = fixture.text();
    let other = Sandbox::open(fixture.sandbox.path()).expect("the sandbox");
    create_group(&other, "first");
    let user = fixture.ok("ListUsers", json!({"MaxResults": 1}))["Users"][0]["UserId"].clone();
    fixture.ok("DeleteUser", json!({"UserId": user}));
    let text = fixture.text();
    let lines: Vec<_> = text.strip_prefix(&before).expect("the same document").lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("{\"groups\": [{\"GroupId\": "), "{}", lines[0]);
    assert!(lines[1].starts_with("{\"removed\": {\"users\": ["), "{}", lines[1]);
    create_group(&other, "second");
    let expected = ["first", "second"];
    for sandbox in [&fixture.sandbox, &Sandbox::open(fixture.sandbox.path()).expect("the sandbox")] {
        let found = sandbox.read(|directory| {
            assert!(directory.users.table.get(user.as_str().unwrap_or_default()).is_none());
            expected.map(|name| directory.groups.named(name).is_some())
        });
        assert_eq!(found.expect("a sound file"), [true, true]);
    }
}

#[test]
fn many_changes_of_a_large_file_are_merged_into_the_document() {
    let fixture = large();
    let id = fixture.ok("ListGroups", json!({"MaxResults": 1}))["Groups"][0]["GroupId"].clone();
    let mut longest = 0;
    for round in 0..2000 {
        let operations = json!([{"AttributePath": "description", "AttributeValue": format!("round {round}")}]);
        fixture.ok("UpdateGroup", json!({"GroupId": id, "Operations": operations}));
        longest = longest.max(fs::metadata(fixture.sandbox.path()).expect("the file").len());
    }
    assert!(longest < 900_000, "{longest}");
    let reopened = Sandbox::open(fixture.sandbox.path()).expect("a sound file");
    let described = reopened.read(|directory| {
        let group = directory.groups.table.get(id.as_str().unwrap_or_default()).expect("the group");
        group.description.clone()
    });
    assert_eq!(described.expect("a sound file").as_deref(), Some("round 1999"));
}

#[test]
fn incomplete_line_of_a_killed_writer_is_ignored() {
    // The second line is cut within a character.
    for torn in [&b"{\"groups\": [{\"GroupId\": \""[..], &b"{\"groups\": [{\"DisplayName\": \"\xc3"[..]] {
        let fixture = large();
        let sound = fixture.text();
        let bytes = [sound.as_bytes(), torn].concat();
        fs::write(fixture.sandbox.path(), bytes).expect("a torn line");
        assert_eq!(names(&fixture).len(), 6);
        create_group(&fixture.sandbox, "next");
        assert!(fixture.text().starts_with(&sound));
        assert_eq!(fixture.text().lines().count(), sound.lines().count() + 1);
        let reopened = Sandbox::open(fixture.sandbox.path()).expect("a sound file");
        assert!(reopened.read(|directory| directory.groups.named("next").is_some()).expect("a sound file"));
    }
}

#[test]
fn wrong_line_of_changes_is_named_and_not_overwritten() {
    let missing = "00000000-0000-4000-8000-000000000000";
    let membership =
        json!({"memberships": [{"MembershipId": missing, "GroupId": missing, "MemberId": {"UserId": missing}}]});
    for (line, reason) in [
        ("{\"groups\": [}".to_owned(), "expected value"),
        ("{\"people\": []}".to_owned(), "unknown field `people`"),
        (membership.to_string(), "which does not exist"),
        (
            json!({"groups": [{"GroupId": missing, "DisplayName": "a"}, {"GroupId": missing, "DisplayName": "OnCall"}]})
                .to_string(),
            "the DisplayName of another one",
        ),
    ] {
        let fixture = TestSandbox::new();
        let text = format!("{}{{\"removed\": {{}}}}\n{line}\n{{}}\n", sample::TEXT);
        fs::write(fixture.sandbox.path(), &text).expect("damage");
        let number = sample::TEXT.lines().count() + 2;
        for error in [fixture.sandbox.read(|_| ()), fixture.sandbox.reset()] {
            let message = error.expect_err(reason).to_string();
            assert!(message.contains(&format!(", line {number}: ")) && message.contains(reason), "{message}");
        }
        assert_eq!(fixture.text(), text);
    }
}

#[test]
fn file_of_version_1_is_read_and_becomes_version_2() {
    let fixture = TestSandbox::new();
    let requests = ",\n\"assignmentRequests\": []";
    let old = sample_with("\"version\": 2", "\"version\": 1").replace(requests, "");
    fs::write(fixture.sandbox.path(), &old).expect("an older file");
    assert_eq!(names(&fixture).len(), 6);
    assert_eq!(fixture.text(), old);
    create_group(&fixture.sandbox, "new");
    assert!(fixture.text().contains("\"version\": 2") && fixture.text().contains(requests));

    let fixture = large();
    let old = fixture.text().replace("\"version\": 2", "\"version\": 1");
    fs::write(fixture.sandbox.path(), old).expect("an older file");
    create_group(&fixture.sandbox, "new");
    assert!(fixture.text().contains("\"version\": 2") && fixture.text().ends_with("]\n}\n"));
}

/// Inserts a group, as a change does.
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
fn edit_during_a_change_is_not_overwritten() {
    for fixture in [large(), TestSandbox::new()] {
        let path = fixture.sandbox.path();
        let old = fixture.ok("ListGroups", json!({"MaxResults": 1}))["Groups"][0]["DisplayName"].clone();
        let old = old.as_str().expect("a name").to_owned();
        // Longer than the document that was seen: cutting it at that length would lose text.
        let edited =
            fixture.text().replacen(&format!("\"DisplayName\": \"{old}\""), "\"DisplayName\": \"by an editor\"", 1);
        let edited = format!(
            "{}{}\n",
            edited,
            json!({"groups": [{"GroupId": "00000000-0000-4000-8000-000000000002", "DisplayName": "also by an editor"}]})
        );
        let attempts = Cell::new(0);
        let changed = fixture.sandbox.change(|directory| {
            attempts.set(attempts.get() + 1);
            if attempts.get() == 1 {
                let beside = fixture.path("edited.json");
                fs::write(&beside, &edited).expect("an edit");
                fs::rename(&beside, path).expect("a replaced file");
            }
            insert_group(directory, "ours");
            Ok::<_, ()>(())
        });
        changed.expect("a sound file").expect("a change");
        assert_eq!(attempts.get(), 2);
        let reopened = Sandbox::open(path).expect("a sound file");
        for sandbox in [&fixture.sandbox, &reopened] {
            let expected = ["by an editor", "also by an editor", "ours", old.as_str()];
            let found = sandbox.read(|directory| expected.map(|name| directory.groups.named(name).is_some()));
            assert_eq!(found.expect("a sound file"), [true, true, true, false]);
        }
    }
}

#[test]
fn edits_before_each_attempt_of_a_change_are_an_error() {
    let fixture = large();
    let text = fixture.text();
    let attempts = Cell::new(0);
    let error = fixture.sandbox.change(|directory| {
        attempts.set(attempts.get() + 1);
        fs::write(fixture.path("edited.json"), &text).expect("an edit");
        fs::rename(fixture.path("edited.json"), fixture.sandbox.path()).expect("a replaced file");
        insert_group(directory, "ours");
        Ok::<_, ()>(())
    });
    assert!(matches!(error, Err(SandboxError::ConcurrentEdits { .. })), "{error:?}");
    assert_eq!((attempts.get(), fixture.text()), (MAX_SAVE_ATTEMPTS, text));
    create_group(&fixture.sandbox, "later");
}
