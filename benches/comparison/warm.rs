//! A command in a process that is there already, as XSOAR keeps it: over the time of its calls alone, and against Python.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::bare;
use super::endpoint::{Answers, Endpoint};
use super::plot::{Bars, Group};
use super::run::{Program, Times, digits, in_turn};
use super::setup::{Setup, request};

const ROUNDS: usize = 300;
const ROUNDS_OF_PYTHON: usize = 30;
const LATENCIES: [u64; 3] = [0, 1, 5];

pub fn measure(setup: &Setup) -> String {
    let answers = Arc::new(Answers::of(10));
    let mut rows = String::new();
    for (command, args) in [("list-users", json!({})), ("get-user", json!({"userName": "given0.family0"}))] {
        for latency in LATENCIES {
            let endpoint = Endpoint::start(&answers, Duration::from_millis(latency), None);
            let (product, calls) = beside_its_calls(setup, &endpoint, &request(&endpoint.url(), command, &args));
            let (own, alone) = (product.median(), calls.median());
            let (ratio, more) = (digits(own / alone), digits((own - alone) * 1000.0));
            let (own, alone) = (product.shown(), calls.shown());
            let _ = writeln!(rows, "| {command} | {latency} ms | {own} | {alone} | {ratio} | {more} ms |");
        }
    }
    let endpoint = Endpoint::start(&answers, Duration::ZERO, None);
    let (product, python) = beside_python(setup, &endpoint);
    let faster = digits(python.median() / product.median());
    draw(&product, &python);
    format!(
        "\
### Warm: a command in a process that is there already

The same process answers one command after the other, in XSOAR's container protocol. Its calls alone are the same bytes over
one connection that is kept, by a client that does nothing else. Median of {ROUNDS} commands each, in turn.

| command | latency of the endpoint | command | its calls alone | ratio | difference |
| --- | --- | --- | --- | --- | --- |
{rows}
The bound is a ratio of 1.15 at 5 ms.

Against a Python loop that builds a boto3 client for each command, as integrations of XSOAR do, `list-users` of ten users at
0 ms: {} against {}, {faster} times faster. The aim is 100 times.

![A warm command](performance/warm.svg)
",
        product.shown(),
        python.shown(),
    )
}

/// The process, and what it is told and tells.
struct Loop {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    line: String,
}

impl Loop {
    fn start(program: &Program) -> Self {
        let (child, stdin, stdout) = program.spawn();
        Self { child, stdin, stdout: BufReader::new(stdout), line: String::new() }
    }

    /// From the request's first byte to the line that ends its answer.
    fn command(&mut self, request: &[u8]) -> Duration {
        let begun = Instant::now();
        self.stdin.write_all(request).unwrap();
        let mut lines = 0;
        loop {
            self.line.clear();
            assert!(self.stdout.read_line(&mut self.line).unwrap() > 0, "the process ended");
            lines += 1;
            if self.line.contains("completed") {
                break;
            }
            assert!(self.line.contains("given0.family0"), "{}", self.line);
        }
        assert_eq!(lines, 2, "a result and its end");
        begun.elapsed()
    }

    fn end(mut self) {
        drop(self.stdin);
        assert!(self.child.wait().unwrap().success());
    }
}

fn beside_its_calls(setup: &Setup, endpoint: &Endpoint, request: &Value) -> (Times, Times) {
    let request = format!("{request}\n").into_bytes();
    let mut product = Loop::start(&setup.product_in_a_loop());
    product.command(&request);
    let calls = endpoint.take_seen();
    let mut connection = TcpStream::connect(endpoint.address).unwrap();
    connection.set_nodelay(true).unwrap();
    let mut answer = Vec::new();
    let mut alone = || {
        let begun = Instant::now();
        for call in &calls {
            bare::ask(&mut connection, call, &mut answer).unwrap();
        }
        begun.elapsed()
    };
    let [product_times, alone] = in_turn(ROUNDS, [&mut || product.command(&request), &mut alone]);
    product.end();
    (product_times, alone)
}

fn beside_python(setup: &Setup, endpoint: &Endpoint) -> (Times, Times) {
    let line = format!("{}\n", request(&endpoint.url(), "list-users", &json!({}))).into_bytes();
    let mut product = Loop::start(&setup.product_in_a_loop());
    let mut python = Loop::start(&setup.python(endpoint).arg("loop"));
    let [product_times, python_times] =
        in_turn(ROUNDS_OF_PYTHON, [&mut || product.command(&line), &mut || python.command(&line)]);
    product.end();
    python.end();
    (product_times, python_times)
}

fn draw(product: &Times, python: &Times) {
    Bars {
        file: "warm.svg",
        title: "A warm command: a list of ten users",
        axis: "ms, logarithmic",
        names: &["this program", "Python, a boto3 client for each command"],
        groups: &[Group {
            name: "list-users",
            values: [product, python].map(|times| times.median() * 1000.0).to_vec(),
        }],
    }
    .draw();
}
