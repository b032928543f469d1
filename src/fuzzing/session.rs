//! Messages of XSOAR's server: each has its answer and no other, and every line that is written is a message.

use std::cell::RefCell;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::dispatch::Dispatcher;
use crate::edges::{session, with_sandbox};
use crate::values::request::Request;

/// The longest answer on this small directory, beside what it echoes of its request.
const LONGEST: usize = 400_000;
const TIMES: usize = 60;

thread_local! {
    /// A dispatcher on a sandbox of its own, as it is between two requests.
    static DISPATCHER: RefCell<Bench> = RefCell::new(Bench::new());
}

struct Bench {
    dispatcher: Dispatcher,
    file: PathBuf,
    sample: Vec<u8>,
    _folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sandbox.json");
        let dispatcher = Dispatcher::new(with_sandbox(&file));
        let sample = fs::read(&file).expect("the sample directory");
        Self { dispatcher, file, sample, _folder: folder }
    }
}

pub(super) fn check(input: &[u8]) {
    DISPATCHER.with_borrow_mut(|bench| {
        let mut output = Vec::new();
        let server = Cursor::new(input.to_vec());
        session::speak(&mut bench.dispatcher, server, &mut output).expect("memory takes everything");
        of(input, &output);
        if fs::read(&bench.file).ok().as_ref() != Some(&bench.sample) {
            fs::write(&bench.file, &bench.sample).expect("the sample directory");
        }
    });
}

fn of(input: &[u8], output: &[u8]) {
    let text = std::str::from_utf8(output).expect("JSON is UTF-8");
    let mut messages = text.lines().map(|line| serde_json::from_str::<Map<String, Value>>(line).expect("a message"));
    let mut next = || messages.next().expect("another message");
    let mut lines = input.split_inclusive(|byte| *byte == b'\n');
    while let Some(line) = lines.next() {
        let request = match line.trim_ascii() {
            b"ping" => {
                assert_eq!(next()["type"], "pong");
                continue;
            }
            b"" => continue,
            _ => Request::parse(line),
        };
        let mut message = next();
        while message["type"] == "log" {
            assert!(request.as_ref().is_ok_and(|request| request.debug));
            // The server answers each.
            lines.next();
            message = next();
        }
        assert_eq!(message["type"], "result");
        assert_eq!(next()["type"], "completed");
        let (results, written) =
            (message["results"].as_array().expect("results"), Value::from(message.clone()).to_string());
        assert!(!results.is_empty() && !written.contains("internal error"), "{written}");
        assert!(written.len() <= LONGEST + TIMES * line.len(), "{} bytes for {}", written.len(), line.len());
        let Ok(request) = request else { continue };
        let secret = request.params.get("secret_key").and_then(Value::as_str).unwrap_or_default().trim();
        // What a secret has in common with its mask is there.
        assert!(secret.len() < 16 || !written.contains(secret), "{secret:?} in {written}");
        if request.native {
            break;
        }
    }
    assert!(messages.next().is_none(), "a message that nothing asked for");
}
