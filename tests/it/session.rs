//! The container protocol, spoken as XSOAR's server speaks it.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::symlink;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::{Value, json};

use crate::bulk::{REMOVE, memberships, user_in_groups};
use crate::network::aws::{KEY, ROLE_ARN, ROLE_KEY, SECRET, sts_error};
use crate::network::client::{params, with};
use crate::network::fault::Fault;
use crate::network::fault_server::Server;
use crate::network::upstream::Upstream;
use crate::process::{self, Sandbox, terminate};
use crate::test_data::{requests_in, steady};

/// A process that speaks the protocol, and its server's end of it.
pub struct Session {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<BufReader<ChildStdout>>,
}

impl Session {
    fn on(sandbox: &Sandbox) -> Self {
        let mut command = process::command();
        Self::start(command.arg(format!("--sandbox={}", sandbox.file().display())).arg("loop"))
    }

    pub fn start(command: &mut std::process::Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        Self { child, stdin, stdout }
    }

    fn send(&mut self, line: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(line).and_then(|()| stdin.write_all(b"\n")).and_then(|()| stdin.flush()).unwrap();
    }

    /// The next message, if there is one.
    fn message(&mut self) -> Option<Value> {
        let mut line = String::new();
        let read = self.stdout.as_mut().unwrap().read_line(&mut line).unwrap();
        (read > 0).then(|| serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")))
    }

    /// What a line is answered with: the entries of one result, and that it is completed.
    pub fn ask(&mut self, line: &[u8]) -> Vec<Value> {
        self.send(line);
        self.answer()
    }

    fn answer(&mut self) -> Vec<Value> {
        let result = self.message().unwrap();
        assert_eq!(result["type"], "result", "{result}");
        assert_eq!(self.message().unwrap(), json!({"type": "completed"}));
        result["results"].as_array().unwrap().clone()
    }

    fn command(&mut self, command: &str, args: &Value) -> Vec<Value> {
        self.ask(request(command, args).to_string().as_bytes())
    }

    fn ping(&mut self) {
        self.send(b"ping");
        assert_eq!(self.message().unwrap(), json!({"type": "pong"}));
    }

    /// Waits for the end: what was still written, standard error, and the exit code.
    pub fn end(mut self) -> (String, String, i32) {
        let limit = Instant::now() + Duration::from_secs(60);
        drop(self.stdin.take());
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > limit => {
                    self.child.kill().unwrap();
                    panic!("it did not end");
                }
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        let (mut out, mut err) = (String::new(), String::new());
        if let Some(mut stdout) = self.stdout.take() {
            stdout.read_to_string(&mut out).unwrap();
        }
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (out, err, status.code().unwrap_or(-1))
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Resident memory, in KiB.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

/// As the server sends it: with the text of the script, which is long, and much that is not ours.
fn request(command: &str, args: &Value) -> Value {
    let name = if command == "test-module" { command.to_owned() } else { format!("aws-iam-identitycenter-{command}") };
    json!({
        "script": "import json\n# \u{1F40D} \"common code\" ".repeat(1000), "integration": true, "native": false,
        "command": name, "args": args, "params": {},
        "context": {"IntegrationInstance": "one", "Inv": {"id": "1"}, "Incidents": [{}], "ParentEntry": null},
    })
}

#[test]
fn commands_are_answered_as_in_one_shot_mode_and_each_is_completed() {
    let sandbox = Sandbox::new();
    let mut session = Session::on(&sandbox);
    session.ping();
    for (command, args) in [
        ("list-users", json!({})),
        ("get-user", json!({"userName": "alice"})),
        ("get-user", json!({"userName": "nobody"})),
        ("get-usr", json!({})),
        ("list-groups", json!({"limit": "x"})),
    ] {
        let alone = sandbox.ask(&format!("aws-iam-identitycenter-{command}"), &args);
        assert_eq!(session.command(command, &args), alone.entries(), "{command} {args}");
        session.ping();
    }
    assert_eq!(session.end(), (String::new(), String::new(), 0));
}

#[test]
fn a_bad_line_is_answered_and_the_next_command_works() {
    let sandbox = Sandbox::new();
    let mut session = Session::on(&sandbox);
    let deep = [b"{\"command\":".as_slice(), &b"[".repeat(100_000)].concat();
    for line in [
        b"nonsense".as_slice(),
        b"[]",
        b"{\"command\": \"x\"",
        b"{}",
        b"\xff\xfe{\"command\": 1}",
        b"{\"command\": \"x\", \"args\": []}",
        b"{\"script\": \"print()\", \"integration\": false, \"native\": false}",
        b"null",
        &deep,
    ] {
        let entries = session.ask(line);
        assert_eq!((entries.len(), &entries[0]["Type"]), (1, &json!(4)), "{entries:?}");
        assert_eq!(session.command("test-module", &json!({}))[0]["Contents"], "ok");
    }
    // Lines without anything on them are no messages; the last one needs no end.
    session.send(b"\n\r\n  ");
    session.ping();
    session.stdin.as_mut().unwrap().write_all(request("test-module", &json!({})).to_string().as_bytes()).unwrap();
    drop(session.stdin.take());
    assert_eq!(session.answer()[0]["Contents"], "ok");
    assert_eq!(session.end().2, 0);
}

#[test]
fn a_native_request_is_the_last_one() {
    let sandbox = Sandbox::new();
    let mut session = Session::on(&sandbox);
    let mut last = request("test-module", &json!({}));
    last["native"] = true.into();
    assert_eq!(session.ask(last.to_string().as_bytes())[0]["Contents"], "ok");
    assert_eq!(session.end(), (String::new(), String::new(), 0));
}

#[test]
fn started_as_python_it_is_the_loop_whatever_the_arguments() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["python", "python3"] {
        let link = folder.path().join(name);
        symlink(process::BINARY, &link).unwrap();
        for args in [&["/tmp/pyrunner/loop.py"][..], &[], &["-u", "-", "--help"]] {
            let mut command = std::process::Command::new(&link);
            let mut session = Session::start(command.args(args).env_clear());
            session.ping();
            let entries = session.command("get-usr", &json!({}));
            assert!(entries[0]["Contents"].as_str().unwrap().contains("Did you mean"), "{entries:?}");
            assert_eq!(session.end(), (String::new(), String::new(), 0));
        }
    }
}

#[test]
fn logs_are_sent_only_when_debugging_is_asked_for_and_each_waits_for_a_line() {
    let sandbox = Sandbox::new();
    let mut session = Session::on(&sandbox);
    let by_argument = request("get-user", &json!({"userName": "alice", "debug-mode": "true"}));
    let mut by_context = request("get-user", &json!({"userName": "alice"}));
    by_context["context"]["IsDebug"] = true.into();
    for request in [by_argument, by_context] {
        session.ask(b"nonsense");
        session.send(request.to_string().as_bytes());
        let mut logs = Vec::new();
        let result = loop {
            let message = session.message().unwrap();
            if message["type"] != "log" {
                break message;
            }
            assert_eq!(message["command"], "debug");
            logs.push(message["args"]["args"][0].as_str().unwrap().to_owned());
            // What looks like a request is none here.
            session.send(b"ping");
        };
        assert_eq!(logs[0], "Command being called is aws-iam-identitycenter-get-user");
        assert!(logs[1].starts_with("GetUserId: HTTP status 200, request id "), "{logs:?}");
        assert!(logs[2].starts_with("DescribeUser: HTTP status 200") && logs.len() == 3, "{logs:?}");
        assert_eq!(result["results"][0]["Contents"]["UserName"], "alice");
        assert_eq!(session.message().unwrap()["type"], "completed");
        session.ping();
    }
    // A server that goes away instead of answering a log gets the result all the same.
    session.send(request("test-module", &json!({"debug-mode": "true"})).to_string().as_bytes());
    drop(session.stdin.take());
    assert_eq!(session.message().unwrap()["type"], "log");
    assert_eq!(session.answer()[0]["Contents"], "ok");
    assert_eq!(session.end(), (String::new(), String::new(), 0));
}

#[test]
fn a_signal_ends_it_when_it_waits() {
    let sandbox = Sandbox::new();
    let mut session = Session::on(&sandbox);
    session.ping();
    terminate(session.child.id());
    // Its input is still open.
    let stdin = session.stdin.take();
    assert_eq!(session.end(), (String::new(), String::new(), 0));
    drop(stdin);
}

#[test]
fn a_signal_in_the_middle_of_a_removal_ends_it_with_what_was_done() {
    let (sandbox, user) = user_in_groups(3000);
    let mut session = Session::on(&sandbox);
    session.send(request(REMOVE, &json!({"userName": user})).to_string().as_bytes());
    // This one is not begun any more.
    session.send(request(REMOVE, &json!({"userName": user})).to_string().as_bytes());
    let begun = Instant::now();
    while memberships(&sandbox) > 2950 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the removal did not begin");
    }
    terminate(session.child.id());
    let entries = session.answer();
    let left = memberships(&sandbox);
    assert!(left > 0, "it was finished before the signal came");
    assert_eq!(entries[0]["Contents"].as_array().unwrap().len(), 3000 - left);
    assert!(entries[1]["Contents"].as_str().unwrap().contains("interrupted"));
    assert_eq!(session.end(), (String::new(), String::new(), 0));
}

#[test]
fn a_slow_reader_gets_everything_and_a_closed_one_ends_it_without_a_panic() {
    let sandbox = Sandbox::seeded(3000, 1, 0);
    let mut session = Session::on(&sandbox);
    for _ in 0..3 {
        session.send(request("list-users", &json!({})).to_string().as_bytes());
    }
    thread::sleep(Duration::from_millis(1500));
    for _ in 0..3 {
        assert_eq!(session.answer()[0]["Contents"].as_array().unwrap().len(), 3000);
    }

    // Nobody is there to be told of it, but what was asked for is done, whole.
    drop(session.stdout.take());
    let args = json!({"displayName": "Late", "userName": "late", "givenName": "L"});
    session.send(request("create-user", &args).to_string().as_bytes());
    let (_, err, code) = session.end();
    assert_eq!((err.as_str(), code), ("", 1));
    assert_eq!(sandbox.state()["users"].as_array().unwrap().len(), 3001);
}

/// `benches/session.rs` runs a hundred thousand.
#[test]
fn memory_stays_flat_over_many_commands_and_configurations() {
    let sandbox = Sandbox::new();
    let mut session = Session::on(&sandbox);
    let mut run = |commands: usize, from: usize| {
        for number in from..from + commands {
            let mut request = request("list-groups", &json!({}));
            // Other keys each time, as a vault that rotates them gives.
            let secret = format!("secret-number-{number}-of-a-vault@@@token-number-{number}");
            request["params"] =
                json!({"credentials": {"identifier": format!("AKIA{number:012}"), "password": secret}, "retries": 0});
            session.ask(request.to_string().as_bytes());
        }
        session.memory()
    };
    let warm = run(300, 0);
    let after = run(700, 300);
    assert!(after <= warm + 1024, "{warm} KiB after 300 commands, {after} KiB after 1000");
}

#[test]
fn a_configuration_keeps_its_credentials_and_no_other_gets_them() {
    let server = Server::sound(&Arc::new(Upstream::sample()));
    let mut command = process::command();
    let mut session = Session::start(command.arg("loop"));
    let keys =
        |number: usize| json!({"credentials": {"identifier": format!("{KEY}{number}"), "password": "x".repeat(40)}});
    let role = with(params(&server), json!({"roleArn": ROLE_ARN}));
    let configurations = [
        (with(params(&server), keys(1)), json!({}), format!("{KEY}1")),
        (with(params(&server), keys(2)), json!({}), format!("{KEY}2")),
        (role.clone(), json!({}), ROLE_KEY.to_owned()),
        (role, json!({"region": "eu-central-1"}), ROLE_KEY.to_owned()),
    ];
    for _ in 0..3 {
        for (params, args, key) in &configurations {
            let mut request = request("list-groups", args);
            request["params"] = params.clone();
            assert_eq!(session.ask(request.to_string().as_bytes())[0]["Type"], 1);
            let listed = server.seen_of("ListGroups").pop().unwrap();
            let authorization = listed.request.header("authorization").unwrap().to_owned();
            assert!(authorization.contains(&format!("Credential={key}/")), "{authorization}");
            assert_eq!(authorization.contains("/eu-central-1/"), args["region"] == "eu-central-1");
        }
    }
    // The two with a role assumed it once each; every configuration made one connection.
    assert_eq!((server.seen_of("AssumeRole").len(), server.connections()), (2, 4));
}

#[test]
fn credentials_that_aws_refuses_are_fetched_anew_by_the_next_command() {
    let server = Server::faulty(&Arc::new(Upstream::sample()), |request, nth| {
        (request.operation() == "ListGroups" && nth == 2).then(|| {
            Fault::Say(crate::network::aws::error(
                "ExpiredTokenException",
                crate::network::aws::Spelling::ALL[0],
                &json!({}),
            ))
        })
    });
    let mut command = process::command();
    let mut session = Session::start(command.arg("loop"));
    let mut request = request("list-groups", &json!({}));
    request["params"] = with(params(&server), json!({"roleArn": ROLE_ARN}));
    let mut types = Vec::new();
    for _ in 0..4 {
        types.push(session.ask(request.to_string().as_bytes())[0]["Type"].clone());
    }
    assert_eq!(types, [1, 4, 1, 1]);
    assert_eq!(server.seen_of("AssumeRole").len(), 2);
}

#[test]
fn keys_that_sts_refuses_are_looked_for_anew_by_the_next_command() {
    const REPLACED: &str = "AKIANETWORKTEST00009";
    let server = Server::faulty(&Arc::new(Upstream::sample()), |request, _| {
        let signed = request.header("authorization").unwrap_or_default();
        signed.contains(REPLACED).then(|| Fault::Say(sts_error("UnrecognizedClientException")))
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    let mut command = process::command();
    command.env("AWS_SHARED_CREDENTIALS_FILE", &file).env("AWS_CONFIG_FILE", folder.path().join("none"));
    let mut session = Session::start(command.arg("loop"));
    let mut request = request("list-groups", &json!({}));
    request["params"] = with(params(&server), json!({"credentials": null, "roleArn": ROLE_ARN}));
    for (key, entry) in [(REPLACED, 4), (KEY, 1)] {
        let keys = format!("[default]\naws_access_key_id = {key}\naws_secret_access_key = {SECRET}\n");
        fs::write(&file, keys).unwrap();
        let entries = session.ask(request.to_string().as_bytes());
        assert_eq!(entries[0]["Type"], entry, "{entries:?}");
    }
    assert_eq!(session.end(), (String::new(), String::new(), 0));
}

mod every_recorded_request_is_answered_in_the_loop_as_it_is_alone {
    crate::test_data::each_folder!(test(super::answered_as_it_is_alone));
}

fn answered_as_it_is_alone(folder: &str) {
    for file in requests_in(folder) {
        let request: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let sandbox = Sandbox::new();
        let entries = Value::from(Session::on(&sandbox).ask(request.to_string().as_bytes()));
        let recorded = fs::read_to_string(file.to_str().unwrap().replace(".request.json", ".response.json")).unwrap();
        assert_eq!(steady(&entries, &sandbox.folder().display().to_string()), recorded, "{}", file.display());
    }
}
