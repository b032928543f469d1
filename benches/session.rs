//! `cargo bench --bench session [-- COMMANDS]`: a hundred thousand commands in one process that speaks XSOAR's container
//! protocol, on the sandbox, each with other keys. What counts is that memory stays flat.

#![allow(dead_code, reason = "the processes of the tests are used here, and not all of them")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a benchmark that fails says so by a panic")]
#![allow(clippy::print_stdout, reason = "its numbers are what it is for")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};

#[path = "../tests/it/process.rs"]
mod process;

fn main() {
    let commands = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(100_000_usize);
    let sandbox = process::Sandbox::new();
    let mut command = process::command();
    command.arg(format!("--sandbox={}", sandbox.file().display())).arg("loop");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut line = String::new();
    let mut next = || -> Value {
        line.clear();
        stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    };

    println!("| commands so far | resident memory | commands a second |");
    println!("| --- | --- | --- |");
    let begun = Instant::now();
    for number in 1..=commands {
        let name = ["list-users", "list-groups", "get-user", "no-such-command"][number % 4];
        let password = format!("secret-number-{number}-of-a-vault@@@token-number-{number}");
        let request = json!({
            "command": format!("aws-iam-identitycenter-{name}"),
            "args": if name == "get-user" { json!({"userName": "alice"}) } else { json!({}) },
            "params": {"credentials": {"identifier": format!("AKIA{number:012}"), "password": password}},
            "script": "x".repeat(1000), "integration": true, "native": false, "context": {},
        });
        writeln!(stdin, "{request}").unwrap();
        assert_eq!(next()["results"][0]["Type"], if name == "no-such-command" { 4 } else { 1 });
        assert_eq!(next()["type"], "completed");
        if [100, 10, 1].iter().any(|part| number == commands / part) {
            let rate = f64::from(u32::try_from(number).unwrap()) / begun.elapsed().as_secs_f64();
            println!("| {number} | {} KiB | {rate:.0} |", resident(child.id()));
        }
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

/// In KiB.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
