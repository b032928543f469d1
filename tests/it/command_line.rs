//! The command line: ways in, exit codes, who gets what on which stream.

use std::fs;

use crate::process::{Sandbox, command, run};

#[test]
fn a_line_is_answered_for_people_and_with_json_for_machines() {
    let sandbox = Sandbox::new();
    let line = "!aws-iam-identitycenter-get-user userName=alice";
    let people = sandbox.run(&["run", line], b"");
    assert_eq!((people.code, people.stderr.as_str()), (0, ""));
    assert!(people.stdout.starts_with("### User alice\n|UserName|"), "{people:?}");
    let before = sandbox.run(&["run", "--json", line], b"");
    let after = sandbox.run(&["run", line, "--json"], b"");
    assert_eq!(before.entries()[0]["Contents"]["UserName"], "alice");
    assert_eq!(before.stdout, after.stdout);
    assert_eq!(sandbox.run(&["run", "!test-module"], b"").stdout, "ok\n");
    assert_eq!(sandbox.run(&["run", "!aws-iam-identitycenter-get-user alice"], b"").stdout, people.stdout);
}

#[test]
fn what_long_work_leaves_for_later_is_shown_and_nothing_else_is() {
    let sandbox = Sandbox::new();
    let line = |line: &str| sandbox.run(&["run", line], b"").stdout;
    let containment = line("!aws-iam-identitycenter-contain-user userName=bob");
    assert!(containment.contains("\"TakenAt\"") && containment.contains("\"GroupMemberships\""), "{containment}");
    let user = line("!aws-iam-identitycenter-get-user userName=bob");
    assert!(!user.contains("\"UserId\""), "{user}");
}

#[test]
fn an_error_of_a_line_goes_to_standard_error() {
    let sandbox = Sandbox::new();
    let output = sandbox.run(&["run", "!aws-iam-identitycenter-get-user userName=nobody"], b"");
    assert_eq!((output.code, output.stdout.as_str()), (1, ""));
    assert!(output.stderr.contains("User nobody was not found"), "{output:?}");
    let output = sandbox.run(&["run", "!"], b"");
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
}

#[test]
fn parameters_come_from_a_file_and_never_leave_it() {
    let sandbox = Sandbox::new();
    let file = sandbox.folder().join("params.json");
    let line = "!aws-iam-identitycenter-add-user-to-group userName=bob groupName=OnCall";
    let with = |params: &str| {
        fs::write(&file, params).unwrap();
        sandbox.run(&["run", line, "--params", file.to_str().unwrap()], b"")
    };
    assert!(with(r#"{"protectedGroups": "OnCall"}"#).stderr.contains("Group OnCall is protected"));
    assert_eq!(with("{}").code, 0);
    let doubled = with(r#"{"protectedGroups": "OnCall", "protectedGroups": ""}"#);
    assert!(doubled.code != 0 && doubled.stderr.contains("protectedGroups"), "{doubled:?}");
    let broken = with(r#"{"credentials": "a-secret-in-a-broken-file"#);
    assert_eq!(broken.code, 2);
    assert!(broken.stderr.contains("line 1") && !broken.stderr.contains("a-secret"), "{broken:?}");
}

#[test]
fn help_and_version_are_where_people_look() {
    for args in [&["--help"][..], &["-h"], &["run", "--help"], &["manifest", "--help"], &["sandbox", "--help"]] {
        let output = run(command().args(args), b"");
        assert!(output.code == 0 && output.stdout.contains("Usage:"), "{args:?}: {output:?}");
    }
    let version = run(command().arg("--version"), b"").stdout;
    assert_eq!(version, concat!("aws-iam-identitycenter ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn bad_usage_is_an_entry_and_exit_code_2() {
    for args in [
        &["--nonsense"][..],
        &["nonsense"],
        &["run"],
        &["run", "--json"],
        &["run", "!a", "!b"],
        &["manifest", "--json"],
        &["sandbox"],
        &["sandbox", "nonsense"],
        &["sandbox", "serve", "--listen", "nonsense"],
        &["sandbox", "serve", "--listen", "0.0.0.0:0"],
        &["sandbox", "serve", "--listen", "[::]:0"],
        &["sandbox", "seed", "--users", "many"],
        &["sandbox", "reset", "--users", "1"],
    ] {
        let sandbox = Sandbox::new();
        let output = sandbox.run(args, b"");
        assert_eq!(output.code, 2, "{args:?}: {output:?}");
        if args[0] == "run" && !args.contains(&"--json") {
            assert!(output.stdout.is_empty() && output.stderr.starts_with("Bad usage"), "{args:?}: {output:?}");
        } else {
            assert_eq!(output.entries()[0]["Type"], 4, "{args:?}");
        }
        assert!(!sandbox.file().exists(), "{args:?} made a sandbox");
    }
}

#[test]
fn other_machines_reach_the_sandbox_only_if_the_command_line_says_so() {
    let sandbox = Sandbox::new();
    let refused = sandbox.run(&["sandbox", "serve", "--listen", "192.0.2.1:4566"], b"");
    let text = refused.entries()[0]["Contents"].to_string();
    assert!(text.contains("192.0.2.1:4566") && text.contains("--beyond-loopback"), "{text}");
    // Nobody has this address (RFC 5737): with the word the refusal is the system's.
    let meant = sandbox.run(&["sandbox", "serve", "--listen", "192.0.2.1:4566", "--beyond-loopback"], b"");
    let text = meant.entries()[0]["Contents"].to_string();
    assert!(text.contains("cannot serve the sandbox on 192.0.2.1:4566"), "{text}");
}

#[test]
fn whoever_reads_no_answer_gets_no_panic() {
    let mut child = command()
        .args(["--help"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
