//! Text of strangers is text: names, titles, addresses, descriptions, permission sets, messages of AWS and arguments are
//! never Markdown, marks of XSOAR, lines of ours, or orders to a terminal; and the data stays what it is.

mod checks;
mod renamed;

use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};

use self::checks::{check_entries, check_terminal, is_hidden};
use self::renamed::Names;
use crate::network::aws::{self, Spelling};
use crate::network::client::{params, with};
use crate::network::commands::samples;
use crate::network::fault::Fault;
use crate::network::fault_server::Server;
use crate::network::upstream::Upstream;
use crate::process::{self, root};
use crate::session::Session;

/// Texts that mean something to a renderer, to XSOAR or to a terminal. The witnesses read them as well.
fn hostile_texts() -> Vec<String> {
    let text = fs::read_to_string(root().join("tests/names.json")).unwrap();
    let names: Value = serde_json::from_str(&text).unwrap();
    names["hostile"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// A process that answers one request after the other.
fn session() -> Session {
    Session::start(process::command().arg("loop"))
}

fn ask(session: &mut Session, command: &str, args: &Value, params: &Value) -> Vec<Value> {
    // Who is scheduled does not wait.
    let request = json!({"command": command, "args": args, "params": params, "integration": true});
    session.ask(request.to_string().as_bytes())
}

/// Every so many of these: others with the next first.
fn every<T>(stride: usize, first: usize, all: Vec<T>) -> impl Iterator<Item = T> {
    all.into_iter().enumerate().filter(move |(number, _)| (number + first).is_multiple_of(stride)).map(|(_, one)| one)
}

/// The arguments as they name the same people, groups and texts by their new names; and by ids.
fn renamed(names: &Names, args: &Value) -> [Value; 2] {
    let by_name = names.renamed(args);
    let mut by_id = by_name.clone();
    let arguments = by_id.as_object_mut().unwrap();
    for (name, id, value) in [
        ("userName", "userId", "f6fadfa7-e5c1-5b62-9362-da5cc13da58a"),
        ("groupName", "groupId", "45ac16b9-c20d-bc21-0f8a-7abff2e91ac7"),
    ] {
        if arguments.len() < 3 && arguments.remove(name).is_some() {
            arguments.insert(id.to_owned(), value.into());
        }
    }
    [by_name, by_id]
}

/// Each text is in turn the name of everything that a command may show; each command meets every eighth of them as the name
/// of whom it is about, and the others in its rows.
#[test]
fn every_command_shows_hostile_names_as_text() {
    let (upstream, texts) = (Arc::new(Upstream::sample()), hostile_texts());
    let mut session = session();
    for first in 0..texts.len() {
        let names = Names::of_sample(&texts, first);
        let server = names.server(&upstream);
        let params = params(&server);
        for (command, args) in every(8, first, samples()) {
            let [by_name, by_id] = renamed(&names, &args);
            for args in [with(by_id, json!({"dryRun": true})), by_name] {
                check_entries(&ask(&mut session, &command, &args, &params), &format!("{command} {args}"));
            }
            upstream.reset();
        }
    }
}

#[test]
fn every_command_reports_hostile_messages_and_arguments_as_text() {
    let (upstream, texts) = (Arc::new(Upstream::sample()), hostile_texts());
    let mut session = session();
    for (first, text) in texts.iter().enumerate() {
        let names = Names::of_sample(&texts, first);
        let message = text.clone();
        let refusing = Server::faulty(&upstream, move |_, _| {
            let codes = ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"];
            let more = json!({"Message": message, "ResourceType": message, "Reason": message, "RequestId": message});
            Some(Fault::Say(aws::error(codes[first % codes.len()], Spelling::ALL[0], &more)))
        });
        let protecting = names.server(&upstream);
        let protected = json!({"protectedUsers": [names.of("alice")], "protectedGroups": [names.of("Engineering")]});
        for (command, args) in samples() {
            let args = names.renamed(&args);
            let cases = [
                (args.clone(), params(&refusing)),
                (args.clone(), with(params(&protecting), protected.clone())),
                (with(args.clone(), json!({text: text})), params(&refusing)),
                (with(args.clone(), json!({"limit": text, "dryRun": text, "revision": text})), params(&refusing)),
                (json!({"userName": text, "groupName": text, "nextToken": text, "search": text}), params(&refusing)),
                (args, with(params(&refusing), json!({"defaultRegion": text, "timeout": text}))),
            ];
            for (args, params) in every(cases.len(), first + command.len(), cases.into()) {
                check_entries(&ask(&mut session, &command, &args, &params), &format!("{command} {args}"));
            }
        }
        check_entries(&ask(&mut session, text, &json!({}), &json!({})), text);
        upstream.reset();
    }
}

#[test]
fn data_of_an_answer_holds_names_as_they_are() {
    let (upstream, texts) = (Arc::new(Upstream::sample()), hostile_texts());
    for (first, text) in texts.iter().enumerate() {
        let server = Names::of_sample(&texts, first).server(&upstream);
        let args = json!({"userId": "f6fadfa7-e5c1-5b62-9362-da5cc13da58a"});
        let entries = ask(&mut session(), "aws-iam-identitycenter-get-user", &args, &params(&server));
        assert_eq!(entries[0]["Contents"]["UserName"], *text);
        let context = entries[0]["EntryContext"].as_object().unwrap();
        assert!(context.values().all(|user| user["UserName"] == *text), "{context:?}");
    }
}

/// Lines that show names on standard output, on standard error, and as JSON.
const LINES: [&[&str]; 4] = [
    &["run", "!aws-iam-identitycenter-list-users debug-mode=true"],
    &["run", "!aws-iam-identitycenter-list-users", "--json"],
    &["run", "!aws-iam-identitycenter-contain-user userId=f6fadfa7-e5c1-5b62-9362-da5cc13da58a"],
    &["run", "!aws-iam-identitycenter-delete-group groupId=45ac16b9-c20d-bc21-0f8a-7abff2e91ac7 debug-mode=true"],
];

#[test]
fn a_terminal_gets_no_control_characters_of_strangers() {
    let (upstream, texts) = (Arc::new(Upstream::sample()), hostile_texts());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("params.json");
    for first in (0..texts.len()).step_by(3) {
        let names = Names::of_sample(&texts, first);
        let server = names.server(&upstream);
        let more = json!({"protectedGroups": [names.of("Engineering")]});
        fs::write(&file, with(params(&server), more).to_string()).unwrap();
        for line in LINES {
            let output = process::run(process::command().args(line).args(["--params", file.to_str().unwrap()]), b"");
            assert!(output.code <= 1, "{output:?}");
            check_terminal(&output, &line.join(" "));
        }
        upstream.reset();
    }
}

#[test]
fn a_usage_error_echoes_no_control_characters() {
    let text = "\u{1b}[2J\u{9b}31m\u{202e}\nINJECTED";
    for words in [
        vec![text],
        vec!["run", text],
        vec!["run", "!test-module", "--params", text],
        vec!["run", "!test-module", "--file", text],
        vec!["run", "!test-module", text, text],
        vec!["sandbox", text],
        vec!["sandbox", "serve", "--scenario", text],
        vec!["sandbox", "serve", "--listen", text],
        vec!["manifest", "--root", text, "--check"],
        vec!["manifest", text],
        vec!["loop", text],
    ] {
        let output = process::run(process::command().args(&words), b"");
        assert_ne!(output.code, 0, "{words:?}: {output:?}");
        check_terminal(&output, &format!("{words:?}"));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(text.replace('\n', ""));
    let output =
        process::run(process::command().arg(format!("--sandbox={}", file.display())).args(["sandbox", "reset"]), b"");
    assert_eq!(output.code, 0, "{output:?}");
    check_terminal(&output, "the name of a file");
}

/// A header of HTTP may hold anything but ASCII's control characters (RFC 9110, 5.5), and the log shows AWS's request id.
#[test]
fn a_log_holds_no_control_characters_of_strangers() {
    let (upstream, texts) = (Arc::new(Upstream::sample()), hostile_texts());
    for text in texts.into_iter().filter(|text| !text.contains(|c: char| c.is_ascii_control())) {
        let id = text.clone();
        let server = Server::faulty(&upstream, move |_, _| {
            let mut error = aws::error("ValidationException", Spelling::ALL[0], &json!({"Message": id}));
            error.headers.retain(|(name, _)| name != "x-amzn-requestid");
            Some(Fault::Say(error.header("x-amzn-requestid", &id)))
        });
        let request = json!({
            "command": "aws-iam-identitycenter-get-user", "args": {"userName": text}, "params": params(&server),
            "context": {"IsDebug": true},
        });
        let one_shot = process::run(&mut process::command(), request.to_string().as_bytes());
        assert!(one_shot.stderr.contains("GetUserId: HTTP status 400"), "{one_shot:?}");
        check_terminal(&one_shot, &text);
        // The server answers each line of the log.
        let looped = process::run(process::command().arg("loop"), format!("{request}\n\n\n\n\n\n").as_bytes());
        let messages: Vec<Value> = looped.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let logs = messages.iter().filter(|message| message["type"] == "log");
        let lines: Vec<_> = logs.map(|log| log["args"]["args"][0].as_str().unwrap()).collect();
        assert!(lines.len() > 1, "{looped:?}");
        assert!(!lines.concat().contains(is_hidden), "{lines:?}");
    }
}
