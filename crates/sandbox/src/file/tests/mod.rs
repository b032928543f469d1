//! The file, in good hands and in bad ones.

mod changes;

use std::{
    env, fs,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    Sandbox, Size, sample,
    testing::{Bench, sample_with},
};

/// Tells [`a_process_that_creates_groups`] which file to work on, and how its groups are called.
const CHILD: &str = "SANDBOX_TEST_CHILD";

fn names(bench: &Bench) -> Vec<String> {
    let mut request = json!({});
    let mut names = Vec::new();
    loop {
        let page = bench.ok("ListGroups", request.clone());
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

/// Starts this test program again, as another process that creates groups in `bench`'s file.
fn child(bench: &Bench, prefix: &str, count: usize) -> Child {
    let path = bench.sandbox.path().display();
    Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "file::tests::a_process_that_creates_groups"])
        .env(CHILD, format!("{prefix} {count} {path}"))
        .stdout(Stdio::null())
        .spawn()
        .expect("a child")
}

#[test]
fn a_process_that_creates_groups() {
    // An ordinary run has nothing to do here.
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
fn the_sample_is_what_the_sandbox_writes() {
    let bench = Bench::new();
    assert_eq!(bench.text(), sample::TEXT);
    create_group(&bench.sandbox, "short-lived");
    assert_ne!(bench.text(), sample::TEXT);
    bench.sandbox.reset().expect("a reset");
    assert_eq!(bench.text(), sample::TEXT);
}

#[test]
fn two_processes_and_threads_write_at_once() {
    write_at_once(&Bench::new());
    write_at_once(&changes::large());
}

fn write_at_once(bench: &Bench) {
    let before = names(bench).len();
    let mut children = [child(bench, "a", 40), child(bench, "b", 40)];
    thread::scope(|scope| {
        for prefix in ["c", "d"] {
            let sandbox = Sandbox::open(bench.sandbox.path()).expect("the sandbox");
            scope.spawn(move || {
                for index in 0..40 {
                    create_group(&sandbox, &format!("{prefix}{index}"));
                }
            });
        }
        // A reader among them always finds a whole file.
        while children.iter_mut().any(|child| child.try_wait().expect("a child").is_none()) {
            assert!(names(bench).len() >= before);
        }
    });
    let names = names(bench);
    assert_eq!(names.len(), before + 4 * 40);
    for name in ["a0", "a39", "b0", "b39", "c0", "c39", "d0", "d39"] {
        assert!(names.iter().any(|found| found == name), "{name} is lost");
    }
}

#[test]
fn killing_a_writer_loses_nothing_that_was_answered() {
    kill_writers(&Bench::new());
    kill_writers(&changes::large());
}

fn kill_writers(bench: &Bench) {
    for round in 0..5 {
        let mut child = child(bench, &format!("k{round}-"), usize::MAX);
        let deadline = Instant::now() + Duration::from_secs(20);
        let count = names(bench).len();
        while names(bench).len() < count + 3 {
            assert!(Instant::now() < deadline, "the child does nothing");
        }
        thread::sleep(Duration::from_millis(round));
        child.kill().expect("a kill");
        child.wait().expect("the child's end");
        let survivors = names(bench);
        // The next writer is not stopped by a lock or a leftover, and starts from what was there.
        create_group(&bench.sandbox, &format!("after {round}"));
        assert_eq!(names(bench)[..survivors.len()], survivors);
    }
}

#[test]
fn leftovers_of_a_dead_writer_are_ignored_and_removed() {
    let bench = Bench::new();
    let leftover = bench.path(".sandbox.json.tmp");
    fs::write(&leftover, "{\"version\": 1, \"ident").expect("a leftover");
    assert_eq!(names(&bench).len(), 6);
    create_group(&bench.sandbox, "next");
    assert!(!leftover.exists());
    assert_eq!(names(&bench).len(), 7);
}

#[test]
fn what_another_process_or_a_person_writes_is_seen() {
    let bench = Bench::new();
    let other = Sandbox::open(bench.sandbox.path()).expect("the sandbox");
    create_group(&other, "from elsewhere");
    assert!(names(&bench).contains(&"from elsewhere".to_owned()));
    fs::write(bench.sandbox.path(), sample_with("\"OnCall\"", "\"OnGone\"")).expect("an edit");
    assert!(names(&bench).contains(&"OnGone".to_owned()));
    fs::remove_file(bench.sandbox.path()).expect("a removal");
    assert_eq!(names(&bench).len(), 6);
}

#[test]
fn what_is_wrong_is_named_by_line_and_left_alone() {
    let alice = "\"UserName\": \"alice\"";
    let member = "\"MemberId\": {\"UserId\": \"f6fadfa7-e5c1-5b62-9362-da5cc13da58a\"}";
    let missing = "\"MemberId\": {\"UserId\": \"00000000-0000-4000-8000-000000000000\"}";
    let id = "\"UserId\": \"f6fadfa7-e5c1-5b62-9362-da5cc13da58a\", ";
    let second_line = |text: &str| sample::TEXT.lines().position(|line| line.contains(text)).map(|line| line + 1);
    let bob = second_line("\"UserName\": \"bob\"");
    let membership = second_line(member);
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
        (sample_with("\"version\": 2", "\"version\": 7"), Some(2), "it is of version 7"),
        (sample_with("\"version\": 2,", "\"version\": 7, \"new\": true,"), Some(2), "it is of version 7"),
    ] {
        let bench = Bench::new();
        let path = bench.sandbox.path();
        fs::write(path, &text).expect("damage");
        let errors = [
            Sandbox::open(path).map(|_| ()),
            bench.sandbox.read(|_| ()),
            bench.sandbox.change(|_| Ok::<_, ()>(())).map(|_| ()),
            bench.sandbox.reset(),
        ];
        for error in errors {
            let message = error.expect_err(reason).to_string();
            assert!(message.contains(reason), "{message}");
            assert!(message.contains(&path.display().to_string()), "{message}");
            if let Some(line) = line {
                assert!(message.contains(&format!(", line {line}: ")), "{message}");
            }
        }
        assert_eq!(bench.text(), text);
    }
    let bench = Bench::new();
    fs::write(bench.sandbox.path(), b"{\n\"version\": \xff").expect("damage");
    let message = bench.sandbox.read(|_| ()).expect_err("not UTF-8").to_string();
    assert!(message.contains(", line 2: it is not UTF-8"), "{message}");
}

#[test]
fn a_file_may_be_written_by_hand() {
    let bench = Bench::new();
    let store: Value = serde_json::from_str(sample::TEXT).expect("JSON");
    let mut document = json!({"version": 1, "identityStore": store["identityStore"]});
    document["users"] = json!([{"UserId": store["users"][0]["UserId"], "UserName": "bare"}]);
    let text = serde_json::to_string_pretty(&document).expect("JSON");
    fs::write(bench.sandbox.path(), text).expect("an edit");
    let user = bench.ok("DescribeUser", json!({"UserId": bench.user("bare")}));
    assert_eq!(user["Revision"], "1");
    create_group(&bench.sandbox, "first");
    assert_eq!(names(&bench), ["first"]);
}

#[cfg(unix)]
#[test]
fn mode_link_and_place_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let bench = Bench::new();
    let file = bench.sandbox.path();
    fs::set_permissions(file, fs::Permissions::from_mode(0o640)).expect("a mode");
    let link = bench.path("link.json");
    symlink("sandbox.json", &link).expect("a link");
    let linked = Sandbox::open(&link).expect("the sandbox");
    assert_eq!(linked.path(), file);
    create_group(&linked, "through the link");
    assert!(link.is_symlink());
    assert_eq!(fs::metadata(file).expect("the file").permissions().mode() & 0o777, 0o640);
    assert!(names(&bench).contains(&"through the link".to_owned()));

    let dangling = bench.path("dangling.json");
    symlink("deep/down/new.json", &dangling).expect("a link");
    Sandbox::open(dangling).expect("a new sandbox");
    assert!(bench.path("deep/down/new.json").is_file());
    let circle = bench.path("circle.json");
    symlink("circle.json", &circle).expect("a link");
    assert!(Sandbox::open(circle).is_err());
    assert!(Sandbox::open(bench.path("deep")).is_err());

    fs::set_permissions(file, fs::Permissions::from_mode(0o444)).expect("a mode");
    let message = bench.sandbox.reset().expect_err("read-only").to_string();
    assert!(message.contains("read-only"), "{message}");
}

#[test]
fn generated_directories_are_believable_and_the_same() {
    let bench = Bench::new();
    let size = Size { users: 300, groups: 40, memberships: 500 };
    bench.sandbox.seed(size, 7).expect("a directory");
    let first = bench.text();
    assert_eq!(first.matches("\"MembershipId\"").count(), 500);
    assert_eq!(names(&bench).len(), 40);
    bench.sandbox.seed(size, 8).expect("a directory");
    assert_ne!(bench.text(), first);
    bench.sandbox.seed(size, 7).expect("a directory");
    assert_eq!(bench.text(), first);
    Sandbox::open(bench.sandbox.path()).expect("a sound file");
    let full = Size { users: 3, groups: 2, memberships: 6 };
    bench.sandbox.seed(full, 1).expect("a directory");
    let too_much = Size { memberships: 7, ..full };
    assert!(bench.sandbox.seed(too_much, 1).is_err());
}

#[test]
fn a_thousand_removals_take_seconds() {
    let bench = Bench::new();
    let size = Size { users: 1, groups: 1000, memberships: 1000 };
    bench.sandbox.seed(size, 1).expect("a directory");
    let users = bench.ok("ListUsers", json!({}));
    let member = json!({"UserId": users["Users"][0]["UserId"]});
    let start = Instant::now();
    let mut removed = 0;
    loop {
        let page = bench.ok("ListGroupMembershipsForMember", json!({"MemberId": member}));
        let memberships = page["GroupMemberships"].as_array().cloned().unwrap_or_default();
        if memberships.is_empty() {
            break;
        }
        for membership in memberships {
            let id = json!({"MembershipId": membership["MembershipId"]});
            bench.ok("DeleteGroupMembership", id);
            removed += 1;
        }
    }
    assert_eq!(removed, 1000);
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
}
