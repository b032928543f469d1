//! Requests as long as the loop takes them, of the shapes that make programs slow or large: each is answered, in time and
//! memory that grow no faster than the request, and with an answer that a person can read.

#![allow(clippy::print_stdout, reason = "the figures are for docs/unbreakable.md")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::{Sandbox, command};

/// The longest line that is read, less what stands around the shapes.
const SIZE: usize = 8 * 1024 * 1024 - 1024;

/// Linear work takes a second or two here; what is quadratic takes hours.
const LIMIT: Duration = Duration::from_secs(60);

/// Of memory, for each byte of the request: 5 million empty lists are the most that it can make, 72 bytes each.
const TIMES: usize = 60;

/// The longest answer. Nobody reads a longer one, and nothing in these requests asks for more.
const LONGEST: usize = 100_000;

/// Requests by their shape. What they have in common is that nothing in them is found.
fn shapes() -> Vec<(&'static str, String)> {
    let of = |command: &str, args: &str, params: &str| {
        let name = format!("aws-iam-identitycenter-{command}");
        format!("{{\"command\":\"{name}\",\"args\":{{{args}}},\"params\":{{{params}}}}}")
    };
    let get = |args: &str| of("get-user", args, "");
    let list = |params: &str| of("list-users", "\"limit\":1", params);
    let a = "a".repeat(SIZE);
    let many = |member: &dyn Fn(usize) -> String| {
        let mut members = String::new();
        for number in 0.. {
            if members.len() + 60 > SIZE {
                return members;
            }
            let comma = if number == 0 { "" } else { "," };
            write!(members, "{comma}{}", member(number)).unwrap();
        }
        members
    };
    vec![
        ("a long command", of(&a, "", "")),
        ("a long name of an argument", get(&format!("\"{a}\":1"))),
        ("a long value", get(&format!("\"userName\":\"{a}\""))),
        ("a long value of escapes", get(&format!("\"userName\":\"{}\"", "\\u0000".repeat(SIZE / 6)))),
        ("a long value of bars and quotes", get(&format!("\"userName\":\"{}\"", "|\\\"".repeat(SIZE / 3)))),
        ("a long value of invisible letters", get(&format!("\"userName\":\"{}\"", "\u{202e}".repeat(SIZE / 3)))),
        ("a long id", get(&format!("\"userId\":\"arn:aws:identitystore:::{a}/\""))),
        ("a long number", get(&format!("\"userName\":{}", "9".repeat(SIZE)))),
        ("a long fraction", of("list-users", &format!("\"limit\":0.{}", "0".repeat(SIZE)), "")),
        ("a long number as text", of("list-users", &format!("\"limit\":\"{}\"", "9".repeat(SIZE)), "")),
        ("half of a pair", get(&format!("\"userName\":\"{}\"", "\\ud800".repeat(SIZE / 6)))),
        ("deep lists", get(&format!("\"userName\":{}{}", "[".repeat(SIZE / 2), "]".repeat(SIZE / 2)))),
        ("deep objects", get(&"\"a\":{".repeat(SIZE / 5))),
        ("a deep calling context", {
            let deep = format!("{}{}", "[".repeat(SIZE / 2), "]".repeat(SIZE / 2));
            format!("{{\"command\":\"test-module\",\"context\":{deep}}}")
        }),
        ("many arguments", get(&many(&|number| format!("\"{number}\":1")))),
        ("one argument many times", get(&many(&|_| "\"userName\":1".to_owned()))),
        ("many empty lists", get(&format!("\"userName\":[{}]", many(&|_| "[]".to_owned())))),
        (
            "a list with many commas",
            of("check-group-membership", &format!("\"userName\":\"alice\",\"groups\":\"{}\"", ",".repeat(SIZE)), ""),
        ),
        (
            "a deep list as text",
            of("check-group-membership", &format!("\"userName\":\"alice\",\"groups\":\"{}\"", "[".repeat(SIZE)), ""),
        ),
        (
            "a long token",
            of("list-users", &format!("\"nextToken\":\"aws-iam-identitycenter:{a}\",\"status\":\"ENABLED\""), ""),
        ),
        ("a long parameter", list(&format!("\"defaultRegion\":\"{a}\""))),
        ("many parameters", list(&many(&|number| format!("\"{number}\":1")))),
        ("many protected users", list(&format!("\"protectedUsers\":\"{}\"", many(&|number| format!("u{number}"))))),
        ("a long secret", list(&format!("\"secret_key\":\"{a}\""))),
        ("many secrets", list(&many(&|number| format!("\"key{number}\":\"secret-{number}\"")))),
        ("a secret of many parts", list(&format!("\"secret_key\":\"{}\"", many(&|number| format!("part{number}@@@"))))),
        ("a number of a secret", list(&format!("\"secret_key\":{}", "9".repeat(SIZE)))),
        ("no request", a.clone()),
        ("only quotes", "\"".repeat(SIZE)),
        ("only zeros", "\0".repeat(SIZE)),
    ]
}

#[test]
fn a_request_as_long_as_can_be_is_answered_in_time_and_memory() {
    let (shapes, wrong) = (Mutex::new(shapes().into_iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let next = || shapes.lock().unwrap().next();
                while let Some((name, request)) = next() {
                    match answer(request) {
                        Ok((took, memory)) => println!("{name}: {took:?}, {memory} KiB"),
                        Err(problem) => wrong.lock().unwrap().push(format!("{name}: {problem}")),
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How long the answer took, and the most memory in KiB that the process had.
fn answer(request: String) -> Result<(Duration, usize), String> {
    let sandbox = Sandbox::new();
    let mut command = command();
    command.arg(format!("--sandbox={}", sandbox.file().display())).arg("loop");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (begun, size) = (Instant::now(), request.len());
    let writer = thread::spawn(move || {
        // What is not read to its end closes the pipe.
        let _ = input.write_all(request.as_bytes()).and_then(|()| input.write_all(b"\nping\n"));
        input
    });
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || drop(sender.send(messages(output))));
    let answered = receiver.recv_timeout(LIMIT);
    let (took, memory) = (begun.elapsed(), peak(&child));
    if answered.is_err() {
        child.kill().unwrap();
    }
    drop(writer.join());
    child.wait().unwrap();
    let [result, completed, pong] = &answered.map_err(|_| format!("no answer within {LIMIT:?}"))??[..] else {
        return Err("not three messages".to_owned());
    };
    if (completed["type"].as_str(), pong["type"].as_str()) != (Some("completed"), Some("pong")) {
        return Err(format!("{completed} and {pong} instead of the end and a pong"));
    }
    let shown = result["results"].to_string();
    if result["results"][0]["Type"].is_null() || shown.contains("internal error") || shown.len() > LONGEST {
        return Err(format!("{} bytes: {}", shown.len(), shown.chars().take(300).collect::<String>()));
    }
    let most = TIMES * size / 1024;
    if memory > most { Err(format!("{memory} KiB, and {most} are enough")) } else { Ok((took, memory)) }
}

fn messages(output: ChildStdout) -> Result<Vec<Value>, String> {
    let mut lines = BufReader::new(output).lines();
    let mut next = || {
        let line = lines.next().ok_or("the process ended")?.map_err(|error| error.to_string())?;
        serde_json::from_str(&line).map_err(|error| error.to_string())
    };
    (0..3).map(|_| next()).collect()
}

/// In KiB.
fn peak(child: &Child) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
