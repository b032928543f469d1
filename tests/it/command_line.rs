//! The command line: ways in, exit codes, who gets what on which stream.

use std::fs::{self, File};
use std::process::Stdio;

use serde_json::json;

use crate::containment::set_scenario;
use crate::network::aws::ROLE_ARN;
use crate::process::{Sandbox, command, finish, run};

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
        &["nonsense", "reset"],
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
fn whoever_reads_no_answer_gets_no_panic_and_a_full_disk_is_told() {
    let (reader, nobody) = std::io::pipe().unwrap();
    drop(reader);
    let full = File::options().write(true).open("/dev/full").unwrap();
    for (stdout, told) in [(Stdio::from(nobody), ""), (Stdio::from(full), "The answer could not be written: ")] {
        let mut help = command();
        help.arg("--help").stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped());
        let output = finish(help.spawn().unwrap());
        assert!(output.code == 1 && output.stderr.starts_with(told), "{output:?}");
        assert_eq!(output.stderr.is_empty(), told.is_empty(), "{output:?}");
    }
}

#[test]
fn a_sandbox_that_cannot_be_opened_is_told_where_errors_go() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.file(), "no sandbox").unwrap();
    let line = "!aws-iam-identitycenter-list-users";
    let typed = sandbox.run(&["run", line], b"");
    assert_eq!((typed.code, typed.stdout.as_str()), (1, ""));
    assert!(typed.stderr.starts_with("cannot use the sandbox file "), "{typed:?}");
    for args in [&["run", line, "--json"][..], &[]] {
        let output = sandbox.run(args, b"");
        assert_eq!((output.code, output.stderr.as_str()), (1, ""), "{args:?}");
        assert_eq!(output.entries()[0]["Type"], 4, "{args:?}");
    }
    assert_eq!(fs::read_to_string(sandbox.file()).unwrap(), "no sandbox");
}

#[test]
fn a_setting_that_no_scenario_has_is_refused_before_anything_is_served() {
    let sandbox = Sandbox::new();
    // Nobody has this address (RFC 5737), so that nothing is ever served.
    let serve = ["sandbox", "serve", "--listen", "192.0.2.1:4566", "--beyond-loopback", "--scenario", "trottling"];
    let refused = sandbox.run(&serve, b"");
    let text = refused.entries()[0]["Contents"].to_string();
    assert!(refused.code == 2 && text.contains("--scenario: ") && text.contains("trottling"), "{text}");
    assert!(!sandbox.file().exists());
}

#[test]
fn the_addresses_of_an_instance_mean_nothing_to_the_sandbox() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["sandbox", "reset"], b"").code, 0);
    // A path would be a part of what is signed.
    set_scenario(&sandbox, &["signatures"]);
    let url = "http://example.com/a%20b";
    let params = json!({"endpoint_url": url, "sts_endpoint_url": url, "roleArn": ROLE_ARN});
    let request = json!({"command": "aws-iam-identitycenter-list-users", "params": params});
    let output = sandbox.run(&[], request.to_string().as_bytes());
    assert_eq!(output.code, 0, "{output:?}");
}

#[test]
fn debugging_tells_on_standard_error_what_was_done() {
    let sandbox = Sandbox::new();
    let args = json!({"userName": "alice", "debug-mode": "true"});
    let asked = sandbox.ask("aws-iam-identitycenter-get-user", &args);
    let typed = sandbox.run(&["run", "!aws-iam-identitycenter-get-user userName=alice debug-mode=true"], b"");
    for output in [asked, typed] {
        let told: Vec<&str> = output.stderr.lines().collect();
        assert_eq!((output.code, told.len()), (0, 3), "{output:?}");
        assert_eq!(told[0], "Command being called is aws-iam-identitycenter-get-user");
        assert!(told[1].starts_with("GetUserId: HTTP status 200, request id "), "{told:?}");
    }
}
