//! No secret in any output: every command, with arguments and parameters that hold secrets in every place.

use std::fs;

use serde_json::{Value, json};

use crate::process::{Sandbox, all_commands};

const ACCESS_KEY: &str = "AKIAEXAMPLESECRET001";
const SECRET: &str = "wJalr/XUtn+FEMI \"K7\\MDENG=bPxRfiCY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN//session==";

/// What would give a secret away, in the encodings that programs use.
fn traces() -> Vec<String> {
    let mut traces = Vec::new();
    for secret in [ACCESS_KEY, SECRET, TOKEN] {
        let json = serde_json::to_string(secret).unwrap();
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let percent: String = secret
            .bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect();
        traces.extend([secret.to_owned(), json.trim_matches('"').to_owned(), hex, percent]);
    }
    traces
}

fn params() -> Vec<Value> {
    vec![
        json!({"credentials": {"identifier": ACCESS_KEY, "password": format!("{SECRET}@@@{TOKEN}")}}),
        json!({"access_key": ACCESS_KEY, "secret_key": SECRET}),
        json!({"credentials": {"identifier": ACCESS_KEY, "password": SECRET}, "timeout": SECRET}),
        json!({"credentials": {"identifier": ACCESS_KEY}, "secret_key": SECRET}),
        json!({"credentials": SECRET, "access_key": TOKEN}),
        json!({"roleArnCredentials": {"password": SECRET}, "defaultRegion": SECRET, "access_key": ACCESS_KEY}),
        json!({"credentials": {"identifier": ACCESS_KEY, "password": SECRET},
               "roleArn": "arn:aws:iam::111122223333:role/Example", "roleSessionName": SECRET}),
        json!({"credentials": {"identifier": ACCESS_KEY, "password": SECRET},
               "roleArn": "arn:aws:iam::111122223333:role/Example"}),
    ]
}

/// Arguments that make a command work, fail at AWS, and fail before, each with a secret where a text may stand.
fn arguments() -> Vec<Value> {
    vec![
        json!({}),
        json!({"userName": "alice"}),
        json!({"userName": "alice", "groupName": SECRET}),
        json!({"userName": SECRET, "givenName": SECRET, "displayName": TOKEN, "userEmailAddress": ACCESS_KEY}),
        json!({"emailAddress": SECRET}),
        json!({"groupName": TOKEN}),
        json!({"userName": "alice", "groupName": "OnCall", "limit": SECRET}),
        json!({"nextToken": ACCESS_KEY}),
        json!({SECRET: TOKEN}),
        json!([SECRET]),
        Value::from(SECRET),
    ]
}

#[test]
fn no_command_gives_a_secret_away() {
    let traces = traces();
    let sandbox = Sandbox::new();
    let check = |output: crate::process::Output, what: &dyn std::fmt::Display| {
        for trace in &traces {
            for (stream, text) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
                // A secret in JSON is there in its escaped form.
                assert!(!text.contains(trace.as_str()), "{trace} on {stream} of {what}: {text}");
            }
        }
    };
    for command in all_commands() {
        for params in params() {
            for args in arguments() {
                let mut request = json!({"command": command, "args": args, "params": params});
                // Whatever else the instance holds, these three are secrets of it.
                request["params"]["keys"] = json!([ACCESS_KEY, SECRET, TOKEN]);
                check(sandbox.run(&[], request.to_string().as_bytes()), &request);
            }
        }
    }
    for broken in [
        format!("{{\"command\": \"x\", \"params\": {{\"secret_key\": \"{TOKEN}\""),
        format!("[\"{TOKEN}\"]"),
        TOKEN.to_owned(),
    ] {
        check(sandbox.run(&[], broken.as_bytes()), &broken);
    }
    let state = fs::read_to_string(sandbox.file()).unwrap();
    assert!(
        !state.contains(TOKEN) || state.contains("displayName"),
        "the sandbox keeps what it is given, and nothing else"
    );
}
