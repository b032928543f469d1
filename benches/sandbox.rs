//! `cargo bench --bench sandbox`: a directory as large as AWS's quotas allow (200,000 users, 100,000 groups), and beside it
//! one of a thousandth. What counts is the ratio: a page, a lookup and a change should cost the same in both.

#![allow(dead_code, reason = "the process of the tests is used here, and not all of it")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a benchmark that fails says so by a panic")]
#![allow(clippy::print_stdout, reason = "its numbers are what it is for")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

#[path = "../tests/it/process.rs"]
mod process;

use process::Sandbox;

const STORE: &str = "d-9067f2a1b3";
const REPEATS: u32 = 200;

/// A sandbox that is served, and a connection to it.
struct Server {
    process: Child,
    stream: BufReader<TcpStream>,
    started: Duration,
}

impl Server {
    fn start(sandbox: &Sandbox) -> Self {
        let begun = Instant::now();
        let mut command = process::command();
        command.arg(format!("--sandbox={}", sandbox.file().display())).args(["sandbox", "serve"]);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let ready: Value = serde_json::from_str(&ready).unwrap();
        let address = ready["endpoint"].as_str().unwrap().trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { process, stream: BufReader::new(stream), started: begun.elapsed() }
    }

    fn call(&mut self, operation: &str, mut input: Value) -> Value {
        input["IdentityStoreId"] = STORE.into();
        let body = input.to_string();
        let length = body.len();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AWSIdentityStore.{operation}\r\nContent-Length: {length}\r\n\r\n"
        );
        self.stream.get_mut().write_all((head + &body).as_bytes()).unwrap();
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert!(answer.get("__type").is_none(), "{operation}: {answer}");
        answer
    }

    /// The average time of a call, of which there are [`REPEATS`].
    fn time(&mut self, operation: &str, input: impl Fn(u32) -> Value) -> Duration {
        let begun = Instant::now();
        for index in 0..REPEATS {
            self.call(operation, input(index));
        }
        begun.elapsed() / REPEATS
    }

    /// The time of a page while all users are read.
    fn time_of_pages(&mut self, users: usize) -> Duration {
        let begun = Instant::now();
        let (mut input, mut found, mut pages) = (json!({}), 0, 0);
        loop {
            let page = self.call("ListUsers", input.clone());
            found += page["Users"].as_array().unwrap().len();
            pages += 1;
            match page.get("NextToken") {
                Some(token) => input["NextToken"] = token.clone(),
                None => break,
            }
        }
        assert_eq!(found, users);
        begun.elapsed() / pages
    }

    /// The most memory it ever had, in MB; nothing where the system does not say.
    fn peak(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What was measured of a directory.
fn measure(users: usize, groups: usize, memberships: usize) -> [(&'static str, f64); 8] {
    let begun = Instant::now();
    let sandbox = Sandbox::seeded(users, groups, memberships);
    let seeded = begun.elapsed();
    let size = fs::metadata(sandbox.file()).unwrap().len();
    let mut server = Server::start(&sandbox);
    let loaded = server.peak();
    let page = server.time_of_pages(users);
    let name = server.call("ListUsers", json!({"MaxResults": 1}))["Users"][0]["UserName"].clone();
    let by_name = json!({"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": name}});
    let lookup = server.time("GetUserId", |_| json!({"AlternateIdentifier": by_name}));
    let change = server.time("CreateGroup", |index| json!({"DisplayName": format!("new {index}")}));
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let megabytes = |bytes: u64| bytes as f64 / 1_048_576.0;
    [
        ("seed, s", seeded.as_secs_f64()),
        ("file, MB", megabytes(size)),
        ("start of the server, s", server.started.as_secs_f64()),
        ("memory after that, MB", megabytes(loaded.unwrap_or_default() << 20)),
        ("page of 100 users, ms", milliseconds(page)),
        ("lookup by name, ms", milliseconds(lookup)),
        ("change, ms", milliseconds(change)),
        ("memory at the end, MB", megabytes(server.peak().unwrap_or_default() << 20)),
    ]
}

fn main() {
    let small = measure(200, 100, 500);
    let large = measure(200_000, 100_000, 500_000);
    println!("| | 200 users, 100 groups, 500 memberships | 200,000 users, 100,000 groups, 500,000 memberships |");
    println!("| --- | --- | --- |");
    for ((what, small), (_, large)) in small.iter().zip(large) {
        println!("| {what} | {small:.3} | {large:.3} |");
    }
}
