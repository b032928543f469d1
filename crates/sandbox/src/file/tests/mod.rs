//! The file: sound and damaged, with one writer and several, with writers that are killed.

mod changes;

use std::{
    env, fs,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    DirectorySize, Sandbox, sample,
    testing::{TestSandbox, sample_with},
};

/// The variable that tells [`child_process_creates_groups`] its file, and the names of its groups.
const CHILD: &str = "SANDBOX_TEST_CHILD";

fn names(fixture: &TestSandbox) -> Vec<String> {
    let mut request = json!({});
    let mut names = Vec::new();
    loop {
        let page = fixture.ok("ListGroups", request.clone());
        let groups = page["Groups"].as_array().into_iter().flatten();
        names.extend(groups.filter_map(|group| group["DisplayName"].as_str().map(str::to_owned)));
        match page.get("NextToken") {
            Some(token) => request["NextToken"] = token.clone(),
            None => return names,
        }
    }
}

fn create_group(sandbox: &Sandbox, name: &str) {
    let input = json!({"IdentityStoreId": "d-9067f2a1b3", "DisplayName": name});
    let request = http::Request::post("/")
        .header("x-amz-target", "AWSIdentityStore.CreateGroup")
        .body(input.to_string().into_bytes())
        .expect("a request");
    let response = sandbox.handle(&request).expect("a sound file").response;
    assert_eq!(response.status(), 200);
}

/// Starts this test program again, as another process that creates groups in the file of `fixture`.
fn child(fixture: &TestSandbox, prefix: &str, count: usize) -> Child {
    let path = fixture.sandbox.path().display();
    Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "file::tests::child_process_creates_groups"])
        .env(CHILD, format!("{prefix} {count} {path}"))
        .stdout(Stdio::null())
        .spawn()
        .expect("a child")
}

#[test]
fn child_process_creates_groups() {
    // Does nothing in an ordinary run of the tests.
    let Ok(order) = env::var(CHILD) else { return };
    let mut words = order.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (prefix, count, path) = (word(), word(), word());
    let sandbox = Sandbox::open(path).expect("the sandbox");
    for index in 0..count.parse().unwrap_or(0_usize) {
        create_group(&sandbox, &format!("{prefix}{index}"));
    }
}

#[test]
fn sample_is_written_as_it_is_checked_in() {
    let fixture = TestSandbox::new();
    assert_eq!(fixture.text(), sample::TEXT);
    create_group(&fixture.sandbox, "short-lived");
    assert_ne!(fixture.text(), sample::TEXT);
    fixture.sandbox.reset().expect("a reset");
    assert_eq!(fixture.text(), sample::TEXT);
}

#[test]
fn writes_of_processes_and_threads_at_once_are_all_kept() {
    write_at_once(&TestSandbox::new());
    write_at_once(&changes::large());
}

fn write_at_once(fixture: &TestSandbox) {
    let before = names(fixture).len();
    let mut children = [child(fixture, "a", 40), child(fixture, "b", 40)];
    thread::scope(|scope| {
        for prefix in ["c", "d"] {
            let sandbox = Sandbox::open(fixture.sandbox.path()).expect("the sandbox");
            scope.spawn(move || {
                for index in 0..40 {
                    create_group(&sandbox, &format!("{prefix}{index}"));
                }
            });
        }
        // A reader finds a complete file at any time.
        while children.iter_mut().any(|child| child.try_wait().expect("a child").is_none()) {
            assert!(names(fixture).len() >= before);
        }
    });
    let names = names(fixture);
    assert_eq!(names.len(), before + 4 * 40);
    for name in ["a0", "a39", "b0", "b39", "c0", "c39", "d0", "d39"] {
        assert!(names.iter().any(|found| found == name), "{name} is lost");
    }
}

#[test]
fn answered_change_before_a_kill_is_kept() {
    kill_writers(&TestSandbox::new());
    kill_writers(&changes::large());
}

fn kill_writers(fixture: &TestSandbox) {
    for round in 0..5 {
        let mut child = child(fixture, &format!("k{round}-"), usize::MAX);
        let deadline = Instant::now() + Duration::from_secs(20);
        let count = names(fixture).len();
        while names(fixture).len() < count + 3 {
            assert!(Instant::now() < deadline, "the child does nothing");
        }
        thread::sleep(Duration::from_millis(round));
        child.kill().expect("a kill");
        child.wait().expect("the child's end");
        let survivors = names(fixture);
        // Neither lock nor leftovers stop the next writer.
        create_group(&fixture.sandbox, &format!("after {round}"));
        assert_eq!(names(fixture)[..survivors.len()], survivors);
    }
}

#[test]
fn leftovers_of_a_killed_writer_are_ignored_and_removed() {
    let fixture = TestSandbox::new();
    let leftover = fixture.path(".sandbox.json.tmp");
    fs::write(&leftover, "{\"version\": 1, \"ident").expect("a leftover");
    assert_eq!(names(&fixture).len(), 6);
    create_group(&fixture.sandbox, "next");
    assert!(!leftover.exists());
    assert_eq!(names(&fixture).len(), 7);
}

#[test]
fn file_changed_by_others_is_read_again() {
    let fixture = TestSandbox::new();
    let other = Sandbox::open(fixture.sandbox.path()).expect("the sandbox");
    create_group(&other, "from elsewhere");
    assert!(names(&fixture).contains(&"from elsewhere".to_owned()));
    fs::write(fixture.sandbox.path(), sample_with("\"OnCall\"", "\"OnGone\"")).expect("an edit");
    assert!(names(&fixture).contains(&"OnGone".to_owned()));
    fs::remove_file(fixture.sandbox.path()).expect("a removal");
    assert_eq!(names(&fixture).len(), 6);
}

#[test]
fn damaged_file_is_refused_by_line_and_not_overwritten() {
    let alice = "\"UserName\": \"alice\"";
    let member = "\"MemberId\": {\"UserId\": \"f6fadfa7-e5c1-5b62-9362-da5cc13da58a\"}";
    let missing = "\"MemberId\": {\"UserId\": \"00000000-0000-4000-8000-000000000000\"}";
    let id = "\"UserId\": \"f6fadfa7-e5c1-5b62-9362-da5cc13da58a\", ";
    let line_of = |text: &str| sample::TEXT.lines().position(|line| line.contains(text)).map(|line| line + 1);
    let bob = line_of("\"UserName\": \"bob\"");
    let membership = line_of(member);
    for (text, line, reason) in [
        (String::new(), Some(1), "EOF while parsing"),
        ("[]".to_owned(), Some(1), "invalid type: sequence, expected an object"),
        ("{\n}".to_owned(), Some(2), "missing field `version`"),
        (sample::TEXT[..2000].to_owned(), None, "EOF while parsing"),
        (sample_with(alice, "\"UserNam\": \"alice\""), Some(6), "unknown field `UserNam`"),
        (sample_with(alice, "\"UserName\": 5"), Some(6), "invalid type: integer"),
        (sample_with("\"UserName\": \"bob\"", alice), bob, "the UserName \"alice\" occurs twice"),
        (sample_with(id, "\"UserId\": \"me\", "), Some(6), "is not an id of AWS's form"),
        (sample_with("\"Revision\": \"3\"", "\"Revision\": \"x\""), Some(6), "is not a number"),
        (sample_with("2026-01-12T08:30:00Z", "yesterday"), Some(6), "is not a time such as"),
        (
            sample_with("{\"FamilyName\": \"Example\", \"GivenName\": \"Alice\"}", "[\"Example\"]"),
            Some(6),
            "expected an object",
        ),
        (sample_with(member, missing), membership, "which does not exist"),
        (sample_with("d-9067f2a1b3", "store"), Some(3), "the IdentityStoreId \"store\""),
        (sample_with("\"version\": 2", "\"version\": 0"), Some(2), "there is no version 0"),
        (sample_with("\"version\": 2", "\"version\": 7"), Some(2), "in version 7"),
        (sample_with("\"version\": 2,", "\"version\": 7, \"new\": true,"), Some(2), "in version 7"),
    ] {
        let fixture = TestSandbox::new();
        let path = fixture.sandbox.path();
        fs::write(path, &text).expect("damage");
        let errors = [
            Sandbox::open(path).map(|_| ()),
            fixture.sandbox.read(|_| ()),
            fixture.sandbox.change(|_| Ok::<_, ()>(())).map(|_| ()),
            fixture.sandbox.reset(),
        ];
        for error in errors {
            let message = error.expect_err(reason).to_string();
            assert!(message.contains(reason), "{message}");
            assert!(message.contains(&path.display().to_string()), "{message}");
            if let Some(line) = line {
                assert!(message.contains(&format!(", line {line}: ")), "{message}");
            }
        }
        assert_eq!(fixture.text(), text);
    }
    let fixture = TestSandbox::new();
    fs::write(fixture.sandbox.path(), b"{\n\"version\": \xff").expect("damage");
    let message = fixture.sandbox.read(|_| ()).expect_err("not UTF-8").to_string();
    assert!(message.contains(", line 2: it is not UTF-8"), "{message}");
}

#[test]
fn file_with_required_members_only_is_read() {
    let fixture = TestSandbox::new();
    let store: Value = serde_json::from_str(sample::TEXT).expect("JSON");
    let mut document = json!({"version": 1, "identityStore": store["identityStore"]});
    document["users"] = json!([{"UserId": store["users"][0]["UserId"], "UserName": "bare"}]);
    let text = serde_json::to_string_pretty(&document).expect("JSON");
    fs::write(fixture.sandbox.path(), text).expect("an edit");
    let user = fixture.ok("DescribeUser", json!({"UserId": fixture.user("bare")}));
    assert_eq!(user["Revision"], "1");
    create_group(&fixture.sandbox, "first");
    assert_eq!(names(&fixture), ["first"]);
}

#[cfg(unix)]
#[test]
fn mode_link_and_place_of_the_file_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let fixture = TestSandbox::new();
    let file = fixture.sandbox.path();
    fs::set_permissions(file, fs::Permissions::from_mode(0o640)).expect("a mode");
    let link = fixture.path("link.json");
    symlink("sandbox.json", &link).expect("a link");
    let linked = Sandbox::open(&link).expect("the sandbox");
    assert_eq!(linked.path(), file);
    create_group(&linked, "through the link");
    assert!(link.is_symlink());
    assert_eq!(fs::metadata(file).expect("the file").permissions().mode() & 0o777, 0o640);
    assert!(names(&fixture).contains(&"through the link".to_owned()));

    let dangling = fixture.path("dangling.json");
    symlink("deep/down/new.json", &dangling).expect("a link");
    Sandbox::open(dangling).expect("a new sandbox");
    assert!(fixture.path("deep/down/new.json").is_file());
    let link_to_itself = fixture.path("circle.json");
    symlink("circle.json", &link_to_itself).expect("a link");
    assert!(Sandbox::open(link_to_itself).is_err());
    assert!(Sandbox::open(fixture.path("deep")).is_err());

    fs::set_permissions(file, fs::Permissions::from_mode(0o444)).expect("a mode");
    let message = fixture.sandbox.reset().expect_err("read-only").to_string();
    assert!(message.contains("read-only"), "{message}");
}

#[test]
fn generated_directory_of_the_same_seed_is_the_same() {
    let fixture = TestSandbox::new();
    let size = DirectorySize { users: 300, groups: 40, memberships: 500 };
    fixture.sandbox.seed(size, 7).expect("a directory");
    let first = fixture.text();
    assert_eq!(first.matches("\"MembershipId\"").count(), 500);
    assert_eq!(names(&fixture).len(), 40);
    fixture.sandbox.seed(size, 8).expect("a directory");
    assert_ne!(fixture.text(), first);
    fixture.sandbox.seed(size, 7).expect("a directory");
    assert_eq!(fixture.text(), first);
    Sandbox::open(fixture.sandbox.path()).expect("a sound file");
    let full = DirectorySize { users: 3, groups: 2, memberships: 6 };
    fixture.sandbox.seed(full, 1).expect("a directory");
    let too_many = DirectorySize { memberships: 7, ..full };
    assert!(fixture.sandbox.seed(too_many, 1).is_err());
}

#[test]
fn removal_of_a_thousand_memberships_takes_seconds() {
    let fixture = TestSandbox::new();
    let size = DirectorySize { users: 1, groups: 1000, memberships: 1000 };
    fixture.sandbox.seed(size, 1).expect("a directory");
    let users = fixture.ok("ListUsers", json!({}));
    let member = json!({"UserId": users["Users"][0]["UserId"]});
    let start = Instant::now();
    let mut removed = 0;
    loop {
        let page = fixture.ok("ListGroupMembershipsForMember", json!({"MemberId": member}));
        let memberships = page["GroupMemberships"].as_array().cloned().unwrap_or_default();
        if memberships.is_empty() {
            break;
        }
        for membership in memberships {
            let id = json!({"MembershipId": membership["MembershipId"]});
            fixture.ok("DeleteGroupMembership", id);
            removed += 1;
        }
    }
    assert_eq!(removed, 1000);
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
}
