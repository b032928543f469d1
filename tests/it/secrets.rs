//! No secret in any output: every command in every mode, with arguments and parameters that hold secrets in every place.
//! Every command under every fault of a network is in `network/matrix.rs`, with the same traces.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::network::aws::{self, Spelling};
use crate::network::client::{params as params_of, with};
use crate::network::fault::Fault;
use crate::network::fault_server::Server;
use crate::network::traces::first_trace;
use crate::network::upstream::Upstream;
use crate::process::{self, BINARY, Output, Sandbox, all_commands, finish};

const ACCESS_KEY: &str = "AKIAEXAMPLESECRET001";
const SECRET: &str = "wJalr/XUtn+FEMI \"K7\\MDENG=bPxRfiCY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN//session==";
const SECRETS: [&str; 3] = [ACCESS_KEY, SECRET, TOKEN];

fn params() -> Vec<Value> {
    let params = vec![
        json!({"credentials": {"identifier": ACCESS_KEY, "password": format!("{SECRET}@@@{TOKEN}")}}),
        json!({"access_key": ACCESS_KEY, "secret_key": SECRET}),
        json!({"credentials": {"identifier": ACCESS_KEY, "password": SECRET}, "timeout": SECRET}),
        json!({"credentials": {"identifier": ACCESS_KEY}, "secret_key": SECRET}),
        json!({"credentials": SECRET, "access_key": TOKEN}),
        json!({"roleArnCredentials": {"password": SECRET}, "defaultRegion": SECRET, "access_key": ACCESS_KEY}),
        json!({"credentials": {"identifier": ACCESS_KEY, "password": SECRET},
               "roleArn": "arn:aws:iam::111122223333:role/Example", "roleSessionName": SECRET}),
        json!({"credentials": {"identifier": ACCESS_KEY, "password": SECRET}, "protectedUsers": [SECRET, TOKEN],
               "roleArn": "arn:aws:iam::111122223333:role/Example"}),
    ];
    // Whatever else the instance holds, these three are secrets of it.
    params.into_iter().map(|params| with(params, json!({"keys": SECRETS}))).collect()
}

/// Arguments that make a command work, fail at AWS, and fail before, each with a secret where a text may stand.
fn arguments() -> Vec<Value> {
    vec![
        json!({}),
        json!({"userName": "alice"}),
        json!({"userName": "alice", "groupName": SECRET}),
        json!({"userName": SECRET, "givenName": SECRET, "displayName": TOKEN, "userEmailAddress": ACCESS_KEY}),
        json!({"userName": "alice", "title": SECRET, "dryRun": "true"}),
        json!({"emailAddress": SECRET}),
        json!({"groupName": TOKEN}),
        json!({"groupName": "OnCall", "description": SECRET, "dryRun": true}),
        json!({"userName": "alice", "groupName": "OnCall", "limit": SECRET}),
        json!({"nextToken": ACCESS_KEY}),
        json!({"search": TOKEN, "status": SECRET}),
        json!({SECRET: TOKEN}),
        json!([SECRET]),
        Value::from(SECRET),
    ]
}

#[track_caller]
fn check(output: &Output, what: &str) {
    for (stream, text) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let trace = first_trace(text, SECRETS.into_iter().chain(aws::SECRETS));
        assert_eq!(trace, None, "on {stream} of {what}: {text}");
    }
}

/// Every command with every arguments and parameters, with and without debugging.
fn requests() -> Vec<Value> {
    let mut requests = Vec::new();
    for command in all_commands() {
        for params in params() {
            for args in arguments() {
                let debug = requests.len().is_multiple_of(2);
                let context = json!({"IsDebug": debug});
                requests.push(json!({"command": command, "args": args, "params": params, "context": context}));
            }
        }
    }
    requests
}

fn broken() -> [String; 4] {
    [
        format!("{{\"command\": \"x\", \"params\": {{\"secret_key\": \"{TOKEN}\""),
        format!("{{\"command\": \"x\", \"params\": \"{TOKEN}\"}}"),
        format!("[\"{TOKEN}\"]"),
        TOKEN.to_owned(),
    ]
}

#[test]
fn no_request_gives_a_secret_away_in_the_loop() {
    let sandbox = Sandbox::new();
    let mut lines: Vec<String> = Vec::new();
    for request in requests() {
        // Each line of the log is answered by the server, here with what says nothing.
        lines.push(request.to_string());
        lines.extend(vec![String::new(); if request["context"]["IsDebug"] == true { 40 } else { 0 }]);
    }
    lines.extend(broken());
    let output = sandbox.run(&["loop"], lines.join("\n").as_bytes());
    let of = |kind: &str| output.stdout.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!(of("{\"type\":\"result\""), requests().len() + broken().len());
    assert!(of("{\"type\":\"log\"") > all_commands().len() * params().len());
    check(&output, "the loop");
}

#[test]
fn no_command_gives_a_secret_away_in_one_shot_mode_or_typed() {
    let sandbox = Sandbox::new();
    for (first, command) in all_commands().into_iter().enumerate() {
        let (params, args) = (params(), arguments());
        for (number, params) in params.iter().enumerate().skip(first % 2).step_by(2) {
            let args = &args[(number * 5 + command.len()) % args.len()];
            let request = json!({"command": command, "args": args, "params": params, "context": {"IsDebug": true}});
            check(&sandbox.run(&[], request.to_string().as_bytes()), &request.to_string());
            let file = sandbox.folder().join("params.json");
            fs::write(&file, params.to_string()).unwrap();
            let line = format!("!{command} userName=`{SECRET}` displayName=`{TOKEN}` debug-mode=true");
            for json in [&["--json"][..], &[]] {
                let args = [&["run", &line, "--params", file.to_str().unwrap()], json].concat();
                check(&sandbox.run(&args, b""), &line);
            }
            fs::remove_file(file).unwrap();
        }
    }
    for broken in broken() {
        check(&sandbox.run(&[], broken.as_bytes()), &broken);
    }
    for words in [&["--help"][..], &["--version"], &["run"], &["sandbox", "reset"], &["nonsense"], &["loop", "x"]] {
        let request = json!({"command": "test-module", "params": params()[0]}).to_string();
        check(&sandbox.run(words, request.as_bytes()), &words.join(" "));
    }
}

/// Everything in a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn no_file_is_written_that_holds_a_secret() {
    let sandbox = Sandbox::new();
    let mut lines = Vec::new();
    for command in all_commands() {
        for params in params() {
            let args = json!({"userName": "alice", "groupName": "OnCall", "emailAddress": "alice@example.com",
                              "displayName": "New", "description": "New"});
            for args in
                [json!({}), args, json!({"userName": "new", "familyName": "N", "givenName": "N", "displayName": "N"})]
            {
                writeln!(lines, "{}", json!({"command": command, "args": args, "params": params})).unwrap();
            }
        }
    }
    let mut command = Command::new(BINARY);
    command
        .arg(format!("--sandbox={}", sandbox.file().display()))
        .arg("loop")
        .current_dir(sandbox.folder())
        .env_clear();
    for name in ["HOME", "TMPDIR", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        command.env(name, sandbox.folder());
    }
    check(&process::run(command.env("AWS_EC2_METADATA_DISABLED", "true"), &lines), "the loop");
    let files = files(sandbox.folder());
    assert!(files.contains(&sandbox.file()));
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert_eq!(first_trace(&text, SECRETS), None, "{}", file.display());
    }
}

/// As XSOAR's server starts it, under the interpreter's name, against an AWS that echoes what it was sent.
#[test]
fn no_command_gives_a_secret_away_under_the_name_of_python() {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), Arc::new(Upstream::sample()));
    let server = Server::faulty(&upstream, |request, _| {
        let error = aws::error("ValidationException", Spelling::ALL[0], &json!({}));
        (request.operation() != "AssumeRole").then_some(Fault::Say(error))
    });
    let python = folder.path().join("python3");
    symlink(BINARY, &python).unwrap();
    let args = json!({"userName": "alice", "groupName": "OnCall", "emailAddress": "a@b.c", "displayName": "A"});
    let params = with(params_of(&server), json!({"roleArn": aws::ROLE_ARN}));
    let mut process = Command::new(python);
    process.args(["-u", "script.py"]).env_clear().env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", folder.path());
    let mut child = process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for command in all_commands() {
        for args in [json!({}), args.clone(), json!({"userName": "alice"}), json!({"groupName": "OnCall"})] {
            let request = json!({"command": command, "args": args, "params": params, "context": {"IsDebug": true}});
            writeln!(input, "{request}{}", "\n".repeat(60)).unwrap();
        }
    }
    drop(input);
    let output = finish(child);
    assert_eq!(output.stdout.matches("\"type\":\"completed\"").count(), 4 * all_commands().len());
    assert!(output.stdout.contains("ValidationException for"), "{}", output.stdout);
    check(&output, "python3");
}
